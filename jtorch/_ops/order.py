"""The order torch sorts and compares in, as integers and as formulations on arrays.

NaN is the largest value, whatever its sign, and -0 equals 0. `keys` maps an array to integers in
that order, so that one comparison decides: XLA's own order has -0 below 0 and -NaN below all, and
its maxima on the CPU lose NaN from 4096 elements on.
"""

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.bits import bits_of, is_negative


def keys(array, descending=False):
    """Integers (int32, or 64 bits for 64-bit types) in torch's order of the elements."""
    key = _float_keys(array) if jnp.issubdtype(array.dtype, np.floating) else _integer_keys(array)
    return ~key if descending else key


def _integer_keys(array):
    if array.dtype == np.uint64:
        return lax.bitcast_convert_type(array ^ np.uint64(1 << 63), np.int64)
    return array.astype(np.int64 if array.dtype in (np.int64, np.uint32) else np.int32)


def _float_keys(array):
    if array.dtype != np.float64:
        array = array.astype(np.float32)
    kind = np.int64 if array.dtype == np.float64 else np.int32
    raw = bits_of(array)
    largest = np.array(np.iinfo(kind).max, kind)
    # the order of negative floats is turned round
    key = jnp.where(is_negative(array), raw ^ largest.astype(raw.dtype), raw)
    key = lax.bitcast_convert_type(key, kind)
    key = jnp.where(array == 0, kind(0), key)
    return jnp.where(jnp.isnan(array), largest, key)


def is_nan(array):
    """Where an array is NaN; nowhere, for integers."""
    if jnp.issubdtype(array.dtype, np.inexact):
        return jnp.isnan(array)
    return jnp.zeros(array.shape, bool)


def extreme(array, dim, keepdim, largest, nan_too=False):
    """The largest or smallest elements over dims (None: all); NaN where there is one.

    Elements that are the extreme share its gradient evenly; `nan_too`: also those that are NaN.
    """
    if jnp.issubdtype(array.dtype, np.floating):
        return _float_extreme(array, dim, keepdim, largest, nan_too)
    return _extreme(array, dim, keepdim, largest)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1, 2, 3, 4))
def _float_extreme(array, dim, keepdim, largest, nan_too):
    return _extreme(array, dim, keepdim, largest)


@_float_extreme.defjvp
def _extreme_step(dim, keepdim, largest, nan_too, arrays, steps):
    (array,), (step,) = arrays, steps
    kept = _extreme(array, dim, True, largest)
    shared = evenly(step, array, kept, dim, keepdim, nan_too)
    return kept.reshape(shared.shape), shared


def evenly(step, array, kept, dim, keepdim, nan_too):
    """The mean of the steps of those elements over `dim` that are the one in `kept`."""
    same = array == kept
    if nan_too:
        same |= jnp.isnan(array) & jnp.isnan(kept)
    count = jnp.sum(same, axis=dim, keepdims=True, dtype=step.dtype)
    weight = jnp.where(same, 1 / count, jnp.where(count == 0, np.nan, 0).astype(step.dtype))
    return jnp.sum(step * weight, axis=dim, keepdims=keepdim)


def _extreme(array, dim, keepdim, largest):
    reduce = jnp.max if largest else jnp.min
    if array.dtype == np.bool_:
        reduce = jnp.any if largest else jnp.all
    found = reduce(array, axis=dim, keepdims=keepdim)
    if not jnp.issubdtype(array.dtype, np.floating):
        return found
    any_nan = jnp.any(jnp.isnan(array), axis=dim, keepdims=keepdim)
    return jnp.where(any_nan, jnp.array(np.nan, array.dtype), found)


def first_extreme(array, dim, keepdim, largest):
    """(`extreme` along one dim, the first place it is at): faster than XLA's argmax on the CPU.

    The gradient goes to that place.
    """
    still = lax.stop_gradient(array)
    found, place = _first_extreme(still, dim, largest)
    found = of_place(array, found, place, dim)
    return (found, place) if keepdim else (jnp.squeeze(found, dim), jnp.squeeze(place, dim))


@functools.partial(jax.custom_jvp, nondiff_argnums=(3,))
def of_place(array, found, place, dim):
    """`found`, which is what an array has at places along a dim."""
    return found


@of_place.defjvp
def _step_of_place(dim, arrays, steps):
    _, found, place = arrays
    return found, pick(steps[0], place, dim)


@jax.custom_jvp
def of_any(array, found):
    """`found`, which some elements of an array are: they share its gradient evenly."""
    return found


@of_any.defjvp
def _step_of_any(arrays, steps):
    array, found = arrays
    return found, evenly(steps[0], array, found, None, False, True).reshape(found.shape)


