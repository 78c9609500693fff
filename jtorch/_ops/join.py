"""Tensors put together: end to end, side by side, as blocks, and spread over grids."""

import itertools

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._messages import warn_once
from jtorch._ops.bounds import tensor_of
from jtorch._ops.detailed import detailed
from jtorch._ops.edges import tracked
from jtorch._ops.families import composite
from jtorch._ops.gather import index_select, masked_select
from jtorch._ops.parameters import Tensors, type_name
from jtorch._ops.plain_text import plain_text
from jtorch._ops.promotion import NO_OPMATH
from jtorch._ops.view import expand, flatten, reshape, unsqueeze
from jtorch._shapes import (
    broadcast_shapes,
    broadcast_shapes_op,
    channels_last_3d_strides,
    channels_last_strides,
    suggested_format,
    wrap_dim,
)
from jtorch._size import Size
from jtorch._tensor import Tensor


def _is_skipped(tensor):
    """An empty vector joins anything: so it was before tensors could be empty otherwise."""
    return tuple(tensor.shape) == (0,)


def _check_cat(tensors, dim):
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for position, each in enumerate(tensors):
        if not each.ndim:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {position}) cannot be concatenated"
            )
    kept = [each for each in tensors if not _is_skipped(each)]
    if not kept:
        return
    first = kept[0]
    dim = wrap_dim(dim, first.ndim)
    for position, each in enumerate(tensors):
        if _is_skipped(each):
            continue
        if each.ndim != first.ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {first.ndim} and {each.ndim}"
            )
        for axis in range(each.ndim):
            if axis != dim and each.shape[axis] != first.shape[axis]:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {dim}. Expected size "
                    f"{first.shape[axis]} but got size {each.shape[axis]} for tensor number "
                    f"{position} in the list."
                )


def _cat_shape(tensors, dim):
    kept = [each.shape for each in tensors if not _is_skipped(each)]
    if not kept:
        return (0,)
    shape = list(kept[0])
    dim = wrap_dim(dim, len(shape))
    shape[dim] = sum(each[dim] for each in kept)
    return tuple(shape)


_FORMATS = {"channels_last": channels_last_strides, "channels_last_3d": channels_last_3d_strides}


def _cat_layout(tensors, result):
    formats = {suggested_format(each.shape, each.stride()) for each in tensors}
    strides = _FORMATS.get(formats.pop()) if len(formats) == 1 else None
    return strides and strides(result)


def _check_cat_out(target, meta):
    if target.dtype is not meta.dtype and not _dtypes.can_cast(meta.dtype, target.dtype):
        raise TypeError(
            "torch.cat(): input types can't be cast to the desired output type "
            f"{target.dtype.scalar_name}"
        )


@detailed(
    NO_OPMATH,
    check=_check_cat,
    shape=_cat_shape,
    layout=_cat_layout,
    variants="fo",
    apart=True,
    aliases=("concat", "concatenate"),
    out_check=_check_cat_out,
)
def cat(tensors: Tensors, dim: int = 0):
    """Tensors end to end along `dim`.

    Shape:   alike but for `dim`, whose extents add up; empty vectors are passed over.
    Dtype:   the one that all promote to.
    Errors:  ValueError for an empty list; RuntimeError if the other extents differ.
    Source:  torch.cat.
    """
    kept = [each for each in tensors if each.shape != (0,)] or tensors[:1]
    return lax.concatenate(kept, wrap_dim(dim, kept[0].ndim))


def _check_stack(tensors, dim):
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = tensors[0].shape
    wrap_dim(dim, len(first) + 1)
    for position, each in enumerate(tensors):
        if each.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(each.shape)} at entry {position}"
            )


def _stack_shape(tensors, dim):
    shape = list(tensors[0].shape)
    shape.insert(wrap_dim(dim, len(shape) + 1), len(tensors))
    return tuple(shape)


@detailed(
    NO_OPMATH,
    check=_check_stack,
    shape=_stack_shape,
    variants="fo",
    apart=True,
    out_check=_check_cat_out,
)
def stack(tensors: Tensors, dim: int = 0):
    """Tensors of one shape side by side along a new dim.

    Errors:  RuntimeError for an empty list, or if shapes differ.
    Source:  torch.stack.
    """
    dim = wrap_dim(dim, tensors[0].ndim + 1)
    return lax.concatenate([jnp.expand_dims(each, dim) for each in tensors], dim)


