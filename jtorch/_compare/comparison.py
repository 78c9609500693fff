"""One program under both libraries, and all that is found to be the same or not."""

import dataclasses
import json
import os
import re
import sys

from jtorch._compare import lines, processes, values
from jtorch._compare.lines import CLOSE, DIFFERENT, SAME

FAILED = "could not run"
# What torch's own C++ adds to a warning: the place in its sources.
_TRIGGERED = re.compile(r" ?\(Triggered internally at [^)]*\)")


@dataclasses.dataclass
class Options:
    """What the command line decides of every comparison."""

    python: str = sys.executable  # the one that has PyTorch
    seed: int = 0
    timeout: float | None = None
    tensors: bool = True
    limits: tuple | None = None
    ignored: tuple = ()
    most: int = 40


@dataclasses.dataclass
class Target:
    """A program, as the command line names it."""

    kind: str  # "path", "module", "code" or "notebook"
    name: str
    arguments: list
    cells: list = dataclasses.field(default_factory=list)

    @property
    def shown(self):
        return {"module": "-m ", "code": "-c "}.get(self.kind, "") + self.name.partition("\n")[0]


@dataclasses.dataclass
class Cell:
    """A part of the output with a verdict of its own: a cell of a notebook; of a script, all of it."""

    number: int | None
    lines: lines.Lines


@dataclasses.dataclass
class Result:
    """What became of one program; `problem` says why there is nothing to compare."""

    target: Target
    ours: processes.Side | None = None
    theirs: processes.Side | None = None
    cells: list = dataclasses.field(default_factory=list)
    values: list = dataclasses.field(default_factory=list)
    left_out: int = 0
    warnings: lines.Lines | None = None
    different: list = dataclasses.field(default_factory=list)  # facts beside output and tensors
    problem: str | None = None

    @property
    def output(self):
        """The verdict on all that was printed."""
        return _worst(cell.lines.verdict for cell in self.cells)

    @property
    def verdict(self):
        if self.problem:
            return FAILED
        if self.different or self.output == DIFFERENT:
            return DIFFERENT
        found = _worst(value.verdict for value in self.values)
        if found == DIFFERENT or self.warnings.verdict == DIFFERENT:
            return DIFFERENT
        return CLOSE if CLOSE in (found, self.output, self.warnings.verdict) else "same"


def _worst(verdicts):
    return max(verdicts, key=[values.SAME, SAME, CLOSE, DIFFERENT].index, default=SAME)


def compare(target, options, folder, given, progress):
    """Run `target` on both sides, with files in `folder`, and compare what they did."""
    result = Result(target)
    begun = progress.side("jtorch")
    result.ours = _run(target, options, folder / "jtorch", given, True, begun)
    begun = progress.side("PyTorch")
    result.theirs = _run(target, options, folder / "torch", given, False, begun)
    progress.side("comparing")(0)
    result.problem = _problem(result, options)
    if result.problem is None:
        _compare_sides(result, options)
    return result


def _run(target, options, folder, given, is_ours, tick):
    folder.mkdir()
    job = {
        "jtorch": is_ours, "seed": options.seed, "folder": str(folder), "kind": target.kind,
        "target": target.name, "arguments": target.arguments, "cells": target.cells,
        "tensors": options.tensors,
    }  # fmt: skip
    label, python = ("jtorch", sys.executable) if is_ours else ("PyTorch", options.python)
    return processes.run(label, python, job, given, timeout=options.timeout, tick=tick)


def _problem(result, options):
    sides = (result.ours, result.theirs)
    if all(side.timed_out for side in sides):
        return f"timed out under both, after {options.timeout:g} s"
    for side in sides:
        if not side.launched and not side.timed_out:
            return f"{side.label} itself: {last_words(side) or processes.status_text(side.status)}"
    if any(side.started for side in sides):
        return None
    error = sides[1].error
    if error is not None:
        return f"{error['class'].removeprefix('builtins.')}: {error['text']}"
    return last_words(sides[1]) or f"exit status {sides[1].status}"


def last_words(side, most=1):
    """The last lines that a side wrote to standard error."""
    with open(side.complaints, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 8192))
        text = lines.decoded(file.read()).rstrip()
    return "\n".join(text.splitlines()[-most:])


def _compare_sides(result, options):
    ours, theirs = result.ours, result.theirs
    result.cells = _compare_output(ours, theirs, options)
    result.warnings = _compare_warnings(result, options)
    for fact, left, right in (
        ("ends", *(_end(side, options) for side in (ours, theirs))),
        ("exception", *(_exception(side) for side in (ours, theirs))),
    ):
        if left != right:
            result.different.append((fact, left, right))
    if options.tensors and ours.record and theirs.record:
        result.values = values.compare(ours, theirs, limits=options.limits)
        result.left_out = max(side.record["left_out"] for side in (ours, theirs))


def _end(side, options):
    if side.timed_out:
        return f"timed out after {options.timeout:g} s"
    ended = "" if side.record else ", without coming to Python's own end"
    return processes.status_text(side.status) + ended


def _exception(side):
    """The uncaught exception as text, the package's name as torch's; None where there was none."""
    if not side.error:
        return None
    text = f"{side.error['class']}: {side.error['text']}".replace("jtorch", "torch")
    return lines.normal(text).removeprefix("builtins.")


def _compare_output(ours, theirs, options):
    """Output cell by cell; of a script, which has none, as a whole."""
    our_cells, their_cells = (list(side.rows("cells.jsonl")) for side in (ours, theirs))
    numbers = [number for number, _ in max(our_cells, their_cells, key=len)] or [None]
    bounds = []
    for side, cells in ((ours, our_cells), (theirs, their_cells)):
        ends = [begin for _, begin in cells[1:]] + [side.output.stat().st_size]
        begins = [0, *ends[:-1]] if cells or numbers == [None] else []
        rest = len(numbers) - len(begins)
        bounds.append([*zip(begins, ends, strict=False), *[(ends[-1], ends[-1])] * rest])
    found, counts, left = [], [0, 0], options.most
    with open(ours.output, "rb") as our_file, open(theirs.output, "rb") as their_file:
        for number, our_part, their_part in zip(numbers, *bounds, strict=True):
            readers = [
                lines.Reader(file, *part, count)
                for file, part, count in zip(
                    (our_file, their_file), (our_part, their_part), counts, strict=True
                )
            ]
            part = lines.compare(*readers, ignored=options.ignored, most=left)
            counts, left = [reader.number for reader in readers], left - len(part.rows)
            found.append(Cell(number, part))
    return found


def _compare_warnings(result, options):
    """Warnings in their order: class and text, without the places in torch's C++ sources."""
    readers = []
    for side in (result.ours, result.theirs):
        path = side.folder / "warnings.txt"
        with open(path, "w", encoding="utf-8") as file:
            for row in side.rows("warnings.jsonl"):
                text = _TRIGGERED.sub("", f"{row['class']}: {row['text']}").rstrip()
                file.write(json.dumps(text, ensure_ascii=False).strip('"') + "\n")
        readers.append((path, path.stat().st_size))
    with open(readers[0][0], "rb") as ours, open(readers[1][0], "rb") as theirs:
        return lines.compare(
            lines.Reader(ours, 0, readers[0][1]), lines.Reader(theirs, 0, readers[1][1]),
            ignored=options.ignored, most=options.most,
        )  # fmt: skip
