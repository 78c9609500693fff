"""The shuffle behind `randperm`, without a loop over its swaps."""

import numpy as np

from jtorch._random.arithmetic import cast
from jtorch._random.limits import EXACT_BITS, is_floating, not_implemented, scalar_name

_LOOP_BELOW = 400  # a plain loop is faster
_WORDS64_FROM = ((1 << 32) - 1) // 20  # with so many elements 32 bits would not be fair

_INTEGERS = {
    "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "long",
    "uint16": "uint16_t", "uint32": "uint32_t",
}  # fmt: skip


def permutation(engine, count, dtype):
    """The numbers 0 to `count` - 1 in random order, as `randperm` gives them."""
    dtype = np.dtype(dtype)
    _check(count, dtype)
    if count >= _WORDS64_FROM:
        order = _permutation64(engine, count)
    else:
        words = engine.draw32(max(count - 1, 0))
        words %= np.arange(count, 1, -1, dtype=np.uint64)
        partners = words.view(np.int64) + np.arange(max(count - 1, 0))
        order = (_swap if count < _LOOP_BELOW else _follow)(partners, count)
    return cast(order, dtype)


def _permutation64(engine, count):
    """Element i is put in a place drawn among the first i + 1, whose element moves to place i.

    These are the swaps of the other way in reverse order, seen from the far end: its inverse.
    """
    words = engine.draw64(count)
    words %= np.arange(1, count + 1, dtype=np.uint64)
    partners = count - 1 - words.view(np.int64)[:0:-1]
    reverse = count - 1 - _follow(partners, count)[::-1]
    order = np.empty(count, np.int64)
    order[reverse] = np.arange(count)
    return order


def _swap(partners, count):
    """Swap elements i and partners[i] of 0, 1, 2... for i = 0, 1, 2..."""
    order = list(range(count))
    for i, partner in enumerate(partners.tolist()):
        order[i], order[partner] = order[partner], order[i]
    return np.array(order, np.int64)


def _follow(partners, count):
    """What `_swap` gives, by following each element back through the swaps that moved it.

    The element that step i puts in place comes from place partners[i] = p. An earlier step with the
    same partner, the last of them k, left there what stood at place k before step k; and that came
    in turn from the last step before k whose partner was k, and so on.
    """
    bits = count.bit_length()
    partners = np.append(partners, count - 1)
    keys = (partners << bits) | np.arange(count)
    keys.sort()  # by partner, then by step
    steps, partner = keys & ((1 << bits) - 1), keys >> bits
    again = partner[1:] == partner[:-1]
    previous = np.empty(count, np.int64)
    previous[steps[0]] = -1
    previous[steps[1:]] = steps[:-1] | (again.astype(np.int64) - 1)  # -1 where not again
    last = np.append(~again, True)
    place, step = partner[last], steps[last]
    step = np.where(step == place, previous[step], step)
    source = np.arange(count)
    moved = step >= 0
    source[place[moved]] = step[moved]
    while True:
        further = source[source]
        if np.array_equal(further, source):
            break
        source = further
    return np.where(previous >= 0, source[previous], partners)


def _check(count, dtype):
    if count < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {count}: [{count}]")
    if is_floating(dtype):
        bits = EXACT_BITS[dtype]
        if count > (1 << bits) + 1 and dtype.name != "bfloat16":
            limit = f"{(1 << bits) + 1}" if bits < 24 else f"2^{bits}+1"
            raise RuntimeError(f"n cannot be greater than {limit} for {scalar_name(dtype)} type.")
    elif dtype.name in _INTEGERS and count - 1 > np.iinfo(dtype).max:
        raise RuntimeError(
            f"value cannot be converted to type {_INTEGERS[dtype.name]} without overflow"
        )
    elif dtype.name not in _INTEGERS or dtype.name in ("uint16", "uint32"):
        raise not_implemented("randperm", dtype)
