"""Whole numbers: `random_` in its three forms, `randint`, and the shuffle behind `randperm`."""

import math

import numpy as np

from jtorch._messages import warn_user
from jtorch._random.arithmetic import cast
from jtorch._random.limits import (
    EXACT_BITS,
    cpp_name,
    is_floating,
    lowest_and_largest,
    not_implemented,
)
from jtorch._random.uniform import CHUNK

_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_WIDE = 1 << 28  # ranges from here on take a 64-bit word for each number
_BAREBONES = ("uint16", "uint32", "uint64")


def random(engine, shape, dtype):
    """Numbers over all of an integer dtype that is not negative, as `random_()` draws them.

    A floating dtype gets 0 to the largest power of two up to which it is exact, included.
    """
    dtype = np.dtype(dtype)
    if not math.prod(shape):
        return np.empty(shape, dtype)
    if dtype.name in _BAREBONES or not (is_floating(dtype) or dtype.kind in "biu"):
        raise not_implemented("random_kernel_cpu", dtype)
    if is_floating(dtype):
        modulus = (1 << EXACT_BITS[dtype]) + 1
    else:
        modulus = lowest_and_largest(dtype)[1] + 1
    wide = dtype.name in ("int64", "float64")
    return _remainders(engine, shape, dtype, modulus, 0, wide)


def random_between(engine, shape, dtype, low, high):
    """Numbers from `low` to `high` - 1, as `random_(low, high)` and `randint` draw them.

    `high` None means all numbers from `low` on. Warns, as PyTorch does, of bounds that a floating
    dtype cannot hold.
    """
    dtype = np.dtype(dtype)
    if high is None:
        return _random_from(engine, shape, dtype, low)
    if not low < high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    if dtype.kind == "c":
        raise _only_real("check_random_bounds")
    if is_floating(dtype):
        low, high = _first_representable(dtype, low), _end_representable(dtype, high)
        if not low < high:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but "
                f"got from={low} >= to={high}"
            )
    elif dtype.kind not in "biu":
        raise not_implemented("random_update_from_to", dtype)
    _check_bounds(dtype, low, high - 1)
    count = high - low
    return _remainders(engine, shape, dtype, count, low, wide=count >= _WIDE)


def _random_from(engine, shape, dtype, low):
    """All numbers of the dtype from `low` on."""
    if low == _INT64_MIN:
        if not math.prod(shape):
            return np.empty(shape, dtype)
        kernel = "random_full_64_bits_range_kernel_cpu"
        if dtype.name in ("uint8", "int8", "int16", "int32"):
            raise RuntimeError(f"{kernel} handles only int64, double, float and bfloat16")
        if dtype.name not in ("int64", "float64", "float32", "bfloat16"):
            raise not_implemented(kernel, dtype)
        return _remainders(engine, shape, dtype, 1 << 64, 0, wide=True)
    if dtype.kind == "c":
        raise _only_real("random_from_to_impl")
    if is_floating(dtype):
        highest = 1 << EXACT_BITS[dtype]
        if low < _INT64_MAX:  # PyTorch does not return from looking for the one after it
            low = _first_representable(dtype, low)
        if low >= highest:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' "
                f"casted to dtype, but got from={low} > to_inc={highest}"
            )
    elif dtype.kind in "biu":
        highest = lowest_and_largest(dtype)[1]
        if highest > _INT64_MAX:
            highest = -1  # PyTorch keeps it in a signed number, so uint64 is always refused
    else:
        raise not_implemented("random_from_to_range_calc", dtype)
    _check_bounds(dtype, low, highest)
    count = highest - low + 1
    return _remainders(engine, shape, dtype, count, low, wide=count >= _WIDE)


def _remainders(engine, shape, dtype, modulus, low, wide):
    """`low` + word % modulus: for each number one 32-bit word, or a 64-bit one if `wide`."""
    result = np.empty(math.prod(shape), dtype)
    low = np.uint64(low % (1 << 64))
    for start in range(0, result.size, CHUNK):
        part = result[start : start + CHUNK]
        words = (engine.draw64 if wide else engine.draw32)(part.size)
        if modulus < 1 << 64:
            words %= np.uint64(modulus)
        words += low
        part[:] = cast(words.view(np.int64), dtype)
    return result.reshape(shape)


def _first_representable(dtype, low):
    """`low`, or the next number of the floating dtype if `low` + 1 rounds to one below."""
    rounded = _round_trip(dtype, low + 1)
    return low if rounded >= low else rounded + _spacing(dtype, low + 1)


def _end_representable(dtype, high):
    """`high`, or the last number of the floating dtype before it if `high` - 1 rounds up to it."""
    rounded = _round_trip(dtype, high - 1)
    return high if rounded < high else rounded - _spacing(dtype, high - 1)


def _round_trip(dtype, number):
    """int64 -> dtype -> int64 on x86, where what does not fit becomes the smallest int64."""
    there = float(cast(np.int64(number), dtype))
    return int(there) if abs(there) < 2.0**63 else _INT64_MIN


def _spacing(dtype, number):
    return 1 << (abs(number).bit_length() - EXACT_BITS[dtype])


def _check_bounds(dtype, low, highest):
    lowest, largest = lowest_and_largest(dtype)
    for name, bound in (("from", low), ("to - 1", highest)):
        if not lowest <= bound <= largest:
            raise RuntimeError(f"{name} is out of bounds for {cpp_name(dtype)}")
    if not is_floating(dtype):
        return
    bits = EXACT_BITS[dtype]
    for name, bound in (("from", low), ("to - 1", highest)):
        if abs(bound) > 1 << bits:
            warn_user(
                f"{name} is out of bounds [-(2^{bits}), 2^{bits}]. Due to precision limitations "
                f"{cpp_name(dtype)} can support discrete uniform distribution only within this "
                "range. This warning will become an error in version 1.7 release, please fix the "
                "code in advance"
            )


def _only_real(kernel):
    return RuntimeError(f"{kernel} handles only integral, floating-point and boolean types")
