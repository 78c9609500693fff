"""Attention, as torch.nn.functional has it."""

__all__ = []
