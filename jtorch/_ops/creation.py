"""Tensors from nothing but a shape: constants, ranges, identity, and what is like another tensor."""

import functools
import math

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._dtypes import FLOATING, INTEGRAL
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.cast import cast_array
from jtorch._ops.parameters import type_name, wrap_integer
from jtorch._ops.writing import refuse_cast, resize_out
from jtorch._ops.families import composite
from jtorch._shapes import (
    channels_last_3d_strides,
    channels_last_strides,
    contiguous_strides,
    like_strides,
)
from jtorch._tensor import Tensor, from_node, window

# Up to this many elements a constant is made by numpy at once; bigger ones are made in the program.
_SMALL = 1024


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
            raise TypeError(
                f"{name}() takes 1 positional argument but {len(size)} were given"
            )
        if not hasattr(extent, "__index__"):
            raise TypeError(
                f"{name}(): argument 'size' failed to unpack the object at pos {position + 1} with "
                f'error "type must be tuple of ints,but got {type_name(extent)}"'
            )
        shape.append(extent.__index__())
    if any(extent < 0 for extent in shape):
        if name == "zeros":
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        negative = next(extent for extent in shape if extent < 0)
        raise RuntimeError(f"Trying to create tensor with negative dimension {negative}: {shape}")
    if math.prod(shape) >= 2**63:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={shape}")
    return tuple(shape)


def checked_dtype(name, dtype):
    if dtype is None or dtype.__class__ is _dtypes.dtype:
        return dtype
    found = _dtypes.as_dtype(dtype)
    if found is None:
        raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {type_name(dtype)}")
    return found


def finish(tensor, requires_grad, out=None):
    """The last step of every constructor: into `out`, or a leaf that may require grad."""
    if out is not None:
        refuse_cast(tensor.dtype, out.dtype)
        resize_out(out, tensor.shape)
        return out.copy_(tensor)
    if requires_grad.__class__ is not bool:
        raise TypeError(f"argument 'requires_grad' must be bool, not {type_name(requires_grad)}")
    if requires_grad:
        if tensor.dtype.category < FLOATING:
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        tensor._requires_grad = True
    return tensor


def constant(meta, value):
    """A tensor of `meta` filled with a Python number."""
    if meta.device is CPU and meta.numel <= _SMALL:
        with np.errstate(over="ignore"):
            array = np.full(meta.shape, np.array(value).astype(meta.dtype.numpy))
        return from_node(leaf(array, meta.aval), meta)
    return from_node(full_node(meta, value), meta)