def _require_some(name, tensors):
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, "
            f"not {type_name(tensors)}"
        )
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    _require_tensors(tensors)


def _require_tensors(tensors):
    for position, each in enumerate(tensors):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {position} in argument 0, but got {type_name(each)}"
            )


@composite(variants="f")
def hstack(tensors, *, out=None):
    """Tensors end to end along dim 1; vectors along dim 0. Source: torch.hstack."""
    _require_some("hstack", tensors)
    tensors = atleast_1d(tensors)
    return _cat(tensors, 0 if tensors[0].ndim == 1 else 1, out)


@composite(variants="f", aliases=("row_stack",))
def vstack(tensors, *, out=None):
    """Tensors end to end along dim 0; vectors count as rows. Source: torch.vstack."""
    _require_some("vstack", tensors)
    return _cat(atleast_2d(tensors), 0, out)


@composite(variants="f")
def dstack(tensors, *, out=None):
    """Tensors end to end along dim 2; a matrix counts as a layer. Source: torch.dstack."""
    _require_some("dstack", tensors)
    return _cat(atleast_3d(tensors), 2, out)


@composite(variants="f")
def column_stack(tensors, *, out=None):
    """Tensors end to end along dim 1; vectors count as columns. Source: torch.column_stack."""
    _require_some("column_stack", tensors)
    columns = [reshape(each, (each.numel(), 1)) if each.ndim <= 1 else each for each in tensors]
    return hstack(columns, out=out)


def _cat(tensors, dim, out):
    return cat(tensors, dim) if out is None else cat(tensors, dim, out=out)


def _check_blocks(tensors):
    for position, each in enumerate(tensors):
        if each.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input "
                f"{position} has {each.ndim} dimensions"
            )


def _blocks_shape(tensors):
    shapes = [(1,) * (2 - each.ndim) + tuple(each.shape) for each in tensors]
    return sum(shape[0] for shape in shapes), sum(shape[1] for shape in shapes)


@detailed(
    NO_OPMATH,
    name="block_diag.list",
    gradient="BlockDiagBackward0",
    check=_check_blocks,
    shape=_blocks_shape,
    variants="",
)
def _block_diag(tensors: Tensors):
    width = sum(each.shape[-1] if each.ndim else 1 for each in tensors)
    rows, before = [], 0
    for each in tensors:
        block = each.reshape((1,) * (2 - each.ndim) + each.shape)
        after = width - before - block.shape[1]
        rows.append(lax.pad(block, jnp.zeros((), block.dtype), [(0, 0, 0), (before, after, 0)]))
        before += block.shape[1]
    return lax.concatenate(rows, 0)


@composite(variants="f")
def block_diag(*tensors):
    """A matrix with the given ones along its diagonal, and zeros; vectors count as rows.

    Errors:  RuntimeError for more than 2 dims.
    Source:  torch.block_diag.
    """
    _require_tensors(tensors)
    if not tensors:
        return tensor_of(np.zeros((1, 0), np.float32))
    return _block_diag(tensors)


@composite(variants="f")
def meshgrid(*tensors, indexing=None):
    """Vectors spread over the grid that they span, as views.

    Shape:   (n0), (n1), ... -> (n0, n1, ...) each; with indexing "xy" the first two dims exchanged.
    Errors:  RuntimeError if a tensor has more than one dim, or dtypes differ.
    Source:  torch.meshgrid.
    """
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    _require_tensors(tensors)
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    _check_grid(tensors)
    if indexing is None:
        warn_once(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
            "argument."
        )
    elif indexing not in ("ij", "xy"):
        raise RuntimeError(
            f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}'
        )
    swapped = indexing == "xy" and len(tensors) > 1
    if swapped:
        tensors = (tensors[1], tensors[0], *tensors[2:])
    shape = [each.numel() for each in tensors]
    grids = []
    for dim, each in enumerate(tensors):
        column = reshape(each, [-1 if axis == dim else 1 for axis in range(len(shape))])
        grids.append(expand(column, shape))
    if swapped:
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


def _check_grid(tensors):
    for each in tensors:
        if each.dtype is not tensors[0].dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
        if each.device is not tensors[0].device:
            raise RuntimeError("meshgrid expects all tensors to have the same device")
    for each in tensors:
        if each.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
                + plain_text(each._host(), _plain_type(each.dtype))
            )


