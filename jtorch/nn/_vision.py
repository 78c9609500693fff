"""Resizing and sampling of images, as torch.nn.functional has it."""

from jtorch.nn._resizing import interpolate, upsample, upsample_bilinear, upsample_nearest

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]
