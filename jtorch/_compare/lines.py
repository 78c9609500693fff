"""Two texts line by line: the same, the same within tolerance, or different; streamed from files."""

import collections
import dataclasses
import itertools
import re

from jtorch._compare.tolerances import TOLERANCES

SAME, CLOSE, DIFFERENT = "same text", "same within tolerance", "different"
WINDOW = 200  # lines looked at ahead to find where both go on alike
RUN = 3  # lines that must agree there
LONGEST = 1 << 20  # bytes of one line: what is longer is compared in pieces
PRINTED = 4  # decimals from which on the last one may be rounded the other way
BLOCK = 100  # lines of one printed tensor within which its dtype is looked for

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)(?![^\Wj])", re.ASCII
)
_PADDED = re.compile(r"[ ]*#[ ]*")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_DTYPE = re.compile(r"dtype=(?:torch\.)?(\w+)")


@dataclasses.dataclass
class Row:
    """A line that differs, or two that face each other; numbers from 0, None where there is none."""

    mark: str  # "|" changed, "<" only ours, ">" only theirs
    ours: str | None
    theirs: str | None
    our_number: int | None = None
    their_number: int | None = None


@dataclasses.dataclass
class Lines:
    """What a comparison of two texts found; `rows` are the first of the `different` ones."""

    same: int = 0
    close: int = 0
    different: int = 0
    rows: list = dataclasses.field(default_factory=list)
    ours: int = 0
    theirs: int = 0
    largest: float = 0.0  # difference of numbers among the lines that are close

    @property
    def verdict(self):
        return DIFFERENT if self.different else CLOSE if self.close else SAME


def decoded(line):
    return line.decode("utf-8", "backslashreplace")


def normal(text):
    """`text` without what no two runs have alike: addresses of objects."""
    return _ADDRESS.sub("0x...", text) if "0x" in text else text


def shape(text):
    """The text around the numbers and their padding: equal where two lines differ in numbers only."""
    return _PADDED.sub("#", _NUMBER.sub("#", text.rstrip("\n")))


def distance(ours, theirs, limits):
    """The largest difference of two lines of one shape.

    None where one is outside of `limits`, or where the lines differ though no number does.
    """
    largest = 0.0
    for left, right in zip(_NUMBER.findall(ours), _NUMBER.findall(theirs), strict=True):
        if left == right:
            continue
        if "nan" in left + right or "inf" in left + right or _is_integer(left, right):
            return None
        got, want = float(left), float(right)
        apart = abs(got - want)
        unit = max(_unit(left), _unit(right)) * (1 + 1e-6)
        if apart > max(limits[1] + limits[0] * abs(want), unit):
            return None
        largest = max(largest, apart)
    return largest or None


def _is_integer(*numbers):
    return any(not set(number.lower()) & {".", "e"} for number in numbers)


def _unit(number):
    """What one more in the last printed decimal is worth; 0 where too few decimals are printed."""
    mantissa, _, exponent = number.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    if decimals < PRINTED:
        return 0.0
    return 10.0 ** (int(exponent or 0) - decimals)


class Reader:
    """Lines of a part of a file, with some seen ahead and a number for each."""

    def __init__(self, file, begin, end, number=0):
        file.seek(begin)
        self.file, self.left, self.number = file, end - begin, number
        self.ahead = collections.deque()
        self.count = 0

    def peek(self, index):
        """The line `index` places on, or None at the end."""
        while len(self.ahead) <= index and self.left > 0:
            line = self.file.readline(min(self.left, LONGEST))
            if not line:
                self.left = 0
                break
            self.left -= len(line)
            self.ahead.append(line)
        return self.ahead[index] if index < len(self.ahead) else None

    def take(self):
        """The next line and its number; the line is None at the end."""
        line = self.peek(0)
        if line is None:
            return None, None
        self.ahead.popleft()
        number = self.number
        self.number += line.endswith(b"\n")
        self.count += 1
        return line, number


