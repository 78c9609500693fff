"""Places in sorted sequences, by bisection."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import BOOL, COMPLEX
from jtorch._messages import warn_once
from jtorch._ops.detailed import detailed
from jtorch._ops.order import pick
from jtorch._ops.parameters import Index, Number
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import BAREBONES, common_dtype, unsupported
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor


def insertion_places(sequence, values, right, sorter=None):
    """Where values would go into a sorted sequence: before equal elements, or (`right`) after them.

    Both have the same leading dims, or `sequence` is a vector. A NaN goes to the end.
    """
    length = sequence.shape[-1]
    low = jnp.zeros(values.shape, np.int64)
    high = jnp.full(values.shape, length, np.int64)

    def halve(_, state):
        low, high = state
        middle = (low + high) >> 1
        there = jnp.minimum(middle, length - 1)
        if sorter is not None:
            there = jnp.clip(_at(sorter, there), 0, length - 1)
        element = _at(sequence, there)
        before = ~(element > values) if right else ~(element >= values)
        open_ = low < high
        return jnp.where(open_ & before, middle + 1, low), jnp.where(open_ & ~before, middle, high)

    if not length or not values.size:
        return low
    return lax.fori_loop(0, length.bit_length(), halve, (low, high))[0]


def _at(sequence, places):
    if sequence.ndim == 1:
        return sequence.at[places].get(mode="promise_in_bounds")
    return pick(sequence, places, sequence.ndim - 1)


_NAME = "torch.searchsorted(): "


def _check_kinds(boundaries, values, sorter=None):
    common = common_dtype(boundaries, values)
    if common.category in (BOOL, COMPLEX) or common in BAREBONES:
        raise unsupported("searchsorted_out_cpu", common)
    for name, each in (("input value", values), ("boundary", boundaries), ("sorter", sorter)):
        if isinstance(each, Tensor) and not each.is_contiguous():
            warn_once(_COPIED.format(name))


_COPIED = (
    "torch.searchsorted(): {0} tensor is non-contiguous, this will lower the performance due to extra "
    "data copy when converting non-contiguous tensor to contiguous, please use contiguous {0} tensor "
    "if possible. This message will only appear once per program."
)


def _check_shapes(boundaries, values):
    shape, other = list(boundaries.shape), list(values.shape)
    if not shape:
        raise RuntimeError(
            f"{_NAME}boundaries tensor should have positive dimension, but got 0 dimension"
        )
    if len(shape) != 1 and shape[:-1] != other[:-1]:
        if not other:
            raise RuntimeError(
                f"{_NAME}input value can be a scalar only when boundaries tensor dimension is 1, "
                f"but we got boundaries tensor dim({len(shape)}) and input value's dim(0) numel(1)"
            )
        raise RuntimeError(
            f"{_NAME}boundaries tensor should be 1 dimension or the first N-1 dimensions of "
            f"boundaries tensor and input value tensor must match, but we got boundaries tensor "
            f"{shape} and input value tensor {other}"
        )


def _check_side(right, side):
    if side is not None:
        if side not in ("left", "right"):
            raise RuntimeError(f"{_NAME}side can only be 'left' or 'right' but got {side}")
        if right and side == "left":
            raise RuntimeError(
                f"{_NAME}side and right can't be set to opposites, got side of {side} while "
                "right was True"
            )


def _check_sorter(boundaries, sorter):
    if sorter is None:
        return
    if boundaries.shape != sorter.shape:
        raise RuntimeError(
            f"{_NAME}boundary and sorter must have the same size, but got boundary tensor "
            f"{list(boundaries.shape)}and got sorter tensor {list(sorter.shape)}"
        )
    if sorter.dtype is not _dtypes.int64:
        raise RuntimeError(
            f"{_NAME}sorter must be a tensor of long dtype but got dtype {sorter.dtype.scalar_name}"
        )


def _check_searchsorted(sorted_sequence, input, right, side, sorter):
    scalar = not isinstance(input, Tensor)
    if scalar and sorted_sequence.ndim != 1:
        raise RuntimeError(
            f"{_NAME}input value can be a scalar only when boundaries tensor dimension is 1, but "
            f"we got boundaries tensor dim({sorted_sequence.ndim}) and input value's dim(0) "
            "numel(1)"
        )
    if not scalar:
        _check_shapes(sorted_sequence, input)
    _check_side(right, side)
    _check_sorter(sorted_sequence, sorter)
    _check_kinds(sorted_sequence, input, sorter)


def _index_dtype(out_int32):
    return _dtypes.int32 if out_int32 else _dtypes.int64


def _values_shape(input):
    return input.shape if isinstance(input, Tensor) else ()


def _out_check(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"{_NAME}output tensor's dtype is wrong, it can only be Int(int32) or Long(int64) "
            "depending on whether out_int32 flag is True, but we got output tensor's dtype "
            f"{target.dtype.scalar_name} and out_int32 flag is {meta.dtype is _dtypes.int32}"
        )


def _sorter_error(code):
    return RuntimeError(f"{_NAME}sorter index out of range")


_ROW = {"dtype": _index_dtype, "shape": _values_shape, "out_check": _out_check, "variants": "o"}


@detailed(DEFAULT, name="searchsorted", check=_check_searchsorted, error=_sorter_error, **_ROW)
def _searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Index | None = None,
):
    code = jnp.zeros((), np.int64)
    if sorter is not None and sorter.size:
        wrong = (sorter < 0) | (sorter >= sorter.shape[-1])
        code = jnp.any(wrong).astype(np.int64)
    places = insertion_places(sorted_sequence, input, right or side == "right", sorter)
    return places, code


def _searchsorted_number(sorted_sequence, self, *, out_int32=False, right=False, side=None,
                         sorter=None, out=None):  # fmt: skip
    return _searchsorted(
        sorted_sequence, self, out_int32=out_int32, right=right, side=side, sorter=sorter, out=out
    )


_SEARCH = tuple(
    f"(Tensor sorted_sequence, {value}, *, bool out_int32 = False, bool right = False, "
    "str? side = None, Tensor? sorter = None, Tensor? out = None)"
    for value in ("Tensor input", "Number self")
)


@overloads(*zip(_SEARCH, (_searchsorted, _searchsorted_number), strict=True), variants="f")
def searchsorted():
    """Where values would go into sequences sorted along the last dim: `side` of equal elements.

    Shape:   (n), (*) -> (*); or (*, n), (*, m) -> (*, m).
    Dtype:   int64, or int32 if `out_int32`.
    Errors:  RuntimeError for leading dims that differ, or a `sorter` of another shape.
    Source:  torch.searchsorted.
    """


def _check_bucketize(input, boundaries):
    if boundaries.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    _check_kinds(boundaries, input)


@detailed(DEFAULT, name="bucketize", check=_check_bucketize, **_ROW)
def _bucketize(input: Tensor | Number, boundaries: Tensor, *, out_int32: bool = False,
               right: bool = False):  # fmt: skip
    return insertion_places(boundaries, input, right)


def _bucketize_number(self, boundaries, *, out_int32=False, right=False):
    return _bucketize(self, boundaries, out_int32=out_int32, right=right)


_BUCKET = "Tensor boundaries, *, bool out_int32 = False, bool right = False"


@overloads(
    (f"(Tensor input, {_BUCKET}, Tensor? out = None)", _bucketize),
    (f"(Number self, {_BUCKET})", _bucketize_number),
    variants="f",
)
def bucketize():
    """Between which two of the sorted `boundaries` each value lies; `right`: equal ones go after.

    Shape:   (*), (n) -> (*).
    Dtype:   int64, or int32 if `out_int32`.
    Errors:  RuntimeError unless `boundaries` is a vector.
    Source:  torch.bucketize.
    """
