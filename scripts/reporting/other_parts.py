"""The TPU, the speed, and the lists of known differences."""

import collections

from benchmarks import table
from reporting import compiled, markup, plot
from reporting.markup import CLASSES, text
from reporting.states import DIFFERS, KNOWN, NONE, NOT_RUN, SAME, WORDS, many, worst

TPU_WORDS = {DIFFERS: "otherwise than listed", KNOWN: "refused, as listed"}
OPENED = 6  # items of a reason that are shown without being asked for


# TPU


def tpu(data):
    """The section: counts, what is not compiled and why, and every case."""
    if "outcomes" not in data:
        return markup.section("tpu", "TPU", markup.not_run(data))
    lines = data["outcomes"]
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    note = (
        "Programs are compiled with the real compiler, without a TPU, and not run; for CUDA they are "
        f"lowered only. {text(versions)}."
    )
    body = [markup.sources(data), status_table(lines), refused(lines), case_matrix(lines)]
    return markup.section("tpu", "TPU", "\n".join(body), note)


def status_table(lines):
    """How many cases of each target ended how."""
    counts = collections.Counter((line["target"], line["status"]) for line in lines)
    targets = sorted({target for target, _ in counts}, key=lambda each: (each == "cuda", each))
    order = (
        *("compiled", "lowered", "no program", "no gradient", "not taken"),
        *("refused", "failed", "broken", "crashed"),
    )
    statuses = sorted({status for _, status in counts}, key=(*order, *sorted(
        {status for _, status in counts} - {*order})).index)  # fmt: skip
    head = "".join(f"<th>{text(status)}</th>" for status in statuses)
    rows = "".join(
        f"<tr><th>{text(target)}</th>"
        + "".join(
            f"<td>{f'{counts[target, status]:,}' if counts[target, status] else ''}</td>"
            for status in statuses
        )
        + "</tr>"
        for target in targets
    )
    return (
        f'<div class="scroll"><table class="numbers"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def refused(lines):
    """What is not compiled, by reason."""
    blocks = []
    for state in (DIFFERS, KNOWN):
        groups = collections.defaultdict(list)
        for line in lines:
            if line["state"] == state:
                place = f"{line['kind']} {line['name']} {line['dtype']}".strip()
                groups[line.get("reason", line["status"])].append(f"{place} for {line['target']}")
        if groups:
            count = sum(map(len, groups.values()))
            reasons = "".join(reason(why, items) for why, items in groups.items())
            blocks.append(
                f'<details class="list"><summary>{markup.badge(state, TPU_WORDS[state])} {many(count, "case")}, '
                f"{many(len(groups), 'reason')}</summary>{reasons}</details>"
            )
    return "".join(blocks)


def reason(why, items):
    """A reason and what it is given for."""
    listed = "".join(f"<li>{text(item)}</li>" for item in items[:OPENED])
    more = "".join(f"<li>{text(item)}</li>" for item in items[OPENED:])
    if more:
        more = f"<details><summary>{len(items) - OPENED} more</summary><ul>{more}</ul></details>"
    return f'<div class="reason"><p>{text(why)}</p><ul>{listed}</ul>{more}</div>'


def case_matrix(lines):
    """Every row, module, optimizer and program by dtype, the worst over all TPUs."""
    columns, found = compiled.matrix([line for line in lines if line["target"] != compiled.CUDA])
    rows = []
    for each in found:
        cells = "".join(case_cell(column, each["cells"].get(column, NONE)) for column in columns)
        state = CLASSES[worst(each["cells"].values())]
        name = each["name"] if each["kind"] == "call" else f"{each['kind']} {each['name']}"
        rows.append(
            f'<tr data-name="{text(name.lower())}" data-state="{state}">'
            f"<th>{markup.name(name)}</th>{cells}</tr>"
        )
    heads = "".join(f"<th><span>{text(column)}</span></th>" for column in columns)
    return (
        f'<details class="list"><summary>Everything that was compiled, by dtype: {len(found):,}'
        f'</summary><div class="tools" data-for="cases">{markup.search("a name", "cases")}<output>'
        '</output></div><p class="key"><span class="s">compiles</span><span class="k">refused, as '
        'listed</span><span class="d">otherwise than listed</span><span class="n">not run</span>'
        "<span>blank: nothing to try, or not taken on the CPU either</span></p>"
        f'<div class="scroll tall"><table class="matrix" id="cases"><thead><tr><th></th>{heads}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def case_cell(column, state):
    if state == NONE:
        return "<td></td>"
    word = {SAME: "same", NOT_RUN: "not run"}.get(state, "<b>!</b>")
    return f'<td class="{CLASSES[state]}" title="{text(column)}: {WORDS[state]}">{word}</td>'


# Speed


def bench(data):
    """The section: jtorch's time divided by the others', as bars."""
    if "results" not in data:
        return markup.section("bench", "Speed", markup.not_run(data))
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    note = (
        "jtorch's time divided by the other's: left of 1, jtorch is faster. Thin lines are quartiles. "
        f"Measured {text(data['date'])} on {text(data['processor'])}, "
        f"{many(data['cores'], 'core')}, {text(data.get('clock', 'wall'))} time, load before "
        f"{data['load_before']}. {text(versions)}."
    )
    steps, wholes, without = [], [], []
    for each in data["results"]:
        ratios, whole = each.get("ratios", {}), each.get("whole_ratios", {})
        if ratios:
            steps.append(
                (
                    each["case"],
                    [("PyTorch", ratios.get("torch")), ("jax.jit by hand", ratios.get("jax.jit"))],
                )
            )
        if whole:
            wholes.append(
                (
                    each["case"],
                    [("PyTorch, warm", whole.get("warm")), ("PyTorch, cold", whole.get("cold"))],
                )
            )
        if not ratios and not whole and not [*table.failures([each])]:
            without.append(each["case"])
    body = [markup.sources(data)]
    body += [
        chart(title, rows)
        for title, rows in (("A step", steps), ("A whole process", wholes))
        if rows
    ]
    failures = [*table.failures(data["results"])]
    if without:
        failures.append(f"no ratio: {', '.join(without)}")
    if failures:
        body.insert(
            1, f"<ul class='wrong'>{''.join(f'<li>{text(each)}</li>' for each in failures)}</ul>"
        )
    return markup.section("bench", "Speed", "\n".join(body), note)


def chart(title, rows):
    """Bars on one axis; the first of each row is PyTorch's, the second pale."""
    axis = plot.Axis(
        [ratio["median"] for _, ratios in rows for _, ratio in ratios if ratio is not None]
    )
    lines = []
    for label, ratios in rows:
        bars, figures = [], []
        for place, (name, ratio) in enumerate(ratios):
            if ratio is None:
                figures.append(f"<em>{text(name)}: not run</em>")
                continue
            kind = "pale" if place else ("faster" if ratio["median"] < 1 else "slower")
            bars.append(axis.bar(ratio, kind))
            figures.append(f'<em class="{kind}">{ratio["median"]:.2f}</em>')
        lines.append(
            f'<div class="case"><span>{text(label)}</span><div class="axis">{axis.lines()}'
            f"{''.join(bars)}</div><span>{''.join(figures)}</span></div>"
        )
    names = [name for name, _ in rows[0][1]]
    key = (
        f'<p class="key"><span class="faster">{names[0]}, jtorch faster</span>'
        f'<span class="slower">{names[0]}, jtorch slower</span><span class="pale">{names[1]}</span></p>'
    )
    scale = f'<div class="case scale"><span></span><div class="axis">{axis.scale()}</div><span></span></div>'
    return f'<h3>{title}</h3>{key}<div class="chart">{"".join(lines)}{scale}</div>'


# Known differences


def known(lists):
    """The section: every list, by reason."""
    blocks = []
    for each in lists:
        reasons = "".join(
            reason(
                group["reason"],
                [f"{what}: {where}" if where else what for what, where in group["items"]],
            )
            for group in each["reasons"]
        )
        blocks.append(
            f'<details class="list"><summary><b>{text(each["title"])}</b> {each["count"]:,} '
            f"<small>{text(each['file'])}</small></summary>{reasons}</details>"
        )
    note = (
        "These lists are exact: what is listed must differ, and what is not listed must not, or the "
        "tests fail."
    )
    field = f'<div class="tools" data-for="known">{markup.search("a name or a word", "known")}<output></output></div>'
    return markup.section("known", "Known differences", field + "".join(blocks), note)
