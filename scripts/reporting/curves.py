"""Curves of losses, read from what two sides have printed."""

import re

LEAST = 3  # points that make a curve
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")
LOSS = re.compile(r"\b(\w*loss|error|cost)\b[^\w.+-]*", re.IGNORECASE)


def points(lines):
    """{the text around the numbers: [loss, ...]} of lines that name a loss before a number."""
    found = {}
    for line in lines:
        named = LOSS.search(line)
        number = named and NUMBER.match(line, named.end())
        if number and set(number[0]) & set(".e"):
            label = re.sub(r"\s*#\s*", " # ", NUMBER.sub("#", line[: named.end()])).strip(" :=")
            found.setdefault(label, []).append(float(number[0]))
    return found


def curves(ours, theirs):
    """The curves that both sides have printed, each with its label."""
    left, right = points(ours), points(theirs)
    return [
        {"label": label, "ours": left[label], "theirs": right[label]}
        for label in left
        if min(len(left[label]), len(right.get(label, ()))) >= LEAST
    ]
