"""Convolutions: modules with weights that slide over their input."""

from jtorch._alias import house
from jtorch.nn.modules._convolutions import (
    _ConvNd,  # noqa: F401 - where torch has it
    _Convolution,
    _ConvTransposeNd,  # noqa: F401 - where torch has it
    _LazyConvolution,
    _LazyConvXdMixin,  # noqa: F401 - where torch has it
    _LazyTransposedConvolution,
    _TransposedConvolution,
    own_init,
)

__all__ = [
    "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
    "LazyConv1d", "LazyConv2d", "LazyConv3d", "LazyConvTranspose1d", "LazyConvTranspose2d",
    "LazyConvTranspose3d",
]  # fmt: skip

house(__name__, ("_ConvNd", "_ConvTransposeNd", "_LazyConvXdMixin"))


@own_init
class Conv1d(_Convolution):
    """A convolution of sequences, with a bias for each channel.

    Shape:   (N, in_channels, L) or without N -> (N, out_channels, ...).
    Attributes: weight (out_channels, in_channels / groups, *kernel_size), bias (out_channels) or
             None; both uniform within 1 / sqrt(in_channels / groups * taps of the kernel).
    Errors:  ValueError for settings that do not fit.
    Source:  torch.nn.Conv1d.
    """

    _dims = 1


@own_init
class Conv2d(_Convolution):
    """A convolution of images, with a bias for each channel.

    Shape:   (N, in_channels, H, W) or without N -> (N, out_channels, ...).
    Attributes: weight (out_channels, in_channels / groups, *kernel_size), bias (out_channels) or
             None; both uniform within 1 / sqrt(in_channels / groups * taps of the kernel).
    Errors:  ValueError for settings that do not fit.
    Source:  torch.nn.Conv2d.
    """

    _dims = 2


@own_init
class Conv3d(_Convolution):
    """A convolution of volumes, with a bias for each channel.

    Shape:   (N, in_channels, D, H, W) or without N -> (N, out_channels, ...).
    Attributes: weight (out_channels, in_channels / groups, *kernel_size), bias (out_channels) or
             None; both uniform within 1 / sqrt(in_channels / groups * taps of the kernel).
    Errors:  ValueError for settings that do not fit.
    Source:  torch.nn.Conv3d.
    """

    _dims = 3


@own_init
class ConvTranspose1d(_TransposedConvolution):
    """The transpose of a convolution of sequences, with a bias for each channel.

    Shape:   (N, in_channels, L) or without N -> (N, out_channels, ...).
    Attributes: weight (in_channels, out_channels / groups, *kernel_size), bias (out_channels) or None.
    Errors:  ValueError for settings that do not fit, or an `output_size` that cannot be had.
    Source:  torch.nn.ConvTranspose1d.
    """

    _dims = 1


@own_init
class ConvTranspose2d(_TransposedConvolution):
    """The transpose of a convolution of images, with a bias for each channel.

    Shape:   (N, in_channels, H, W) or without N -> (N, out_channels, ...).
    Attributes: weight (in_channels, out_channels / groups, *kernel_size), bias (out_channels) or None.
    Errors:  ValueError for settings that do not fit, or an `output_size` that cannot be had.
    Source:  torch.nn.ConvTranspose2d.
    """

    _dims = 2


@own_init
class ConvTranspose3d(_TransposedConvolution):
    """The transpose of a convolution of volumes, with a bias for each channel.

    Shape:   (N, in_channels, D, H, W) or without N -> (N, out_channels, ...).
    Attributes: weight (in_channels, out_channels / groups, *kernel_size), bias (out_channels) or None.
    Errors:  ValueError for settings that do not fit, or an `output_size` that cannot be had.
    Source:  torch.nn.ConvTranspose3d.
    """

    _dims = 3


@own_init
class LazyConv1d(_LazyConvolution, Conv1d):
    """`Conv1d` with `in_channels` learned from the first input. Source: torch.nn.LazyConv1d."""

    cls_to_become = Conv1d


@own_init
class LazyConv2d(_LazyConvolution, Conv2d):
    """`Conv2d` with `in_channels` learned from the first input. Source: torch.nn.LazyConv2d."""

    cls_to_become = Conv2d


@own_init
class LazyConv3d(_LazyConvolution, Conv3d):
    """`Conv3d` with `in_channels` learned from the first input. Source: torch.nn.LazyConv3d."""

    cls_to_become = Conv3d


@own_init
class LazyConvTranspose1d(_LazyTransposedConvolution, ConvTranspose1d):
    """`ConvTranspose1d` with `in_channels` learned from the first input.

    Source:  torch.nn.LazyConvTranspose1d.
    """

    cls_to_become = ConvTranspose1d


@own_init
class LazyConvTranspose2d(_LazyTransposedConvolution, ConvTranspose2d):
    """`ConvTranspose2d` with `in_channels` learned from the first input.

    Source:  torch.nn.LazyConvTranspose2d.
    """

    cls_to_become = ConvTranspose2d


@own_init
class LazyConvTranspose3d(_LazyTransposedConvolution, ConvTranspose3d):
    """`ConvTranspose3d` with `in_channels` learned from the first input.

    Source:  torch.nn.LazyConvTranspose3d.
    """

    cls_to_become = ConvTranspose3d
