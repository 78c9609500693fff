"""Modules without the work of their first values."""

import inspect

from jtorch._alias import missing_attribute
from jtorch.nn.modules.module import Module

__all__ = ["skip_init"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def skip_init(module_cls, *args, **kwargs):
    """A module whose parameters and buffers have no values yet, as `torch.empty` makes them.

    Errors:  RuntimeError for a class that is no module, or takes no `device`.
    Source:  torch.nn.utils.skip_init.
    """
    if not issubclass(module_cls, Module):
        raise RuntimeError(f"Expected a Module; got {module_cls}")
    if "device" not in inspect.signature(module_cls).parameters:
        raise RuntimeError("Module must support a 'device' arg to skip initialization")
    device = kwargs.pop("device", "cpu")
    return module_cls(*args, device="meta", **kwargs).to_empty(device=device)
