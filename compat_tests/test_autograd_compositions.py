"""torch.func's transformations inside one another, on functions of every style, and backward through."""

import itertools

import numpy as np
import pytest

from autograd_programs import compare_program
from compare import sampled


def doubled_in_place(m, x):
    y = x.clone()
    y.mul_(2)
    y[:1].add_(x[1:2] * x[2:])
    return y.sin()


def through_views(m, x):
    y = (x * x).view(3, 1).t()
    return (y[0].flip(0) * x).reshape(3)


def products(m, x):
    matrix = m.outer(x, x.cos()) + m.eye(3, dtype=x.dtype)
    return matrix @ x


def choices(m, x):
    return m.where(x > 0.5, x.exp(), x.sin()) * x.max()


def gathered(m, x):
    return x[[2, 0, 0]] * x.index_select(0, m.tensor([1, 1, 2])).sin() + x.cumsum(0) ** 3


def written_into_zeros(m, x):
    y = x.new_zeros(3)
    y = y.index_add(0, m.tensor([0, 0, 2]), x.tanh())
    return m.cat([y[:2], x[2:] ** 2])


def normalised(m, x):
    return (x - x.mean()) / (x.var() + 1).sqrt() + x.softmax(0)


def inverted(m, x):
    matrix = m.diag_embed(x * x + 1) + 0.1
    return m.linalg.inv(matrix) @ x  # torch is wrong about solve in a batch


def sorted_values(m, x):
    return x.sort()[0] * m.stack([x[0], x[1], x[2]]).logsumexp(0)


FUNCTIONS = {
    each.__name__: each
    for each in (
        doubled_in_place,
        through_views,
        products,
        choices,
        gathered,
        written_into_zeros,
        normalised,
        inverted,
        sorted_values,
    )
}

# Each turns a function of a vector of three into another one.
TRANSFORMS = {
    "grad": lambda m, f: m.func.grad(lambda x: f(x).sum()),
    "grad of a product": lambda m, f: m.func.grad(lambda x: (f(x) * x).sum()),
    "value": lambda m, f: lambda x: m.func.grad_and_value(lambda t: f(t).sum())(x)[1] * x,
    "vjp": lambda m, f: lambda x: m.func.vjp(f, x)[1](x.sin())[0],
    "jvp": lambda m, f: lambda x: m.func.jvp(f, (x,), (x.sin(),))[1],
    "jacrev": lambda m, f: lambda x: m.func.jacrev(f)(x).sum(0),
    "jacfwd": lambda m, f: lambda x: m.func.jacfwd(f)(x).sum(1),
    "vmap": lambda m, f: lambda x: m.func.vmap(f)(m.stack([x, x * 0.5])).sum(0),
    "vmap of columns": lambda m, f: (
        lambda x: m.func.vmap(f, in_dims=1, out_dims=1)(m.stack([x, x.sin()], 1)).sum(1)
    ),
    "vmap closing over": lambda m, f: (
        lambda x: m.func.vmap(lambda s: f(x * s))(m.tensor([1.0, 0.5], dtype=x.dtype)).mean(0)
    ),
    "functionalize": lambda m, f: m.func.functionalize(f),
    "itself": lambda m, f: f,
}

PAIRS = [
    pair
    for pair in itertools.product(TRANSFORMS, TRANSFORMS)
    if pair not in (("itself", "itself"), ("functionalize", "functionalize"))
]
# Under functionalize torch has no derivative of some writes to views, its own ones included.
CASES = [
    (*pair, name)
    for name, pair in itertools.product(FUNCTIONS, PAIRS)
    if name not in ("doubled_in_place", "inverted") or "functionalize" not in pair
]


def composed(module, outer, inner, function):
    """The composed function applied to a leaf, and the leaf's gradient after backward."""
    numbers = np.array([0.3, -0.7, 1.1])
    x = module.tensor(numbers, requires_grad=True)
    call = TRANSFORMS[inner](module, lambda t: FUNCTIONS[function](module, t))
    result = TRANSFORMS[outer](module, call)(x)
    result.sum().backward()
    return result.detach(), x.grad


@pytest.mark.parametrize("outer, inner, function", sampled(CASES, 60, "compositions"))
def test_composition(outer, inner, function):
    compare_program(lambda module: composed(module, outer, inner, function))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_three_deep(function):
    """Second derivatives in reverse and forward mode, over a batch."""

    def program(module):
        def value(x):
            return FUNCTIONS[function](module, x).sum()

        batch = module.tensor(np.array([[0.3, -0.7, 1.1], [0.9, 0.2, -0.4]]))
        hessians = module.func.vmap(module.func.hessian(value))(batch)
        other = module.func.vmap(module.func.jacrev(module.func.jacrev(value)))(batch)
        return hessians, other

    compare_program(program)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_directions_agree(function):
    """Every way to a Jacobian gives the same matrix."""

    def program(module):
        def call(x):
            return FUNCTIONS[function](module, x)

        x = module.tensor(np.array([0.3, -0.7, 1.1]))
        reverse, forward = module.func.jacrev(call)(x), module.func.jacfwd(call)(x)
        plain = module.autograd.functional.jacobian(call, x)
        value, push = module.func.linearize(call, x)  # inside others torch's does not work
        steps = module.eye(3, dtype=x.dtype) * 1e-6
        numeric = [(call(x + step) - call(x - step)) / 2e-6 for step in steps]
        agree = (module.stack(numeric, 1) - reverse).abs().max() < 1e-7
        pushed = module.func.vmap(push)(module.eye(3, dtype=x.dtype))
        return reverse, forward, plain, value, pushed, bool(agree)

    compare_program(program)
