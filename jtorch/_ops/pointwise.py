"""`@pointwise`: broadcasting rows, whose functions and methods raise torch's TypeErrors."""

import dataclasses
import functools

import numpy as np

from jtorch._autocast import listed
from jtorch._messages import warn_once
from jtorch._ops.families import Binding, PointwiseRow, bindings
from jtorch._ops.parameters import Kind
from jtorch._ops.signatures import Argument, Signature, Signatures, of_row, parse
from jtorch._override import NoAnswerError
from jtorch._tensor import Tensor


def pointwise(promotion, *, row=PointwiseRow, overloads=(), **fields):
    """Declare a broadcasting row, of the class `row` where it has rules of its own.

    `overloads` are the signatures in torch's writing, where torch has several for what is one row;
    the other fields are those of `Row`.
    """
    return functools.partial(_declare, row, promotion, overloads, fields)


class SameOutRow(PointwiseRow):
    """A row that wants `out` to be of the result's dtype, where torch does not cast."""

    same_out = {True, False}  # where: of calls whose last operand is a tensor, of others

    def _into(self, out, entry, inputs):
        by_tensor = entry.kernel.inputs[-1].__class__ is not str
        if by_tensor in self.same_out and isinstance(out, Tensor) and entry.items is None:
            wanted = entry.meta.dtype
            if out.dtype is not wanted:
                raise RuntimeError(
                    f"Found dtype {out.dtype.scalar_name} but expected {wanted.scalar_name}"
                )
        return super()._into(out, entry, inputs)


class SameOutByNumberRow(SameOutRow):
    """The same, but where torch's overload for a tensor casts."""

    same_out = {False}


class SameOutByTensorRow(SameOutRow):
    """The same, but where torch's overload for a number casts."""

    same_out = {True}


class StepwiseRow(PointwiseRow):
    """A row that torch computes in half precision step by step, rounding after each."""

    def _dtypes(self, values, arguments):
        compute, result = super()._dtypes(values, arguments)
        return result if result.itemsize < 4 else compute, result


class GuardedRow(PointwiseRow):
    """A row whose numbers are checked at each call: the short paths skip that for small ones."""

    def make_function(self, call=None):
        call = call or self.call
        return lambda *args, **kwargs: call(args, kwargs)

    def make_in_place(self, call=None):
        call = call or self.call_in_place
        return lambda *args, **kwargs: call(args, kwargs)


class ScaledRow(PointwiseRow):
    """A row whose factor torch still takes by position, before the operands that it scales."""

    def bind(self, args, kwargs, suffix=""):
        if len(args) == self.positional + 1 and not isinstance(args[1], Tensor):
            self._warn(suffix)
            kwargs = {**kwargs, self.names[-1]: args[1]}
            args = (args[0], *args[2:])
        return super().bind(args, kwargs, suffix)

    def _warn(self, suffix):
        name = self.name + suffix
        operands = ", ".join(f"Tensor {each}" for each in self.names[1:-1])
        factor = self.names[-1]
        warn_once(
            f"This overload of {name} is deprecated:\n\t{name}(Number {factor}, {operands})\n"
            "Consider using one of the following signatures instead:\n"
            f"\t{name}({operands}, *, Number {factor} = 1)",
            ScaledRow,  # the first of all these that a program calls
        )


def other_number(name="other"):
    """The overloads of an operation whose second operand may be a number."""
    return (
        f"(Tensor input, Tensor {name}, *, Tensor? out = None)",
        f"(Tensor input, Number {name}, *, Tensor? out = None)",
    )


def either_number(name="other", out=True):
    """The overloads of an operation of which one operand may be a number."""
    first, last = other_number(name)
    middle = f"(Number self, Tensor {name}" + (", *, Tensor? out = None)" if out else ")")
    return first, middle, last


# In-place methods that are functions, too.
_NAMES = """
    abs acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh ceil clamp
    clamp_max clamp_min clip conj_physical cos cosh deg2rad erf erfc exp exp2 expm1 fix floor frac
    gcd i0 lcm ldexp log log10 log1p log2 logit nan_to_num neg negative rad2deg reciprocal relu
    round rsqrt sigmoid sin sinc sinh sqrt square tan tanh trunc xlogy
"""
_FUNCTIONS_IN_PLACE = frozenset(_NAMES.split())


