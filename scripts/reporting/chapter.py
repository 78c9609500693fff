"""One program compared by the machinery of `jtorch compare`, as JSON, with both outputs line by line.

    python -m reporting.chapter PROGRAM FILE

A process of its own: the program runs where this one stands, with the environment that it has.
"""

import ast
import json
import os
import pathlib
import sys
import tempfile

from jtorch._compare import comparison, lines, processes, report
from jtorch._compare.progress import Progress
from reporting.curves import curves

MOST_LINES = 5000  # of the two outputs set side by side
MOST_ROWS = 2000  # differing lines that the comparison keeps
SAME, CLOSE = "=", "~"  # marks beside those of `jtorch compare`: | < >


def compared(path):
    """All that was found of one program, as plain data."""
    target = comparison.Target("path", str(path), [])
    options = comparison.Options(most=MOST_ROWS)
    progress = Progress(1)
    progress.program(pathlib.Path(path).name)
    with tempfile.TemporaryDirectory(prefix="jtorch-report-") as name:
        folder = pathlib.Path(name)
        with open(os.devnull) as nothing, processes.Input(nothing, folder / "stdin") as given:
            result = comparison.compare(target, options, folder, given, progress)
        progress.clear()
        data = report.as_data(result)
        data["program"], data["title"] = pathlib.Path(path).name, title_of(path)
        if result.problem is None:
            sides = [texts(side.output) for side in (result.ours, result.theirs)]
            rows = [row for cell in data.pop("cells") for row in cell["rows"]]
            data["counts"] = counts_of(result.cells)
            data["lines"] = aligned(*sides, rows)[:MOST_LINES]
            data["lines_left_out"] = max(map(len, sides)) - MOST_LINES
            data["curves"] = curves(*sides)
    return data


def title_of(path):
    """The first line of a program's docstring."""
    try:
        text = ast.get_docstring(ast.parse(pathlib.Path(path).read_bytes()))
    except (SyntaxError, ValueError):  # both sides will say so
        return ""
    return (text or "").partition("\n")[0]


def texts(path):
    """The lines of an output, without their ends."""
    return [lines.decoded(line).removesuffix("\n") for line in path.read_bytes().splitlines(True)]


def counts_of(cells):
    """How many lines are the same, within tolerance, different, over all cells."""
    names = ("same", "close", "different", "ours", "theirs")
    return {name: sum(getattr(cell.lines, name) for cell in cells) for name in names}


def aligned(ours, theirs, rows):
    """[mark, ours, theirs] for each line, from the lines that the comparison found to differ.

    All between them it has set side by side, one by one.
    """
    found, left, right = [], 0, 0
    rows = iter(rows)
    row = next(rows, None)
    while left < len(ours) or right < len(theirs):
        if row is not None and (row["our_number"] == left or row["their_number"] == right):
            has_left, has_right = (row[key] is not None for key in ("our_number", "their_number"))
            mark, row = row["mark"], next(rows, None)
        else:
            has_left, has_right = left < len(ours), right < len(theirs)
            mark = ("<|"[has_right]) if has_left else ">"
            if has_left and has_right:
                mark = SAME if is_same(ours[left], theirs[right]) else CLOSE
        first, second = ours[left] if has_left else None, theirs[right] if has_right else None
        found.append([mark, first, None if mark == SAME and first == second else second])
        left, right = left + has_left, right + has_right
    return found


def is_same(ours, theirs):
    """Whether nothing differs that counts: addresses of objects do not."""
    return lines.normal(ours) == lines.normal(theirs)


if __name__ == "__main__":
    found = compared(sys.argv[1])
    pathlib.Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
