"""Layers, losses and updates for programs written for `jax.jit`, in formulations that suit CPUs.

Pictures have their channels last; weights come as torch keeps them.
"""

import functools
import math

import jax
from jax import lax
from jax import numpy as jnp


def linear(parameters, name, inputs):
    """`inputs` times the weight (outputs, inputs), without transposing it first."""
    weight = parameters[f"{name}.weight"]
    result = lax.dot_general(inputs, weight, (((inputs.ndim - 1,), (1,)), ((), ())))
    bias = parameters.get(f"{name}.bias")
    return result if bias is None else result + bias


def convolution_of_patches(weight, inputs):
    """Convolution with stride 1 and no padding: shifted slices side by side, times a matrix."""
    outputs, _, height, width = weight.shape
    rows, columns = inputs.shape[1] - height + 1, inputs.shape[2] - width + 1
    patches = jnp.concatenate(
        [
            inputs[:, row : row + rows, column : column + columns]
            for row in range(height)
            for column in range(width)
        ],
        axis=-1,
    )
    return patches @ weight.transpose(2, 3, 1, 0).reshape(-1, outputs)


def convolution(weight, inputs, stride=1):
    """XLA's own, padded so that stride 1 keeps the size: best where there are many channels."""
    height, width = weight.shape[2:]
    return lax.conv_general_dilated(
        inputs,
        weight.transpose(2, 3, 1, 0),
        (stride, stride),
        [(height // 2, height // 2), (width // 2, width // 2)],
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )


def max_pool(inputs):
    """Maximum over squares of two by two; where some are equal, the first has the gradient."""
    parts = [inputs[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
    return functools.reduce(lambda best, part: jnp.where(part > best, part, best), parts)


def cross_entropy(logits, labels):
    chosen = jnp.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return (jax.nn.logsumexp(logits, axis=1) - chosen).mean()


def sgd(rate, momentum=0.0):
    """Two functions: the state for some parameters, and (parameters, gradients, state) -> new ones."""

    def begin(parameters):
        return jax.tree.map(jnp.zeros_like, parameters) if momentum else ()

    def update(parameters, gradients, state):
        if momentum:
            state = jax.tree.map(lambda old, new: momentum * old + new, state, gradients)
            gradients = state
        return jax.tree.map(lambda old, new: old - rate * new, parameters, gradients), state

    return begin, update


def adam(rate, decay=0.0, betas=(0.9, 0.999)):
    """Adam, or AdamW where there is a decay; the state counts the steps."""
    first, second = betas

    def begin(parameters):
        zeros = functools.partial(jax.tree.map, jnp.zeros_like)
        return jnp.zeros((), jnp.float32), zeros(parameters), zeros(parameters)

    def update(parameters, gradients, state):
        count, means, squares = state
        count = count + 1
        means = jax.tree.map(lambda old, new: first * old + (1 - first) * new, means, gradients)
        squares = jax.tree.map(
            lambda old, new: second * old + (1 - second) * new * new, squares, gradients
        )
        size = rate / (1 - first**count)
        root = jnp.sqrt(1 - second**count)

        def moved(old, mean, square):
            return old * (1 - rate * decay) - size * mean / (jnp.sqrt(square) / root + 1e-8)

        return jax.tree.map(moved, parameters, means, squares), (count, means, squares)

    return begin, update


def trained(loss, parameters, optimizer):
    """A function that makes one step for the arguments that `loss` takes after the parameters."""
    begin, update = optimizer

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def jitted(parameters, state, *arguments):
        value, gradients = jax.value_and_grad(loss)(parameters, *arguments)
        parameters, state = update(parameters, gradients, state)
        return parameters, state, value

    parameters = jax.tree.map(jnp.array, parameters)
    state = begin(parameters)

    def step(*arguments):
        nonlocal parameters, state
        parameters, state, value = jitted(parameters, state, *arguments)
        return value

    return step


def split(start, *names):
    """What `start` has under `names`, as JAX arrays, and all the rest, in this order."""
    rest = {name: value for name, value in start.items() if name not in names}
    return *(jnp.asarray(start[name]) for name in names), rest


def gelu(inputs):
    """With the error function itself; `jax.nn.gelu` takes a complement, and longer."""
    return 0.5 * inputs * (1 + lax.erf(inputs * math.sqrt(0.5)))


def layer_norm(parameters, name, inputs):
    centered = inputs - inputs.mean(-1, keepdims=True)
    scale = lax.rsqrt((centered * centered).mean(-1, keepdims=True) + 1e-5)
    return centered * scale * parameters[f"{name}.weight"] + parameters[f"{name}.bias"]
