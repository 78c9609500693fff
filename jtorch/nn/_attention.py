"""Attention, as torch.nn.functional has it."""

from jtorch._ops.attention import scaled_dot_product_attention

__all__ = ["scaled_dot_product_attention"]
