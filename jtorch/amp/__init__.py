"""torch.amp: operations in half precision where that is safe, and scaled gradients."""

from jtorch._alias import missing_attribute
from jtorch.amp.autocast_mode import (
    _enter_autocast,  # noqa: F401 - torch has it here
    _exit_autocast,  # noqa: F401
    autocast,
    custom_bwd,
    custom_fwd,
    is_autocast_available,
)
from jtorch.amp.grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd", "is_autocast_available"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
