"""torch.backends.mkldnn: flags that are kept; XLA has kernels of its own."""

from jtorch._alias import missing_attribute

enabled = True
deterministic = False


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.backends.mkldnn.is_available."""
    return False
