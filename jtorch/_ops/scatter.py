"""Elements placed by index or mask: `scatter`, `index_add`, `masked_scatter`, `put` and their like."""

import warnings

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes, _shapes
from jtorch._dtypes import COMPLEX
from jtorch._ops.bounds import (
    Bounds,
    extent,
    indexed,
    is_index,
    is_long,
    known,
    out_of_bounds,
    outside,
)
from jtorch._ops.cast import cast_array
from jtorch._ops.detailed import in_place_method, refuse_complex
from jtorch._ops.gather import flat_bounds, linear_places, wrapped
from jtorch._ops.parameters import Index, Number
from jtorch._ops.product import in_dtype
from jtorch._ops.refusals import check_fits, unsupported
from jtorch._ops.signatures import Signatures, bind_both, parse, worded
from jtorch._ops.view import geometry_of
from jtorch._shapes import broadcast_shapes, like_strides, wrap_dim
from jtorch._tensor import Tensor


def reduced(flat, places, values, how):
    """A flat array with values put, added, multiplied ... into it at the places."""
    dtype = flat.dtype
    if dtype == np.bool_ and how != "set":
        how = {"add": "max", "multiply": "min"}.get(how, how)
        flat, values = flat.astype(np.uint8), values.astype(np.uint8)
    return getattr(flat.at[places], how)(values, mode="clip").astype(dtype)


# Along a dim, an index for each element


