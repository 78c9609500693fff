"""Signatures as torch's argument parser reads them: which overload a call means, and its TypeErrors.

A signature is written as torch prints it, with `?` after the type of a parameter that takes None:
`(Tensor input, int? dim = None, bool keepdim = False, *, Tensor? out = None)`. Where a row has one
overload, the signature follows from its annotations. A call that is right never comes here but once
per combination of argument classes; a call that raised TypeError is read again for torch's words.
"""

import dataclasses
import functools
import inspect
import re
import types
import typing

import numpy as np

from jtorch import _dtypes
from jtorch._autocast import listed
from jtorch._device import device
from jtorch._layout import layout, memory_format
from jtorch._messages import invalid_combination
from jtorch._ops.families import Binding, bindings
from jtorch._ops.parameters import NUMPY_NAMES, Index, Ints, Number, Tensors, type_name
from jtorch._override import (
    NoAnswerError,
    dispatch_function,
    dispatch_method,
    overloaded,
    state,
)
from jtorch._tensor import Tensor


class Dim:
    """Annotation of a dim: counted from the front when the body gets it."""


class Dims:
    """Annotation of a set of dims: a sorted tuple when the body gets it; none given: all."""


@dataclasses.dataclass(frozen=True)
class Argument:
    """One parameter of a signature."""

    type: str
    name: str
    default: str | None = None
    nullable: bool = False
    keyword_only: bool = False

    def __str__(self):
        return f"{self.type} {self.name}" + ("" if self.default is None else f" = {self.default}")

    def accepts(self, value) -> bool:
        return (value is None and self.nullable) or _ACCEPTS[self.type](value)


class Signature:
    """One overload."""

    def __init__(self, arguments):
        self.arguments = tuple(arguments)
        self.positional = sum(not each.keyword_only for each in self.arguments)
        self.required = sum(each.default is None for each in self.arguments)

    def __str__(self):
        parts = [str(each) for each in self.arguments]
        if self.positional < len(parts):
            parts.insert(self.positional, "*")
        return f"({', '.join(parts)})"

    def of_method(self):
        """The signature without the tensor before the dot, and without `out`."""
        return Signature([each for each in self.arguments[1:] if each.name != "out"])

    def fault(self, name, args, kwargs):
        """The TypeError that torch raises for these arguments; None if they fit."""
        if len(args) > self.positional:
            return TypeError(f"{name}() {self._takes(len(args))}")
        left = dict(kwargs)
        for place, argument in enumerate(self.arguments):
            if place < len(args):
                value = args[place]
            else:
                key = argument.name if argument.name in left else _numpy_name(argument.name, left)
                if key is None:
                    if argument.default is None:
                        return self._missing(name, place)
                    continue
                value = left.pop(key)
            if not argument.accepts(value):
                by_place = place < len(args)  # by name torch does not look into sequences
                where = f" (position {place + 1})" if by_place else ""
                came = _what_came(argument.type, value) if by_place else f"not {type_name(value)}"
                return TypeError(
                    f"{name}(): argument '{argument.name}'{where} must be {argument.type}, {came}"
                )
        for key in left:
            known = any(each.name == key for each in self.arguments)
            what = "multiple values for" if known else "an unexpected keyword"
            return TypeError(f"{name}() got {what} argument '{key}'")
        return self._bad_element(name, args, kwargs)

    def _takes(self, given):
        if self.required != self.positional:
            return (
                f"takes from {self.required} to {self.positional} positional arguments "
                f"but {given} were given"
            )
        plural = "argument" if self.positional == 1 else "arguments"
        was = "was" if given == 1 else "were"
        return f"takes {self.positional} positional {plural} but {given} {was} given"

    def _missing(self, name, place):
        missing = [each.name for each in self.arguments[place:] if each.default is None]
        names = ", ".join(f'"{each}"' for each in missing)
        count = len(missing)
        plural = "arguments" if count == 1 else "argument"  # so it is in torch
        return TypeError(f"{name}() missing {count} required positional {plural}: {names}")

    def _bad_element(self, name, args, kwargs):
        """torch looks at the first of several integers, and finds a bad one when it unpacks them."""
        given = dict(zip([each.name for each in self.arguments], args, strict=False)) | kwargs
        for argument in self.arguments:
            value = given.get(argument.name)
            if argument.type == "tuple of ints" and isinstance(value, (tuple, list)):
                for place, each in enumerate(value):
                    if not is_integer(each):
                        return TypeError(
                            f"{name}(): argument '{argument.name}' failed to unpack the object at pos "
                            f'{place + 1} with error "type must be tuple of ints,but got '
                            f'{type_name(each)}"'
                        )
        return None


def _numpy_name(name, kwargs):
    """The NumPy name, among the keywords, of a parameter of this name."""
    return next((key for key in kwargs if NUMPY_NAMES.get(key) == name), None)


