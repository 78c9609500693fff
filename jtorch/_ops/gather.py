"""Elements picked by index or mask: `gather`, `index_select`, `take`, `nonzero` and their like."""

import functools
import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._engine.node import Aval, Kernel
from jtorch._meta import Meta
from jtorch._ops.bounds import (
    Bounds,
    IndexedRow,
    extent,
    indexed,
    is_index,
    is_long,
    out_of_bounds,
    outside,
    tensor_of,
)
from jtorch._ops.detailed import DetailedRow, deliver, detailed
from jtorch._ops.division import quotient
from jtorch._ops.edges import tracked
from jtorch._ops.families import composite, no_shape_of
from jtorch._ops.history import call_kernel, watch_origins
from jtorch._ops.parameters import Index, type_name
from jtorch._ops.pieces import unbind
from jtorch._ops.signatures import Signatures, bind_both, parse, worded
from jtorch._ops.view import flatten, unsqueeze
from jtorch._ops.windows import require_tensor
from jtorch._ops.writing import (
    refuse_any_overlap,
    refuse_gradient_into_out,
    refuse_overlap,
    requires_grad,
    resize_out,
)
from jtorch._shapes import broadcast_shapes, wrap_dim
from jtorch._tensor import Tensor, window


def _check_gather(input, dim, index):
    dim = wrap_dim(dim, input.ndim)
    if not index.numel():
        return
    if not is_index(index):
        raise RuntimeError("gather(): Expected dtype int32/int64 for index")
    shape, wanted = tuple(input.shape) or (1,), tuple(index.shape) or (1,)
    if len(shape) != len(wanted):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for axis, (have, want) in enumerate(zip(shape, wanted, strict=True)):
        if axis != dim and want > have:
            raise RuntimeError(
                f"Size does not match at dimension {axis} expected index {list(index.shape)} to be "
                f"no larger than self {list(input.shape)} apart from dimension {dim}"
            )


class _GatherRow(IndexedRow):
    """A row whose `out` is resized before torch looks what it overlaps; it may be the index."""

    def _refuse_overlap_of_out(self, out, values):
        if isinstance(out, Tensor):
            meta = DetailedRow.find(self, values)[0].meta  # without a look at the index
            self._refuse_out(out, meta)
            resize_out(out, meta.shape)
            refuse_any_overlap(out, values[:1])
            refuse_overlap(out, values[2:3])


@detailed(
    row=_GatherRow,
    check=_check_gather,
    bounds=lambda input, dim: out_of_bounds(
        RuntimeError, wrap_dim(dim, input.ndim), extent(input, wrap_dim(dim, input.ndim))
    ),
    shape=lambda index: index.shape,
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
)
def gather(input: Tensor, dim: int, index: Index, *, sparse_grad: bool = False):
    """`out[i][j][k] = input[i][index[i][j][k]][k]`, for dim 1 of three.

    Shape:   that of `index`, which may be smaller than `input` but along `dim`.
    Errors:  RuntimeError for an index outside [0, extent of `dim`).
    Source:  torch.gather; `jnp.take_along_axis`.
    """
    if not index.size:
        return jnp.zeros(index.shape, input.dtype), jnp.int64(0)
    shape = index.shape
    array, index = jnp.atleast_1d(input), jnp.atleast_1d(index)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    if not array.shape[dim]:
        return jnp.zeros(shape, input.dtype), code
    part = tuple(
        slice(None) if axis == dim else slice(count) for axis, count in enumerate(index.shape)
    )
    return jnp.take_along_axis(array[part], index, dim, mode="clip").reshape(shape), code


def _check_index_select(input, dim, index):
    wrap_dim(dim, input.ndim)
    if index.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not is_index(index):
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    if not input.ndim and index.numel() != 1:
        raise RuntimeError(
            f"index_select(): Index to scalar can have only 1 value, got {index.numel()} value(s)"
        )
    if index.numel() and not extent(input, dim):
        raise RuntimeError("index_select(): self indexing axis dim should be positive")


def _index_select_bounds(input, dim):
    dim = wrap_dim(dim, input.ndim)
    size = extent(input, dim)

    def error(value):
        if not dim:
            return IndexError("index out of range in self")
        return RuntimeError(f"INDICES element is out of DATA bounds, id={value} axis_dim={size}")

    return Bounds(0, size, error)


def _index_select_shape(input, dim, index):
    shape = list(input.shape)
    if shape:
        shape[wrap_dim(dim, len(shape))] = index.numel()
    return tuple(shape)


def _check_selected_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError("index_select(): self and result must have the same scalar type")


@indexed(
    check=_check_index_select,
    bounds=_index_select_bounds,
    shape=_index_select_shape,
    dtype=lambda input: input.dtype,
    variants="fmo",
    apart=True,
    out_check=_check_selected_out,
)
def index_select(input: Tensor, dim: int, index: Index):
    """The slices of `dim` that a vector of indices names.

    Errors:  IndexError (RuntimeError for a dim but the first) for an index out of range.
    Source:  torch.index_select.
    """
    array, index = jnp.atleast_1d(input), index.reshape(-1)
    dim = wrap_dim(dim, array.ndim)
    code = outside(index, 0, array.shape[dim])
    result = array if not array.shape[dim] else jnp.take(array, index, dim, mode="clip")
    return result.reshape(_index_select_shape(input, dim, _Counted(index.size))), code


