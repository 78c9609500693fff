"""Random tensors: PyTorch's own streams on the CPU, a counter-based generator elsewhere."""

import functools
import math

import numpy as np
from jax import numpy as jnp
from jax import random as jax_random

from jtorch import _dtypes
from jtorch._device import CPU, resolve
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import record
from jtorch._generator import batch_to_draw_for, generator_for
from jtorch._meta import Meta
from jtorch._ops.creation import (
    checked_dtype,
    finish,
    format_strides,
    refuse_other_out,
    sizes,
)
from jtorch._ops.families import composite
from jtorch._ops.names import node_name
from jtorch._ops.parameters import type_name
from jtorch._ops.rebase import assign, dense, refuse_in_place
from jtorch._random import integers, permutation
from jtorch._random import normal as normals
from jtorch._random import uniform as uniforms
from jtorch._shapes import assert_no_internal_overlap
from jtorch._tensor import Tensor, from_node


def host_tensor(array, meta):
    """A tensor of a private numpy array."""
    return from_node(leaf(array, meta.aval), meta)


# Filling a tensor that is there


def fill(tensor, generator, draw, keyed, parameters, name=None, operands=()):
    """Fill `tensor` in place: by `draw(engine, shape, contiguous)` on the CPU, else by `keyed`.

    `name` is that of the node, which follows from that of `keyed`; `operands` are the tensors that
    the numbers are drawn by.
    The CPU's stream runs through the elements in the order of their memory, as TensorIterator does.
    """
    refuse_in_place(tensor)
    meta = tensor._meta
    assert_no_internal_overlap(meta.shape, meta.stride)
    if meta.device.type == "meta":
        return tensor
    generator = generator_for(meta.device, generator, for_each=meta.device is CPU)
    name = name or node_name(keyed.__name__.removeprefix("_keyed_"))
    if operands and tensor._base is None:
        operands = (tensor, *operands)
    if meta.device is not CPU:
        made = from_node(_keyed_node(keyed, meta, generator, parameters), dense(meta))
        assign(tensor, made, name, operands)
        return tensor
    order = sorted(range(meta.ndim), key=lambda dim: -meta.stride[dim])
    shape = [meta.shape[dim] for dim in order]
    level = batch_to_draw_for()
    if level is not None:
        made = _for_each(level, functools.partial(draw, generator._engine), meta)
    else:
        array = draw(generator._engine, tuple(shape), meta.is_contiguous)
        array = np.ascontiguousarray(array.transpose(np.argsort(order))).reshape(meta.shape)
        made = host_tensor(array, dense(meta))
    assign(tensor, made, name, operands)
    return tensor


def _for_each(level, draw, meta):
    """A tensor inside `vmap` that stands for other numbers for each of the batch."""
    whole = Meta((level.batch_size, *meta.shape), meta.dtype, meta.device)
    numbers = leaf(np.ascontiguousarray(draw(tuple(whole.shape), True)), whole.aval)
    return from_node(level.placeholder(meta.aval, meta.device, numbers), dense(meta))


def _keyed_node(keyed, meta, generator, parameters):
    seed, offset = generator._engine.next_key()
    kernel = _keyed_kernel(keyed, meta.aval, len(parameters))
    return record(kernel, (seed, offset, *map(float, parameters)), meta.device)


@functools.cache
def _keyed_kernel(keyed, aval, count):
    def draw(seed, offset, *parameters):
        return keyed(key_of(seed, offset), aval.shape, *parameters).astype(aval.dtype)

    return Kernel(keyed.__name__, draw, ("i", "i", *"f" * count), aval)


def key_of(seed, offset):
    """JAX's key for a call: the two integers that `CounterEngine.next_key` gave."""
    halves = jnp.stack([seed >> 32, seed & 0xFFFFFFFF]).astype(np.uint32)
    return jax_random.fold_in(jax_random.wrap_key_data(halves), offset.astype(np.uint32))


def _keyed_uniform(key, shape, low, high):
    return low + (high - low) * jax_random.uniform(key, shape, np.float32)


