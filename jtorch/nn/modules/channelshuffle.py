"""The module that interleaves groups of channels."""

__all__ = []
