"""The softmax whose classes are in clusters by frequency."""

__all__ = []
