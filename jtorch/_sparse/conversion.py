"""Sparse tensors as strided ones, as others of another dtype, and what is kept of strided ones."""

import math

from jtorch._ops.creation import zeros
from jtorch._ops.families import composite
from jtorch._sparse.answers import answers, could_not_run
from jtorch._sparse.places import coalesced, flat, summed, values_at
from jtorch._sparse.tensor import SparseTensor, connect, make, replace

__all__ = ["clone", "dense_of", "dense_with_history", "empty_of", "masked", "with_values"]


def with_values(sparse, values, coalesced=None):
    """The places of a sparse tensor with other values, which may have other dense dims."""
    shape = (*sparse._meta.shape[: sparse._ind.shape[0]], *values.shape[1:])
    ordered = sparse._coal if coalesced is None else coalesced
    return make(sparse._ind.contiguous(), values, shape, ordered)


def dense_of(sparse):
    """The elements as a strided tensor, without history."""
    depth, shape = sparse._ind.shape[0], sparse._meta.shape
    count = math.prod(shape[:depth])
    if not shape.numel() or not sparse._ind.shape[1]:
        return zeros(tuple(shape), dtype=sparse.dtype, device=sparse.device)
    where = flat(sparse._ind, tuple(shape[:depth]))
    return summed(count, where, sparse._val).reshape(tuple(shape))


@answers("to_dense")
def _to_dense(self, dtype=None, *, masked_grad=None):
    if dtype is not None:
        raise RuntimeError("dtype argument is not supported by sparse_to_dense")

    def backward(gradient):
        if gradient.is_sparse:
            return gradient
        if masked_grad is False:
            return gradient.to_sparse(self.sparse_dim())
        return gradient.sparse_mask(coalesced(self))

    return connect("ToDenseBackward0", (self,), dense_of(self), backward)


def dense_with_history(sparse):
    """The elements as a strided tensor, whose gradient goes to the sparse one as it is."""
    return connect("ToDenseBackward0", (sparse,), dense_of(sparse), lambda gradient: gradient)


@composite(variants="m")
def sparse_mask(self, mask):
    """What stands at the places of `mask`, as a sparse tensor with these places.

    Errors:  RuntimeError for tensors of two shapes; NotImplementedError for a mask that is strided.
    Source:  torch.Tensor.sparse_mask.
    """
    return _sparse_mask(self, mask)


@answers("sparse_mask")
def _sparse_mask(self, mask):
    if not mask.is_sparse:
        raise could_not_run("_nnz" if self.is_sparse else "sparse_mask", "CPU")
    if self.shape != mask.shape:
        raise RuntimeError(
            "sparse_mask(): operands have incompatible sizes; self has size "
            f"{list(self.shape)} but mask has size {list(mask.shape)}"
        )
    result = masked(self, mask)
    strided = not self.is_sparse

    def backward(gradient):
        found = gradient.sparse_mask(mask) if gradient.is_sparse else gradient * mask.bool()
        return found.to_dense() if strided and found.is_sparse else found

    return connect("SparseMaskBackward0", (self,), result, backward)


def masked(tensor, mask):
    """The elements of any tensor at the places of `mask`; without history."""
    dense = dense_of(tensor) if tensor.is_sparse else tensor.detach()
    return with_values(mask, values_at(dense, mask._ind))


# Copies


@answers("clone")
def clone(self, *, memory_format=None):
    made = make(self._ind.clone(), self._val.clone(), self._meta.shape, self._coal)
    return connect("CloneBackward0", (self,), made, lambda gradient: gradient, keeps=False)


def _as_first_gradient(self, recorded):
    """What a leaf keeps of a gradient: its values in memory of their own, as torch leaves them."""
    if recorded:
        return clone(self)
    if not (self._val.is_contiguous() and self._ind.is_contiguous()):
        return clone(self)
    return make(self._ind, self._val, self._meta.shape)


SparseTensor._as_first_gradient = _as_first_gradient


@answers("detach", "alias")
def _detach(self):
    return self.data


@answers("detach_")
def _detach_in_place(self):
    self._node, self._requires_grad, self._output_nr = None, False, 0
    return self


@answers("type_as")
def _type_as(self, other):
    if not other.is_sparse:
        raise RuntimeError(
            "to(options) doesn't support converting to a different layout, but got self.layout "
            "being Sparse and options.layout set as Strided"
        )
    return _to(self, other.device, other.dtype)


