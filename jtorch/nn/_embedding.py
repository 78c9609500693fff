"""The embeddings of torch.nn.functional."""

__all__ = []
