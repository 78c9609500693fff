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
    """[{kind, name, cells: {"dtype target": state}}] of everything, in the order of the results."""
    found = {}
    for line in lines:
        key = (line["kind"], line["name"])
        each = found.setdefault(key, {"kind": key[0], "name": key[1], "cells": {}})
        each["cells"][f"{line['dtype'] or 'all'} {line['target']}"] = line["state"]
    return list(found.values())
