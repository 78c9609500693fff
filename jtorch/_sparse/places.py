"""Places of a sparse tensor as numbers: which is which, in which order, and what stands there.

How many different places there are depends on data: what needs it waits for the places, on the host.
"""

import math

import numpy as np

from jtorch import _dtypes
from jtorch._ops.bounds import tensor_of as tensor_over
from jtorch._ops.creation import zeros
from jtorch._ops.join import cat
from jtorch._sparse.tensor import make

__all__ = [
    "added_at",
    "coalesced",
    "flat",
    "narrowed",
    "numbers_of",
    "rows_of",
    "summed",
    "tensor_of",
    "values_at",
]


def tensor_of(array, device):
    """An array of places as a tensor."""
    return tensor_over(np.array(array, np.int64, order="C"), device)


def flat(indices, extents):
    """The number of each place, in order of memory, as a tensor."""
    if not extents:
        return zeros((indices.shape[1],), dtype=_dtypes.int64, device=indices.device)
    steps = [math.prod(extents[place + 1 :]) for place in range(len(extents))]
    parts = [
        row if step == 1 else row * step for row, step in zip(indices.unbind(0), steps, strict=True)
    ]
    return sum(parts[1:], parts[0])


def numbers_of(sparse):
    """The number of each place, on the host."""
    indices = sparse._ind._host()
    numbers = np.zeros(indices.shape[1], np.int64)
    for row, extent in zip(indices, sparse._meta.shape, strict=False):
        numbers = numbers * extent + row
    return numbers


def rows_of(dense, depth):
    """A strided tensor with its first `depth` dims as one."""
    shape = dense.shape
    return dense.reshape((math.prod(shape[:depth]), *shape[depth:]))


def values_at(dense, indices):
    """What a strided tensor has at these places: (n, dense dims)."""
    depth = indices.shape[0]
    return rows_of(dense, depth).index_select(0, flat(indices, tuple(dense.shape[:depth])))


def summed(count, which, values):
    """(count, ...): the sum of those values that have each number in `which`."""
    if values.dtype is _dtypes.bool_:
        counted = values.to(_dtypes.int32)
        return summed(count, which, counted).to(_dtypes.bool_)
    into = zeros((count, *values.shape[1:]), dtype=values.dtype, device=values.device)
    return into.index_add(0, which, values) if values.shape[0] else into


def added_at(dense, sparse, alpha=1):
    """Add to a strided tensor, in place, what a sparse one of its shape and dtype holds."""
    depth = sparse._ind.shape[0]
    if not sparse._ind.shape[1]:
        return dense
    where = flat(sparse._ind, tuple(sparse._meta.shape[:depth]))
    if dense.is_contiguous():
        rows = dense.view((math.prod(dense.shape[:depth]), *dense.shape[depth:]))
        rows.index_add_(0, where, sparse._val, alpha=alpha)
    else:
        rows = rows_of(dense, depth).index_add(0, where, sparse._val, alpha=alpha)
        dense.copy_(rows.reshape(dense.shape))
    return dense


def coalesced(sparse):
    """The same with places in order, each once; the tensor itself if it is so. No history."""
    if sparse._coal:
        return sparse
    shape = sparse._meta.shape
    if sparse._ind.shape[1] < 2:
        return make(sparse._ind.clone(), sparse._val.clone(), shape, True)
    numbers = numbers_of(sparse)
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    device = sparse.device
    indices = sparse._ind._host()[:, order[starts]]
    values = sparse._val.index_select(0, tensor_of(order, device))
    count = int(starts.sum())
    indices = tensor_of(indices, device)
    if count < len(numbers):
        values = summed(count, tensor_of(np.cumsum(starts) - 1, device), values)
        indices = narrowed(indices, len(numbers))
    return make(indices, values, shape, True)


def narrowed(indices, count):
    """The same places as a window onto `count` of them: torch had room for all before it counted."""
    room = indices.new_empty((indices.shape[0], count - indices.shape[1]))
    return cat((indices, room), 1)[:, : indices.shape[1]]
