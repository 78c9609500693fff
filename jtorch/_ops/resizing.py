"""Resizing of images: rows for each mode, dim by dim from the last one."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops import resampling
from jtorch._ops.detailed import detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.parameters import Ints
from jtorch._ops.product import HALF
from jtorch._ops.refusals import FLOAT_TYPES, HALF_TYPES, unsupported
from jtorch._tensor import Tensor

_AXES = {1: "W", 2: "HW", 3: "DHW"}
_BYTES = (_dtypes.uint8,)


def check_sizes(input, output_size):
    """torch's check of sizes; the batch may be empty."""
    count = len(output_size)
    sizes = tuple(input.shape[2:])
    if min(sizes) <= 0 or min(output_size) <= 0:
        texts = [
            ", ".join(f"{axis}: {size}" for axis, size in zip(_AXES[count], each, strict=True))
            for each in (sizes, output_size)
        ]
        joint = " and output" if count == 1 else " output"
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input ({texts[0]})"
            f"{joint} ({texts[1]})"
        )
    if not input.shape[1]:
        raise RuntimeError(
            f"Non-empty {count + 2}D data tensor expected but got a tensor with sizes "
            f"{list(input.shape)}"
        )


def _check(kernel, taken):
    def check(input, output_size):
        check_sizes(input, output_size)
        if input.dtype not in taken:
            raise unsupported(kernel(input, output_size), input.dtype)

    return check


def _kernel_of(mode, name):
    """torch has other kernels for small images, and for those with channels last."""

    def kernel(input, output_size):
        last = kept_format(input, (1,) * input.ndim) is not None and input.shape[1] > 3
        small = sum(output_size) <= 128 and name != "upsample_nearest3d"
        if len(output_size) > 1 and (last or small):
            return f"{name}_channels_last"
        return f"compute_indices_weights_{mode}"

    return kernel


def _result(input, output_size):
    return (*input.shape[:2], *output_size)


def _layout(input, result):
    return kept_format(input, result)


# Bodies


def _kind(dtype):
    return np.float64 if dtype == np.float64 else np.float32


def _resampled(array, dim, taps):
    """The elements along a dim that taps make; in the dtype of the array."""
    places, weights = taps
    if weights is None:
        return _picked(array, dim, places[:, 0])
    shape = [1] * array.ndim
    shape[dim] = len(places)
    parts = [
        _picked(array, dim, column) * jnp.asarray(weight.reshape(shape), array.dtype)
        for column, weight in zip(places.T, weights.T, strict=True)
    ]
    return functools.reduce(jnp.add, parts)


