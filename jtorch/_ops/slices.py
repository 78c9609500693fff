"""Slices of a dim placed by a vector of indices: `index_add`, `index_copy` and their like."""

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX
from jtorch._messages import warn_once
from jtorch._ops.bounds import (
    Bounds,
    extent,
    indexed,
    is_index,
    is_long,
    out_of_bounds,
    outside,
)
from jtorch._ops.cast import cast_array
from jtorch._ops.detailed import refuse_complex
from jtorch._ops.gather import linear_places, wrapped
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Index, Number
from jtorch._ops.product import in_dtype
from jtorch._ops.refusals import unsupported
from jtorch._ops.scatter import METHODS, reducing, setting, value_fits
from jtorch._shapes import like_strides, wrap_dim
from jtorch._tensor import Tensor


def _check_vector_of(name, index):
    if index.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, but got dim: {index.ndim} with type: "
            f"{index.dtype.scalar_name} and size: {list(index.shape)}"
        )
    if not is_index(index):
        raise RuntimeError(
            f"{name}(): Expected dtype int32/int64 for index but got: {index.dtype.scalar_name}"
        )


def _check_slices(name, input, dim, index, source):
    """The checks that `index_add` and `index_reduce` share."""
    dim = wrap_dim(dim, input.ndim)
    _check_vector_of(name, index)
    if input.dtype is not source.dtype:
        raise RuntimeError(
            f"{name}(): self ({input.dtype.scalar_name}) and source ({source.dtype.scalar_name}) "
            "must have the same scalar type"
        )
    count = index.numel()
    if count != (source.size(dim) if source.ndim else 1):
        if not source.ndim:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        raise RuntimeError(
            f"{name}(): Number of indices ({count}) should be equal to source.size(dim): "
            f"({source.size(dim)}), for dim: {dim}"
        )
    left, right = list(input.shape), list(source.shape)
    if len(left) == len(right) and left:
        del left[dim], right[dim]
    if left != right:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {list(input.shape)} source.shape = {list(source.shape)}"
        )


def _slice_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    size = extent(input, dim)
    if input.ndim > 1:
        return out_of_bounds(RuntimeError, dim, size)
    return Bounds(0, size, _out_of_self)


def _out_of_self(value):
    return IndexError("index out of range in self")


def _by_slices(input, dim, index, source, how):
    """(result, error code): slices of `source` go where `index` says, by `how` of flat arrays."""
    array, index = jnp.atleast_1d(input), index.reshape(-1)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    if not index.size or not array.size:
        return input, code
    shape = list(array.shape)
    shape[dim] = index.size
    index = jnp.clip(index, 0, array.shape[dim] - 1)
    line = [-1 if axis == dim else 1 for axis in range(array.ndim)]
    along = jnp.broadcast_to(index.reshape(line), shape)
    places = linear_places(array.shape, dim, along)
    values = jnp.broadcast_to(source.reshape(shape) if source.ndim else source, shape)
    result = how(array.reshape(-1), places.reshape(-1), values.reshape(-1))
    return result.reshape(input.shape), code


