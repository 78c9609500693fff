"""Convolutions: modules with weights that slide over their input."""

__all__ = []
