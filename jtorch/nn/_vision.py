"""Resizing and sampling of images, as torch.nn.functional has it."""

__all__ = []
