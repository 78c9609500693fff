"""torch.backends.mps: JAX's Metal plugin is not looked for."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.backends.mps.is_available."""
    return False


def is_built() -> bool:
    """Source: torch.backends.mps.is_built."""
    return False
