"""torch.xpu: Intel's GPUs, which are not looked for."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.xpu.is_available."""
    return False


def device_count() -> int:
    """Source: torch.xpu.device_count."""
    return 0
