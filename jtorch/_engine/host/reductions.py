"""Reductions and running reductions."""

import functools

import numpy as np

from jtorch._engine.host.plans import plan_of_jaxpr
from jtorch._engine.host.rules import rule

_NARROW = ("float16", "bfloat16")


def wide(x):
    """Half precision is summed in single precision, as XLA does."""
    return x.astype(np.float32) if x.dtype.name in _NARROW else x


@rule("reduce_sum")
def _reduce_sum(equation):
    dims = tuple(equation.params["axes"])
    return lambda x, *_: np.sum(wide(x), dims, _accumulator(x))


@rule("reduce_prod")
def _reduce_prod(equation):
    dims = tuple(equation.params["axes"])
    return lambda x, *_: np.prod(wide(x), dims, _accumulator(x))


def _accumulator(x):
    """numpy would widen small integers."""
    return None if x.dtype.name in _NARROW else x.dtype


@rule("reduce_max")
def _reduce_max(equation):
    return functools.partial(_extreme, np.max, tuple(equation.params["axes"]), False)


@rule("reduce_min")
def _reduce_min(equation):
    return functools.partial(_extreme, np.min, tuple(equation.params["axes"]), True)


def _extreme(function, dims, largest, x, *_):
    return function(x, dims, initial=limit_of(x.dtype, largest) if not x.size else np._NoValue)


def limit_of(dtype, largest):
    """The largest or smallest value of a dtype."""
    if dtype.kind == "b":
        return largest
    if dtype.kind in "iu":
        return np.iinfo(dtype).max if largest else np.iinfo(dtype).min
    return np.asarray(np.inf if largest else -np.inf).astype(dtype)


def _bitwise(ufunc):
    def make(equation):
        dims = tuple(equation.params["axes"])
        return lambda x, *_: ufunc.reduce(x, dims)

    return make


rule("reduce_and")(_bitwise(np.bitwise_and))
rule("reduce_or")(_bitwise(np.bitwise_or))
rule("reduce_xor")(_bitwise(np.bitwise_xor))


@rule("argmax")
def _argmax(equation):
    (dim,) = equation.params["axes"]
    return lambda x, *_: np.argmax(wide(x), dim)


@rule("argmin")
def _argmin(equation):
    (dim,) = equation.params["axes"]
    return lambda x, *_: np.argmin(wide(x), dim)


@rule("reduce")
def _reduce(equation):
    dims = equation.params["dimensions"]
    plan = plan_of_jaxpr(equation.params["jaxpr"])

    def evaluate(*arrays):
        half = len(arrays) // 2
        rows = [np.moveaxis(each, dims, range(len(dims))) for each in arrays[:half]]
        rest = rows[0].shape[len(dims) :]
        rows = [each.reshape(-1, *rest) for each in rows]
        state = [np.broadcast_to(each, rest) for each in arrays[half:]]
        for turn in range(len(rows[0])):
            # the computation is of single elements
            state = _each(plan, [*state, *[each[turn] for each in rows]])
        return state

    return evaluate


def _each(plan, arrays):
    """A plan for single elements, run for all of them."""
    shape = arrays[0].shape
    flat = [each.reshape(-1) for each in arrays]
    found = [plan.run([each[i].reshape(()) for each in flat]) for i in range(flat[0].size)]
    if not found:
        return arrays[: len(arrays) // 2]
    return [np.stack(each).reshape(shape) for each in zip(*found, strict=True)]


def _running(ufunc):
    def make(equation):
        dim, backward = equation.params["axis"], equation.params["reverse"]

        def evaluate(x):
            given = np.flip(wide(x), dim) if backward else wide(x)
            made = ufunc.accumulate(given, dim, _accumulator(x))
            return np.flip(made, dim) if backward else made

        return evaluate

    return make


rule("cumsum")(_running(np.add))
rule("cumprod")(_running(np.multiply))
rule("cummax")(_running(np.maximum))
rule("cummin")(_running(np.minimum))
rule("cumlogsumexp")(_running(np.logaddexp))
