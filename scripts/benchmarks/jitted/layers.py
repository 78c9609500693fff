"""Layers, losses and updates for programs written for `jax.jit`, in formulations that suit CPUs.

Weights come as torch keeps them; pictures have their channels where the function says.
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


AT_ONCE = 2**19  # elements of patches that stay in the cache


def patches(inputs, height, width):
    """What each place of the output sees, as a column. (N, C, H, W) -> (N, taps * C, places)"""
    rows, columns = inputs.shape[2] - height + 1, inputs.shape[3] - width + 1
    taps = [
        inputs[:, :, row : row + rows, column : column + columns]
        for row in range(height)
        for column in range(width)
    ]
    return jnp.concatenate(taps, axis=1).reshape(len(inputs), -1, rows * columns)


def in_parts(function, of_one, *arrays):
    """`function` of so few samples at a time, each of `of_one` elements, that they stay in the cache."""
    count = len(arrays[0])
    size = max(1, min(AT_ONCE // of_one, count))
    while count % size:
        size -= 1
    return lax.map(
        lambda part: function(*part),
        [each.reshape(count // size, size, *each.shape[1:]) for each in arrays],
    )


@jax.custom_vjp
def convolution_of_patches(weight, inputs):
    """Convolution of (N, C, H, W), with stride 1 and no padding: patches times a matrix."""
    outputs, _, height, width = weight.shape
    rows, columns = inputs.shape[2] - height + 1, inputs.shape[3] - width + 1
    matrix = weight.transpose(0, 2, 3, 1).reshape(outputs, -1)
    each = matrix.shape[1] * rows * columns

    def of_output(part):  # a matrix for each sample: otherwise the result is transposed
        matrices = jnp.broadcast_to(matrix, (len(part), *matrix.shape))
        return matrices @ patches(part, height, width)

    found = in_parts(of_output, each, inputs)
    return found.reshape(len(inputs), outputs, rows, columns)


def _forward(weight, inputs):
    return convolution_of_patches(weight, inputs), (weight, inputs)


def _backward(saved, slope):
    weight, inputs = saved
    outputs, channels, height, width = weight.shape
    each = channels * height * width * math.prod(slope.shape[2:])

    def of_weight(part, slope):
        slope = slope.reshape(*slope.shape[:2], -1)
        return jnp.einsum("nop,ncp->noc", slope, patches(part, height, width)).sum(0)

    found = in_parts(of_weight, each, inputs, slope).sum(0)
    for_weight = found.reshape(outputs, height, width, channels).transpose(0, 3, 1, 2)
    matrix = weight.transpose(2, 3, 1, 0).reshape(-1, outputs)

    def of_input(slope):
        taps = jnp.einsum("to,noyx->tnyx", matrix, slope)
        taps = taps.reshape(height, width, channels, *taps.shape[1:])
        return sum(
            jnp.pad(
                taps[row, column],
                [(0, 0), (0, 0), (row, height - 1 - row), (column, width - 1 - column)],
            )
            for row in range(height)
            for column in range(width)
        )  # (C, N, H, W)

    found = in_parts(of_input, each, slope)
    return for_weight, jnp.moveaxis(found, 1, 2).reshape(inputs.shape)


convolution_of_patches.defvjp(_forward, _backward)


def convolution(weight, inputs, stride=1):
    """XLA's own, channels last, padded so that stride 1 keeps the size: best for many channels."""
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
    parts = [inputs[..., row::2, column::2] for row in (0, 1) for column in (0, 1)]
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
