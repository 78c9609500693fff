"""torch.amp: operations in half precision where that is safe, and scaled gradients."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
