"""Memory shared with numpy, DLPack and JAX, both ways, without a copy wherever there is a way.

On the CPU numpy and a tensor see each other's writes (see `_storage`). An array of JAX's never
changes, so a tensor made of one copies when it is written to, and the array stays as it is.
"""

import jax
import numpy as np

from jtorch import _dlpack, _dtypes
from jtorch._autograd.modes import mode
from jtorch._device import CPU, of_jax, placed, resolve
from jtorch._dtypes import COMPLEX
from jtorch._engine.node import leaf
from jtorch._engine.realize import array_of, raise_errors
from jtorch._messages import type_name, warn_once
from jtorch._meta import Meta
from jtorch._ops.data import dtype_of_array
from jtorch._ops.families import composite
from jtorch._ops.signatures import described
from jtorch._storage import new_storage, storage_of_memory, storage_of_numpy
from jtorch._tensor import Tensor, node_of, read_memory


def _over(storage, meta):
    """A tensor that is the window `meta` at offset 0 of a storage."""
    tensor = object.__new__(Tensor)
    tensor._meta = meta
    tensor._storage = storage
    tensor._offset = 0
    return tensor


# numpy


def tensor_of_numpy(array):
    """A tensor over the array's memory; raises torch's errors for arrays that cannot be one."""
    stride = []
    for each in array.strides:
        if each < 0:
            raise ValueError(
                "At least one stride in the given numpy array is negative, and tensors with "
                "negative strides are not currently supported. (You can probably work around this "
                "by making a copy of your array  with array.copy().) "
            )
        if each % array.itemsize:
            raise ValueError(
                "given numpy array strides not a multiple of the element byte size. Copy the numpy "
                "array to reallocate the memory."
            )
        stride.append(each // array.itemsize)
    dtype = dtype_of_array(array)
    meta = Meta(array.shape, dtype, CPU, tuple(stride))
    if not array.flags.writeable:
        warn_once(
            "The given NumPy array is not writable, and PyTorch does not support non-writable "
            "tensors. This means writing to this tensor will result in undefined behavior. You may "
            "want to copy the array to protect its data or make it writable before converting it "
            "to a tensor. This type of warning will be suppressed for the rest of this program."
        )
    return _over(storage_of_numpy(array, meta), meta)


@composite(variants="f")
def from_numpy(ndarray):
    """A tensor over the memory of a numpy array: each sees what is written through the other.

    Errors:  TypeError for what is no array, and for dtypes torch has not; ValueError for negative
             strides and foreign byte orders.
    Source:  torch.from_numpy.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type_name(ndarray)})")
    return tensor_of_numpy(ndarray)


def _refuse_numpy(tensor):
    """torch's errors where a tensor cannot be seen by numpy as it is."""
    meta = tensor._meta
    if meta.device.type != "cpu":
        raise TypeError(
            f"can't convert {meta.device} device type tensor to numpy. Use Tensor.cpu() to copy "
            "the tensor to host memory first."
        )
    if tensor._requires_grad and mode.enabled:
        raise RuntimeError(
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        )
    if meta.mirrored:
        conjugate = meta.dtype.category == COMPLEX
        bit, method = ("conjugate", "conj") if conjugate else ("negative", "neg")
        raise RuntimeError(
            f"Can't call numpy() on Tensor that has {bit} bit set. Use "
            f"tensor.resolve_{method}().numpy() instead."
        )
    if meta.dtype.numpy.isbuiltin != 1:  # numpy has it from ml_dtypes only
        raise TypeError(f"Got unsupported ScalarType {meta.dtype.scalar_name}")


@described("(Tensor input, *, bool force = False)", variants="m")
def numpy(self, *, force=False):
    """The tensor as a numpy array over the same memory; each sees the other's writes.

    With `force`, a copy where sharing is impossible (another device, a tensor that requires grad).

    Errors:  TypeError and RuntimeError where the memory cannot be shared as it is.
    Source:  torch.Tensor.numpy.
    """
    if force.__class__ is not bool:
        raise TypeError("not a bool")
    tensor = self.detach().cpu() if force else self
    if force and tensor._meta.mirrored:
        tensor = tensor.clone()
    _refuse_numpy(tensor)
    return read_memory(lambda: tensor._storage.share(tensor._meta, tensor._offset))


@composite(name="__array__", variants="m")
def _array(self, dtype=None, copy=None):
    """numpy's way to ask for an array: shared memory unless a copy is wanted or needed."""
    array = self.numpy()
    if dtype is not None and array.dtype != dtype:
        if copy is False:
            raise ValueError("Unable to avoid copy while creating an array as requested.")
        return array.astype(dtype)
    return array.copy() if copy else array


@composite(name="__array_wrap__", variants="m")
def _array_wrap(self, array, context=None, return_scalar=False):
    """What numpy's functions of tensors give: a tensor over the result."""
    if array.dtype == np.bool_:
        array = array.astype(np.uint8)  # as torch does since it had no bool
    return tensor_of_numpy(array)


def _frombuffer_array(buffer, dtype, count, offset):
    try:
        view = memoryview(buffer)
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    length, size = view.nbytes, dtype.itemsize
    if length == 0 or count == 0:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater than buffer length "
            f"({length} bytes) minus 1"
        )
    if count < 0:
        if (length - offset) % size:
            raise ValueError(
                f"buffer length ({length - offset} bytes) after offset ({offset} bytes) must be a "
                f"multiple of element size ({size})"
            )
        count = (length - offset) // size
    if offset + count * size > length:
        raise ValueError(
            f"requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must "
            f"not be greater than actual buffer length ({length} bytes)"
        )
    return np.frombuffer(buffer, np.uint8, count * size, offset).view(dtype.numpy)


