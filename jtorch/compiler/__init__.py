"""torch.compiler: what there is to say about compilation, which here is always on.

Functions marked here are what they were: nothing of Python is compiled, only what it records.
"""

import contextlib

from numpy import ndarray

from jtorch._alias import missing_attribute
from jtorch._compiling import compile, list_backends
from jtorch._interop import from_numpy
from jtorch._tensor import Tensor

__all__ = [
    "allow_in_graph", "assume_constant_result", "compile", "cudagraph_mark_step_begin", "disable",
    "is_compiling", "is_dynamo_compiling", "is_exporting", "list_backends", "reset", "set_stance",
    "wrap_numpy",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_compiling() -> bool:
    """Whether Python is being traced by a compiler; never. Source: torch.compiler.is_compiling."""
    return False


def is_dynamo_compiling() -> bool:
    """Source: torch.compiler.is_dynamo_compiling."""
    return False


def is_exporting() -> bool:
    """Source: torch.compiler.is_exporting."""
    return False


def disable(fn=None, recursive=True, *, reason=None):
    """The function, which runs as Python does anyway. Source: torch.compiler.disable."""
    return (lambda function: function) if fn is None else fn


def allow_in_graph(fn):
    """The function. Source: torch.compiler.allow_in_graph."""
    return fn


def assume_constant_result(fn):
    """The function. Source: torch.compiler.assume_constant_result."""
    return fn


def wrap_numpy(fn):
    """A function of tensors from one of numpy arrays. Source: torch.compiler.wrap_numpy."""

    def wrapped(*args, **kwargs):
        return _as_tensors(
            fn(*map(_as_arrays, args), **{k: _as_arrays(v) for k, v in kwargs.items()})
        )

    return wrapped


def _as_arrays(value):
    return value.numpy() if isinstance(value, Tensor) else value


def _as_tensors(value):
    return from_numpy(value) if isinstance(value, ndarray) else value


def reset():
    """Forget compiled functions: there are none; programs stay. Source: torch.compiler.reset."""


def cudagraph_mark_step_begin():
    """Mark a step's beginning: steps are found without marks. Source: torch.compiler."""


@contextlib.contextmanager
def set_stance(stance="default", *, skip_guard_eval_unsafe=False, force_backend=None):
    """How `compile` behaves, which is always in one way. Source: torch.compiler.set_stance."""
    yield
