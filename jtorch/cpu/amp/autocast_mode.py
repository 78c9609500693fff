"""torch.cpu.amp.autocast_mode: an old name."""

from jtorch._alias import missing_attribute
from jtorch._dtypes import bfloat16
from jtorch.amp._deprecated import old_autocast

__all__ = ["autocast"]

autocast = old_autocast("cpu", bfloat16)


def __getattr__(name):
    raise missing_attribute(__name__, name)
