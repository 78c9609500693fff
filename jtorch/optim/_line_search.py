"""A line search that ends where the strong Wolfe conditions hold.

Source: Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6; as torch.optim.LBFGS has
them. Values are floats, slopes are tensors, and lengths are either.
"""

from typing import NamedTuple

from jtorch._tensor import Tensor

__all__ = ["strong_wolfe"]

_SUFFICIENT_DECREASE = 1e-4  # c1 of the conditions
_CURVATURE = 0.9  # c2


class Point(NamedTuple):
    """Where the search has been: length of the step, value, gradient, slope along the direction."""

    length: float | Tensor
    value: float
    gradient: Tensor
    slope: Tensor


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
        value, gradient = self.evaluate(length, self.direction)
        return Point(length, value, gradient, gradient.dot(self.direction))

    def is_too_high(self, point):
        bound = self.start.value + _SUFFICIENT_DECREASE * point.length * self.start.slope
        return point.value > bound

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
        span = self.direction.abs().max()
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
    """(value, gradient, length, how often `evaluate` was called) of a step along `d`."""
    start = Point(0, f, g.clone(), gtd)
    search = _Search(evaluate, start, d, max_ls, tolerance_change)
    bracket = search.bracketed(search.at(t))
    if len(bracket) == 1:
        (best,) = bracket
    else:
        best = search.narrowed(bracket)
    return best.value, best.gradient, best.length, search.steps + 1


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
    d2 = square.sqrt()
    if x1 <= x2:
        place = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        place = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(place, bounds[0]), bounds[1])
