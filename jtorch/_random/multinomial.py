"""Draws of category numbers by weight, with and without replacement."""

import numpy as np

from jtorch._random.distributions import exponential
from jtorch._random.limits import is_floating, scalar_name
from jtorch._random.uniform import fractions64

_MOST_CATEGORIES = 1 << 24


def multinomial(engine, weights, count, replacement=False):
    """`count` category numbers (int64) for each row of `weights`, as `multinomial` draws them.

    Shape: (categories) -> (count), or (rows, categories) -> (rows, count).
    """
    _check(weights, count, replacement)
    if replacement and count > 1:
        rows = np.atleast_2d(weights)
        result = np.empty((rows.shape[0], count), np.int64)
        for row, place in zip(rows, result, strict=True):
            place[:] = _with_replacement(engine, row, count)
        return result.reshape(*weights.shape[:-1], count)
    return _by_race(engine, weights, count)
