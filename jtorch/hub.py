"""torch.hub: what loads from the network elsewhere."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
