"""Fractional max pooling: windows at random distances, as many as the result is to have."""

import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.parameters import Index, Ints
from jtorch._ops.pooling import SIZES_ROWS, per_dim
from jtorch._ops.product import HALF
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._tensor import Tensor

_NO_FLOATS = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)
_WORDS = {
    2: ("tuple of Ints", "fractional_max_pool2d()", ("height", "width")),
    3: ("tuple of three Ints", "fractional_max_pool3d_out()", ("time", "height", "width")),
}


def _check(count):
    tuples, name, axes = _WORDS[count]
    refuse = refuses(f"fractional_max_pool{count}d_out_frame", *_NO_FLOATS)

    def check(input, kernel_size, output_size, samples):
        given = {"kernel_size": kernel_size, "output_size": output_size}
        for what, sizes in given.items():
            if len(sizes) not in (1, count):
                raise RuntimeError(
                    f"fractional_max_pool{count}d: {what} must either be a single Int or {tuples}"
                )
        kernel, output = per_dim(kernel_size, count), per_dim(output_size, count)
        if input.ndim not in (count + 1, count + 2):
            raise RuntimeError(
                f"{name}: Expected {count + 1}D or {count + 2}D tensor, but got: "
                f"{list(input.shape)}"
            )
        for dim in range(input.ndim - count - 1, input.ndim):
            if not input.shape[dim]:
                raise RuntimeError(
                    f"{name}: Expected input to have non-zero size for non-batch dimensions, but "
                    f"got{list(input.shape)} with dimension {dim} being empty."
                )
        for axis, pool, size, wanted in zip(
            axes, kernel, input.shape[-count:], output, strict=True
        ):
            if wanted + pool - 1 > size - (count == 3):  # so it is in torch
                raise RuntimeError(
                    f"{name}: pool {axis} {pool} too large relative to input {axis} {size}"
                )
        if min(output) < 0:
            shape = [*input.shape[:-count], *output]
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {min(output)}: {shape}"
            )
        _check_samples(input, samples, count)
        refuse(input)

    return check


def _check_samples(input, samples, count):
    if samples.dtype is not input.dtype:
        raise RuntimeError("Expect _random_samples to have the same dtype as input")
    if samples.ndim != 3:
        raise RuntimeError(f"Expect _random_samples to have 3 dimensions, got {samples.ndim}")
    batch = input.shape[0] if input.ndim == count + 2 else 1
    if samples.shape[0] < batch:
        raise RuntimeError("Expect _random_samples.size(0) no less then input batch size.")
    if samples.shape[1] != input.shape[-count - 1]:
        raise RuntimeError("Expect _random_samples.size(1) equals to input channel size.")
    if samples.shape[2] != count:
        raise RuntimeError(
            f"Expect _random_samples.size(2) equals to {count}; got {samples.shape[2]}."
        )


def _starts(sample, size, count, pool):
    """(..., count): where windows start, a step of `alpha` apart but for the random sample.

    Every operation is rounded to the dtype of the sample, as torch's are.
    """
    if count > 1:
        alpha = _rounded(_rounded(size - pool, sample.dtype) / (count - 1), sample.dtype)
        numbers = jnp.arange(count - 1)
        moved = _rounded(_wide(sample)[..., None] + numbers, sample.dtype)
        ends = [
            _rounded(each * alpha, sample.dtype).astype(np.int32)
            for each in (moved, _wide(sample)[..., None])
        ]
        starts = ends[0] - ends[1]
    else:
        starts = jnp.zeros((*sample.shape, 0), np.int32)
    last = jnp.full((*sample.shape, 1), size - pool, np.int32)
    return jnp.concatenate([starts, last], axis=-1) if count else starts


def _wide(array):
    return array.astype(np.float32) if array.dtype in HALF else array


def _rounded(value, dtype):
    """In the wider dtype, what is left of a value when it is rounded to `dtype`."""
    if dtype not in HALF:
        return jnp.asarray(value, dtype)
    info = jnp.finfo(dtype)
    return lax.reduce_precision(jnp.asarray(value, np.float32), info.nexp, info.nmant)


def _places(starts, kernel, sizes):
    """For each place in the kernel, the places in the plane that the windows have there."""
    count = len(sizes)
    for offsets in np.ndindex(*kernel):
        total = 0
        for dim, (start, offset) in enumerate(zip(starts, offsets, strict=True)):
            shape = [*start.shape[:-1], *([1] * count)]
            shape[len(start.shape) - 1 + dim] = start.shape[-1]
            total = total * sizes[dim] + (start + offset).reshape(shape)
        yield total.reshape(*total.shape[: total.ndim - count], -1)


def _pooled(count):
    # torch's samples are of (width, height), but of (time, height, width)
    order = (1, 0) if count == 2 else (0, 1, 2)

    def body(input: Tensor, kernel_size: Ints, output_size: Ints, samples: Index):
        kernel, output = per_dim(kernel_size, count), per_dim(output_size, count)
        outer, sizes = input.shape[: input.ndim - count], input.shape[input.ndim - count :]
        if input.ndim == count + 1:
            samples = samples[0]
        else:
            samples = samples[: outer[0]]
        shape = (*outer, *output)
        if 0 in shape:
            return jnp.zeros(shape, input.dtype), jnp.zeros(shape, np.int64)
        starts = [
            _starts(samples[..., place], size, wanted, pool)
            for place, size, wanted, pool in zip(order, sizes, output, kernel, strict=True)
        ]
        flat = input.reshape(*outer, math.prod(sizes))
        still = lax.stop_gradient(flat)
        best = where = None
        for places in _places(starts, kernel, sizes):
            value = _at(still, places)
            if best is None:
                best, where = value, places
                continue
            better = (value > best) | (value != value)
            best, where = jnp.where(better, value, best), jnp.where(better, places, where)
        return _at(flat, where).reshape(shape), where.reshape(shape).astype(np.int64)

    return body


def _at(flat, places):
    return jnp.take_along_axis(flat, places, -1, mode="promise_in_bounds")


def _row(count):
    return detailed(
        name=f"fractional_max_pool{count}d",
        row=SIZES_ROWS[count],
        variants="",
        check=_check(count),
        gradient=f"FractionalMaxPool{count}DBackward0",
    )(_pooled(count))


fractional_max_pool2d = _row(2)
fractional_max_pool3d = _row(3)
