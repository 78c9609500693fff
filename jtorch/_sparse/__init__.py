"""Sparse tensors in coordinates: see README.md."""
