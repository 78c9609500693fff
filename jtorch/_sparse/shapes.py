"""Sparse tensors with other dims, parts of them, and several put together."""

import numpy as np

from jtorch._ops.join import cat as joined
from jtorch._shapes import wrap_dim
from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.conversion import empty_of
from jtorch._sparse.places import coalesced, tensor_of
from jtorch._sparse.tensor import SparseTensor, connect, make, replace
from jtorch._tensor import Tensor

__all__ = []


def _permuted(self, dims):
    depth = self._ind.shape[0]
    indices = self._ind.index_select(0, tensor_of(dims[:depth], self.device))
    values = self._val.permute((0, *[dim - depth + 1 for dim in dims[depth:]]))
    ordered = self._coal and list(dims[:depth]) == list(range(depth))
    return make(indices, values, [self._meta.shape[dim] for dim in dims], ordered)


@answers("transpose", "swapaxes", "swapdims")
def _transpose(self, dim0, dim1):
    first, second = wrap_dim(dim0, self.ndim), wrap_dim(dim1, self.ndim)
    depth = self._ind.shape[0]
    if not (first < depth and second < depth):
        raise RuntimeError(
            f"sparse transpose: transposed dimensions must be sparse Got sparse_dim: {depth}, "
            f"d0: {first}, d1: {second}"
        )
    if first == second:
        return self
    dims = list(range(self.ndim))
    dims[first], dims[second] = second, first
    return connect(
        "TransposeBackward0", (self,), _permuted(self, dims),
        lambda gradient: gradient.transpose(first, second), keeps=False,
    )  # fmt: skip


@answers("t")
def _t(self):
    depth, dense = self._ind.shape[0], self._val.ndim - 1
    if depth > 2 or dense:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 sparse and 0 dense dimensions, but got {depth} sparse "
            f"and {dense} dense dimensions"
        )
    if depth < 2:
        return self
    return connect(
        "TBackward0", (self,), _permuted(self, [1, 0]), lambda gradient: gradient.t(), keeps=False
    )


@answers("t_")
def _t_in_place(self):
    return replace(self, _t(self.data))


@answers("transpose_")
def _transpose_in_place(self, dim0, dim1):
    return replace(self, _transpose(self.data, dim0, dim1))


@answers("T", "H", "mT", "mH", "adjoint")
def _matrix_transposed(self):
    if self.ndim != 2:
        raise NotImplementedError("jtorch transposes sparse tensors of two dims by this name only")
    return _transpose(self, 0, 1)


@answers("permute")
def _permute(self, *dims):
    dims = dims[0] if dims and isinstance(dims[0], (tuple, list)) else dims
    dims = [wrap_dim(dim, self.ndim) for dim in dims]
    depth = self._ind.shape[0]
    if len(dims) != self.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {self.ndim} is not "
            f"equal to len(dims) = {len(dims)}"
        )
    if len(set(dims)) != len(dims):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    if any(dim >= depth for dim in dims[:depth]):
        raise RuntimeError(
            "permute(sparse_coo): transpositions between sparse and dense dimensions are not "
            "allowed.Only transpositions within sparse and dense dimensions are supported."
        )
    back = [int(place) for place in np.argsort(dims)]
    return connect(
        "PermuteBackward0",
        (self,),
        _permuted(self, dims),
        lambda gradient: gradient.permute(back),
        keeps=False,
    )


@answers("unsqueeze")
def _unsqueeze(self, dim):
    dim = wrap_dim(dim, self.ndim + 1)
    depth = self._ind.shape[0]
    shape = list(self._meta.shape)
    shape.insert(dim, 1)
    if dim <= depth:
        zeros = self._ind.new_zeros((1, self._ind.shape[1]))
        indices = joined((self._ind[:dim], zeros, self._ind[dim:]), 0)
        made = make(indices, self._val, shape, self._coal)
    else:
        made = make(self._ind, self._val.unsqueeze(dim - depth + 1), shape, self._coal)
    return connect("UnsqueezeBackward0", (self,), made, _refusing("as_strided"), keeps=False)


def _refusing(name):
    def refuse(gradient):
        raise could_not_run(name)

    return refuse


