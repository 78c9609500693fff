"""Signatures of the table, and of plain functions, as declarations in the language of stubs."""

import ast
import inspect

from jtorch._ops.parameters import Kind
from jtorch._ops.signatures import of_row
from stubs.parameters import type_of_plain

_WIDTH = 100
_TYPES = {
    "Tensor": "Tensor",
    "int": "_int",
    "float": "_float",
    "Number": "_Number",
    "bool": "_bool",
    "str": "_str",
    "torch.dtype": "_dtype",
    "torch.device": "_DeviceLike",
    "torch.memory_format": "_memory_format",
    "torch.layout": "_layout",
    "torch.Storage": "UntypedStorage | TypedStorage",
    "object": "Any",
    "tuple of floats": "Sequence[_float]",
    "tuple of Scalars": "Sequence[_Number]",
    "tuple of Tensors": "_Tensors",
}
# Keyword arguments for which torch's parser takes None, too.
_FLAGS = ("pin_memory", "requires_grad")


def declaration(name, parameters, result, *, indent="", documentation=None, decorators=()):
    """One `def` of a stub, wrapped as the formatter wraps it."""
    lines = [f"{indent}@{each}" for each in decorators]
    head, tail = f"{indent}def {name}(", f") -> {result}:"
    end = "" if documentation else " ..."
    one = head + ", ".join(parameters) + tail + end
    if len(one) <= _WIDTH or not parameters:
        lines.append(one)
    else:
        inner = f"{indent}    " + ", ".join(parameters)
        if len(inner) <= _WIDTH and not any(each.startswith("*") for each in parameters):
            lines += [head, inner, f"{indent}{tail}{end}"]
        else:
            lines += [head, *(f"{indent}    {each}," for each in parameters)]
            lines.append(f"{indent}{tail}{end}")
    if documentation:
        lines.append(f'{indent}    """{documentation}"""')
    return "\n".join(lines)


def summary(function):
    """The first paragraph of a docstring, if it is one line."""
    text = (inspect.getdoc(function) or "").split("\n\n")[0]
    line = " ".join(text.split())
    if not line or len(line) > 92 or "\\" in line or '"' in line:
        return None
    return line


def forms(function, skip_self):
    """The parameter lists of a function, one for each of its overloads."""
    row = getattr(function, "row", None)
    operands = [] if row is None else [e.name for e in row.parameters if e.kind is Kind.OPERAND]
    found = [_parameters(each, operands) for each in signatures_of(function)]
    spread = getattr(function, "spread", None)
    if skip_self and row is not None and _takes_integers(row):
        spread = 1
    if spread is not None:
        found += _spread_forms(signatures_of(function), spread - skip_self)
    if skip_self:
        found = [["self", *each] for each in found]
    return [
        each
        for place, each in enumerate(found)
        if not any(_covers(before, each) for before in found[:place])
        and not any(_covers(wider, each) and not _covers(each, wider) for wider in found[place:])
    ]


def _covers(before, after):
    """Whether a call that fits the overload `after` fits the one `before`, too: then it says nothing."""
    mine, theirs = _places(before), _places(after)
    missing = [name for name, each in mine.items() if name not in theirs and not each[2]]
    return not missing and all(
        name in mine and _covers_parameter(mine[name], each) for name, each in theirs.items()
    )


def _places(parameters):
    """{name: (place, types, whether there is a default)}; the place of one given by name is None."""
    found, by_name = {}, False
    for place, each in enumerate(parameters):
        if each == "*":
            by_name = True
            continue
        name, _, kind = each.partition(": ")
        kind, _, default = kind.partition(" = ")
        kinds = {*kind.replace("_Operand", "Tensor | _Number").split(" | ")}
        found[name] = (None if by_name else place, kinds, bool(default))
        by_name = by_name or name.startswith("*")
    return found


def _covers_parameter(mine, theirs):
    if theirs[0] is not None and mine[0] != theirs[0]:
        return False
    return theirs[1] <= mine[1] and (mine[2] or not theirs[2])


def signatures_of(function):
    """The signatures that a function was declared with; none for a plain function."""
    found = getattr(function, "signatures", None)
    if not found and hasattr(function, "row"):
        found = [of_row(function.row)]
    return found or ()


def _takes_integers(row):
    positional = [each for each in row.parameters if not each.keyword_only]
    return len(positional) == 2 and positional[1].kind is Kind.INTS


def _spread_forms(signatures, place):
    """The overloads that take a tuple of integers as integers, one by one."""
    found = []
    for signature in signatures:
        arguments = signature.arguments
        if place < len(arguments) and arguments[place].type == "tuple of ints":
            before = [_one(each) for each in arguments[:place]]
            after = [_one(each) for each in arguments[place + 1 :] if each.keyword_only]
            found.append([*before, f"*{arguments[place].name}: _int", *after])
    return found


def _parameters(signature, operands):
    found = [_one(each, operands) for each in signature.arguments]
    if signature.positional < len(found):
        found.insert(signature.positional, "*")
    return found


def _one(argument, operands=()):
    kind = _type(argument, operands)
    name = argument.name
    if argument.default is None:
        return f"{name}: {kind}"
    return f"{name}: {kind} = {_default(argument.default)}"


def _type(argument, operands):
    if argument.type == "tuple of ints":
        kind = "_Ints" if type(argument).__name__ == "_Shape" else "_int | _Ints"
    elif argument.type == "Tensor" and argument.name in operands:
        kind = "_Operand"
    else:
        kind = _TYPES[argument.type]
    nullable = argument.nullable or argument.default == "None" or argument.name in _FLAGS
    return f"{kind} | None" if nullable and kind != "Any" else kind


def _default(text):
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return "..."
    return "..." if isinstance(value, set) else repr(value).replace("'", '"')


def plain_form(function, name):
    """The parameter list of a function that has a plain Python signature."""
    parameters = []
    starred = False
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not starred:
            parameters.append("*")
            starred = True
        starred = starred or each.kind is each.VAR_POSITIONAL
        mark = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        kind = type_of_plain(name, each)
        text = f"{mark}{each.name}" + (f": {kind}" if kind else "")
        if each.default is not each.empty:
            text += (" = " if kind else "=") + _plain_default(each.default)
        parameters.append(text)
        if each.kind is each.POSITIONAL_ONLY:
            parameters.append("/")
    while parameters.count("/") > 1:
        parameters.remove("/")
    return parameters


def _plain_default(value):
    return (
        repr(value).replace("'", '"') if isinstance(value, (int, float, str, type(None))) else "..."
    )