def _picked(array, dim, places):
    size, count = array.shape[dim], len(places)
    if count % size == 0 and (places == np.arange(count) // (count // size)).all():
        if count == size:
            return array
        shape = list(array.shape)  # each one several times: no search is faster than this
        shape.insert(dim + 1, count // size)
        repeated = jnp.broadcast_to(jnp.expand_dims(array, dim + 1), shape)
        return repeated.reshape(*shape[:dim], count, *shape[dim + 2 :])
    return jnp.take(array, places, axis=dim, mode="clip")


def _resized(input, output_size, scales, taps_of, align_corners):
    """`input` with the last dims made of taps: in float32 if it is of half precision."""
    wide = input.astype(np.float32) if input.dtype in HALF else input
    for dim in range(input.ndim - 1, 1, -1):
        factor = None if scales is None else scales[dim - 2]
        taps = taps_of(
            input.shape[dim], output_size[dim - 2], align_corners, factor, _kind(input.dtype)
        )
        wide = _resampled(wide, dim, taps)
    return wide.astype(input.dtype)


def _resized_bytes(input, output_size, scales, mode, align_corners, antialias):
    """The same for bytes, in integers, each dim rounded to bytes."""
    for dim in range(input.ndim - 1, 1, -1):
        size, count = input.shape[dim], output_size[dim - 2]
        if size == count and not antialias:
            continue
        factor = None if scales is None else scales[dim - 2]
        if mode == "bicubic" and not antialias:
            taps = resampling.cubic(size, count, align_corners, factor, np.float64)
            places, weights = resampling.merged(taps)
        else:
            places, weights = resampling.filtered(
                mode, size, count, align_corners, factor, np.float64, antialias
            )
        integers, bits = resampling.quantized(weights)
        shape = [1] * input.ndim
        shape[dim] = count
        total = 1 << (bits - 1)
        for column, weight in zip(places.T, integers.T, strict=True):
            part = jnp.take(input, column, axis=dim, mode="clip").astype(np.int32)
            total += part * jnp.asarray(weight.reshape(shape))
        input = jnp.clip(total >> bits, 0, 255).astype(np.uint8)
    return input


# Rows

_PLAIN = "(Tensor input, tuple of ints output_size, tuple of floats? scales = None)"
_ALIGNED = _PLAIN.replace("size, tuple", "size, bool align_corners, tuple")


def _nearest_row(count, exact):
    taps_of = resampling.nearest_exact if exact else resampling.nearest
    name = f"_upsample_nearest_exact{count}d" if exact else f"upsample_nearest{count}d"
    node = "NearestExact" if exact else "Nearest"
    # torch has one kernel for both, but the exact one's is not called so in one dim
    kernel = _kernel_of("nearest", name.strip("_"))

    @detailed(
        name=name,
        variants="",
        overloads=(_PLAIN,),
        check=_check(kernel, (*FLOAT_TYPES, *_BYTES)),
        shape=_result,
        dtype=lambda input: input.dtype,
        layout=_layout,
        gradient=f"Upsample{node}{count}DBackward0",
    )
    def row(input: Tensor, output_size: Ints, scales=None):
        return _resized(input, output_size, scales, taps_of, False)

    return row


nearest = {count: _nearest_row(count, False) for count in (1, 2, 3)}
nearest_exact = {count: _nearest_row(count, True) for count in (1, 2, 3)}


def _smooth_row(name, node, count, mode, kernel, taken):
    taps_of = resampling.cubic if mode == "bicubic" else resampling.linear

    @detailed(
        name=name,
        variants="",
        overloads=(_ALIGNED,),
        check=_check(kernel, taken),
        shape=_result,
        dtype=lambda input: input.dtype,
        layout=_layout,
        gradient=node,
    )
    def row(input: Tensor, output_size: Ints, align_corners: bool, scales=None):
        if input.dtype == np.uint8:
            return _resized_bytes(input, output_size, scales, mode, align_corners, False)
        return _resized(input, output_size, scales, taps_of, align_corners)

    return row


linear = _smooth_row(
    "upsample_linear1d", "UpsampleLinear1DBackward0", 1, "linear",
    _kernel_of("linear", "upsample_linear1d"), FLOAT_TYPES,
)  # fmt: skip
bilinear = _smooth_row(
    "upsample_bilinear2d", "UpsampleBilinear2DBackward0", 2, "bilinear",
    _kernel_of("linear", "upsample_bilinear2d"), (*FLOAT_TYPES, *_BYTES),
)  # fmt: skip
trilinear = _smooth_row(
    "upsample_trilinear3d", "UpsampleTrilinear3DBackward0", 3, "trilinear",
    _kernel_of("linear", "upsample_trilinear3d"), FLOAT_TYPES,
)  # fmt: skip
bicubic = _smooth_row(
    "upsample_bicubic2d", "UpsampleBicubic2DBackward0", 2, "bicubic",
    lambda input, output_size: "compute_indices_weights_cubic", (*FLOAT_TYPES, *_BYTES),
)  # fmt: skip


def _filter_row(mode):
    taken = [each for each in FLOAT_TYPES if each not in HALF_TYPES]
    taps_of = functools.partial(resampling.filtered, mode)

    @detailed(
        name=f"_upsample_{mode}2d_aa",
        variants="",
        overloads=(_ALIGNED,),
        check=_check(lambda input, output_size: "compute_index_ranges_weights", (*taken, *_BYTES)),
        shape=_result,
        dtype=lambda input: input.dtype,
        layout=_layout,
        gradient=f"Upsample{mode.capitalize()}2DAaBackward0",
    )
    def row(input: Tensor, output_size: Ints, align_corners: bool, scales=None):
        if input.dtype == np.uint8:
            return _resized_bytes(input, output_size, scales, mode, align_corners, True)
        return _resized(input, output_size, scales, taps_of, align_corners)

    return row


antialiased = {mode: _filter_row(mode) for mode in resampling.FILTERS}
