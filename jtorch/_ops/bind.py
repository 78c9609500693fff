"""Puts what the families declared where users find it: on Tensor, and in the package."""

import numpy as np

from jtorch import _override
from jtorch._interop import tensor_of_numpy
from jtorch._ops import table  # noqa: F401 - declares the rows that `bindings` holds
from jtorch._ops.families import bindings
from jtorch._ops.pointwise import refuse_stranger
from jtorch._override import NoAnswerError, overridable
from jtorch._sparse import table as _sparse  # noqa: F401 - declares what sparse tensors answer
from jtorch._tensor import Tensor

_REFLECTED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or",
              "xor", "lshift", "rshift")  # fmt: skip
# Reflected operators that torch's class in C has; the others are functions of Python's.
_DESCRIPTORS = ("and", "or", "xor")


def bind() -> dict:
    """Bind every declaration; returns the functions of the package by name."""
    functions = {}
    for each in bindings:
        _let_override(each)
        for name in (each.name, *each.aliases):
            if "f" in each.variants:
                functions[name] = each.function
            if "m" in each.variants:
                setattr(Tensor, name, each.function)
            if each.in_place is not None:
                setattr(Tensor, name + "_", each.in_place)
        if each.operator is not None:
            _bind_operator(each)
    _override.functions.update(functions)
    return functions


# Of these, subclasses of Tensor need not hear: they look at the tensor, or keep its class.
_PROTOCOL = frozenset((
    "__repr__", "__format__", "__deepcopy__", "__copy__", "__iter__", "__reduce_ex__",
    "__setstate__", "__array__", "__dlpack__", "__dlpack_device__", "__jax_array__",
    "as_subclass", "is_tensor", "typename",
))  # fmt: skip


def _let_override(each) -> None:
    """Have plain functions ask subclasses of Tensor first; rows and overloads do that anyway."""
    function = each.function
    if isinstance(function, property):
        each.function = property(
            overridable(function.fget), function.fset, function.fdel, function.__doc__
        )
    elif not (hasattr(function, "row") or hasattr(function, "asks") or each.name in _PROTOCOL):
        each.function = overridable(function, each.name)


def _bind_operator(each) -> None:
    name = each.operator
    setattr(Tensor, f"__{name}__", _shortened(_guarded(each.function, name), each.function))
    if name in _REFLECTED:
        if f"__r{name}__" not in vars(Tensor):  # the class itself answers to __ror__
            setattr(Tensor, f"__r{name}__", _reflected(each.function, name))
        if each.in_place is not None:
            operate = _guarded(each.in_place, "i" + name)
            setattr(Tensor, f"__i{name}__", _shortened(operate, each.in_place))


def _shortened(operate, function):
    """An operator that goes the short way of a function first, if that has one."""
    if not hasattr(function, "short"):
        return operate
    made = function.short(operate)
    made.__name__ = made.__qualname__ = operate.__name__
    return made


def _is_operand(value) -> bool:
    return isinstance(value, (Tensor, int, float, complex, np.generic))  # numpy does its arrays


def _guarded(function, name):
    """The function as an operator: Python gets to say what is wrong with an operand."""

    def operate(self, *other):
        if other and other[0].__class__ is not Tensor and not _is_operand(other[0]):
            if name == "eq" and isinstance(other[0], np.ndarray):
                return function(self, tensor_of_numpy(other[0]))  # the one that torch does itself
            return NotImplemented
        try:
            return function(self, *other)
        except NoAnswerError:
            return NotImplemented

    operate.__name__ = operate.__qualname__ = f"__{name}__"
    return operate


def _reflected(function, name):
    def operate(self, other):
        if self.__class__ is not Tensor and not isinstance(self, Tensor):
            if name in _DESCRIPTORS:
                refuse_stranger(operate.__name__, self)
            if not _is_operand(self) or not isinstance(other, Tensor):
                return NotImplemented
        if not _is_operand(other):
            return NotImplemented
        try:
            return function(other, self)
        except NoAnswerError:
            return NotImplemented

    operate.__name__ = operate.__qualname__ = f"__r{name}__"
    return operate
