"""Dropouts: modules that zero at random in training."""

__all__ = []
