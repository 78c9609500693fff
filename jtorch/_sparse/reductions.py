"""Sums of sparse tensors along dims, and their softmax."""

import numpy as np

from jtorch import _dtypes
from jtorch._shapes import wrap_dim
from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.conversion import with_values
from jtorch._sparse.places import coalesced, summed, tensor_of, values_at
from jtorch._sparse.tensor import connect, make

__all__ = ["log_softmax", "softmax", "sparse_sum"]


def _wrapped(dim, ndim):
    dims = [wrap_dim(each, ndim) for each in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    for each in dims:
        if dims.count(each) > 1:
            raise RuntimeError(f"dim {each} appears multiple times in the list of dims")
    return sorted(dims)


def sparse_sum(sparse, dim=None, dtype=None):
    """`torch.sparse.sum`."""
    if dim is None:
        values = sparse.coalesce().values()
        return values.sum() if dtype is None else values.sum(dtype=dtype)
    if dtype is not None:
        return sparse_sum(sparse.to(dtype), dim)
    dims = _wrapped(dim, sparse.ndim)
    if not dims:
        return sparse
    return connect(
        "SparseSumBackward0", (sparse,), _summed(sparse, dims),
        lambda gradient: _spread(gradient, sparse, dims),
    )  # fmt: skip


def _summed(sparse, dims):
    """The sum along dims, without history: sparse, or strided where no sparse dim is left."""
    sparse = coalesced(sparse)
    depth, shape = sparse._ind.shape[0], sparse._meta.shape
    values = sparse._val
    dense_dims = [dim - depth + 1 for dim in dims if dim >= depth]
    if dense_dims:
        values = values.sum(dense_dims, dtype=values.dtype)
    gone = [dim for dim in dims if dim < depth]
    left = [extent for dim, extent in enumerate(shape) if dim not in dims]
    if len(gone) == depth:
        return values.sum(0, dtype=values.dtype)
    kept = [dim for dim in range(depth) if dim not in gone]
    indices = sparse._ind
    if gone:
        indices = indices.index_select(0, tensor_of(kept, sparse.device))
        return coalesced(make(indices, values, left))
    return make(indices, values, left, True)


def _spread(gradient, sparse, dims):
    """The gradient of a sum: at the places of what was summed."""
    sparse = coalesced(sparse)
    dense = gradient.to_dense() if gradient.is_sparse else gradient
    for dim in dims:
        dense = dense.unsqueeze(dim)
    dense = dense.expand(tuple(sparse.shape))
    return with_values(sparse, values_at(dense, sparse._ind))


@answers("sum")
def _sum(self, dim=None, keepdim=False, *, dtype=None):
    kind = dtype or (_dtypes.int64 if self.dtype.category < _dtypes.FLOATING else self.dtype)
    if dim is None or (isinstance(dim, (tuple, list)) and not dim):
        shape = tuple(self.shape)
        return connect(
            "SumBackward0", (self,), coalesced(self)._val.sum(dtype=kind),
            lambda gradient: gradient.expand(shape), keeps=False,
        )  # fmt: skip
    dims = _wrapped(dim, self.ndim)
    converted = self.data.to(kind)
    result = _summed(converted, dims)
    if keepdim:
        for each in dims:
            result = result.unsqueeze(each)
        if result.is_sparse:
            result._coal = False
    return connect("SumBackward1", (self,), result, lambda gradient: _no_gradient("sum along dims"))


def _no_gradient(what):
    raise NotImplementedError(
        f"jtorch has no gradient of the {what} of sparse tensors; torch.sparse has"
    )


# Softmax: what is not there counts as minus infinity


def _pools(sparse, dim):
    """(number of the pool of each place, how many pools there are) along a sparse dim."""
    rows = np.delete(sparse._ind._host(), dim, 0)
    if not rows.shape[0] or not rows.shape[1]:
        return np.zeros(rows.shape[1], np.int64), min(rows.shape[1], 1)
    _, pools = np.unique(rows, axis=1, return_inverse=True)
    pools = pools.reshape(-1)
    return pools, int(pools.max()) + 1


def _soft(name, node, sparse, dim, dtype):
    if not sparse.is_sparse:
        raise could_not_run(name, "CPU")
    if dtype is not None:
        sparse = sparse.to(dtype)
    dim = wrap_dim(dim, sparse.ndim)
    if sparse.dtype.category < _dtypes.FLOATING:
        word = "log_softmax" if "log" in name else "softmax"
        raise NotImplementedError(f"\"{word}\" not implemented for '{sparse.dtype.scalar_name}'")
    ordered = coalesced(sparse)
    depth = ordered._ind.shape[0]
    log = "log" in name
    if dim >= depth:
        values = ordered._val
        along = dim - depth + 1
        result = values.log_softmax(along) if log else values.softmax(along)
        made = with_values(ordered, result)
        total = lambda each: each.sum(along, keepdim=True)  # noqa: E731
    else:
        pools, count = _pools(ordered, dim)
        which = tensor_of(pools, ordered.device)
        result = _of_pools(ordered._val, which, count, log)
        made = with_values(ordered, result)
        total = lambda each: summed(count, which, each).index_select(0, which)  # noqa: E731

    def backward(gradient):
        known = values_at(gradient.to_dense() if gradient.is_sparse else gradient, made._ind)
        if log:
            found = known - result.exp() * total(known)
        else:
            found = result * (known - total(result * known))
        return with_values(made, found)

    return connect(node, (sparse,), made, backward)


def _of_pools(values, which, count, log):
    if not values.shape[0]:
        return values.clone()
    index = which.reshape((-1,) + (1,) * (values.ndim - 1)).expand(values.shape)
    lowest = values.new_full((count, *values.shape[1:]), -float("inf"))
    greatest = lowest.scatter_reduce(0, index, values, "amax").index_select(0, which)
    shifted = values - greatest
    powers = shifted.exp()
    total = summed(count, which, powers).index_select(0, which)
    return shifted - total.log() if log else powers / total


def softmax(input, dim, *, dtype=None):
    """`torch.sparse.softmax`."""
    return _soft("_sparse_softmax", "SparseSoftmaxBackward0", input, dim, dtype)


def log_softmax(input, dim, *, dtype=None):
    """`torch.sparse.log_softmax`."""
    return _soft("_sparse_log_softmax", "SparseLogSoftmaxBackward0", input, dim, dtype)
