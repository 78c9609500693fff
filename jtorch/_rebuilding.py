"""What the pickles of tensors call. The names are those of torch's own functions, in `torch._utils`.

The arguments come from files, so they are looked at before anything is made of them: a window that
its memory does not hold is refused, where torch would make the memory bigger.
"""

import contextlib
import threading

import numpy as np

from jtorch._device import device as Device
from jtorch._device import resolve
from jtorch._dtypes import BY_NAME, COMPLEX, bool_, uint8
from jtorch._dtypes import dtype as Dtype
from jtorch._engine.node import leaf
from jtorch._errors import not_provided
from jtorch._layout import LAYOUTS
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.writing import on_device
from jtorch._shapes import contiguous_strides
from jtorch._sparse.construct import sparse_coo_tensor
from jtorch._storage import Storage, new_storage
from jtorch._tensor import Tensor
from jtorch._typed_storage import TypedStorage
from jtorch._untyped_storage import UntypedStorage, handle

# Those that torch serializes as bytes instead of as a storage of a named type.
WITHOUT_STORAGE_TYPE = frozenset(
    each for name, each in BY_NAME.items() if name.startswith("float8") or name in
    ("uint16", "uint32", "uint64")
)  # fmt: skip

# Attributes that are the tensor itself; all others in its __dict__ are the user's, and a pickle may set only those.
OWN = frozenset(
    """_meta _storage _offset _coal _ind _val _counter _requires_grad _grad _grad_dtype _node _output_nr
    _accumulator _base _made_in _made_at _reaches_beyond _tangents _tangent_base _leaf_hooks
    _post_accumulate_grad_hooks _backward_hooks""".split()  # noqa: SIM905
)


def storage_of_bytes(memory: np.ndarray) -> Storage:
    """Memory on the CPU that holds these bytes, an array that nobody else may change."""
    meta = Meta(memory.shape, uint8)
    return new_storage(leaf(memory, meta.aval), meta)


def bytes_of_storage(storage) -> np.ndarray:
    """What a storage holds, as a flat array of bytes, for reading at once."""
    base = storage.meta
    flat = Meta((base.numel,), base.dtype, base.device)
    return np.ascontiguousarray(storage.host_read(flat, 0)).view(np.uint8)


def _rebuild_storage(memory, dtype, where):
    """The storage of a pickle that holds its bytes; without a dtype, an untyped one."""
    made = handle(storage_of_bytes(np.frombuffer(bytearray(memory), np.uint8)))
    made = made.to(device=where)
    return made if dtype is None else TypedStorage(wrap_storage=made, dtype=dtype)


def reduce_storage(storage):
    """How a storage is pickled where nothing keeps its bytes elsewhere."""
    untyped = storage._untyped()
    memory = bytes_of_storage(untyped._storage).tobytes()
    dtype = None if untyped is storage else storage.dtype
    return _rebuild_storage, (memory, dtype, str(untyped.device))


TypedStorage.__reduce__ = UntypedStorage.__reduce__ = reduce_storage


def _rebuild_tensor(storage, storage_offset, size, stride):
    """A tensor that is a window onto a storage. Source: torch._utils._rebuild_tensor."""
    return _window(storage, storage.dtype, storage_offset, size, stride)


def _rebuild_tensor_v2(
    storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata=None
):
    """The same with what autograd knows of it; hooks are not taken over.

    Source:  torch._utils._rebuild_tensor_v2.
    """
    made = _window(storage, storage.dtype, storage_offset, size, stride, metadata)
    return _wanting_gradients(made, requires_grad)


def _rebuild_tensor_v3(
    storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, metadata=None
):
    """The same for dtypes that have no type of storage. Source: torch._utils._rebuild_tensor_v3."""
    made = _window(storage, dtype, storage_offset, size, stride, metadata)
    return _wanting_gradients(made, requires_grad)


def _wanting_gradients(tensor, requires_grad):
    if requires_grad:
        tensor.requires_grad_(True)
    return tensor


