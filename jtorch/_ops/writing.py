"""What stands between a result and a tensor it is written to: devices, casts, overlap, resizing."""

import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU, placed
from jtorch._engine.node import leaf
from jtorch._engine.realize import array_of
from jtorch._messages import warn_user
from jtorch._meta import Meta
from jtorch._shapes import (
    assert_no_internal_overlap,
    assert_no_overlap,
    assert_no_partial_overlap,
)
from jtorch._tensor import Tensor, node_of, retarget


def common_device(values):
    """The device of the tensors among `values`; 0-dim CPU tensors go anywhere."""
    found, zero_dim = None, False
    for value in values:
        for each in value if value.__class__ is tuple else (value,):
            if not isinstance(each, Tensor):
                continue
            device = each._meta.device
            if found is None or (found is not device and found is CPU and zero_dim):
                found, zero_dim = device, each._meta.ndim == 0
            elif found is not device and not (device is CPU and each._meta.ndim == 0):
                raise RuntimeError(
                    "Expected all tensors to be on the same device, but found at least two "
                    f"devices, {found} and {device}!"
                )
    return CPU if found is None else found


def node_on(tensor, device):
    """The tensor's node, copied to `device` if it is a 0-dim tensor of the CPU."""
    if tensor._meta.device is device:
        return node_of(tensor)
    return leaf(on_device(np.asarray(array_of(node_of(tensor))), device), tensor._meta.aval)


def on_device(array, device):
    """A numpy array that nobody else sees, on a device: on the CPU it may stay as it is."""
    return array if device is CPU else placed(array, device)


def requires_grad(*groups):
    """Whether a tensor in these sequences, or in sequences in them, requires grad."""
    for group in groups:
        for each in group:
            if isinstance(each, (tuple, list)):
                if requires_grad(each):
                    return True
            elif isinstance(each, Tensor) and each._requires_grad:
                return True
    return False


def refuse_gradient_into_out(name):
    raise RuntimeError(
        f"{name.partition('.')[0]}(): functions with out=... arguments don't support automatic "
        "differentiation, but one of the arguments requires grad."
    )


def refuse_cast(result, target):
    if result is not target and not _dtypes.can_cast(result, target):
        raise RuntimeError(
            f"result type {result.scalar_name} can't be cast to the desired output type "
            f"{target.scalar_name}"
        )


def refuse_overlap(target, operands):
    """torch's checks of memory before it writes into `target` while it reads `operands`."""
    meta = target._meta
    if not meta.is_contiguous:
        assert_no_internal_overlap(meta.shape, meta.stride)
    for each in operands:
        if isinstance(each, Tensor) and each._storage is target._storage and each is not target:
            assert_no_partial_overlap(
                (meta.shape, meta.stride, target._offset),
                (each._meta.shape, each._meta.stride, each._offset),
                meta.dtype.itemsize,
                each._meta.dtype.itemsize,
            )


def refuse_any_overlap(target, operands):
    """The same where torch does not even let `target` be one of the operands."""
    meta = target._meta
    assert_no_internal_overlap(meta.shape, meta.stride)
    for each in operands:
        if isinstance(each, Tensor) and each._storage is target._storage:
            assert_no_overlap(
                (meta.shape, meta.stride, target._offset),
                (each._meta.shape, each._meta.stride, each._offset),
                meta.dtype.itemsize,
                each._meta.dtype.itemsize,
            )


def resize_out(target, shape, stride=None):
    """Give `out` the shape and strides of the result, with torch's warning if it had elements."""
    warn_of_resizing(target.shape, shape, target)
    resize_quietly(target, shape, stride)


def warn_of_resizing(shape, required, target):
    """torch's warning that `target`, of this shape, gets another one, where it had elements."""
    if tuple(shape) == tuple(required) or not target.numel():
        return
    warn_user(
        f"An output with one or more elements was resized since it had shape {list(shape)}, which "
        f"does not match the required output shape {list(required)}. This behavior is deprecated, "
        "and in a future PyTorch release outputs will not be resized unless they have zero "
        "elements. You can explicitly reuse an out tensor t by resizing it, inplace, to zero "
        "elements with t.resize_(0)."
    )


def resize_quietly(target, shape, stride=None):
    """The same where torch does not warn."""
    if target.shape == shape:
        return
    meta = Meta(tuple(shape), target.dtype, target.device, stride)
    if meta.numel:
        target._storage.reserve((target._offset + meta.numel) * meta.dtype.itemsize)
    retarget(target, target._storage, meta, target._offset)