def _first_extreme(array, dim, largest):
    """Both with 1 along the dim."""
    found = _extreme(array, dim, True, largest)
    places = lax.broadcasted_iota(place_type(array.shape[dim]), array.shape, dim)
    none = jnp.array(max(array.shape[dim] - 1, 0), places.dtype)
    place = jnp.min(
        jnp.where((array == found) | is_nan(array), places, none), axis=dim, keepdims=True
    )
    return found, place.astype(np.int64)


def place_type(count):
    """The dtype to count places along a dim in."""
    return np.int32 if count < 2**31 else np.int64


def pick(array, places, dim):
    """The elements at `places` along a dim, which are all inside."""
    return jnp.take_along_axis(array, places, dim, mode="promise_in_bounds")


def sorting_places(array, dim, descending=False):
    """Places along `dim` that sort the array; equal elements stay in order.

    On the CPU XLA sorts one operand of integers five times as fast as two operands, so a key and
    its place go into one int64; keys of 64 bits are sorted by their halves, the low one first.
    """
    key = keys(array, descending)
    return lax.platform_dependent(
        key,
        cpu=lambda key: _packed_places(key, dim),
        default=lambda key: _paired_places(key, dim),
    )


def _paired_places(key, dim):
    places = lax.broadcasted_iota(place_type(key.shape[dim]), key.shape, dim)
    return lax.sort((key, places), dimension=dim, num_keys=1, is_stable=True)[1].astype(np.int64)


def _packed_places(key, dim):
    if key.shape[dim] >= 2**32:
        return _paired_places(key, dim)
    places = lax.broadcasted_iota(np.int64, key.shape, dim)
    if key.dtype == np.int32:
        return _low_half(lax.sort(_packed(key.astype(np.int64), places), dimension=dim))
    # a low half is compared without sign, which int64 holds; the packed high half keeps its sign
    low = _low_half(key) - 2**31
    order = _low_half(lax.sort(_packed(low, places), dimension=dim))
    high = pick(key >> 32, order, dim)
    return pick(order, _low_half(lax.sort(_packed(high, places), dimension=dim)), dim)


def _packed(half, places):
    return (half << 32) | places


def _low_half(packed):
    return packed & 0xFFFFFFFF


def largest_places(array, count, largest):
    """(the `count` largest or smallest elements along the last dim, in order; their places).

    XLA finds a few float32 among many without sorting; otherwise a sort is faster.
    """
    length = array.shape[-1]
    small = array.dtype.itemsize <= 2 or array.dtype == np.float32
    if not small or not jnp.issubdtype(array.dtype, np.number) or 4 * count > length:
        places = sorting_places(array, array.ndim - 1, descending=largest)[..., :count]
        return pick(array, places, array.ndim - 1), places
    ranked = array.astype(np.float32)
    # NaN is the largest; its sign decides for XLA
    ranked = jnp.where(jnp.isnan(ranked), np.float32(np.nan), ranked)
    ranked = lax.stop_gradient(ranked)
    places = lax.top_k(ranked if largest else -ranked, count)[1].astype(np.int64)
    return pick(array, places, array.ndim - 1), places


def select(array, place, dim):
    """The elements that would be at `place` (with 1 along `dim`) were the array sorted, with their
    first place in it.

    The bits of the key are found one after the other, each by counting: no sort, but a pass over
    the data per bit.
    """
    key = keys(array)
    bits = 8 * key.dtype.itemsize
    unsigned = np.uint64 if bits == 64 else np.uint32
    key = lax.bitcast_convert_type(key, unsigned) ^ unsigned(1 << (bits - 1))
    place = place.astype(np.int64)

    def settle(number, state):
        """One more bit: those below it are too few, and are skipped, or hold the place."""
        prefix, skipped = state
        bit = lax.shift_left(unsigned(1), (bits - 1 - number).astype(unsigned))
        below = (key >= prefix) & (key < prefix | bit)
        count = jnp.sum(below, axis=dim, keepdims=True, dtype=np.int64)
        upper = skipped + count <= place
        return jnp.where(upper, prefix | bit, prefix), jnp.where(upper, skipped + count, skipped)

    shape = place.shape
    start = jnp.zeros(shape, unsigned), jnp.zeros(shape, np.int64)
    found, _ = lax.fori_loop(0, bits, settle, start)
    places = lax.broadcasted_iota(place_type(array.shape[dim]), array.shape, dim)
    none = jnp.array(array.shape[dim] - 1, places.dtype)
    first = jnp.min(jnp.where(key == found, places, none), axis=dim, keepdims=True).astype(np.int64)
    return pick(array, first, dim), first
