"""Sliding blocks of images, and images of sliding blocks: what torch calls im2col and col2im."""

import math

from jax import numpy as jnp

from jtorch._ops.convolution_geometry import Geometry, output_size
from jtorch._ops.detailed import detailed
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints
from jtorch._ops.product import HALF
from jtorch._ops.refusals import FLOAT8_TYPES, INTEGER_TYPES, unsupported
from jtorch._tensor import Tensor

_REFUSED = (*INTEGER_TYPES, *FLOAT8_TYPES)


def _counts(size, kernel_size, dilation, padding, stride):
    """How many blocks there are along each dim."""
    return tuple(map(output_size, size, kernel_size, stride, padding, dilation))


def _geometry(size, kernel_size, dilation, padding, stride):
    counts = _counts(size, kernel_size, dilation, padding, stride)
    return Geometry(size, kernel_size, counts, stride, padding, dilation, 1)


def _check_pairs(**pairs):
    for name, given in pairs.items():
        if len(given) != 2:
            raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(given)}")


def _check_settings(kernel_size, dilation, padding, stride):
    for given, name, short in (
        (kernel_size, "kernel size", "kernel"), (dilation, "dilation", "dilation"),
    ):  # fmt: skip
        if min(given) <= 0:
            raise RuntimeError(
                f"{name} should be greater than zero, but got {_sides(short, given)}"
            )
    if min(padding) < 0:
        raise RuntimeError(f"padding should be non-negative, but got {_sides('pad', padding)}")
    if min(stride) <= 0:
        raise RuntimeError(
            f"stride should be greater than zero, but got {_sides('stride', stride)}"
        )


def _sides(name, values):
    return f"{name}_height: {values[0]} {name}_width: {values[1]}"


def _check_im2col(input, kernel_size, dilation, padding, stride):
    _check_pairs(kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride)
    _check_settings(kernel_size, dilation, padding, stride)
    shape = input.shape
    if input.ndim not in (3, 4):
        input.size(2)  # so torch finds it
    if input.ndim not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )
    counts = _counts(shape[-2:], kernel_size, dilation, padding, stride)
    if min(counts) < 1:
        raise RuntimeError(
            f"Given input with spatial size {tuple(shape[-2:])}, kernel_size={kernel_size}, "
            f"dilation={dilation}, padding={padding}, calculated shape of the array of sliding "
            f"blocks as {counts}, but its components must be at least one."
        )
    if input.dtype in _REFUSED:
        raise unsupported("im2col_out_cpu", input.dtype)


def _im2col_shape(input, kernel_size, dilation, padding, stride):
    counts = _counts(input.shape[-2:], kernel_size, dilation, padding, stride)
    rows = input.shape[-3] * math.prod(kernel_size)
    return (*input.shape[:-3], rows, math.prod(counts))


@detailed(
    variants="",
    gradient="Im2ColBackward0",
    check=_check_im2col,
    shape=_im2col_shape,
    dtype=lambda input: input.dtype,
)
def im2col(input: Tensor, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints):
    """The blocks of an image, as columns."""
    geometry = _geometry(input.shape[-2:], kernel_size, dilation, padding, stride)
    padded = geometry.padded(input)
    blocks = jnp.stack([geometry.window(padded, tap) for tap in geometry.taps], -3)
    return blocks.reshape(_im2col_shape(input, kernel_size, dilation, padding, stride))


def _check_col2im(input, output_size, kernel_size, dilation, padding, stride):
    _check_pairs(
        output_size=output_size, kernel_size=kernel_size, dilation=dilation, padding=padding,
        stride=stride,
    )  # fmt: skip
    _check_settings(kernel_size, dilation, padding, stride)
    shape = input.shape
    if input.ndim not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(shape)}"
        )
    place = input.ndim - 2
    if shape[place] % math.prod(kernel_size):
        raise RuntimeError(
            f"Expected size of input's dimension {place} to be divisible by the product of "
            f"kernel_size, but got input.size({place})={shape[place]} and kernel_size={kernel_size}."
        )
    counts = _counts(output_size, kernel_size, dilation, padding, stride)
    wanted = math.prod(counts)
    given = (
        f"Given output_size={output_size}, kernel_size={kernel_size}, dilation={dilation}, "
        f"padding={padding}, stride={stride}, expected"
    )
    if shape[-1] != wanted:
        raise RuntimeError(
            f"{given} size of input's dimension {place + 1} to match the calculated number of "
            f"sliding blocks {counts[0]} * {counts[1]} = {wanted}, but got "
            f"input.size({place + 1})={shape[-1]}."
        )
    if min(counts) < 1:
        raise RuntimeError(f"{given} at least one sliding block")
    if input.dtype in _REFUSED:
        raise unsupported("col2im_out_cpu", input.dtype)


def _col2im_shape(input, output_size, kernel_size):
    channels = input.shape[-2] // math.prod(kernel_size)
    return (*input.shape[:-2], channels, *output_size)


@detailed(
    variants="",
    gradient="Col2ImBackward0",
    check=_check_col2im,
    shape=_col2im_shape,
    dtype=lambda input: input.dtype,
)
def col2im(
    input: Tensor, output_size: Ints, kernel_size: Ints, dilation: Ints, padding: Ints, stride: Ints
):
    """The image whose places are the sums of what columns, as blocks, have there."""
    geometry = _geometry(output_size, kernel_size, dilation, padding, stride)
    *front, channels, _, _ = _col2im_shape(input, output_size, kernel_size)
    is_mask = input.dtype == jnp.bool_
    wide = input.astype(
        jnp.int32 if is_mask else jnp.float32 if input.dtype in HALF else input.dtype
    )
    taps = list(geometry.taps)
    blocks = wide.reshape(*front, channels, len(taps), *geometry.output)
    total = sum(geometry.placed(blocks[..., i, :, :], tap) for i, tap in enumerate(taps))
    return geometry.unpadded(total).astype(input.dtype)


_LISTS = ("kernel_size", "dilation", "padding", "stride")
_TEXT = ", ".join(f"tuple of ints {name}" for name in _LISTS)


@offered(f"(Tensor input, {_TEXT})")
def _im2col(input, kernel_size, dilation, padding, stride):
    require_tensors(input)
    return im2col(input, kernel_size, dilation, padding, stride)


@offered(f"(Tensor input, tuple of ints output_size, {_TEXT})")
def _col2im(input, output_size, kernel_size, dilation, padding, stride):
    require_tensors(input)
    return col2im(input, output_size, kernel_size, dilation, padding, stride)


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """The sliding blocks of images, as columns.

    Shape:   (N, C, H, W) or (C, H, W) -> (N, C * taps, blocks).
    Errors:  RuntimeError if there is no block, or settings do not fit.
    Source:  torch.nn.functional.unfold.
    """
    return _im2col(input, *map(_pair, (kernel_size, dilation, padding, stride)))


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Images from sliding blocks, which are added where they overlap.

    Shape:   (N, C * taps, blocks) or without N -> (N, C, *output_size).
    Errors:  RuntimeError if the blocks do not fit the size.
    Source:  torch.nn.functional.fold.
    """
    pairs = map(_pair, (output_size, kernel_size, dilation, padding, stride))
    return _col2im(input, *pairs)


def _pair(value):
    return tuple(value) if hasattr(value, "__iter__") else (value, value)
