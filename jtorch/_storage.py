"""Storage: the memory that tensors share. It holds one value and a version, and knows no tensor.

The value is a dense array of the base's logical shape (`meta`): a node, pending or computed; or,
once numpy has been given the memory, the host buffer itself, which then is the truth: every read
copies from it and every write lands in it before the caller goes on. A tensor is a window (Meta,
offset) onto the storage; `read` and `write` translate, by a plan made of shapes and strides alone.
"""

import itertools
import sys
import weakref

import numpy as np
from jax import numpy as jnp

from jtorch._autograd.modes import inference, mode
from jtorch._dtypes import bool_, float64, uint8
from jtorch._engine import bits
from jtorch._engine.geometry import Form, plan_for
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import host_array_of, record
from jtorch._meta import Meta

_addresses = itertools.count(1)
_ALIGNMENT = 64


class Storage:
    """Memory for `meta.numel` elements; `value` is a Node of shape `meta.shape`.

    `version` is an int, a Version once something holds on to it, or INFERENCE. `recorded` says
    whether its tensors have a history that only they themselves know. Made by `new_storage`, and,
    since a class without `__init__` is made faster, by `from_node` in its own lines.
    """

    __slots__ = (
        "__weakref__",
        "_address",
        "_exporter",
        "_owner",
        "host",
        "meta",
        "recorded",
        "value",
        "version",
    )

    def read(self, meta, offset):
        """A node with the elements of the window."""
        if self.host is not None and not self._unshare():
            return leaf(_true_elements(self._window(meta, offset).copy(), meta), meta.aval)
        if meta is self.meta:
            return self.value
        kernel, starts = _reading(self.meta, meta, offset)
        if kernel is None:
            return self.value
        return record(kernel, (self.value, *starts), meta.device)

    def write(self, meta, offset, node) -> None:
        """Put the elements of `node` (of the window's shape and dtype) where the window is.

        Whoever writes counts the version: the storage's, or that of the tensor written through.
        """
        if self.host is not None and not self._unshare():
            array = host_array_of(node)
            self._window(meta, offset)[...] = _mirrored(array) if meta.mirrored else array
        elif meta is self.meta:
            self.value = node
        elif meta.numel:
            if self.meta.dtype is bool_ and meta.dtype is not bool_:
                self._become_bytes()
            kernel, starts, overwrites = _writing(self.meta, meta, offset)
            given = (node, *starts) if overwrites else (self.value, node, *starts)
            self.value = record(kernel, given, meta.device)

    def _become_bytes(self) -> None:
        """Hold bytes instead of bools, since a byte that is neither 0 nor 1 is on its way here."""
        flat = Meta((self.meta.numel,), uint8, self.meta.device)
        self.value = self.read(flat, 0)
        self.meta = flat

    def host_read(self, meta, offset) -> np.ndarray:
        """The window's elements as numpy, after waiting; not to be written to, nor kept."""
        if self.host is not None:
            return _true_elements(self._window(meta, offset), meta)
        array = host_array_of(self.value)
        if meta is self.meta:
            return array
        flat = _memory_order(array, self.meta)
        return _true_elements(_strided(_seen_as(flat, meta.dtype), meta, offset), meta)

    def share(self, meta, offset) -> np.ndarray:
        """The window as a writable numpy array over this storage's memory, from now on shared."""
        _shared.add(self)
        if self.host is None:
            self.host = np.array(_memory_order(host_array_of(self.value), self.meta))
            self.value = None
            self._exporter = self._owner = None
        exporter = None if self._exporter is None else self._exporter()
        if exporter is None:
            exporter = _Exporter(self.host)
            self._exporter = weakref.ref(exporter)
        flat = _seen_as(np.asarray(exporter), meta.dtype)
        return _strided(flat, meta, offset)

    def move(self, memory) -> None:
        """Live in other host memory from now on: a flat array of the base's dtype, and as long."""
        memory[...] = _memory_order(self.host_read(self.meta, 0), self.meta)
        self.adopt(memory)

    def adopt(self, memory) -> None:
        """Have as value what this host memory holds, whoever writes to it."""
        _shared.add(self)
        self.host = memory
        self.value = self._exporter = None
        self._owner = _UNCOUNTED

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
        return _strided(_seen_as(self.host, meta.dtype), meta, offset)

    def address(self) -> int:
        """Where the memory begins: real where numpy shares it, else a number of its own."""
        if self.host is not None:
            self._address = self.host.__array_interface__["data"][0]
        elif not hasattr(self, "_address"):
            self._address = next(_addresses) * (1 << 40) + _ALIGNMENT
        return self._address

    def reserve(self, nbytes) -> None:
        """Have at least `nbytes` bytes. Errors: RuntimeError if memory that must grow is shared."""
        if nbytes > self.meta.numel * self.meta.dtype.itemsize:
            self.resize(-(-nbytes // self.meta.dtype.itemsize))

    def resize(self, numel) -> None:
        """Have room for `numel` elements; those that both sizes have stay as they are.

        Errors:  RuntimeError if numpy has ever been given the memory.
        """
        if not self.is_resizable:
            raise RuntimeError("Trying to resize storage that is not resizable")
        base = self.meta
        head = self.read(Meta((min(numel, base.numel),), base.dtype, base.device), 0)
        meta = Meta((numel,), base.dtype, base.device)
        self.value = record(_pad_kernel(head.aval, meta.aval), (head,), base.device)
        self.meta = meta

    @property
    def is_resizable(self):
        """Whether the memory can be replaced; not once it has been shared, as in torch."""
        return self not in _shared


def new_storage(value, meta) -> Storage:
    """Memory that holds the value of a node, or (None) whose host memory the caller says."""
    storage = Storage()
    storage.value = value
    storage.meta = meta
    storage.version = INFERENCE if inference.open and mode.inference else 0
    storage.host = None
    storage.recorded = False
    return storage


class Version:
    """A count of changes that goes on as the same object, for those who must hear of later ones.

    A node of the graph holds on to it instead of to the memory: it outlives that, and costs nothing
    to those whose versions nobody asks for, which are plain ints.
    """

    __slots__ = ("count",)

    def __iadd__(self, changes):
        self.count += changes
        return self

    def __int__(self):
        return self.count


class _Inference(Version):
    """The version of memory that inference mode made: it is not counted, and changes only there."""

    __slots__ = ()

    def __iadd__(self, changes):
        if not mode.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed.You can make "
                "a clone to get a normal tensor before doing inplace update.See "
                "https://github.com/pytorch/rfcs/pull/17 for more details."
            )
        return self

    def __int__(self):
        raise RuntimeError("Inference tensors do not track version counter.")


INFERENCE = _Inference()
INFERENCE.count = 0

# The owner of memory whose users no count of references shows: it stays shared.
_UNCOUNTED = object()
_shared = weakref.WeakSet()  # storages whose memory numpy or others have been given, once


class _Exporter:
    """What numpy arrays over a storage's memory hold on to; alive as long as one of them is."""

    def __init__(self, flat):
        self._flat = flat.view(np.uint8)  # numpy's interface has no names for narrow floats
        self.__array_interface__ = self._flat.__array_interface__


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
    storage = new_storage(None, meta)
    storage.host = np.asarray(memory).view(meta.dtype.numpy)
    storage._exporter = None
    storage._owner = _UNCOUNTED
    _shared.add(storage)
    if not (meta.is_contiguous and span == meta.numel):
        storage.meta = Meta((span,), meta.dtype, meta.device)
    return storage


def _count_owner_references():
    """References to a user's array that only its storage still uses, as `_unshare` counts them."""
    storage = storage_of_numpy(np.zeros(2), Meta((2,), float64))
    return sys.getrefcount(storage._owner)


def _strided(flat, meta, offset):
    """The window (meta, offset) of a flat array in memory order."""
    # as bytes, because narrow floats have no buffer interface
    memory = flat.view(np.uint8)
    if not meta.numel:
        return np.ndarray(meta.shape, flat.dtype, memory, 0, (0,) * meta.ndim)
    itemsize = flat.itemsize
    stride = [step * itemsize for step in meta.stride]
    return np.ndarray(meta.shape, flat.dtype, memory, offset * itemsize, stride)


def _seen_as(flat, dtype):
    """A flat array's memory as elements of a dtype, without bytes that make no whole element."""
    if flat.dtype == dtype.numpy:
        return flat
    extra = flat.nbytes % dtype.itemsize
    return (flat.view(np.uint8)[:-extra] if extra else flat).view(dtype.numpy)


def _true_elements(array, meta):
    """What a window's memory stands for; the same array where that is what is in memory."""
    if meta.dtype is bool_ and array.size:
        array = array.view(np.uint8) != 0  # memory that was written as another dtype
    return _mirrored(array) if meta.mirrored else array


def _mirrored(array):
    return array.conj() if array.dtype.kind == "c" else -array


# Kernels that read and write windows, by the metas of the memory and of the window.


def read_kernel_of(base, window, offset):
    """The kernel that takes a value of meta `base` to the window's elements, and its starts."""
    kernel, starts = _reading(base, window, offset)
    if kernel is None:
        kernel = _kernel(("same", base), "view", _same, (base.aval,), base.aval, takes_numpy=True)
    return kernel, starts


def write_kernel_of(base, window, offset):
    """The kernel that puts a window's elements into a value of meta `base`, and its starts."""
    plan, starts = _plan(base, window, offset)
    return _write_kernel(base, window, plan, len(starts), False), starts


_MOST = 1 << 14
_readings = {}  # (base, window, offset) -> (kernel or None, starts)
_writings = {}  # (base, window, offset) -> (kernel, starts, whether nothing of the old value stays)


def _reading(base, window, offset):
    """`read_kernel_of`; None for the kernel where the window is the value as it is."""
    key = (base, window, offset)
    found = _readings.get(key)
    if found is None:
        plan, starts = _plan(base, window, offset)
        as_it_is = plan.form is Form.IDENTITY and window.dtype is base.dtype and not window.mirrored
        kernel = None if as_it_is else _read_kernel(base, window, plan, len(starts))
        found = _remember(_readings, key, (kernel, starts))
    return found


def _writing(base, window, offset):
    key = (base, window, offset)
    found = _writings.get(key)
    if found is None:
        plan, starts = _plan(base, window, offset)
        overwrites = plan.overwrites and window.dtype is base.dtype
        kernel = _write_kernel(base, window, plan, len(starts), overwrites)
        found = _remember(_writings, key, (kernel, starts, overwrites))
    return found


def _remember(known, key, found):
    if len(known) >= _MOST:
        known.clear()
    known[key] = found
    return found


def _plan(base, window, offset):
    """The plan and the starts of a window: on the value, or on its memory as another dtype."""
    shape, stride = tuple(base.shape), base.stride
    if window.dtype is not base.dtype:
        seen = bits.carrier(base.dtype, window.dtype)
        shape, stride = (bits.count(base.numel, base.dtype, seen),), (1,)
    return plan_for(shape, stride, tuple(window.shape), window.stride, offset)


_kernels = {}


def _kernel(key, name, function, inputs, output, takes_numpy=False):
    found = _kernels.get(key)
    if found is None:
        found = _kernels[key] = Kernel(name, function, inputs, output, takes_numpy=takes_numpy)
    return found


def _same(array):
    return array


def _read_kernel(base, window, plan, count):
    seen = bits.carrier(base.dtype, window.dtype)

    def view(array, *starts):
        if window.dtype is not base.dtype:
            array = bits.recast(_memory_order(array, base), base.dtype, seen)
        array = plan.read(array, starts)
        array = array if seen is window.dtype else array != 0
        return _mirrored_in_trace(array) if window.mirrored else array

    key = ("view", plan, base, window.dtype, window.mirrored)
    inputs = (base.aval, *"i" * count)
    return _kernel(key, "view", view, inputs, window.aval, _is_plain(base, window))


def _write_kernel(base, window, plan, count, overwrites):
    seen = bits.carrier(base.dtype, window.dtype)

    def write(array, value, *starts):
        value = value if seen is window.dtype else value.astype(seen.numpy)
        value = _mirrored_in_trace(value) if window.mirrored else value
        if window.dtype is base.dtype:
            return plan.write(array, value, starts)
        flat = _memory_order(array, base)
        written = plan.write(bits.recast(flat, base.dtype, seen), value, starts)
        return _from_memory_order(bits.recast_back(written, seen, flat, base.dtype), base)

    def overwrite(value, *starts):
        return write(None, value, *starts)

    key = ("write", plan, base, window.dtype, window.mirrored, overwrites)
    inputs = (window.aval, *"i" * count)
    plain = _is_plain(base, window)
    if overwrites:
        return _kernel(key, "write", overwrite, inputs, base.aval, plain)
    return _kernel(key, "write", write, (base.aval, *inputs), base.aval, plain)


def _is_plain(base, window):
    """Whether a window shows the bits of its memory as they are."""
    return window.dtype is base.dtype and not window.mirrored


def _mirrored_in_trace(array):
    return jnp.conj(array) if jnp.issubdtype(array.dtype, jnp.complexfloating) else -array


def _memory_order(array, meta):
    """A dense array as a flat one, in the order of its memory."""
    if meta.is_contiguous:
        return array.reshape(-1)
    return array.transpose(_outermost_first(meta)).reshape(-1)


def _from_memory_order(flat, meta):
    """A flat array in the order of a dense array's memory, as that array."""
    if meta.is_contiguous:
        return flat.reshape(meta.shape)
    order = _outermost_first(meta)
    return flat.reshape([meta.shape[dim] for dim in order]).transpose(np.argsort(order))


def _outermost_first(meta):
    return sorted(range(meta.ndim), key=lambda dim: -meta.stride[dim])


def _pad_kernel(head, whole):
    def pad(array):
        return jnp.zeros(whole.shape, whole.dtype).at[: head.shape[0]].set(array)

    return _kernel(("resize", head, whole), "resize", pad, (head,), whole)


_OWNER_REFERENCES = _count_owner_references()
