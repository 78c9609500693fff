"""Poolings: modules that take one value from each window."""

__all__ = []
