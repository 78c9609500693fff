"""Modules between channels and squares of pixels."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module

__all__ = ["PixelShuffle", "PixelUnshuffle"]


class PixelShuffle(Module):
    """Squares of pixels from channels.

    Shape:   (..., C * r * r, H, W) -> (..., C, H * r, W * r), r the factor.
    Source:  torch.nn.PixelShuffle.
    """

    __constants__ = ["upscale_factor"]
    upscale_factor: int

    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input):
        return functional.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self):
        return f"upscale_factor={self.upscale_factor}"


class PixelUnshuffle(Module):
    """Channels from squares of pixels.

    Shape:   (..., C, H * r, W * r) -> (..., C * r * r, H, W), r the factor.
    Source:  torch.nn.PixelUnshuffle.
    """

    __constants__ = ["downscale_factor"]
    downscale_factor: int

    def __init__(self, downscale_factor):
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input):
        return functional.pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self):
        return f"downscale_factor={self.downscale_factor}"
