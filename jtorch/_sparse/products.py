"""Products of sparse matrices with strided ones and with each other."""

import math

import numpy as np

from jtorch._errors import check
from jtorch._ops.creation import zeros
from jtorch._ops.signatures import described
from jtorch._sparse.answers import answers
from jtorch._sparse.places import coalesced, summed, tensor_of
from jtorch._sparse.tensor import connect, make

__all__ = ["mm", "sparse_addmm", "sparse_mm"]


def _require_matrices(sparse, dense):
    if dense.ndim != 2:
        dense.size(1)
    name = "addmm: Argument #"
    check(
        sparse._ind.shape[0] == 2, lambda: f"{name}2: matrices expected, got {sparse.ndim}D tensor"
    )
    check(dense.ndim == 2, lambda: f"{name}3: matrices expected, got {dense.ndim}D tensor")
    if sparse.shape[1] != dense.shape[0]:
        raise RuntimeError(
            f"{name}3 (dense): Expected dim 0 size {sparse.shape[1]}, got {dense.shape[0]}"
        )
    if sparse.dtype is not dense.dtype:
        raise RuntimeError(
            f"expected scalar type {sparse.dtype.scalar_name} but found {dense.dtype.scalar_name}"
        )


def _times(sparse, dense):
    """sparse @ dense, strided, without history."""
    shape = (sparse.shape[0], dense.shape[1])
    if not sparse._ind.shape[1] or not math.prod(shape):
        return zeros(shape, dtype=sparse.dtype, device=sparse.device)
    rows = dense.detach().index_select(0, sparse._ind[1])
    return summed(shape[0], sparse._ind[0], rows * sparse._val.unsqueeze(1))


def _times_from_left(dense, sparse):
    return _times(_flipped(sparse), dense.t()).t().contiguous()


def _flipped(sparse):
    return make(sparse._ind.flip(0), sparse._val, (sparse.shape[1], sparse.shape[0]))


def _by_sparse(left, right):
    """sparse @ sparse, sparse and coalesced, without history."""
    if left.shape[1] != right.shape[0]:
        raise RuntimeError(
            "mat1 and mat2 shapes cannot be multiplied "
            f"({left.shape[0]}x{left.shape[1]} and {right.shape[0]}x{right.shape[1]})"
        )
    if left.dtype is not right.dtype:
        raise RuntimeError(
            f"mat1 dtype {left.dtype.scalar_name} does not match mat2 dtype {right.dtype.scalar_name}"
        )
    left, right = coalesced(left), coalesced(right)
    rows, inner = left._ind._host()
    begins = np.searchsorted(right._ind._host()[0], np.arange(right.shape[0] + 1))
    counts = begins[inner + 1] - begins[inner]
    first = np.repeat(np.arange(len(rows)), counts)
    starts = np.repeat(begins[inner] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) \
        if len(rows) else np.zeros(0, np.int64)  # fmt: skip
    second = starts + np.arange(len(starts))
    places = np.stack([rows[first], right._ind._host()[1][second]])
    device = left.device
    values = left._val.index_select(0, tensor_of(first, device))
    values = values * right._val.index_select(0, tensor_of(second, device))
    shape = (left.shape[0], right.shape[1])
    return coalesced(make(tensor_of(places, device), values, shape))


def mm(left, right):
    """left @ right where one of them is sparse: strided, unless both are."""
    if left.is_sparse and right.is_sparse:
        return connect(
            "SparseSparseMatmulBackward0", (left, right), _by_sparse(left, right),
            lambda gradient: (
                lambda: mm(gradient, right.t()).sparse_mask(coalesced(left)),
                lambda: mm(left.t(), gradient).sparse_mask(coalesced(right)),
            ),
        )  # fmt: skip
    if right.is_sparse:
        if left.ndim != 2 or left.shape[1] != right.shape[0]:
            _require_matrices(_flipped(right), left.t())
        made = _times_from_left(left, right)
    else:
        _require_matrices(left, right)
        made = _times(left, right)
    return connect(
        "MmBackward0", (left, right), made,
        lambda gradient: (lambda: _grad_left(gradient, right), lambda: _grad_right(left, gradient)),
    )  # fmt: skip


def _grad_left(gradient, right):
    return gradient.mm(right.t())


def _grad_right(left, gradient):
    return left.t().mm(gradient)


