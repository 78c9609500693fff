"""Tensors from nothing but a shape and a number, and tensors like another one."""

import math

import numpy as np

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._device import device as Device
from jtorch._device import resolve
from jtorch._dtypes import FLOATING
from jtorch._errors import not_provided
from jtorch._layout import strided
from jtorch._messages import type_name, warn_user
from jtorch._meta import Meta
from jtorch._ops.calls import called
from jtorch._ops.constants import constant
from jtorch._ops.refusals import check_fits
from jtorch._ops.writing import refuse_cast, resize_quietly
from jtorch._shapes import (
    channels_last_3d_strides,
    channels_last_strides,
    contiguous_strides,
    like_strides,
)
from jtorch._tensor import Tensor, window

_INT64_END = 2**63


def sizes(name, size):
    """The `*size` of a call as a shape: integers one by one, or one sequence of them."""
    if len(size) == 1 and not hasattr(size[0], "__index__"):
        if not isinstance(size[0], (list, tuple)):
            raise TypeError(
                f"{name}(): argument 'size' (position 1) must be tuple of ints, "
                f"not {type_name(size[0])}"
            )
        size = size[0]
    shape = []
    for position, extent in enumerate(size):
        if isinstance(extent, (list, tuple)):
            raise TypeError(f"{name}() takes 1 positional argument but {len(size)} were given")
        if not hasattr(extent, "__index__"):
            raise TypeError(
                f"{name}(): argument 'size' failed to unpack the object at pos {position + 1} with "
                f'error "type must be tuple of ints,but got {type_name(extent)}"'
            )
        shape.append(extent.__index__())
    return possible(name, tuple(shape))


def possible(name, shape):
    """The shape, if there can be such a tensor.

    Errors:  RuntimeError for a negative extent, and for more elements than can be counted.
    """
    for extent in shape:
        if extent < 0:
            if name == "zeros":
                raise RuntimeError("zeros: Dimension size must be non-negative.")
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {extent}: {list(shape)}"
            )
    if math.prod(shape) >= _INT64_END:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(shape)}")
    return shape


def checked_dtype(name, dtype):
    if dtype is None or dtype.__class__ is _dtypes.dtype:
        return dtype
    found = _dtypes.as_dtype(dtype)
    if found is None:
        raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {type_name(dtype)}")
    return found


def finish(tensor, requires_grad, out=None, name=None):
    """The last step of every constructor: into `out`, or a leaf that may require grad."""
    if out is not None:
        refuse_cast(tensor.dtype, out.dtype)
        if out._requires_grad and mode.enabled and name is not None:
            raise RuntimeError(
                f"aten::{name}(): functions with out=... arguments don't support automatic "
                "differentiation, but one of the arguments requires grad."
            )
        tensor = out.copy_(_fitted(tensor, out, name))
    elif tensor._storage.version.__class__ is int:
        tensor._storage.version = 0  # that it was filled is no change of a tensor anybody had
    if requires_grad:
        if tensor.dtype.category < FLOATING:
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        tensor._requires_grad = True
    return tensor


# Constructors that count elements: an `out` that has as many keeps its shape.
_COUNTING = ("arange", "range", "linspace", "logspace")


def _fitted(tensor, out, name):
    """What is made, in the shape of `out`, which becomes that of what is made: without a warning."""
    count, shape = tensor.numel(), list(out.shape)
    if name in _COUNTING and out.numel() == count:
        return tensor.view(out.shape)
    if name == "arange" and out.numel():
        warn_user(
            f"The number of elements in the out tensor of shape {shape} is {out.numel()} which does "
            f"not match the computed number of elements {count}. Note that this may occur as a "
            f"result of rounding error. The out tensor will be resized to a tensor of shape ({count},)."
        )
    resize_quietly(out, tensor.shape)
    return tensor


def require_strided(name, layout):
    """Raise for a layout that is not built: strided is what there is."""
    if layout is not None and layout is not strided:
        raise not_provided(f"{layout} tensors, which `{name}` was asked for")


def refuse_other_out(out, dtype, device):
    """Raise torch's errors for an `out` that is not what dtype and device ask for."""
    if dtype is not None and dtype is not out.dtype:
        raise RuntimeError(
            f"dtype {dtype.scalar_name} does not match dtype of out parameter "
            f"({out.dtype.scalar_name})"
        )
    if device is not None and (type := Device(device).type) != out.device.type:
        raise RuntimeError(
            f"device type {type} does not match device type of out parameter ({out.device.type})"
        )


# By shape

OPTIONS = (
    "torch.dtype? dtype = None, torch.layout? layout = None, torch.device? device = None, "
    "bool? pin_memory = False, bool? requires_grad = False"
)


def _filled(name, shape, value, out, dtype, layout, device, requires_grad):
    require_strided(name, layout)
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    meta = Meta(possible(name, shape), dtype or _dtypes.get_default_dtype(), resolve(device))
    made = constant(meta, value)
    return made if out is None and not requires_grad else finish(made, requires_grad, out, name)


