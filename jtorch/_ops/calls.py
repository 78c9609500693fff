"""Calls with plain values: which of torch's signatures a call fits, and its arguments as that has them.

Integers come as Python integers, sequences of them as tuples, dtypes as dtypes; what was not given,
as its default. The rest comes as it is.
"""

import ast
import inspect
import operator

from jtorch import _dtypes
from jtorch._ops.parameters import NUMPY_NAMES
from jtorch._ops.signatures import (
    Argument,
    Signature,
    Signatures,
    bind_both,
    is_integer,
    parse,
)
from jtorch._size import Size
from jtorch._tensor import Tensor

SEQUENCES = (tuple, list, Size)


class _Shape(Argument):
    """A tuple of integers, for which no integer will do."""

    def accepts(self, value):
        return isinstance(value, SEQUENCES) and super().accepts(value)


def _parse(text):
    found = parse(text)
    return Signature([
        _Shape(**vars(each)) if each.type == "tuple of ints" else each for each in found.arguments
    ])  # fmt: skip


class Calls:
    """The calls of one name.

    `spread`: the place of a tuple of integers that may come as integers, one by one. `reads`: for
    arguments that are tensors, functions that give what they hold.
    """

    def __init__(self, name, texts, *, is_method=False, spread=None, reads=None):
        self.signatures = [_parse(text) for text in texts]
        self.checked = Signatures(name, self.signatures)
        self.skipped = 0
        if is_method:
            self.checked = self.checked.of_method()
            self.skipped = 1
        self.spread = spread
        # one integer alone may be an overload of its own
        self.takes_one = any(
            len(each.arguments) == 2 and each.arguments[1].type == "int" for each in self.signatures
        )
        self.first = int(all(each.arguments[0].type == "Tensor" for each in self.signatures))
        self.reads = reads or {}
        self.defaults = [
            [each.default and ast.literal_eval(each.default) for each in signature.arguments]
            for signature in self.signatures
        ]
        self.places = [
            {each.name: place for place, each in enumerate(signature.arguments)}
            for signature in self.signatures
        ]
        self.chosen = {}  # classes of the arguments -> place of the signature

    def arguments(self, args, kwargs):
        """The arguments of a call, in the order of the signature it fits.

        Errors:  TypeError, in torch's words, for a call that fits none.
        """
        return self.found(args, kwargs)[1]

    def found(self, args, kwargs):
        """(the place of the signature that a call fits, the arguments in its order)."""
        spread = self.spread
        count = 0 if spread is None else len(args) - spread
        if count > self.takes_one and is_integer(args[spread]):
            args = (*args[:spread], args[spread:])
        key = (*map(type, args), *kwargs, *map(type, kwargs.values()))
        place = self.chosen.get(key)
        if place is None:
            place = self.checked.choose(args[self.skipped :], kwargs)
            given = (*args[self.first :], *kwargs.values())
            if not any(isinstance(each, Tensor) for each in given):
                self.chosen[key] = place  # else it may depend on more than classes
        try:
            return place, self._plain(place, args, kwargs)
        except TypeError as error:
            raise self.checked.fault(args[self.skipped :], kwargs) or error from None

    def _plain(self, place, args, kwargs):
        arguments = self.signatures[place].arguments
        values = self.defaults[place].copy()
        for position, value in enumerate(args):
            values[position] = self._plain_value(arguments[position], value)
        for name, value in kwargs.items():
            places = self.places[place]
            position = places[name if name in places else NUMPY_NAMES[name]]
            values[position] = self._plain_value(arguments[position], value)
        return values

    def _plain_value(self, argument, value):
        kind = argument.type
        if value is None:
            return None
        if kind == "tuple of ints":
            if value and value[0].__class__ is bool:
                raise TypeError("torch finds the first element to be no integer")
            return tuple([operator.index(each) for each in value])
        if kind == "int":
            return operator.index(value)
        if kind == "torch.dtype":
            found = _dtypes.as_dtype(value)
            if found is None:
                raise TypeError("no dtype, though of a class that dtypes can have")
            return found
        if argument.name in self.reads and isinstance(value, Tensor):
            return self.reads[argument.name](value)
        return value


def called(*texts, name=None, variants="f", spread=None):
    """Declare a plain function by signatures: it gets every argument of the one that a call fits.

    Of one signature in order, of several by name. The decorated function stays as it is, for use
    with plain values.
    """

    def declare(function):
        known = name or function.__name__
        made = []
        for is_method in (False, True):
            calls = Calls(known, texts, is_method=is_method, spread=spread)
            made.append(_calling(function, calls, known))
        bind_both(known, *made, variants)
        return function

    return declare


def calling(*texts):
    """The same for a function of a facade: what this gives is the one that reads its arguments."""

    def declare(function):
        return _calling(function, Calls(function.__name__, texts), function.__name__)

    return declare


def _calling(function, calls, name):
    found = calls.found
    names = [[each.name for each in signature.arguments] for signature in calls.signatures]

    def call_in_order(*args, **kwargs):
        return function(*found(args, kwargs)[1])

    def call_by_name(*args, **kwargs):
        place, values = found(args, kwargs)
        return function(**dict(zip(names[place], values, strict=True)))

    call = call_in_order if len(names) == 1 else call_by_name

    call.__name__ = call.__qualname__ = name
    call.__module__ = "torch"
    call.__doc__ = inspect.getdoc(function)
    call.signatures, call.spread = calls.checked.signatures, calls.spread
    return call
