"""Losses: modules that compare an output with a target."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules import _class_losses, _element_losses, _margin_losses, _share_losses
from jtorch.nn.modules._class_losses import *  # noqa: F403
from jtorch.nn.modules._element_losses import *  # noqa: F403
from jtorch.nn.modules._loss_bases import _Loss, _WeightedLoss  # noqa: F401 - users derive from it
from jtorch.nn.modules._margin_losses import *  # noqa: F403
from jtorch.nn.modules._share_losses import *  # noqa: F403

_FAMILIES = (_class_losses, _element_losses, _margin_losses, _share_losses)
__all__ = sorted(name for each in _FAMILIES for name in each.__all__)

for _name in (*__all__, "_Loss", "_WeightedLoss"):
    globals()[_name].__module__ = __name__  # where torch has them


def __getattr__(name):
    raise missing_attribute(__name__, name)
