"""torch.backends.opt_einsum: contractions are ordered by ourselves."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.backends.opt_einsum.is_available."""
    return False
