"""torch.UntypedStorage and torch.TypedStorage: the memory of tensors, as bytes or as elements.

They are handles: the memory itself is `_storage.Storage`, and every access goes through a tensor that
is a window onto the whole of it.
"""

import threading
import weakref

from jtorch import _dtypes
from jtorch._device import canonical, device as Device, resolve
from jtorch._engine.node import leaf
from jtorch._messages import invalid_combination, type_name, warn_once
from jtorch._meta import Meta
from jtorch._ops.convert import cuda_device
from jtorch._ops.creation import constant
from jtorch._ops.data import array_of_data
from jtorch._ops.families import composite
from jtorch._ops.memory import resize_storage
from jtorch._storage import Storage
from jtorch._tensor import Tensor

_handles = weakref.WeakValueDictionary()  # id of a Storage -> its handle, which keeps it alive
_lock = threading.Lock()

_NEW = (
    "*, int allocator = None, torch.device device = None",
    "int size, *, int allocator = None, torch.device device = None",
    "object sequence, *, int allocator = None, torch.device device = None",
)


def _window(storage, dtype):
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
    return Storage(leaf(array, meta.aval), meta)


def _text(storage, values, name):
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

    def _untyped(self):
        return self

    def _bytes(self):
        return _window(self._storage, _dtypes.uint8)

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
        return self.is_cuda

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
            part = self._bytes()[self._span(index)]
            return handle(part.clone()._storage)
        if not hasattr(index, "__index__"):
            raise TypeError(f"can't index a torch.UntypedStorage with {type_name(index)}")
        return self._bytes()[self._index(index.__index__())].item()

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
                f"copy_(): argument 'src' (position 1) must be torch.Storage, not {type_name(source)}"
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
        return self if where is self.device else handle(self._bytes().to(where)._storage)

    def cpu(self):
        return self._moved(canonical(Device("cpu")))

    def cuda(self, device=None, non_blocking=False):
        return self._moved(cuda_device(device))

    def to(self, *, device, non_blocking=False):
        return self._moved(resolve(device))

    def __repr__(self):
        name = f"torch.storage.UntypedStorage(device={self.device})"
        return _text(self, self.tolist, name)

    def __copy__(self):
        return self.clone()

    def __deepcopy__(self, memo):
        made = self.clone()
        memo[id(self)] = made
        return made

    def __reduce__(self):
        return UntypedStorage, (self.tolist(),)


def handle(storage) -> UntypedStorage:
    """The one handle of a core storage: the same object as long as somebody holds it."""
    with _lock:
        found = _handles.get(id(storage))
        if found is None:
            found = object.__new__(UntypedStorage)
            found._storage = storage
            _handles[id(storage)] = found
        return found


_DEPRECATED = (
    "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the "
    "only storage class. This should only matter to you if you are using storages directly.  To "
    "access UntypedStorage directly, use tensor.untyped_storage() instead of tensor.storage()"
)


