"""Rearrangements of channels: into pixels and back, and among groups."""

from jtorch._ops.detailed import detailed
from jtorch._ops.names import missing
from jtorch._shapes import channels_last_strides, suggested_format
from jtorch._tensor import Tensor


def _same_format(input, result):
    is_last = suggested_format(input.shape, input.stride()) == "channels_last"
    return channels_last_strides(result) if is_last else None


def _require_image(name, input):
    if input.ndim < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {input.ndim} "
            "dimension(s)"
        )


def _check_shuffle(input, upscale_factor):
    _require_image("pixel_shuffle", input)
    if upscale_factor <= 0:
        raise RuntimeError(
            f"pixel_shuffle expects a positive upscale_factor, but got {upscale_factor}"
        )
    if input.shape[-3] % upscale_factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
            f"upscale_factor, but input.size(-3)={input.shape[-3]} is not divisible by "
            f"{upscale_factor**2}"
        )


def _shuffled(input, upscale_factor):
    *front, channels, height, width = input.shape
    times = upscale_factor
    return (*front, channels // times**2, height * times, width * times)


@detailed(
    variants="f",
    check=_check_shuffle,
    shape=_shuffled,
    dtype=lambda input: input.dtype,
    layout=_same_format,
)
def pixel_shuffle(input: Tensor, upscale_factor: int):
    """Squares of pixels from channels.

    Shape:   (..., C * r * r, H, W) -> (..., C, H * r, W * r), r the factor.
    Errors:  RuntimeError if the channels are not divisible by r * r.
    Source:  torch.nn.functional.pixel_shuffle.
    """
    *front, channels, height, width = input.shape
    r, n = upscale_factor, len(front)
    parts = input.reshape(*front, channels // r**2, r, r, height, width)
    turned = parts.transpose(*range(n + 1), n + 3, n + 1, n + 4, n + 2)
    return turned.reshape(_shuffled(input, r))


def _check_unshuffle(input, downscale_factor):
    _require_image("pixel_unshuffle", input)
    if downscale_factor <= 0:
        raise RuntimeError(
            f"pixel_unshuffle expects a positive downscale_factor, but got {downscale_factor}"
        )
    for name, place in (("height", -2), ("width", -1)):
        if input.shape[place] % downscale_factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                f"input.size({place})={input.shape[place]} is not divisible by {downscale_factor}"
            )


def _unshuffled(input, downscale_factor):
    if 0 in input.shape:
        return input.shape  # torch copies what has no elements as it is
    *front, channels, height, width = input.shape
    times = downscale_factor
    return (*front, channels * times**2, height // times, width // times)


@detailed(
    variants="f",
    check=_check_unshuffle,
    shape=_unshuffled,
    dtype=lambda input: input.dtype,
    layout=_same_format,
)
def pixel_unshuffle(input: Tensor, downscale_factor: int):
    """Channels from squares of pixels: what undoes `pixel_shuffle`.

    Shape:   (..., C, H * r, W * r) -> (..., C * r * r, H, W), r the factor.
    Errors:  RuntimeError if height or width is not divisible by r.
    Source:  torch.nn.functional.pixel_unshuffle.
    """
    if 0 in input.shape:
        return input
    *front, channels, height, width = input.shape
    r, n = downscale_factor, len(front)
    parts = input.reshape(*front, channels, height // r, r, width // r, r)
    turned = parts.transpose(*range(n + 1), n + 2, n + 4, n + 1, n + 3)
    return turned.reshape(_unshuffled(input, r))


def _check_channels(input, groups):
    if input.ndim < 3:
        raise RuntimeError(
            f"channel_shuffle expects input with > 2 dims, but got input with sizes "
            f"{list(input.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(
            f"Number of groups to divide channels in must be positive. Value of groups:{groups}"
        )
    if input.shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {input.shape[1]} channels and "
            f"{groups} groups."
        )


def _interleaved(input, groups):
    shape = input.shape
    parts = input.reshape(shape[0], groups, shape[1] // groups, *shape[2:])
    return parts.swapaxes(1, 2).reshape(shape)


_FIELDS = {
    "variants": "f",
    "check": _check_channels,
    "shape": lambda input: input.shape,
    "dtype": lambda input: input.dtype,
    "layout": _same_format,
}


@detailed(**_FIELDS)
def channel_shuffle(input: Tensor, groups: int):
    """The channels of all groups in turn: the first of each, the second of each, ...

    Shape:   (N, C, *size) -> the same.
    Errors:  RuntimeError if the channels are not divisible by `groups`.
    Source:  torch.nn.functional.channel_shuffle.
    """
    return _interleaved(input, groups)


@detailed(gradient=missing("native_channel_shuffle"), **_FIELDS)
def native_channel_shuffle(input: Tensor, groups: int):
    """`channel_shuffle`, without gradients. Source: torch.native_channel_shuffle."""
    return _interleaved(input, groups)
