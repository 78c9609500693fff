"""The norms of torch.nn.functional."""

__all__ = []
