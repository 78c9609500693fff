"""torch.cuda.amp.common: whether there is a device for mixed precision."""

from jtorch._accelerators import count
from jtorch._alias import missing_attribute

__all__ = ["amp_definitely_not_available"]


def amp_definitely_not_available() -> bool:
    """Source: torch.cuda.amp.common.amp_definitely_not_available."""
    return not count("cuda")


def __getattr__(name):
    raise missing_attribute(__name__, name)
