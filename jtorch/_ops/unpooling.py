"""Max unpooling: elements put where their places in the plane say, and 0 elsewhere."""

import math

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.parameters import Index, Ints
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._tensor import Tensor

_NO_FLOATS = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)
_SIZES = {2: "two elements (height, width)", 3: "three elements (depth, height, width)"}


def _check(count):
    refuse = refuses(f"max_unpool{count}d", *_NO_FLOATS)

    def check(input, indices, output_size):
        if indices.dtype.name != "int64":
            came = f" but got: {indices.dtype.scalar_name}" if count == 2 else ""
            raise RuntimeError(f"elements in indices should be type int64{came}")
        if count == 2:
            _check_count(output_size, count)
        if input.ndim not in (count + 1, count + 2):
            raise RuntimeError(
                f"Input to max_unpooling{count}d should be a {count + 1}d or {count + 2}d Tensor, "
                f"but got a tensor with {input.ndim} dimensions."
            )
        if count == 3:
            _check_count(output_size, count)
        if input.shape != indices.shape:
            raise RuntimeError(
                "Expected shape of indices to be same as that of the input tensor "
                f"({list(input.shape)}) but got indices tensor with shape: {list(indices.shape)}"
            )
        for dim in range(1, input.ndim):
            if not input.shape[dim]:
                raise RuntimeError(
                    f"max_unpooling{count}d_forward_out_cpu(): Expected input to have non-zero "
                    f"size for non-batch dimensions, but got {list(input.shape)} with dimension "
                    f"{dim} being empty."
                )
        refuse(input)

    return check


def _check_count(output_size, count):
    if len(output_size) != count:
        raise RuntimeError(
            f"There should be exactly {_SIZES[count]} in output_size, but got "
            f"{len(output_size)} elements."
        )


def _check_volumes(input, indices, output_size, stride, padding):
    _check(3)(input, indices, output_size)
    if min(stride) <= 0:
        raise RuntimeError(f"strides should be greater than zero, but got stride: {list(stride)}")


def _failure(output_size):
    """A code is the first place that is outside, plus 1 unless it is negative."""
    sizes = "x".join(map(str, output_size))

    def error(code):
        return RuntimeError(
            f"Found an invalid max index: {code - (code > 0)} (output volumes are of size {sizes})"
        )

    return error


@jax.custom_jvp
def _put(values, places, empty):
    """Rows of values at the places in rows of zeros; what comes last stays."""
    rows = jnp.arange(values.shape[0])[:, None]
    return empty.at[rows, places].set(values, mode="drop")


@_put.defjvp
def _step_of_put(arrays, steps):
    values, places, empty = arrays
    rows = jnp.arange(values.shape[0])[:, None]
    # each value gets the gradient of its place, even if another one stands there
    return _put(*arrays), empty.at[rows, places].add(steps[0], mode="drop")


def _unpooled(input, indices, output_size):
    count = len(output_size)
    outer = input.shape[: input.ndim - count]
    planes, size = math.prod(outer), math.prod(output_size)
    length = math.prod(input.shape[len(outer) :])
    places = indices.reshape(planes, length)
    outside = (places < 0) | (places >= size)
    flat = outside.reshape(-1)
    code = jnp.zeros((), np.int64)
    if flat.size:
        first = places.reshape(-1)[jnp.argmax(flat)]
        code = jnp.where(jnp.any(flat), jnp.where(first < 0, first, first + 1), 0)
    empty = jnp.zeros((planes, size), input.dtype)
    inside = jnp.where(outside, size, places)
    found = _put(input.reshape(planes, length), inside, empty)
    return found.reshape(*outer, *output_size), code


@detailed(
    name="max_unpool2d",
    variants="",
    check=_check(2),
    failure=_failure,
    shape=lambda input, output_size: (*input.shape[:-2], *output_size),
    dtype=lambda input: input.dtype,
    layout=kept_format,
    gradient="MaxUnpool2DBackward0",
)
def max_unpool2d(input: Tensor, indices: Index, output_size: Ints):
    """`input` put at its places in planes of 0. Source: torch.nn.functional.max_unpool2d."""
    return _unpooled(input, indices, output_size)


@detailed(
    name="max_unpool3d",
    variants="",
    check=_check_volumes,
    failure=_failure,
    shape=lambda input, output_size: (*input.shape[:-3], *output_size),
    dtype=lambda input: input.dtype,
    gradient="MaxUnpool3DBackward0",
)
def max_unpool3d(input: Tensor, indices: Index, output_size: Ints, stride: Ints, padding: Ints):
    """`input` put at its places in volumes of 0. Source: torch.nn.functional.max_unpool3d."""
    return _unpooled(input, indices, output_size)
