"""Tensors from Python data: torch.tensor copies, as_tensor and asarray share if they can."""

import jax
import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._dtypes import FLOATING
from jtorch._engine.node import leaf
from jtorch._interop import from_dlpack, from_jax, tensor_of_buffer, tensor_of_numpy
from jtorch._messages import warn_once, warn_user
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.convert import converted
from jtorch._ops.creation import checked_dtype, number
from jtorch._ops.creation import finish as finished
from jtorch._ops.data import array_of_data
from jtorch._ops.refusals import check_fits
from jtorch._ops.signatures import described
from jtorch._ops.writing import on_device
from jtorch._tensor import Tensor, from_node

_PINNED = (
    "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is "
    "available on this system."
)


def _finish(tensor, requires_grad):
    """The result of a constructor, as a leaf that may require grad."""
    if requires_grad.__class__ is not bool:
        raise TypeError("not a bool")
    return finished(tensor, requires_grad)


def from_data(data, dtype, device):
    """A tensor with a copy of `data` (no tensor) on a resolved device."""
    if isinstance(data, jax.Array):
        return converted(from_jax(data), dtype, device, copy=True)
    if isinstance(data, np.ndarray):
        data = tensor_of_numpy(data)
        return converted(data, dtype, device, copy=True)
    array, dtype = array_of_data(data, dtype)
    meta = Meta(array.shape, dtype, device)
    if device.type == "meta":
        return constant(meta, 0)
    return from_node(leaf(on_device(array, device), meta.aval), meta)


def _from_tensor(data, dtype, device, requires_grad):
    """What torch.tensor makes of a tensor: a copy without history, and a warning."""
    warn_user(
        "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() "
        "or sourceTensor.detach().clone().requires_grad_(True), rather than "
        "torch.tensor(sourceTensor)."
    )
    device = data.device if device is None else resolve(device)
    return _finish(converted(data.detach(), dtype, device, copy=True), requires_grad)


@described(
    "(object data, *, torch.dtype? dtype = None, torch.device? device = None, "
    "bool pin_memory = False, bool requires_grad = False)",
    variants="f",
)
def tensor(data, *, dtype=None, device=None, pin_memory=False, requires_grad=False):
    """A tensor with a copy of the data.

    Shape:   that of the nested sequences.
    Dtype:   inferred from the elements (floats: the default dtype), or `dtype`.
    Errors:  ValueError for ragged sequences; TypeError and RuntimeError for what is no number.
    Source:  torch.tensor.
    """
    dtype = checked_dtype("tensor", dtype)
    if pin_memory:
        raise RuntimeError(_PINNED)
    if isinstance(data, Tensor):
        return _from_tensor(data, dtype, device, requires_grad)
    return _finish(from_data(data, dtype, resolve(device)), requires_grad)


@described(
    "(Number s, *, torch.dtype? dtype = None, torch.layout? layout = None, "
    "torch.device? device = None, bool pin_memory = False, bool requires_grad = False)",
    variants="f",
)
def scalar_tensor(
    s, *, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False
):
    """A 0-dim tensor of a number, of the default dtype unless `dtype` is given.

    Errors:  RuntimeError for a number that the dtype cannot hold.
    Source:  torch.scalar_tensor.
    """
    dtype = checked_dtype("scalar_tensor", dtype) or _dtypes.get_default_dtype()
    value = number("scalar_tensor", "s", 1, s)
    check_fits(value, dtype)
    if dtype.category < FLOATING and isinstance(value, float):
        value = int(value)
    return _finish(from_data(value, dtype, resolve(device)), requires_grad)


@described(
    "(Tensor input, object data, *, torch.dtype? dtype = None, torch.device? device = None, "
    "bool requires_grad = False)",
    variants="m",
)
def new_tensor(self, data, *, dtype=None, device=None, requires_grad=False):
    """A copy of the data with the dtype and device of this tensor.

    Source:  torch.Tensor.new_tensor.
    """
    dtype = checked_dtype("new_tensor", dtype) or self.dtype
    device = self.device if device is None else resolve(device)
    if isinstance(data, Tensor):
        return _from_tensor(data, dtype, device, requires_grad)
    return _finish(from_data(data, dtype, device), requires_grad)


