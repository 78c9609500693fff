"""Norms of layers, groups and neighbouring channels."""

__all__ = []
