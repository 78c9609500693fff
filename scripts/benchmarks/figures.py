"""Figures made of timings: medians, quartiles, ratios round by round, and whether losses agree."""

import math
import statistics

EARLY = 5  # losses compared closely; rounding grows from step to step
CLOSELY = 1e-3
AT_THE_END = 0.05  # of the first loss


def spread(values):
    """The median and the quartiles of some values."""
    if len(values) == 1:
        return {"median": values[0], "low": values[0], "high": values[0]}
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def ratio(ours, theirs):
    """Spread of ours / theirs, round by round: what slows a whole round down cancels out."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)])


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def disagreement(ours, theirs):
    """How the losses of two sides differ, in words; None where they agree."""
    if len(ours) != len(theirs):
        return f"{len(ours)} losses and {len(theirs)}"
    for place, (a, b) in enumerate(zip(ours[:EARLY], theirs[:EARLY], strict=True)):
        if not math.isclose(a, b, rel_tol=CLOSELY, abs_tol=CLOSELY * abs(theirs[0]) * 0.1):
            return f"loss {place} is {a:.6g} and {b:.6g}"
    if not abs(ours[-1] - theirs[-1]) <= AT_THE_END * abs(theirs[0]):
        return f"the last loss is {ours[-1]:.6g} and {theirs[-1]:.6g}"
    return None