def _window(storage, dtype, offset, size, stride, metadata=None):
    if not isinstance(storage, (TypedStorage, UntypedStorage)):
        raise TypeError(f"a tensor needs a storage, not {type(storage).__name__}")
    if dtype.__class__ is not Dtype:
        raise TypeError(f"a tensor needs a dtype, not {type(dtype).__name__}")
    given, storage = storage, storage._untyped()._storage
    size, stride = _checked_geometry(size, stride, offset)
    base = storage.meta
    held = base.numel * base.dtype.itemsize
    needed = dtype.itemsize * _span(size, stride, offset)
    if needed > held:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and "
            f"itemsize {dtype.itemsize} requiring a storage size of {needed} are out of bounds for "
            f"storage of size {held}"
        )
    mirrored = _is_mirrored(metadata, dtype)
    _settle(storage, Meta(size, dtype, base.device, stride, mirrored), offset)
    if isinstance(given, TypedStorage):
        arrive(given)
        storage = given._untyped()._storage
    made = object.__new__(Tensor)
    made._meta = Meta(size, dtype, storage.meta.device, stride, mirrored)
    made._storage, made._offset = storage, offset
    return made


def send(storage, restore):
    """Have a typed storage brought by a function to where it is to be, once it has a shape."""
    storage._restore = restore


def arrive(storage):
    """Bring a typed storage to where it is to be, if it is not there yet."""
    restore = vars(storage).pop("_restore", None)
    if restore is not None:
        storage._untyped_storage = restore(storage._untyped_storage)._untyped()


def _checked_geometry(size, stride, offset):
    """Sizes and strides as tuples of ints. Errors: TypeError, or RuntimeError in torch's words."""
    for each in (*size, *stride, offset):
        if each.__class__ is not int:
            raise TypeError(f"a tensor's size is made of ints, not {type(each).__name__}")
    if any(extent < 0 for extent in size):
        raise RuntimeError("numel: integer multiplication overflow")
    if len(size) != len(stride):
        raise RuntimeError(f"unequal size length ({len(size)}) and stride length ({len(stride)})")
    if any(step < 0 for step, extent in zip(stride, size, strict=True)):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    return tuple(size), tuple(stride)


def _span(size, stride, offset):
    """How many elements of memory there must be for a window."""
    if 0 in size:
        return 0
    return offset + 1 + sum((n - 1) * s for n, s in zip(size, stride, strict=True))


def _is_mirrored(metadata, dtype):
    """Whether a tensor's bit says that its elements are the conjugates, or the negatives."""
    if not metadata:
        return False
    conjugate, negative = bool(metadata.get("conj")), bool(metadata.get("neg"))
    if negative and dtype.category == COMPLEX:
        raise not_provided("complex tensors with the negative bit")
    return negative or (conjugate and dtype.category == COMPLEX)


def _settle(storage, meta, offset):
    """Let bytes that were just read be elements, and those in a tensor's shape if they are all its.

    It changes nothing but how the memory is described, and spares every later program a reshape.
    """
    base, node = storage.meta, storage.value
    fresh = storage.host is None and storage.version == 0 and base.dtype is uint8 and base.ndim == 1
    if not fresh or not isinstance(node.value, np.ndarray) or base.numel % meta.dtype.itemsize:
        return
    if meta.dtype is bool_ and base.numel and node.value.max() > 1:
        return  # memory that was written as another dtype
    array = node.value.view(meta.dtype.numpy)
    if offset == 0 and meta.numel == array.size and meta.is_contiguous and not meta.mirrored:
        settled = meta
    else:
        settled = Meta(array.shape, meta.dtype, base.device)
    storage.value = leaf(array.reshape(settled.shape), settled.aval)
    storage.meta = settled


