"""Indexing by functions: `index_put`, and what a place in memory is in terms of dims."""

import math
from collections.abc import Sequence

import numpy as np

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._messages import type_name
from jtorch._ops.detailed import checked
from jtorch._ops.families import composite
from jtorch._ops.indexing import index_tensor
from jtorch._ops.picking import MASKS, put, tensor_over
from jtorch._ops.pieces import unbind
from jtorch._ops.rebase import refuse_in_place
from jtorch._ops.view import clone, unsqueeze
from jtorch._tensor import Tensor


@checked("(Tensor input, tuple of Tensors indices, Tensor values, bool accumulate = False)")
def index_put_(input, indices, values, accumulate=False):
    """Write `values` to the places that `indices`, a tensor per dim, pick.

    Errors:  IndexError for an index out of range; RuntimeError for another dtype or shape.
    Source:  torch.index_put_.
    """
    refuse_in_place(input)
    put(input, _picks(input, indices), values, accumulate, whole=input)
    return input


def _picks(input, indices):
    """Index tensors by dim, from one for each of the first dims."""
    picks = {}
    dim = 0
    for place, each in enumerate(indices):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 1, but got {type_name(each)}"
            )
        found = index_tensor(each)
        picks[dim] = found if found.ndim or found.dtype not in MASKS else found.reshape(1)
        dim += max(found.ndim, 1) if found.dtype in MASKS else 1
    if dim > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim} (got {dim})")
    return picks


@checked("(Tensor input, tuple of Tensors indices, Tensor values, bool accumulate = False)")
def index_put(input, indices, values, accumulate=False):
    """A copy of `input` with `values` at the places that `indices` pick. Source: torch.index_put."""
    before, mode.enabled = mode.enabled, False
    try:
        copy = clone(input)
    finally:
        mode.enabled = before
    put(copy, _picks(input, indices), values, accumulate, whole=copy, source=input)
    return copy


def _extents(shape):
    """The `shape` of `unravel_index` as a tuple of integers."""
    if isinstance(shape, int):
        return (shape,)
    if not isinstance(shape, Sequence):
        raise TypeError(f"expected 'shape' to be int or sequence of ints, but got {type(shape)}")
    for each in shape:
        if not isinstance(each, int):
            raise TypeError(f"expected 'shape' sequence to only contain ints, but got {type(each)}")
    if any(each < 0 for each in shape):
        raise ValueError(f"'shape' cannot have negative values, but got {tuple(shape)}")
    return tuple(shape)


@composite(variants="f")
def unravel_index(indices, shape):
    """Places in the order of memory as one index per dim of a tensor of this shape.

    Shape:   that of `indices`, for each.
    Errors:  TypeError for indices that are no integers; TypeError, ValueError for the shape.
    Source:  torch.unravel_index.
    """
    if indices.is_complex() or indices.is_floating_point() or indices.dtype is _dtypes.bool_:
        raise TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}")
    extents = _extents(shape)
    steps = [math.prod(extents[dim + 1 :]) for dim in range(len(extents))]
    device = indices.device
    steps, extents = (tensor_over(np.array(each, np.int64), device) for each in (steps, extents))
    return unbind(unsqueeze(indices, -1).floor_divide(steps) % extents, -1)