def compare(ours, theirs, *, ignored=(), most=40):
    """Compare what two readers give; lines that a pattern of `ignored` matches count as the same."""
    found = Lines()
    while True:
        left, right = ours.peek(0), theirs.peek(0)
        if left is None and right is None:
            break
        if left == right:
            found.same += 1
            ours.take()
            theirs.take()
            continue
        skip_ours, skip_theirs = _resynchronized(ours, theirs)
        if skip_ours == skip_theirs == 0:
            skip_ours = skip_theirs = 1
        for index in range(max(skip_ours, skip_theirs)):
            limits = _limits(ours if index < skip_ours else theirs)
            pair = (
                *(ours.take() if index < skip_ours else (None, None)),
                *(theirs.take() if index < skip_theirs else (None, None)),
            )
            _judge(found, pair, limits, ignored, most)
    found.ours, found.theirs = ours.count, theirs.count
    return found


def _judge(found, pair, limits, ignored, most):
    left, our_number, right, their_number = pair
    texts = [None if each is None else normal(decoded(each)) for each in (left, right)]
    if any(each is not None and pattern.search(each) for each in texts for pattern in ignored):
        found.same += 1
        return
    if None not in texts:
        if texts[0] == texts[1]:
            found.same += 1
            return
        if _alike(*texts):
            apart = distance(*texts, limits)
            if apart is not None:
                found.close += 1
                found.largest = max(found.largest, apart)
                return
    found.different += 1
    if len(found.rows) < most:
        mark = ">" if left is None else "<" if right is None else "|"
        found.rows.append(Row(mark, *map(_shown, (left, right)), our_number, their_number))


def _alike(ours, theirs):
    return ours.endswith("\n") == theirs.endswith("\n") and shape(ours) == shape(theirs)


def _shown(line):
    """A line as it is printed beside the other; a missing end is said where nothing else differs."""
    if line is None:
        return None
    text = decoded(line[:4096]) if len(line) > 4096 else decoded(line)
    end = "" if line.endswith(b"\n") else " (no newline at the end)"
    text = text.removesuffix("\n")
    return (
        "".join(
            each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
        )
        + end
    )


def _limits(reader):
    """Tolerances of the dtype that the line names, or the tensor that it is printed of; else float32's."""
    for index in range(BLOCK):
        line = reader.peek(index)
        if line is None:
            break
        named = _DTYPE.search(decoded(line))
        if named and f"torch.{named[1]}" in TOLERANCES:
            return TOLERANCES[f"torch.{named[1]}"]
        if named or line.rstrip().endswith(b")") or (b"tensor(" not in line and line[:1] != b" "):
            break
    return TOLERANCES["torch.float32"]


def _resynchronized(ours, theirs):
    """How many lines of each to pass until both go on alike: the fewest; 0, 0 to set these side by side."""
    first, second = (
        None if each.peek(0) is None else shape(normal(decoded(each.peek(0))))
        for each in (ours, theirs)
    )
    if first == second:
        return _inserted(ours, theirs)
    left, right = ([*_shapes(each)] for each in (ours, theirs))
    for total in range(len(left) + len(right) + 1):
        for first in range(max(0, total - len(right)), min(total, len(left)) + 1):
            second = total - first
            run = max(1, min(RUN, len(left) - first, len(right) - second))
            if left[first : first + run] == right[second : second + run]:
                return first, second
    return len(left), len(right)


def _inserted(ours, theirs):
    """Lines of one side that the other lacks, where what follows is then the same to the character."""
    if (
        distance(*(normal(decoded(each.peek(0))) for each in (ours, theirs)), (0.0, 1e-4))
        is not None
    ):
        return 0, 0
    left, right = ([each.peek(index) for index in range(WINDOW)] for each in (ours, theirs))
    for skip in range(1, WINDOW - RUN):
        if None not in left[skip : skip + RUN] and left[skip : skip + RUN] == right[:RUN]:
            return skip, 0
        if None not in right[skip : skip + RUN] and right[skip : skip + RUN] == left[:RUN]:
            return 0, skip
    return 0, 0


def _shapes(reader):
    for index in itertools.count():
        line = reader.peek(index)
        if line is None or index >= WINDOW:
            return
        yield shape(normal(decoded(line)))
