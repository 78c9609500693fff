"""Embeddings: modules that look rows up."""

__all__ = []
