"""Curves and ratios as SVG and HTML, in the page's own colours."""

import math

from reporting.markup import text

WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 26


def nice(low, high, count=3):
    """Round numbers from `low` to `high`, about so many."""
    if high <= low:
        return [low]
    raw = (high - low) / count
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * each for each in (1, 2, 2.5, 5, 10) if unit * each >= raw)
    first = math.ceil(low / step - 1e-9)
    return [index * step for index in range(first, math.floor(high / step + 1e-9) + 1)]


def bounds(values):
    """The lowest and the highest value of an axis: from 0 where that does not flatten the curve."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if 0 <= low <= 0.4 * high:
        low = 0.0
    room = 0.06 * (high - low) or 0.5 * abs(high) or 1.0
    return (low if low == 0.0 else low - room), high + room


def curves(ours, theirs, label):
    """Two curves over one another: PyTorch's broad and pale, jtorch's thin."""
    values = [each for each in (*ours, *theirs) if math.isfinite(each)]
    low, high = bounds(values)
    last = max(len(ours), len(theirs)) - 1

    def x(index):
        return LEFT + (WIDTH - LEFT - RIGHT) * index / max(last, 1)

    def y(value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    def line(values, name):
        points = [
            f"{x(index):.1f},{y(value):.1f}"
            for index, value in enumerate(values)
            if math.isfinite(value)
        ]
        dots = "".join(
            '<circle cx="{}" cy="{}" r="2"/>'.format(*each.split(",")) for each in points
        )
        shown = dots if name == "jtorch" and len(points) <= 40 else ""
        return f'<g class="{name}"><polyline points="{" ".join(points)}"/>{shown}</g>'

    grid = "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(each):.1f}" y2="{y(each):.1f}"/>'
        f'<text x="{LEFT - 7}" y="{y(each) + 3.5:.1f}" text-anchor="end">{each:g}</text>'
        for each in nice(low, high)
    )
    ends = (
        f'<text x="{LEFT}" y="{HEIGHT - 8}">1</text><text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" '
        f'text-anchor="end">{last + 1}</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{text(label)}, both sides">'
        f'<g class="grid">{grid}{ends}</g>{line(theirs, "torch")}{line(ours, "jtorch")}</svg>'
    )


class Axis:
    """Places of ratios on a logarithmic scale, in percent of its width; 1 is always on it."""

    TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)

    def __init__(self, values):
        self.low = math.log(max(min([0.5, *values]) * 0.9, 0.04))
        self.high = math.log(min(max([2.0, *values]) * 1.1, 60))

    def place(self, ratio):
        inside = min(max(math.log(ratio), self.low), self.high)
        return 100 * (inside - self.low) / (self.high - self.low)

    def ticks(self):
        return [tick for tick in self.TICKS if self.low <= math.log(tick) <= self.high]

    def bar(self, ratio, name):
        """A bar from 1 to the median, the quartiles as a thin line, and the number."""
        one, middle, low, high = (
            self.place(each) for each in (1, ratio["median"], ratio["low"], ratio["high"])
        )
        left, width = min(one, middle), max(abs(middle - one), 0.3)
        return (
            f'<div class="ratio {name}"><i style="left:{left:.2f}%;width:{width:.2f}%"></i>'
            f'<u style="left:{low:.2f}%;width:{max(high - low, 0):.2f}%"></u></div>'
        )

    def scale(self):
        return "".join(
            f'<span style="left:{self.place(tick):.2f}%">{tick:g}</span>' for tick in self.ticks()
        )

    def lines(self):
        return "".join(
            f'<b class="{"one" if tick == 1 else ""}" style="left:{self.place(tick):.2f}%"></b>'
            for tick in self.ticks()
        )
