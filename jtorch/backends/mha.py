"""torch.backends.mha: whether attention may take its fast path; here there is one path, XLA's."""

from jtorch._alias import missing_attribute

_state = {"enabled": True}


def __getattr__(name):
    raise missing_attribute(__name__, name)


def get_fastpath_enabled() -> bool:
    """Source: torch.backends.mha.get_fastpath_enabled."""
    return _state["enabled"]


def set_fastpath_enabled(value: bool) -> None:
    """Source: torch.backends.mha.set_fastpath_enabled."""
    _state["enabled"] = bool(value)
