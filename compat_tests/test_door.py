"""The door to JAX: jtorch functions under JAX's transformations, JAX functions as operations."""

import jax
import numpy as np
import pytest
from jax import numpy as jnp

import jtorch


def program(x, w):
    """Views, a write through one, a condition on a number, an index: of tensors."""
    h = (x @ w).relu()
    first = h[0]
    first.mul_(2)
    for _ in range(2):
        h = h + first
    return {"loss": (h * h).sum(), "parts": [x.t(), h[:, 0]]}


def numbers(*shape):
    return jnp.asarray(np.random.default_rng(0).standard_normal(shape), jnp.float32)


def expected(x, w):
    h = jax.nn.relu(x @ w)
    first = h[0] * 2
    h = h.at[0].set(first) + first + first
    return {"loss": (h * h).sum(), "parts": [x.T, h[:, 0]]}


def assert_close(found, wanted):
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5), found, wanted)


@pytest.mark.parametrize("transform", [lambda f: f, jax.jit], ids=["as it is", "jit"])
def test_function_of_arrays(transform):
    x, w = numbers(4, 3), numbers(3, 2)
    found = transform(jtorch.to_jax_function(program))(x, w)
    assert isinstance(found["loss"], jax.Array)
    assert_close(found, expected(x, w))


def test_grad_of_grad():
    x, w = numbers(4, 3), numbers(3, 2)
    loss = jtorch.to_jax_function(program)
    ours = jax.grad(lambda w: loss(x, w)["loss"])
    theirs = jax.grad(lambda w: expected(x, w)["loss"])
    assert_close(jax.jit(ours)(w), theirs(w))
    assert_close(jax.hessian(lambda w: loss(x, w)["loss"])(w), jax.jacfwd(theirs)(w))


def test_vmap():
    x, w = numbers(5, 4, 3), numbers(3, 2)
    found = jax.vmap(jtorch.to_jax_function(program), in_axes=(0, None))(x, w)
    assert_close(found, jax.vmap(expected, in_axes=(0, None))(x, w))


def test_transform_inside():
    def slope(x):
        return jtorch.func.grad(lambda a: (a**3).sum())(x) + jtorch.vmap(lambda a: a.sin())(x)

    x = numbers(4)
    assert_close(jax.jit(jtorch.to_jax_function(slope))(x), 3 * x**2 + jnp.sin(x))


def test_backward_inside():
    def slope(x):
        x = x.clone().requires_grad_()
        (x.exp() * x).sum().backward()
        return x.grad

    x = numbers(4)
    assert_close(jax.jit(jtorch.to_jax_function(slope))(x), jnp.exp(x) * (1 + x))


def test_backward_inside_for_many_lengths():
    """Rules of derivatives in what was traced for other lengths are not taken for these."""

    def penalty(x):
        x = x.requires_grad_()
        y = jtorch.nn.functional.leaky_relu(x * x - 1).pow(2).sum()
        (gradient,) = jtorch.autograd.grad(y, x, create_graph=True)
        return (gradient * gradient).sum()

    slopes = jax.grad(jtorch.to_jax_function(penalty))
    for length in (3, 5, 7, 4, 9):
        x = np.linspace(-2.0, 3.0, length)
        tensor = jtorch.tensor(x, requires_grad=True)
        penalty(tensor).backward()
        np.testing.assert_allclose(slopes(x), tensor.grad, rtol=1e-9)


def test_captured_tensor_is_a_constant():
    w = jtorch.arange(3.0)
    found = jax.jit(jtorch.to_jax_function(lambda x: x * (w + 1)))(jnp.ones(3, jnp.float32))
    assert_close(found, jnp.arange(3.0) + 1)


def test_condition_on_an_argument_is_refused():
    function = jtorch.to_jax_function(lambda x: x if x.sum() > 0 else -x)
    with pytest.raises(RuntimeError, match="asked a tensor for its value"):
        jax.jit(function)(jnp.ones(3))


def test_jax_function_as_operation():
    operation = jtorch.from_jax_function(lambda a, b, *, n: (jnp.sin(a) * b**n, a.shape[0]))
    a = jtorch.arange(3.0).requires_grad_()
    b = jtorch.full((3,), 2.0, requires_grad=True)
    value, count = operation(a, b, n=3)
    assert count.item() == 3
    assert value.grad_fn is not None
    value.sum().backward()
    np.testing.assert_allclose(a.grad, 8 * np.cos(np.arange(3.0)), rtol=1e-6)
    np.testing.assert_allclose(b.grad, 12 * np.sin(np.arange(3.0)), rtol=1e-6)


def test_operation_has_second_derivatives_and_batches():
    operation = jtorch.from_jax_function(lambda a: (a**3).sum())
    x = jtorch.arange(3.0)
    second = jtorch.func.hessian(operation)(x)
    np.testing.assert_allclose(second, 6 * np.diag(np.arange(3.0)), rtol=1e-6)
    batch = jtorch.vmap(operation)(jtorch.ones(4, 2))
    np.testing.assert_allclose(batch, np.full(4, 2.0))


def test_operation_compiles_once():
    operation = jtorch.from_jax_function(lambda a: jnp.sort(a) * 2, "sorted_twice")
    for _ in range(3):
        operation(jtorch.rand(5)).sum().item()
    before = len(jtorch.compilations())
    operation(jtorch.rand(5)).sum().item()
    assert len(jtorch.compilations()) == before


def test_arrays_pass_without_a_copy():
    array = jnp.arange(4.0)
    tensor = jtorch.from_jax(array)
    assert jtorch.to_jax(tensor) is array
    tensor.add_(1)
    assert array[0] == 0
