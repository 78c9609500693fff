"""torch.autograd: so far the modes alone."""