class TypedStorage:
    """The memory of tensors as elements of one dtype; an old class. Source: torch.TypedStorage."""

    __module__ = "torch.storage"
    is_sparse = False
    filename = None

    def __init__(self, *args, device=None, dtype=None, wrap_storage=None):
        if dtype is not None and dtype.__class__ is not _dtypes.dtype:
            raise RuntimeError(f"expected torch.dtype, but got {type(dtype)}")
        self.dtype = _dtypes.get_default_dtype() if dtype is None else dtype
        if wrap_storage is None:
            wrap_storage = self._made(args, device)
        self._untyped_storage = wrap_storage

    def _made(self, args, device):
        where = resolve(device) if device is not None else canonical(Device("cpu"))
        if len(args) > 1:
            raise RuntimeError("TypedStorage takes a size or a sequence, not several arguments")
        first = args[0] if args else 0
        if hasattr(first, "__index__") and not isinstance(first, Tensor):
            return handle(constant(Meta((first.__index__(),), self.dtype, where), 0)._storage)
        if isinstance(first, Tensor) or not hasattr(first, "__len__"):
            raise TypeError(f"Argument type not recognized: {type(first)}")
        array, _ = array_of_data(first, self.dtype)
        meta = Meta(array.shape, self.dtype)
        return handle(Storage(leaf(array, meta.aval), meta))._moved(where)

    def _untyped(self):
        return self._untyped_storage

    def untyped(self):
        return self._untyped_storage

    def _elements(self):
        return _window(self._untyped_storage._storage, self.dtype)

    device = property(lambda self: self._untyped_storage.device)
    is_cuda = property(lambda self: self._untyped_storage.is_cuda)
    _cdata = property(lambda self: self._untyped_storage._cdata)

    def nbytes(self):
        return self._untyped_storage.nbytes()

    def size(self):
        return self.nbytes() // self.dtype.itemsize

    def __len__(self):
        return self.size()

    def element_size(self):
        return self.dtype.itemsize

    def data_ptr(self):
        return self._untyped_storage.data_ptr()

    def get_device(self):
        return self._untyped_storage.get_device()

    def is_shared(self):
        return self._untyped_storage.is_shared()

    def is_pinned(self, device="cuda"):
        return False

    def resizable(self):
        return self._untyped_storage.resizable()

    def pickle_storage_type(self):
        return f"{self.dtype.scalar_name}Storage"

    _pickle_storage_type = pickle_storage_type

    def tolist(self):
        return self._elements().tolist()

    def __iter__(self):
        return iter(self.tolist())

    def _index(self, index):
        size = self.size()
        if not hasattr(index, "__index__"):
            raise RuntimeError(f"can't index a {type(self)} with {type(index)}")
        if not -size <= index < size:
            raise IndexError(f"index {index} out of range for storage of size {size}")
        return index.__index__() % size

    def __getitem__(self, index):
        if isinstance(index, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        return self._elements()[self._index(index)].item()

    def __setitem__(self, index, value):
        place = index if isinstance(index, slice) else self._index(index)
        self._elements()[place] = _number(value, self.dtype)

    def fill_(self, value):
        self._elements().fill_(_number(value, self.dtype))
        return self

    def copy_(self, source, non_blocking=None):
        if isinstance(source, TypedStorage) and source.dtype is not self.dtype:
            self._elements().copy_(source._elements().to(self.device))
        else:
            self._untyped_storage.copy_(source)
        return self

    def resize_(self, size):
        self._untyped_storage.resize_(size * self.dtype.itemsize)
        return self

    def _wrapped(self, untyped, dtype=None):
        return TypedStorage(wrap_storage=untyped, dtype=dtype or self.dtype)

    _new_wrapped_storage = _wrapped

    def clone(self):
        return self._wrapped(self._untyped_storage.clone())

    def cpu(self):
        return self._wrapped(self._untyped_storage.cpu())

    def cuda(self, device=None, non_blocking=False):
        return self._wrapped(self._untyped_storage.cuda(device))

    def to(self, *, device, non_blocking=False):
        return self._wrapped(self._untyped_storage.to(device=device))

    def type(self, dtype=None, non_blocking=False):
        if dtype is None:
            place = "" if self.device.type == "cpu" else f"{self.device.type}."
            return f"torch.{place}{self.pickle_storage_type()}"
        name = dtype if isinstance(dtype, str) else getattr(dtype, "__name__", "")
        wanted = next(
            (e for e in _dtypes.ALL if dtype is e or name.endswith(f"{e.scalar_name}Storage")), None
        )
        if wanted is None:
            raise TypeError(f"no storage type: {dtype!r}")
        return self._cast(wanted)

    def _cast(self, dtype):
        if dtype is self.dtype:
            return self
        return self._wrapped(handle(self._elements().to(dtype)._storage), dtype)

    def __repr__(self):
        name = f"torch.storage.TypedStorage(dtype={self.dtype}, device={self.device})"
        return _text(self, self.tolist, name)

    def __eq__(self, other):
        if not isinstance(other, TypedStorage):
            return NotImplemented
        return self.dtype is other.dtype and self._untyped_storage is other._untyped_storage

    def __hash__(self):
        return hash((self.dtype.name, self._cdata))

    def __copy__(self):
        return self.clone()

    def __deepcopy__(self, memo):
        made = self._wrapped(self._untyped_storage.clone())
        memo[id(self)] = made
        return made


def _number(value, dtype):
    if not isinstance(value, (int, float, complex)):
        raise TypeError(f"can't assign a {type_name(value)} to a torch.{dtype.scalar_name}Tensor")
    return value


def _cast_methods():
    names = {
        "float": _dtypes.float32, "double": _dtypes.float64, "half": _dtypes.float16,
        "bfloat16": _dtypes.bfloat16, "int": _dtypes.int32, "long": _dtypes.int64,
        "short": _dtypes.int16, "char": _dtypes.int8, "byte": _dtypes.uint8, "bool": _dtypes.bool_,
        "complex_float": _dtypes.complex64, "complex_double": _dtypes.complex128,
    }  # fmt: skip
    for name, dtype in names.items():
        yield name, lambda self, dtype=dtype: self._cast(dtype)


for _name, _method in _cast_methods():
    setattr(TypedStorage, _name, _method)


class _LegacyStorageMeta(type):
    """torch.FloatStorage and its siblings are names: instances are TypedStorage of their dtype."""

    def __instancecheck__(cls, value):
        return (
            isinstance(value, TypedStorage)
            and value.dtype is cls.dtype
            and value.is_cuda == cls.is_cuda
        )

    def __call__(cls, *args, wrap_storage=None):
        device = "cuda" if cls.is_cuda else "cpu"
        return TypedStorage(*args, dtype=cls.dtype, device=device, wrap_storage=wrap_storage)


_NAMES = ("Float", "Double", "Half", "BFloat16", "Byte", "Char", "Short", "Int", "Long", "Bool",
          "ComplexFloat", "ComplexDouble")  # fmt: skip


def _legacy_storages(module, is_cuda):
    dtypes = {each.scalar_name: each for each in _dtypes.ALL}
    return {
        f"{name}Storage": _LegacyStorageMeta(
            f"{name}Storage",
            (),
            {"__module__": module, "dtype": dtypes[name], "is_cuda": is_cuda},
        )
        for name in _NAMES
    }


CPU_STORAGES = _legacy_storages("torch", False)
CUDA_STORAGES = _legacy_storages("torch.cuda", True)


@composite(variants="m")
def untyped_storage(self):
    """The memory this tensor is a window onto. Source: torch.Tensor.untyped_storage."""
    return handle(self._storage)


@composite(variants="m")
def _typed_storage(self):
    return TypedStorage(wrap_storage=handle(self._storage), dtype=self.dtype)


@composite(variants="m")
def storage(self):
    """The memory as elements of this tensor's dtype; an old name. Source: torch.Tensor.storage."""
    warn_once(_DEPRECATED)
    return TypedStorage(wrap_storage=handle(self._storage), dtype=self.dtype)


@composite(variants="m")
def storage_type(self):
    """The old class of this tensor's storage. Source: torch.Tensor.storage_type."""
    known = CUDA_STORAGES if self.device.type == "cuda" else CPU_STORAGES
    return known[f"{self.dtype.scalar_name}Storage"]


@composite(variants="f")
def is_storage(obj, /):
    """Whether an object is a storage. Source: torch.is_storage."""
    return isinstance(obj, (UntypedStorage, TypedStorage))