def _keyed_normal(key, shape, mean, std):
    return mean + std * jax_random.normal(key, shape, np.float32)


def _keyed_integers(key, shape, low, high):
    return jax_random.randint(key, shape, low.astype(np.int64), high.astype(np.int64), np.int64)


@composite(variants="m")
def uniform_(self, from_=0.0, to=1.0, *, generator=None, **named):
    """Fill with numbers of [from, to).

    Errors:  RuntimeError where from > to; NotImplementedError for an integer dtype.
    Source:  torch.Tensor.uniform_.
    """
    low, high = float(named.pop("from", from_)), float(to)
    return fill(
        self,
        generator,
        lambda engine, shape, _: uniforms.uniform(engine, shape, self.dtype.numpy, low, high),
        _keyed_uniform,
        (low, high),
    )


@composite(variants="m")
def normal_(self, mean=0.0, std=1.0, *, generator=None):
    """Fill with normal numbers of this mean and deviation. Source: torch.Tensor.normal_."""
    mean, std = float(mean), float(std)
    return fill(
        self,
        generator,
        lambda engine, shape, contiguous: normals.normal(
            engine, shape, self.dtype.numpy, mean, std, contiguous
        ),
        _keyed_normal,
        (mean, std),
    )


@composite(variants="m")
def random_(self, from_=None, to=None, *, generator=None, **named):
    """Fill with integers: all of the dtype, [0, to), or [from, to). Source: torch.Tensor.random_."""
    low, high = named.pop("from", from_), to
    whole = low is None and high is None
    if high is None and low is not None and "from" not in named:
        low, high = 0, low

    def draw(engine, shape, _):
        if whole:
            return integers.random(engine, shape, self.dtype.numpy)
        return integers.random_between(engine, shape, self.dtype.numpy, low or 0, high)

    bounds = (low or 0, 2**24 if high is None else high)
    return fill(self, generator, draw, _keyed_integers, bounds)


# New tensors


def sized(name, size, out, dtype, device, default=None):
    """A tensor to be filled: its shape, dtype and device are those of the call, or of `out`."""
    shape = sizes(name, size)
    dtype = checked_dtype(name, dtype)
    if out is not None:
        refuse_other_out(out, dtype, device)
        dtype, device = dtype or out.dtype, device or out.device
    stride = None
    if out is not None and out.shape == shape:  # the numbers come in the order of its memory
        stride = format_strides("preserve_format", shape, out.stride())
    meta = Meta(shape, dtype or default or _dtypes.get_default_dtype(), resolve(device), stride)
    return from_node(None, meta)


def _size_of(name, shape, size):
    if size is None and not shape:
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got (), but expected one of:\n"
            " * (tuple of ints size, ...)"
        )
    return shape if size is None else (size,)


def empty_like(name, input, dtype, device, memory_format):
    """A tensor to be filled, laid out like `input`."""
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}"
        )
    meta = input._meta
    stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    device = meta.device if device is None else resolve(device)
    return from_node(None, Meta(meta.shape, dtype or meta.dtype, device, stride))


@composite(variants="f")
def rand(*shape, size=None, generator=None, out=None, dtype=None, layout=None, device=None,
         requires_grad=False, pin_memory=False):  # fmt: skip
    """Uniform numbers of [0, 1). Shape: `size`. Source: torch.rand."""
    made = sized("rand", _size_of("rand", shape, size), out, dtype, device)
    return finish(uniform_(made, generator=generator), requires_grad, out)


@composite(variants="f")
def randn(*shape, size=None, generator=None, out=None, dtype=None, layout=None, device=None,
          requires_grad=False, pin_memory=False):  # fmt: skip
    """Normal numbers of mean 0 and deviation 1. Shape: `size`. Source: torch.randn."""
    made = sized("randn", _size_of("randn", shape, size), out, dtype, device)
    return finish(normal_(made, generator=generator), requires_grad, out)


