"""torch.UntypedStorage: the memory of tensors as bytes.

It is a handle: the memory itself is `_storage.Storage`, and every access goes through a tensor
that is a window onto the whole of it.
"""

import threading
import weakref

import numpy as np

from jtorch import _dtypes
from jtorch._device import canonical, resolve
from jtorch._device import device as Device
from jtorch._engine.node import leaf
from jtorch._mapped_files import MappedFile
from jtorch._messages import invalid_combination, type_name
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.convert import cuda_device
from jtorch._ops.data import array_of_data
from jtorch._ops.memory import resize_storage
from jtorch._ops.writing import on_device
from jtorch._shared_memory import is_shared, share
from jtorch._storage import new_storage
from jtorch._tensor import Tensor

_handles = weakref.WeakValueDictionary()  # id of a Storage -> its handle, which keeps it alive
_lock = threading.Lock()

_NEW = (
    "*, int allocator = None, torch.device device = None",
    "int size, *, int allocator = None, torch.device device = None",
    "object sequence, *, int allocator = None, torch.device device = None",
)


def whole_window(storage, dtype):
    """A tensor over the whole of a storage, as elements of a dtype."""
    base = storage.meta
    count = base.numel * base.dtype.itemsize // dtype.itemsize
    tensor = object.__new__(Tensor)
    tensor._storage = storage
    tensor._meta = Meta((count,), dtype, base.device)
    tensor._offset = 0
    return tensor


def _bytes_of(values):
    """The core storage of a sequence of byte values."""
    name = type(values).__name__
    try:
        items = list(values)
    except TypeError:
        raise RuntimeError(
            f"torch.UntypedStorage(): Expected a sequence type, but got {type_name(values)}"
        ) from None
    for each in items:
        if not hasattr(each, "__index__"):
            raise RuntimeError(
                f"torch.UntypedStorage(): tried to construct a storage from a sequence ({name}), "
                f"but one of the items was of type {type_name(each)} instead of int"
            )
    array, _ = array_of_data([each.__index__() & 255 for each in items], _dtypes.uint8)
    meta = Meta(array.shape, _dtypes.uint8)
    return new_storage(leaf(array, meta.aval), meta)


def text_of(storage, values, name):
    lines = "" if storage.device.type == "meta" else "\n ".join(map(str, values()))
    body = "..." if storage.device.type == "meta" else f" {lines}"
    return f"{body}\n[{name} of size {len(storage)}]"


