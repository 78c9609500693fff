"""Sessions: Python texts run statement by statement with jtorch and with torch, and compared.

A session is a text file in `sessions/`: what stands before its first `#: title` belongs to every
part, and each part is a test of its own.  Of every expression among the statements the value is
compared, or the exception; of every statement what it prints and the warnings.  Statements may call
`t(lambda: ...)` to have one more value, or exception, compared.  Numbers in texts are compared as
numbers.
"""

import ast
import contextlib
import importlib
import io
import pathlib
import random
import re
import warnings

import numpy as np
import pytest

from autograd_programs import plain, shown, tried
from compare import Raised, differences, ours, theirs

FOLDER = pathlib.Path(__file__).parent / "sessions"
_TITLE = re.compile(r"^#: (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"-?\d+\.\d*(?:e[-+]?\d+)?|-?\d+e[-+]?\d+")


def parts_of(name):
    """The parts of a session, as pytest parameters: (text before the first part, text)."""
    before, *rest = _TITLE.split((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    titles, texts = rest[::2], rest[1::2]
    return [
        pytest.param((before, text), id=title) for title, text in zip(titles, texts, strict=True)
    ]


def sessions(*names):
    """A decorator: the test is run for each part of these sessions, as its argument `part`."""
    return pytest.mark.parametrize("part", [each for name in names for each in parts_of(name)])


def compare_part(part, tolerance=None):
    """Run a part with both modules and assert that all it shows is the same."""
    statements = [node for text in part for node in ast.parse(text).body]
    want, got = run(theirs, statements), run(ours, statements)
    found = []
    for node, mine, their in zip(statements, got, want, strict=True):
        wrong = [
            line
            for place, (left, right) in enumerate(_pairs(mine, their))
            for line in _differences(left, right, f"result {place}", tolerance)
        ]
        if wrong:
            found += [f"line {node.lineno}: {ast.unparse(node)[:200]}", *wrong]
    assert not found, "\n".join(found)
    return sum(map(len, want))


def _pairs(mine, their):
    longest = max(len(mine), len(their))
    pad = [Raised("", "", "nothing")] * longest
    return zip((mine + pad)[:longest], (their + pad)[:longest], strict=True)


def run(module, statements):
    """What each of the statements shows, as a list of records."""
    module.set_warn_always(True)  # whatever tests before this one have been warned of
    module.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    names = _names(module)
    shows = []
    names["t"] = lambda call: shows.extend(_observed(call))
    results = []
    try:
        for node in statements:
            shows.clear()
            shows_value = isinstance(node, ast.Expr)
            code = compile(
                ast.Expression(node.value) if shows_value else ast.Module([node], []),
                "session",
                "eval" if shows_value else "exec",
            )
            own = _observed(lambda code=code: eval(code, names))
            results.append([*shows, *own])
    finally:
        module.set_grad_enabled(True)
        module.set_warn_always(False)
    return results


def _observed(call):
    """[what a call gives or raises, what it prints, its warnings]."""
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        value = tried(lambda: _plain_types(call()))
    texts = [(each.category.__name__, plain(str(each.message))) for each in caught]
    return [value, shown(printed.getvalue()), shown(texts)]


def _plain_types(value):
    """A value with classes and generators as texts: their own classes have other names in torch."""
    if isinstance(value, type):
        return f"class {value.__module__}.{value.__qualname__}"
    if type(value).__name__ == "Generator":
        return "Generator"
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(map(_plain_types, value))
    if type(value) is dict:
        return {key: _plain_types(each) for key, each in value.items()}
    return value


def _names(module):
    names = {"torch": module, "np": np}
    for name in ("copy", "pickle", "io", "math", "warnings", "collections"):
        names[name] = importlib.import_module(name)
    names["OrderedDict"] = names["collections"].OrderedDict
    nn = names["nn"] = importlib.import_module(f"{module.__name__}.nn")
    names["F"], names["init"] = nn.functional, nn.init
    return names


def _differences(left, right, path, tolerance):
    texts = [_text(each) for each in (left, right)]
    if None in texts:
        return differences(left, right, path=path, strides=False, tolerance=tolerance)
    mine, their = texts
    if _NUMBER.sub("#", mine) != _NUMBER.sub("#", their) or not np.allclose(
        *[[float(each) for each in _NUMBER.findall(text)] for text in texts], rtol=1e-3, atol=2e-4
    ):
        return [f"{path}: got\n{mine[:600]}\ntorch gives\n{their[:600]}"]
    return []


def _text(record):
    """The text that a record is about, or None."""
    if isinstance(record, Raised):
        return f"{record.builtin} {record.name}: {record.text}"
    content = getattr(record, "content", None)
    return f"{record.kind}: {content}" if isinstance(content, str) else None
