"""torch.cpu: the CPU under the names of an accelerator's module."""

from jtorch._accelerators import wait
from jtorch._alias import missing_attribute
from jtorch._device import CPU
from jtorch.cpu import amp  # noqa: F401 - an attribute, as in torch


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.cpu.is_available."""
    return True


def device_count() -> int:
    """Source: torch.cpu.device_count."""
    return 1


def current_device() -> str:
    """Source: torch.cpu.current_device."""
    return "cpu"


def set_device(device) -> None:
    """Nothing to do: there is one CPU. Source: torch.cpu.set_device."""


def synchronize(device=None) -> None:
    """Run what this thread has recorded, and wait for it. Source: torch.cpu.synchronize."""
    wait(CPU)
