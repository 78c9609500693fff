"""gradcheck and gradgradcheck: what they say against torch, and what they say of jtorch's own ops."""

import importlib
import re
import warnings

import pytest

import autograd_programs
from autograd_programs import compare_program
from compare import Raised, ours

NUMBER = re.compile(r"-?\d+\.\d*(?:e[+-]?\d+)?")
OF_NODES = re.compile(r",\s*grad_fn=<\w+>")
ADVICE = re.compile(r"(nondeterminism was [\d.]+)\.\s+NOTE:.*", re.DOTALL)


def checks(module):
    return importlib.import_module(f"{module.__name__}.autograd.gradcheck")


def rounded(text):
    """A text with its numbers cut to four digits, zeros without a sign, and no names of nodes."""
    text = ADVICE.sub(r"\1.", OF_NODES.sub("", text))
    text = re.sub(r"-(0\.0*j)", r"+\1", text)
    return " ".join(NUMBER.sub(lambda found: f"{float(found[0]) + 0:.3g}", text).split())


def tried(call):
    """What a call gives or raises, and its warnings, with rounded numbers."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        record = autograd_programs.tried(call)
    if isinstance(record, Raised):
        record = Raised(record.builtin, record.name, rounded(record.text))
    kinds = [each.category.__name__ for each in caught]
    return [record, [kind for kind in kinds if kind in ("UserWarning", "FutureWarning")]]


def double(module, *values):
    return module.tensor(values, dtype=module.float64, requires_grad=True)


def complex_double(module, *values):
    return module.tensor(values, dtype=module.complex128, requires_grad=True)


RIGHT = {
    "one": lambda t, a, b: t.sin(a),
    "two outputs": lambda t, a, b: (a.sin(), a * 2),
    "a list": lambda t, a, b: [a.sin(), a * 2],
    "in place": lambda t, a, b: a.clone().mul_(2),
    "the input": lambda t, a, b: a,
    "a view": lambda t, a, b: a[1:],
    "a kink": lambda t, a, b: (a - 1).abs(),
    "a constant": lambda t, a, b: t.ones(2, dtype=t.float64),
    "nothing of it": lambda t, a, b: a[:0],
    "two inputs": lambda t, a, b: (a * b, a.sin() + b.sum()),
    "complex outputs": lambda t, a, b: t.complex(a, a * b),
    "number": lambda t, a, b: a.sum() * 3,
}
WRONG = {
    "one": lambda t, a, b: a.detach() * a,
    "the second output": lambda t, a, b: (a * b, a.detach() * b * b + a),
    "imaginary part": lambda t, a, b: t.complex(a, a.detach() * a),
    "real part": lambda t, a, b: t.complex(a.detach() * a, a),
    "no gradient": lambda t, a, b: a.detach(),
    "another shape": lambda t, a, b: a[:1] if a[0] > 1.0 else a,
    "no tensor": lambda t, a, b: 5,
    "an error": lambda t, a, b: 1 / 0,
}


@pytest.mark.parametrize("fast", [False, True])
def test_right_and_wrong_functions(fast):
    def program(module):
        a, b = double(module, 1.0, 2.0), double(module, 3.0, 4.0)
        found = {}
        for label, function in (
            RIGHT | {f"not {key}": each for key, each in WRONG.items()}
        ).items():
            call = lambda *given, function=function: function(module, *given)  # noqa: E731
            found[label] = tried(
                lambda call=call: checks(module).gradcheck(call, (a, b), fast_mode=fast)
            )
        return found

    compare_program(program)


@pytest.mark.parametrize("fast", [False, True])
def test_complex_inputs(fast):
    functions = {
        "square": lambda z: z * z,
        "with its conjugate": lambda z: z * z.conj(),
        "abs": lambda z: z.abs(),
        "wrong": lambda z: z.detach() * z,
        "wrong to real": lambda z: (z * z.detach().conj()).real,
    }

    def program(module):
        z = complex_double(module, 1 + 2j, 3 - 1j)
        found = {}
        for label, function in functions.items():
            for forward in (False, True):
                options = {"check_forward_ad": forward, "check_backward_ad": not forward}
                options |= {"fast_mode": fast, "check_undefined_grad": not forward}
                found[f"{label} {forward}"] = tried(
                    lambda f=function, options=options: checks(module).gradcheck(f, z, **options)
                )
        return found

    compare_program(program)


OPTIONS = {
    "forward": {"check_forward_ad": True},
    "forward only": {"check_forward_ad": True, "check_backward_ad": False},
    "neither": {"check_backward_ad": False},
    "batched": {"check_batched_grad": True},
    "batched without backward": {
        "check_batched_grad": True, "check_backward_ad": False, "check_forward_ad": True
    },
    "batched forward": {"check_batched_forward_grad": True, "check_forward_ad": True},
    "batched forward without": {"check_batched_forward_grad": True},
    "no undefined": {"check_undefined_grad": False},
    "dtypes": {"check_grad_dtypes": True},
    "masked": {"masked": True},
    "not raising": {"raise_exception": False},
}  # fmt: skip


@pytest.mark.parametrize("fast", [False, True])
def test_options(fast):
    def program(module):
        a, b = double(module, 1.0, 2.0), double(module, 3.0, 4.0)
        found = {}
        for label, options in OPTIONS.items():
            for name, call in (
                ("right", lambda a, b: (a * b, a.sin())),
                ("wrong", lambda a, b: a.detach() * a * b),
            ):
                check = lambda call=call, options=options: checks(module).gradcheck(  # noqa: E731
                    call, (a, b), fast_mode=fast, **options
                )
                found[f"{label} {name}"] = tried(check)
        return found

    compare_program(program)


def test_inputs():
    """Single precision, no gradient, overlapping memory, gaps, numbers and text among the inputs."""

    def program(module):
        check = checks(module).gradcheck
        x = double(module, 1.0, 2.0)
        single = module.tensor([1.0, 2.0], requires_grad=True)
        gaps = module.arange(6.0, dtype=module.float64)[::2].detach().requires_grad_()
        return [
            tried(lambda: check(lambda a: a * 2, single, eps=1e-2, atol=1e-2)),
            tried(lambda: check(lambda a: a.exp(), single)),
            tried(lambda: check(lambda a: a * 2, module.ones(2, dtype=module.float64))),
            tried(lambda: check(lambda a: a * 2, double(module, 1.0).expand(3))),
            tried(lambda: check(lambda a: a * a, gaps)),
            tried(
                lambda: check(lambda a: a * a, double(module, 1.0, 2.0, 3.0, 4.0).view(2, 2).t())
            ),
            tried(lambda: check(lambda a, b, c: a * b, (x, 3, "text"))),
            tried(lambda: check(lambda a: a.sin(), double(module))),
            tried(
                lambda: check(
                    lambda a: a.sin(), module.tensor(2.0, dtype=module.float64, requires_grad=True)
                )
            ),
            tried(lambda: check(lambda a: x * a.sum(), (double(module, 5.0),))),
        ]

    compare_program(program)


@pytest.mark.parametrize("fast", [False, True])
def test_functions_of_the_user(fast):
    """Custom functions whose backward is wrong in one way each."""

    def program(module):
        calls = []

        def made(backward, forward=lambda ctx, x: x * 2):
            body = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
            return type("Mine", (module.autograd.Function,), body).apply

        def materializing(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2

        def unlike_itself(ctx, g):
            calls.append(0)
            return g * 2 + (len(calls) % 2) * 1e-7

        functions = {
            "right": made(lambda ctx, g: g * 2),
            "wrong": made(lambda ctx, g: g + 1),
            "without the gradient": made(lambda ctx, g: module.full_like(g, 2.0)),
            "none refused": made(lambda ctx, g: g * 2, materializing),
            "none answered": made(
                lambda ctx, g: module.ones(2, dtype=module.float64) if g is None else g * 2,
                materializing,
            ),
            "another dtype": made(lambda ctx, g: (g * 2).float()),
            "unlike itself": made(unlike_itself),
        }
        x = double(module, 1.0, 2.0)
        found = {}
        for label, function in functions.items():
            for tolerance in (0.0, 1e-5):
                calls.clear()
                found[f"{label} {tolerance}"] = tried(
                    lambda f=function, tolerance=tolerance: checks(module).gradcheck(
                        f, x, fast_mode=fast, nondet_tol=tolerance
                    )
                )
        return found

    compare_program(program)


@pytest.mark.parametrize("fast", [False, True])
def test_second_derivatives(fast):
    def program(module):
        check = checks(module).gradgradcheck
        a, b = double(module, 1.0, 2.0), double(module, 3.0, 4.0)
        z = complex_double(module, 1 + 2j, 3 - 1j)
        found = []
        cases = [
            (lambda a: a.sin(), a, {}),
            (lambda a: a * 2, a, {}),
            (lambda a, b: (a * b, a.sin()), (a, b), {}),
            (lambda a, b: a**3, (a, b), {}),
            (lambda a: a.detach() * a * a, a, {}),
            (lambda a: a**3, a, {"grad_outputs": module.ones(2, dtype=module.float64)}),
            (lambda a: a**3, a, {"grad_outputs": double(module, 1.0, 1.0)}),
            (lambda a: a**3, a, {"gen_non_contig_grad_outputs": True}),
            (lambda a: a**3, a, {"check_fwd_over_rev": True}),
            (lambda a: a**3, a, {"check_rev_over_rev": False}),
            (lambda a: a**3, a, {"check_fwd_over_rev": True, "check_rev_over_rev": False}),
            (lambda a: a**3, a, {"check_batched_grad": True}),
            (lambda z: z**3, z, {}),
        ]
        for function, inputs, options in cases:
            module.manual_seed(0)
            found.append(tried(lambda: check(function, inputs, fast_mode=fast, **options)))
        return found

    compare_program(program)


def test_jacobians_by_themselves():
    def program(module):
        tools = checks(module)
        x, y = double(module, 1.0, 2.0), double(module, 3.0, 4.0)
        z = complex_double(module, 1 + 2j, 3 - 1j)
        return [
            tried(lambda: tools.get_analytical_jacobian((x, y), x * x * y)),
            tried(lambda: tools.get_analytical_jacobian((x,), x * x, grad_out=2.0)),
            tried(lambda: tools.get_analytical_jacobian((z,), z * z)),
            tried(lambda: tools.get_numerical_jacobian(lambda given: given[0] * 2, (z,))),
            tried(
                lambda: tools.get_numerical_jacobian(lambda given: given[0] * 2, (x,), grad_out=2.0)
            ),
        ]

    compare_program(program)
    found = checks(ours).get_numerical_jacobian_wrt_specific_input
    x = double(ours, 1.0, 2.0)
    (jacobian,) = found(lambda a: a * a, 0, (x,), (x * x,), 1e-6)
    assert ours.allclose(jacobian, ours.diag(2 * x.detach()))


def test_the_input_is_where_it_was():
    x = double(ours, 1.0, 2.0, 3.0)
    version = x._version

    ours.autograd.gradcheck(lambda a: a.exp(), x)

    assert (x.tolist(), x._version) == ([1.0, 2.0, 3.0], version)


# jtorch's own ops: first and second derivatives, by backward and by forward mode, against differences

OPS = {
    "mul": (lambda t, a, b: a * b, 2),
    "pow": (lambda t, a, b: (a * a + 0.5) ** b, 2),
    "where": (lambda t, a, b: t.where(a > b, a.exp(), b.sin()), 2),
    "matmul": (lambda t, a, b: a @ b.T, 2),
    "cat": (lambda t, a, b: t.cat([a, b.exp()], 1), 2),
    "log1p": (lambda t, a: (a * a).log1p(), 1),
    "lgamma": (lambda t, a: t.lgamma(a * a + 0.5), 1),
    "softmax": (lambda t, a: a.softmax(1), 1),
    "prod": (lambda t, a: a.prod(1), 1),
    "cumprod": (lambda t, a: a.cumprod(1), 1),
    "max": (lambda t, a: a.max(1)[0] * a.sum(), 1),
    "sort": (lambda t, a: a.sort(1)[0] ** 2, 1),
    "index": (lambda t, a: a[t.tensor([1, 0, 1])] ** 2, 1),
    "mask": (lambda t, a: a[a > 0] ** 2, 1),
    "index_put": (lambda t, a: t.zeros(4, dtype=a.dtype).index_put((t.tensor([1, 1]),), a[:, 0] ** 2, True), 1),
    "views": (lambda t, a: a.T.reshape(-1)[1:5].view(2, 2).diagonal() ** 3, 1),
    "in place": (lambda t, a: a.clone().mul_(a).add_(a), 1),
    "write to a view": (lambda t, a: _written(a), 1),
    "inv": (lambda t, a: t.linalg.inv(a[:, :2] + 4 * t.eye(2, dtype=a.dtype)), 1),
    "solve": (lambda t, a: t.linalg.solve(a[:, :2] + 4 * t.eye(2, dtype=a.dtype), a), 1),
    "cholesky": (lambda t, a: t.linalg.cholesky(a @ a.T + 3 * t.eye(2, dtype=a.dtype)), 1),
    "eigvalsh": (lambda t, a: t.linalg.eigvalsh(a @ a.T), 1),
}  # fmt: skip


def _written(a):
    base = a * 1
    row = base[0]
    row.mul_(a[1])
    base[:, 1] = a[:, 0] ** 2
    return base * row


COMPLEX = ("mul", "views", "write to a view", "inv")


@pytest.mark.parametrize(
    ("name", "dtype"),
    [(name, "float64") for name in OPS] + [(name, "complex128") for name in COMPLEX],
)
def test_own_derivatives(name, dtype):
    function, count = OPS[name]
    inputs = tuple(
        ours.randn(2, 3, dtype=getattr(ours, dtype), requires_grad=True) for _ in range(count)
    )
    call = lambda *given: function(ours, *given)  # noqa: E731

    assert ours.autograd.gradcheck(call, inputs, check_forward_ad=True)
    assert ours.autograd.gradgradcheck(call, inputs, check_fwd_over_rev=True)