def full_node(meta, value):
    """A node of a Python number everywhere; the number is data, so no value compiles anything."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int):
        value = wrap_integer(int(value))
    return record(_full_kernel(meta.aval, value.__class__), (value,), meta.device)


@functools.cache
def _full_kernel(aval, kind):
    def full(value):
        return jnp.broadcast_to(cast_array(value, aval.dtype), aval.shape)

    return Kernel("full", full, ({float: "f", complex: "c"}.get(kind, "i"),), aval)


def _filled(name, value, size, out, dtype, device, requires_grad):
    shape = sizes(name, size)
    dtype = checked_dtype(name, dtype)
    if out is not None:
        dtype, device = dtype or out.dtype, device or out.device
    meta = Meta(shape, dtype or _dtypes.get_default_dtype(), resolve(device))
    return finish(constant(meta, value), requires_grad, out)


def _spread(name, size, given):
    """The size of a call that may name it: `zeros(2, 3)`, `zeros((2, 3))`, `zeros(size=(2, 3))`."""
    if given is None:
        if not size:
            raise TypeError(
                f"{name}() received an invalid combination of arguments - got (), but expected one "
                "of:\n * (tuple of ints size, ...)"
            )
        return size
    return (given,)


@composite(variants="f")
def zeros(*shape, size=None, out=None, dtype=None, layout=None, device=None, pin_memory=False,
          requires_grad=False):  # fmt: skip
    """A tensor of zeros of shape `size`. Source: torch.zeros."""
    return _filled("zeros", 0, _spread("zeros", shape, size), out, dtype, device, requires_grad)


@composite(variants="f")
def ones(*shape, size=None, out=None, dtype=None, layout=None, device=None, pin_memory=False,
         requires_grad=False):  # fmt: skip
    """A tensor of ones of shape `size`. Source: torch.ones."""
    return _filled("ones", 1, _spread("ones", shape, size), out, dtype, device, requires_grad)


@composite(variants="f")
def empty(*shape, size=None, out=None, dtype=None, layout=None, device=None, pin_memory=False,
          requires_grad=False, memory_format=None):  # fmt: skip
    """A tensor nobody has filled yet; here it holds zeros. Source: torch.empty."""
    made = _filled("empty", 0, _spread("empty", shape, size), out, dtype, device, requires_grad)
    return made if memory_format is None else _formatted(made, memory_format)


def _formatted(tensor, memory_format):
    """An empty tensor again, with the strides of a memory format."""
    stride = format_strides(memory_format, tensor.shape, tensor.stride())
    meta = tensor._meta
    made = constant(Meta(meta.shape, meta.dtype, meta.device, stride), 0)
    made._requires_grad = tensor._requires_grad
    return made


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


@composite(variants="f")
def empty_strided(size, stride, *, dtype=None, layout=None, device=None, requires_grad=False,
                  pin_memory=False):  # fmt: skip
    """A tensor with these strides, filled by nobody. Source: torch.empty_strided."""
    shape = sizes("empty_strided", (tuple(size),))
    if len(shape) != len(stride):
        raise RuntimeError(
            f"mismatch in length of strides and shape {len(shape)} vs {len(stride)}"
        )
    span = 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    flat = empty(span if math.prod(shape) else 0, dtype=dtype, device=device)
    return finish(window(flat, shape, tuple(stride), 0), requires_grad)


@composite(variants="f")
def empty_permuted(size, physical_layout, **options):
    """A dense tensor whose memory has the dims in this order. Source: torch.empty_permuted."""
    flat = empty([size[dim] for dim in physical_layout], **options)
    order = [physical_layout.index(dim) for dim in range(len(size))]
    return flat.permute(order)


@composite(variants="f")
def full(size, fill_value, *, out=None, dtype=None, layout=None, device=None, pin_memory=False,
         requires_grad=False):  # fmt: skip
    """A tensor of one value.

    Shape:   `size`.
    Dtype:   that of `fill_value` (the default dtype for a float), or `dtype`.
    Source:  torch.full.
    """
    if not isinstance(size, (list, tuple)):
        raise TypeError(
            f"full(): argument 'size' (position 1) must be tuple of ints, not {type_name(size)}"
        )
    value = number("full", "fill_value", 2, fill_value)
    dtype = checked_dtype("full", dtype) or (out.dtype if out is not None else None)
    return _filled("full", value, (size,), out, dtype or _dtypes.of_number(value), device,
                   requires_grad)  # fmt: skip


def number(name, argument, position, value):
    """A Python number from a number, a numpy scalar or a tensor with one element."""
    if isinstance(value, Tensor):
        return value.item()
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, (bool, int, float, complex)):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Number, "
            f"not {type_name(value)}"
        )
    return value


def _like(name, input, value, dtype, device, requires_grad, memory_format):
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}"
        )
    meta = input._meta
    stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    device = meta.device if device is None else resolve(device)
    made = constant(Meta(meta.shape, dtype or meta.dtype, device, stride), value)
    return finish(made, requires_grad)


@composite(variants="f")
def zeros_like(input, *, dtype=None, layout=None, device=None, pin_memory=False,
               requires_grad=False, memory_format=None):  # fmt: skip
    """Zeros with the shape, dtype and device of `input`. Source: torch.zeros_like."""
    return _like("zeros_like", input, 0, dtype, device, requires_grad, memory_format)


@composite(variants="f")
def ones_like(input, *, dtype=None, layout=None, device=None, pin_memory=False,
              requires_grad=False, memory_format=None):  # fmt: skip
    """Ones with the shape, dtype and device of `input`. Source: torch.ones_like."""
    return _like("ones_like", input, 1, dtype, device, requires_grad, memory_format)


@composite(variants="f")
def empty_like(input, *, dtype=None, layout=None, device=None, pin_memory=False,
               requires_grad=False, memory_format=None):  # fmt: skip
    """Unfilled, with the shape, dtype and device of `input`. Source: torch.empty_like."""
    return _like("empty_like", input, 0, dtype, device, requires_grad, memory_format)


@composite(variants="f")
def full_like(input, fill_value, *, dtype=None, layout=None, device=None, pin_memory=False,
              requires_grad=False, memory_format=None):  # fmt: skip
    """One value, with the shape, dtype and device of `input`. Source: torch.full_like."""
    value = number("full_like", "fill_value", 2, fill_value)
    return _like("full_like", input, _fitting(value, dtype or input.dtype), dtype, device,
                 requires_grad, memory_format)  # fmt: skip


def _fitting(value, dtype):
    """A number as an integer dtype takes it; torch truncates."""
    if dtype.category == INTEGRAL and isinstance(value, float):
        if not math.isfinite(value):
            raise RuntimeError(f"value cannot be converted to type {dtype.name} without overflow")
        return int(value)
    return value


def _new(name, self, value, size, dtype, device, requires_grad):
    meta = self._meta
    device = meta.device if device is None else device
    return _filled(name, value, size, None, dtype or meta.dtype, device, requires_grad)


@composite(variants="m")
def new_zeros(self, *shape, size=None, dtype=None, device=None, requires_grad=False, layout=None,
              pin_memory=False):  # fmt: skip
    """Zeros with the dtype and device of this tensor. Source: torch.Tensor.new_zeros."""
    return _new("new_zeros", self, 0, _spread("new_zeros", shape, size), dtype, device, requires_grad)


@composite(variants="m")
def new_ones(self, *shape, size=None, dtype=None, device=None, requires_grad=False, layout=None,
             pin_memory=False):  # fmt: skip
    """Ones with the dtype and device of this tensor. Source: torch.Tensor.new_ones."""
    return _new("new_ones", self, 1, _spread("new_ones", shape, size), dtype, device, requires_grad)


@composite(variants="m")
def new_empty(self, *shape, size=None, dtype=None, device=None, requires_grad=False, layout=None,
              pin_memory=False):  # fmt: skip
    """Unfilled, with the dtype and device of this tensor. Source: torch.Tensor.new_empty."""
    return _new("new_empty", self, 0, _spread("new_empty", shape, size), dtype, device, requires_grad)


@composite(variants="m")
def new_full(self, size, fill_value, *, dtype=None, device=None, requires_grad=False, layout=None,
             pin_memory=False):  # fmt: skip
    """One value, with the dtype and device of this tensor. Source: torch.Tensor.new_full."""
    value = _fitting(number("new_full", "fill_value", 2, fill_value), dtype or self.dtype)
    return _new("new_full", self, value, (size,), dtype, device, requires_grad)


@composite(variants="m")
def new_empty_strided(self, size, stride, *, dtype=None, device=None, **options):
    """Unfilled, with these strides. Source: torch.Tensor.new_empty_strided."""
    return empty_strided(
        size, stride, dtype=dtype or self.dtype, device=device or self.device, **options
    )