@composite(variants="f")
def rand_like(input, *, dtype=None, layout=None, device=None, requires_grad=False,
              memory_format=None, generator=None, pin_memory=False):  # fmt: skip
    """Uniform numbers of [0, 1), shaped like `input`. Source: torch.rand_like."""
    made = empty_like("rand_like", input, dtype, device, memory_format)
    return finish(uniform_(made, generator=generator), requires_grad)


@composite(variants="f")
def randn_like(input, *, dtype=None, layout=None, device=None, requires_grad=False,
               memory_format=None, generator=None, pin_memory=False):  # fmt: skip
    """Standard normal numbers, shaped like `input`. Source: torch.randn_like."""
    made = empty_like("randn_like", input, dtype, device, memory_format)
    return finish(normal_(made, generator=generator), requires_grad)


@composite(variants="f")
def randint(*arguments, low=0, high=None, size=None, generator=None, out=None, dtype=None,
            layout=None, device=None, requires_grad=False, pin_memory=False):  # fmt: skip
    """Integers of [low, high): `randint(high, size)`, `randint(low, high, size)`.

    Shape:   `size`.
    Dtype:   int64, or `dtype`.
    Errors:  RuntimeError where low >= high, or the dtype does not hold them.
    Source:  torch.randint.
    """
    low, high, size = _bounds(arguments, low, high, size)
    if not isinstance(size, (tuple, list)):
        position = len(arguments)
        raise TypeError(
            f"randint(): argument 'size' (position {position}) must be tuple of ints, "
            f"not {type_name(size)}"
        )
    made = sized("randint", (size,), out, dtype, device, _dtypes.int64)
    return finish(random_(made, low, high, generator=generator), requires_grad, out)


def _bounds(arguments, low, high, size):
    arguments = list(arguments)
    if size is None and arguments:
        size = arguments.pop()
        if not arguments and high is None:
            raise TypeError(
                f"randint() received an invalid combination of arguments - got ({type_name(size)}), "
                "but expected one of:\n * (int high, tuple of ints size, ...)\n"
                " * (int low, int high, tuple of ints size, ...)"
            )
    if len(arguments) == 2:
        low, high = arguments
    elif arguments:
        low, high = (low, arguments[0]) if high is None else (arguments[0], high)
    return *_in_int64(low, high), size


def _in_int64(*bounds):
    bounds = [int(each) for each in bounds]
    if not all(-(2**63) <= each < 2**63 for each in bounds):
        raise ValueError("Overflow when unpacking long long")
    return bounds


@composite(variants="f")
def randint_like(input, *arguments, low=0, high=None, dtype=None, layout=None, device=None,
                 requires_grad=False, memory_format=None, generator=None):  # fmt: skip
    """Integers of [low, high), shaped like `input`. Source: torch.randint_like."""
    if len(arguments) == 2:
        low, high = arguments
    elif arguments:
        low, high = (low, arguments[0]) if high is None else (arguments[0], high)
    made = empty_like("randint_like", input, dtype, device, memory_format)
    low, high = _in_int64(low, high)
    return finish(random_(made, low, high, generator=generator), requires_grad)


@composite(variants="f")
def randperm(n, *, generator=None, out=None, dtype=None, layout=None, device=None,
             requires_grad=False, pin_memory=False):  # fmt: skip
    """The integers 0 to n - 1 in random order. Dtype: int64, or `dtype`. Source: torch.randperm."""
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    dtype = checked_dtype("randperm", dtype) or (out.dtype if out is not None else _dtypes.int64)
    device = resolve(device)
    meta = Meta((n,), dtype, device)
    source = generator_for(device, generator)
    if device is CPU:
        array = permutation.permutation(source._engine, n, dtype.numpy)
        return finish(host_tensor(array, meta), requires_grad, out)
    node = _keyed_node(_keyed_permutation, meta, source, ())
    return finish(from_node(node, meta), requires_grad, out)


def _keyed_permutation(key, shape):
    return jax_random.permutation(key, math.prod(shape))
