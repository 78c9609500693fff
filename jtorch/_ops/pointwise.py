"""`@pointwise`: broadcasting rows, whose functions, methods and operators raise torch's TypeErrors."""

import dataclasses
import functools

from jtorch._ops.families import Binding, PointwiseRow, bindings
from jtorch._ops.parameters import Kind
from jtorch._ops.signatures import Argument, Signature, Signatures, of_row, parse


def pointwise(promotion, *, row=PointwiseRow, overloads=(), **fields):
    """Declare a broadcasting row, of the class `row` where it has rules of its own.

    `overloads` are the signatures in torch's writing, where torch has several for what is one row;
    the other fields are those of `Row`.
    """
    return functools.partial(_declare, row, promotion, overloads, fields)


def _declare(row_class, promotion, overloads, fields, body):
    row = row_class(body, promotion, **fields)
    found = row.signatures = [parse(text) for text in overloads] or [_signature(row)]
    of_method = [each.of_method() for each in found if each.arguments[0].type == "Tensor"]
    function = row.make_function(_worded(row.call, Signatures(row.name, found)))
    method = row.make_function(_worded(row.call, Signatures(row.name, of_method), skipped=1))
    in_place = None
    if "i" in row.variants:
        signatures = Signatures(row.name + "_", of_method)
        in_place = row.make_in_place(_worded(row.call_in_place, signatures, skipped=1))
    _bind(row, function, method, in_place)
    return function


def renamed(function, name):
    """The function of a row under a name of its own, which its TypeErrors have."""
    row = function.row
    made = row.make_function(_worded(row.call, Signatures(name, row.signatures)))
    made.__name__ = made.__qualname__ = name
    made.__doc__ = row.__doc__
    made.row = row
    return made


def _bind(row, function, method, in_place):
    for each, name in ((function, row.name), (method, row.name), (in_place, row.name + "_")):
        if each is not None:
            each.__name__ = each.__qualname__ = name
            each.__doc__ = row.__doc__
            each.__module__ = "torch"
            each.row = row
    aliases = tuple(row.aliases)
    for letter, each in (("f", function), ("m", method), ("i", method)):
        if letter in row.variants:
            bindings.append(Binding(row.name, each, in_place, letter, aliases))
    if row.operator is not None:
        bindings.append(Binding(row.name, method, in_place, "", (), row.operator))


def _worded(call, signatures, skipped=0):
    """`call`, with torch's words in its TypeErrors; `skipped` arguments are not in the signatures."""

    def worded(args, kwargs):
        try:
            if skipped and "out" in kwargs:
                raise TypeError("methods take no `out`")
            return call(args, kwargs)
        except TypeError as error:
            raise signatures.fault(args[skipped:], kwargs) or error from None

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