@answers("to")
def _to(self, *args, **kwargs):
    """As a tensor of another dtype, or on another device."""
    if len(args) > 2:
        args, kwargs["non_blocking"] = args[:2], args[2]
    if args and isinstance(args[0], SparseTensor):
        args = (args[0].device, args[0].dtype, *args[1:])
    values = self._val.to(*args, **kwargs)
    if values is self._val:
        return self
    if values.device.type == "meta":
        raise NotImplementedError("jtorch has no sparse tensors on the device meta")
    indices = self._ind.to(values.device)
    made = make(indices, values, self._meta.shape, self._coal)
    before = self.dtype
    return connect(
        "ToCopyBackward0", (self,), made, lambda gradient: gradient.to(before), keeps=False
    )


def _as(name):
    def convert(self, *args, **kwargs):
        kind = getattr(self._val, name)(*args, **kwargs)
        return self if kind is self._val else _to(self, kind.device, kind.dtype)

    answers(name)(convert)


for _name in ("bfloat16", "bool", "byte", "char", "cpu", "cuda", "double", "float", "half", "int",
              "long", "short", "cdouble", "cfloat"):  # fmt: skip
    _as(_name)


@answers("type")
def _type(self, dtype=None, non_blocking=False, **kwargs):
    found = self._val.type(*(() if dtype is None else (dtype,)))
    if dtype is None:
        return found.replace("torch.", "torch.sparse.", 1)
    return _to(self, found.dtype)


@answers("copy_")
def _copy(self, src, non_blocking=False):
    if not (self.is_sparse and src.is_sparse):
        raise RuntimeError(
            "copy_() between dense and sparse Tensors is not implemented! Found self type = "
            f"{self.type()} and src type = {src.type()}"
        )
    if self.shape != src.shape:
        raise RuntimeError("jtorch copies sparse tensors of one shape only")
    return replace(self, clone(src).to(self.dtype))


@answers("zero_")
def _zero(self):
    depth = self._ind.shape[0]
    return replace(self, empty_of(self._meta.shape, self, depth))


def empty_of(shape, like, depth=None, dtype=None):
    """A sparse tensor without places."""
    depth = len(shape) if depth is None else depth
    values = like._val.new_empty((0, *shape[depth:]), dtype=dtype)
    return make(like._ind.new_empty((depth, 0)), values, shape, True)


@answers("zeros_like", "empty_like")
def _zeros_like(self, *, dtype=None, layout=None, device=None, requires_grad=False, **options):
    if layout is not None and layout is not self.layout:
        dense = zeros(tuple(self.shape), dtype=dtype or self.dtype, device=device or self.device)
        return dense.requires_grad_(requires_grad)
    made = empty_of(self._meta.shape, self, self._ind.shape[0], dtype)
    return made.requires_grad_(requires_grad)


@answers("tensor", method=False)
def _copy_constructed(data, *, requires_grad=False, dtype=None, device=None, **options):
    _require_tensor(data)
    values = data._val.to(device or data.device, dtype or data.dtype)
    made = make(data._ind.clone(), values.clone(), data._meta.shape, data._coal)
    return made.requires_grad_(requires_grad)


@answers("as_tensor", "asarray", method=False)
def _as_tensor(data, *, dtype=None, device=None, **options):
    _require_tensor(data)
    return _to(data, device or data.device, dtype or data.dtype)


def _require_tensor(data):
    if not isinstance(data, SparseTensor):
        raise ValueError("only one element tensors can be converted to Python scalars")


@answers("new_tensor")
def _new_tensor(self, data, **options):
    return self._val.new_tensor(data, **options)


@answers("new_zeros", "new_empty", "new")
def _new_zeros(self, *size, dtype=None, **options):
    size = size[0] if size and isinstance(size[0], (tuple, list)) else size or (0,)
    return empty_of(tuple(size), self, None, dtype)


@answers("is_same_size")
def _is_same_size(self, other):
    return self.shape == other.shape


@answers("contiguous")
def _contiguous(self, memory_format=None):
    raise RuntimeError("unsupported memory format option Contiguous")


def _item(self):
    if self.numel() != 1:
        raise RuntimeError(f"a Tensor with {self.numel()} elements cannot be converted to Scalar")
    return dense_of(self).item()


SparseTensor.item = _item
answers("numel")(lambda self: self._meta.numel)
for _name in ("is_complex", "is_floating_point", "is_signed", "get_device"):
    answers(_name, method=False)(lambda input, name=_name: getattr(input._val, name)())
answers("is_inference")(lambda self: False)
answers("is_nonzero")(lambda self: bool(self))


@answers("requires_grad_")
def _requires_grad(self, requires_grad=True):
    self.requires_grad = requires_grad
    return self
