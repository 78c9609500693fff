"""What has to be done where processes are forked."""

import warnings

__all__ = ["expect_fork"]

_WARNING = r"os\.fork\(\) was called"


def expect_fork():
    """Silence JAX's warning of forks: a child computes on the host, and touches nothing of JAX's.

    Only where it is not silent already: whatever changes the filters lets Python show once more
    the warnings that it shows once.
    """
    pattern = warnings.filters[0][1] if warnings.filters else None
    if getattr(pattern, "pattern", pattern) != _WARNING:
        warnings.filterwarnings("ignore", _WARNING, RuntimeWarning)
