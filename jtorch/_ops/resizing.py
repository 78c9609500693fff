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
        factor = scales[dim - 2]
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
        factor = scales[dim - 2]
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


def _plain(resize, count):
    """`resize(input, output_size, scales)` as a body with torch's names for the scales."""

    def of_line(input: Tensor, output_size: Ints, scales=None):
        return resize(input, output_size, (scales,))

    def of_plane(input: Tensor, output_size: Ints, scales_h=None, scales_w=None):
        return resize(input, output_size, (scales_h, scales_w))

    def of_volume(input: Tensor, output_size: Ints, scales_d=None, scales_h=None, scales_w=None):
        return resize(input, output_size, (scales_d, scales_h, scales_w))

    return (of_line, of_plane, of_volume)[count - 1]


def _aligned(resize, count):
    """The same with `align_corners`, which `resize` gets last."""

    def of_line(input: Tensor, output_size: Ints, align_corners: bool, scales=None):
        return resize(input, output_size, (scales,), align_corners)

    def of_plane(
        input: Tensor, output_size: Ints, align_corners: bool, scales_h=None, scales_w=None
    ):
        return resize(input, output_size, (scales_h, scales_w), align_corners)

    def of_volume(
        input: Tensor, output_size: Ints, align_corners: bool, scales_d=None, scales_h=None,
        scales_w=None,
    ):  # fmt: skip
        return resize(input, output_size, (scales_d, scales_h, scales_w), align_corners)

    return (of_line, of_plane, of_volume)[count - 1]


_SCALES = {
    1: "float? scales = None",
    2: "float? scales_h = None, float? scales_w = None",
    3: "float? scales_d = None, float? scales_h = None, float? scales_w = None",
}


def _row(name, gradient, count, check, body, aligned):
    more = "bool align_corners, " if aligned else ""
    return detailed(
        name=name,
        variants="",
        overloads=(f"(Tensor input, tuple of ints output_size, {more}{_SCALES[count]})",),
        check=check,
        shape=_result,
        dtype=lambda input: input.dtype,
        layout=kept_format,
        gradient=gradient,
    )(body)


def _nearest_row(count, exact):
    taps_of = resampling.nearest_exact if exact else resampling.nearest
    name = f"_upsample_nearest_exact{count}d" if exact else f"upsample_nearest{count}d"
    kernel = _kernel_of("nearest", name.strip("_"))

    def resize(input, output_size, scales):
        return _resized(input, output_size, scales, taps_of, False)

    return _row(
        name,
        f"UpsampleNearest{'Exact' * exact}{count}DBackward0",
        count,
        _check(kernel, (*FLOAT_TYPES, *_BYTES)),
        _plain(resize, count),
        aligned=False,
    )


nearest = {count: _nearest_row(count, False) for count in (1, 2, 3)}
nearest_exact = {count: _nearest_row(count, True) for count in (1, 2, 3)}


def _smooth_row(mode, count, taken, kernel=None):
    taps_of = resampling.cubic if mode == "bicubic" else resampling.linear
    name = f"upsample_{mode}{count}d"

    def resize(input, output_size, scales, align_corners):
        if input.dtype == np.uint8:
            return _resized_bytes(input, output_size, scales, mode, align_corners, False)
        return _resized(input, output_size, scales, taps_of, align_corners)

    return _row(
        name,
        f"Upsample{mode.capitalize()}{count}DBackward0",
        count,
        _check(kernel or _kernel_of("linear", name), taken),
        _aligned(resize, count),
        aligned=True,
    )


linear = _smooth_row("linear", 1, FLOAT_TYPES)
bilinear = _smooth_row("bilinear", 2, (*FLOAT_TYPES, *_BYTES))
trilinear = _smooth_row("trilinear", 3, FLOAT_TYPES)
bicubic = _smooth_row(
    "bicubic", 2, (*FLOAT_TYPES, *_BYTES), lambda *_: "compute_indices_weights_cubic"
)


def _filter_row(mode):
    taken = [each for each in FLOAT_TYPES if each not in HALF_TYPES]
    taps_of = functools.partial(resampling.filtered, mode)

    def resize(input, output_size, scales, align_corners):
        if input.dtype == np.uint8:
            return _resized_bytes(input, output_size, scales, mode, align_corners, True)
        return _resized(input, output_size, scales, taps_of, align_corners)

    return _row(
        f"_upsample_{mode}2d_aa",
        f"Upsample{mode.capitalize()}2DAaBackward0",
        2,
        _check(lambda *_: "compute_index_ranges_weights", (*taken, *_BYTES)),
        _aligned(resize, 2),
        aligned=True,
    )


antialiased = {mode: _filter_row(mode) for mode in resampling.FILTERS}
