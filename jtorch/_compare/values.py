"""Two snapshots of tensors, name by name: the same, the same within tolerance, or different."""

import dataclasses

import numpy as np

from jtorch._compare.lines import CLOSE, DIFFERENT
from jtorch._compare.tolerances import TOLERANCES, close
from jtorch._dtypes import BY_NAME

SAME = "same"
PIECE = 1 << 20  # elements looked at together, so that a large tensor does not fill memory
_FACTS = ("kind", "type", "shape", "dtype", "requires_grad", "layout", "why")


@dataclasses.dataclass
class Value:
    """What was found of one name; `details` say what differs."""

    name: str
    verdict: str
    shape: list | None = None
    dtype: str | None = None
    largest: float = 0.0
    details: list = dataclasses.field(default_factory=list)


def compare(ours, theirs, *, limits=None):
    """The `Value` of each name that one of two sides has, in the order of the program's.

    `limits` is a (relative, absolute) pair that replaces the table's for inexact dtypes.
    """
    left, right = (
        {row["name"]: row for row in side.rows("tensors.jsonl")} for side in (ours, theirs)
    )
    with _opened(ours) as our_data, _opened(theirs) as their_data:
        return [
            _value(name, left.get(name), right.get(name), our_data, their_data, limits)
            for name in [*right, *(name for name in left if name not in right)]
        ]


def _opened(side):
    path = side.folder / "tensors.bin"
    path.touch()
    return open(path, "rb")


def _value(name, left, right, our_data, their_data, limits):
    if left is None or right is None:
        only = "PyTorch" if left is None else "jtorch"
        return Value(name, DIFFERENT, details=[f"only under {only}: {_described(left or right)}"])
    value = Value(name, SAME, right.get("shape"), right.get("dtype"))
    for fact in _FACTS:
        if left.get(fact) != right.get(fact):
            value.details.append(f"{fact}: {left.get(fact)} | {right.get(fact)}")
    if value.details:
        value.verdict = DIFFERENT
    elif "bytes" in right:
        wanted = (
            limits if limits and right["dtype"] in TOLERANCES else TOLERANCES.get(right["dtype"])
        )
        _compare_elements(value, (our_data, left), (their_data, right), wanted)
    elif left.get("value") != right.get("value"):
        _compare_numbers(value, left, right, limits)
    return value


def _described(row):
    if "shape" not in row:
        return f"{row['type']} {row.get('value', '')}".strip()
    return f"{row['type']} of {row['dtype']}, {tuple(row['shape'])}"


def _compare_numbers(value, left, right, limits):
    """Numbers and texts of state dicts; both are texts here, of one type."""
    table = limits or TOLERANCES.get(right["type"])
    if right["type"] in TOLERANCES:
        kind = {"float": float, "complex": complex}[right["type"]]
        numbers = [np.asarray(kind(each["value"])) for each in (left, right)]
        if close(*numbers, table).all():
            value.verdict, value.largest = CLOSE, float(abs(numbers[0] - numbers[1]))
            return
    value.verdict = DIFFERENT
    value.details.append(f"{left['value']} | {right['value']}")


def _compare_elements(value, ours, theirs, limits):
    """Compare the elements in pieces, and note how many differ and where they do most."""
    kind = _numpy_type(value.dtype)
    size = int(np.prod(value.shape, dtype=np.int64))
    wrong, worst = 0, None
    for begin in range(0, size, PIECE):
        count = min(PIECE, size - begin)
        raw, want_raw = (_piece(data, row, kind, begin, count) for data, row in (ours, theirs))
        if raw.tobytes() == want_raw.tobytes():
            continue
        got, want = _comparable(raw), _comparable(want_raw)
        exact, near = close(got, want, None), close(got, want, limits)
        with np.errstate(invalid="ignore", over="ignore"):
            apart = np.where(exact, 0, abs(got.astype(_wide(got)) - want.astype(_wide(want))))
        apart = np.where(np.isnan(apart), np.inf, apart)
        wrong += int((~near).sum())
        place = int(np.argmax(np.where(near.all(), apart, np.where(near, -1, apart))))
        value.largest = max(value.largest, float(apart[place]))
        if not near.all() and (worst is None or apart[place] > worst[0]):
            worst = float(apart[place]), begin + place, raw[place], want_raw[place]
    if wrong:
        value.verdict = DIFFERENT
        _, place, got, want = worst
        where = ", ".join(str(int(each)) for each in np.unravel_index(place, value.shape))
        value.details.append(f"{wrong} of {size} values differ, most at [{where}]: {got} | {want}")
    elif value.largest:
        value.verdict = CLOSE


def _piece(data, row, kind, begin, count):
    data.seek(row["bytes"][0] + begin * kind.itemsize)
    return np.frombuffer(data.read(count * kind.itemsize), kind)


def _numpy_type(name):
    if name.startswith("numpy."):
        return np.dtype(name.removeprefix("numpy."))
    return BY_NAME[name.removeprefix("torch.")].numpy


def _comparable(array):
    """The small floats, which numpy does not know of itself, as float32."""
    return array if array.dtype.kind in "biufc" else array.astype(np.float32)


def _wide(array):
    return np.complex128 if array.dtype.kind == "c" else np.float64
