"""torch.cpu.amp.grad_scaler: an old name."""

from jtorch._alias import missing_attribute
from jtorch.amp._deprecated import old_scaler
from jtorch.amp.grad_scaler import OptState  # noqa: F401 - programs import it from here

__all__ = ["GradScaler"]

GradScaler = old_scaler("cpu")


def __getattr__(name):
    raise missing_attribute(__name__, name)
