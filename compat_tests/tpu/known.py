"""What a TPU does not do, read as a strict list: `known.toml`.

An entry names cases, `kind name dtype` where `*` is any text, the status they have instead of being
compiled, and why. The status must be exactly that; an entry that names no case fails the tests.

    refused   jtorch says so, at run time, before the compiler is asked (jtorch/_engine/limits.py)
    failed    it can be recorded for the CPU, and not for an accelerator: as in torch
"""

import fnmatch
import pathlib
import tomllib

PATH = pathlib.Path(__file__).with_name("known.toml")
FINE = {"compiled", "lowered", "no program", "no gradient", "not taken"}
STATUSES = {"refused", "failed"}


def load(text):
    """The entries of a list; ValueError says what is wrong with one."""
    entries = tomllib.loads(text).get("known", [])
    for entry in entries:
        if set(entry) != {"cases", "status", "reason"} or entry["status"] not in STATUSES:
            raise ValueError(f"not cases, status and reason: {entry}")
    return entries


ENTRIES = load(PATH.read_text(encoding="utf-8"))


def entry_of(case):
    """The entry for the id of a case, or None."""
    for entry in ENTRIES:
        if any(matches(pattern, case) for pattern in entry["cases"]):
            return entry
    return None


def matches(pattern, case):
    """Whether a pattern names a case; only `*` has a meaning."""
    return fnmatch.fnmatchcase(case, pattern.replace("[", "[[]").replace("?", "[?]"))


def wrong(case, outcome):
    """What is wrong with the outcome of a case, or None."""
    entry = entry_of(case)
    wanted = FINE if entry is None else {entry["status"]}
    if outcome["target"] == "cuda" and entry is not None and entry["status"] == "refused":
        wanted = {"lowered"}
    if outcome["status"] in wanted:
        return None
    said = outcome.get("reason", "")
    return f"{case} for {outcome['target']}: {outcome['status']}, not {sorted(wanted)}: {said}"
