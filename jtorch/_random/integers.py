"""Whole numbers: `random_` in its three forms, `randint`, and the shuffle behind `randperm`."""

import math
import warnings

import numpy as np

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
        modulus = (1 << EXACT_BITS[dtype.name]) + 1
    else:
        modulus = lowest_and_largest(dtype)[1] + 1
    wide = dtype.name in ("int64", "float64")
    return _remainders(engine, shape, dtype, modulus, 0, wide)


def random_between(engine, shape, dtype, low, high):
    """Numbers from `low` to `high` - 1, as `random_(low, high)` and `randint` draw them.

    `high` None means all numbers from `low` on. Errors are PyTorch's, and so is the warning for
    floating dtypes with bounds that they cannot hold.
    """
    dtype = np.dtype(dtype)
    if not (is_floating(dtype) or dtype.kind in "biu"):
        if dtype.kind == "c":
            raise RuntimeError(
                "check_random_bounds handles only integral, floating-point and boolean types"
            )
        raise not_implemented("random_update_from_to", dtype)
    if high is None:
        return _random_from(engine, shape, dtype, low)
    if not low < high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    if is_floating(dtype):
        low, high = _representable(dtype, low, high)
        if not low < high:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but "
                f"got from={low} >= to={high}"
            )
    _check_bounds(dtype, low, high - 1)
    count = high - low
    return _remainders(engine, shape, dtype, count, low, wide=count >= _WIDE)
