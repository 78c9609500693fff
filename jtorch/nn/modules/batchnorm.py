"""Batch norms: modules that keep running statistics."""

__all__ = []