class UntypedStorage:
    """The memory of one or more tensors, as bytes. Source: torch.UntypedStorage."""

    __module__ = "torch.storage"
    __slots__ = ("__weakref__", "_storage")
    is_sparse = is_sparse_csr = is_hpu = False

    def __new__(cls, *args, device=None, allocator=None):
        if len(args) > 1:
            raise invalid_combination("torch.UntypedStorage", _NEW, args, {})
        where = resolve(device) if device is not None else canonical(Device("cpu"))
        if not args or hasattr(args[0], "__index__"):
            size = args[0].__index__() if args else 0
            if size < 0:
                raise RuntimeError(f"a storage cannot have a negative size: {size}")
            return handle(constant(Meta((size,), _dtypes.uint8, where), 0)._storage)
        made = handle(_bytes_of(args[0]))
        return made if where is made.device else made._moved(where)

    @classmethod
    def from_file(cls, filename, shared=False, nbytes=0):
        """A storage over the first bytes of a file; a shared one writes to it.

        Errors:  RuntimeError for a file that is not there, or too short.
        Source:  torch.UntypedStorage.from_file.
        """
        return handle(MappedFile(filename, bool(shared), nbytes).storage())

    def _untyped(self):
        return self

    def _bytes(self):
        return whole_window(self._storage, _dtypes.uint8)

    def _seen_as(self, dtype):
        """A tensor over the whole: torch.asarray's, which takes bytes for int64 by default."""
        return whole_window(self._storage, dtype or _dtypes.int64)

    device = property(lambda self: self._storage.meta.device)
    is_cuda = property(lambda self: self.device.type == "cuda")
    _cdata = property(lambda self: id(self._storage), doc="A number that tells storages apart.")
    filename = None

    def nbytes(self):
        meta = self._storage.meta
        return meta.numel * meta.dtype.itemsize

    def size(self):
        return self.nbytes()

    def __len__(self):
        return self.nbytes()

    def element_size(self):
        return 1

    def data_ptr(self):
        return self._storage.address() if self.nbytes() and self.device.type != "meta" else 0

    def get_device(self):
        return self.device.index

    def resizable(self):
        return self._storage.host is None or self._storage._unshare()

    def is_shared(self):
        return self.is_cuda or is_shared(self._storage)

    def share_memory_(self):
        """Have the memory where other processes see it."""
        if not self.is_cuda:
            share(self._storage)
        return self

    def is_pinned(self, device="cuda"):
        return False

    def type(self, dtype=None, non_blocking=False):
        if dtype is None:
            return "torch.storage.UntypedStorage"
        raise TypeError("an UntypedStorage has no dtype to change")

    def _refuse_meta(self):
        if self.device.type == "meta":
            raise NotImplementedError("Not available for 'meta' device type")

    def tolist(self):
        self._refuse_meta()
        return self._bytes().tolist()

    def __iter__(self):
        return iter(self.tolist())

    def _index(self, index):
        size = self.nbytes()
        if not -size <= index < size:
            raise IndexError(f"index {index} out of range for storage of size {size}")
        return index % size

    def __getitem__(self, index):
        self._refuse_meta()
        if isinstance(index, slice):
            known = self._known_bytes()
            if known is not None:
                part = known[self._span(index)]
                meta = Meta(part.shape, _dtypes.uint8)
                return handle(new_storage(leaf(part, meta.aval), meta))
            part = self._bytes()[self._span(index)]
            return handle(part.clone()._storage)
        if not hasattr(index, "__index__"):
            raise TypeError(f"can't index a torch.UntypedStorage with {type_name(index)}")
        return self._bytes()[self._index(index.__index__())].item()

    def _known_bytes(self):
        """The bytes, where they are numpy's already and so need not be computed; else None."""
        storage = self._storage
        if storage.host is None and storage.meta.ndim == 1 and storage.meta.dtype is _dtypes.uint8:
            value = storage.value.value
            return value if isinstance(value, np.ndarray) else None
        return None

    def _span(self, index):
        start, stop, step = index.indices(self.nbytes())
        if step != 1:
            raise RuntimeError(
                f"Trying to slice with a step of {step}, but only a step of 1 is supported"
            )
        return slice(start, max(stop, start))

    def __setitem__(self, index, value):
        if not hasattr(value, "__index__"):
            raise RuntimeError(
                f"can only set storage content with a int types, but got {type_name(value)} instead"
            )
        value = value.__index__() & 255
        if isinstance(index, slice):
            self._bytes()[self._span(index)].fill_(value)
        elif not hasattr(index, "__index__"):
            raise RuntimeError(f"can't index a torch.UntypedStorage with {type_name(index)}")
        elif not -self.nbytes() <= index < self.nbytes():
            raise RuntimeError("out of bounds")
        else:
            self._bytes()[index].fill_(value)

    def fill_(self, value):
        if not hasattr(value, "__index__"):
            raise RuntimeError(f"fill_ expects int, but got {type_name(value)}")
        self._bytes().fill_(value.__index__() & 255)
        return self

    def copy_(self, source, non_blocking=None):
        if not hasattr(source, "_untyped"):
            raise TypeError(
                "copy_(): argument 'src' (position 1) must be torch.Storage, "
                f"not {type_name(source)}"
            )
        source = source._untyped()
        if source.nbytes() != self.nbytes():
            raise RuntimeError(
                f"size does not match, self was {self.nbytes()} bytes but src was "
                f"{source.nbytes()} bytes"
            )
        self._bytes().copy_(source._bytes().to(self.device))
        return self

    def resize_(self, size):
        if not hasattr(size, "__index__"):
            raise RuntimeError(f"resize_ expects an int, but got {type_name(size)}")
        if size < 0:
            raise RuntimeError(f"a storage cannot have a negative size: {size}")
        resize_storage(self._storage, size.__index__())
        return self

    def new(self):
        return UntypedStorage(device=self.device)

    def clone(self):
        return handle(self._bytes().clone()._storage)

    def _moved(self, where):
        if where is self.device:
            return self
        storage = self._storage
        known = None if storage.host is not None else storage.value.value
        if where.type == "meta" or not isinstance(known, np.ndarray):
            return handle(self._bytes().to(where)._storage)
        meta = storage.meta.replaced(device=where)  # in its shape, so that nothing need be compiled
        return handle(new_storage(leaf(on_device(known, where), meta.aval), meta))

    def cpu(self):
        return self._moved(canonical(Device("cpu")))

    def cuda(self, device=None, non_blocking=False):
        return self._moved(cuda_device(device))

    def to(self, *, device, non_blocking=False):
        return self._moved(resolve(device))

    def __repr__(self):
        name = f"torch.storage.UntypedStorage(device={self.device})"
        return text_of(self, self.tolist, name)

    def __copy__(self):
        return self.clone()

    def __deepcopy__(self, memo):
        made = self.clone()
        memo[id(self)] = made
        return made


def handle(storage) -> UntypedStorage:
    """The one handle of a core storage: the same object as long as somebody holds it."""
    with _lock:
        found = _handles.get(id(storage))
        if found is None:
            found = object.__new__(UntypedStorage)
            found._storage = storage
            _handles[id(storage)] = found
        return found
