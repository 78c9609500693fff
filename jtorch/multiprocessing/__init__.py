"""torch.multiprocessing: Python's multiprocessing, where tensors that are sent are shared."""

import multiprocessing
from multiprocessing import *  # noqa: F403 - whatever this Python offers

from jtorch._alias import missing_attribute
from jtorch.multiprocessing import reductions
from jtorch.multiprocessing.spawn import (  # noqa: F401 - torch offers them here, unlisted
    ProcessContext,
    ProcessExitedException,
    ProcessRaisedException,
    SpawnContext,
    spawn,
    start_processes,
)

__all__ = [
    "get_all_sharing_strategies",
    "get_sharing_strategy",
    "set_sharing_strategy",
    *multiprocessing.__all__,
]

_strategies = {"file_descriptor", "file_system"}
_strategy = "file_descriptor"


def set_sharing_strategy(new_strategy):
    """Accept one of torch's strategies: memory is shared by descriptors whatever it says.

    Errors:  AssertionError for a strategy that torch has not.
    Source:  torch.multiprocessing.set_sharing_strategy.
    """
    global _strategy
    if new_strategy not in _strategies:
        raise AssertionError(
            f"invalid sharing strategy {new_strategy!r}, expected one of {_strategies}"
        )
    _strategy = new_strategy


def get_sharing_strategy():
    """Source: torch.multiprocessing.get_sharing_strategy."""
    return _strategy


def get_all_sharing_strategies():
    """Source: torch.multiprocessing.get_all_sharing_strategies."""
    return _strategies


def __getattr__(name):
    raise missing_attribute(__name__, name)


reductions.init_reductions()