class _Counted:
    """As much of an index as a shape rule asks for."""

    def __init__(self, count):
        self.numel = lambda: count


def _check_take(input, index):
    if not is_long(index):
        raise RuntimeError(
            f"take(): Expected a long tensor for index, but got {index.dtype.scalar_name}"
        )
    if index.numel() and not input.numel():
        raise IndexError("take(): tried to take from an empty tensor")


def flat_bounds(input):
    """Bounds of indices into all elements; negative ones count from the end."""
    count = input.numel()

    def error(value):
        return IndexError(
            f"out of range: tried to access index {value} on a tensor of {count} elements."
        )

    return Bounds(-count, count, error)


def _check_taken_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            "take(): self and out expected to have the same dtype, but got self.dtype = "
            f"{meta.dtype.scalar_name} and out.dtype = {target.dtype.scalar_name}"
        )


@indexed(
    check=_check_take,
    bounds=flat_bounds,
    shape=lambda index: index.shape,
    dtype=lambda input: input.dtype,
    variants="fmo",
    apart=True,
    out_check=_check_taken_out,
)
def take(input: Tensor, index: Index):
    """The elements at these places of the flattened tensor; negative ones count from the end.

    Shape:   that of `index`.
    Errors:  IndexError for a place that is not there.
    Source:  torch.take.
    """
    if not index.size:
        return jnp.zeros(index.shape, input.dtype), jnp.int64(0)
    code = outside(index, -input.size, input.size)
    return jnp.take(input.reshape(-1), wrapped(index, input.size), mode="clip"), code


def wrapped(index, size):
    """Indices counted from the front."""
    return jnp.where(index < 0, index + size, index)


def _check_along(input, indices, dim):
    if not is_long(indices):
        raise RuntimeError(
            "torch.take_along_dim(): dtype of indices should be Long but got "
            f"{indices.dtype.scalar_name}"
        )
    if input.ndim != indices.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
            f"but got {input.ndim} dimensions for input, and {indices.ndim} dimensions for indices"
        )
    wrap_dim(wrap_dim(dim, input.ndim), input.ndim, wrap_scalar=False)
    _along_shape(input, indices, dim)


def _along_shape(input, indices, dim):
    dim = wrap_dim(dim, input.ndim)
    shape, wanted = list(input.shape), list(indices.shape)
    wanted[dim] = shape[dim]
    common = list(broadcast_shapes(shape, wanted))
    common[dim] = indices.shape[dim]
    return tuple(common)


def _parts_of_along(input, indices, dim):
    shape, wanted = list(input.shape), list(indices.shape)
    wanted[dim] = shape[dim]
    common = list(broadcast_shapes(shape, wanted))
    spread = [indices.shape[dim] if axis == dim else n for axis, n in enumerate(common)]
    common[dim] = shape[dim]
    indices = indices % max(input.shape[dim], 1)  # as in the row
    return gather(input.expand(common), dim, indices.expand(spread))


@detailed(
    name="take_along_dim.dim",
    parts=_parts_of_along,
    check=_check_along,
    shape=_along_shape,
    dtype=lambda input: input.dtype,
    variants="",
    cast_out=False,
)
def _take_along_dim(input: Tensor, indices: Index, dim: int):
    # torch takes the remainder of every index, whatever its size
    index = indices % max(input.shape[dim], 1)
    return jnp.take_along_axis(input, index, dim, mode="clip")


@composite
def take_along_dim(input, indices, dim=None, *, out=None):
    """`gather` along `dim` where the other dims broadcast; without `dim`, of flattened tensors.

    Errors:  RuntimeError if the numbers of dims differ, or an index is out of range.
    Source:  torch.take_along_dim.
    """
    require_tensor("take_along_dim", input)
    require_tensor("take_along_dim", indices, "indices", 2)
    if dim is None:
        if not is_long(indices):
            _check_along(input, indices, 0)
        result = gather(flatten(input), 0, flatten(indices))
    else:
        result = _take_along_dim(input, indices, dim)
    return deliver(result, out, cast=False, last="gather")


@composite
def masked_select(input, mask, *, out=None):
    """The elements where the mask is true, as a vector; both broadcast. This waits for the mask.

    Errors:  RuntimeError unless `mask` is a bool tensor.
    Source:  torch.masked_select.
    """
    require_tensor("masked_select", input)
    require_tensor("masked_select", mask, "mask", 2)
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    if out is not None and out.dtype is not input.dtype:
        raise RuntimeError("masked_select(): self and result must have the same scalar type")
    if out is not None:
        refuse_any_overlap(out, (input, mask))
    shape = broadcast_shapes(mask.shape, input.shape)
    chosen = np.broadcast_to(mask._host(), shape)
    if out is None and tracked((input,)):
        made = _selected(input, shape, np.flatnonzero(chosen))
        watch_origins(made, [(1, mask)])
        return made
    if out is not None and mode.enabled and requires_grad((input, out)):
        refuse_gradient_into_out("masked_select")
    array = np.broadcast_to(input._host(), shape)
    return deliver(tensor_of(array[chosen], input.device), out)


