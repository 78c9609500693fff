"""torch.save and torch.load: tensors and whatever holds them, in files of PyTorch's own formats."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
