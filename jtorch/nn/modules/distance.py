"""Modules that measure how far two tensors are apart."""

__all__ = []
