"""torch.autograd.grad_mode: whether operations are recorded for gradients."""

import contextlib
import threading

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import enable_grad, inference_mode, no_grad, set_grad_enabled
from jtorch._tensor import Tensor

__all__ = [
    "enable_grad",
    "inference_mode",
    "no_grad",
    "set_grad_enabled",
    "set_multithreading_enabled",
]


class _Threads(threading.local):
    enabled = True


_threads = _Threads()


class set_multithreading_enabled(contextlib.ContextDecorator):
    """Whether backward may use threads of its own; here it never does, and XLA always may.

    It is set at once; as a context manager, until its end.

    Source:  torch.autograd.grad_mode.set_multithreading_enabled.
    """

    def __init__(self, mode):
        self._wanted = bool(mode)
        self._before, _threads.enabled = _threads.enabled, self._wanted

    def __enter__(self):
        _threads.enabled = self._wanted

    def __exit__(self, *exception):
        _threads.enabled = self._before


def is_multithreading_enabled() -> bool:
    """Source: torch.autograd.is_multithreading_enabled."""
    return _threads.enabled


@contextlib.contextmanager
def _unsafe_preserve_version_counter(tensors):
    """Changes inside are not counted: backward will not notice them."""
    tensors = (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
    before = [(each._counter or each._storage, each._version) for each in tensors]
    try:
        yield
    finally:
        for holder, version in before:
            holder.version += version - int(holder.version)


def __getattr__(name):
    raise missing_attribute(__name__, name)
