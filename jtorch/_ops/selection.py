"""The element of a given rank, the middle one, and the most frequent one. NaN is the largest."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.along import (
    AlongRow,
    along,
    at_places,
    lessened,
    require_kernel,
    require_length,
    same_dtype,
)
from jtorch._ops.cast import cast_array
from jtorch._ops.order import (
    first_extreme,
    is_nan,
    of_any,
    pick,
    place_type,
    select,
    sorting_places,
)
from jtorch._ops.parameters import Number
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, COMPLEX_TYPES
from jtorch._ops.signatures import Dim, is_integer, overloads
from jtorch._ops.writing import refuse_any_overlap, resize_quietly, warn_of_resizing
from jtorch._tensor import Tensor

_UNORDERED = (BOOL_TYPES, COMPLEX_TYPES, BAREBONES)


def _without(found, dim, keepdim):
    """(value, place), which have 1 along `dim`, as results."""
    return found if keepdim else tuple(jnp.squeeze(each, dim) for each in found)


def _check_kthvalue(input, k, dim):
    require_length("kthvalue", input, dim)
    require_kernel("kthvalue_cpu", input, *_UNORDERED, scalar_too=False)


def _check_rank(input, k, dim):
    if not is_integer(k):
        raise TypeError(f"kthvalue(): argument 'k' must be int, not {type(k).__name__}")
    if not isinstance(k, Tensor) and not 1 <= k <= (input.shape[dim] if input.ndim else 1):
        if input.ndim:
            require_length("kthvalue", input, dim)
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}")


def _kthvalue_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            "output indices must be of scalar type Long"
            if meta.dtype is _dtypes.int64
            else "output values must be of same type as input"
        )


class PickedRow(AlongRow):
    """A row whose `out` torch gives the reduced dim while it computes: warnings show that."""

    def _refuse_overlap_of_out(self, out, values):
        input, dim = values[0], values[self.positions["dim"]]
        if self.apart:
            for each in out:
                refuse_any_overlap(each, (input,))
        kinds = (input.dtype, _dtypes.int64)
        if [each.dtype for each in out] != list(kinds):
            return
        if not input.ndim:
            for each in out if self.name == "mode" else ():
                resize_quietly(each, ())
            return
        kept = (*input.shape[:dim], 1, *input.shape[dim + 1 :])
        reduced = kept if values[self.positions["keepdim"]] else lessened(input.shape, dim, False)
        for each in out:
            shape = tuple(each.shape)
            if reduced is not kept and self._is_opened(len(shape), dim, input.ndim):
                shape = (*shape[:dim], 1, *shape[dim:])
            warn_of_resizing(shape, kept, each)
            resize_quietly(each, reduced)

    def _is_opened(self, count, dim, ndim):
        """Whether torch puts the dim into an `out` of so many dims."""
        return count >= dim if self.name == "mode" else count == ndim - 1


@along(
    row=PickedRow,
    apart=True,
    check=_check_kthvalue,
    numbers=_check_rank,
    variants="fmo",
    returns=("values", "indices"),
    linked=at_places,
    out_check=_kthvalue_out,
    overloads=(
        "(Tensor input, int k, int dim = -1, bool keepdim = False, *, "
        "tuple of Tensors? out = None)",
    ),
)
def kthvalue(input: Tensor, k: Number, dim: Dim = -1, keepdim: bool = False):
    """The `k`-th smallest element along `dim`, counted from 1, and its (first) place.

    Shape:   (*) -> twice without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be bool or complex; places are int64.
    Errors:  RuntimeError if there are no `k` elements; IndexError if `dim` is out of range.
    Source:  torch.kthvalue.
    """
    if not input.ndim:
        return input, jnp.zeros((), np.int64)
    shape = (*input.shape[:dim], 1, *input.shape[dim + 1 :])
    place = jnp.full(shape, k - 1, np.int64)
    return _without(select(input, place, dim), dim, keepdim)


def _middle(input, dim, ignore_nan):
    """(median, place) with 1 along `dim`; of an even number the lower one, NaN if there is one."""
    length = input.shape[dim]
    missing = is_nan(input)
    if ignore_nan:
        count = length - jnp.sum(missing, axis=dim, keepdims=True, dtype=np.int64)
        place = jnp.maximum(count - 1, 0) // 2
    else:
        any_nan = jnp.any(missing, axis=dim, keepdims=True)
        # the last is a NaN if there is any
        place = jnp.where(any_nan, np.int64(length - 1), np.int64((length - 1) // 2))
    return select(input, place, dim)


def _median(input, dim, keepdim, ignore_nan):
    if not input.ndim or not input.size:
        shape = (*input.shape[:dim], *((1,) if keepdim else ()), *input.shape[dim + 1 :])
        shape = shape if input.ndim else ()
        return input.reshape(shape), jnp.zeros(shape, np.int64)
    return _without(_middle(input, dim, ignore_nan), dim, keepdim)


def _median_all(input, ignore_nan):
    if not input.size:
        return cast_array(jnp.full((), np.nan, np.float64), input.dtype)
    still = lax.stop_gradient(input.reshape(-1))
    return of_any(input, _middle(still, 0, ignore_nan)[0].reshape(()))


def _check_median_all(input):
    require_kernel("median_cpu", input, *_UNORDERED)


def _check_median(name):
    def check(input, dim):
        require_length(name, input, dim)
        require_kernel("median_out", input, *_UNORDERED)

    return check


def _median_out(target, meta):
    if target.dtype is meta.dtype:
        return
    given = target.dtype.scalar_name
    if meta.dtype is _dtypes.int64:
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have scalar type Long; but got "
            f"torch.{given}Tensor instead (while checking arguments for median)"
        )
    raise RuntimeError(
        "Expected tensor for 'values' to have the same type as tensor for argument #2 'self'; but "
        f"type torch.{given}Tensor does not equal torch.{meta.dtype.scalar_name}Tensor "
        "(while checking arguments for median)"
    )


_MEDIAN = (
    "(Tensor input)",
    "(Tensor input, int dim, bool keepdim = False, *, tuple of Tensors? out = None)",
)
_PLACED = {
    "variants": "o",
    "returns": ("values", "indices"),
    "linked": at_places,
    "out_check": _median_out,
}


def _link(input, result):
    """The result, which some elements are."""
    return of_any(input, result)


_link.__name__ = "of_any"


@along(dtype=same_dtype, shape=lambda: (), check=_check_median_all, variants="", name="median.all",
       gradient="MedianBackward0", linked=_link)  # fmt: skip
def _median_of_all(input: Tensor):
    return _median_all(input, False)


@along(check=_check_median("median"), name="median.dim", gradient="MedianBackward1", **_PLACED)
def _median_dim(input: Tensor, dim: Dim, keepdim: bool = False):
    return _median(input, dim, keepdim, False)


@along(dtype=same_dtype, shape=lambda: (), check=_check_median_all, variants="",
       name="nanmedian.all", gradient="NanmedianBackward0", linked=_link)  # fmt: skip
def _nanmedian_of_all(input: Tensor):
    return _median_all(input, True)


@along(check=_check_median("median"), name="nanmedian.dim", gradient="NanmedianBackward1",
       **_PLACED)  # fmt: skip
def _nanmedian_dim(input: Tensor, dim: Dim, keepdim: bool = False):
    return _median(input, dim, keepdim, True)


@overloads(*zip(_MEDIAN, (_median_of_all, _median_dim), strict=True))
def median():
    """The middle element, of an even number the lower one; along `dim` with its (first) place.

    Shape:   (*) -> (), or twice without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be bool or complex; places are int64.
    Errors:  IndexError for a `dim` of no elements, or out of range.
    Source:  torch.median.
    """


@overloads(*zip(_MEDIAN, (_nanmedian_of_all, _nanmedian_dim), strict=True))
def nanmedian():
    """`median` of the elements that are not NaN.

    Shape:   (*) -> (), or twice without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be bool or complex; places are int64.
    Errors:  IndexError for a `dim` of no elements, or out of range.
    Source:  torch.nanmedian.
    """


def _check_mode(input, dim):
    require_length("mode", input, dim)
    require_kernel("mode_cpu", input, COMPLEX_TYPES, BAREBONES, scalar_too=False)


class _ModeRow(PickedRow):
    """A row that says which `out` has another dtype."""

    def _into(self, out, entry, inputs):
        for which, target, meta in zip(("values", "indices"), out, entry.meta, strict=False):
            if isinstance(target, Tensor) and target.dtype is not meta.dtype:
                raise RuntimeError(
                    f"expected scalar type '{meta.dtype.scalar_name}' but got "
                    f"'{target.dtype.scalar_name}' for {which} output"
                )
        return super()._into(out, entry, inputs)


@along(
    row=_ModeRow, check=_check_mode, variants="fmo", returns=("values", "indices"), linked=at_places
)
def mode(input: Tensor, dim: Dim = -1, keepdim: bool = False):
    """The most frequent element along `dim`, of equals the smallest, and its last place.

    Shape:   (*) -> twice without `dim`, or with 1 there if `keepdim`.
    Dtype:   the input's, which must not be complex; places are int64.
    Errors:  IndexError for a `dim` of no elements, or out of range.
    Source:  torch.mode.
    """
    if not input.ndim or not input.size:
        return _median(input, dim, keepdim, False)
    places = sorting_places(input, dim)
    ordered = pick(input, places, dim)
    number = lax.broadcasted_iota(place_type(input.shape[dim]), input.shape, dim)
    differs = lax.slice_in_dim(ordered, 1, None, axis=dim) != lax.slice_in_dim(
        ordered, 0, -1, axis=dim
    )
    first = jnp.concatenate(
        [jnp.ones_like(lax.slice_in_dim(number, 0, 1, axis=dim), bool), differs], dim
    )
    start = lax.cummax(jnp.where(first, number, 0), axis=dim)
    # the end of the first of the longest runs of equal elements
    end = first_extreme(number - start, dim, True, True)[1]
    return _without((pick(ordered, end, dim), pick(places, end, dim)), dim, keepdim)