def _rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad):
    """A tensor of the meta device. Source: torch._utils._rebuild_meta_tensor_no_storage."""
    size, stride = _checked_geometry(size, stride, 0)
    meta = Meta(size, dtype, resolve("meta"), stride)
    made = object.__new__(Tensor)
    span = Meta((_span(size, stride, 0),), dtype, meta.device)
    whole = meta if stride == contiguous_strides(size) else span
    made._storage = constant(whole, 0)._storage
    made._meta, made._offset = meta, 0
    return _wanting_gradients(made, requires_grad)


def _rebuild_device_tensor_from_cpu_tensor(data, dtype, device, requires_grad):
    """A tensor of a device whose memory is not in the file."""
    return _wanting_gradients(data.to(dtype=dtype, device=restored_device(device)), requires_grad)


def _rebuild_device_tensor_from_numpy(data, dtype, device, requires_grad):
    """The same of files that held numpy's array."""
    if not isinstance(data, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(data).__name__})")
    base = Meta((data.nbytes,), uint8)
    memory = np.ascontiguousarray(data).reshape(-1).view(np.uint8).copy()
    storage = new_storage(leaf(on_device(memory, base.device), base.aval), base)
    kind = next(each for each in BY_NAME.values() if each.numpy == data.dtype)
    made = _window(handle(storage), kind, 0, data.shape, contiguous_strides(data.shape))
    return _rebuild_device_tensor_from_cpu_tensor(made, dtype, device, requires_grad)


class _Mapping(threading.local):
    """The `map_location` of the load that is going on, for tensors that have no storage in a file."""

    location = None


_mapping = _Mapping()


@contextlib.contextmanager
def mapping_to(location):
    """While a file is read: the `map_location` that was asked for."""
    before, _mapping.location = _mapping.location, location
    try:
        yield
    finally:
        _mapping.location = before


def restored_device(device):
    """Where a tensor of `device` is to be, by the `map_location` of this load."""
    location = _mapping.location
    if isinstance(location, dict):
        return location.get(device, device)
    if location is None or isinstance(location, (str, Device)):
        return device if location is None else location
    raise RuntimeError(
        "Callable map_location not supported with _rebuild_wrapper_subclass or "
        "_rebuild_device_tensor_from_numpy"
    )


def _rebuild_from_type_v2(func, new_type, args, state):
    """A tensor of a subclass (None: of none), or with attributes.

    Source:  torch._tensor._rebuild_from_type_v2.
    """
    made = func(*args)
    if new_type is not None and type(made) is not new_type:
        made = made.as_subclass(new_type)
    if type(made).__setstate__ is not Tensor.__setstate__:
        made.__setstate__(state)
        return made
    return set_state(made, state)


def set_state(made, state):
    """Set the attributes of a pickle: a dict, or a pair of those in __dict__ and those in slots."""
    if isinstance(state, tuple) and len(state) != 2:
        raise RuntimeError(f"Invalid serialized state: {state}")
    for part in state if isinstance(state, tuple) else (state,):
        for name, value in (part or {}).items():
            if not isinstance(name, str) or name in OWN or name.startswith("__"):
                raise RuntimeError(f"a tensor's pickle cannot set its attribute {name!r}")
            setattr(made, name, value)
    return made


def _refusing(name, what):
    def refuse(*arguments):
        raise not_provided(what)

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__module__ = __name__
    return refuse


def _rebuild_sparse_tensor(layout, data):
    """The sparse tensor of a pickle, whose places are looked at.

    Source:  torch._utils._rebuild_sparse_tensor.
    """
    if layout is not LAYOUTS["sparse_coo"]:
        raise not_provided(f"tensors of layout {layout}")
    indices, values, size, *rest = data
    made = sparse_coo_tensor(indices, values, size, check_invariants=True)
    made._coal = bool(rest[0]) if rest else False
    return made


_rebuild_qtensor = _refusing("_rebuild_qtensor", "quantized tensors")
_rebuild_nested_tensor = _refusing("_rebuild_nested_tensor", "nested tensors")
_rebuild_wrapper_subclass = _refusing("_rebuild_wrapper_subclass", "wrapper subclasses")
