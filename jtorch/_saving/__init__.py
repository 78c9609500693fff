"""Files of tensors: what `torch.save` writes and `torch.load` reads."""
