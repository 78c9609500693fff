"""The distances of torch.nn.functional."""

from jtorch._ops.distances import cosine_similarity, pairwise_distance, pdist

__all__ = ["cosine_similarity", "pairwise_distance", "pdist"]