_SIZED = f"(tuple of ints size, *, Tensor? out = None, {OPTIONS})"


@called(_SIZED, spread=0)
def zeros(size, out=None, dtype=None, layout=None, device=None, pin_memory=False,
          requires_grad=False):  # fmt: skip
    """A tensor of zeros of shape `size`. Source: torch.zeros."""
    return _filled("zeros", size, 0, out, dtype, layout, device, requires_grad)


@called(_SIZED, spread=0)
def ones(size, out=None, dtype=None, layout=None, device=None, pin_memory=False,
         requires_grad=False):  # fmt: skip
    """A tensor of ones of shape `size`. Source: torch.ones."""
    return _filled("ones", size, 1, out, dtype, layout, device, requires_grad)


@called(f"{_SIZED[:-1]}, torch.memory_format? memory_format = None)", spread=0)
def empty(size, out=None, dtype=None, layout=None, device=None, pin_memory=False,
          requires_grad=False, memory_format=None):  # fmt: skip
    """A tensor nobody has filled yet; here it holds zeros. Source: torch.empty."""
    if memory_format is None:
        return _filled("empty", size, 0, out, dtype, layout, device, requires_grad)
    if str(memory_format) == "torch.preserve_format":
        raise RuntimeError("Unsupported memory formatPreserve")
    shape = possible("empty", size)
    stride = format_strides(memory_format, shape, None)
    dtype = dtype or _dtypes.get_default_dtype()
    return finish(constant(Meta(shape, dtype, resolve(device), stride), 0), requires_grad, out)


@called(f"(tuple of ints size, Number fill_value, *, Tensor? out = None, {OPTIONS})")
def full(size, fill_value, out=None, dtype=None, layout=None, device=None, pin_memory=False,
         requires_grad=False):  # fmt: skip
    """A tensor of one value.

    Shape:   `size`.
    Dtype:   that of `fill_value` (the default dtype for a float), or `dtype`.
    Errors:  RuntimeError for a value that the dtype does not hold.
    Source:  torch.full.
    """
    value = number("full", "fill_value", 2, fill_value)
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = out.dtype, out.device
    dtype = dtype or _dtypes.of_number(value)
    shape = possible("full", size)
    check_fits(value, dtype)
    return _filled("full", shape, value, out, dtype, layout, device, requires_grad)


def number(name, argument, position, value):
    """A Python number from a number, a numpy scalar or a tensor with one element."""
    if isinstance(value, (Tensor, np.generic)):
        value = value.item()
    if not isinstance(value, (bool, int, float, complex)):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Number, "
            f"not {type_name(value)}"
        )
    if isinstance(value, int) and not -_INT64_END <= value < 2 * _INT64_END:
        raise OverflowError("int too big to convert")
    return value


# By strides


def format_strides(memory_format, shape, stride):
    """The strides that `memory_format` asks for; `stride` is what is to be preserved."""
    name = str(memory_format).removeprefix("torch.")
    if name == "channels_last":
        if len(shape) != 4:
            raise RuntimeError("required rank 4 tensor to use channels_last format")
        return channels_last_strides(shape)
    if name == "channels_last_3d":
        if len(shape) != 5:
            raise RuntimeError("required rank 5 tensor to use channels_last_3d format")
        return channels_last_3d_strides(shape)
    return like_strides(shape, stride) if name == "preserve_format" else contiguous_strides(shape)


@called(f"(tuple of ints size, tuple of ints stride, *, {OPTIONS})")
def empty_strided(size, stride, dtype=None, layout=None, device=None, pin_memory=False,
                  requires_grad=False):  # fmt: skip
    """A tensor with these strides, filled by nobody.

    Errors:  RuntimeError for strides that are negative, or not as many as dims.
    Source:  torch.empty_strided.
    """
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides "
            f"({len(stride)})"
        )
    shape = possible("empty_strided", size)
    if any(step < 0 for step in stride):
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    span = 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    flat = empty((0 if 0 in shape else span,), dtype=dtype, layout=layout, device=device)
    return finish(window(flat, shape, stride, 0), requires_grad)


@called(f"(tuple of ints size, tuple of ints physical_layout, *, {OPTIONS})")
def empty_permuted(size, physical_layout, dtype=None, layout=None, device=None, pin_memory=False,
                   requires_grad=False):  # fmt: skip
    """A dense tensor whose memory has the dims in this order.

    Errors:  RuntimeError unless `physical_layout` has each dim once, counted from the front.
    Source:  torch.empty_permuted.
    """
    if len(size) != len(physical_layout):
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the physical_layout; i.e. "
            f"len(size) = {len(size)} is not equal to len(physical_layout) = {len(physical_layout)}"
        )
    for place, dim in enumerate(physical_layout):
        if not 0 <= dim < len(size):
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {len(size) - 1}, but got "
                f"{dim} at index {place}).  NB: negative dims not currently supported; file an "
                "issue if you want it."
            )
        if dim in physical_layout[:place]:
            raise RuntimeError("Duplicate dim not allowed")
    require_strided("empty_permuted", layout)
    in_memory = contiguous_strides([size[dim] for dim in physical_layout])
    stride = tuple(in_memory[physical_layout.index(dim)] for dim in range(len(size)))
    shape = possible("empty_permuted", size)
    meta = Meta(shape, dtype or _dtypes.get_default_dtype(), resolve(device), stride)
    return finish(constant(meta, 0), requires_grad)


