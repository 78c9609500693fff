"""Storage: the memory that tensors share. It holds one value and a version, and knows no tensor.

The value is a dense array of the base's logical shape (`meta`): a node, pending or computed; or, once
numpy has been given the memory, the host buffer itself, which then is the truth: every read copies
from it and every write lands in it before the caller goes on. A tensor is a window (Meta, offset)
onto the storage; `read` and `write` translate, by a plan made of shapes and strides alone.
"""

import itertools
import sys
import weakref


import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import COMPLEX, float64
from jtorch._engine.geometry import Form, plan_for
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import host_array_of, record
from jtorch._meta import Meta

_addresses = itertools.count(1)
_ALIGNMENT = 64


class Storage:
    """Memory for `meta.numel` elements; `value` is a Node of shape `meta.shape`."""

    __slots__ = ("__weakref__", "_address", "_exporter", "_owner", "host", "meta", "value", "version")

    def __init__(self, value, meta):
        self.value = value
        self.meta = meta
        self.version = 0
        self.host = None

    def read(self, meta, offset):
        """A node with the elements of the window."""
        if self.host is not None and not self._unshare():
            return leaf(self._window(meta, offset).copy(), meta.aval)
        if meta is self.meta:
            return self.value
        node = self.value
        base = self.meta
        if meta.dtype is not base.dtype:
            base = _flat_meta(base, meta.dtype)
            node = record(_bitcast_kernel(self.meta, meta.dtype), (node,), base.device)
        plan, starts = plan_for(base.shape, base.stride, meta.shape, meta.stride, offset)
        if plan.form is Form.IDENTITY:
            return node
        kernel = _read_kernel(plan, base.aval, meta.aval, len(starts))
        return record(kernel, (node, *starts), base.device)

    def write(self, meta, offset, node) -> None:
        """Put the elements of `node` (of the window's shape and dtype) where the window is."""
        self.version += 1
        if self.host is not None and not self._unshare():
            self._window(meta, offset)[...] = host_array_of(node)
        elif meta is self.meta:
            self.value = node
        elif meta.numel:
            self.value = self._written(meta, offset, node)

    def _written(self, meta, offset, node):
        base = self.meta
        device = base.device
        value = self.value
        if meta.dtype is not base.dtype:
            base = _flat_meta(base, meta.dtype)
            value = record(_bitcast_kernel(self.meta, meta.dtype), (value,), device)
        plan, starts = plan_for(base.shape, base.stride, meta.shape, meta.stride, offset)
        kernel = _write_kernel(plan, base.aval, meta.aval, len(starts))
        value = record(kernel, (value, node, *starts), device)
        if base is not self.meta and meta.dtype is not self.meta.dtype:
            value = record(_bitcast_back_kernel(base, self.meta), (value,), device)
        return value

    def host_read(self, meta, offset) -> np.ndarray:
        """The window's elements as numpy, after waiting; not to be written to, nor kept."""
        if self.host is not None:
            return self._window(meta, offset)
        array = host_array_of(self.value)
        if meta is self.meta:
            return array
        return _strided(_memory_order(array, self.meta).view(meta.dtype.numpy), meta, offset)

    def share(self, meta, offset) -> np.ndarray:
        """The window as a writable numpy array over this storage's memory, from now on shared."""
        if self.host is None:
            self.host = np.array(_memory_order(host_array_of(self.value), self.meta))
            self.value = None
            self._exporter = self._owner = None
        exporter = None if self._exporter is None else self._exporter()
        if exporter is None:
            exporter = _Exporter(self.host)
            self._exporter = weakref.ref(exporter)
        return _strided(np.asarray(exporter).view(meta.dtype.numpy), meta, offset)

    def _unshare(self) -> bool:
        """Go back to a normal value if numpy has let go of the memory; say whether it had."""
        if self._exporter is not None and self._exporter() is not None:
            return False
        if self._owner is _UNCOUNTED:
            return False
        if self._owner is not None and sys.getrefcount(self._owner) > _OWNER_REFERENCES:
            return False
        flat, self.host = self.host, None
        self._owner = self._exporter = None
        base = self.meta
        self.value = leaf(_strided(flat, base, 0), base.aval)
        return True

    def _window(self, meta, offset) -> np.ndarray:
        return _strided(self.host.view(meta.dtype.numpy), meta, offset)

    def address(self) -> int:
        """Where the memory begins: real once numpy shares it, else a number no other storage has."""
        if self.host is not None:
            self._address = self.host.__array_interface__["data"][0]
        elif not hasattr(self, "_address"):
            self._address = next(_addresses) * (1 << 40) + _ALIGNMENT
        return self._address

    def resize(self, numel) -> None:
        """Make room for `numel` elements; those that both sizes have stay as they are."""
        base = self.meta
        flat = Meta((base.numel,), base.dtype, base.device)
        kept = min(numel, base.numel)
        head = self.read(Meta((kept,), base.dtype, base.device), 0)
        self.host = None
        self._owner = self._exporter = None
        meta = flat.replaced(shape=(numel,))
        self.value = record(_pad_kernel(head.aval, meta.aval), (head,), base.device)
        self.meta = meta
        self.version += 1


# The owner of memory whose users no count of references shows: it stays shared.
_UNCOUNTED = object()


class _Exporter:
    """What numpy arrays over a storage's memory hold on to; alive as long as one of them is."""

    def __init__(self, flat):
        self._flat = flat
        self.__array_interface__ = flat.__array_interface__


