"""torch.utils.serialization: how files are saved and loaded, where no argument says it."""

from jtorch._alias import missing_attribute
from jtorch.utils.serialization import config

__all__ = ["config"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
