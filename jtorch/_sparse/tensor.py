"""SparseTensor: a tensor in coordinates, two strided tensors that stand for one. It knows no operation.

Operations ask it as they ask any class that overrides them (`_override`): so strided tensors pay
nothing for it, and what is not answered in `answers.py` is refused. What would read its memory past
that comes to a storage that there is not, and is refused as well.
"""

from types import FunctionType

from jtorch import _override
from jtorch._autograd.graph import Node, named
from jtorch._autograd.modes import mode
from jtorch._layout import LAYOUTS
from jtorch._meta import Meta
from jtorch._ops.edges import edge_of, needs_gradient, point
from jtorch._ops.recall import FREED
from jtorch._ops.tangents import carries, tangents
from jtorch._tensor import Tensor, VersionCounter, _fixed

__all__ = ["SparseTensor", "connect", "make", "replace"]


class NoStorage:
    """In the place of a storage: whoever wants to read it is told that there is none."""

    def __init__(self):
        self.version = 0
        self.recorded = False

    def __getattr__(self, name):
        raise NotImplementedError(
            "Cannot access storage of SparseTensorImpl: jtorch does not provide this of sparse tensors"
        )


def _no_memory(self, *arguments):
    raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")


def _no_numpy(self, *arguments, **options):
    raise TypeError("can't convert Sparse layout tensor to numpy. Use Tensor.to_dense() first.")


def _no_storage(self):
    raise NotImplementedError("Cannot access storage of SparseTensorImpl")


def _no_bytes(self):
    raise RuntimeError(
        "nbytes is not defined for sparse tensors.  If you want the size of the constituent "
        "tensors, add the nbytes of the indices and values.  If you want the size of the  "
        "equivalent dense tensor, multiply numel() by element_size()"
    )


class SparseTensor(Tensor):
    """A tensor of layout torch.sparse_coo: places, and the values that stand there.

    `_ind` (sparse dims, n) and `_val` (n, dense dims) have no history; that is the tensor's own.
    """

    _coal = False  # whether places are in order, each once
    _offset = 0

    is_sparse = _fixed("is_sparse", lambda self: True)
    layout = _fixed("layout", lambda self: LAYOUTS["sparse_coo"], "torch.sparse_coo.")
    nbytes = _fixed("nbytes", _no_bytes)
    data_ptr = const_data_ptr = _no_memory
    tolist = _no_memory
    numpy = __array__ = __dlpack__ = _no_numpy
    storage = untyped_storage = _typed_storage = is_shared = share_memory_ = _no_storage
    storage_type = _no_storage

    @property
    def data(self):
        return make(self._ind, self._val, self._meta.shape, self._coal)

    @data.setter
    def data(self, value):
        if not isinstance(value, SparseTensor):
            raise RuntimeError(
                "Attempted to call `variable.set_data(tensor)`, but `variable` and `tensor` have "
                "incompatible tensor type."
            )
        self._meta = value._meta
        self._ind, self._val, self._coal = value._ind, value._val, value._coal

    def stride(self, dim=None):
        """Zeros: there are no steps in memory."""
        if dim is None:
            return (0,) * self._meta.ndim
        self.size(dim)
        return 0

    def _dimI(self):
        return self._ind.shape[0]

    def _dimV(self):
        return self._val.ndim - 1

    def is_contiguous(self, memory_format=None):
        return False


# What users see is torch's: a tensor like any other.
SparseTensor.__name__ = SparseTensor.__qualname__ = "Tensor"
SparseTensor.__module__ = "torch"


def make(indices, values, shape, coalesced=False):
    """A sparse tensor of places and values, which are shared with it; without a history."""
    _override.state.active = True  # from here on functions have to ask their arguments
    _override.state.sparse = SparseTensor
    made = object.__new__(SparseTensor)
    meta = values._meta
    made._meta = Meta(tuple(shape), meta.dtype, meta.device)
    made._storage = NoStorage()
    made._counter = VersionCounter()
    made._ind = plain(indices)
    made._val = plain(values)
    made._coal = bool(coalesced) or made._ind.shape[1] < 2
    return made


def plain(tensor):
    """The same memory without history."""
    return tensor.detach() if tensor._requires_grad or tensor._node is not None else tensor


def replace(tensor, other):
    """Make `tensor` what `other` is, in place.

    Errors:  RuntimeError for a leaf that gradients are wanted of; NotImplementedError where a
             history would have to be kept.
    """
    if mode.enabled and needs_gradient(tensor):
        if tensor._node is None:
            raise RuntimeError(
                "a leaf Variable that requires grad is being used in an in-place operation."
            )
        raise NotImplementedError("jtorch records no in-place operations on sparse tensors")
    if mode.enabled and needs_gradient(other):
        raise NotImplementedError("jtorch records no in-place operations on sparse tensors")
    tensor._meta = other._meta
    tensor._ind, tensor._val, tensor._coal = other._ind, other._val, other._coal
    tensor._counter.version += 1
    return tensor


class SparseNode(Node):
    """An operation with sparse tensors: its gradient is a plain function of tensors."""

    _keeps = False  # whether torch's node saves something, and lets go of it

    def __init__(self, operands, metas, backward):
        super().__init__([None if each is None else edge_of(each) for each in operands], metas)
        self._backward = backward

    def _apply(self, gradients):
        if self._backward is None:
            raise RuntimeError(FREED)
        if all(each is None for each in gradients):
            return [None] * len(self._edges)
        found = self._backward(*gradients)
        found = found if isinstance(found, tuple) else (found,)
        return [
            None if edge is None else each() if isinstance(each, FunctionType) else each
            for edge, each in zip(self._edges, found, strict=True)
        ]

    def _release(self):
        if self._keeps:
            self._backward = None

    def _watch_written(self, target):
        """Nothing is saved that could change."""


def connect(name, operands, result, backward, keeps=True):
    """Give `result` a history: `backward(gradient)` gives a gradient for each operand.

    A gradient that costs something may be a function without arguments: it is called if wanted. None
    is an operand that has no gradient, and that torch's node counts. `keeps`: a second backward is
    refused where the first one was not asked to keep the graph.
    """
    if tangents.level and any(each is not None and carries(each) for each in operands):
        raise NotImplementedError(
            f"jtorch does not provide forward mode through {name.removesuffix('Backward0')} of sparse "
            "tensors"
        )
    if mode.enabled and any(each is not None and needs_gradient(each) for each in operands):
        node = named(SparseNode, name)(operands, (result._meta,), backward)
        node._keeps = keeps
        point(result, node)
    return result
