"""`__torch_function__`: subclasses of Tensor that want to hear of every call with their objects.

Nothing of it costs a program that has no such subclass: `state.active` is false until one is
defined, and the short paths of calls are for objects of Tensor itself.
"""

import contextlib
import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from jtorch._tensor import Tensor


class _State(threading.local):
    enabled = True


class _Active:
    """Whether there is any class that overrides functions, and that of sparse tensors if there are any.

    Sparse tensors are not strided ones even where subclasses are treated as plain tensors.
    """

    active = False
    sparse = None


state = _Active()
_thread = _State()
_Function = TypeVar("_Function", bound=Callable[..., Any])
_overriding = {}  # class -> whether it overrides functions


def _disabled_torch_function_impl(func, types, args=(), kwargs=None):
    """What a subclass sets `__torch_function__` to if it wants none of it: Parameter, for one."""
    with DisableTorchFunctionSubclass():
        return func(*args, **(kwargs or {}))


def _init_subclass(cls, **kwargs):
    super(Tensor, cls).__init_subclass__(**kwargs)
    if cls.__module__.startswith("jtorch.") or not overrides(cls):
        return
    state.active = True
    # What plain tensors are not to pay for stands on the subclass.
    for name in ("__getitem__", "__setitem__"):
        if getattr(cls, name) is vars(Tensor)[name]:
            setattr(cls, name, overridable(vars(Tensor)[name]))
    if cls.data is Tensor.data:
        data = Tensor.data
        cls.data = property(overridable(data.fget), data.fset, data.fdel, data.__doc__)


Tensor.__init_subclass__ = classmethod(_init_subclass)


def overrides(cls) -> bool:
    """Whether the objects of a class want to hear of calls."""
    found = _overriding.get(cls)
    if found is None:
        handler = getattr(cls, "__torch_function__", None)
        implementation = getattr(handler, "__func__", handler)
        found = (
            handler is not None
            and cls is not Tensor
            and implementation is not _disabled_torch_function_impl
            # a tensor of PyTorch itself, beside us in one process, would only call us again
            and (issubclass(cls, Tensor) or cls.__module__.partition(".")[0] != "torch")
        )
        _overriding[cls] = found
    return found


def overloaded(args, kwargs) -> list:
    """The arguments that override functions, one per class, subclasses before their bases."""
    enabled = _thread.enabled
    if not (enabled or state.sparse):
        return []
    found = []
    for each in (*args, *kwargs.values()) if kwargs else args:
        for value in each if each.__class__ in (list, tuple) else (each,):
            kind = value.__class__
            if kind is not Tensor and overrides(kind) and (enabled or kind is state.sparse):
                _insert(found, value)
    return found


def _insert(found, value):
    if any(each.__class__ is value.__class__ for each in found):
        return
    for place, each in enumerate(found):
        if issubclass(value.__class__, each.__class__):
            found.insert(place, value)
            return
    found.append(value)


class NoAnswerError(TypeError):
    """No class that overrides a function has an answer; an operator then gives up politely."""


# as which torch raises it
NoAnswerError.__name__ = NoAnswerError.__qualname__ = "TypeError"
NoAnswerError.__module__ = "builtins"

functions = {}  # the package's functions by name: what users compare `func` with


def dispatch_function(name, otherwise, relevant, args, kwargs):
    """The answer to a call of the public function of this name."""
    return dispatch(functions.get(name, otherwise), relevant, args, kwargs)


def dispatch_method(name, otherwise, relevant, args, kwargs):
    """The answer to a call of the tensors' method of this name."""
    return dispatch(vars(Tensor).get(name, otherwise), relevant, args, kwargs)


def dispatch(function, relevant, args, kwargs):
    """The answer of the first class that has one.

    Errors:  TypeError if none of them has.
    """
    types = tuple(each.__class__ for each in relevant)
    for each in relevant:
        result = each.__torch_function__(function, types, args, kwargs or None)
        if result is not NotImplemented:
            return result
    kinds = "".join(f"\n  - tensor subclass {each}" for each in types)
    raise NoAnswerError(
        f"Multiple dispatch failed for 'torch.{function.__name__}'; all __torch_function__ "
        f"handlers returned NotImplemented:\n{kinds}\n\nFor more information, try re-running with "
        "TORCH_LOGS=not_implemented"
    )


def overridable(function: _Function, name="") -> _Function:
    """The function, which lets classes that override functions answer for it."""
    is_operator = name.startswith("__")

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if state.active and (relevant := overloaded(args, kwargs)):
            try:
                return dispatch(wrapper, relevant, args, kwargs)
            except NoAnswerError:
                if is_operator:
                    return NotImplemented
                raise
        return function(*args, **kwargs)

    return wrapper


class DisableTorchFunctionSubclass(contextlib.AbstractContextManager):
    """Inside, subclasses are treated as plain tensors.

    Source:  torch._C.DisableTorchFunctionSubclass.
    """

    def __enter__(self):
        self._before = _thread.enabled
        _thread.enabled = False
        return self

    def __exit__(self, *exception):
        _thread.enabled = self._before


def converted_to(result, cls):
    """The tensors of a result as objects of `cls`; what is one already stays as it is."""
    if isinstance(result, Tensor) and not isinstance(result, cls):
        return result.as_subclass(cls)
    if isinstance(result, (tuple, list)):
        parts = [converted_to(each, cls) for each in result]
        return type(result)(*parts) if hasattr(result, "_fields") else type(result)(parts)
    return result


@classmethod
def _torch_function(cls, func, types, args=(), kwargs=None):
    """The default: compute as plain tensors do, and give the results this class.

    Source:  torch.Tensor.__torch_function__.
    """
    if not all(issubclass(cls, each) for each in types):
        return NotImplemented
    with DisableTorchFunctionSubclass():
        result = func(*args, **(kwargs or {}))
    return result if cls is Tensor or hasattr(func, "keeps_class") else converted_to(result, cls)


Tensor.__torch_function__ = _torch_function
