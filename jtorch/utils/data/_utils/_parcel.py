"""Parcels: an object as a pickle and the big buffers that it refers to, and back."""

import io
import pickle
from multiprocessing import reduction

import numpy as np

from jtorch._device import CPU
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._storage import Storage, new_storage
from jtorch._tensor import Tensor
from jtorch.multiprocessing.reductions import kind_of, rebuild_tensor, refuse_history

__all__ = ["BIG", "packed", "unpacked"]

BIG = 1 << 16  # bytes from which on a buffer stays out of the pickle


class _Pickler(reduction.ForkingPickler):
    """Pickles tensors with their memory; a small part of a big memory goes without the rest."""

    def __init__(self, *options):
        super().__init__(*options)
        self._sent = set()  # storages that go as a whole

    def reducer_override(self, given):
        if isinstance(given, Tensor) and type(given).__reduce_ex__ is Tensor.__reduce_ex__:
            return _reduced_tensor(given, self._sent)
        if type(given) is Storage:
            return _reduced_storage(given)
        return NotImplemented


def _reduced_tensor(tensor, sent):
    refuse_history(tensor)
    meta = tensor._meta
    if meta.device is not CPU:
        return NotImplemented
    storage, offset = tensor._storage, tensor._offset
    base = storage.meta
    span = _span(meta)
    is_small = 2 * span * meta.dtype.itemsize < base.numel * base.dtype.itemsize > BIG
    if is_small and storage not in sent:
        flat = Meta((span,), meta.dtype)
        storage = new_storage(leaf(np.array(storage.host_read(flat, offset)), flat.aval), flat)
        offset = 0
    else:
        sent.add(storage)
    window = (tuple(meta.shape), tuple(meta.stride), offset)
    return rebuild_tensor, (
        kind_of(tensor), storage, meta.dtype, window, meta.mirrored, tensor.requires_grad,
    )  # fmt: skip


def _span(meta):
    """How many elements there are from the first to the last."""
    if not meta.numel:
        return 0
    return 1 + sum((n - 1) * step for n, step in zip(meta.shape, meta.stride, strict=True))


def _reduced_storage(storage):
    base = storage.meta
    array = np.ascontiguousarray(storage.host_read(Meta((base.numel,), base.dtype), 0))
    shape = tuple(base.shape) if base.is_contiguous else (base.numel,)
    return _rebuilt_storage, (pickle.PickleBuffer(array.view(np.uint8)), base.dtype, shape)


def _rebuilt_storage(memory, dtype, shape):
    meta = Meta(shape, dtype)
    array = np.frombuffer(memory, np.uint8).view(dtype.numpy).reshape(shape)
    return new_storage(leaf(array, meta.aval), meta)


def packed(given):
    """(pickle, buffers) of an object, all as memoryviews of bytes.

    Errors:  RuntimeError for a tensor with a history, and whatever pickling raises.
    """
    buffers = []

    def keeps_in_pickle(buffer):
        if buffer.raw().nbytes < BIG:
            return True
        buffers.append(buffer.raw())
        return False

    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL, True, keeps_in_pickle).dump(given)
    return file.getbuffer(), buffers


def unpacked(parcel):
    """The object of a pickle and its buffers, which belong to the object from now on."""
    pickled, buffers = parcel
    return pickle.loads(pickled, buffers=buffers)
