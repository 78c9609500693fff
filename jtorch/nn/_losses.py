"""The losses of torch.nn.functional."""

__all__ = []
