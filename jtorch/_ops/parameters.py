"""Parameters of rows: what annotations mean, and how a call's arguments become their values."""

import enum
import inspect
import types
import typing

import numpy as np

from jtorch._dtypes import INTEGRAL
from jtorch._messages import type_name
from jtorch._tensor import Tensor


class Number:
    """Annotation of a parameter that is a Python number."""


class Index(Tensor):
    """Annotation of a tensor parameter that takes no part in type promotion."""


class Tensors:
    """Annotation of a parameter that is a sequence of tensors."""


class Ints:
    """Annotation of a parameter that is a sequence of integers."""


class Kind(enum.Enum):
    TENSOR = enum.auto()
    OPERAND = enum.auto()
    INDEX = enum.auto()
    TENSORS = enum.auto()
    NUMBER = enum.auto()
    INTS = enum.auto()
    STATIC = enum.auto()


REQUIRED = inspect.Parameter.empty
# NumPy's names for torch's parameters, which torch accepts too.
NUMPY_NAMES = {"axis": "dim", "axes": "dim", "keepdims": "keepdim", "x": "input", "a": "input",
                "x1": "input", "x2": "other"}  # fmt: skip


class Left:
    """A number that the caller left at its default: then its value is part of the program."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Parameter:
    """One parameter of a row."""

    __slots__ = ("default", "keyword_only", "kind", "literals", "name", "optional")

    def __init__(self, parameter, literals):
        self.name = parameter.name
        self.default = parameter.default
        self.keyword_only = parameter.kind is parameter.KEYWORD_ONLY
        self.literals = literals
        parts = typing.get_args(parameter.annotation) or (parameter.annotation,)
        self.optional = types.NoneType in parts or parameter.default is None
        if Tensor in parts:
            self.kind = Kind.OPERAND if Number in parts else Kind.TENSOR
        else:
            known = {Index: Kind.INDEX, Tensors: Kind.TENSORS, Number: Kind.NUMBER, Ints: Kind.INTS}
            self.kind = known.get(parts[0], Kind.STATIC)
        if self.kind is Kind.NUMBER and self.default not in (None, REQUIRED):
            self.default = Left(self.default)


class Signature:
    """The parameters of a function, and what torch says of arguments that do not fit them."""

    def __init__(self, name, function, literals):
        self.name = name
        self.signature = inspect.signature(function)
        self.parameters = [
            Parameter(each, literals.get(each.name, ()))
            for each in self.signature.parameters.values()
        ]
        self.names = [each.name for each in self.parameters]
        self.positions = {name: position for position, name in enumerate(self.names)}
        self.positional = sum(not each.keyword_only for each in self.parameters)

    def bind(self, args, kwargs, suffix=""):
        """The arguments in the order of the parameters, with defaults."""
        parameters = self.parameters
        given = len(args)
        values = list(args)
        if given > self.positional:
            last = parameters[self.positional - 1]
            if last.kind is not Kind.INTS or last.keyword_only:
                raise TypeError(self._too_many(given, suffix))
            values[self.positional - 1 :] = [tuple(args[self.positional - 1 :])]
        values.extend(each.default for each in parameters[len(values) :])
        for name, value in kwargs.items():
            position = self.positions.get(name)
            if position is None:
                position = self.positions.get(NUMPY_NAMES.get(name))
            if position is None:
                raise TypeError(
                    f"{self.name}{suffix}() got an unexpected keyword argument '{name}'"
                )
            if position < given:
                raise TypeError(f"{self.name}{suffix}() got multiple values for argument '{name}'")
            values[position] = value
        missing = [p.name for p, v in zip(parameters, values, strict=True) if v is REQUIRED]
        if missing:
            names = ", ".join(f'"{name}"' for name in missing)
            raise TypeError(
                f"{self.name}{suffix}() missing {len(missing)} required positional "
                f"{'arguments' if len(missing) == 1 else 'argument'}: {names}"
            )
        return values

    def _too_many(self, given, suffix):
        count = self.positional
        plural = "argument" if count == 1 else "arguments"
        return f"{self.name}{suffix}() takes {count} positional {plural} but {given} were given"

    def _integers(self, position, value):
        if value.__class__ is tuple and all(each.__class__ is int for each in value):
            return value
        is_one = isinstance(value, Tensor) and not value.ndim
        if isinstance(value, (list, tuple)) or (hasattr(value, "__len__") and not is_one):
            try:
                if len(value) == 1 and isinstance(value[0], (list, tuple)):
                    value = value[0]
                return tuple([each.__index__() for each in value])
            except (TypeError, AttributeError):
                bad = next(i for i, each in enumerate(value) if not hasattr(each, "__index__"))
                raise TypeError(
                    f"{self.name}(): argument '{self.names[position]}' (position {position + 1}) "
                    f"must be tuple of ints, but found element of type {type_name(value[bad])} "
                    f"at pos {bad}"
                ) from None
        if hasattr(value, "__index__"):
            return (value.__index__(),)
        raise self._bad_type(position, value, "tuple of ints")

    def _sequence(self, position, value):
        if not isinstance(value, (list, tuple)):
            raise self._bad_type(position, value, "tuple of Tensors")
        for index, each in enumerate(value):
            if not isinstance(each, Tensor):
                raise TypeError(
                    f"expected Tensor as element {index} in argument {position}, "
                    f"but got {type_name(each)}"
                )
        return tuple(value)

    def _number(self, position, value, values=()):
        """A number as data, for an operation on `values`."""
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            value = value.item()
        kind = value.__class__
        if kind is float or kind is bool or kind is complex:
            return value
        if kind is int:
            if 2**63 <= value < 2**64 and any(map(_is_inexact, values)):
                return float(value)
            return wrap_integer(value)
        if isinstance(value, (float, complex)):  # of a subclass
            return float(value) if isinstance(value, float) else complex(value)
        if hasattr(value, "__index__"):
            return wrap_integer(value.__index__())
        wanted = "Number" if self.parameters[position].kind is Kind.NUMBER else "Tensor"
        raise self._bad_type(position, value, wanted)

    def _bad_type(self, position, value, wanted="Tensor"):
        parameter = self.parameters[position]
        place = "" if parameter.keyword_only else f" (position {position + 1})"
        return TypeError(
            f"{self.name}(): argument '{parameter.name}'{place} must be {wanted}, "
            f"not {type_name(value)}"
        )


def _is_inexact(value):
    return isinstance(value, Tensor) and value._meta.dtype.category > INTEGRAL


def wrap_integer(value):
    """A Python integer as the int64 with the same low 64 bits, for uint64's sake."""
    if -(2**63) <= value < 2**63:
        return value
    if value < 2**64:
        return value - 2**64
    raise OverflowError("int too big to convert")
