"""The few names of torch._C that programs use."""

import enum

from jtorch._alias import missing_attribute
from jtorch._custom_operators import below_autograd as _AutoDispatchBelowAutograd
from jtorch._override import (
    DisableTorchFunctionSubclass,
    _disabled_torch_function_impl,
)

DisableTorchFunction = DisableTorchFunctionSubclass

# What torch's dispatcher knows kernels by; libraries name some of these where they register them.
DispatchKey = enum.Enum(
    "DispatchKey", ["CPU", "CUDA", "AutocastCPU", "AutocastCUDA", "AutocastXPU"]
)


def _log_api_usage_once(name):
    """Nothing: jtorch counts no calls."""


def _get_tracing_state():
    """None: nothing is ever traced into a script."""


class DispatchKeySet(frozenset):
    """A set of keys of torch's dispatcher, made of one."""

    def __new__(cls, key):
        return super().__new__(cls, [key])


__all__ = [
    "DisableTorchFunction", "DisableTorchFunctionSubclass", "DispatchKey", "DispatchKeySet",
    "_AutoDispatchBelowAutograd", "_disabled_torch_function_impl", "_get_tracing_state",
    "_log_api_usage_once",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)
