"""torch.TypedStorage and its old names, torch.FloatStorage and others: memory as elements."""

from jtorch import _dtypes
from jtorch._device import canonical, resolve
from jtorch._device import device as Device
from jtorch._engine.node import leaf
from jtorch._messages import type_name
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.data import array_of_data
from jtorch._storage import new_storage
from jtorch._tensor import Tensor
from jtorch._untyped_storage import handle, text_of, whole_window


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
        return handle(new_storage(leaf(array, meta.aval), meta))._moved(where)

    def _untyped(self):
        return self._untyped_storage

    def untyped(self):
        return self._untyped_storage

    def _elements(self):
        return whole_window(self._untyped_storage._storage, self.dtype)

    def _seen_as(self, dtype):
        return self._elements()

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

    def share_memory_(self):
        self._untyped_storage.share_memory_()
        return self

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
        return text_of(self, self.tolist, name)

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
