"""The distances of torch.nn.functional."""

__all__ = []
