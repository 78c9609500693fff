"""torch's words for a call that fits none of a function's overloads."""

from jtorch._ops.parameters import type_name


def invalid_combination(name, signatures, args, kwargs) -> TypeError:
    """The error for `name(*args, **kwargs)`; `signatures` as torch writes them, without parentheses.

    `args` is without the tensor itself where the call is a method's.
    """
    given = ", ".join(type_name(each) for each in args)
    # torch keeps keywords in a hash table, which gives the last one first
    keywords = [f"{key}={type_name(value)}" for key, value in reversed(kwargs.items())]
    if keywords and not args:
        given = "".join(f"{each}, " for each in keywords)
    else:
        given = ", ".join([given, *keywords]) if keywords else given
    text = f"{name}() received an invalid combination of arguments - got ({given}), but expected "
    if len(signatures) == 1:
        return TypeError(f"{text}({signatures[0]})")
    lines = [f"{text}one of:"]
    for signature in signatures:
        lines.append(f" * ({signature})")
        reason = _reason(signature, args, kwargs)
        if reason is not None:
            lines.append(f"      didn't match because some of the {reason}")
    return TypeError("\n".join(lines) + "\n")


def _reason(signature, args, kwargs):
    """Why the overload did not match; torch says so only where the number of arguments would."""
    pieces = signature.split(", ")
    if len(args) + len(kwargs) != len(pieces):
        return None
    known = {piece.rpartition(" ")[2] for piece in pieces}  # a default hides its keyword
    unknown = [key for key in reversed(kwargs) if key not in known]
    if unknown:
        return f"keywords were incorrect: {', '.join(unknown)}"
    by_name = {piece.rpartition(" ")[2]: piece.rpartition(" ")[0] for piece in pieces}
    shown = [
        _marked(value, piece.rpartition(" ")[0]) for value, piece in zip(args, pieces, strict=False)
    ]
    shown += [f"{key}={_marked(kwargs[key], by_name[key])}" for key in reversed(kwargs)]
    return f"arguments have invalid types: ({', '.join(shown)})"


def _marked(value, wanted):
    name = type_name(value)
    if value.__class__ is tuple:
        name = f"tuple of ({', '.join(map(type_name, value))})"
    elif value.__class__ is list:
        name = f"list of [{', '.join(map(type_name, value))}]"
    return name if name == wanted else f"!{name}!"