def _check_scatter(input, dim, index, src=None):
    dim = wrap_dim(dim, input.ndim)
    if index.numel() and not is_index(index):
        raise RuntimeError("scatter(): Expected dtype int32/int64 for index")
    if src is not None and src.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if not index.numel():
        return
    if max(input.ndim, 1) != max(index.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as self tensor")
    wrong = False
    for axis, count in enumerate(tuple(index.shape) or (1,)):
        wrong |= axis != dim and count > (input.size(axis) if input.ndim else 1)
        if src is not None:
            wrong |= count > (src.size(axis) if src.ndim else 1)
    if src is not None and max(index.ndim, 1) != max(src.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    if wrong:
        end = "" if src is None else f" and to be no larger size than src {list(src.shape)}"
        raise RuntimeError(
            f"Expected index {list(index.shape)} to be no larger than self {list(input.shape)} "
            f"apart from dimension {dim}{end}"
        )


def _scatter_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    return out_of_bounds(RuntimeError, dim, extent(input, dim))


def _scattered(input, dim, index, values, how):
    """(result, error code); `values` is an array with room for the index, or a scalar."""
    if not index.size:
        return input, jnp.int64(0)
    array, index = jnp.atleast_1d(input), jnp.atleast_1d(index)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    if not array.size:
        return input, code
    if values.ndim:
        values = values[tuple(slice(count) for count in index.shape)]
    places = linear_places(array.shape, dim, jnp.clip(index, 0, array.shape[dim] - 1))
    values = jnp.broadcast_to(values, index.shape)
    result = how(array.reshape(-1), places.reshape(-1), values.reshape(-1))
    return result.reshape(input.shape), code


def _setting(reduce):
    how = {None: "set", "add": "add", "multiply": "multiply"}[reduce]
    return lambda flat, places, values: reduced(flat, places, values, how)


def _check_reduce(reduce):
    if reduce not in (None, "add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")


def _check_scatter_src(input, dim, index, src, reduce):
    if reduce is not None:
        warnings.warn(
            "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed "
            "in a future PyTorch release. Use torch.scatter_reduce instead for more reduction "
            "options.",
            UserWarning,
            stacklevel=2,
        )
    _check_reduce(reduce)
    _check_scatter(input, dim, index, src)


@indexed(
    name="scatter.src",
    check=_check_scatter_src,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
    cast_out=False,
)
def _scatter_src(input: Tensor, dim: int, index: Index, src: Tensor, *, reduce: str | None = None):
    return _scattered(input, dim, index, src, _setting(reduce))


def _check_scatter_value(input, dim, index, reduce):
    _check_reduce(reduce)
    _check_scatter(input, dim, index)


def _value_fits(input, value):
    if isinstance(value, (int, float, complex)):
        check_fits(value, input.dtype)


@indexed(
    name="scatter.value",
    check=_check_scatter_value,
    numbers=_value_fits,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
    cast_out=False,
)
def _scatter_value(input: Tensor, dim: int, index: Index, value: Number, *,
                   reduce: str | None = None):  # fmt: skip
    return _scattered(input, dim, index, cast_array(jnp.asarray(value), input.dtype), _setting(reduce))


_SCATTER = Signatures(
    "scatter",
    [
        parse("(Tensor input, int dim, Tensor index, Tensor src, *, Tensor? out = None)"),
        parse("(Tensor input, int dim, Tensor index, Tensor src, *, str reduce, Tensor? out = None)"),
        parse("(Tensor input, int dim, Tensor index, Number value, *, Tensor? out = None)"),
        parse("(Tensor input, int dim, Tensor index, Number value, *, str reduce, Tensor? out = None)"),
    ],
)


def _scatter_row(args, kwargs, signatures):
    """The row that a call of `scatter` means."""
    if "value" in kwargs:
        chosen = _scatter_value
    elif "src" in kwargs or (len(args) > 3 and isinstance(args[3], Tensor)):
        chosen = _scatter_src
    elif len(args) == 4:
        chosen = _scatter_value
    else:
        raise signatures.fault(args, kwargs)
    return chosen.row


def _declare_scatter():
    """`scatter` of a tensor or of a number, as torch parses it."""
    documentation = (
        "`out[index[i][j]][j] = src[i][j]`, for dim 0 of two, or a number instead of `src`.\n\n"
        "Shape:   `index` may be smaller than `src`, and than `input` but along `dim`.\n"
        "Errors:  RuntimeError for an index outside [0, extent of `dim`), or if dtypes differ.\n"
        "Source:  torch.scatter. Where places repeat, the last one along `dim` stays.\n"
    )

    def call(args, kwargs):
        row = _scatter_row(args, kwargs, _SCATTER)
        return row.call(args, kwargs)

    def call_in_place(args, kwargs):
        row = _scatter_row(args, kwargs, _SCATTER)
        return row.call_in_place(args, kwargs)

    function, method = worded(call, _SCATTER, documentation=documentation)
    in_place = in_place_method(call_in_place, _SCATTER)
    in_place.__doc__ = documentation
    bind_both("scatter", function, method, "fm", (), in_place)
    return function


scatter = _declare_scatter()


@indexed(
    check=lambda input, dim, index, src: _check_scatter(input, dim, index, src),
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def scatter_add(input: Tensor, dim: int, index: Index, src: Tensor):
    """`out[index[i][j]][j] += src[i][j]`, for dim 0 of two. Errors as `scatter`.

    Source:  torch.scatter_add.
    """
    return _scattered(input, dim, index, src, _setting("add"))


_METHODS = {"sum": "add", "prod": "multiply", "mean": "add", "amax": "max", "amin": "min"}


def _identity(dtype, how):
    """What leaves every value as it is when reduced with it."""
    if how in ("sum", "mean", "prod"):
        return jnp.asarray(int(how == "prod"), dtype)
    if dtype == np.bool_:
        return jnp.asarray(how == "amin")
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return jnp.asarray(limits.min if how == "amax" else limits.max, dtype)
    return jnp.asarray(-np.inf if how == "amax" else np.inf, dtype)


def _reducing(how, include_self):
    """The reduction of flat arrays that `scatter_reduce` and `index_reduce` name."""

    def reduce(flat, places, values):
        given = flat
        if not include_self:
            flat = flat.at[places].set(_identity(flat.dtype, how), mode="clip")
        result = reduced(flat, places, values, _METHODS[how])
        if how != "mean":
            return result
        counts = jnp.full(given.shape, int(include_self), np.int64).at[places].add(1, mode="clip")
        counts = jnp.maximum(counts, 1).astype(given.dtype)
        return result // counts if given.dtype.kind in "iu" else result / counts

    return reduce


def _check_scatter_reduce(input, dim, index, src, reduce):
    if reduce not in _METHODS:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    _check_scatter(input, dim, index, src)
    if input.dtype.category == COMPLEX and reduce in ("amax", "amin") or (
        input.dtype is _dtypes.bool_ and reduce == "mean"
    ):
        raise unsupported(f"scatter_gather_tensor_cpu_reduce_{reduce}", input.dtype)


@indexed(
    check=_check_scatter_reduce,
    bounds=_scatter_bounds,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def scatter_reduce(input: Tensor, dim: int, index: Index, src: Tensor, reduce: str, *,
                   include_self: bool = True):  # fmt: skip
    """The elements of `src` reduced into the places that `index` names, as `scatter` places them.

    `reduce` is "sum", "prod", "mean", "amax" or "amin"; without `include_self` what was there does
    not count. Errors as `scatter`.
    Source:  torch.scatter_reduce.
    """
    return _scattered(input, dim, index, src, _reducing(reduce, include_self))


# Along a dim, an index for each slice


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
    """(result, error code): the slices of `source` go where `index` says, by `how` of flat arrays."""
    array, index = jnp.atleast_1d(input), index.reshape(-1)
    if not index.size or not array.size:
        return input, outside(index, 0, array.shape[wrap_dim(dim, array.ndim)] if array.size else 2**62)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    shape = list(array.shape)
    shape[dim] = index.size
    index = jnp.clip(index, 0, array.shape[dim] - 1)
    along = jnp.broadcast_to(index.reshape([-1 if d == dim else 1 for d in range(array.ndim)]), shape)
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
    return _by_slices(input, dim, index, source, _setting("add"))


def _check_index_reduce(input, dim, index, source, reduce, include_self):
    if reduce not in _METHODS or reduce == "sum":
        raise RuntimeError(
            f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}."
        )
    warnings.warn(
        "index_reduce() is in beta and the API may change at any time.", UserWarning, stacklevel=2
    )
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

    `reduce` is "prod", "mean", "amax" or "amin"; without `include_self` what was there does not count.
    Source:  torch.index_reduce.
    """
    return _by_slices(input, dim, index, source, _reducing(reduce, include_self))


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
            f"match. Source dimensionality ({source.ndim}), destination dimensionality ({input.ndim})"
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
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice "
            f"shape: {' '.join(map(str, left))} at dimension {dim} and source slice shape: "
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
    return _by_slices(input, dim, index, source, _setting(None))


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
    numbers=_value_fits,
    bounds=_fill_bounds,
    shape=lambda input: input.shape,
    layout=lambda input: like_strides(input.shape, input.stride()),
    dtype=lambda input: input.dtype,
    variants="fmi",
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
    size = input.shape[wrap_dim(dim, input.ndim)] if input.ndim else 1
    code = outside(index, -size, size)
    fill = cast_array(jnp.asarray(value), input.dtype)
    return _by_slices(input, dim, wrapped(index, size), fill, _setting(None))[0], code


# In the order of the elements


def _check_put(input, index, source):
    if not is_long(index):
        raise RuntimeError(
            f"put_(): Expected a long tensor for index, but got {index.dtype.scalar_name}"
        )
    if input.dtype is not source.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype.scalar_name} and source.dtype = {source.dtype.scalar_name}"
        )
    if index.numel() != source.numel():
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source.numel()}, index.numel() = {index.numel()}"
        )
    if index.numel() and not input.numel():
        raise IndexError("put_(): Tried to put elements into an empty tensor")


@indexed(
    check=_check_put,
    bounds=flat_bounds,
    shape=lambda input: input.shape,
    layout=lambda input: like_strides(input.shape, input.stride()),
    dtype=lambda input: input.dtype,
    variants="fmi",
)
def put(input: Tensor, index: Index, source: Tensor, accumulate: bool = False):
    """Elements of `source` put at these places of the flattened tensor, or added to what is there.

    Errors:  IndexError for a place that is not there; negative ones count from the end.
    Source:  torch.put.
    """
    code = outside(index, -input.size, input.size)
    if not index.size:
        return input, code
    places = wrapped(index.reshape(-1), input.size)
    how = _setting("add" if accumulate else None)
    return how(input.reshape(-1), places, source.reshape(-1)).reshape(input.shape), code


def _check_masked_scatter(input, mask, source):
    broadcast_shapes(mask.shape, input.shape)
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError(
            "masked_scatter_ only supports boolean masks, but got mask with dtype "
            f"{mask.dtype.scalar_name}"
        )
    if input.dtype is not source.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{input.dtype.scalar_name} and {source.dtype.scalar_name}"
        )


def _check_masked_target(input, mask):
    _shapes.expand(geometry_of(mask), tuple(input.shape), mask.type())


class _Enough(Bounds):
    """Bounds of a mask: as many elements as it takes are there."""

    def check(self, index) -> None:
        array = known(index)
        if array is not None and np.count_nonzero(array) * self.low > self.high:
            raise self.error(0)


def _source_bounds(input, mask, source):
    shape = broadcast_shapes(mask.shape, input.shape)
    copies = int(np.prod(shape)) // max(mask.numel(), 1)
    return _Enough(copies, source.numel(), _too_few)


def _too_few(value):
    return RuntimeError("Number of elements of source < number of ones in mask")


@indexed(
    check=_check_masked_scatter,
    in_place_check=_check_masked_target,
    bounds=_source_bounds,
    index_name="mask",
    shape=lambda input, mask: broadcast_shapes(mask.shape, input.shape),
    dtype=lambda input: input.dtype,
    variants="fmi",
)
def masked_scatter(input: Tensor, mask: Index, source: Tensor):
    """The elements of `source`, one after the other, where the mask is true.

    Errors:  RuntimeError if `source` has too few.
    Source:  torch.masked_scatter.
    """
    shape = jnp.broadcast_shapes(input.shape, mask.shape)
    input, mask = jnp.broadcast_to(input, shape), jnp.broadcast_to(mask, shape)
    places = jnp.cumsum(mask.reshape(-1).astype(np.int64))
    wanted = places[-1] if places.size else jnp.int64(0)
    if not source.size:
        return input, jnp.where(wanted > 0, 1, 0)
    taken = jnp.take(source.reshape(-1), jnp.maximum(places - 1, 0), mode="clip").reshape(shape)
    return jnp.where(mask, taken, input), jnp.where(wanted > source.size, 1, 0)
