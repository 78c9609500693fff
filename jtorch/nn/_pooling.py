"""The poolings of torch.nn.functional, as users call them; the rows are elsewhere."""

__all__ = []
