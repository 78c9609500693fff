"""Recurrent modules."""

__all__ = []
