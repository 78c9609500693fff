"""The few names of torch._C that programs use."""

from jtorch._alias import missing_attribute
from jtorch._override import (
    DisableTorchFunctionSubclass,
    _disabled_torch_function_impl,
)

DisableTorchFunction = DisableTorchFunctionSubclass

__all__ = [
    "DisableTorchFunction", "DisableTorchFunctionSubclass", "_disabled_torch_function_impl",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)
