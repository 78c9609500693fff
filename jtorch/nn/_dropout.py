"""The dropouts of torch.nn.functional."""

__all__ = []