@described("(object data, *, torch.dtype? dtype = None, torch.device? device = None)", variants="f")
def as_tensor(data, *, dtype=None, device=None):
    """A tensor of the data, which shares memory with a tensor or an array where nothing changes.

    Errors:  those of torch.tensor.
    Source:  torch.as_tensor.
    """
    dtype = checked_dtype("as_tensor", dtype)
    if isinstance(data, Tensor):
        return converted(data, dtype, None if device is None else resolve(device))
    shared = _shared(data)
    if shared is not None:
        where = None if device is None and shared.device is not CPU else resolve(device)
        return converted(shared, dtype, where)
    return from_data(data, dtype, resolve(device))


def _shared(data):
    """A tensor over the memory of an array of numpy's or JAX's; None for other data."""
    if isinstance(data, np.ndarray):
        return tensor_of_numpy(data)
    if isinstance(data, jax.Array):
        return from_jax(data)
    return None


@described(
    "(object obj, *, torch.dtype? dtype = None, torch.device? device = None, bool? copy = None, "
    "bool requires_grad = False)",
    variants="f",
)
def asarray(obj, *, dtype=None, device=None, copy=None, requires_grad=None):
    """A tensor of an object: shared memory if possible; `copy` demands a copy, or forbids one.

    Errors:  ValueError where a copy is forbidden and needed.
    Source:  torch.asarray.
    """
    dtype = checked_dtype("asarray", dtype)
    if copy not in (None, True, False) or copy.__class__ is int:
        raise TypeError("not a bool")
    found = _viewed(obj, dtype, copy)
    if found is None:
        if copy is False:
            raise ValueError("can't alias arbitrary sequence into a tensor.")
        return _finish(from_data(obj, dtype, resolve(device)), bool(requires_grad))
    where = found.device if device is None and isinstance(obj, Tensor) else resolve(device)
    dtype = found.dtype if dtype is None else dtype
    if copy is False:
        _refuse_copy(found, dtype, where)
    if copy and found is obj and dtype is found.dtype and where is found.device:
        result = obj.clone()
    else:
        result = converted(found, dtype, where, bool(copy))
    if requires_grad is None and isinstance(obj, Tensor) and obj.requires_grad:
        _require_inexact(dtype)
    if result is not obj:
        return _finish(result, bool(requires_grad))
    if requires_grad is None:
        if obj.requires_grad:
            warn_once(
                "torch.asarray: unspecified requires_grad now defaults to obj.requires_grad "
                "instead of False. Pass requires_grad=False explicitly to get the old behavior and "
                "silence this warning."
            )
        return result
    return result.requires_grad_() if requires_grad else _without_grad(result)


def _require_inexact(dtype):
    if dtype.category < FLOATING:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")


def _without_grad(tensor):
    return tensor.detach() if tensor.requires_grad else tensor


def _refuse_copy(found, dtype, where):
    if where is not found.device:
        raise ValueError(f"can't alias tensor from device '{found.device}' to '{where}'.")
    if dtype is not found.dtype:
        raise ValueError(
            f"can't alias tensor with dtype '{found.dtype.scalar_name}' into dtype "
            f"'{dtype.scalar_name}'."
        )


def _viewed(obj, dtype, copy):
    """A tensor over the memory of what has memory; None for sequences and numbers."""
    if isinstance(obj, Tensor):
        return obj
    if hasattr(obj, "_untyped"):
        return obj._seen_as(dtype)  # a storage
    if isinstance(obj, np.generic):
        if copy is False:
            raise RuntimeError(
                "can't alias NumPy scalars. Either remove copy=False or transform it in a ndarray. "
            )
        return tensor_of_numpy(np.array(obj))
    shared = _shared(obj)
    if shared is not None:
        return shared
    if hasattr(obj, "__dlpack__"):
        return from_dlpack(obj)
    if _has_buffer(obj):
        return tensor_of_buffer(obj, dtype or _dtypes.get_default_dtype())
    return None


def _has_buffer(obj) -> bool:
    try:
        memoryview(obj)
    except TypeError:
        return False
    return True


@described(
    "(object buffer, *, torch.dtype dtype, int count = -1, int offset = 0, "
    "bool requires_grad = False)",
    variants="f",
)
def frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False):
    """A one-dimensional tensor over the memory of an object with Python's buffer protocol.

    Shape:   (count,); as many as there are for -1.
    Errors:  ValueError for objects without a buffer, and where count and offset do not fit it.
    Source:  torch.frombuffer.
    """
    dtype = checked_dtype("frombuffer", dtype)
    if not isinstance(count, int) or not isinstance(offset, int):
        raise TypeError("not an integer")
    return _finish(tensor_of_buffer(buffer, dtype, count, offset), requires_grad)
