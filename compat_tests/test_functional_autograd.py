"""torch.autograd.functional against torch: every function, option and kind of user function."""

import importlib
import itertools

import pytest

from autograd_programs import compare_program, tried
from compare import ours, theirs

NUMBERS = ("hvp", "vhp", "hessian")  # their user functions give one number
PRODUCTS = ("vjp", "jvp", "hvp", "vhp")
BY_INPUTS = ("jvp", "hvp", "vhp")  # their vectors are like the inputs
MATRICES = {"jacobian": "strategy", "hessian": "outer_jacobian_strategy"}

# User functions of one vector, or of two.
ONE = {
    "cube": lambda torch, a: a**3,
    "linear": lambda torch, a: a * 3,
    "identity": lambda torch, a: a,
    "detached": lambda torch, a: a.detach() ** 2,
    "constant": lambda torch, a: torch.ones(2),
    "constant with a gradient": lambda torch, a: torch.ones(2, requires_grad=True) * 1,
    "integers": lambda torch, a: a.long(),
}
TWO = {
    "product": lambda torch, a, b: a * b * b,
    "second unused": lambda torch, a, b: a**3,
    "first unused": lambda torch, a, b: b**3,
    "linear in one": lambda torch, a, b: a * a + b,
}
# The second derivative by `a` is zero; a kernel gives both gradients, so it is neither missing (an
# error in strict mode) nor without a history.
COARSER = ("hessian", "product")


def functional(module):
    return importlib.import_module(f"{module.__name__}.autograd.functional")


def plain(value, flags=True):
    """Results without the names of their nodes, which are kernels' derivatives here."""
    if isinstance(value, (tuple, list)):
        return type(value)(plain(each, flags) for each in value)
    return [value.detach(), value.requires_grad if flags else None]


def vector(module, *values, **options):
    return module.tensor(values, **options)


def call(module, name, function, inputs, **options):
    """What a function of the module gives for a user function, or raises."""

    def user(*given):
        result = function(module, *given)
        return result.sum() if name in NUMBERS else result

    v = []
    if name in BY_INPUTS:
        v = [inputs]
    elif name == "vjp":
        v = [vector(module, 2.0, -1.0)]
    # torch computes all blocks at once then, so that what has a history depends on the others
    flags = not options.get("vectorize")
    return tried(
        lambda: plain(getattr(functional(module), name)(user, inputs, *v, **options), flags)
    )


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", [*PRODUCTS, *MATRICES])
def test_function(name, strict, create_graph):
    options = {"strict": strict, "create_graph": create_graph}

    def program(module):
        found = {}
        for label, function in ONE.items():
            for needs in (False, True):
                x = vector(module, 1.0, 2.0, requires_grad=needs)
                found[f"{label} {needs}"] = call(module, name, function, x, **options)
        pair = vector(module, 1.0, 2.0), vector(module, 3.0, 4.0)
        for label, function in TWO.items():
            if (name, label) != COARSER or not (strict or create_graph):
                found[label] = call(module, name, function, pair, **options)
        return found

    compare_program(program)


@pytest.mark.parametrize("strategy", ["reverse-mode", "forward-mode"])
@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", MATRICES)
def test_vectorized(name, create_graph, strategy):
    options = {"vectorize": True, "create_graph": create_graph, MATRICES[name]: strategy}

    def program(module):
        x, y = vector(module, 1.0, 2.0), vector(module, 3.0, 4.0)
        found = {label: call(module, name, each, x, **options) for label, each in ONE.items()}
        for label, function in TWO.items():
            found[label] = call(module, name, function, (x, y), **options)
        several = lambda torch, a, b: (a * b * b, a.sum())  # noqa: E731
        if name == "jacobian":
            found["two outputs"] = call(module, name, several, (x, y), **options)
        found["a tuple of one"] = call(module, name, ONE["cube"], (x,), **options)
        found["no dims"] = call(module, name, ONE["cube"], module.tensor(2.0), **options)
        found["strict"] = call(module, name, ONE["cube"], x, strict=True, **options)
        wide = lambda torch, a, b: a.double() * b  # noqa: E731
        found["dtypes"] = call(module, name, wide, (x, y.double()), **options)
        matrix = vector(module, 1.0, 2.0, 3.0, 4.0).view(2, 2)
        found["matrix"] = call(module, name, lambda torch, a: a @ a, matrix, **options)
        return found

    compare_program(program)


