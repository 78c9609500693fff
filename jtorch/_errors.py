"""Checks of what users pass, and torch's own exception classes."""


class NotProvidedError(NotImplementedError):
    """Something PyTorch 2.13 has and jtorch does not have yet; listed in known_differences.toml."""


class OutOfMemoryError(RuntimeError):
    """A device has no memory left for what a program needs. Source: torch.OutOfMemoryError."""

    __module__ = "torch"


class CompatWarning(UserWarning):
    """A call that works, though not in every respect as in PyTorch."""


class LinAlgError(RuntimeError):
    """What `torch.linalg` raises where a matrix is singular, or an algorithm fails."""

    __module__ = "torch._C"


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"


def check(condition, message, error=RuntimeError):
    """Raise `error(message())` unless `condition`; `message` is a function so that it costs nothing."""
    if not condition:
        raise error(message())


def _assert(condition, message):
    """`assert` as a function, so that tracers can record it. Source: torch._assert."""
    if not condition:
        raise AssertionError(message)


def not_provided(what: str) -> NotProvidedError:
    return NotProvidedError(f"jtorch does not provide {what} yet (it is part of PyTorch 2.13)")
