"""Expressions that must give the same with jtorch as with torch, one per line of text files.

A line is an expression, or statements and an expression with ` ;; ` between them, where `torch`
is the module under test; where a statement comes last, what it raises is what is compared.
"""

import copy
import pathlib
import pickle

import numpy as np
import pytest

FOLDER = pathlib.Path(__file__).parent


def lines_of(name):
    """The lines of a text file, as pytest parameters."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [pytest.param(line, id=line[:80]) for line in lines if line and line[0] != "#"]


def value_of(module, line):
    """What a line gives with `torch` standing for a module."""
    return run(line, {"torch": module, "np": np, "copy": copy, "pickle": pickle})


def run(line, names):
    """What the last statement of a line gives, where these names are known."""
    *statements, last = line.split(" ;; ")
    for statement in statements:
        exec(statement, names)
    try:
        code = compile(last, line, "eval")
    except SyntaxError:
        exec(last, names)
        return None
    return eval(code, names)
