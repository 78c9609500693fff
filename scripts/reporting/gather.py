"""Runs what was asked for, reads what was given, and puts it into one piece of plain data.

A part that was neither run nor given says so: its `state` is "not run", and `why` says how to have it.
"""

import datetime
import json
import pathlib

from benchmarks import machine
from reporting import compiled, differences, operations, suite
from reporting.programs import in_words, run_program
from reporting.states import NOT_RUN

TUTORIALS = machine.ROOT / "compat_tests" / "tutorials"
FORMAT = 1
RUN = "run"
PARTS = ("chapters", "operations", "tpu", "bench", "known")


class GatherError(Exception):
    """What makes a report impossible, in words for the user."""


def gathered(options, progress):
    """The whole report as plain data."""
    taken = {
        "tpu": tpu(options),
        "bench": bench(options),
        "known": differences.gathered(),
        "machine": machine.description(),
    }
    return {
        "format": FORMAT,
        "chapters": chapters(options, progress),
        "operations": operation_part(options, taken["tpu"], progress),
        **taken,
    }


def missing(why):
    return {"state": NOT_RUN, "why": why}


def chapters(options, progress):
    """The chapters of the tutorial, compared now."""
    if "chapters" in options.without:
        return missing("left out by --without chapters")
    paths = options.programs or sorted(TUTORIALS.glob("*.py"))
    found = []
    for number, path in enumerate(paths, 1):
        progress.part(f"chapter {number} of {len(paths)}, {path.name}")
        found.append(run_program(path, pathlib.Path.cwd() if options.programs else None))
        progress.done(in_words(found[-1]))
    return {"state": RUN, "programs": found}


def operation_part(options, tpu, progress):
    """The entries of op_db, by given results or by running the suite."""
    if not options.ops and "ops" in options.without:
        return missing("left out by --without ops")
    facts = suite.entries(progress)
    results, sources = read_all(options.ops or [suite.run(options, progress)], "entries")
    entries = operations.entries(operations.merged(results), facts)
    rows = compiled.rows(tpu["outcomes"]) if "outcomes" in tpu else {}
    return {
        "state": RUN,
        "sources": sources,
        "torch": ", ".join(sorted({str(each.get("torch", "?")) for each in results})),
        "torch_was_asked": facts is not None,
        "entries": operations.with_tpu(entries, rows),
    }


def tpu(options):
    """What was compiled for TPU, by given results."""
    if not options.tpu:
        return missing("compat_tests/tpu_suite.py --write FILE makes a result, --tpu FILE shows it")
    results, sources = read_all(options.tpu, "outcomes")
    return {
        "state": RUN,
        "sources": sources,
        "versions": results[-1].get("versions", {}),
        "outcomes": compiled.judged([line for each in results for line in each["outcomes"]]),
    }


def bench(options):
    """What was measured, by a given result."""
    if not options.bench:
        return missing("scripts/bench makes a result, --bench FILE shows it")
    (result,), sources = read_all([options.bench], "results")
    return {"state": RUN, "sources": sources, **result}


def read(path):
    """The content of a file of JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GatherError(f"{path}: {error}") from None


def read_all(paths, key):
    """Several files of one kind, each of which must have `key`; and where they are from."""
    found, sources = [], []
    for path in paths:
        content = read(path)
        if not isinstance(content, dict) or key not in content:
            raise GatherError(f"{path}: not a result of this kind, as it has no {key!r}")
        written = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
        found.append(content)
        sources.append({"file": str(path), "written": written.strftime("%Y-%m-%d %H:%M UTC")})
    return found, sources


def earlier(path):
    """The data of an earlier report."""
    data = read(path)
    if not isinstance(data, dict) or data.get("format") != FORMAT or not {*PARTS} <= {*data}:
        raise GatherError(f"{path}: not a report of this version")
    return data