@answers("index_select")
def _index_select(self, dim, index):
    dim = wrap_dim(dim, self.ndim)
    depth, shape = self._ind.shape[0], list(self._meta.shape)
    wanted = index._host().reshape(-1)
    for each in wanted:
        if not -shape[dim] <= each < shape[dim]:
            raise IndexError(
                "index_select(): index contains "
                f"{each} that is out of range for tensor of size {shape} at dimension {dim}"
            )
    wanted = wanted % shape[dim] if len(wanted) else wanted
    shape[dim] = len(wanted)
    device = self.device
    if dim >= depth:
        values = self._val.index_select(dim - depth + 1, tensor_of(wanted, device))
        made = make(self._ind, values, shape, self._coal)
    else:
        rows = self._ind._host()
        pairs = [np.flatnonzero(rows[dim] == each) for each in wanted]
        source = np.concatenate([*pairs, np.zeros(0, np.int64)]).astype(np.int64)
        indices = rows[:, source].copy()
        indices[dim] = np.repeat(np.arange(len(wanted)), [len(each) for each in pairs])
        values = self._val.index_select(0, tensor_of(source, device))
        made = make(tensor_of(indices, device), values, shape, False)
    return connect("IndexSelectBackward0", (self,), made, _refusing("index_add_"))


@answers("select")
def _select(self, dim, index):
    if not self.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, self.ndim)
    depth, shape = self._ind.shape[0], list(self._meta.shape)
    index = int(index)
    if not -shape[dim] <= index < shape[dim]:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {shape} at dimension {dim}"
        )
    index %= shape.pop(dim)
    device = self.device
    if dim >= depth:
        values = self._val.select(dim - depth + 1, index)
        made = make(self._ind, values, shape, self._coal)
    else:
        rows = self._ind._host()
        kept = np.flatnonzero(rows[dim] == index)
        values = self._val.index_select(0, tensor_of(kept, device))
        if depth == 1:
            made = values.sum(0)
        else:
            indices = np.delete(rows[:, kept], dim, 0)
            made = make(tensor_of(indices, device), values, shape, self._coal)
    return connect("SelectBackward0", (self,), made, _refusing("select_backward"))


@answers("unbind")
def _unbind(self, dim=0):
    return tuple([_select(self, dim, place) for place in range(self.size(dim))])


@answers("narrow_copy")
def _narrow_copy(self, dim, start, length):
    dim = wrap_dim(dim, self.ndim)
    wanted = np.arange(start, start + length)
    rows, depth = self._ind._host(), self._ind.shape[0]
    if dim >= depth or start < 0 or start + length > self.shape[dim]:
        raise NotImplementedError("jtorch narrows sparse tensors along sparse dims, inside of them")
    kept = np.flatnonzero((rows[dim] >= start) & (rows[dim] < start + length))
    indices = rows[:, kept].copy()
    indices[dim] -= start
    shape = list(self._meta.shape)
    shape[dim] = len(wanted)
    values = self._val.index_select(0, tensor_of(kept, self.device))
    made = make(tensor_of(indices, self.device), values, shape)
    made._coal = False
    return connect("NarrowCopyBackward0", (self,), made, _refusing("slice_backward"))


def _get_item(self, index):
    """`s[0]`, `s[:, 1]`, `s[None]`: numbers, whole dims and new ones."""
    parts = list(index) if isinstance(index, tuple) else [index]
    if Ellipsis in [each for each in parts if not isinstance(each, Tensor)]:
        place = next(i for i, each in enumerate(parts) if each is Ellipsis)
        taken = sum(each is not None for each in parts) - 1
        parts[place : place + 1] = [slice(None)] * (self.ndim - taken)
    result, dim = self, 0
    for each in parts:
        if each is None:
            result = result.unsqueeze(dim)
            dim += 1
        elif isinstance(each, (int, np.integer)) and not isinstance(each, bool):
            if dim >= result.ndim:
                raise IndexError(f"too many indices for tensor of dimension {self.ndim}")
            size = result.shape[dim]
            if not -size <= each < size:
                raise IndexError(
                    f"index {each} is out of bounds for dimension {dim} with size {size}"
                )
            result = result.select(dim, int(each))
        elif isinstance(each, slice):
            if each.start is not None or each.stop is not None or each.step is not None:
                raise could_not_run("as_strided")
            dim += 1
        else:
            raise could_not_run("index.Tensor")
    return result


