"""Modules between images and their sliding blocks."""

__all__ = []
