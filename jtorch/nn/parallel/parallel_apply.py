"""Modules called with inputs, one pair a device."""

__all__ = ["parallel_apply"]


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