@pytest.mark.parametrize("name", [*PRODUCTS, *MATRICES])
def test_refusals(name):
    def program(module):
        function = getattr(functional(module), name)
        x, y = vector(module, 1.0, 2.0), vector(module, 3.0, 4.0)
        one = (lambda a: (a**3).sum()) if name in NUMBERS else (lambda a: a**3)
        both = lambda a, b: (a * b).sum()  # noqa: E731
        v = [x] if name in PRODUCTS else []
        found = [
            tried(lambda: function(one, 5)),
            tried(lambda: function(both, [x, y])),
            tried(lambda: function(one, (x, 5))),
            tried(lambda: function(lambda a: 5, x, *v)),
            tried(lambda: function(lambda a: [a], x, *v)),
            tried(lambda: function(lambda a: (a, 5), x, *v)),
            tried(lambda: function(lambda a: (one(a), one(a)), x, *v)),
            tried(lambda: function(lambda a: a * 3, x, *v)),
            tried(lambda: function(one, vector(module, 1, 2), *v)),
        ]
        vectors = [None, vector(module, 1.0, 2.0, 3.0), (x,), (x, x), [x], 5, (5,), x.double()]
        for each in vectors if v else []:
            found.append(tried(lambda each=each: plain(function(one, x, each))))
        for each in (x, (x, vector(module, 1.0, 2.0, 3.0)), (x, y)) if v else []:
            found.append(tried(lambda each=each: plain(function(both, (x, y), each))))
        for strategy in ("forward-mode", "no such", None) if not v else []:
            for vectorize in (False, True):
                options = {MATRICES[name]: strategy, "vectorize": vectorize}
                found.append(tried(lambda options=options: plain(function(one, x, **options))))
        return found

    compare_program(program)


@pytest.mark.parametrize("name", [*PRODUCTS, *MATRICES])
def test_inputs_of_other_kinds(name):
    """Complex numbers, matrices, no dims, one element without a vector, and no grad mode."""

    def program(module):
        function = getattr(functional(module), name)
        z = vector(module, 1 + 2j, 3j)
        square = (lambda a: (a * a.conj()).real.sum()) if name in NUMBERS else (lambda a: a * a)
        matrix = vector(module, 1.0, 2.0, 3.0, 4.0).view(2, 2)
        squared = (lambda a: (a @ a).sum()) if name in NUMBERS else (lambda a: a @ a)
        one = vector(module, 2.0)
        found = [
            tried(lambda: plain(function(square, z, *([z] if name in PRODUCTS else [])))),
            tried(
                lambda: plain(function(squared, matrix, *([matrix] if name in PRODUCTS else [])))
            ),
            tried(lambda: plain(function(lambda a: (a**3).sum(), one))),
            tried(lambda: plain(function(lambda a: a**3, module.tensor(2.0)))),
        ]
        with module.no_grad():
            found.append(tried(lambda: plain(function(lambda a: (a**3).sum(), one))))
            found.append(
                tried(lambda: plain(function(lambda a: (a**3).sum(), one, create_graph=True)))
            )
        return found

    compare_program(program)


def test_derivatives_of_results():
    """What was made with `create_graph` has the right derivatives."""

    def program(module):
        found = []
        for name, (a, b) in itertools.product((*PRODUCTS, *MATRICES), [(1.0, 2.0), (-0.5, 3.0)]):
            x = vector(module, a, b, requires_grad=True)
            v = [vector(module, 2.0, -1.0)] if name in PRODUCTS else []
            power = (lambda a: (a**4).sum()) if name in NUMBERS else (lambda a: a**4)
            result = getattr(functional(module), name)(power, x, *v, create_graph=True)
            last = result[-1] if isinstance(result, tuple) else result
            found.append([each.detach() for each in module.autograd.grad(last.sum(), x)])
        return found

    compare_program(program)


def test_many_rows_are_one_program():
    if ours is theirs:
        pytest.skip("torch has no programs")
    x = ours.arange(40.0)
    function = functional(ours).jacobian
    before = len(ours.compilations())
    found = function(lambda a: a.sin() * a.cumsum(0), x)
    made = len(ours.compilations()) - before
    wanted = theirs.autograd.functional.jacobian(
        lambda a: a.sin() * a.cumsum(0), theirs.arange(40.0)
    )

    # the function, the first row (whose leaves are the function's), the others, and the results
    assert made <= 5
    assert theirs.allclose(theirs.tensor(found.tolist()), wanted, atol=1e-5)
