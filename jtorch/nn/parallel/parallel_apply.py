"""Modules called with inputs, one pair a device."""

from jtorch._tensor import Tensor

__all__ = ["get_a_var", "parallel_apply"]


def get_a_var(obj):
    """The first tensor in nested lists, tuples and dicts, or None. Source: torch.nn.parallel."""
    if isinstance(obj, Tensor):
        return obj
    if isinstance(obj, (list, tuple, dict)):
        parts = obj.items() if isinstance(obj, dict) else obj
        return next((each for each in map(get_a_var, parts) if isinstance(each, Tensor)), None)
    return None


def parallel_apply(modules, inputs, kwargs_tup=None, devices=None):
    """What each module makes of its input.

    One after the other: a call only records, and devices compute at the same time.
    Errors:  AssertionError where there is not one input for each module.
    Source:  torch.nn.parallel.parallel_apply.
    """
    if len(modules) != len(inputs):
        raise AssertionError(
            f"The number of modules {len(modules)} is not equal to the number of inputs "
            f"{len(inputs)}"
        )
    kwargs = [{}] * len(modules) if kwargs_tup is None else kwargs_tup
    if len(modules) != len(kwargs):
        raise AssertionError("The number of modules does not match the number of keyword arguments")
    return [
        module(*(given if isinstance(given, (list, tuple)) else (given,)), **named)
        for module, given, named in zip(modules, inputs, kwargs, strict=True)
    ]
