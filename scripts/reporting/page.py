"""The report as one page of HTML that needs nothing else."""

import pathlib

from reporting import chapter_part, markup, operation_part, other_parts, summary
from reporting.markup import text

HERE = pathlib.Path(__file__).parent
TITLE = "jtorch beside PyTorch"


def page(data):
    """The whole page."""
    parts = [
        chapter_part.part(data["chapters"]),
        operation_part.part(data["operations"]),
        other_parts.tpu(data["tpu"]),
        other_parts.bench(data["bench"]),
        other_parts.known(data["known"]),
    ]
    style, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{TITLE}</title>\n<style>\n{style}</style>\n</head>\n<body>",
            header(data),
            "<main>",
            *parts,
            f"</main>\n<script>\n{script}</script>\n</body>\n</html>\n",
        ]
    )


def header(data):
    """What is said first: in a sentence, in numbers, and of what."""
    found = summary.parts(data)
    cards = "".join(card(each) for each in found)
    total = sum(each["count"] for each in data["known"])
    links = "".join(f'<a href="#{each.name}">{text(each.title)}</a>' for each in found)
    links += f'<a href="#known">Known differences <small>{total}</small></a>'
    return (
        f'<header><h1>{TITLE}</h1><p class="lead">{text(summary.headline(data))}</p>'
        f'<div class="cards">{cards}</div>{facts(data["machine"])}</header>\n'
        f'<nav class="top" aria-label="parts">{links}</nav>'
    )


def card(part):
    """One part in short."""
    kind = " absent" if part.figure == "not run" else ""
    return (
        f'<a class="card{kind}" href="#{part.name}"><h2>{text(part.title)}</h2>'
        f'<p class="figure">{text(part.figure)} <small>{text(part.about)}</small></p>'
        f"{'' if kind else markup.bar(part.counts, part.words)}<p>{text(part.sentence)}</p></a>"
    )


def facts(machine):
    """When, where and with what."""
    versions = machine["versions"]
    rows = {
        "date": machine["date"],
        "machine": f"{machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gigabytes']} GB, {machine['system']}",
        "load before": machine["load_before"],
        **{name: versions[name] for name in sorted(versions, key=lambda name: name != "jtorch")},
    }
    items = "".join(f"<div><dt>{text(a)}</dt><dd>{text(b)}</dd></div>" for a, b in rows.items())
    return f'<dl class="facts">{items}</dl>'
