"""Operations that change what memory a tensor is a window onto: set_, resize_ and theirs."""

import functools
import math
import operator

from jtorch._dtypes import c_name
from jtorch._messages import type_name, warn_user
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.convert import is_in_format
from jtorch._ops.creation import format_strides
from jtorch._ops.families import composite
from jtorch._ops.rebase import refuse_in_place
from jtorch._ops.signatures import described
from jtorch._ops.tangents import carries, tangents
from jtorch._shapes import contiguous_strides
from jtorch._tensor import Tensor, keep_version, retarget


def span_of(shape, stride, offset) -> int:
    """How many elements of memory a window reaches over, from the storage's beginning."""
    if 0 in shape:
        return 0
    return offset + 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))


def make_room(storage, nbytes) -> None:
    """Let a storage have at least `nbytes` bytes.

    Errors:  RuntimeError if it is too small and numpy uses its memory.
    """
    storage.reserve(nbytes)


def resize_storage(storage, nbytes) -> None:
    """Let a storage have `nbytes` bytes.

    Errors:  RuntimeError if numpy uses its memory, or has used it a moment ago.
    """
    storage.resize(-(-nbytes // storage.meta.dtype.itemsize))


def _retargeted(tensor, storage, meta, offset):
    """Make the tensor another window, in place; on other memory it counts its own versions."""
    refuse_in_place(tensor)
    (tensor._counter or tensor._storage).version += 1
    if storage is not tensor._storage:
        keep_version(tensor)
    retarget(tensor, storage, meta, offset)
    return tensor


@described(
    "(Tensor input)",
    "(Tensor input, torch.Storage source)",
    "(Tensor input, torch.Storage source, int storage_offset, tuple of ints size, "
    "tuple of ints stride = None)",
    "(Tensor input, Tensor source)",
    "(Tensor input, Tensor source, int storage_offset, tuple of ints size, "
    "tuple of ints stride = None)",
    variants="m",
)
def set_(self, source=None, storage_offset=None, size=None, stride=None):
    """Make this tensor a window onto another tensor's memory, or onto a storage.

    Errors:  RuntimeError for another dtype or device, and for a window that begins too early.
    Source:  torch.Tensor.set_.
    """
    meta = self._meta
    if source is None:
        return _retargeted(self, *_empty(meta), 0)
    if (storage_offset is None) != (size is None):
        raise TypeError("a window has an offset and a size")
    if isinstance(source, Tensor):
        _refuse_source(meta, source)
        storage = source._storage
        if size is None:
            return _retargeted(self, storage, source._meta.replaced(), source._offset)
    elif hasattr(source, "_untyped"):
        storage = source._untyped()._storage
        if size is None:
            nbytes = storage.meta.numel * storage.meta.dtype.itemsize
            storage_offset, size = 0, (nbytes // meta.dtype.itemsize,)
    else:
        raise TypeError("neither a tensor nor a storage")
    return _set_window(self, storage, storage_offset, tuple(size), stride)


def _empty(meta):
    made = constant(Meta((0,), meta.dtype, meta.device), 0)
    return made._storage, made._meta


def _refuse_source(meta, source):
    if source.dtype is not meta.dtype:
        raise RuntimeError(
            f"Could not set tensor of type {c_name(source.dtype)} to a tensor of type "
            f"{c_name(meta.dtype)}"
        )
    if source.device is not meta.device:
        raise RuntimeError(
            f'Attempted to set the storage of a tensor on device "{meta.device}" to a storage on '
            f'different device "{source.device}".  This is no longer allowed; the devices must '
            "match."
        )


def _set_window(tensor, storage, offset, size, stride):
    meta = tensor._meta
    if any(extent < 0 for extent in size):
        raise RuntimeError("numel: integer multiplication overflow")
    stride = contiguous_strides(size) if stride is None else tuple(stride)
    if len(stride) != len(size):
        raise RuntimeError(f"unequal size length ({len(size)}) and stride length ({len(stride)})")
    if any(step < 0 for step in stride):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    window = Meta(size, meta.dtype, meta.device, stride)
    _retargeted(tensor, storage, window, offset)
    make_room(storage, span_of(size, stride, offset) * meta.dtype.itemsize)
    return tensor


@described(
    "(Tensor input, tuple of ints size, *, torch.memory_format? memory_format = None)", variants="m"
)
def resize_(self, *sizes, size=None, memory_format=None):
    """Give this tensor another size in place; its memory keeps what it has, and grows if it must.

    Errors:  RuntimeError for a tensor that requires grad, and where numpy uses memory that must
             grow.
    Source:  torch.Tensor.resize_.
    """
    size = sizes or (() if size is None else (size,))
    if not size:
        raise TypeError("no size")
    if self._requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    if tangents.level and carries(self):
        raise RuntimeError("cannot resize variables that has a forward grad")
    shape = _shape(size)
    name = str(memory_format or "contiguous_format").removeprefix("torch.")
    if name == "preserve_format":
        raise RuntimeError("Unsupported memory formatPreserve")
    meta = self._meta
    if tuple(meta.shape) == shape and memory_format is None:
        return self
    stride = format_strides(name, shape, None)
    (self._counter or self._storage).version += 1
    make_room(self._storage, span_of(shape, stride, self._offset) * meta.dtype.itemsize)
    window = Meta(shape, meta.dtype, meta.device, stride, meta.mirrored)
    retarget(self, self._storage, window, self._offset)
    return self


def _shape(size):
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    if not all(hasattr(each, "__index__") for each in size):
        raise TypeError("not integers")
    shape = tuple([each.__index__() for each in size])
    if math.prod(shape) < 0 or any(each < 0 for each in shape):
        raise RuntimeError("numel: integer multiplication overflow")
    return shape


@described(
    "(Tensor input, Tensor the_template, *, torch.memory_format? memory_format = None)",
    variants="fm",
)
def resize_as_(input, the_template, *, memory_format=None):
    """`resize_` to the size of another tensor. Source: torch.Tensor.resize_as_."""
    if not isinstance(the_template, Tensor):
        raise TypeError(f"not a tensor: {type_name(the_template)}")
    result = resize_(input, tuple(the_template.shape))
    if memory_format is None:
        return result
    name = str(memory_format).removeprefix("torch.")
    if name == "preserve_format":
        name = _format_of(the_template)
    meta = result._meta
    stride = format_strides(name, meta.shape, None)
    retarget(
        result, result._storage, Meta(meta.shape, meta.dtype, meta.device, stride), result._offset
    )
    return result


def _format_of(tensor):
    names = ("contiguous_format", "channels_last", "channels_last_3d")
    return next((name for name in names if is_in_format(tensor, name)), names[0])


@composite(variants="m")
def resize(self, *sizes):
    """A view or a copy of another size; an old name. Source: torch.Tensor.resize."""
    warn_user("non-inplace resize is deprecated")
    return _resized(self, sizes)


def _resized(tensor, sizes):
    count = functools.reduce(operator.mul, sizes, 1)
    if tensor.numel() != count:
        wanted, found = ("x".join(map(str, each)) for each in (sizes, tensor.shape))
        raise RuntimeError(
            f"requested resize to {wanted} ({count} elements in total), but the given tensor has a "
            f"size of {found} ({tensor.numel()} elements). autograd's resize can only change the "
            "shape of a given tensor, while preserving the number of elements. "
        )
    return tensor.reshape(*sizes)


@composite(variants="m")
def resize_as(self, tensor):
    """`resize` to the size of another tensor; an old name. Source: torch.Tensor.resize_as."""
    warn_user("non-inplace resize_as is deprecated")
    return _resized(self, tensor.shape)
