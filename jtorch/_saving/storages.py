"""Storages between pickles and files: each is written once, under a key, and pickled as that key."""

import numpy as np

from jtorch import _dtypes
from jtorch._rebuilding import storage_of_bytes
from jtorch._saving.locations import location_tag
from jtorch._typed_storage import CPU_STORAGES, TypedStorage
from jtorch._untyped_storage import UntypedStorage, handle

STORAGE_DTYPES = {name: each.dtype for name, each in CPU_STORAGES.items()}
QUANTIZED_STORAGES = (
    "QInt8Storage",
    "QInt32Storage",
    "QUInt8Storage",
    "QUInt4x2Storage",
    "QUInt2x4Storage",
)


class StorageType:
    """What the name of an old class of storages stands for: a dtype. Source: torch.serialization.

    Errors:  KeyError for a name that none has.
    """

    def __init__(self, name):
        if name in QUANTIZED_STORAGES:
            raise NotImplementedError(f"jtorch has no quantized tensors, and so no {name}")
        self._dtype = STORAGE_DTYPES[name]

    @property
    def dtype(self):
        return self._dtype

    def __str__(self):
        return f"StorageType(dtype={self.dtype})"


class SavedStorages:
    """Those that a pickle being written refers to, by their keys.

    Errors:  RuntimeError if tensors of two dtypes look at the same memory, which files cannot say.
    """

    def __init__(self):
        self.by_key = {}
        self._keys = {}  # id of the memory -> key
        self._dtypes = {}

    def persistent_id(self, value):
        """What stands for a storage in a pickle; None for what is none."""
        if not isinstance(value, (TypedStorage, UntypedStorage)):
            return None
        untyped = value._untyped()
        if untyped is value:
            dtype, kind, numel = _dtypes.uint8, UntypedStorage, untyped.nbytes()
        else:
            dtype, kind, numel = value.dtype, _storage_class(value), value.size()
        has_bytes = untyped.device.type != "meta" and untyped.nbytes()
        if has_bytes and self._dtypes.setdefault(untyped._cdata, dtype) is not dtype:
            raise RuntimeError(
                "Cannot save multiple tensors or storages that view the same data as different "
                "types"
            )
        key = self._keys.setdefault(untyped._cdata, str(len(self._keys)))
        self.by_key[key] = untyped, dtype  # and so nobody else gets its id
        return "storage", kind, key, location_tag(untyped), numel


def _storage_class(storage):
    name = storage.pickle_storage_type()
    found = CPU_STORAGES.get(name)
    if found is None:
        raise KeyError(f"torch has no {name}: tensors of {storage.dtype} are saved, storages not")
    return found


def untyped_of(array, dtype, swap=False):
    """An untyped storage over bytes from a file, which may be of the other byte order."""
    if swap and dtype.itemsize > 1:
        width = dtype.itemsize // 2 if dtype.is_complex else dtype.itemsize
        array = np.ascontiguousarray(array.reshape(-1, width)[:, ::-1]).reshape(-1)
    return handle(storage_of_bytes(array))


def checked_id(saved_id):
    """(type of storage, dtype, key, location, numel, *rest) of a pickle's reference to a storage.

    Errors:  AssertionError for what is none, in torch's words.
    """
    if not isinstance(saved_id, tuple):
        raise AssertionError(f"saved_id must be a tuple, got {type(saved_id).__name__}")
    kind = decoded(saved_id[0]) if saved_id else None
    if kind != "storage" or len(saved_id) < 5:
        raise AssertionError(
            f"Unknown typename for persistent_load, expected 'storage' but got '{kind}'"
        )
    storage_type, key, location, numel = saved_id[1:5]
    dtype = _dtypes.uint8 if storage_type is UntypedStorage else storage_type.dtype
    if numel.__class__ is not int or numel < 0:
        raise RuntimeError(f"a storage cannot have {numel!r} elements")
    return (dtype, decoded(key), decoded(location), numel, *saved_id[5:])


def decoded(text):
    """Internal names that Python 2 has written are bytes where `encoding="bytes"` is wanted."""
    return text.decode("ascii") if isinstance(text, bytes) else text


def typed(untyped, dtype):
    """A storage as pickles' rebuilding functions take it."""
    return TypedStorage(wrap_storage=untyped, dtype=dtype)
