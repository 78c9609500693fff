"""A line search that ends where the strong Wolfe conditions hold.

Source: Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6; as torch.optim.LBFGS has
them. Values are Python floats; slopes are numpy's scalars of the parameters' dtype, which round as
torch's 0-dim tensors do; lengths are either. So the search itself records nothing.
"""

from typing import NamedTuple

import numpy as np

from jtorch._tensor import Tensor

__all__ = ["scalar_of", "strong_wolfe"]

_SUFFICIENT_DECREASE = 1e-4  # c1 of the conditions
_CURVATURE = 0.9  # c2
_QUIET = np.errstate(all="ignore")  # numpy warns where torch's numbers are infinite in silence


class Point(NamedTuple):
    """Where the search has been: length of the step, value, gradient, slope along the direction."""

    length: float | np.generic
    value: float
    gradient: Tensor
    slope: np.generic


class _Search:
    """One search from a point along a direction."""

    def __init__(self, evaluate, start, direction, limit, tolerance):
        self.evaluate = evaluate
        self.start = start
        self.direction = direction
        self.limit = limit  # of steps after the first
        self.tolerance = tolerance
        self.steps = 0

    def at(self, length):
        return Point(length, *self.evaluate(length, self.direction))

    @_QUIET
    def is_too_high(self, point):
        bound = self.start.value + _SUFFICIENT_DECREASE * point.length * self.start.slope
        return point.value > bound

    @_QUIET
    def is_flat_enough(self, point):
        return abs(point.slope) <= -_CURVATURE * self.start.slope

    def bracketed(self, point):
        """([points around a minimum], or [a point that will do])."""
        before = self.start
        while self.steps < self.limit:
            if self.is_too_high(point) or (self.steps > 1 and point.value >= before.value):
                return [before, point]
            if self.is_flat_enough(point):
                return [point]
            if point.slope >= 0:
                return [before, point]
            least = point.length + 0.01 * (point.length - before.length)
            length = _cubic_minimum(before, point, (least, point.length * 10))
            before, point = point, self.at(length)
            self.steps += 1
        return [self.start, point]

    def narrowed(self, bracket):
        """The best point found inside a bracket, whose ends come nearer and nearer."""
        span = scalar_of(self.direction.abs().max())
        is_stuck = False
        low, high = (0, 1) if bracket[0].value <= bracket[-1].value else (1, 0)
        while self.steps < self.limit:
            first, last = bracket[0].length, bracket[1].length
            if abs(last - first) * span < self.tolerance:
                break
            length = _cubic_minimum(*bracket)
            length, is_stuck = _kept_off_ends(length, first, last, is_stuck)
            point = self.at(length)
            self.steps += 1
            if self.is_too_high(point) or point.value >= bracket[low].value:
                bracket[high] = point
                low, high = (0, 1) if bracket[0].value <= bracket[1].value else (1, 0)
                continue
            done = self.is_flat_enough(point)
            if not done and point.slope * (bracket[high].length - bracket[low].length) >= 0:
                bracket[high] = bracket[low]
            bracket[low] = point
            if done:
                break
        return bracket[low]


def strong_wolfe(evaluate, t, d, f, g, gtd, tolerance_change, max_ls):
    """(value, gradient, length, how often `evaluate` was called) of a step along `d`.

    `evaluate` gives value, gradient and slope for a length and the direction.
    """
    search = _Search(evaluate, Point(0, f, g, gtd), d, max_ls, tolerance_change)
    bracket = search.bracketed(search.at(t))
    best = bracket[0] if len(bracket) == 1 else search.narrowed(bracket)
    return best.value, best.gradient, best.length, search.steps + 1


def scalar_of(tensor):
    """A 0-dim tensor as numpy's scalar, which keeps its dtype when it meets Python numbers."""
    return tensor._host()[()]


@_QUIET
def _kept_off_ends(length, first, last, is_stuck):
    """A length not too near to the ends of a bracket twice in a row, and whether it is so now."""
    margin = 0.1 * (max(first, last) - min(first, last))
    lower, upper = min(first, last), max(first, last)
    if not min(upper - length, length - lower) < margin:
        return length, False
    if not (is_stuck or length >= upper or length <= lower):
        return length, True
    if abs(length - upper) < abs(length - lower):
        return upper - margin, False
    return lower + margin, False


@_QUIET
def _cubic_minimum(left, right, bounds=None):
    """Where the cubic with the values and slopes of two points is least, within bounds.

    Source: Nocedal and Wright, equation 3.59.
    """
    x1, f1, _, g1 = left
    x2, f2, _, g2 = right
    if bounds is None:
        bounds = (x1, x2) if x1 <= x2 else (x2, x1)
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1**2 - g1 * g2
    if not square >= 0:
        return (bounds[0] + bounds[1]) / 2.0
    d2 = np.sqrt(square)
    if x1 <= x2:
        place = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        place = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(place, bounds[0]), bounds[1])
