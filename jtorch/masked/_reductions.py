"""Reductions of the elements that a mask leaves.

Where it leaves none, the result has whatever number the reduction begins with.
"""

from jtorch import _dtypes
from jtorch._ops import arithmetic, maxima, norms, powers, reduce, selection
from jtorch._ops.creation import ones
from jtorch._ops.exponential import logaddexp as logaddexp_of
from jtorch._ops.extremes import maximum
from jtorch._ops.signs import isnan
from jtorch.masked._masks import canonical_dim, input_mask, kept

_WIDENED = (_dtypes.uint8, _dtypes.bool_, _dtypes.int8, _dtypes.int16, _dtypes.int32)


def _dtype_of_sum(input, dtype):
    if dtype is not None:
        return dtype
    return _dtypes.int64 if input.dtype in _WIDENED else input.dtype


def sum(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The sum of the elements that `mask` leaves; 0 where it leaves none.

    Shape:   without `dim`; None and () are all dims.
    Dtype:   that of `input`, but int64 for smaller integers and bools; or `dtype`.
    Errors:  IndexError, RuntimeError if a dim or the mask does not fit.
    Source:  torch.masked.sum.
    """
    dtype = _dtype_of_sum(input, dtype)
    dims = canonical_dim(dim, input.ndim)
    return reduce.sum(kept("sum", input, mask), dims, bool(keepdim), dtype=dtype)


def prod(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The product of the elements that `mask` leaves; 1 where it leaves none.

    Shape, Dtype, Errors:  as of `sum`.
    Source:  torch.masked.prod.
    """
    dtype = _dtype_of_sum(input, dtype)
    dims = canonical_dim(dim, input.ndim)
    result = kept("prod", input, mask).to(dtype=dtype)
    for each in reversed(dims):
        result = result.prod(dim=each, keepdim=bool(keepdim))
    return result


def amax(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The greatest of the elements that `mask` leaves; the least of the dtype where it leaves none.

    Shape, Errors:  as of `sum`; NotImplementedError for bools with a mask.
    Source:  torch.masked.amax.
    """
    return _most("amax", maxima.amax, input, dim, keepdim, dtype, mask)


def amin(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The least of the elements that `mask` leaves; the greatest of the dtype where it leaves none.

    Shape, Errors:  as of `sum`; NotImplementedError for bools with a mask.
    Source:  torch.masked.amin.
    """
    return _most("amin", maxima.amin, input, dim, keepdim, dtype, mask)


def _most(name, function, input, dim, keepdim, dtype, mask):
    dtype = input.dtype if dtype is None else dtype
    input = kept(name, input, mask)
    return function(input, canonical_dim(dim, input.ndim), bool(keepdim)).to(dtype=dtype)


def argmax(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The place of the greatest of the elements that `mask` leaves.

    Dtype:   that of `input`, or `dtype`.
    Source:  torch.masked.argmax.
    """
    dtype = input.dtype if dtype is None else dtype
    return maxima.argmax(kept("argmax", input, mask), dim, bool(keepdim)).to(dtype=dtype)


def argmin(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The place of the least of the elements that `mask` leaves.

    Dtype:   that of `input`, or `dtype`.
    Source:  torch.masked.argmin.
    """
    dtype = input.dtype if dtype is None else dtype
    return maxima.argmin(kept("argmin", input, mask), dim, bool(keepdim)).to(dtype=dtype)


def _counted(input, dim, keepdim, dtype, mask):
    """(how many elements, their sum, the mask in the shape of the input)."""
    if mask is None:
        every = ones(input.shape, dtype=_dtypes.int64, device=input.device)
        count = sum(every, dim, keepdim=keepdim)
    else:
        mask = input_mask(input, mask=mask)
        count = mask.sum(dim=dim, keepdim=bool(keepdim))
    return count, sum(input, dim, keepdim=keepdim, dtype=dtype, mask=mask), mask


def mean(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The mean of the elements that `mask` leaves; NaN where it leaves none.

    Shape:   as of `sum`.
    Errors:  ValueError where the dtype is one of integers or bool.
    Source:  torch.masked.mean.
    """
    source = "Input" if dtype is None else "Optional"
    dtype = input.dtype if dtype is None else dtype
    if not (dtype.is_floating_point or dtype.is_complex):
        raise ValueError(
            f"mean(): Could not infer output dtype. {source} dtype must be either a floating point "
            f"or complex dtype. Got: {dtype}"
        )
    count, total, _ = _counted(input, dim, keepdim, dtype, mask)
    return total / count


def median(input, dim=-1, *, keepdim=False, dtype=None, mask=None):
    """The lower median of the elements that `mask` leaves; NaN where it leaves none.

    Dtype:   that of `input`; of integers `dtype`, if it is given.
    Errors:  ValueError where the mask leaves no element of a row of integers.
    Source:  torch.masked.median.
    """
    dtype = input.dtype if dtype is None else dtype
    place = canonical_dim(dim, input.ndim)[0]
    is_floating = input.dtype.is_floating_point
    if not is_floating:
        input = input.to(dtype=_dtypes.float32)
    found = selection.nanmedian(kept("median", input, mask), place, keepdim).values
    if is_floating:
        return found
    if isnan(found).any():
        raise ValueError(
            "masked median expects no fully masked out rows if dtype is not floating point"
        )
    return found.to(dtype=dtype)


def logsumexp(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The logarithm of the sum of exponentials of the elements that `mask` leaves.

    Shape:   as of `sum`.
    Source:  torch.masked.logsumexp.
    """
    dtype = input.dtype if dtype is None else dtype
    dims = canonical_dim(dim, input.ndim)
    return norms.logsumexp(kept("logsumexp", input, mask), dims, keepdim=keepdim).to(dtype=dtype)


def logaddexp(input, other, *, dtype=None, input_mask=None, other_mask=None):
    """The logarithm of the sum of two exponentials, each with a mask of its own.

    Source:  torch.masked.logaddexp.
    """
    dtype = input.dtype if dtype is None else dtype
    left = kept("logaddexp", input, input_mask)
    return logaddexp_of(left, kept("logaddexp", other, other_mask)).to(dtype=dtype)


def norm(input, ord=2.0, dim=None, *, keepdim=False, dtype=None, mask=None):
    """The norm of the elements that `mask` leaves, taken as a vector; 0 where it leaves none.

    Shape:   as of `sum`.
    Source:  torch.masked.norm.
    """
    dtype = input.dtype if dtype is None else dtype
    input = kept("norm", input, mask, ord)
    dims = canonical_dim(dim, input.ndim)
    return norms.vector_norm(input, ord, dims, bool(keepdim), dtype=dtype)


def _spread(input, dim, unbiased, correction, keepdim, dtype, mask, take_sqrt):
    if unbiased is not None and correction is not None:
        raise AssertionError("Only one of unbiased and correction may be given")
    if correction is None:
        correction = 1.0 if unbiased is None or unbiased else 0.0
    if dtype is None:
        dtype = _floating(input.dtype)
    compute = _floating(dtype)
    count, total, mask = _counted(input, dim, True, dtype, mask)
    distance = arithmetic.sub(input, arithmetic.div(total, count))
    total = sum(distance * distance.conj(), dim, keepdim=keepdim, dtype=compute, mask=mask)
    if not keepdim:
        count = count.reshape(total.shape)
    if correction != 0:
        count = arithmetic.sub(count.to(compute.to_real()), float(correction))
        count = maximum(count, count.new_zeros([]))
    result = arithmetic.div(total, count).to(dtype=dtype)
    return powers.sqrt(result) if take_sqrt else result


def _floating(dtype):
    return dtype if dtype.is_floating_point or dtype.is_complex else _dtypes.float32


def var(input, dim=None, unbiased=None, *, correction=None, keepdim=False, dtype=None, mask=None):
    """The variance of the elements that `mask` leaves; NaN where it leaves none.

    Shape:   as of `sum`.
    Errors:  AssertionError if both `unbiased` and `correction` are given.
    Source:  torch.masked.var.
    """
    return _spread(input, dim, unbiased, correction, keepdim, dtype, mask, False)


def std(input, dim=None, unbiased=None, *, correction=None, keepdim=False, dtype=None, mask=None):
    """The square root of `var`. Source: torch.masked.std."""
    return _spread(input, dim, unbiased, correction, keepdim, dtype, mask, True)


__all__ = [
    "amax",
    "amin",
    "argmax",
    "argmin",
    "logaddexp",
    "logsumexp",
    "mean",
    "median",
    "norm",
    "prod",
    "std",
    "sum",
    "var",
]
