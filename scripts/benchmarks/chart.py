"""The chart of a result: bars of jtorch's time divided by the others', on a logarithmic axis."""

import html
import math

from benchmarks import programs, sides

WIDTH, LEFT, RIGHT = 980, 270, 90  # labels stand left of the bars, figures right of the longest
LINE, BAR, GAP = 15, 11, 10
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
FASTER, SLOWER, OTHER, INK, PALE = "#2a7f62", "#c8553d", "#8d99ae", "#222222", "#dddddd"
STEP_LEGEND = "a step: jtorch / torch (coloured), jtorch / jax.jit by hand (grey)"
WHOLE_LEGEND = (
    "a whole process: jtorch / torch, with programs compiled before (coloured), without (grey)"
)


def groups(results):
    """(heading, rows) of the chart; a row is (label, coloured bar, grey bar), each a spread or None."""
    steps, wholes = [], []
    for each in results:
        ratios, whole = each.get("ratios", {}), each.get("whole_ratios", {})
        if ratios:
            steps.append((each["case"], ratios.get(sides.TORCH), ratios.get(sides.JAX)))
        if whole:
            wholes.append((each["case"], whole.get(programs.WARM), whole.get(programs.COLD)))
    return [(STEP_LEGEND, steps), (WHOLE_LEGEND, wholes)]


class Axis:
    """Places of ratios, from a little less than the least to a little more than the greatest."""

    def __init__(self, values):
        low, high = min([0.5, *values]), max([2.0, *values])
        self.low = math.log(max(low, TICKS[0]) * 0.9)
        self.high = math.log(min(high, TICKS[-1]) * 1.1)

    def place(self, ratio):
        inside = min(max(math.log(ratio), self.low), self.high)
        return LEFT + (inside - self.low) / (self.high - self.low) * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        return [tick for tick in TICKS if self.low <= math.log(tick) <= self.high]


def text(x, y, content, anchor="start", size=12, colour=INK, weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}" '
        f'font-weight="{weight}">{html.escape(content)}</text>'
    )


def line(x1, y1, x2, y2, colour, width=1):
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def bar(axis, spread, y, colour):
    """A bar from 1 to the median, with a thin line over the quartiles and the number after both."""
    one, median, low, high = map(
        axis.place, (1, *(spread[key] for key in ("median", "low", "high")))
    )
    left, right = min(one, median), max(one, median)
    middle = y + BAR / 2
    return [
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(right - left, 1):.1f}" height="{BAR}" '
        f'fill="{colour}"/>',
        line(low, middle, high, middle, INK),
        text(max(right, high) + 5, y + BAR - 1, f"{spread['median']:.2f}", size=11),
    ]


def chart(result):
    """The SVG of a result."""
    shown = [(heading, rows) for heading, rows in groups(result["results"]) if rows]
    bars = [each for _, rows in shown for row in rows for each in row[1:] if each]
    axis = Axis([each["median"] for each in bars])
    parts, y = heading_of(result), 84
    for heading, rows in shown:
        parts.append(text(20, y + 12, heading, size=13, weight="bold"))
        y += 30
        top, body = y, []
        for label, first, second in rows:
            body.append(text(LEFT - 10, y + BAR, label, "end"))
            for spread, other in ((first, False), (second, True)):
                if spread:
                    colour = OTHER if other else FASTER if spread["median"] <= 1 else SLOWER
                    body += bar(axis, spread, y, colour)
                y += LINE - (2 if not other else 0)
            y += GAP - 2
        for tick in axis.ticks():
            at = axis.place(tick)
            parts.append(line(at, top - 6, at, y, PALE))
            parts.append(text(at, y + 14, f"{tick:g}", "middle", 11))
        parts += body
        parts.append(line(axis.place(1), top - 6, axis.place(1), y, INK, 1.5))
        parts.append(text(axis.place(1) - 8, y + 29, "← jtorch is faster", "end", 11))
        parts.append(text(axis.place(1) + 8, y + 29, "jtorch is slower →", "start", 11))
        y += 52
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" '
            f'height="{y}" font-family="Helvetica, Arial, sans-serif">',
            f'<rect width="{WIDTH}" height="{y}" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def heading_of(result):
    """The title, and what was measured where."""
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return [
        text(20, 28, "Time of jtorch divided by the time of the others", size=18, weight="bold"),
        text(20, 48, f"{result['date']}, {where(result)}", colour="#555555"),
        text(20, 64, versions, colour="#555555"),
    ]


def where(result):
    """The machine in words."""
    return (
        f"{result['processor']}, {result['cores']} core{'s' * (result['cores'] > 1)}, {result['memory_gigabytes']} GB, "
        f"{result['system']}, {result['clock']} time, load before: {result['load_before']}"
    )
