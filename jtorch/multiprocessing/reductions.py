"""How multiprocessing pickles tensors: their memory becomes shared, and a descriptor of it is sent."""

import os
from multiprocessing import reduction

from jtorch._alias import missing_attribute
from jtorch._device import CPU
from jtorch._meta import Meta
from jtorch._shared_memory import segment_of, storage_over
from jtorch._storage import Storage
from jtorch._tensor import Tensor
from jtorch._untyped_storage import UntypedStorage, handle
from jtorch.nn.parameter import Parameter

__all__ = ["init_reductions", "rebuild_tensor", "reduce_tensor"]

NON_LEAF = (
    "Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does not "
    "support crossing process boundaries.  If you just want to transfer the data, call detach() on "
    "the tensor before serializing (e.g., putting it on the queue)."
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


def reduce_tensor(tensor):
    """The pickle of a tensor. On the CPU both processes see the same memory from then on.

    Errors:  RuntimeError for a tensor with a history.
    Source:  torch.multiprocessing.reductions.reduce_tensor.
    """
    refuse_history(tensor)
    meta = tensor._meta
    if meta.device is not CPU or not hasattr(os, "memfd_create"):
        return tensor.__reduce_ex__(2)
    window = (tuple(meta.shape), tuple(meta.stride), tensor._offset)
    return rebuild_tensor, (
        kind_of(tensor), tensor._storage, meta.dtype, window, meta.mirrored, tensor.requires_grad,
    )  # fmt: skip


def kind_of(tensor):
    """The class of a tensor for its pickle; None for Tensor, which has another name elsewhere."""
    return None if type(tensor) is Tensor else type(tensor)


def refuse_history(tensor):
    """Raise torch's error for a tensor that autograd has computed."""
    if tensor.requires_grad and not tensor.is_leaf:
        raise RuntimeError(NON_LEAF)


def rebuild_tensor(kind, storage, dtype, window, mirrored, requires_grad):
    """The tensor of a pickle."""
    shape, stride, offset = window
    made = object.__new__(Tensor if kind is None else kind)
    made._meta = Meta(shape, dtype, CPU, stride, mirrored)
    made._storage, made._offset = storage, offset
    made._requires_grad = requires_grad
    return made


def _reduce_storage(storage):
    segment = segment_of(storage)
    shape = (storage.meta.numel,)
    return _rebuild_storage, (reduction.DupFd(segment.descriptor), shape, storage.meta.dtype)


def _rebuild_storage(sent, shape, dtype):
    return storage_over(sent.detach(), shape, dtype)


def _reduce_untyped(storage):
    return handle, (storage._storage,)


def init_reductions():
    """Have multiprocessing pickle tensors and storages so."""
    reduction.register(Tensor, reduce_tensor)
    reduction.register(Parameter, reduce_tensor)
    reduction.register(Storage, _reduce_storage)
    reduction.register(UntypedStorage, _reduce_untyped)