def tensor_of_buffer(buffer, dtype, count=-1, offset=0):
    """A tensor over the memory of an object with Python's buffer protocol."""
    array = _frombuffer_array(buffer, dtype, count, offset)
    if not array.flags.writeable:
        warn_once(
            "The given buffer is not writable, and PyTorch does not support non-writable tensors. "
            "This means you can write to the underlying (supposedly non-writable) buffer using the "
            "tensor. You may want to copy the buffer to protect its data or make it writable "
            "before converting it to a tensor. This type of warning will be suppressed for the "
            "rest of this program."
        )
    meta = Meta(array.shape, dtype)
    return _over(storage_of_numpy(array, meta), meta)


# DLPack


def _refuse_dlpack(tensor):
    if tensor._requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    if tensor._meta.mirrored:
        raise BufferError("Can't export tensors with the conjugate bit set")
    if tensor.device.type == "meta":
        raise BufferError("Cannot pack tensors on meta")


@composite(name="__dlpack__", variants="m")
def _to_capsule(self, *, stream=None, max_version=None, dl_device=None, copy=None):
    """A DLPack capsule. On the CPU it shares memory, elsewhere it is a copy that never changes.

    Errors:  BufferError where DLPack cannot express the tensor.
    Source:  torch.Tensor.__dlpack__.
    """
    if stream is not None and stream.__class__ is not int:
        raise TypeError("stream must be ``int`` or ``none``")
    _refuse_dlpack(self)
    if self.device.type != "cpu":
        return to_jax(self).__dlpack__(
            stream=stream, max_version=max_version, dl_device=dl_device, copy=copy
        )
    if stream not in (None, -1):
        raise AssertionError("stream should be None on cpu.")
    if dl_device is not None and tuple(dl_device) != (_dlpack.DLDeviceType.kDLCPU, 0):
        raise BufferError(f"Cannot pack tensors on cpu for DLPack device {tuple(dl_device)}")
    tensor = self.clone() if copy else self
    return _dlpack.export(tensor._storage.share(tensor._meta, tensor._offset), max_version)


@composite(name="__dlpack_device__", variants="m")
def _dlpack_device(self):
    """(device type, device id) as DLPack counts them."""
    device = self.device
    if device.type == "cpu":
        return _dlpack.DLDeviceType.kDLCPU, 0
    if device.type == "meta":
        raise ValueError(f"Unknown device type {device.type} for Dlpack")
    return tuple(to_jax(self).__dlpack_device__())


@composite(variants="f")
def to_dlpack(tensor):
    """A DLPack capsule of the tensor. Source: torch.utils.dlpack.to_dlpack."""
    return tensor.__dlpack__()


class _Capsule:
    """A bare capsule as an object that JAX imports."""

    def __init__(self, capsule):
        self._capsule = capsule
        self._device = _dlpack.device_of(capsule)

    def __dlpack__(self, **options):
        return self._capsule

    def __dlpack_device__(self):
        return self._device


