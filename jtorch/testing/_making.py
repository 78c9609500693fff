"""`make_tensor`: tensors of evenly distributed random numbers, for trying operations."""

import collections.abc
import math
import warnings

from jtorch import _dtypes
from jtorch._info import finfo, iinfo
from jtorch._ops.creation import empty
from jtorch._ops.elements import view_as_real
from jtorch._ops.random import randint

__all__ = ["make_tensor"]

# float8_e8m0fnu is not among them: it has no zero, and no sign.
_FLOAT8 = _dtypes.FLOAT8[:4]
_WHOLE = tuple(each for each in _dtypes.ALL if not each.is_floating_point and not each.is_complex)
_CONTINUOUS = tuple(each for each in _dtypes.ALL if each not in (*_WHOLE, *_dtypes.FLOAT8))


def make_tensor(
    *shape,
    dtype,
    device,
    low=None,
    high=None,
    requires_grad=False,
    noncontiguous=False,
    exclude_zero=False,
    memory_format=None,
):
    """Numbers between `low` and `high`, which is left out: -9 and 9, or what the dtype can hold of that.

    Shape:   integers, or one sequence of them; `noncontiguous` takes every second element of more.
    Dtype:   bools are both, unsigned integers 0 to 9, signed ones -9 to 9.
    Errors:  ValueError for bounds that leave nothing, NaN among them; for `requires_grad` of integers;
             for `noncontiguous` with a memory format. TypeError for other dtypes.
    Source:  torch.testing.make_tensor.
    """
    if len(shape) == 1 and isinstance(shape[0], collections.abc.Sequence):
        (shape,) = shape
    shape = tuple(shape)
    if noncontiguous and memory_format is not None:
        raise ValueError(
            "The parameters `noncontiguous` and `memory_format` are mutually exclusive, but got "
            f"{noncontiguous=} and {memory_format=}"
        )
    is_whole = dtype in _WHOLE
    if requires_grad and is_whole:
        raise ValueError(
            "`requires_grad=True` is not supported for boolean and integral dtypes, but got "
            f"{dtype=}"
        )
    noncontiguous = noncontiguous and math.prod(shape) > 1
    drawn = (*shape[:-1], 2 * shape[-1]) if noncontiguous else shape
    result = _drawn(drawn, dtype, device, low, high)
    if noncontiguous:
        result = result[..., 1::2]  # not from the first on: an offset is noticed as well
    elif memory_format is not None:
        result = result.clone(memory_format=memory_format)
    if exclude_zero:
        result[result == 0] = 1 if is_whole else finfo(dtype).tiny
    if dtype in _CONTINUOUS:
        result.requires_grad = requires_grad
    return result


def _drawn(shape, dtype, device, low, high):
    if dtype in _WHOLE:
        low, high = (math.ceil(each) for each in _bounds(dtype, low, high))
        return randint(low, high, shape, device=device, dtype=dtype)
    if dtype not in (*_CONTINUOUS, *_FLOAT8):
        raise TypeError(
            f"The requested dtype '{dtype}' is not supported by torch.testing.make_tensor(). To "
            "request support, file an issue at: https://github.com/pytorch/pytorch/issues"
        )
    low, high = _bounds(dtype, low, high)
    if dtype in _FLOAT8:
        result = empty(shape, device=device, dtype=_dtypes.float32)
        return _fill(result, low, high).to(dtype)
    result = empty(shape, device=device, dtype=dtype)
    _fill(view_as_real(result) if dtype.is_complex else result, low, high)
    return result


def _fill(result, low, high):
    if high - low >= finfo(result.dtype).max:  # more than `uniform_` takes
        return result.uniform_(low / 2, high / 2).mul_(2)
    return result.uniform_(low, high)


def _limits(dtype):
    """(the least and the greatest that bounds can be, the defaults of both)."""
    if dtype is _dtypes.bool_:
        return 0, 2, 0, 2
    if dtype in _WHOLE:
        # torch.randint's bounds are int64, so the one after the greatest int64 is none of them
        return iinfo(dtype).min, iinfo(dtype).max + (dtype is not _dtypes.int64), -9, 10
    return finfo(dtype).min, finfo(dtype).max, -9, 9


def _bounds(dtype, low, high):
    least, greatest, default_low, default_high = _limits(dtype)
    low = default_low if low is None else low
    high = default_high if high is None else high
    if any(isinstance(each, float) and math.isnan(each) for each in (low, high)):
        raise ValueError(f"`low` and `high` cannot be NaN, but got {low=} and {high=}")
    if low == high and dtype in _CONTINUOUS:
        warnings.warn(
            "Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is "
            "deprecated since 2.1 and will be removed in 2.3. Use `torch.full(...)` instead.",
            FutureWarning,
            stacklevel=4,
        )
    elif low >= high:
        raise ValueError(f"`low` must be less than `high`, but got {low} >= {high}")
    elif high < least or low >= greatest:
        raise ValueError(
            f"The value interval specified by `low` and `high` is [{low}, {high}), but {dtype} "
            f"only supports [{least}, {greatest})"
        )
    return min(max(low, least), greatest), min(max(high, least), greatest)
