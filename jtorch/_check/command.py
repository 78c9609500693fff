"""`jtorch check`: which of torch's names sources use, and which of them jtorch lacks."""

import argparse
import json
import sys

from jtorch._check import names, sources, uses
from jtorch._check.names import DIFFERS, HAS, LACKS

COMPLETE_STATUS, LACKING_STATUS, FAILED_STATUS = 0, 1, 2


def main(arguments):
    """Check as the command line says; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        paths = list(
            dict.fromkeys(path for given in options.paths for path in sources.paths(given))
        )
    except FileNotFoundError as error:
        print(f"jtorch check: {error}", file=sys.stderr)
        return FAILED_STATUS
    found, problems = [], []
    for path in paths:
        source = sources.read(path)
        if source.problem:
            problems.append((path, source.problem))
            print(f"{path}: could not be read: {source.problem}", file=sys.stderr)
        try:
            found += [(path, use) for use in uses.find(source.parts, names.star)]
        except RecursionError:
            problems.append((path, "nested too deeply"))
            print(f"{path}: could not be read: nested too deeply", file=sys.stderr)
    _print(found, len(paths), options.all)
    lacking = any(_word(use) == LACKS and not use.guarded for _, use in found)
    status = LACKING_STATUS if lacking else FAILED_STATUS if problems else COMPLETE_STATUS
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(_data(found, paths, problems, status), file, indent=1)
    return status


def _parser():
    parser = argparse.ArgumentParser(
        prog="jtorch check",
        description="Lists the names of torch's that Python files and notebooks use and jtorch lacks "
        "or does otherwise. Nothing is run and nothing of yours is imported.",
        epilog="Exit status: 0 nothing is lacking, 1 something is, 2 something could not be read.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
    parser.add_argument("--all", action="store_true", help="list the names that jtorch has, too")
    parser.add_argument("--json", metavar="FILE", help="write all that was found there")
    return parser


def _word(use):
    return names.status(use.name).word


def _place(path, use):
    """Where a use is, as editors read it; of a notebook, line and column are the cell's."""
    return f"{path}{'' if use.cell is None else f'[{use.cell}]'}:{use.line}:{use.column}"


def _print(found, files, everything):
    """A line for each use of what is lacking, one for each name that differs, then the counts."""
    groups = {HAS: {}, LACKS: {}, DIFFERS: {}}
    for path, use in found:
        status = names.status(use.name)
        groups[status.word].setdefault(use.name, []).append(_place(path, use))
        if status.word == LACKS:
            aside = " (the program goes on without it)" if use.guarded else ""
            print(f"{_place(path, use)}: {use.name} is lacking{aside}: {status.reasons[0]}")
    for name, places in groups[DIFFERS].items():
        more = f", and {len(places) - 1} more" if places[1:] else ""
        print(f"{places[0]}{more}: {name} differs: {'; '.join(names.status(name).reasons)}")
    if everything:
        for name, places in sorted(groups[HAS].items()):
            print(f"{', '.join(places)}: {name}")
    total = sum(len(group) for group in groups.values())
    print(
        f"== {_many(files, 'file')}, {_many(total, 'name')} of torch's: "
        f"{len(groups[HAS]) + len(groups[DIFFERS])} are there, {len(groups[DIFFERS])} of them with "
        f"known differences; {len(groups[LACKS])} lacking"
    )


def _many(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"


def _data(found, paths, problems, status):
    return {
        "status": status,
        "files": paths,
        "problems": [{"file": path, "problem": problem} for path, problem in problems],
        "uses": [
            {
                "file": path, "cell": use.cell, "line": use.line, "column": use.column,
                "name": use.name, "status": _word(use), "guarded": use.guarded,
                "reasons": list(names.status(use.name).reasons),
            }
            for path, use in found
        ],
    }  # fmt: skip
