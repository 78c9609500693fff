"""`torch.signal`: windows for spectra."""

from jtorch._alias import missing_attribute
from jtorch.signal import windows

__all__ = ["windows"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
