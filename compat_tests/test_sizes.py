"""No file and no function of the package is too long to be read in one sitting."""

import ast
import pathlib

import pytest

PACKAGE = pathlib.Path(__file__).parent.parent / "jtorch"
FILES = sorted(PACKAGE.rglob("*.py"))
LINES_OF_A_FILE = 500
LINES_OF_A_FUNCTION = 60


def too_long(text):
    """What is too long in a source text, each with its first line."""
    found = []
    if text.count("\n") > LINES_OF_A_FILE:
        found.append(f"1: {text.count(chr(10))} lines, at most {LINES_OF_A_FILE} are allowed")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                found.append(
                    f"{node.lineno}: {node.name} has {lines} lines, at most "
                    f"{LINES_OF_A_FUNCTION} are allowed"
                )
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_sizes(path):
    found = [f"{path}:{row}" for row in too_long(path.read_text(encoding="utf-8"))]

    assert not found, "\n".join(found)


def test_the_check_can_fail():
    assert FILES
    assert len(too_long("x = 1\n" * 501)) == 1
    assert len(too_long("def f():\n" + "    x = 1\n" * 60)) == 1
    assert too_long("def f():\n" + "    x = 1\n" * 59) == []
