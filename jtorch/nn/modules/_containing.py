"""What containers have in common: places, names and pairs."""

import operator
from collections.abc import Iterable

from jtorch.nn.modules.module import Module


def place_of(index, count):
    """A place counted from the front. Errors: TypeError, IndexError."""
    index = operator.index(index)
    if not -count <= index < count:
        raise IndexError(f"index {index} is out of range")
    return index % count


def numbered(modules):
    """The modules under the names "0", "1", ..."""
    return {str(number): module for number, module in enumerate(modules)}


def insert_into(container, index, module):
    """Put a module before a place; those after it move on by one name."""
    modules = container._modules
    for number in range(len(modules), index, -1):
        modules[str(number)] = modules[str(number - 1)]
    modules[str(index)] = module


def without_digits(container):
    return [name for name in Module.__dir__(container) if not name.isdigit()]


def pairs_of(values, which, start):
    """The pairs of an iterable, as `dict.update` takes them. Errors: TypeError, ValueError."""
    if not isinstance(values, Iterable):
        raise TypeError(
            f"{start}.update should be called with an iterable of key/value pairs, but got "
            f"{type(values).__name__}"
        )
    for place, pair in enumerate(values):
        if not isinstance(pair, Iterable):
            raise TypeError(
                f"{which} update sequence element #{place} should be Iterable; "
                f"is{type(pair).__name__}"
            )
        if len(pair) != 2:
            raise ValueError(
                f"{which} update sequence element #{place} has length {len(pair)}; 2 is required"
            )
        yield pair
