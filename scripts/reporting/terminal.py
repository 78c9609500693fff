"""The report as text for a terminal: the summary, and what differs without a reason."""

from reporting import programs, summary
from reporting.states import DIFFERS

MOST = 20  # lines of what differs


def text(data):
    """The lines of the report."""
    machine = data["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    yield f"jtorch beside PyTorch, {machine['date']}"
    yield f"{machine['processor']}, {machine['cores']} cores; {versions}"
    yield ""
    yield summary.headline(data)
    for part in summary.parts(data):
        yield f"  {part.figure:>8}  {part.sentence}"
        for source in data[part.name].get("sources", ()):
            yield f"{'':12}from {source['file']}, written {source['written']}"
    yield f"{'':12}{summary.known(data['known'])}"
    yield from chapters(data["chapters"])
    lines = [*differing(data)]
    if lines:
        yield from ("", "differs, and is not listed:")
        yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"  and {len(lines) - MOST} more, in the page"


def chapters(part):
    """A line for each chapter."""
    if "programs" not in part:
        return
    width = max(len(each["program"]) for each in part["programs"])
    yield ""
    for each in part["programs"]:
        if each.get("problem"):
            yield f"  {each['program']:{width}}  {programs.in_words(each)}"
            continue
        times = " ".join(f"{each[side]['seconds']:6.1f} s" for side in ("jtorch", "torch"))
        memory = " ".join(
            f"{each[side]['peak_bytes'] / 2**20:5.0f}" for side in ("jtorch", "torch")
        )
        facts = f"{each['counts']['theirs']:5} lines {times} {memory} MiB"
        yield f"  {each['program']:{width}} {facts}  {programs.in_words(each)}"


def differing(data):
    """What differs without a reason, a line each."""
    for each in data["operations"].get("entries", ()):
        aspects = [
            f"{aspect} {cell['tried'] - cell['passed']}/{cell['tried']}"
            for aspect, cell in each["cells"].items()
            if cell["state"] == DIFFERS and aspect != "TPU"
        ]
        if aspects:
            yield f"  {each['name']}: {', '.join(aspects)}"
    for line in data["tpu"].get("outcomes", ()):
        if line["state"] == DIFFERS:
            place = f"{line['kind']} {line['name']} {line['dtype']} for {line['target']}"
            yield f"  {place}: {line['status']}: {line.get('reason', '')[:100]}"
