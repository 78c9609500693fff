"""Pinning: a batch with its tensors in memory that an accelerator copies from, where it matters."""

import collections.abc

from jtorch._alias import missing_attribute
from jtorch.utils.data._utils.collate import mapping_like, sequence_like

__all__ = ["pin_memory"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def pin_memory(data, device=None):
    """The same data, with whatever knows `pin_memory()` replaced by what that gives.

    Source:  torch.utils.data._utils.pin_memory.pin_memory.
    """
    if hasattr(data, "pin_memory"):
        return data.pin_memory()
    if isinstance(data, (str, bytes)):
        return data
    if isinstance(data, collections.abc.Mapping):
        return mapping_like(data, lambda key: pin_memory(data[key], device))
    if isinstance(data, tuple):
        items = [pin_memory(each, device) for each in data]
        return type(data)(*items) if hasattr(data, "_fields") else type(data)(items)
    if isinstance(data, collections.abc.Sequence):
        return sequence_like(data, data, lambda each: pin_memory(each, device))
    return data
