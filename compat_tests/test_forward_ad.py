"""Forward mode against torch: tangents of every op, in place, through views, and lines of text."""

import functools

import pytest

import gradients
from autograd_programs import compare_line, compare_program, lines
from compare import differences, ours, theirs
from samples import ROWS
from test_gradients import cases
from test_ops import record_all

REFUSED = "Trying to use forward AD"
# These read one triangle; what torch makes of a tangent in the other one is not the derivative.
SYMMETRIC = ("linalg.eigh", "linalg.eigvalsh", "linalg.cholesky", "linalg.cholesky_ex", "cholesky")
TRIANGULAR = {
    "triangular_solve": "triu",
    "cholesky_inverse": "tril",
    "linalg.solve_triangular": "triu",
}
UNLIKE_TORCH = {
    "logical_not in-place": "torch leaves the old tangent at a value that is constant",
    "logical_and in-place": "the same",
    "logical_or in-place": "the same",
    "logical_xor in-place": "the same",
    "slogdet call": "torch's tangent of the sign is a tensor that cannot be read",
    "cholesky_inverse call": "the sample is no Cholesky factor, and formulas differ there",
    "linalg.lu call": "torch gives the permutation no tangent, where ours is zero",
    "lu_unpack call": "the same",
    "histc call": "torch gives counts no tangent, where ours is zero",
}


@lines("forward_ad")
def test_line(line):
    compare_line(line)


def pushed(module, row, sample, method=None):
    """Tangents of a call's results; with `method`, of what a method does to its first argument."""
    args, kwargs, built = sample.build(module)
    moving = [tensor for tensor, _ in built if gradients.can_require(tensor)]
    tangents = [fitting(row, each) for each in gradients.weights_of(module, moving)]
    ad = module.autograd.forward_ad
    with ad.dual_level():
        duals = {
            id(tensor): ad.make_dual(tensor, tangent)
            for tensor, tangent in zip(moving, tangents, strict=True)
        }
        args, kwargs = with_duals(args, duals), with_duals(kwargs, duals)
        if method is None:
            results = gradients.tensors_of(gradients.caller(module, row)(*args, **kwargs))
        else:
            results = written(args, kwargs, method)
        if row.canonical is not None:
            results = [each.abs().square() for each in results]
        pairs = [ad.unpack_dual(each) for each in results if gradients.can_require(each)]
    return [list(pair) for pair in pairs]


def fitting(row, tangent):
    """A tangent for an argument of which only a part counts."""
    if row.name in SYMMETRIC:
        return tangent + tangent.mH
    if row.name in TRIANGULAR and tangent.ndim > 1:
        return getattr(tangent, TRIANGULAR[row.name])()
    return tangent


def with_duals(value, duals):
    if isinstance(value, dict):
        return {name: with_duals(each, duals) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(with_duals(each, duals) for each in value)
    return duals.get(id(value), value)


def written(args, kwargs, method):
    """A base whose view is changed in place, that view, and another one made before."""
    base = args[0].clone()
    other = base.reshape(-1)[:1]
    view = base.view_as(base)
    getattr(view, method)(*args[1:], **kwargs)
    return [base, view, other]


def compare_tangents(row, forms):
    """Fail with every difference between the forms on both modules; skip what torch cannot do."""
    if not forms:
        pytest.skip("torch differs: see UNLIKE_TORCH")
    want = record_all(theirs, forms)
    forms = {label: form for label, form in forms.items() if not is_refused(want[label])}
    if not forms:
        pytest.skip("torch has no forward mode here")
    got = record_all(ours, forms)
    found = []
    for label in forms:
        left, right = gradients.comparable(got[label]), gradients.comparable(want[label])
        found += differences(left, right, tolerance=row.tolerance, strides=False, path=label)
    assert not found, "\n".join([f"{row.name}: tangents differ from torch:", *found])


def is_refused(record):
    return getattr(record, "name", "") == "NotImplementedError" and REFUSED in record.text


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 1, gradients.in_double))
def test_op(row, sample):
    """Tangents of the results of each op, and of what its in-place method leaves."""
    forms = {"call": (pushed, row, sample)}
    if "i" in row.forms and sample.has_tensor_first:
        forms["in-place"] = (pushed, row, sample, row.inplace_method)
    forms = {
        label: form for label, form in forms.items() if f"{row.name} {label}" not in UNLIKE_TORCH
    }
    compare_tangents(row, forms)


def written_in_place(torch, x):
    y = x * 1
    y[1:].mul_(x[0])
    z = torch.zeros(3)
    z.copy_(y)
    z[0].add_(x.sum())
    return z.sin()


FUNCTIONS = {
    "sin": lambda torch, x: x.sin(),
    "product": lambda torch, x: (x * x).sum() * x,
    "written in place": written_in_place,
    "outer": lambda torch, x: x.view(3, 1) @ x.view(1, 3),
    "prod": lambda torch, x: x.prod(),
    "slice of cumsum": lambda torch, x: torch.cumsum(x, 0)[1:] ** 3,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_of_derivatives(name):
    """Levels inside levels, and both modes inside each other."""

    def program(module):
        func, ad = module.func, module.autograd.forward_ad
        f = functools.partial(FUNCTIONS[name], module)
        x, v = module.tensor([0.5, 1.0, 2.0]), module.tensor([1.0, 2.0, 3.0])
        w = module.tensor([-1.0, 1.0, 0.5])
        ones = module.ones_like(f(x))
        found = [
            func.jvp(lambda a: func.jvp(f, (a,), (v,))[1], (x,), (w,)),
            func.jvp(lambda a: func.vjp(f, a)[1](ones)[0], (x,), (w,)),
            func.vjp(lambda a: func.jvp(f, (a,), (v,))[1], x)[1](ones),
            func.jvp(
                lambda a: func.jvp(lambda b: func.jvp(f, (b,), (v,))[1], (a,), (w,))[1], (x,), (v,)
            ),
            func.jvp(lambda a: func.jvp(lambda b: f(b) * a[0], (x,), (w,))[1], (x,), (v,)),
            func.jacfwd(func.jacrev(f))(x),
        ]
        with ad.dual_level():
            found.append(list(ad.unpack_dual(func.grad(lambda b: f(b).sum())(ad.make_dual(x, v)))))
        return found

    compare_program(program)


def test_a_wrong_tangent_is_seen():
    row, sample = next(
        case.values for case in cases(ROWS, 1, gradients.in_double) if case.values[0].name == "sin"
    )

    def wrong(module, row, sample):
        (pair,) = pushed(module, row, sample)
        return [[pair[0], pair[1] * 2 if module is ours else pair[1]]]

    if ours is theirs:
        pytest.skip("both sides are torch")
    with pytest.raises(AssertionError, match="tangents differ from torch"):
        compare_tangents(row, {"call": (wrong, row, sample)})
