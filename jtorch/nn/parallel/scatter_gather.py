"""Batches taken apart for devices, and put together again; gradients go back the same ways."""

import warnings
from numbers import Real

from jtorch._device import device as Device
from jtorch._ops.from_data import tensor
from jtorch._ops.join import cat, stack
from jtorch._tensor import Tensor

__all__ = ["gather", "scatter", "scatter_kwargs"]


def device_of(place):
    """The device that a number of an accelerator, or a device, stands for; -1 is the CPU."""
    if isinstance(place, int):
        return Device("cpu") if place < 0 else Device("cuda", place)
    return Device(place)


def is_namedtuple(obj) -> bool:
    return isinstance(obj, tuple) and hasattr(type(obj), "_fields")


def scatter(inputs, target_gpus, dim=0):
    """`inputs` for each device: tensors in chunks along `dim`, containers of such, the rest as it is.

    Source:  torch.nn.parallel.scatter_gather.scatter.
    """
    places = [device_of(each) for each in target_gpus]

    def spread(value):
        if isinstance(value, Tensor):
            chunks = value.chunk(len(places), dim)
            return [each.to(place) for each, place in zip(chunks, places, strict=False)]
        if is_namedtuple(value):
            return [type(value)(*each) for each in zip(*map(spread, value), strict=False)]
        if isinstance(value, tuple) and value:
            return list(zip(*map(spread, value), strict=False))
        if isinstance(value, list) and value:
            return [list(each) for each in zip(*map(spread, value), strict=False)]
        if isinstance(value, dict) and value:
            rows = zip(*map(spread, value.values()), strict=False)
            return [type(value)(zip(value, each, strict=True)) for each in rows]
        return [value for _ in places]

    return spread(inputs)


def scatter_kwargs(inputs, kwargs, target_gpus, dim=0):
    """Positional and keyword arguments for each device. Source: torch.nn.parallel.scatter_gather."""
    positional = scatter(inputs, target_gpus, dim) if inputs else []
    named = scatter(kwargs, target_gpus, dim) if kwargs else []
    count = max(len(positional), len(named))
    positional += [()] * (count - len(positional))
    named += [{}] * (count - len(named))
    return tuple(positional), tuple(named)


def gather(outputs, target_device, dim=0):
    """What the devices gave, on one device: tensors joined along `dim`, in containers as they came.

    Errors:  ValueError for dictionaries of different sizes.
    Source:  torch.nn.parallel.scatter_gather.gather.
    """
    place = device_of(target_device)

    def join(values):
        first = values[0]
        if isinstance(first, Tensor):
            moved = [each.to(place) for each in values]
            if all(not each.dim() for each in moved) and dim == 0:
                warnings.warn(
                    "Was asked to gather along dimension 0, but all input tensors were scalars; "
                    "will instead unsqueeze and return a vector.",
                    stacklevel=2,
                )
                return stack(moved)
            return cat(moved, dim)
        if isinstance(first, Real):
            return tensor(values, device=place)
        if first is None:
            return None
        if isinstance(first, dict):
            if any(len(each) != len(first) for each in values):
                raise ValueError("All dicts must have the same number of keys")
            return type(first)((key, join([each[key] for each in values])) for key in first)
        if is_namedtuple(first):
            return type(first)._make(map(join, zip(*values, strict=False)))
        return type(first)(map(join, zip(*values, strict=False)))

    return join(outputs)
