"""The results of compiling for TPU, judged against the list of what a TPU does not do."""

import collections

from reporting.states import DIFFERS, KNOWN, NONE, NOT_RUN, SAME, worst
from tpu import known

CUDA = "cuda"
WORK = {"compiled", "lowered", "no program"}  # an operation that computes nothing has no program


def case_of(outcome):
    """The id of a case, as `known.toml` has it."""
    return " ".join(filter(None, (outcome["kind"], outcome["name"], outcome.get("dtype", ""))))


def state_of(outcome):
    """The state of one outcome; what jtorch does not take on the CPU either is nothing to try."""
    if known.wrong(case_of(outcome), outcome) is not None:
        return DIFFERS
    if outcome["status"] in WORK:
        return SAME
    return KNOWN if known.entry_of(case_of(outcome)) else NONE


def reason_of(outcome):
    """Why it is as it is: the list's reason first, then what was said."""
    entry = known.entry_of(case_of(outcome))
    return "; ".join(filter(None, (entry and entry["reason"], outcome.get("reason"))))


def judged(outcomes):
    """The outcomes, each with its state; and for what is not the same, the reason."""
    found = []
    for outcome in outcomes:
        state = state_of(outcome)
        line = {
            "kind": outcome["kind"], "name": outcome["name"], "dtype": outcome.get("dtype", ""),
            "target": outcome["target"], "status": outcome["status"], "state": state,
        }  # fmt: skip
        if state in (DIFFERS, KNOWN):
            line["reason"] = reason_of(outcome)
        found.append(line)
    return found


def rows(lines):
    """{name of a row: its cell, and what of it is not compiled}, over calls and gradients on TPUs."""
    groups = collections.defaultdict(list)
    for line in lines:
        if line["kind"] in ("call", "gradient") and line["target"] != CUDA:
            groups[line["name"]].append(line)
    return {
        name: {
            "cell": cell(group),
            "lines": [each for each in group if each["state"] in (DIFFERS, KNOWN)],
        }
        for name, group in groups.items()
    }


def cell(lines):
    """How many cases of a group work, and the state of all."""
    counted = [line for line in lines if line["state"] not in (NONE, NOT_RUN)]
    return {
        "state": worst(line["state"] for line in lines),
        "tried": len(counted),
        "passed": sum(line["state"] == SAME for line in counted),
    }


def matrix(lines):
    """(columns, rows) of everything: a column is a dtype, of calls or of gradients.

    A row is {name, kind, cells: {column: state}}, the worst over all targets; a column that its kind
    has nowhere is no part of it, and one that only it lacks was not run.
    """
    found, columns = {}, {}
    for line in lines:
        kind, column = line["kind"], line["dtype"] or "all"
        if kind == "gradient":
            kind, column = "call", f"gradient, {column}"
        columns.setdefault(kind, {})[column] = None
        cells = found.setdefault((kind, line["name"]), {})
        cells.setdefault(column, []).append(line["state"])
    rows = [
        {
            "kind": kind,
            "name": name,
            "cells": {each: worst(cells.get(each, [NOT_RUN])) for each in columns[kind]},
        }
        for (kind, name), cells in found.items()
    ]
    order = dict.fromkeys(column for each in columns.values() for column in each)
    return sorted(order, key=lambda each: each.startswith("gradient")), rows
