"""What a comparison found, as text for a terminal and as plain data for JSON."""

import shutil

from jtorch._compare import lines, processes
from jtorch._compare.comparison import FAILED, last_words
from jtorch._compare.places import Places, shown

MOST_VALUES = 20  # names of tensors that are printed


def print_result(result, show=False):
    """Print all about one program: what differs first, then what ran, then the verdict."""
    print(f"== {result.target.shown}")
    if result.problem:
        print(f"== {FAILED}: {result.problem}")
        return
    if show:
        _copy(result.ours.output)
    _print_lines(result)
    for value in [each for each in result.values if each.details][:MOST_VALUES]:
        print(f"{value.name}: {'; '.join(value.details)}")
    for row in result.warnings.rows:
        print(f"warning: {row.ours or '(none)'} {row.mark} {row.theirs or '(none)'}")
    for fact, ours, theirs in result.different:
        print(f"{fact}: {ours or 'none'} | {theirs or 'none'}")
    for side in (result.ours, result.theirs):
        _print_side(side)
    for line in _summary(result):
        print(f"== {line}")


def many(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"


def _copy(path):
    """Print a file, and an end of line where it has none at its end."""
    last = "\n"
    with open(path, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        while piece := file.read(1 << 16):
            print(piece, end="")
            last = piece[-1]
    if last != "\n":
        print()


def _print_side(side):
    crashed = side.record is None and not side.timed_out
    if side.timed_out or crashed:
        for line in last_words(side, 8).splitlines():
            print(f"{side.label}: {line}")
    end = (
        f"timed out after {side.seconds:.0f} s"
        if side.timed_out
        else f"{processes.status_text(side.status)}, {side.seconds:.1f} s"
    )
    print(f"== {side.label + ':':<9} {end}, {side.peak / 2**20:.0f} MiB")


def _summary(result):
    """The verdicts, a line each."""
    counts = [cell.lines for cell in result.cells]
    ours, theirs = (sum(getattr(each, name) for each in counts) for name in ("ours", "theirs"))
    total = many(theirs, "line") if ours == theirs else f"{ours} and {many(theirs, 'line')}"
    yield f"output:   {result.output}{_amounts(counts)}, {total}"
    if len(result.cells) > 1 or result.cells[0].number is not None:
        for cell in result.cells:
            yield f"  cell {cell.number}: {cell.lines.verdict}, {many(cell.lines.theirs, 'line')}"
    if result.ours.record and result.theirs.record:
        yield f"tensors:  {_values(result)}"
    else:
        yield "tensors:  not compared, as a process did not come to its own end"
    if result.warnings.ours or result.warnings.theirs:
        yield f"warnings: {result.warnings.verdict}, {result.warnings.theirs}"
    if result.theirs.error and not any(fact == "exception" for fact, _, _ in result.different):
        place = result.theirs.error["place"]
        where = "" if place is None else f" ({shown(place[0])}:{place[1]})"
        name = result.theirs.error["class"].removeprefix("builtins.")
        yield f"both end with {name}: {result.theirs.error['text']}{where}"
    yield result.verdict


def _amounts(counts):
    different, close = (
        sum(getattr(each, name) for each in counts) for name in ("different", "close")
    )
    parts = []
    if different:
        parts.append(f"{many(different, 'line')} {'differs' if different == 1 else 'differ'}")
    if close:
        largest = max(each.largest for each in counts)
        parts.append(f"{close} within tolerance, by {largest:.2g} at most")
    return f" ({', '.join(parts)})" if parts else ""


def _values(result):
    if not result.values:
        return "none"
    count = {verdict: 0 for verdict in ("same", lines.CLOSE, lines.DIFFERENT)}
    for value in result.values:
        count[value.verdict] += 1
    worst = max(
        (each for each in result.values if each.verdict == lines.CLOSE),
        key=lambda each: each.largest, default=None,
    )  # fmt: skip
    text = ", ".join(f"{number} {verdict}" for verdict, number in count.items() if number)
    if worst is not None:
        text += f", by {worst.largest:.2g} at most, in {worst.name}"
    return text + (f"; {result.left_out} more were not looked at" if result.left_out else "")


def _print_lines(result):
    rows = [row for cell in result.cells for row in cell.lines.rows]
    if not rows:
        return
    column = max(20, (shutil.get_terminal_size().columns - 12) // 2)
    print(f"{'line':>5}  {'jtorch':<{column}}    PyTorch")
    for row, place in zip(rows, _places(result, rows), strict=True):
        left, right = row.ours or "", row.theirs or ""
        number = row.our_number if row.ours is not None else row.their_number
        for begin in range(0, max(len(left), len(right), 1), column):
            position = f"{number + 1:>5}" if begin == 0 else " " * 5
            piece = left[begin : begin + column]
            print(f"{position}  {piece:<{column}}  {row.mark} {right[begin : begin + column]}")
        if place is not None:
            print(f"{'':5}  printed by {place[0]}:{place[1]}: {place[2]}")
    hidden = sum(cell.lines.different for cell in result.cells) - len(rows)
    if hidden:
        print(f"{'':5}  and {hidden} more")


def _places(result, rows):
    """Where each row was printed, by the side that has the line."""
    ours, theirs = (Places(side, result.target.cells) for side in (result.ours, result.theirs))
    return [ours.of(row.our_number) or theirs.of(row.their_number) for row in rows]


def print_table(results):
    """A line for each program of a folder."""
    width = max(len(result.target.shown) for result in results)
    heads = f"{'lines':>8} {'tensors':>8} {'jtorch':>9} {'PyTorch':>9} {'MiB':>6} {'MiB':>6}"
    print(f"\n{'':{width}} {heads}  verdict")
    for result in results:
        if result.problem:
            print(f"{result.target.shown:{width}} {'':{len(heads)}}  {FAILED}: {result.problem}")
            continue
        printed = sum(cell.lines.theirs for cell in result.cells)
        sides = (result.ours, result.theirs)
        times = " ".join(f"{side.seconds:>7.1f} s" for side in sides)
        memory = " ".join(f"{side.peak / 2**20:>6.0f}" for side in sides)
        facts = f"{printed:>8} {len(result.values):>8} {times} {memory}"
        print(f"{result.target.shown:{width}} {facts}  {result.verdict}")


def as_data(result):
    """Everything about one program as lists, dicts, numbers and texts."""
    data = {"program": result.target.shown, "verdict": result.verdict, "problem": result.problem}
    if result.problem:
        return data
    rows = [row for cell in result.cells for row in cell.lines.rows]
    places = iter(_places(result, rows))
    data["output"] = result.output
    data["cells"] = [
        {
            "cell": cell.number, **_counts(cell.lines),
            "rows": [{**vars(row), "printed_by": next(places)} for row in cell.lines.rows],
        }
        for cell in result.cells
    ]  # fmt: skip
    data["tensors"] = [vars(value) for value in result.values]
    data["tensors_left_out"] = result.left_out
    data["warnings"] = {**_counts(result.warnings), "rows": [*map(vars, result.warnings.rows)]}
    data["different"] = [
        {"fact": fact, "ours": ours, "theirs": theirs} for fact, ours, theirs in result.different
    ]
    for key, side in (("jtorch", result.ours), ("torch", result.theirs)):
        data[key] = {
            "status": side.status, "timed_out": side.timed_out, "seconds": side.seconds,
            "peak_bytes": side.peak, "exception": side.error,
        }  # fmt: skip
    return data


def _counts(found):
    names = ("verdict", "same", "close", "different", "ours", "theirs", "largest")
    return {name: getattr(found, name) for name in names}
