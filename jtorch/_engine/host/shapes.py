"""Primitives that move elements without looking at them."""

import numpy as np

from jtorch._engine.host.rules import rule


@rule("broadcast_in_dim")
def _broadcast_in_dim(equation):
    shape, dims = equation.params["shape"], equation.params["broadcast_dimensions"]

    def evaluate(x, *_):
        middle = [1] * len(shape)
        for dim, extent in zip(dims, x.shape, strict=True):
            middle[dim] = extent
        return np.broadcast_to(x.reshape(middle), shape)

    return evaluate


@rule("reshape", "squeeze", "expand_dims")
def _reshape(equation):
    shape = equation.outvars[0].aval.shape
    return lambda x, *_: x.reshape(shape)


@rule("transpose")
def _transpose(equation):
    order = equation.params["permutation"]
    return lambda x: x.transpose(order)


@rule("rev")
def _rev(equation):
    dims = equation.params["dimensions"]
    return lambda x: np.flip(x, dims)


@rule("slice")
def _slice(equation):
    params = equation.params
    steps = params["strides"] or [1] * len(params["start_indices"])
    index = tuple(map(slice, params["start_indices"], params["limit_indices"], steps))
    return lambda x: x[index]


@rule("concatenate")
def _concatenate(equation):
    dim = equation.params["dimension"]
    return lambda *arrays: np.concatenate(arrays, dim)


@rule("stack")
def _stack(equation):
    dim = equation.params["axis"]
    return lambda *arrays: np.stack(arrays, dim)


@rule("split")
def _split(equation):
    dim, ends = equation.params["axis"], np.cumsum(equation.params["sizes"])[:-1]
    return lambda x: np.split(x, ends, dim)


@rule("tile")
def _tile(equation):
    times = equation.params["reps"]
    return lambda x: np.tile(x, times)


@rule("pad")
def _pad(equation):
    padding, shape = equation.params["padding_config"], equation.outvars[0].aval.shape
    return lambda x, value: padded(x, value, padding, shape)


def padded(x, value, padding, shape):
    """`x` with `(low, high, interior)` elements of `value` around and in it; negative ones cut off."""
    whole = tuple(
        max(low, 0) + max(high, 0) + n + max(n - 1, 0) * interior
        for n, (low, high, interior) in zip(x.shape, padding, strict=True)
    )
    made = np.full(whole, value, x.dtype)
    inner = tuple(
        slice(max(low, 0), max(low, 0) + n + max(n - 1, 0) * interior, interior + 1)
        for n, (low, _, interior) in zip(x.shape, padding, strict=True)
    )
    made[inner] = x
    cut = tuple(
        slice(max(-low, 0), max(-low, 0) + n) for n, (low, _, _) in zip(shape, padding, strict=True)
    )
    return made[cut]


@rule("iota")
def _iota(equation):
    params = equation.params
    shape, dim, dtype = params["shape"], params["dimension"], params["dtype"]

    def evaluate(*_):
        middle = [1] * len(shape)
        middle[dim] = shape[dim]
        counted = np.arange(shape[dim]).astype(dtype)
        return np.broadcast_to(counted.reshape(middle), shape)

    return evaluate


@rule("dynamic_slice")
def _dynamic_slice(equation):
    sizes = equation.params["slice_sizes"]
    return lambda x, *starts: x[_window(x.shape, sizes, starts)]


@rule("dynamic_update_slice")
def _dynamic_update_slice(equation):
    def evaluate(x, update, *starts):
        made = np.array(x)
        made[_window(x.shape, update.shape, starts)] = update
        return made

    return evaluate


def _window(shape, sizes, starts):
    """Where slices of these sizes lie, moved inside where they begin too early or too late."""
    return tuple(
        slice(first := min(max(int(start), 0), extent - size), first + size)
        for extent, size, start in zip(shape, sizes, starts, strict=True)
    )


@rule("empty", "empty2")
def _empty(equation):
    aval = equation.outvars[0].aval
    return lambda *_: np.zeros(aval.shape, aval.dtype)


@rule("unstack")
def _unstack(equation):
    dim = equation.params["axis"]
    return lambda x: list(np.moveaxis(x, dim, 0))
