"""The states that anything in the report is in, from the worst to none at all."""

import collections

DIFFERS, KNOWN, SAME, NOT_RUN, NONE = "differs", "known", "same", "not run", "none"
WORDS = {
    DIFFERS: "differs",
    KNOWN: "differs, as known",
    SAME: "same",
    NOT_RUN: "not run",
    NONE: "nothing to try",
}
COUNTED = (SAME, KNOWN, DIFFERS, NOT_RUN)  # in the order of a bar


def worst(states):
    """The state of a whole: what differs counts, then what agrees; what was not run is no success."""
    found = set(states)
    return next((each for each in (DIFFERS, KNOWN, SAME, NOT_RUN) if each in found), NONE)


def counted(states):
    """{state: how many}, of those that count."""
    found = collections.Counter(states)
    return {state: found[state] for state in COUNTED if found[state]}


def many(count, what):
    """A number with its noun."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
