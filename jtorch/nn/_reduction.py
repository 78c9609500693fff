"""How losses are reduced: the numbers of torch's ways, and the arguments that were there before."""

import warnings

__all__ = ["get_enum", "legacy_get_enum", "legacy_get_string"]

_NUMBERS = {"none": 0, "mean": 1, "sum": 2}


def get_enum(reduction):
    """The number of a way to reduce.

    Errors:  ValueError for another text.
    Source:  torch.nn._reduction.get_enum.
    """
    number = _NUMBERS.get(reduction)
    if number is not None:
        return number
    if reduction == "elementwise_mean":
        warnings.warn(
            "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
            stacklevel=2,
        )
        return _NUMBERS["mean"]
    raise ValueError(f"{reduction} is not a valid value for reduction")


def legacy_get_string(size_average, reduce, emit_warning=True):
    """The way to reduce that two old arguments mean. Source: torch.nn._reduction."""
    average = size_average is None or size_average
    if reduce is not None and not reduce:
        found = "none"
    else:
        found = "mean" if average else "sum"
    if emit_warning:
        warnings.warn(
            "size_average and reduce args will be deprecated, please use "
            f"reduction='{found}' instead.",
            stacklevel=2,
        )
    return found


def legacy_get_enum(size_average, reduce, emit_warning=True):
    """The number of the way to reduce that two old arguments mean. Source: torch.nn._reduction."""
    return get_enum(legacy_get_string(size_average, reduce, emit_warning))


def reduction_of(size_average, reduce, reduction):
    """The number of the way to reduce that a loss was asked for, by old arguments or the new one."""
    if size_average is not None or reduce is not None:
        reduction = legacy_get_string(size_average, reduce)
    return get_enum(reduction)
