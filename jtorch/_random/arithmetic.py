"""The arithmetic that PyTorch's sampling code does and numpy does not: fused multiply-add, the C
library's double functions, and rounding to the narrow dtypes the way C++ rounds."""

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from jtorch._random.limits import is_floating

_SPLIT = 2.0**27 + 1
_LARGEST_SAFE, _SMALLEST_SAFE = 2.0**500, 2.0**-400
_LARGEST_EXP = 709.782712893384  # exp of the next double overflows

# Numpy's own double functions are faster than the C library's but differ from them by some ulp,
# which a formula can magnify a thousandfold. Results nearer than this (relative) to a rounding
# boundary are worked out again: one in 2,000 for float32.
_SLACK = 2.0**-36


def _add_to_odd(a, b):
    """a + b rounded to odd: an inexact sum gets an odd last bit, so a second rounding is safe."""
    total = a + b
    part = total - a
    error = (a - (total - part)) + (b - part)
    bits = total.view(np.int64)
    step = np.where((error > 0) == (total > 0), 1, -1)
    inexact = (error != 0) & (bits & 1 == 0)
    return np.where(inexact, bits + step, bits).view(np.float64)


def fma32(a, b, c):
    """a * b + c of float32 numbers, rounded once to float32."""
    product = np.multiply(a, b, dtype=np.float64)  # exact
    total = product + np.float64(c)
    # Rounding twice goes wrong only where the double sum lies on a float32 tie.
    bits = np.atleast_1d(total).view(np.int64)
    doubtful = (bits & 0x1FFFFFFF == 0x10000000) | (np.abs(total) < 2.0**-125)
    if doubtful.any():
        product, shift = np.broadcast_arrays(product, np.float64(c))
        return np.where(doubtful, _add_to_odd(product, shift), total).astype(np.float32)
    return total.astype(np.float32)


def fma64(a, b, c):
    """a * b + c, rounded once, of a float64 array and two numbers."""
    b, c = float(b), float(c)
    if abs(b) == 1 or c == 0:
        return a * b + c
    if a.size < 32:
        return np.array([_fma_by_fractions(x, b, c) for x in a.tolist()], np.float64)
    with np.errstate(all="ignore"):
        product = a * b
        # Dekker's product, then Boldo and Melquiond's sum through rounding to odd.
        a_high = _SPLIT * a - (_SPLIT * a - a)
        b_high = _SPLIT * b - (_SPLIT * b - b)
        a_low, b_low = a - a_high, b - b_high
        rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
        low = c + rest
        part = low - c
        low_error = (c - (low - part)) + (rest - part)
        high = product + low
        part = high - product
        high_error = (product - (high - part)) + (low - part)
        result = high + _add_to_odd(low_error, high_error)
        # An exact zero keeps the sign that the plain sum has.
        result = np.where(result == 0, product + c, result)
        size = np.abs(product)
        extreme = ~(size < _LARGEST_SAFE) | ((size < _SMALLEST_SAFE) & (a != 0))
        if max(abs(b), abs(c)) > _LARGEST_SAFE:
            extreme[:] = True
        extreme |= np.abs(a) > _LARGEST_SAFE
    for i in np.flatnonzero(extreme):
        result[i] = _fma_by_fractions(float(a[i]), b, c)
    return result


def _fma_by_fractions(a, b, c):
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
        return a * b + c
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if not exact:
        return a * b + c
    try:
        return exact.numerator / exact.denominator
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def _each(function, x):
    return np.fromiter(map(function, x.tolist()), np.float64, x.size)


def _log(x):
    zero = x == 0
    return np.where(zero, -np.inf, _each(math.log, np.where(zero, 1.0, x)))


def _exp(x):
    result = _each(math.exp, np.minimum(x, _LARGEST_EXP))
    return np.where(x > _LARGEST_EXP, np.inf, result)


# Functions of one-dimensional float64 arrays: the C library's own, one call an element, as PyTorch
# calls them; and numpy's, faster and a few ulp off.
EXACT = SimpleNamespace(
    log=_log,
    exp=_exp,
    log1p=lambda x: _each(math.log1p, x),
    sin=lambda x: _each(math.sin, x),
    cos=lambda x: _each(math.cos, x),
    tan=lambda x: _each(math.tan, x),
    fma=fma64,
)
FAST = SimpleNamespace(
    log=np.log,
    exp=np.exp,
    log1p=np.log1p,
    sin=np.sin,
    cos=np.cos,
    tan=np.tan,
    fma=lambda a, b, c: a * b + c,
)


def evaluate(formula, arrays, finish, slack=0.0):
    """`finish(formula(EXACT, *arrays))`, but quickly.

    `finish` rounds doubles to fewer values (a narrower dtype, whole numbers) and is monotonic. The
    fast functions are used where they leave no doubt about its result. `slack` is the size of terms
    that may cancel in the formula.
    """
    if arrays[0].size < 64:
        return finish(formula(EXACT, *arrays))
    with np.errstate(all="ignore"):
        fast = formula(FAST, *arrays)
        margin = _SLACK * (np.abs(fast) + slack)
        result = finish(fast - margin)
        doubtful = np.flatnonzero(~(result == finish(fast + margin)))
    if doubtful.size:
        result[doubtful] = finish(formula(EXACT, *(array[doubtful] for array in arrays)))
    return result


def evaluate_as(dtype, formula, arrays, slack=0.0):
    """The values of `formula` as C++ would cast them from double to `dtype`."""
    if dtype == np.float64:
        return formula(EXACT, *arrays)
    return evaluate(formula, arrays, lambda values: cast(values, dtype), slack)


def cast(values, dtype):
    """C++'s conversion of doubles or integers; to the 16-bit floats by way of float32."""
    with np.errstate(all="ignore"):
        if dtype.itemsize == 2 and is_floating(dtype):
            values = values.astype(np.float32)
        return values.astype(dtype, copy=False)