@composite(variants="f")
def from_dlpack(ext_tensor, *, device=None, copy=None):
    """A tensor over the memory of an object with `__dlpack__`, or of a capsule.

    On the CPU the memory is shared; on an accelerator the tensor copies when it is written to.

    Errors:  RuntimeError for what is no capsule, or a used one.
    Source:  torch.from_dlpack.
    """
    if isinstance(ext_tensor, Tensor):
        _refuse_dlpack(ext_tensor)
        found = _over(ext_tensor._storage, ext_tensor._meta)
        found._offset = ext_tensor._offset
    else:
        found = _imported(ext_tensor)
    if device is not None:
        wanted = resolve(device)
        if wanted.type == "meta":
            raise BufferError("Cannot pack tensors on meta")
        if wanted is not found.device and copy is False:
            raise ValueError(
                f"cannot move DLPack tensor from {found.device} to {wanted} without copying."
            )
        found = found.to(wanted)
    return found.clone() if copy else found


def _imported(ext_tensor):
    if isinstance(ext_tensor, jax.Array):
        return from_jax(ext_tensor)
    if hasattr(ext_tensor, "__dlpack__"):
        if ext_tensor.__dlpack_device__()[0] != _dlpack.DLDeviceType.kDLCPU:
            return from_jax(jax.dlpack.from_dlpack(ext_tensor))
        try:
            capsule = ext_tensor.__dlpack__(max_version=(1, 0))
        except TypeError:  # a producer that is older than versions
            capsule = ext_tensor.__dlpack__()
    else:
        capsule = ext_tensor
        if _dlpack.device_of(capsule)[0] != _dlpack.DLDeviceType.kDLCPU:
            return from_jax(jax.dlpack.from_dlpack(_Capsule(capsule)))
    taken = _dlpack.Taken(capsule)
    dtype = _dtypes.BY_NUMPY.get(taken.dtype)
    if dtype is None:
        raise RuntimeError(f"DLPack tensor has a dtype that torch has not: {taken.dtype}")
    meta = Meta(taken.shape, dtype, CPU, taken.stride)
    if any(each < 0 for each in meta.stride):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(meta.shape)} and "
            f"strides={list(meta.stride)}"
        )
    return _over(storage_of_memory(taken.owner, taken.address, True, meta), meta)


# JAX


def from_jax(array) -> Tensor:
    """A tensor of a JAX array, on the array's device, without a copy; the array never changes.

    Errors:  TypeError for what is no JAX array or has a dtype torch has not; RuntimeError for an
             array spread over several devices.
    """
    if not isinstance(array, jax.Array) or isinstance(array, jax.core.Tracer):
        raise TypeError(
            f"from_jax(): expected a jax.Array that has a value, not {type_name(array)}"
        )
    dtype = _dtypes.BY_NUMPY.get(np.dtype(array.dtype))
    if dtype is None:
        raise TypeError(f"from_jax(): torch has no dtype like {array.dtype}")
    devices = array.devices()
    if len(devices) != 1:
        raise RuntimeError(f"from_jax(): the array is spread over {len(devices)} devices")
    meta = Meta(array.shape, dtype, of_jax(next(iter(devices))))
    return _over(new_storage(leaf(array, meta.aval), meta), meta)


def to_jax(tensor) -> jax.Array:
    """The tensor's values as a JAX array on its device, which later writes do not change.

    Errors:  RuntimeError for a tensor that requires grad: detach it first.
    """
    if tensor._requires_grad:
        raise RuntimeError(
            "Can't call to_jax() on Tensor that requires grad. Use tensor.detach() first."
        )
    node = node_of(tensor)
    array = array_of(node)
    raise_errors()
    if not isinstance(array, jax.Array):
        array = placed(array, tensor.device)
        node.value = array
    return array


@composite(name="__jax_array__", variants="m")
def _jax_array(self):
    """JAX's way to ask for an array: `jnp.sin(tensor)`."""
    return to_jax(self)


def _cuda_array_interface(self):
    """The CUDA array interface, for reading. Source: torch.Tensor.__cuda_array_interface__."""
    if self.device.type != "cuda":
        raise AttributeError(
            f"Can't get __cuda_array_interface__ on non-CUDA tensor type: {self.type()} If CUDA "
            "data is required use tensor.cuda() to copy tensor to device memory."
        )
    if self._requires_grad:
        raise RuntimeError(
            "Can't get __cuda_array_interface__ on Variable that requires grad. If gradients "
            "aren't required, use var.detach() to get Variable that doesn't require grad."
        )
    return to_jax(self).__cuda_array_interface__


Tensor.__cuda_array_interface__ = property(_cuda_array_interface)
