"""Modules between channels and pixels."""

__all__ = []