@indexed(
    check=lambda input, dim, index, source: _check_slices("index_add_", input, dim, index, source),
    numbers=lambda input, alpha: refuse_complex(input.dtype, getattr(alpha, "value", alpha)),
    bounds=_slice_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def index_add(input: Tensor, dim: int, index: Index, source: Tensor, *, alpha: Number = 1):
    """`alpha` times the slices of `source`, added to those of `input` that `index` names.

    Errors:  RuntimeError (IndexError for vectors) for an index out of range, or if shapes differ.
    Source:  torch.index_add.
    """
    if not isinstance(alpha, int) or alpha != 1:
        source = in_dtype(alpha, source.dtype) * source
    return _by_slices(input, dim, index, source, setting("add"))


def _check_index_reduce(input, dim, index, source, reduce, include_self):
    if reduce not in METHODS or reduce == "sum":
        raise RuntimeError(
            "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
            f"{reduce}."
        )
    warn_once("index_reduce() is in beta and the API may change at any time.")
    _check_slices("index_reduce_", input, dim, index, source)
    if input.dtype is _dtypes.bool_ and (input.ndim < 2 or not include_self):
        kernel = "index_func_" if include_self else "index_reduce_func_exclude_input_init"
        raise unsupported(kernel, input.dtype)


@indexed(
    check=_check_index_reduce,
    bounds=lambda input, dim: Bounds(0, extent(input, wrap_dim(dim, input.ndim)), _out_of_self),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def index_reduce(input: Tensor, dim: int, index: Index, source: Tensor, reduce: str, *,
                 include_self: bool = True):  # fmt: skip
    """The slices of `source` reduced into those of `input` that `index` names.

    `reduce` is "prod", "mean", "amax" or "amin"; without `include_self` what was there does not
    count.
    Source:  torch.index_reduce.
    """
    return _by_slices(input, dim, index, source, reducing(reduce, include_self))


def _check_index_copy(input, dim, index, source):
    dim = wrap_dim(dim, input.ndim)
    count = index.numel()
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    if not source.ndim and count != 1:
        raise IndexError(
            f"index_copy_(): When source is scalar, index should have one element (got {count})"
        )
    if source.ndim and input.ndim and source.ndim != input.ndim:
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({source.ndim}), destination dimensionality "
            f"({input.ndim})"
        )
    if not is_long(index):
        raise RuntimeError(
            f"index_copy_(): Expected a long tensor for index, but got {index.dtype.scalar_name}"
        )
    if input.dtype is not source.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{input.dtype.scalar_name} and (source) {source.dtype.scalar_name}"
        )
    left, right = list(input.shape), list(source.shape)
    del left[dim : dim + 1], right[dim : dim + 1]
    if left != right:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {' '.join(map(str, left))} at dimension {dim} and source slice shape: "
            f"{' '.join(map(str, right))} at dimension 0."
        )
    if source.ndim and count != source.size(dim):
        raise IndexError(
            f"index_copy_(): Number of indices ({count}) should be equal to source.size(dim) "
            f"({source.size(dim)})"
        )


def _copy_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    size = extent(input, dim)

    def error(value):
        return IndexError(
            f"index_copy_(): index {value} is out of bounds for dimension {dim} with size {size}"
        )

    return Bounds(0, size, error)


@indexed(
    check=_check_index_copy,
    bounds=_copy_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def index_copy(input: Tensor, dim: int, index: Index, source: Tensor):
    """The slices of `source` in the place of those of `input` that `index` names.

    Errors:  IndexError for an index out of range; RuntimeError if slices differ in shape.
    Source:  torch.index_copy.
    """
    return _by_slices(input, dim, index, source, setting(None))


def _check_index_fill(input, dim, index, value):
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{value.ndim} dimension(s)."
        )
    if not is_long(index):
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    dim = wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    is_complex = value.dtype.category == COMPLEX if isinstance(value, Tensor) else False
    if (is_complex or isinstance(value, complex)) and input.dtype.category != COMPLEX:
        raise RuntimeError(
            "index_fill_(): Converting complex Scalar to non-complex type is not supported"
        )


def _fill_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    size = extent(input, dim)
    return Bounds(-size, size, out_of_bounds(IndexError, dim, size).error)


@indexed(
    check=_check_index_fill,
    numbers=value_fits,
    bounds=_fill_bounds,
    shape=lambda input: input.shape,
    layout=lambda input: like_strides(input.shape, input.stride()),
    dtype=lambda input: input.dtype,
    variants="fmi",
    gradient=of_operand("value", "IndexFillBackward1", "IndexFillBackward0", place=3),
    overloads=(
        "(Tensor input, int dim, Tensor index, Tensor value)",
        "(Tensor input, int dim, Tensor index, Number value)",
    ),
)
def index_fill(input: Tensor, dim: int, index: Index, value: Tensor | Number):
    """The slices of `input` that `index` names filled with one number.

    Errors:  IndexError for an index out of range; negative ones count from the end.
    Source:  torch.index_fill.
    """
    dim = wrap_dim(dim, input.ndim)
    size = input.shape[dim] if input.ndim else 1
    code = outside(index, -size, size)
    chosen = jnp.zeros(size, bool).at[wrapped(index.reshape(-1), size)].set(True, mode="clip")
    chosen = chosen.reshape([-1 if axis == dim else 1 for axis in range(input.ndim)])
    return jnp.where(chosen, cast_array(jnp.asarray(value), input.dtype), input), code