class _Memory:
    """Memory that belongs to `owner`, as numpy takes it over: the bytes from `address` on."""

    def __init__(self, owner, address, nbytes, writeable):
        self.owner = owner
        self.__array_interface__ = {
            "version": 3, "typestr": "|u1", "shape": (nbytes,), "data": (address, not writeable),
        }  # fmt: skip


def storage_of_numpy(array: np.ndarray, meta) -> Storage:
    """A storage over the memory of a user's array, whose window is `meta` at offset 0."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    address, read_only = array.__array_interface__["data"]
    storage = storage_of_memory(owner, address, not read_only, meta)
    # What numpy did not allocate itself has users that no count of references shows.
    storage._owner = owner if owner.base is None else _UNCOUNTED
    return storage


def storage_of_memory(owner, address, writeable, meta) -> Storage:
    """A storage over foreign memory that lives as long as `owner`; `meta` begins at `address`."""
    span = 1 + sum((n - 1) * s for n, s in zip(meta.shape, meta.stride, strict=True))
    span = span if meta.numel else 0
    # It must hold nothing but the owner, so that references to that can be counted.
    memory = _Memory(owner, address, span * meta.dtype.itemsize, writeable)
    storage = Storage(None, meta)
    storage.host = np.asarray(memory).view(meta.dtype.numpy)
    storage._exporter = None
    storage._owner = _UNCOUNTED
    if not (meta.is_contiguous and span == meta.numel):
        storage.meta = Meta((span,), meta.dtype, meta.device)
    return storage


def _count_owner_references():
    """References to a user's array that only its storage still uses, as `_unshare` counts them."""
    storage = storage_of_numpy(np.zeros(2), Meta((2,), float64))
    return sys.getrefcount(storage._owner)


def _strided(flat, meta, offset):
    """The window (meta, offset) of a flat array in memory order."""
    itemsize = meta.dtype.itemsize
    return np.lib.stride_tricks.as_strided(
        flat[offset:], meta.shape, [s * itemsize for s in meta.stride], writeable=flat.flags.writeable
    )


def _memory_order(array, meta):
    """A dense array as a flat one, in the order of its memory."""
    if meta.is_contiguous:
        return array.reshape(-1)
    order = sorted(range(meta.ndim), key=lambda dim: -meta.stride[dim])
    return array.transpose(order).reshape(-1)


def _flat_meta(base, dtype):
    return Meta((base.numel * base.dtype.itemsize // dtype.itemsize,), dtype, base.device)


_kernels = {}


def _kernel(key, name, function, inputs, output):
    found = _kernels.get(key)
    if found is None:
        found = _kernels[key] = Kernel(name, function, inputs, output)
    return found


def _read_kernel(plan, base, window, count):
    def view(array, *starts):
        return plan.read(array, starts)

    return _kernel(("view", plan, base), "view", view, (base, *"i" * count), window)


def _write_kernel(plan, base, window, count):
    def write(array, value, *starts):
        return plan.write(array, value, starts)

    return _kernel(("write", plan, base), "write", write, (base, window, *"i" * count), base)


def _pad_kernel(head, whole):
    def pad(array):
        return jnp.zeros(whole.shape, whole.dtype).at[: head.shape[0]].set(array)

    return _kernel(("resize", head, whole), "resize", pad, (head,), whole)


def _bitcast_kernel(base, dtype):
    def bitcast(array):
        return _bitcast(_memory_order(array, base), base.dtype, dtype)

    output = _flat_meta(base, dtype).aval
    return _kernel(("bitcast", base, dtype), "view_dtype", bitcast, (base.aval,), output)


def _bitcast_back_kernel(flat, base):
    def bitcast(array):
        memory = _bitcast(array, flat.dtype, base.dtype)
        order = sorted(range(base.ndim), key=lambda dim: -base.stride[dim])
        memory = memory.reshape([base.shape[dim] for dim in order])
        return memory.transpose(np.argsort(order))

    key = ("bitcast_back", flat, base)
    return _kernel(key, "view_dtype", bitcast, (flat.aval,), base.aval)


def _bitcast(flat, old, new):
    """A flat array's bits as elements of another dtype; complex numbers are pairs of floats."""
    if old.category == COMPLEX and new.category == COMPLEX or new is old:
        return flat if new is old else _bitcast(_bitcast(flat, old, old.to_real()), old.to_real(), new)
    if old.category == COMPLEX:
        pairs = jnp.stack([flat.real, flat.imag], axis=-1).reshape(-1)
        return _bitcast(pairs, old.to_real(), new)
    if new.category == COMPLEX:
        pairs = _bitcast(flat, old, new.to_real()).reshape(-1, 2)
        return lax.complex(pairs[:, 0], pairs[:, 1])
    if old.category == 0:
        flat = flat.astype(np.uint8)
    if old.itemsize > new.itemsize:
        parts = lax.bitcast_convert_type(flat, _unsigned_if_bool(new)).reshape(-1)
    else:
        ratio = new.itemsize // old.itemsize
        grouped = flat if ratio == 1 else flat.reshape(-1, ratio)
        parts = lax.bitcast_convert_type(grouped, _unsigned_if_bool(new))
    return parts != 0 if new.category == 0 else parts


def _unsigned_if_bool(dtype):
    return np.dtype(np.uint8) if dtype.category == 0 else dtype.numpy



_OWNER_REFERENCES = _count_owner_references()

