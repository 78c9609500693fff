"""torch.distributed: there is no group of processes; JAX's shardings are how several devices are used."""

from jtorch._alias import missing_attribute

__all__ = ["is_available", "is_initialized"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Whether processes can be grouped; no. Source: torch.distributed.is_available."""
    return False


def is_initialized() -> bool:
    """Whether there is a group of processes; no. Source: torch.distributed.is_initialized."""
    return False
