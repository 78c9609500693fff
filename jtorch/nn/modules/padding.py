"""Paddings: modules that add a border."""

__all__ = []