@answers("spmm", "dsmm", method=False)
@answers("mm")
def _mm(self, mat2):
    return mm(self, mat2)


@described("(Tensor input, Tensor mat2)", variants="f")
def spmm(input, mat2):
    """`torch.mm` by an old name. Source: torch.spmm."""
    return input.mm(mat2)


@described("(Tensor input, Tensor mat2)", variants="f")
def dsmm(input, mat2):
    """`torch.mm` by an old name. Source: torch.dsmm."""
    return input.mm(mat2)


@answers("matmul", "__matmul__", "linalg_matmul")
def _matmul(self, other):
    if self.ndim == 2 and other.ndim == 2:
        return mm(self, other)
    if self.ndim == 2 and other.ndim == 1 and self.is_sparse:
        return mv(self, other)
    if self.ndim == 1 and other.ndim == 2 and other.is_sparse:
        return mv(other.t(), self)
    raise NotImplementedError(
        f"jtorch has no matmul of tensors of {self.ndim} and {other.ndim} dims, one of them sparse"
    )


@answers("linear")
def _linear(input, weight, bias=None):
    product = _matmul(input, weight.t())
    return product if bias is None else product + bias


@answers("mv")
def mv(self, vec):
    """sparse @ vector."""
    if self.ndim != 2 or vec.ndim != 1:
        raise RuntimeError(
            "mv: two tensor dim should be 2 and 1, but got SparseTensor Dim: "
            f"{self.ndim}Tensor Dim: {vec.ndim}"
        )
    if self.shape[1] != vec.shape[0]:
        raise RuntimeError("mv: expected self.size(-1) == vec.size(-1)")
    made = _times(self, vec.detach().unsqueeze(1)).squeeze(1)
    return connect(
        "MvBackward0", (self, vec), made,
        lambda gradient: (
            lambda: gradient.unsqueeze(1) * vec, lambda: self.t().mv(gradient),
        ),
    )  # fmt: skip


@answers("addmm")
def _addmm(self, mat1, mat2, *, beta=1, alpha=1):
    if self.is_sparse or not mat1.is_sparse:
        if self.is_sparse:
            raise RuntimeError("expand is unsupported for Sparse tensors")
        raise NotImplementedError("jtorch has addmm(dense, sparse, dense) only")
    return _sum_of_product("AddmmBackward0", self, mat1, mat2, beta, alpha)


def _sum_of_product(name, base, sparse, dense, beta, alpha):
    _require_matrices(sparse, dense)
    made = _times(sparse, dense)
    made = made if alpha == 1 else made * alpha
    if beta:
        made = made + (base.detach() if beta == 1 else base.detach() * beta)
    masked = name.startswith("Sparse")

    def of_sparse(gradient):
        found = gradient.mm(dense.t())
        found = found.sparse_mask(coalesced(sparse)) if masked else found
        return found if alpha == 1 else found * alpha

    def of_dense(gradient):
        found = sparse.t().mm(gradient)
        return found if alpha == 1 else found * alpha

    def backward(gradient):
        return (
            lambda: (gradient * beta).sum_to_size(base.shape),
            lambda: of_sparse(gradient),
            lambda: of_dense(gradient),
        )

    return connect(name, (base, sparse, dense), made, backward)


def sparse_mm(mat1, mat2):
    """mat1 @ mat2, whose gradient of a sparse `mat1` has its places only."""
    if not mat1.is_sparse:
        if not mat2.is_sparse:
            return mat1.mm(mat2)
        return sparse_mm(mat2.t(), mat1.t()).t()
    if mat2.is_sparse:
        return mm(mat1, mat2)
    _require_matrices(mat1, mat2)
    base = zeros((mat1.shape[0], mat2.shape[1]), dtype=mat1.dtype, device=mat1.device)
    return _sum_of_product("SparseAddmmBackward0", base, mat1, mat2, 0, 1)


def sparse_addmm(mat, mat1, mat2, beta=1.0, alpha=1.0):
    """beta * mat + alpha * (mat1 @ mat2), whose gradient of `mat1` has its places only."""
    if not mat1.is_sparse:
        return mat.addmm(mat1, mat2, beta=beta, alpha=alpha)
    return _sum_of_product("SparseAddmmBackward0", mat, mat1, mat2, beta, alpha)
