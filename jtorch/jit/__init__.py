"""torch.jit: functions and modules as they are; jtorch compiles what they record.

There is no script language here: what is scripted or traced goes on as Python. Files of scripts can
neither be written nor read.
"""

import contextlib
import typing
import warnings
from typing import Final

from jtorch._alias import missing_attribute
from jtorch.jit import annotations
from jtorch.nn.modules.module import Module

__all__ = [
    "Attribute", "Error", "Final", "ScriptFunction", "ScriptModule", "ScriptWarning",
    "TracerWarning", "annotate", "annotations", "enable_onednn_fusion", "export", "fork", "freeze",
    "ignore", "interface", "is_scripting", "is_tracing", "isinstance", "load",
    "onednn_fusion_enabled", "optimize_for_inference", "optimized_execution", "save", "script",
    "script_if_tracing", "script_method", "set_fusion_strategy", "strict_fusion", "trace",
    "trace_module", "unused", "wait",
]  # fmt: skip

_isinstance = isinstance


def __getattr__(name):
    raise missing_attribute(__name__, name)


class Error(RuntimeError):
    """An error of a script. Source: torch.jit.Error."""


class ScriptWarning(Warning):
    """Source: torch.jit.ScriptWarning."""


class TracerWarning(Warning):
    """Source: torch.jit.TracerWarning."""


class ScriptModule(Module):
    """A module whose methods would be scripts. Source: torch.jit.ScriptModule."""

    def save(self, f, **kwargs):
        save(self, f)


class ScriptFunction:
    """The class of scripted functions in torch; functions stay functions here."""


class Attribute(typing.NamedTuple):
    """A value of a script module with its type. Source: torch.jit.Attribute."""

    value: object
    type: object


def _warn(name, instead="switch to `torch.compile` or `torch.export`"):
    text = f"`torch.jit.{name}` is deprecated. Please {instead}."
    # torch names a line of its own as well, and so Python does not show it unless asked to
    warnings.warn(text, DeprecationWarning, stacklevel=2)


def script(
    obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None
):  # fmt: skip
    """The function, module or class, which runs as it is. Source: torch.jit.script."""
    _warn("script")
    return obj


def trace(
    func, example_inputs=None, optimize=None, check_trace=True, check_inputs=None,
    check_tolerance=1e-5, strict=True, _force_outplace=False, _module_class=None,
    _compilation_unit=None, example_kwarg_inputs=None, _store_inputs=True,
):  # fmt: skip
    """The function or module, after one call with the example: nothing about the call is fixed.

    Errors:  what the call raises; RuntimeError without an example.
    Source:  torch.jit.trace.
    """
    _warn("trace")
    if example_inputs is None and example_kwarg_inputs is None:
        raise RuntimeError("example_inputs and example_kwarg_inputs should not both be None.")
    if example_kwarg_inputs is not None:
        func(**example_kwarg_inputs)
    elif _isinstance(example_inputs, tuple):
        func(*example_inputs)
    else:
        func(example_inputs)
    return func


def trace_module(mod, inputs, **options):
    """The module, after a call of each method named in `inputs`. Source: torch.jit.trace_module."""
    _warn("trace_method")
    for name, given in inputs.items():
        getattr(mod, name)(*(given if _isinstance(given, tuple) else (given,)))
    return mod


def script_method(fn):
    """The method. Source: torch.jit.script_method."""
    _warn("script_method")
    return fn


def script_if_tracing(fn):
    """The function. Source: torch.jit.script_if_tracing."""
    return fn


_script_if_tracing = script_if_tracing


def is_scripting() -> bool:
    """Whether this runs as a script; never. Source: torch.jit.is_scripting."""
    return False


def is_tracing() -> bool:
    """Whether this is being traced; never. Source: torch.jit.is_tracing."""
    return False


def export(fn):
    """The method. Source: torch.jit.export."""
    return fn


def ignore(drop=False, **kwargs):
    """The function, or a decorator that gives it. Source: torch.jit.ignore."""
    return drop if callable(drop) else lambda fn: fn


def unused(fn):
    """The function. Source: torch.jit.unused."""
    return fn


def interface(obj):
    """The class. Source: torch.jit.interface."""
    return obj


def _overload(func):
    return func


def _overload_method(func):
    return func


def annotate(the_type, the_value):
    """The value. Source: torch.jit.annotate."""
    return the_value


def isinstance(obj, target_type):
    """`isinstance`. Source: torch.jit.isinstance."""
    return _isinstance(obj, typing.get_origin(target_type) or target_type)


class _Task:
    """What `fork` gives: the result is there already."""

    def __init__(self, value):
        self._value = value

    def wait(self):
        return self._value

    def done(self):
        return True

    value = wait


def fork(func, *args, **kwargs):
    """A call, made at once, whose result `wait` gives. Source: torch.jit.fork."""
    _warn("fork", "use `torch.compile` instead")
    return _Task(func(*args, **kwargs))


def wait(future):
    """The result of a call that `fork` has made. Source: torch.jit.wait."""
    _warn("wait", "use `torch.compile` instead")
    return future.wait()


def freeze(mod, preserved_attrs=None, optimize_numerics=True):
    """The module. Errors: RuntimeError if it is in training mode. Source: torch.jit.freeze."""
    if mod.training:
        raise RuntimeError(
            "Freezing is currently only implemented for modules in eval mode. "
            "Please call .eval() on your module before freezing."
        )
    return mod


def optimize_for_inference(mod, other_methods=None):
    """The module. Source: torch.jit.optimize_for_inference."""
    return mod


def save(m, f, _extra_files=None):
    """Errors: NotImplementedError: jtorch has no script to write."""
    raise NotImplementedError(
        "jtorch cannot write files of torch.jit: save `module.state_dict()` by torch.save instead"
    )


def load(f, map_location=None, _extra_files=None, _restore_shapes=False):
    """Errors: NotImplementedError: jtorch cannot run scripts."""
    raise NotImplementedError(
        "jtorch cannot read files of torch.jit: save `module.state_dict()` by torch.save instead"
    )


# Settings of fusers that are not here: XLA fuses.


def set_fusion_strategy(strategy):
    """Source: torch.jit.set_fusion_strategy. There is no such fuser; the setting before is `[]`."""
    return []


def enable_onednn_fusion(enabled):
    """Errors: NotImplementedError if it is to be enabled."""
    if enabled:
        raise NotImplementedError("jtorch has no oneDNN to fuse operations for")


def onednn_fusion_enabled() -> bool:
    """Source: torch.jit.onednn_fusion_enabled."""
    return False


@contextlib.contextmanager
def optimized_execution(should_optimize):
    """Source: torch.jit.optimized_execution."""
    yield


class strict_fusion(contextlib.ContextDecorator):
    """Source: torch.jit.strict_fusion."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None
