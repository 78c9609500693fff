"""The results of the op suite, judged against its list of known differences, for each entry of op_db."""

from op_db_differences import Differences, as_ranges, ranges
from reporting.states import DIFFERS, KNOWN, NONE, NOT_RUN, SAME, worst

ASPECTS = (
    *("forward", "gradient", "second gradient", "names", "method"),
    *("in-place", "out", "noncontiguous", "views", "errors"),
)
TPU = "TPU"
# Of these torch itself says whether an entry has them, so a lacking result means: not run.
SAID = {"gradient", "second gradient", "names", "method", "in-place", "errors"}


def merged(results):
    """{entry: {dtype: {aspect: counts}}} of several results; what comes later replaces."""
    whole = {}
    for result in results:
        for name, found in result["entries"].items():
            whole.setdefault(name, {}).update(found)
    return whole


def entries(found, facts, listed=None):
    """A list of what is known of each entry: those that were run, and those that torch has.

    `facts` is {entry: {aspect: whether torch has it}}; None where there was no torch to ask.
    """
    listed = listed or Differences.load()
    names = sorted({*found, *(facts or {})}, key=order)
    return [
        entry(name, found.get(name, {}), facts and facts.get(name, {}), listed) for name in names
    ]


def order(name):
    """Names of torch itself first, then each module's."""
    module, _, last = name.partition("/")[0].rpartition(".")
    return module, last.strip("_").lower(), name


def entry(name, dtypes, facts, listed):
    """One entry: a cell for each aspect, counts by dtype, and what failed."""
    cells, failures = {}, []
    for aspect in ASPECTS:
        counts = {dtype: found[aspect] for dtype, found in dtypes.items() if aspect in found}
        failed = [
            each for dtype in counts for each in failing(name, dtype, aspect, counts[dtype], listed)
        ]
        failures += failed
        cells[aspect] = {
            "state": state_of(aspect, counts, failed, bool(dtypes), facts),
            "tried": sum(each["tried"] for each in counts.values()),
            "passed": sum(each["passed"] for each in counts.values()),
        }
    reason = listed.out_of_scope(name)
    return {
        "name": name,
        "state": worst(cell["state"] for cell in cells.values()),
        "out_of_scope": reason,
        "cells": cells,
        "dtypes": {
            dtype: {aspect: [each["passed"], each["tried"]] for aspect, each in found.items()}
            for dtype, found in dtypes.items()
        },
        "failures": failures,
    }


def state_of(aspect, counts, failed, was_run, facts):
    """The state of one aspect of an entry."""
    if any(each["known"] is None for each in failed):
        return DIFFERS
    if failed:
        return KNOWN
    if any(each["tried"] for each in counts.values()):
        return SAME
    if not was_run or facts is None:
        return NOT_RUN if facts is None or facts.get(aspect, True) else NONE
    if aspect in SAID:
        return NOT_RUN if facts.get(aspect, True) else NONE
    return NOT_RUN if aspect == "forward" else NONE


def failing(name, dtype, aspect, count, listed):
    """What failed, samples of one reason and one text together; and what is listed and passes."""
    groups = {}
    for place, lines in count["failed"].items():
        known = listed.expected(name, dtype, aspect, int(place))
        groups.setdefault((known and known.reason, tuple(lines)), []).append(int(place))
    found = [
        {
            "dtype": dtype, "aspect": aspect, "samples": as_ranges(places), "known": known,
            "lines": list(lines), "count": len(places),
        }
        for (known, lines), places in groups.items()
    ]  # fmt: skip
    passing = ranges(count["passing"]) if count["passing"] else ()
    stale = [place for place in passing if listed.expected(name, dtype, aspect, place)]
    if stale:
        found.append(
            {
                "dtype": dtype, "aspect": aspect, "samples": as_ranges(stale), "known": None,
                "lines": ["passes, though it is listed as a known difference"], "count": len(stale),
            }
        )  # fmt: skip
    return found


def names_of_rows(name):
    """The names that a row of jtorch's own table may have for an entry of op_db."""
    base = name.partition("/")[0].partition("#")[0]
    if base.startswith("__"):
        return [f"operator.{base.strip('_').removeprefix('r')}", f"Tensor.{base}"]
    short = base.removeprefix("nn.functional.")
    return [base, short, f"Tensor.{base}", f"operator.{base}", f"Tensor.{base}_"]


def with_tpu(found, rows):
    """The entries, each with a cell for the TPU, from the rows of `compiled.rows`."""
    for each in found:
        outcomes = next((rows[name] for name in names_of_rows(each["name"]) if name in rows), None)
        each["cells"][TPU] = outcomes["cell"] if outcomes else {"state": NOT_RUN}
        each["tpu"] = outcomes["lines"] if outcomes else []
    return found
