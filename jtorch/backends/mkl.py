"""torch.backends.mkl: XLA does not use it through us."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.backends.mkl.is_available."""
    return False