def _plain_type(dtype):
    """The name of a dtype's tensors in C++: one of the old names, or a newer one."""
    if dtype.name in _OLD_TYPES:
        return f"torch.{dtype.scalar_name}Tensor"
    return f"CPU{dtype.scalar_name}Type"


_OLD_TYPES = ("uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64")


def _require_vector(tensor):
    if tensor.ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(tensor.shape)}")


@composite(variants="f")
def cartesian_prod(*tensors):
    """All tuples of an element of each vector, as rows. Source: torch.cartesian_prod."""
    _require_tensors(tensors)
    for each in tensors:
        _require_vector(each)
    if len(tensors) == 1:
        return tensors[0]
    return stack([flatten(each) for each in meshgrid(*tensors, indexing="ij")], 1)


@composite(variants="f")
def combinations(input, r=2, with_replacement=False):
    """All choices of `r` elements of a vector, in order, as rows. Source: torch.combinations."""
    _require_vector(input)
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if not r:
        return tensor_of(np.empty(0, input.dtype.numpy), input.device)
    if tracked((input,)):
        return _combined(input, r, with_replacement)
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = np.array(list(choose(range(input.numel()), r)), np.int64)
    places = tensor_of(rows.reshape(-1), input.device)
    return reshape(index_select(input, 0, places), (-1, r))


def _combined(input, r, with_replacement):
    """The same as torch has it in its graph: from the grid of all choices."""
    grids = np.meshgrid(*[np.arange(input.numel())] * r, indexing="ij")
    chosen = np.ones(grids[0].shape, bool)
    for first, second in itertools.pairwise(grids):
        chosen &= first <= second if with_replacement else first < second
    chosen = tensor_of(chosen, input.device)
    grids = meshgrid(*[input] * r, indexing="ij")
    return stack([masked_select(each, chosen) for each in grids], 1)


@composite(variants="f")
def broadcast_tensors(*tensors):
    """The tensors, each expanded to the shape that all broadcast to.

    Source:  torch.broadcast_tensors.
    """
    _require_tensors(tensors)
    shape = broadcast_shapes(*[each.shape for each in tensors]) if tensors else ()
    return tuple(each if each.shape == shape else expand(each, shape) for each in tensors)


@composite(variants="f", name="broadcast_shapes")
def broadcast_shapes_of(*shapes):
    """The shape that tensors of these shapes broadcast to. Source: torch.broadcast_shapes."""
    return Size(broadcast_shapes_op(*shapes))


def _at_least(name, lift, tensors):
    """`lift` of one tensor, or of each of several."""
    if len(tensors) == 1:
        if isinstance(tensors[0], Tensor):
            return lift(tensors[0])
        if not isinstance(tensors[0], (list, tuple)):
            raise TypeError(
                f"{name}() received an invalid combination of arguments - got "
                f"({type_name(tensors[0])}), but expected one of:\n * (Tensor input)\n      didn't "
                "match because some of the arguments have invalid types: "
                f"(!{type_name(tensors[0])}!)\n * (tuple of Tensors tensors)\n      didn't match "
                f"because some of the arguments have invalid types: (!{type_name(tensors[0])}!)\n"
            )
        tensors = tensors[0]
    _require_tensors(tensors)
    return tuple(lift(each) for each in tensors)


@composite(variants="f")
def atleast_1d(*tensors):
    """Views with at least one dim. Source: torch.atleast_1d."""
    return _at_least("atleast_1d", lambda each: each if each.ndim else each.view(1), tensors)


def _two_dims(tensor):
    if tensor.ndim >= 2:
        return tensor
    return unsqueeze(tensor, 0) if tensor.ndim else tensor.view(1, 1)


def _three_dims(tensor):
    if tensor.ndim >= 3 or not tensor.ndim:
        return tensor if tensor.ndim else tensor.view(1, 1, 1)
    return unsqueeze(_two_dims(tensor), -1)


@composite(variants="f")
def atleast_2d(*tensors):
    """Views with at least two dims; new ones in front. Source: torch.atleast_2d."""
    return _at_least("atleast_2d", _two_dims, tensors)


@composite(variants="f")
def atleast_3d(*tensors):
    """Views with at least three dims: (n) becomes (1, n, 1), (m, n) becomes (m, n, 1).

    Source:  torch.atleast_3d.
    """
    return _at_least("atleast_3d", _three_dims, tensors)
