"""torch.backends.openmp: XLA has threads of its own."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.backends.openmp.is_available."""
    return False
