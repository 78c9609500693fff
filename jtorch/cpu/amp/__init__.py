"""torch.cpu.amp: old names of what is in torch.amp."""

from jtorch._alias import missing_attribute
from jtorch.cpu.amp.autocast_mode import autocast
from jtorch.cpu.amp.grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
