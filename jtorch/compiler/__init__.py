"""torch.compiler: what there is to say about compilation, which here is always on."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
