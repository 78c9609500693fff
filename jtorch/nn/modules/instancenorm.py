"""Instance norms."""

__all__ = []
