"""torch's words: names of types, calls that fit no overload, warnings that are heard once."""

import sys
import warnings

_HEAP_TYPE = 1 << 9  # CPython's flag of classes made by a class statement
# Modules of torch whose classes are written in C there, and by a class statement here.
_IN_C = ("torch", "torch.storage", "torch._C")


def type_name(value):
    """The name of a value's class as torch's messages have it: with its module if written in C."""
    found = type(value)
    in_c = not found.__flags__ & _HEAP_TYPE and found.__module__ != "builtins"
    if in_c or (found.__module__ in _IN_C and found.__name__ != "Tensor"):
        return f"{found.__module__}.{found.__qualname__}"
    return found.__name__


def invalid_combination(name, signatures, args, kwargs) -> TypeError:
    """The error for `name(*args, **kwargs)`; `signatures` are torch's, without parentheses.

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
    # torch marks a keyword as a whole; they come in the order of the signature
    given = [(key, _marked(kwargs[key], by_name[key])) for key in by_name if key in kwargs]
    shown += [f"!{key}={each[1:]}" if each[0] == "!" else f"{key}={each}" for key, each in given]
    text = ", ".join(shown) if args else "".join(f"{each}, " for each in shown)
    return f"arguments have invalid types: ({text})"


def _marked(value, wanted):
    name = type_name(value)
    if value.__class__ is tuple:
        comma = "," if len(value) == 1 else ""
        name = f"tuple of ({', '.join(map(type_name, value))}{comma})"
    elif value.__class__ is list:
        name = f"list of [{', '.join(map(type_name, value))}]"
    return name if name == wanted else f"!{name}!"


_warned = set()


class Always:
    """Whether what is heard once is to be heard always (torch.set_warn_always)."""

    on = False


def warn_once(text, what=None):
    """A warning that this process hears once, as those that torch's C++ gives; of `what` if given."""
    what = text if what is None else what
    if Always.on or what not in _warned:
        _warned.add(what)
        warn_user(text)


def warn_user(text, category=UserWarning):
    """A warning at the line that torch names: of who has called what stands in Python there, too.

    That is the user's line, or a line of our modules' if one of them has called.
    """
    frame, level = sys._getframe(), 1
    while frame.f_globals is globals():
        frame, level = frame.f_back, level + 1
    asker = frame.f_globals
    while frame.f_back is not None and (frame.f_globals is asker or _is_inner(frame)):
        frame, level = frame.f_back, level + 1
    warnings.warn(text, category, stacklevel=level)


def _is_inner(frame) -> bool:
    """Whether a frame is of what is C++ in torch, or of its functionals."""
    return frame.f_globals.get("__name__", "").startswith(("jtorch._", "jtorch.nn._"))