def _declare(row_class, promotion, overloads, fields, body):
    row = row_class(body, promotion, **fields)
    row.hides = isinstance(row, ScaledRow)
    row.signatures = [parse(text) for text in overloads] or [_signature(row)]
    row.offered = function = _bind(row, row.name, row.operator)
    for alias in row.aliases:
        _bind(row, alias, None)
    return function


def is_operand(value) -> bool:
    """Whether an operator takes the value; numpy sees to its own arrays."""
    return isinstance(value, (Tensor, int, float, complex, np.generic))


def refuse_stranger(name, value):
    """What Python says where a method of torch's class in C is called on something else."""
    raise TypeError(
        f"descriptor '{name}' for 'torch._C.TensorBase' objects doesn't apply to a "
        f"'{type(value).__name__}' object"
    )


def reflected(function, name, is_descriptor=True):
    """Bind the operator `other OP tensor` as `function(tensor, other)`, which is the short way."""

    def operate(self, other):
        if self.__class__ is not Tensor and not isinstance(self, Tensor):
            return refuse_stranger(name, self) if is_descriptor else NotImplemented
        try:
            return function(self, other) if is_operand(other) else NotImplemented
        except NoAnswerError:
            return NotImplemented

    operate = function.short(operate) if hasattr(function, "short") else operate
    bindings.append(Binding(name, _named(function.row, name, operate), variants="m"))


def renamed(function, name):
    """The function of a row under a name of its own, which its TypeErrors have."""
    return _function(function.row, name)


def _function(row, name):
    call = _worded(row.call, name, row.signatures, hides=row.hides)
    return listed(row.name, _named(row, name, row.make_function(call), row.signatures))


def _bind(row, name, operator):
    """Hand the function, the method and the in-place method of one name to `bind`."""
    of_method = [each.of_method() for each in row.signatures if each.arguments[0].type == "Tensor"]
    function = _function(row, name)
    call = _worded(row.call, name, of_method, 1, row.hides)
    method = listed(row.name, _named(row, name, row.make_function(call), of_method))
    in_place = None
    if "i" in row.variants:
        call = _worded(row.call_in_place, f"{name}_", of_method, 1, row.hides)
        in_place = _named(row, f"{name}_", row.make_in_place(call), of_method)
        bindings.append(Binding(f"{name}_", in_place, None, "m"))
        if name in _FUNCTIONS_IN_PLACE:
            bindings.append(Binding(f"{name}_", _function_in_place(row, f"{name}_"), None, "f"))
    for letter, each in (("f", function), ("m", method)):
        if letter in row.variants:
            bindings.append(Binding(name, each, None, letter))
    if operator is not None:
        bindings.append(Binding(name, method, in_place, "", (), operator))
    return function


def _function_in_place(row, name):
    signatures = [
        Signature([a for a in each.arguments if a.name != "out"]) for each in row.signatures
    ]
    call = _worded(row.call_in_place, name, signatures)
    return _named(row, name, row.make_in_place(call), signatures)


def _named(row, name, function, signatures=()):
    function.__name__ = function.__qualname__ = name
    function.signatures = signatures
    function.__doc__ = row.__doc__
    function.__module__ = "torch"
    function.row = row
    return function


def _worded(call, name, signatures, skipped=0, hides=False):
    """`call` with torch's words in its TypeErrors; `skipped` arguments have no place in them."""
    found = Signatures(name, signatures, is_method=bool(skipped), hides=hides)
    numbers_alone = not any(
        each.arguments[0].type == "Number" for each in signatures if not skipped
    )

    def worded(args, kwargs):
        try:
            if skipped and "out" in kwargs:
                raise TypeError("methods take no `out`")
            if not numbers_alone and not any(
                isinstance(each, Tensor) for each in (*args, *kwargs.values())
            ):
                raise TypeError("one of the operands has to be a tensor")
            return call(args, kwargs)
        except NoAnswerError:
            raise
        except TypeError as error:
            raise found.fault(args[skipped:], kwargs) or error from None

    return worded


@dataclasses.dataclass(frozen=True)
class _Operand(Argument):
    """A parameter that torch calls a Tensor, and that takes numbers too."""

    def accepts(self, value):
        return super().accepts(value) or _NUMBER.accepts(value)


_NUMBER = Argument("Number", "")


def _signature(row):
    """The signature that a row's annotations say."""
    arguments = list(of_row(row).arguments)
    for position, parameter in enumerate(row.parameters):
        if parameter.kind is Kind.OPERAND:
            given = arguments[position]
            arguments[position] = _Operand(**dataclasses.asdict(given))
    return Signature(arguments)
