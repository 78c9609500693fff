"""Operations along a dim, by the elements that a mask leaves; the others' results mean nothing."""

from jtorch._ops import arithmetic, cumulative, exponential
from jtorch._ops.extremes import maximum
from jtorch.masked._masks import canonical_dim, kept
from jtorch.masked._reductions import norm


def _along(name, function, input, dim, dtype, mask):
    dtype = input.dtype if dtype is None else dtype
    place = canonical_dim(dim, input.ndim)[0]
    return function(kept(name, input, mask), place, dtype=dtype)


def cumsum(input, dim, *, dtype=None, mask=None):
    """The sums of the elements up to each place, of those that `mask` leaves.

    Dtype:   that of `input`, or `dtype`.
    Source:  torch.masked.cumsum.
    """
    return _along("sum", cumulative.cumsum, input, dim, dtype, mask)


def cumprod(input, dim, *, dtype=None, mask=None):
    """The products of the elements up to each place, of those that `mask` leaves.

    Dtype:   that of `input`, or `dtype`.
    Source:  torch.masked.cumprod.
    """
    return _along("prod", cumulative.cumprod, input, dim, dtype, mask)


def softmax(input, dim, *, dtype=None, mask=None):
    """Shares that sum to 1 among the elements that `mask` leaves, by their exponentials.

    Errors:  NotImplementedError for integers.
    Source:  torch.masked.softmax.
    """
    return _along("amax", exponential.softmax, input, dim, dtype, mask)


def log_softmax(input, dim, *, dtype=None, mask=None):
    """The logarithm of `softmax`. Source: torch.masked.log_softmax."""
    return _along("amax", exponential.log_softmax, input, dim, dtype, mask)


def softmin(input, dim, *, dtype=None, mask=None):
    """`softmax` of the negated elements. Source: torch.masked.softmin."""
    return _along("amin", _of_negated, input, dim, dtype, mask)


def _of_negated(input, dim, dtype):
    return exponential.softmax(-input, dim, dtype=dtype)


def normalize(input, ord, dim, *, eps=1e-12, dtype=None, mask=None):
    """The elements over the norm of those that `mask` leaves, or over `eps` where it is smaller.

    Source:  torch.masked.normalize.
    """
    dtype = input.dtype if dtype is None else dtype
    numerator = kept("sum", input, mask)
    length = norm(input, ord, dim, keepdim=True, dtype=dtype, mask=mask)
    return arithmetic.div(numerator, maximum(length, length.new_full([], eps)))


__all__ = ["cumprod", "cumsum", "log_softmax", "normalize", "softmax", "softmin"]
