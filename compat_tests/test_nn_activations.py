"""Activations: values, first and second derivatives, layouts and texts, compared with torch."""

import numpy as np
import pytest

from compare import assert_same, attempt, both, freeze, make, ours, theirs
from nn_sessions import compare_part, sessions

KINKS = (
    -np.inf, -30.0, -4.0, -3.0, -1.0, -0.5, -0.1, -0.0, 0.0, 0.1, 0.25, 0.5, 1.0, 3.0, 6.0, 10.0,
    20.0, 30.0, np.inf, np.nan,
)  # fmt: skip

# (name, arguments): what is called of nn.functional with a tensor and these
CALLS = [
    ("threshold", (0.1, 20.0)), ("threshold", (-3.0, 0.0)), ("relu", ()), ("hardtanh", ()),
    ("hardtanh", (-3.0, 0.5)), ("relu6", ()), ("elu", ()), ("elu", (0.3,)), ("elu", (-0.5,)),
    ("selu", ()), ("celu", ()), ("celu", (0.3,)), ("celu", (-2.0,)), ("leaky_relu", ()),
    ("leaky_relu", (-0.3,)), ("rrelu", ()), ("rrelu", (0.1, 0.5)), ("logsigmoid", ()), ("gelu", ()),
    ("hardshrink", ()), ("hardshrink", (3.0,)), ("softshrink", ()), ("softshrink", (3.0,)),
    ("softsign", ()), ("softplus", ()), ("softplus", (2.0, 2.0)), ("softplus", (0.3, 20.0)),
    ("hardsigmoid", ()), ("silu", ()), ("mish", ()), ("hardswish", ()), ("tanhshrink", ()),
    ("tanh", ()), ("sigmoid", ()),
]  # fmt: skip
INPLACE = (
    "threshold", "relu", "hardtanh", "relu6", "elu", "selu", "celu", "leaky_relu", "rrelu",
    "hardsigmoid", "silu", "mish", "hardswish",
)  # fmt: skip
IDS = [f"{name}{arguments}" for name, arguments in CALLS]


def call_of(module, name, arguments, **options):
    return lambda tensor: getattr(module.nn.functional, name)(tensor, *arguments, **options)


def numbers(shape, seed=0):
    generator = np.random.default_rng(seed)
    values = generator.normal(size=shape) * 3
    flat = values.reshape(-1)
    count = min(len(KINKS), flat.size)
    flat[:count] = KINKS[:count]
    return values


def derivatives(module, call, array, dtype="float64"):
    """[result, its node's name, gradient, gradient of the gradient]."""
    tensor = make(module, array, dtype).requires_grad_()
    result = call(tensor)
    weights = make(module, np.linspace(0.5, 1.5, array.size).reshape(array.shape), dtype)
    (first,) = module.autograd.grad((result * weights).sum(), tensor, create_graph=True)
    found = [result.detach(), type(result.grad_fn).__name__, first.detach()]
    if first.requires_grad:
        found.append(attempt(lambda: module.autograd.grad(first.sum(), tensor)[0]))
    return found


@pytest.mark.parametrize("name, arguments", CALLS, ids=IDS)
def test_derivatives(name, arguments):
    dtype = "float64"
    array = numbers((3, 8))
    got = derivatives(ours, call_of(ours, name, arguments), array, dtype)
    want = derivatives(theirs, call_of(theirs, name, arguments), array, dtype)
    if name == "hardsigmoid":  # torch has no second derivative; ours is 0
        got, want = got[:3], want[:3]
    assert_same(freeze(got), freeze(want), tolerance=(1e-8, 1e-10))


@pytest.mark.parametrize("name, arguments", CALLS, ids=IDS)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_values(name, arguments, dtype):
    for array in (numbers((70, 70), 1), numbers((0, 3))):
        if name == "gelu":  # of infinity torch gives itself or NaN, by the place in memory
            array = np.where(np.isinf(array), 0.5, array)

        def compute(module, array=array):
            return call_of(module, name, arguments)(make(module, array, dtype))

        both(compute)


@pytest.mark.parametrize("name, arguments", [each for each in CALLS if not each[1]][::3])
def test_layouts(name, arguments):
    array = numbers((4, 3, 5))
    views = (
        lambda x: x.permute(2, 0, 1),
        lambda x: x[:, ::2],
        lambda x: x[0].t(),
        lambda x: x[:1].expand(3, 3, 5),
    )
    for view in views:

        def compute(module, view=view):
            return call_of(module, name, arguments)(view(make(module, array, "float32")))

        both(compute)


@pytest.mark.parametrize("name", INPLACE)
def test_inplace(name):
    array = numbers((5, 5))
    arguments = next(each for known, each in CALLS if known == name)

    def write(module):
        leaf = make(module, array, "float32").requires_grad_()
        tensor = leaf * 1
        result = call_of(module, name, arguments, inplace=True)(tensor[1:])
        (tensor * 2).sum().backward()
        return [
            tensor.detach(), result.detach(), type(result.grad_fn).__name__, leaf.grad,
            tensor._version,
        ]  # fmt: skip

    both(write, tolerance=(2e-5, 1e-5))


@pytest.mark.parametrize("shape, count", [((3,), 1), ((2, 3), 3), ((2, 3, 4), 3), ((2, 3, 4), 1)])
def test_prelu(shape, count):
    def compute(module):
        x = make(module, numbers(shape), "float64").requires_grad_()
        weight = make(module, np.linspace(-0.5, 1, count), "float64").requires_grad_()
        result = module.nn.functional.prelu(x, weight)
        found = module.autograd.grad(result.sum(), (x, weight), create_graph=True)
        again = module.autograd.grad(found[0].sum(), weight)
        return [result.detach(), *[each.detach() for each in found], *again]

    both(compute)


@pytest.mark.parametrize("name", ["softmax", "softmin", "log_softmax"])
@pytest.mark.parametrize("shape, dim", [((3, 8), 0), ((3, 8), -1), ((2, 3, 4), 1), ((), 0)])
def test_along(name, shape, dim):
    array = np.random.default_rng(0).normal(size=shape)

    def compute(module):
        options = {"dim": dim}
        call = lambda x: getattr(module.nn.functional, name)(x, **options)  # noqa: E731
        return derivatives(module, call, array)

    both(compute)


@pytest.mark.parametrize("shape, dim", [((4,), -1), ((2, 6), 1), ((4, 3), 0), ((2, 4, 3), -2)])
@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_glu(shape, dim, dtype):
    array = np.random.default_rng(0).normal(size=shape)

    def compute(module):
        x = make(module, array, dtype).requires_grad_()
        result = module.nn.functional.glu(x, dim)
        (gradient,) = module.autograd.grad(result.sum(), x)
        return [result.detach(), gradient, type(result.grad_fn).__name__]

    both(compute, tolerance=None if dtype == "float64" else (2e-2, 1e-3))


@sessions("nn_activations")
def test_session(part):
    assert compare_part(part)
