"""The operations: a map of all, and a matrix of each by aspect."""

from reporting import markup
from reporting.markup import CLASSES, text
from reporting.operations import ASPECTS, TPU
from reporting.states import DIFFERS, KNOWN, NOT_RUN, SAME, WORDS, counted, many

COLUMNS = (*ASPECTS, TPU)


def part(data):
    """The section."""
    if "entries" not in data:
        return markup.section("operations", "Operations", markup.not_run(data))
    found = data["entries"]
    note = (
        "Every entry of PyTorch's own op_db, by PyTorch's own samples, on both libraries: values, "
        "dtypes, shapes, strides, error classes and texts. A number says how many trials differ."
    )
    if not data["torch_was_asked"]:
        note += " PyTorch was not there to be asked: what it does not have stands as not run."
    counts = counted(each["state"] for each in found)
    body = "\n".join(
        [
            markup.sources(data),
            small_map(found),
            tools(len(found), counts),
            matrix(found),
            markup.data([detail(each) for each in found], "operation-details"),
        ]
    )
    return markup.section("operations", "Operations", body, note)


def anchor(index):
    return f"op-{index}"


def small_map(found):
    """One square for each operation."""
    squares = "".join(
        f'<a class="{CLASSES[each["state"]]}" href="#{anchor(index)}" '
        f'title="{text(each["name"])}: {WORDS[each["state"]]}"></a>'
        for index, each in enumerate(found)
    )
    return f'<nav class="map" aria-label="all operations">{squares}</nav>'


def tools(total, counts):
    """The field and the buttons that filter the matrix."""
    chips = [f'<button data-state="" aria-pressed="true">all <b>{total:,}</b></button>']
    chips += [
        f'<button data-state="{CLASSES[state]}" class="{CLASSES[state]}" aria-pressed="false">'
        f"{WORDS[state]} <b>{counts[state]:,}</b></button>"
        for state in (DIFFERS, KNOWN, SAME, NOT_RUN)
        if counts.get(state)
    ]
    return (
        f'<div class="tools" data-for="matrix">{markup.search("an operation", "matrix")}'
        f'<span class="chips">{"".join(chips)}</span><output></output></div>{KEY}'
    )


KEY = (
    '<p class="key"><span class="s">same</span><span class="k">differs, as known</span>'
    '<span class="d">differs</span><span class="n">not run</span>'
    "<span>blank: PyTorch has none, or there was nothing to try</span></p>"
)


def matrix(found):
    """The table; what failed is added by the page's script when a name is chosen."""
    heads = "".join(f"<th><span>{aspect}</span></th>" for aspect in COLUMNS)
    rows = "\n".join(row(index, each) for index, each in enumerate(found))
    return (
        f'<div class="scroll tall"><table class="matrix" id="matrix"><thead><tr><th></th>{heads}</tr>'
        f"</thead><tbody>\n{rows}\n</tbody></table></div>"
    )


def row(index, each):
    """One operation."""
    name = text(each["name"])
    head = (
        f'<tr id="{anchor(index)}" data-name="{name.lower()}" data-state="{CLASSES[each["state"]]}">'
        f'<th><button data-detail="{index}" aria-expanded="false">{markup.name(each["name"])}</button></th>'
    )
    tpu = cell(TPU, each["cells"][TPU])
    if each["state"] == NOT_RUN:
        reason = f": {text(each['out_of_scope'])}" if each["out_of_scope"] else ""
        return f'{head}<td class="n whole" colspan="{len(ASPECTS)}">not run{reason}</td>{tpu}</tr>'
    cells = "".join(cell(aspect, each["cells"][aspect]) for aspect in ASPECTS)
    return f"{head}{cells}{tpu}</tr>"


def cell(aspect, found):
    """The state of one aspect, as a word or a number."""
    state = found["state"]
    failed = found.get("tried", 0) - found.get("passed", 0)
    if state == SAME:
        return f'<td class="s" title="{aspect}: {many(found["tried"], "trial")}">same</td>'
    if state in (DIFFERS, KNOWN):
        title = f"{aspect}: {failed} of {found['tried']} differ"
        return f'<td class="{CLASSES[state]}" title="{title}"><b>{failed or "!"}</b></td>'
    if state == NOT_RUN:
        return f'<td class="n" title="{aspect}: not run">not run</td>'
    return "<td></td>"


def detail(each):
    """What the page's script shows of an operation: counts by dtype, and what failed."""
    return {
        "dtypes": [
            [dtype, [counts.get(aspect) for aspect in ASPECTS]]
            for dtype, counts in each["dtypes"].items()
        ],
        "failures": [
            [
                f"{failure['dtype']}, {failure['aspect']}, sample {failure['samples']}",
                failure["known"],
                failure["lines"],
            ]
            for failure in each["failures"]
        ],
        "tpu": [
            [
                f"{line['kind']} {line['dtype']} for {line['target']}: {line['status']}",
                line["state"] == KNOWN,
                line.get("reason", ""),
            ]
            for line in each["tpu"]
        ],
        "scope": each["out_of_scope"],
    }