# Like another tensor


def _like(name, input, value, dtype, layout, device, requires_grad, memory_format):
    require_strided(name, layout)
    meta = input._meta
    stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    device = meta.device if device is None else resolve(device)
    made = constant(Meta(tuple(meta.shape), dtype or meta.dtype, device, stride), value)
    return finish(made, requires_grad) if requires_grad else made


_LIKE = f"{OPTIONS}, torch.memory_format? memory_format = None)"


@called(f"(Tensor input, *, {_LIKE}")
def zeros_like(input, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
               memory_format=None):  # fmt: skip
    """Zeros with the shape, dtype and device of `input`. Source: torch.zeros_like."""
    return _like("zeros_like", input, 0, dtype, layout, device, requires_grad, memory_format)


@called(f"(Tensor input, *, {_LIKE}")
def ones_like(input, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
              memory_format=None):  # fmt: skip
    """Ones with the shape, dtype and device of `input`. Source: torch.ones_like."""
    return _like("ones_like", input, 1, dtype, layout, device, requires_grad, memory_format)


@called(f"(Tensor input, *, {_LIKE}")
def empty_like(input, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
               memory_format=None):  # fmt: skip
    """Unfilled, with the shape, dtype and device of `input`. Source: torch.empty_like."""
    return _like("empty_like", input, 0, dtype, layout, device, requires_grad, memory_format)


@called(f"(Tensor input, Number fill_value, *, {_LIKE}")
def full_like(input, fill_value, dtype=None, layout=None, device=None, pin_memory=False,
              requires_grad=False, memory_format=None):  # fmt: skip
    """One value, with the shape, dtype and device of `input`. Source: torch.full_like."""
    value = number("full_like", "fill_value", 2, fill_value)
    check_fits(value, dtype or input.dtype)
    return _like("full_like", input, value, dtype, layout, device, requires_grad, memory_format)


def _new(name, self, size, value, dtype, layout, device, requires_grad):
    meta = self._meta
    device = meta.device if device is None else device
    return _filled(name, size, value, None, dtype or meta.dtype, layout, device, requires_grad)


_NEW = f"(Tensor self, tuple of ints size, *, {OPTIONS})"


@called(_NEW, variants="m", spread=1)
def new_zeros(self, size, dtype=None, layout=None, device=None, pin_memory=False,
              requires_grad=False):  # fmt: skip
    """Zeros with the dtype and device of this tensor. Source: torch.Tensor.new_zeros."""
    return _new("new_zeros", self, size, 0, dtype, layout, device, requires_grad)


@called(_NEW, variants="m", spread=1)
def new_ones(self, size, dtype=None, layout=None, device=None, pin_memory=False,
             requires_grad=False):  # fmt: skip
    """Ones with the dtype and device of this tensor. Source: torch.Tensor.new_ones."""
    return _new("new_ones", self, size, 1, dtype, layout, device, requires_grad)


@called(_NEW, variants="m", spread=1)
def new_empty(self, size, dtype=None, layout=None, device=None, pin_memory=False,
              requires_grad=False):  # fmt: skip
    """Unfilled, with the dtype and device of this tensor. Source: torch.Tensor.new_empty."""
    return _new("new_empty", self, size, 0, dtype, layout, device, requires_grad)


@called(f"(Tensor self, tuple of ints size, Number fill_value, *, {OPTIONS})", variants="m")
def new_full(self, size, fill_value, dtype=None, layout=None, device=None, pin_memory=False,
             requires_grad=False):  # fmt: skip
    """One value, with the dtype and device of this tensor. Source: torch.Tensor.new_full."""
    value = number("new_full", "fill_value", 2, fill_value)
    check_fits(value, dtype or self.dtype)
    return _new("new_full", self, size, value, dtype, layout, device, requires_grad)


@called(f"(Tensor self, tuple of ints size, tuple of ints stride, *, {OPTIONS})", variants="m")
def new_empty_strided(self, size, stride, dtype=None, layout=None, device=None, pin_memory=False,
                      requires_grad=False):  # fmt: skip
    """Unfilled, with these strides. Source: torch.Tensor.new_empty_strided."""
    device = self.device if device is None else device
    return empty_strided(size, stride, dtype or self.dtype, layout, device, pin_memory,
                         requires_grad)  # fmt: skip