def _selected(input, shape, places):
    """The elements at places of the flattened tensor, after it was broadcast; with their history."""
    places = tensor_of(places.astype(np.int64), input.device)
    kernel = _select_kernel(input._meta.aval, shape, places.numel())
    operands, meta = [input, places], Meta(tuple(places.shape), input.dtype, input.device)
    return call_kernel("MaskedSelectBackward0", kernel, operands, [meta], input.device)[0]


@functools.cache
def _select_kernel(aval, shape, count):
    def masked_select(array, places):
        return jnp.broadcast_to(array, shape).reshape(-1).at[places].get(mode="promise_in_bounds")

    inputs = aval, Aval((count,), np.dtype(np.int64))
    return Kernel("masked_select", masked_select, inputs, Aval((count,), aval.dtype))


def _places(input):
    """Where elements are not zero: a column of indices for each."""
    try:
        array = input._host()
    except RuntimeError as error:
        raise no_shape_of("nonzero", error) from None
    places = np.nonzero(array) if array.ndim else np.zeros((0, int(array != 0)))
    return tensor_of(np.array(places, np.int64), input.device)


def _nonzero(input, *, as_tuple=False, out=None):
    if not as_tuple:
        if out is not None and out.dtype is not _dtypes.int64:
            raise RuntimeError(
                "nonzero: Expected out tensor to have scalar type Long but got scalar type"
                f"{out.dtype.scalar_name}"
            )
        places = _places(input)
        ndim, count = places.shape
        if out is not None:
            resize_out(out, (count, ndim), (1, count))
        return deliver(window(places, (count, ndim), (1, count), 0), out)
    places = _places(input if input.ndim else unsqueeze(input, 0))
    return unbind(places, 0)


def _declare_nonzero():
    """`nonzero` as torch parses it: two overloads as a function, two as a method."""
    documentation = (
        "Where elements are not zero, a row for each, or with `as_tuple` a vector for each dim.\n\n"
        "This waits for the tensor.\nSource:  torch.nonzero."
    )
    texts = (
        "(Tensor input, *, Tensor? out = None)",
        "(Tensor input, *, bool as_tuple)",
    )
    signatures = Signatures("nonzero", [parse(text) for text in texts])

    def call(args, kwargs):
        if len(args) > 1 or not args or not isinstance(args[0], Tensor):
            raise TypeError("nonzero() got arguments that it does not take")
        flag = kwargs.get("as_tuple", False)
        if not isinstance(flag, bool):
            raise TypeError(f"nonzero(): argument 'as_tuple' must be bool, not {type_name(flag)}")
        return _nonzero(*args, **kwargs)

    function, method = worded(call, signatures, documentation=documentation)
    bind_both("nonzero", function, method, "fm")
    return function


nonzero = _declare_nonzero()


@composite
def argwhere(input):
    """Where elements are not zero, a row for each. Source: torch.argwhere."""
    require_tensor("argwhere", input)
    return _nonzero(input)


def _check_size(size):
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")


@detailed(
    check=_check_size,
    shape=lambda input, size: (size, input.ndim),
    dtype=lambda: _dtypes.int64,
    variants="fmo",
)
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1):
    """The first `size` rows of `nonzero`, filled up with `fill_value`; nothing waits.

    Source:  torch.nonzero_static.
    """
    if not input.ndim or not size or not input.size:
        return jnp.full((size, input.ndim), fill_value, np.int64)
    flat = jnp.nonzero(input.reshape(-1), size=size, fill_value=input.size)[0]
    # narrow numbers are divided faster; on a TPU the compiler is ten times faster, too
    places, rest = [], flat.astype(np.int32 if input.size <= np.iinfo(np.int32).max else np.int64)
    for count in input.shape[:0:-1]:
        before = quotient(rest, jnp.full_like(rest, count))
        places.append(rest - before * count)
        rest = before
    places = jnp.stack([rest, *places[::-1]], 1).astype(np.int64)
    return jnp.where((flat < input.size)[:, None], places, fill_value)


def linear_places(shape, dim, index):
    """The place in a flattened array of `shape` of each element that `index` points to along `dim`.

    One flat index is what XLA scatters fastest on a CPU.
    """
    place = jnp.zeros(index.shape, np.int64)
    for axis, step in enumerate(_steps(shape)):
        along = index if axis == dim else lax.broadcasted_iota(np.int64, index.shape, axis)
        place = place + along.astype(np.int64) * step
    return place


def _steps(shape):
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]
