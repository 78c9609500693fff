"""Windows that slide along dims of an array: their places, what is largest in them, their sums.

Several dims are taken one after the other, which is exact for maxima (the first of equal elements in
the order of memory wins, the last NaN) and costs as many steps as the kernel is long, not as it is big.
"""

import functools
import typing

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.order import pick

# Kernels up to these lengths are read as so many strided slices: on the CPU that is several times as
# fast as XLA's reduce_window, and its gradients are dozens of times as fast.
_MANY_SLICES = 16
_MANY_CARRIED = 4
_MANY_SUMS = 8


class Window(typing.NamedTuple):
    """The windows along one dim: `count` of them over `size` elements, the first from `-before`."""

    kernel: int
    stride: int
    before: int
    dilation: int
    size: int
    count: int

    @property
    def places(self):
        """(count, kernel): the places that each window reads, those outside too."""
        starts = np.arange(self.count) * self.stride - self.before
        return starts[:, None] + np.arange(self.kernel) * self.dilation

    @property
    def inside(self):
        """(count, kernel): which of the places there are."""
        return (self.places >= 0) & (self.places < self.size)


class Ragged(typing.NamedTuple):
    """`count` windows that divide `size` elements evenly, as far as it goes; they may overlap."""

    size: int
    count: int

    @property
    def bounds(self):
        """(the first place of each window, the place behind its last one)."""
        numbers = np.arange(self.count)
        return (
            numbers * self.size // self.count,
            -(-(numbers + 1) * self.size // self.count),
        )

    @property
    def kernel(self):
        """The most places that a window has."""
        starts, stops = self.bounds
        return int((stops - starts).max())

    @property
    def places(self):
        """(count, kernel): the places of each window; its last one again where it has fewer."""
        starts, stops = self.bounds
        return np.minimum(starts[:, None] + np.arange(self.kernel), stops[:, None] - 1)

    @property
    def inside(self):
        """(count, kernel): which of the places stand for themselves."""
        starts, stops = self.bounds
        return starts[:, None] + np.arange(self.kernel) < stops[:, None]


def evenly(size, count):
    """The windows that divide `size` elements into `count` parts."""
    if count and size % count == 0:
        return Window(size // count, size // count, 0, 1, size, count)
    return Ragged(size, count)


def _are_few(window):
    """Whether windows of different lengths are rather taken one by one."""
    return window.__class__ is Ragged and window.count < window.kernel


def _one_by_one(function, arrays, dim, window):
    """`function(*arrays, dim, window)` for each of the windows, one after the other."""
    found = []
    for start, stop in zip(*window.bounds, strict=True):
        length = int(stop - start)
        parts = [lax.slice_in_dim(each, int(start), int(stop), axis=dim) for each in arrays]
        found.append(function(*parts, dim, Window(length, length, 0, 1, length, 1)))
    if found[0].__class__ is tuple:
        return tuple(lax.concatenate(parts, dim) for parts in zip(*found, strict=True))
    return lax.concatenate(found, dim)


def padded(array, dim, window, fill):
    """The array with room for all the windows: from the first place they read to the last."""
    last = (window.count - 1) * window.stride + (window.kernel - 1) * window.dilation
    after = last + 1 - window.before - window.size
    config = [(0, 0, 0)] * array.ndim
    config[dim] = (window.before, max(after, 0), 0)
    return lax.pad(array, jnp.asarray(fill, array.dtype), config)


def slides(array, dim, window, fill):
    """For each place in the kernel, what the windows have there; `fill` outside of the array."""
    if window.__class__ is Ragged:
        return [jnp.take(array, places, axis=dim, mode="clip") for places in window.places.T]
    array = padded(array, dim, window, fill)
    reach = (window.count - 1) * window.stride + 1
    starts = [place * window.dilation for place in range(window.kernel)]
    return [
        lax.slice_in_dim(array, start, start + reach, window.stride, axis=dim) for start in starts
    ]


def _are_windows(windows):
    """Whether XLA can reduce them itself."""
    return all(window.__class__ is Window for _, window in windows)


# Maxima


def lowest(dtype):
    """What is below every element."""
    return -np.inf if jnp.issubdtype(dtype, np.floating) else np.iinfo(dtype).min


def _is_better(value, best):
    better = value > best
    # XLA's max loses NaN in large arrays on the CPU
    return better | (value != value) if jnp.issubdtype(value.dtype, np.floating) else better


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def largest(array, windows):
    """The largest element of each window; `windows` are pairs of a dim and its `Window`.

    NaN is the largest. The gradient goes to the first of equal elements, to the last NaN.
    """
    if not _are_windows(windows):
        return _largest_by_slices(array, windows)
    return lax.platform_dependent(
        array,
        cpu=lambda array: _largest_by_slices(array, windows),
        default=lambda array: _largest_by_windows(array, windows),
    )


@largest.defjvp
def _step_of_largest(windows, arrays, steps):
    return largest(arrays[0], windows), carried(arrays[0], steps[0], windows)


def _largest_by_windows(array, windows):
    low = np.asarray(lowest(array.dtype), array.dtype)
    return over_windows(array, windows, low, lax.max)


def over_windows(array, windows, initial, function):
    """XLA's own reduction of windows."""
    sizes, strides, dilations = ([1] * array.ndim for _ in range(3))
    pads = [(0, 0)] * array.ndim
    for dim, window in windows:
        sizes[dim], strides[dim], dilations[dim] = window.kernel, window.stride, window.dilation
        last = (window.count - 1) * window.stride + (window.kernel - 1) * window.dilation
        after = last + 1 - window.before - window.size
        pads[dim] = (window.before, max(after, 0))
        # what is left over behind the last window would make one more
        array = lax.slice_in_dim(array, 0, window.size + min(after, 0), axis=dim)
    return lax.reduce_window(
        array, initial, function, sizes, strides, pads, window_dilation=dilations
    )


def _largest_by_slices(array, windows):
    for dim, window in windows:
        array = _largest_along(array, dim, window)
    return array


def _largest_along(array, dim, window):
    if _are_few(window):
        return _one_by_one(_largest_along, (array,), dim, window)
    if window.kernel > _MANY_SLICES and window.__class__ is Window:
        return _doubled(array, dim, window)[0]
    best, *others = slides(array, dim, window, lowest(array.dtype))
    for value in others:
        best = jnp.where(_is_better(value, best), value, best)
    return best


def carried(array, load, windows):
    """What `load` has where the elements of `array` are that `largest` gives; linear in `load`."""
    for dim, window in windows:
        array, load = _carried_along(array, load, dim, window)
    return load


def _carried_along(array, load, dim, window):
    if _are_few(window):
        return _one_by_one(_carried_along, (array, load), dim, window)
    if window.kernel > _MANY_CARRIED and window.__class__ is Window:
        best, places = _doubled(array, dim, window)
        return best, pick(load, places, dim)
    first = np.argmax(window.inside, axis=1)  # the kernel's first place that is inside
    best, *values = slides(array, dim, window, lowest(array.dtype))
    kept, *loads = slides(load, dim, window, 0)
    shape = [1] * array.ndim
    shape[dim] = window.count
    for place, (value, other) in enumerate(zip(values, loads, strict=True), 1):
        better = _is_better(value, best)
        if (first == place).any():  # else the lowest of values would be outside
            better |= (first == place).reshape(shape)
        best = jnp.where(better, value, best)
        kept = jnp.where(better, other, kept)
    return best, kept


def _doubled(array, dim, window):
    """(the largest of each window, its place along the dim), for long kernels.

    Windows of 1, 2, 4, ... are made of two of the half; those of the kernel's length of two that
    overlap.
    """
    value = padded(array, dim, window, lowest(array.dtype))
    places = lax.broadcasted_iota(np.int32, array.shape, dim)
    places = padded(places, dim, window, -1)
    length = 1
    while 2 * length <= window.kernel:
        value, places = _joined(value, places, dim, length * window.dilation)
        length *= 2
    if length < window.kernel:
        value, places = _joined(value, places, dim, (window.kernel - length) * window.dilation)
    reach = (window.count - 1) * window.stride + 1
    return tuple(
        lax.slice_in_dim(each, 0, reach, window.stride, axis=dim) for each in (value, places)
    )


def _joined(value, places, dim, distance):
    """Of each element and the one at a distance behind, the one that wins."""
    length = value.shape[dim] - distance
    here = [lax.slice_in_dim(each, 0, length, axis=dim) for each in (value, places)]
    there = [
        lax.slice_in_dim(each, distance, distance + length, axis=dim) for each in (value, places)
    ]
    better = _is_better(there[0], here[0]) | ((here[1] < 0) & (there[1] >= 0))
    return tuple(jnp.where(better, *pair) for pair in zip(there, here, strict=True))


def largest_with_places(array, windows):
    """(the largest element of each window, its place in the plane of the windows' dims)."""
    dims = [dim for dim, _ in reversed(windows)]
    places = carried(array, _flat_places(array.shape, dims), windows)
    return largest(array, windows), places.astype(np.int64)


def _flat_places(shape, dims):
    """For each element its place in the plane of these dims, which are the last ones."""
    plane = [shape[dim] for dim in dims]
    kind = np.int32 if np.prod(plane, dtype=np.int64) < 2**31 else np.int64
    places = lax.iota(kind, int(np.prod(plane, dtype=np.int64))).reshape(plane)
    return jnp.broadcast_to(places, shape)


# Sums


def sums(array, windows):
    """The sum of each window."""
    if not _are_windows(windows):
        return _sums_by_slices(array, windows)
    return lax.platform_dependent(
        array,
        cpu=lambda array: _sums_by_slices(array, windows),
        default=lambda array: over_windows(array, windows, np.zeros((), array.dtype), lax.add),
    )


def _sums_by_slices(array, windows):
    if _are_windows(windows) and all(window.count == 1 for _, window in windows):
        for dim, window in windows:
            stop = min(window.kernel - window.before, window.size)
            array = lax.slice_in_dim(array, 0, stop, axis=dim)
        return jnp.sum(array, axis=[dim for dim, _ in windows], keepdims=True, dtype=array.dtype)
    for dim, window in windows:
        array = _sums_along(array, dim, window)
    return array


def _sums_along(array, dim, window):
    if _are_few(window):
        return _one_by_one(_sums_along, (array,), dim, window)
    if window.__class__ is Window and window.kernel > _MANY_SUMS:
        return over_windows(array, [(dim, window)], np.zeros((), array.dtype), lax.add)
    parts = slides(array, dim, window, 0)
    if window.__class__ is Ragged:
        shape = [1] * array.ndim
        shape[dim] = window.count
        parts = [
            jnp.where(inside.reshape(shape), part, 0)
            for inside, part in zip(window.inside.T, parts, strict=True)
        ]
    return functools.reduce(jnp.add, parts)
