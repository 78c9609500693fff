"""Short programs about autograd, run with jtorch and with torch, and how what they show is compared.

A program is a function of the module under test, or a line of a text file (see `expressions`); it
must not raise with torch, except where it says so: by `tried`, or a line by a `!` in front.  Of each
tensor it gives, the record of `compare` is compared and its place in the graph: the name of its
`grad_fn` and whether it is a leaf.
"""

import copy
import functools
import importlib
import pickle
import re
import warnings

import numpy as np
import pytest

from compare import Named, Raised, assert_same, describe, freeze, is_tensor, neutral, ours, theirs
from compare import raised as raised_plainly
from expressions import lines_of, run

ADDRESS = re.compile(r"0x[0-9a-f]+")
INTERNAL = re.compile(r"\s*\(Triggered internally at [^)]*\)")


def on_both(program):
    """A test that runs `program(module)` with jtorch and with torch and compares what it gives."""

    def test():
        compare_program(program)

    test.__name__, test.__doc__ = program.__name__, program.__doc__
    return test


def lines(*names):
    """A decorator: the test is run for each line of these text files, as its argument `line`."""
    found = [line for name in names for line in lines_of(name)]
    return pytest.mark.parametrize("line", found)


def compare_line(line):
    """Run a line of a text file with both modules and compare what it gives, or raises after `!`."""
    if line.startswith("! "):
        wanted = compare_program(lambda module: tried(run_line, module, line[2:]))
        assert isinstance(wanted, Raised), f"torch raises nothing but gives {wanted}"
        assert wanted.name not in ("NameError", "SyntaxError"), wanted
    else:
        compare_program(lambda module: run_line(module, line))


def run_line(module, line):
    """What a line gives with `torch` standing for a module and the helpers below at hand."""
    names = {
        "torch": module,
        "np": np,
        "copy": copy,
        "pickle": pickle,
        "leaf": functools.partial(leaf, module),
    }
    names["module"] = functools.partial(submodule, module)
    names |= {each.__name__: each for each in (graph, tried, warned, kept, saved, under)}
    return run(line, names)


def compare_program(program):
    """Assert that a program gives the same with both modules; what it gives with torch."""
    wanted = outcome(theirs, program)
    assert not isinstance(wanted, Uncaught), f"torch itself raises {wanted.error}"
    got = outcome(ours, program)
    if isinstance(got, Uncaught):
        raise AssertionError(f"jtorch raises {got.error}") from got.error
    # torch leaves some gradients expanded, which a kernel's result is not; a line asks for strides.
    assert_same(got, wanted, strides=False)
    return wanted


class Uncaught:
    """An exception that a program did not expect."""

    def __init__(self, error):
        self.error = error


def outcome(module, program):
    """What a program gives, as records, or the exception that ended it."""
    module.manual_seed(0)
    module.set_warn_always(True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return shown(program(module))
        except Exception as error:
            return Uncaught(error)
        finally:
            module.set_warn_always(False)
            module.set_grad_enabled(True)  # a program may have left it off


def shown(value):
    """`value` as records that `compare` understands; tensors with their place in the graph."""
    if is_tensor(value):
        return Named(
            "tensor",
            {
                "record": describe(value),
                "grad_fn": Named("node", type(value.grad_fn).__name__),
                "is_leaf": freeze(value.is_leaf),
            },
        )
    if is_node(value):
        return Named("node", type(value).__name__)
    if isinstance(value, str):
        return Named("str", plain(value))
    if isinstance(value, dict):
        return Named(type(value).__name__, {key: shown(item) for key, item in value.items()})
    if isinstance(value, (tuple, list)):
        return Named(type(value).__name__, [shown(item) for item in value])
    record = freeze(value)
    if isinstance(record, Named) and isinstance(record.content, str):
        return Named(record.kind, plain(record.content))
    return record


def is_node(value):
    return hasattr(value, "next_functions") and hasattr(value, "name")


def plain(text):
    """A text without addresses, places in torch's C++ files, and our name."""
    return ADDRESS.sub("0x", INTERNAL.sub("", neutral(text)))


def leaf(module, *values, dtype="float32"):
    """A vector that requires a gradient; of one number without a dot a vector of ones."""
    if len(values) == 1 and isinstance(values[0], int):
        values = [1.0] * values[0]
    return module.tensor(values, dtype=getattr(module, dtype), requires_grad=True)


def tried(call, *arguments):
    """What a call gives, or the record of the exception it raises."""
    try:
        return shown(call(*arguments))
    except Exception as error:
        record = raised_plainly(error)
        return Raised(record.builtin, record.name, plain(record.text))


def warned(call, *arguments):
    """[what a call gives, its warnings as (class, text) pairs]."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = tried(call, *arguments)
    return [value, [(each.category.__name__, plain(str(each.message))) for each in caught]]


def graph(value):
    """The graph behind a tensor or a node as text: names, with the edges in parentheses."""
    node = value.grad_fn if is_tensor(value) else value
    if node is None:
        return "None"
    edges = []
    for below, number in node.next_functions:
        mark = f"#{number}" if number else ""
        edges.append(f"{graph(below)}{mark}")
    return f"{type(node).__name__}({', '.join(edges)})" if edges else type(node).__name__


def saved(node):
    """What a node shows of what it keeps, by name."""
    node = node.grad_fn if is_tensor(node) else node
    return {name: getattr(node, name) for name in sorted(dir(node)) if name.startswith("_saved_")}


def kept(before, after):
    """Whether two tensors are one object, share their memory, or neither."""
    if before is after:
        return "same object"
    return "same memory" if before.data_ptr() == after.data_ptr() else "apart"


def under(context, call):
    """What a call gives inside a context."""
    with context:
        return call()


def submodule(module, name):
    """A module below the module under test, imported."""
    return importlib.import_module(f"{module.__name__}.{name}")
