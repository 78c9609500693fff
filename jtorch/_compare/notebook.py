"""The code of a notebook (`.ipynb`): its cells, read as text, never run here."""

import ast
import json
import os
import re

_MAGIC = re.compile(r"\s*(%%?\w|!|\?\w|\w[\w.]*\?{1,2}\s*$|[\w, ]+=\s*[!%]\w)")


def is_notebook(path):
    return os.path.splitext(path)[1] == ".ipynb"


def cells(path):
    """The code cells as (number, text), counted from 1 among all cells of code.

    Errors:  ValueError for a file that is no notebook.
    """
    with open(path, encoding="utf-8") as file:
        try:
            content = json.load(file)
        except ValueError as error:
            raise ValueError(f"{path}: not a notebook: {error}") from None
    found = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"{path}: not a notebook of version 4 or later: it has no list of cells")
    texts = [
        "".join(cell.get("source", "")) for cell in found
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]  # fmt: skip
    return list(enumerate(texts, 1))


def magics(text):
    """(line number, line) of what only IPython understands in a cell; none where it is Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        lines = enumerate(text.splitlines(), 1)
        return [(number, line.strip()) for number, line in lines if _MAGIC.match(line)]
    lines = text.splitlines()
    return [
        (node.lineno, lines[node.lineno - 1].strip()) for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "get_ipython"
    ]  # fmt: skip


def without_magics(text):
    """The cell's Python: lines for IPython are `pass` in their place, a cell for another is empty."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith("%%") and first.split()[0] not in ("%%time", "%%timeit", "%%capture"):
        return ""
    wrong = {number for number, _ in magics(text)} if not _parses(text) else set()
    lines = [
        re.sub(r"\S.*", "pass", line) if number in wrong else line
        for number, line in enumerate(text.splitlines(), 1)
    ]
    return "\n".join(lines)


def _parses(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