def _what_came(wanted, value):
    if wanted in ("tuple of Tensors", "tuple of ints") and isinstance(value, (tuple, list)):
        fits = _is_tensor if wanted == "tuple of Tensors" else is_integer
        place = next(i for i, each in enumerate(value) if not fits(each))
        return f"but found element of type {type_name(value[place])} at pos {place}"
    return f"not {type_name(value)}"


def is_integer(value) -> bool:
    """Whether torch takes the value for an int: no bool, but a 0-dim tensor of integers."""
    if isinstance(value, Tensor):
        return value.ndim == 0 and value.dtype.category <= _dtypes.INTEGRAL
    return hasattr(value, "__index__") and not isinstance(value, (bool, np.bool_, np.ndarray))


def _is_float(value):
    if isinstance(value, Tensor):
        return value.ndim == 0 and value.dtype.category <= _dtypes.FLOATING
    return isinstance(value, (float, int, np.floating)) or is_integer(value)


def _is_number(value):
    if isinstance(value, Tensor):
        return value.ndim == 0
    return isinstance(value, (float, int, complex, np.number, np.bool_))


def _is_sequence_of(accepts):
    def accept(value):
        return isinstance(value, (tuple, list)) and (not value or accepts(value[0]))

    return accept


def _is_tensor(value):
    return isinstance(value, Tensor)


def _is_tensors(value):
    return isinstance(value, (tuple, list)) and all(map(_is_tensor, value))


def _is_ints(value):
    return is_integer(value) or _is_sequence_of(is_integer)(value)


_ACCEPTS = {
    "Tensor": _is_tensor,
    "int": is_integer,
    "float": _is_float,
    "Number": _is_number,
    "bool": lambda value: isinstance(value, (bool, np.bool_)),
    "str": lambda value: isinstance(value, str),
    "torch.dtype": lambda value: _dtypes.as_dtype(value) is not None,
    "torch.device": lambda value: isinstance(value, (device, str)) or is_integer(value),
    "torch.memory_format": lambda value: isinstance(value, memory_format),
    "torch.layout": lambda value: isinstance(value, layout),
    "torch.Storage": lambda value: value.__class__.__module__ == "torch.storage",
    "object": lambda value: True,
    "tuple of ints": _is_ints,
    "tuple of floats": _is_sequence_of(_is_float),
    "tuple of Scalars": _is_sequence_of(_is_number),
    "tuple of Tensors": _is_tensors,
}

_TYPE_NAMES = {
    Tensor: "Tensor", Index: "Tensor", Number: "Number", Tensors: "tuple of Tensors",
    Ints: "tuple of ints", Dim: "int", Dims: "tuple of ints", int: "int", float: "float",
    bool: "bool", str: "str", _dtypes.dtype: "torch.dtype",
}  # fmt: skip


def parse(text) -> Signature:
    """The signature that a text says."""
    arguments = []
    keyword_only = False
    for part in text.strip("()").split(", "):
        if part in ("*", ""):
            keyword_only = part == "*"
            continue
        kind, mark, name, default = re.fullmatch(r"(.+?)(\??) (\w+)(?: = (.+))?", part).groups()
        arguments.append(Argument(kind, name, default, bool(mark), keyword_only))
    return Signature(arguments)


def of_row(row) -> Signature:
    """The signature that a row's annotations say; with `out` where the row's variants have it."""
    arguments = []
    for each in row.signature.parameters.values():
        parts = typing.get_args(each.annotation) or (each.annotation,)
        default = None if each.default is each.empty else repr(each.default)
        nullable = types.NoneType in parts
        keyword_only = each.kind is each.KEYWORD_ONLY
        kind = _TYPE_NAMES[Number if Number in parts and Tensor not in parts else parts[0]]
        arguments.append(Argument(kind, each.name, default, nullable, keyword_only))
    if "o" in row.variants:
        kind = "tuple of Tensors" if row.returns else "Tensor"
        arguments.append(Argument(kind, "out", "None", True, True))
    return Signature(arguments)


