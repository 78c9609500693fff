"""Single operations for `jax.jit`."""

import jax
from jax import lax
from jax import numpy as jnp

from benchmarks.jitted import layers
from benchmarks.workloads.table import PROBED

BLOCK = 32


def cumsum(values):
    """Along rows: sums within blocks are products with a triangle of ones, then blocks are added."""
    rows, columns = values.shape
    if columns % BLOCK:
        return jnp.cumsum(values, 1)
    blocks = values.reshape(rows, -1, BLOCK) @ jnp.triu(jnp.ones((BLOCK, BLOCK), values.dtype))
    ends = blocks[..., -1]
    before = jnp.cumsum(ends, 1) - ends
    return (blocks + before[..., None]).reshape(rows, columns)


def argmax(values):
    """The first place of the maximum: least of the places where it is."""
    places = lax.broadcasted_iota(jnp.int32, values.shape, 1)
    highest = values.max(1, keepdims=True)
    return jnp.where(values == highest, places, values.shape[1]).min(1)


def var(values):
    mean = values.mean(1, keepdims=True)
    return ((values - mean) ** 2).sum(1) / (values.shape[1] - 1)


OPERATIONS = {
    "a * b + c": lambda a, b, c: a * b + c,
    "a.t() + b": lambda a, b, c: a.T + b,
    "row + column": lambda a, b, c: a[0] + b[:, :1],
    "a.exp()": lambda a, b, c: jnp.exp(a),
    "a.sin()": lambda a, b, c: jnp.sin(a),
    "a.tanh()": lambda a, b, c: jnp.tanh(a),
    "gelu(a)": lambda a, b, c: layers.gelu(a),
    "where(a > b, a, c)": lambda a, b, c: jnp.where(a > b, a, c),
    "a.sum()": lambda a, b, c: a.sum(),
    "a.sum(0)": lambda a, b, c: jnp.ones(a.shape[0], a.dtype) @ a,
    "a.var(1)": lambda a, b, c: var(a),
    "a.argmax(1)": lambda a, b, c: argmax(a),
    "a.softmax(1)": lambda a, b, c: jax.nn.softmax(a, axis=1),
    "a.cumsum(1)": lambda a, b, c: cumsum(a),
    "a.sort(1)": lambda a, b, c: jnp.sort(a, axis=1),
    "a @ b": lambda a, b, c: a @ b,
}


def jitted(start, operation, size):
    arguments = [jnp.asarray(start[name]) for name in "abc"]
    function = OPERATIONS[operation]

    @jax.jit
    def run(*arguments):
        result = function(*arguments)
        return result, result.reshape(-1)[:PROBED].sum()

    kept = None

    def step():
        nonlocal kept
        kept, probe = run(*arguments)
        return float(probe)

    return step
