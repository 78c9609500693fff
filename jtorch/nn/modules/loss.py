"""Losses: modules that compare an output with a target."""

__all__ = []