class Signatures:
    """The overloads of one name."""

    def __init__(self, name, signatures, is_method=False, hides=False):
        self.name = name
        self.signatures = signatures
        self.hides = hides  # whether torch has one more overload, which it does not speak of
        # C functions without parameters do not go through torch's parser
        self.is_plain = is_method and [len(each.arguments) for each in signatures] == [0]

    def of_method(self):
        found = [each.of_method() for each in self.signatures]
        return Signatures(self.name, found, is_method=True, hides=self.hides)

    def choose(self, args, kwargs):
        """The place of the first overload that the arguments fit.

        Errors:  TypeError, in torch's words, if there is none.
        """
        for place, signature in enumerate(self.signatures):
            if signature.fault(self.name, args, kwargs) is None:
                return place
        raise self.fault(args, kwargs)

    def fault(self, args, kwargs):
        """The TypeError that torch raises for arguments that fit no overload; None if they fit one."""
        if self.is_plain and kwargs:
            return TypeError(f"TensorBase.{self.name}() takes no keyword arguments")
        if self.is_plain and args:
            return TypeError(f"TensorBase.{self.name}() takes no arguments ({len(args)} given)")
        faults = [each.fault(self.name, args, kwargs) for each in self.signatures]
        if None in faults:
            return None
        count = len(args) + len(kwargs)
        plausible = [
            fault
            for fault, each in zip(faults, self.signatures, strict=True)
            if each.required <= count <= len(each.arguments)
        ]
        if len(plausible) == 1 or (len(faults) == 1 and not self.hides):
            return plausible[0] if plausible else faults[0]
        unpacking = next((each for each in faults if "failed to unpack" in str(each)), None)
        if unpacking is not None:
            return unpacking
        texts = [str(each)[1:-1] for each in self.signatures]
        return invalid_combination(self.name, texts, args, kwargs)


def worded(call, signatures, name=None, documentation=None):
    """`call(args, kwargs)` as a function and as a method, whose TypeErrors are torch's."""
    of_method = signatures.of_method()

    def function(*args, **kwargs):
        if state.active and (relevant := overloaded(args, kwargs)):
            return dispatch_function(function.__name__, function, relevant, args, kwargs)
        try:
            return call(args, kwargs)
        except NoAnswerError:
            raise
        except TypeError as error:
            if relevant := overloaded(args, kwargs):  # what is no tensor but acts as one
                return dispatch_function(function.__name__, function, relevant, args, kwargs)
            raise signatures.fault(args, kwargs) or error from None

    def method(*args, **kwargs):
        if state.active and (relevant := overloaded(args, kwargs)):
            return dispatch_method(method.__name__, method, relevant, args, kwargs)
        try:
            if "out" in kwargs:
                raise TypeError("methods take no `out`")
            return call(args, kwargs)
        except NoAnswerError:
            raise
        except TypeError as error:
            raise of_method.fault(args[1:], kwargs) or error from None

    for each in (function, method):
        each.__name__ = each.__qualname__ = name or signatures.name
        each.__doc__ = documentation
        each.__module__ = "torch"
        each.asks = True  # subclasses of Tensor that override functions
    function.signatures = signatures.signatures  # what the stubs are written from
    method.signatures = of_method.signatures
    return function, method


def described(*texts, name=None, variants="fm", aliases=()):
    """Declare a plain function as it is; its TypeErrors become those of the overloads in `texts`."""

    def declare(function):
        known = name or function.__name__
        function = listed(known, function)
        signatures = Signatures(known, [parse(text) for text in texts])

        def call(args, kwargs):
            return function(*args, **kwargs)

        documentation = inspect.getdoc(function)
        as_function, as_method = worded(call, signatures, documentation=documentation)
        bind_both(known, as_function, as_method, variants, aliases)
        return function

    return declare


def overloads(*choices, aliases=(), variants="fm"):
    """Declare a name with overloads: `choices` are pairs of a signature and a function.

    The decorated function says the name and the documentation. Its body is never run.
    """
    return functools.partial(_declare_overloads, choices, aliases, variants)


def _declare_overloads(choices, aliases, variants, declaration):
    name = declaration.__name__.rstrip("_")
    signatures = Signatures(name, [parse(text) for text, _ in choices])
    functions = [function for _, function in choices]
    chosen = {}

    def call(args, kwargs):
        key = tuple(map(type, args))
        if kwargs:
            key = (key, tuple(kwargs), tuple(map(type, kwargs.values())))
        function = chosen.get(key)
        if function is None:
            function = functions[signatures.choose(args, kwargs)]
            if not _depends_on_value(args) and not _depends_on_value(kwargs.values()):
                chosen[key] = function
        return function(*args, **kwargs)

    made = worded(call, signatures, documentation=inspect.getdoc(declaration))
    function, method = [listed(name, each) for each in made]
    bind_both(name, function, method, variants, aliases)
    return function


def _depends_on_value(values):
    """Whether an overload is chosen by more than the classes of its arguments."""
    return any(
        isinstance(each, (tuple, list)) or (isinstance(each, Tensor) and place and not each.ndim)
        for place, each in enumerate(values)
    )


def bind_both(name, function, method, variants, aliases=(), in_place=None):
    """Hand a function and a method of one name to `bind`."""
    aliases = tuple(aliases)
    if "f" in variants:
        bindings.append(Binding(name, function, None, "f", aliases))
    if "m" in variants:
        bindings.append(Binding(name, method, None, "m", aliases))
    if in_place is not None:
        bindings.append(Binding(name, function, in_place, "i", aliases))
