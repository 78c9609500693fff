"""Elements in other places: flips, rolls, repetitions; and copies with a window overwritten."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _shapes
from jtorch._autograd.modes import mode
from jtorch._ops.bounds import tensor_of
from jtorch._ops.cast import cast_node
from jtorch._ops.detailed import checked, deliver, detailed
from jtorch._ops.edges import needs_gradient, tracked
from jtorch._ops.families import composite
from jtorch._ops.gather import index_select
from jtorch._ops.history import attach
from jtorch._ops.names import node_name
from jtorch._ops.parameters import Index, Ints
from jtorch._ops.rebase import change_kernel, converted_with_history, dense
from jtorch._ops.reduce import sum as sum_over
from jtorch._ops.refusals import unsupported
from jtorch._ops.view import (
    as_strided,
    clone,
    dense_copy,
    diagonal,
    expand,
    flatten,
    geometry_of,
    select,
    transpose,
    unsqueeze,
)
from jtorch._ops.windows import ints_of, require_tensor
from jtorch._ops.writing import refuse_gradient_into_out, resize_out
from jtorch._shapes import (
    InternalOverlap,
    has_internal_overlap,
    is_non_overlapping_and_dense,
    like_strides,
    wrap_dim,
    wrap_dims,
)
from jtorch._tensor import Tensor, from_node, node_of, window, write

# In another order


@detailed(
    check=lambda input, dims: wrap_dims(dims, input.ndim) and None,
    shape=lambda input: input.shape,
    layout=lambda input: like_strides(input.shape, input.stride()),
    dtype=lambda input: input.dtype,
    variants="fm",
)
def flip(input: Tensor, dims: Ints):
    """The elements in reverse order along dims.

    Errors:  IndexError for a dim out of range; RuntimeError if one is named twice.
    Source:  torch.flip.
    """
    return jnp.flip(input, wrap_dims(dims, input.ndim)) if input.ndim else input


@checked("(Tensor input)")
def fliplr(input):
    """The columns in reverse order. Source: torch.fliplr."""
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, (1,))


@checked("(Tensor input)")
def flipud(input):
    """The rows in reverse order. Source: torch.flipud."""
    if not input.ndim:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, (0,))


def _check_rot90(input, k, dims):
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    if dims[0] == dims[1] or abs(dims[0] - dims[1]) == input.ndim:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}"
        )
    wrap_dim(dims[0], input.ndim)
    wrap_dim(dims[1], input.ndim)


@checked("(Tensor input, int k = 1, tuple of ints dims = {0,1})")
def rot90(input, k=1, dims=(0, 1)):
    """A quarter turn of the plane of two dims, `k` times, from the first towards the second.

    Errors:  RuntimeError unless there are two different dims.
    Source:  torch.rot90.
    """
    _check_rot90(input, k, dims)
    turns = k % 4
    if tracked((input,)):
        return _rot90(input, turns, tuple([wrap_dim(each, input.ndim) for each in dims]))
    if turns == 0:
        return clone(input)
    if turns == 2:
        return flip(input, dims)
    return transpose(flip(input, (dims[1] if turns == 1 else dims[0],)), *dims)


def _turned_layout(input, turns, dims, result):
    """As the flips and the transposition lay it out."""
    stride = list(like_strides(input.shape, input.stride()))
    if turns % 2:
        first, second = dims
        stride[first], stride[second] = stride[second], stride[first]
    return tuple(stride)


@detailed(name="rot90.turns", gradient="Rot90Backward0", layout=_turned_layout, variants="")
def _rot90(input: Tensor, turns: int, dims: Ints):
    return jnp.rot90(input, turns, dims)


def _check_roll(input, shifts, dims):
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(shifts) != len(dims) and (dims or len(shifts) > 1):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}"
        )
    if input.numel():
        for dim in dims:
            wrap_dim(dim, input.ndim, wrap_scalar=False)


@detailed(
    name="roll.dims",
    gradient="RollBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    variants="",
)
def _roll(input: Tensor, shifts: Index, dims: Ints):
    if not input.size:
        return input
    if not dims:
        return _rolled(input.reshape(-1), shifts[0], 0).reshape(input.shape)
    for position, dim in enumerate(dims):
        input = _rolled(input, shifts[position], wrap_dim(dim, input.ndim))
    return input


def _rolled(array, shift, dim):
    """`array` twice over, from where it is cut: the shift is data, not part of the program."""
    size = array.shape[dim]
    start = (-shift) % size
    return lax.dynamic_slice_in_dim(lax.concatenate([array, array], dim), start, size, dim)


@checked("(Tensor input, tuple of ints shifts, tuple of ints dims = None)")
def roll(input, shifts, dims=()):
    """The elements moved along dims, those that fall off coming in again at the other end.

    Shape:   unchanged; without `dims` the tensor counts as flattened.
    Errors:  RuntimeError unless there is a shift for each dim.
    Source:  torch.roll.
    """
    shifts, dims = _several(shifts), _several(dims)
    _check_roll(input, shifts, dims)
    return _roll(input, tensor_of(np.array(shifts, np.int64), input.device), dims)


def _several(value):
    """One integer or several, as a tuple."""
    values = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(each.__index__() for each in values)


# Over and over


def _repeated_shape(input, repeats):
    shape = (1,) * (len(repeats) - input.ndim) + tuple(input.shape)
    return tuple(extent * count for extent, count in zip(shape, repeats, strict=True))


def _check_repeat(input, repeats):
    if len(repeats) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    shape = list(_repeated_shape(input, repeats))
    negative = next((extent for extent in shape if extent < 0), None)
    if negative is not None:
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative}: {shape}")


@detailed(
    name="repeat",
    check=_check_repeat,
    shape=_repeated_shape,
    dtype=lambda input: input.dtype,
    variants="",
)
def _repeat(input: Tensor, repeats: Ints):
    shape = (1,) * (len(repeats) - input.ndim) + input.shape
    pairs = [pair for each in zip(repeats, shape, strict=True) for pair in each]
    whole = jnp.expand_dims(input.reshape(shape), tuple(range(0, 2 * len(shape), 2)))
    return jnp.broadcast_to(whole, pairs).reshape(_repeated_shape(input, repeats))


@composite(variants="m")
def repeat(self, *repeats, **named):
    """The tensor over and over along each dim; more counts than dims add dims in front.

    Errors:  RuntimeError for fewer counts than dims, or a negative one.
    Source:  torch.Tensor.repeat.
    """
    if "repeats" in named and not repeats:
        repeats = (named.pop("repeats"),)
    if named:
        raise TypeError(f"repeat() got an unexpected keyword argument '{next(iter(named))}'")
    if not repeats:
        raise TypeError('repeat() missing 1 required positional arguments: "repeats"')
    if len(repeats) > 1 and not all(hasattr(each, "__index__") for each in repeats):
        raise TypeError(f"repeat() takes 1 positional argument but {len(repeats)} were given")
    return _repeat(self, ints_of("repeat", "repeats", repeats))


@composite
def tile(input, *dims):
    """`repeat`, where missing counts are 1. Source: torch.tile."""
    require_tensor("tile", input)
    counts = ints_of("tile", "dims", dims)
    return _repeat(input, (1,) * (input.ndim - len(counts)) + counts)


@composite(variants="m")
def sum_to_size(self, *size):
    """The sum over the dims along which `expand` from this size would repeat.

    Shape:   `size`; the tensor itself where that is its shape.
    Errors:  RuntimeError for a size that does not expand to the shape.
    Source:  torch.Tensor.sum_to_size.
    """
    size = ints_of("sum_to_size", "size", size)
    shape = self.shape
    extra = len(shape) - len(size)
    if extra < 0 or any(a not in (1, b) for a, b in zip(size, shape[extra:], strict=True)):
        raise RuntimeError(f"size {{{list(size)}}} is not expandable to size {{{list(shape)}}}.")
    if not size:
        return sum_over(self)
    if size == shape:
        return self
    dims = [
        place for place, n in enumerate((None,) * extra + size) if n is None or n != shape[place]
    ]
    summed = sum_over(self, dims, True) if dims else self
    return summed.view(size) if extra else summed


def _interleaved_shape(input, count, dim):
    return (*input.shape[:dim], input.shape[dim] * count, *input.shape[dim + 1 :])


def _parts_of_interleave(input, count, dim):
    wide = unsqueeze(input, dim + 1)
    shape = (*input.shape[: dim + 1], count, *input.shape[dim + 1 :])
    return flatten(dense_copy(expand(wide, shape)), dim, dim + 1)


@detailed(
    name="repeat_interleave.self_int",
    parts=_parts_of_interleave,
    shape=_interleaved_shape,
    dtype=lambda input: input.dtype,
    variants="",
)
def _interleave(input: Tensor, count: int, dim: int):
    wide = jnp.broadcast_to(
        jnp.expand_dims(input, dim + 1), (*input.shape[: dim + 1], count, *input.shape[dim + 1 :])
    )
    return wide.reshape(_interleaved_shape(input, count, dim))


@checked(
    "(Tensor input, Tensor repeats, int? dim = None, *, int? output_size = None)",
    "(Tensor repeats, *, int? output_size = None)",
    "(Tensor input, int repeats, int? dim = None, *, int? output_size = None)",
)
def repeat_interleave(input=None, repeats=None, dim=None, *, output_size=None):
    """Each slice of a dim, or each element, several times over.

    `repeats` is one count, or a tensor of counts, which this waits for; alone, it has the counts
    and the result is the place of each repeated element.
    Errors:  RuntimeError for negative counts, or if there is not one for each slice.
    Source:  torch.repeat_interleave.
    """
    if input is None or repeats is None:
        repeats = repeats if input is None else input
        return tensor_of(_counts(repeats, output_size), repeats.device)
    if dim is None:
        input, dim = flatten(input), 0
    if isinstance(repeats, Tensor):
        return _interleave_by(input, repeats, dim, output_size)
    count = repeats.__index__()
    if count < 0:
        raise RuntimeError("Repeats must be non-negative")
    wrapped = wrap_dim(dim, input.ndim)
    if not input.ndim:
        wrap_dim(1, 0)
    expected = input.shape[wrapped] * count
    if output_size is not None and output_size != expected:
        raise RuntimeError(
            f"repeat_interleave: Invalid output_size, expected {expected} but got {output_size}"
        )
    return _interleave(input, count, wrapped)


def _counts(repeats, output_size):
    """The place of each repeated slice, as numpy."""
    if repeats.ndim != 1:
        raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    if repeats.dtype.name not in ("int64", "int32"):
        raise unsupported("repeat_interleave_cpu", repeats.dtype)
    counts = repeats._host()
    if (counts < 0).any():
        raise RuntimeError("repeats can not be negative")
    places = np.repeat(np.arange(counts.size, dtype=counts.dtype), counts)
    if output_size is not None and output_size != places.size:
        raise RuntimeError("allocated size does not match required size")
    return places


def _interleave_by(input, repeats, dim, output_size):
    dim = wrap_dim(dim, input.ndim, wrap_scalar=False)
    size = input.size(dim)
    if repeats.ndim == 0 or (repeats.ndim == 1 and repeats.numel() == 1):
        repeats = window(repeats, (size,), (0,), repeats._offset)
    elif repeats.ndim == 1:
        if repeats.numel() != size:
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{repeats.numel()} and input.size({dim}) = {size}"
            )
    else:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    places = _counts(repeats, output_size)
    return index_select(input, dim, tensor_of(places.astype(np.int64), input.device))


# A window of a copy overwritten


def _same_copy(input):
    """A copy with the strides and the offset of `input`, which may skip places in memory."""
    shape, stride, offset = geometry_of(input)
    if has_internal_overlap(shape, stride) is InternalOverlap.YES:
        return clone(input)
    if is_non_overlapping_and_dense(shape, stride) and not offset:
        return clone(input)
    end = offset + sum((extent - 1) * step for extent, step in zip(shape, stride, strict=True)) + 1
    whole = clone(window(input, (end if input.numel() else offset,), (1,), 0))
    return window(whole, shape, stride, offset)


def _with_window(name, input, place, src):
    """A copy of `input` whose window `place(copy)` holds `src`."""
    tracks = tracked((input, src))
    before, mode.enabled = mode.enabled, False
    try:
        copy = _same_copy(input)
        target = place(copy)
    finally:
        mode.enabled = before
    if target.shape != src.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{list(src.shape)}, slice size = {list(target.shape)}"
        )
    write(target, cast_node(node_of(src), input.dtype.numpy, input.device))
    if tracks:
        _attach_window(name, input, place, src, copy)
    return copy


def _check_strided(input):
    if mode.enabled and needs_gradient(input) and not input.is_contiguous():
        raise RuntimeError(
            '!self.requires_grad() || self.is_contiguous() INTERNAL ASSERT FAILED at "/__w/pytorch/'
            'pytorch/aten/src/ATen/native/TensorShape.cpp":4754, please report a bug to PyTorch. '
            "as_strided_scatter is currently only supported for contiguous inputs"
        )


def _attach_window(name, input, place, src, copy):
    """Give `copy` its history: `src` written into a window of `input`."""
    if src.dtype is not input.dtype:
        src = converted_with_history(src, input._meta)
    whole = dense(input._meta)
    window = place(from_node(None, whole))
    kernel, starts = change_kernel(whole, window._meta, window._offset)
    attach(node_name(name), kernel, [input, src, *starts], [copy], input.device)


@checked("(Tensor input, Tensor src, int offset = 0, int dim1 = 0, int dim2 = 1)")
def diagonal_scatter(input, src, offset=0, dim1=0, dim2=1):
    """A copy of `input` with `src` as its diagonal. Errors: RuntimeError if it does not fit.

    Source:  torch.diagonal_scatter.
    """
    return _with_window(
        "diagonal_scatter", input, lambda copy: diagonal(copy, offset, dim1, dim2), src
    )


@checked("(Tensor input, Tensor src, int dim, int index)")
def select_scatter(input, src, dim, index):
    """A copy of `input` with `src` as the slice at `index`.

    Errors:  RuntimeError if it does not fit.

    Source:  torch.select_scatter.
    """
    return _with_window("select_scatter", input, lambda copy: select(copy, dim, index), src)


@checked(
    "(Tensor input, Tensor src, int dim = 0, int? start = None, int? end = None, int step = 1, *, "
    "Tensor? out = None)"
)
def slice_scatter(input, src, dim=0, start=None, end=None, step=1, *, out=None):
    """A copy of `input` with `src` in a slice of `dim`. Errors: RuntimeError if it does not fit.

    Source:  torch.slice_scatter.
    """
    if step <= 0:
        raise RuntimeError("slice step must be positive")

    def place(copy):
        return window(copy, *_shapes.slice(geometry_of(copy), dim, start, end, step))

    if out is None:
        return _with_window("slice_scatter", input, place, src)
    if tracked((input, src, out)):
        refuse_gradient_into_out("aten::slice_scatter")
    resize_out(out, input.shape)
    return deliver(_with_window("slice_scatter", input, place, src), out, cast=False)


@checked(
    "(Tensor input, Tensor src, tuple of ints size, tuple of ints stride, "
    "int? storage_offset = None)"
)
def as_strided_scatter(input, src, size, stride, storage_offset=None):
    """A copy of `input` with `src` in any window of it.

    Errors:  RuntimeError where a gradient is wanted of an input that is not contiguous.
    Source:  torch.as_strided_scatter.
    """
    _check_strided(input)
    return _with_window(
        "as_strided_scatter",
        input,
        lambda copy: as_strided(copy, size, stride, storage_offset),
        src,
    )
