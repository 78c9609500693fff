"""Modules that resize."""

__all__ = []
