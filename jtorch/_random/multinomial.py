"""Draws of category numbers by weight, with and without replacement."""

import numpy as np

from jtorch._random.distributions import exponential
from jtorch._random.limits import require_floating, scalar_name
from jtorch._random.selection import largest
from jtorch._random.uniform import fractions64

_MOST_CATEGORIES = 1 << 24
_NO_WEIGHT = "invalid multinomial distribution (sum of probabilities <= 0)"


def multinomial(engine, weights, count, replacement=False, column_major=False):
    """`count` category numbers (int64) for each row of `weights`, as `multinomial` draws them.

    `column_major` is true if a step from row to row of the weights is the shorter one in memory:
    without replacement, or for a single draw, random numbers are taken in that order.

    Shape: (categories) -> (count), or (rows, categories) -> (rows, count).
    """
    _check(weights, count, replacement)
    if not replacement or count == 1:
        return _by_race(engine, weights, count, column_major)
    result = np.empty((*weights.shape[:-1], count), np.int64)
    if result.size:
        require_floating("multinomial", weights.dtype)
    rows = zip(np.atleast_2d(weights), np.atleast_2d(result), strict=True)
    for row, numbers in rows:
        numbers[:] = _with_replacement(engine, row, count)
    return result


def _with_replacement(engine, weights, count):
    """Uniform doubles looked up in the running sum of the weights over their total."""
    kind = np.float64 if weights.dtype == np.float64 else np.float32
    weights = weights.astype(kind)
    wrong = np.flatnonzero(~((weights >= 0) & (weights < np.inf)))
    if wrong.size:
        what = "= infinity or NaN" if weights[wrong[0]] > 0 else "< 0"  # NaN is not >= 0
        raise RuntimeError(
            f"invalid multinomial distribution (encountering probability entry {what})"
        )
    with np.errstate(over="ignore"):
        sums = np.add.accumulate(weights, dtype=kind)  # one after another, no pairwise sum
    if not (sums.size and sums[-1] > 0):
        raise RuntimeError(_NO_WEIGHT)
    with np.errstate(all="ignore"):
        sums /= sums[-1]
    sums[-1] = 1
    return np.searchsorted(sums.astype(np.float64), fractions64(engine, count), side="left")


def _by_race(engine, weights, count, column_major):
    """The first to come in: waiting times of rate `weights`, compared by their inverse."""
    result = np.empty((*weights.shape[:-1], count), np.int64)
    if not result.size:
        return result
    if not weights.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    require_floating("aminmax_cpu", weights.dtype)
    with np.errstate(invalid="ignore"):
        valid = ((weights >= 0) & (weights < np.inf)).all()
    if not valid:
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if not weights.any(axis=-1).all():
        raise RuntimeError(_NO_WEIGHT)
    times = exponential(engine, weights.shape[:: -1 if column_major else 1], weights.dtype)
    with np.errstate(all="ignore"):
        speeds = weights / (times.T if column_major else times)
    if count == 1:
        return np.argmax(speeds, axis=-1, keepdims=True)
    for row, numbers in zip(np.atleast_2d(speeds), np.atleast_2d(result), strict=True):
        numbers[:] = largest(row, count)
    return result


def _check(weights, count, replacement):
    if weights.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if weights.dtype.kind in "biuc":
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, got: "
            f"{scalar_name(weights.dtype)}"
        )
    if count <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and count > weights.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if weights.shape[-1] > _MOST_CATEGORIES:
        raise RuntimeError("number of categories cannot exceed 2^24")
