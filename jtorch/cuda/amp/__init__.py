"""torch.cuda.amp: old names of what is in torch.amp."""

from jtorch._alias import missing_attribute
from jtorch.cuda.amp.autocast_mode import autocast, custom_bwd, custom_fwd
from jtorch.cuda.amp.common import amp_definitely_not_available
from jtorch.cuda.amp.grad_scaler import GradScaler

__all__ = ["GradScaler", "amp_definitely_not_available", "autocast", "custom_bwd", "custom_fwd"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