def _set_item(self, index, value):
    raise TypeError("Cannot assign to a sparse tensor")


SparseTensor.__getitem__ = _get_item
SparseTensor.__setitem__ = _set_item


@answers("cat", "concat", "concatenate", method=False)
def _cat(tensors, dim=0):
    tensors = list(tensors)
    for place, each in enumerate(tensors):
        if not each.is_sparse:
            raise RuntimeError(
                f"Concatenating sparse tensors, but a dense tensor was found at position {place}."
            )
    first = tensors[0]
    dim = wrap_dim(dim, first.ndim)
    depth, shape = first._ind.shape[0], list(first._meta.shape)
    for each in tensors:
        rest = [list(t.shape[:dim]) + list(t.shape[dim + 1 :]) for t in (first, each)]
        if rest[0] != rest[1] or each._ind.shape[0] != depth:
            raise RuntimeError("All tensors must have the same shape, but for the dim of torch.cat")
    if dim >= depth:
        return _cat_of_dense_dims(tensors, dim)
    starts = np.cumsum([0, *[each.shape[dim] for each in tensors]])
    indices = [
        each._ind
        + tensor_of([[start] if place == dim else [0] for place in range(depth)], each.device)
        for each, start in zip(tensors, starts, strict=False)
    ]
    shape[dim] = int(starts[-1])
    made = make(joined(indices, 1), joined([each._val for each in tensors], 0), shape)
    refuse = _refusing("as_strided")
    return connect("CatBackward0", tensors, made, refuse)


def _cat_of_dense_dims(tensors, dim):
    """Along a dense dim: the values of each, and zeros in the place of those of the others."""
    depth, shape = tensors[0]._ind.shape[0], list(tensors[0]._meta.shape)
    along = dim - depth + 1
    widths = [each.shape[dim] for each in tensors]
    parts = []
    for place, each in enumerate(tensors):
        sides = []
        for width in (sum(widths[:place]), sum(widths[place + 1 :])):
            extents = list(each._val.shape)
            extents[along] = width
            sides.append(each._val.new_zeros(extents))
        parts.append(joined((sides[0], each._val, sides[1]), along))
    shape[dim] = sum(widths)
    made = make(joined([each._ind for each in tensors], 1), joined(parts, 0), shape)
    return connect("CatBackward0", tensors, made, _refusing("as_strided"))


@answers("stack", method=False)
def _stack(tensors, dim=0):
    dim = wrap_dim(dim, tensors[0].ndim + 1)
    return _cat([each.unsqueeze(dim) for each in tensors], dim)


@answers("sparse_resize_and_clear_")
def _resize_and_clear(self, size, sparse_dim, dense_dim):
    if len(size) != sparse_dim + dense_dim:
        raise RuntimeError(
            f"'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = {len(size)}, "
            f"sparse_dim = {sparse_dim}, dense_dim = {dense_dim}"
        )
    return replace(self, empty_of(tuple(size), self, sparse_dim))


@answers("norm")
def _norm(self, p="fro", dim=None, keepdim=False, dtype=None):
    if dim is not None and sorted(np.atleast_1d(dim).tolist()) != list(range(self.ndim)):
        raise RuntimeError(
            "norm_sparse currently only supports full reductions, so 'dim' must either be empty or "
            "contain all dimensions of the input"
        )
    order = 2 if p in ("fro", None) else p
    result = coalesced(self)._val.norm(order)
    return connect("NormBackward1", (self,), result, _refusing("masked_fill_.Scalar"))


@answers("reshape", "flatten", "ravel", "unflatten")
def _reshape(self, *shape, **kwargs):
    raise RuntimeError("reshape is not implemented for sparse tensors")


@answers("expand", "expand_as", "broadcast_to")
def _expand(self, *size, **kwargs):
    raise RuntimeError("expand is unsupported for Sparse tensors")
