"""Writes a result into the documentation: its tables, its chart, and the figures themselves."""

import json

from benchmarks import chart, machine, table

FOLDER = machine.ROOT / "docs"
BEGIN, END = "<!-- figures: written by scripts/bench --document -->", "<!-- end of figures -->"


def markdown(result):
    """What stands between the two marks."""
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    parts = [f"Measured {result['date']} on {chart.where(result)}.", f"Versions: {versions}."]
    parts += [table.markdown(*each) for each in table.tables(result["results"])]
    failures = [f"- {each}" for each in table.failures(result["results"])]
    parts.append("\n".join(failures) or "Everything ran, and all sides had the same losses.")
    return "\n\n".join(parts)


def filled(page, content):
    """The page with `content` between the marks, instead of what was there."""
    before, found, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"the page has no lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n\n{content}\n\n{END}{after}"


def write(result, folder=FOLDER):
    """Rewrite benchmarks.md between its marks, and benchmarks.svg and benchmarks.json beside it."""
    page = folder / "benchmarks.md"
    text = filled(page.read_text(encoding="utf-8"), markdown(result))
    page.write_text(text, encoding="utf-8")
    (folder / "benchmarks.svg").write_text(chart.chart(result), encoding="utf-8")
    (folder / "benchmarks.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
