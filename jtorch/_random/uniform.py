"""Uniform numbers: how raw words become fractions, and fractions an interval."""

import math

import numpy as np

from jtorch._random.arithmetic import fma32, fma64
from jtorch._random.limits import cpp_name, lowest_and_largest, require_floating, scalar_name

CHUNK = 1 << 16  # numbers made at a time: temporaries stay in the processor's cache

_MASK24, _MASK53 = np.uint64((1 << 24) - 1), np.uint64((1 << 53) - 1)


def fractions32(engine, count):
    """`count` float32 in [0, 1): the low 24 bits of one word each."""
    words = engine.draw32(count)
    words &= _MASK24
    fractions = words.view(np.int64).astype(np.float32)
    fractions *= np.float32(2.0**-24)
    return fractions


def fractions64(engine, count):
    """`count` float64 in [0, 1): the low 53 bits of two words each."""
    words = engine.draw64(count)
    words &= _MASK53
    fractions = words.view(np.int64).astype(np.float64)
    fractions *= 2.0**-53
    return fractions


def uniform(engine, shape, dtype, low=0.0, high=1.0):
    """Numbers of [low, high), as `uniform_` and `rand` draw them.

    The 16-bit dtypes are drawn and scaled as float32, then rounded. A number that rounds to `high`
    becomes `low`. A complex number takes its real part first.
    """
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    if dtype.kind == "c":
        if not count:
            return np.empty(shape, dtype)
        real = np.dtype(f"f{dtype.itemsize // 2}")
        return uniform(engine, (*shape, 2), real, low, high).view(dtype)[..., 0]
    _check_bounds(dtype, low, high)
    result = np.empty(count, dtype)
    for start in range(0, count, CHUNK):
        part = result[start : start + CHUNK]
        part[:] = _uniform(engine, part.size, dtype, low, high)
    return result.reshape(shape)


def _uniform(engine, count, dtype, low, high):
    double = dtype == np.float64
    fractions = (fractions64 if double else fractions32)(engine, count)
    if (low, high) != (0.0, 1.0):
        kind = np.float64 if double else np.float32
        low, high = kind(low), kind(high)
        fractions = (fma64 if double else fma32)(fractions, high - low, low)
    elif dtype.itemsize > 2:
        return fractions  # below 1 already
    numbers = fractions.astype(dtype)
    numbers[numbers == dtype.type(high)] = dtype.type(low)
    return numbers


def _check_bounds(dtype, low, high):
    """PyTorch's errors for `uniform_`."""
    require_floating("check_uniform_bounds", dtype)
    lowest, largest = lowest_and_largest(dtype)
    for name, bound in (("from", low), ("to", high)):
        if not lowest <= bound <= largest:
            raise RuntimeError(f"{name} is out of bounds for {cpp_name(dtype)}")
    if low > high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    if high - low > largest:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{scalar_name(dtype)}>::max(), but "
            f"found to={high:g} and from={low:g} which result in to-from to exceed the limit"
        )


def read_ahead(engine, expected):
    """Yield float64 in [0, 1) one by one; closing it puts back what was drawn and not taken."""
    size = min(max(expected, 16), CHUNK)
    while True:
        mark = engine.mark()
        for taken, fraction in enumerate(fractions64(engine, size).tolist(), 1):
            try:
                yield fraction
            except GeneratorExit:
                engine.rewind(mark, 2 * taken)
                raise
