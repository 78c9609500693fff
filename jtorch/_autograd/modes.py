"""Grad modes: whether operations of this thread are to be recorded for gradients."""

import functools
import inspect
import threading
import warnings
from collections.abc import Callable
from typing import Any, Self, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Mode(threading.local):
    enabled = True
    inference = False
    transforms = 0  # how many of torch.func's are at work
    unusual = frozenset()  # what else is on that recording has to ask for: see `note_unusual`


mode = _Mode()


def note_unusual(what, is_on) -> None:
    """Say that tangents, hooks on what is saved, or anomaly mode are on in this thread, or are not."""
    mode.unusual = mode.unusual | {what} if is_on else mode.unusual - {what}


class _Inference:
    """How many inference modes are open, in whatever thread: a quick answer to "is any?"."""

    __slots__ = ("lock", "open")

    def __init__(self):
        self.open = 0
        self.lock = threading.Lock()

    def count(self, change):
        with self.lock:
            self.open += change


inference = _Inference()


def is_grad_enabled() -> bool:
    """Source: torch.is_grad_enabled."""
    return mode.enabled


def is_inference_mode_enabled() -> bool:
    """Source: torch.is_inference_mode_enabled."""
    return mode.inference


class Transform:
    """The time in which a transform of torch.func calls the user's function."""

    def __enter__(self):
        mode.transforms += 1

    def __exit__(self, *exception):
        mode.transforms -= 1


class _Context:
    """A context manager that is a decorator too, of functions and of generator functions."""

    __module__ = "torch"

    def clone(self):
        return self.__class__()

    def __call__(self, function: _Function) -> _Function:
        if inspect.isclass(function):
            warnings.warn(
                "Decorating classes is deprecated and will be disabled in future versions. You should "
                "only decorate functions or methods. To preserve the current behavior of class "
                "decoration, you can directly decorate the `__init__` method and nothing else.",
                FutureWarning,
                stacklevel=2,
            )
        if inspect.isgeneratorfunction(function):
            return self._wrapped_generator(function)

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with self.clone():
                return function(*args, **kwargs)

        return wrapped

    def _wrapped_generator(self, function):
        """Each step of the generator runs in the mode; the consumer's code between them does not."""

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            generator = function(*args, **kwargs)
            advance, given = generator.send, None
            while True:
                try:
                    with self.clone():
                        value = advance(given)
                except StopIteration as end:
                    return end.value
                try:
                    given = yield value
                    advance = generator.send
                except GeneratorExit:
                    with self.clone():
                        generator.close()
                    raise
                except BaseException as error:  # the consumer threw it into the generator
                    advance, given = generator.throw, error

        return wrapped


class set_grad_enabled(_Context):
    """Set grad mode, at once; as a context manager, until its end. Source: torch.set_grad_enabled."""

    def __init__(self, mode: bool):
        self._wanted = bool(mode)
        self._before = _current().enabled
        _current().enabled = self._wanted and not _current().inference

    def __call__(self, function: _Function) -> _Function:
        _current().enabled = self._before  # as a decorator it changes nothing now
        return super().__call__(function)

    def clone(self):
        return self.__class__(self._wanted)

    def __enter__(self):
        _current().enabled = self._wanted and not _current().inference

    def __exit__(self, *exception):
        _current().enabled = self._before


class _FixedMode(_Context):
    _wanted = False

    def __new__(cls, function=None):
        self = object.__new__(cls)
        return self if function is None else self(function)

    def __enter__(self):
        self._before = mode.enabled
        mode.enabled = self._wanted and not mode.inference

    def __exit__(self, *exception):
        mode.enabled = self._before


class no_grad(_FixedMode):
    """Nothing is recorded for gradients inside. Source: torch.no_grad."""


class enable_grad(_FixedMode):
    """Recording for gradients is on inside. Source: torch.enable_grad."""

    _wanted = True


class inference_mode(_Context):
    """`no_grad`, and its results never take part in autograd. Source: torch.inference_mode."""

    def __new__(cls, mode=True) -> Self:
        self = object.__new__(cls)
        if callable(mode):
            self._wanted = True
            return self(mode)
        self._wanted = bool(mode)
        return self

    def clone(self):
        return inference_mode(self._wanted)

    def __enter__(self):
        self._before = mode.enabled, mode.inference
        mode.enabled, mode.inference = not self._wanted, self._wanted
        inference.count(self._wanted)

    def __exit__(self, *exception):
        mode.enabled, mode.inference = self._before
        inference.count(-self._wanted)


def _current():
    return mode
