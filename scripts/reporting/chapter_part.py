"""The chapters: verdicts, time and memory, curves of losses, both outputs side by side."""

import difflib
import re

from reporting import markup, plot, programs
from reporting.markup import text
from reporting.states import NOT_RUN, SAME, many

PIECES = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|\w+|\s+|.", re.IGNORECASE)
CLASSES = {"=": "", "~": "close", "|": "diff", "<": "diff ours", ">": "diff theirs"}
SIDES = (("jtorch", "jtorch"), ("torch", "PyTorch"))
LEGEND = '<span class="sides"><i class="jtorch"></i>jtorch <i></i>PyTorch</span>'
COLUMNS = (
    '<div class="columns" aria-hidden="true"><span></span><span></span><span>time: '
    '<i class="jtorch"></i>jtorch <i></i>PyTorch</span><span>memory at most</span></div>'
)


def part(data):
    """The section."""
    if "programs" not in data:
        return markup.section("chapters", "Chapters", markup.not_run(data))
    found = data["programs"]
    threads = sorted({each["threads"] for each in found})
    note = (
        "Each program runs unchanged under both libraries, in processes of their own; what it "
        "prints, the tensors it leaves, its warnings and its end are compared. OMP_NUM_THREADS is "
        f"{text(' or '.join(threads))}. Time is that of the whole process, with what it compiles."
    )
    most = {
        key: max(
            [each[side][key] for each in found if side_known(each) for side, _ in SIDES] or [1]
        )
        for key in ("seconds", "peak_bytes")
    }
    body = COLUMNS + "\n".join(chapter(each, most) for each in found)
    return markup.section("chapters", "Chapters", body, note)


def side_known(found):
    return not found.get("problem")


def chapter(found, most):
    """One chapter, to be opened."""
    state = programs.state_of(found)
    words = programs.in_words(found)
    head = (
        f'<span class="what"><b>{text(found["program"])}</b><small>{text(found["title"])}</small>'
        f"</span>{markup.badge(state, None if state == NOT_RUN else words)}"
    )
    body = []
    if state == NOT_RUN:
        body.append(f'<p class="absent"><b>Not run.</b> {text(words)}</p>')
    if not found.get("problem"):
        head += meter("time", found, "seconds", most, lambda value: f"{value:.1f} s")
        head += meter(
            "memory", found, "peak_bytes", most, lambda value: f"{value / 2**20:,.0f} MiB"
        )
        drawn = "".join(figure(each) for each in found["curves"])
        body += [facts(found), f'<div class="curves">{drawn}</div>', outputs(found)]
    shown = "" if state == SAME else " open"
    return f'<details class="chapter"{shown}><summary>{head}</summary>{"".join(body)}</details>'


def meter(title, found, key, most, words):
    """Both sides' figures as two small bars."""
    rows = "".join(
        f'<span class="{side}"><u><i style="width:{100 * found[side][key] / most[key]:.1f}%"></i></u>'
        f"<em>{text(words(found[side][key]))}</em></span>"
        for side, _ in SIDES
    )
    return f'<span class="meter"><small>{title}</small>{rows}</span>'


def facts(found):
    """What was compared, in a sentence, and what differs beside the output."""
    counts, values = found["counts"], found["tensors"]
    if programs.both_failed(found) and not counts["theirs"]:
        return ""
    words = [f"Output: {many(counts['theirs'], 'line')}, {found['output']}"]
    if counts["close"]:
        words.append(f"{counts['close']} within tolerance")
    if counts["different"]:
        words.append(f"{counts['different']} different")
    same = sum(each["verdict"] == "same" for each in values)
    words.append(f"tensors: {many(len(values), 'value')}, {same} the same bit for bit")
    close = [each["largest"] for each in values if each["verdict"] == "same within tolerance"]
    if close:
        words.append(f"{len(close)} within tolerance, by {max(close):.1g} at most")
    lines = [f"<p>{text('; '.join(words))}.</p>"]
    rows = [
        (each["name"], "; ".join(each["details"]))
        for each in values
        if each["verdict"] == "different"
    ]
    rows += [
        ("warning", f"{row['ours'] or 'none'} | {row['theirs'] or 'none'}")
        for row in found["warnings"]["rows"]
    ]
    rows += [
        (each["fact"], f"{each['ours'] or 'none'} | {each['theirs'] or 'none'}")
        for each in found["different"]
    ]
    if rows:
        items = "".join(f"<dt>{text(name)}</dt><dd>{text(words)}</dd>" for name, words in rows)
        lines.append(f'<dl class="differences">{items}</dl>')
    return "".join(lines)


def figure(curve):
    """One curve with its caption."""
    label = curve["label"].replace("#", "…")
    sides = (curve["ours"], curve["theirs"])
    widest = max((abs(a - b) for a, b in zip(*sides, strict=False)), default=0.0)
    same = sides[0] == sides[1]
    words = "every number is the same" if same else f"apart by {widest:.2g} at most"
    return (
        f"<figure><figcaption><b>{text(label)}</b> as printed: {words}{LEGEND}</figcaption>"
        f"{plot.curves(*sides, label)}</figure>"
    )


def outputs(found):
    """Both outputs, line by line."""
    rows, numbers = [], [0, 0]
    for mark, ours, theirs in found["lines"]:
        theirs = ours if mark == "=" and theirs is None else theirs
        numbers = [numbers[0] + (ours is not None), numbers[1] + (theirs is not None)]
        number = numbers[0] if ours is not None else numbers[1]
        cells = (text(ours or ""), text(theirs or ""))
        if mark in "|~":
            cells = marked(ours, theirs)
        rows.append(
            f'<tr class="{CLASSES[mark]}"><th>{number}</th><td>{cells[0]}</td><td>{cells[1]}</td></tr>'
        )
    if not rows:
        return ""
    left = found["lines_left_out"]
    more = f'<p class="note">{many(left, "more line")} left out here.</p>' if left > 0 else ""
    only = (
        '<label class="only"><input type="checkbox" data-only> only lines that differ</label>'
        if found["counts"]["different"] or found["counts"]["close"]
        else ""
    )
    return (
        f'{only}<div class="scroll"><table class="out"><thead><tr><th></th><td>jtorch</td>'
        f"<td>PyTorch</td></tr></thead><tbody>{''.join(rows)}</tbody></table></div>{more}"
    )


def marked(ours, theirs):
    """Two lines with what differs between them marked."""
    left, right = PIECES.findall(ours), PIECES.findall(theirs)
    sides = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, False).get_opcodes():
        for side, pieces in zip(sides, (left[a:b], right[c:d]), strict=True):
            piece = text("".join(pieces))
            if piece:
                side.append(piece if kind == "equal" else f"<mark>{piece}</mark>")
    return "".join(sides[0]), "".join(sides[1])
