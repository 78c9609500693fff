"""The transformer and its layers."""

__all__ = []
