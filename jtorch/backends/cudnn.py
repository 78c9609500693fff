"""torch.backends.cudnn: flags that are kept; XLA chooses and tunes its convolutions itself."""

import contextlib

from jtorch._alias import missing_attribute

enabled = True
benchmark = False
benchmark_limit = None
deterministic = False
allow_tf32 = True


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """False: it is XLA's own matter whether it uses cuDNN.

    Source:  torch.backends.cudnn.is_available.
    """
    return False


def version():
    """None: there is none to be asked. Source: torch.backends.cudnn.version."""
    return


def is_acceptable(tensor) -> bool:
    """Whether cuDNN would be used for a tensor. Source: torch.backends.cudnn.is_acceptable."""
    return False


_NAMES = ("enabled", "benchmark", "benchmark_limit", "deterministic", "allow_tf32")


def set_flags(
    _enabled=None, _benchmark=None, _benchmark_limit=None, _deterministic=None, _allow_tf32=None
):
    """Set those that are not None; returns all as they were.

    Source:  torch.backends.cudnn.set_flags.
    """
    before = tuple(globals()[name] for name in _NAMES)
    given = (_enabled, _benchmark, _benchmark_limit, _deterministic, _allow_tf32)
    for name, value in zip(_NAMES, given, strict=True):
        if value is not None:
            globals()[name] = value
    return before


@contextlib.contextmanager
def flags(enabled=False, benchmark=False, benchmark_limit=10, deterministic=False, allow_tf32=True):
    """Flags for the time of a block. Source: torch.backends.cudnn.flags."""
    before = set_flags(enabled, benchmark, benchmark_limit, deterministic, allow_tf32)
    try:
        yield
    finally:
        set_flags(*before)
