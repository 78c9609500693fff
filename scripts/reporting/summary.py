"""What the report says first: of each part how much is the same, in numbers and in a sentence."""

import dataclasses
import statistics

from benchmarks import table
from reporting import programs
from reporting.states import DIFFERS, KNOWN, NONE, NOT_RUN, SAME, WORDS, counted, many


@dataclasses.dataclass
class Part:
    """A part of the report in short."""

    name: str
    title: str
    figure: str  # the one number
    about: str  # what it is a number of
    sentence: str
    counts: dict  # {state: how many}
    words: dict = dataclasses.field(default_factory=lambda: WORDS)  # what states are called here


def parts(data):
    """The parts of a report in short, in its order."""
    makers = (chapters, operations, tpu, bench)
    return [make(data[make.__name__]) for make in makers]


def not_run(name, title, part):
    return Part(name, title, "not run", "", f"{title}: {part['why']}.", {NOT_RUN: 1})


def chapters(part):
    """How many chapters print the same."""
    if part["state"] == NOT_RUN:
        return not_run("chapters", "Chapters", part)
    found = part["programs"]
    counts = counted(map(programs.state_of, found))
    ran = [each for each in found if programs.state_of(each) != NOT_RUN]
    same = counts.get(SAME, 0)
    lines = sum(each["counts"]["theirs"] for each in ran)
    values = sum(len(each["tensors"]) for each in ran)
    if ran and same == len(ran):
        close = sum(each["output"] == "same within tolerance" for each in ran)
        text = "the same text" if not close else f"the same (in {close} within tolerance)"
        sentence = f"{_all(same, 'chapter')} that ran {_verb(same, 'print')} {text}"
    else:
        sentence = f"Of {many(len(ran), 'chapter')} that ran {same} {_verb(same, 'print')} the same"
    sentence += f": {many(lines, 'line')} and {many(values, 'tensor')} compared."
    if counts.get(NOT_RUN):
        sentence += f" {many(counts[NOT_RUN], 'chapter')} could not run."
    return Part(
        "chapters",
        "Chapters",
        f"{same}",
        f"of {many(len(found), 'chapter')} print the same",
        sentence,
        counts,
    )


def _all(count, what):
    return f"The one {what}" if count == 1 else f"All {count:,} {what}s"


def _verb(count, verb):
    return verb + "s" * (count == 1)


def operations(part):
    """How many operations agree in all that was tried."""
    if part["state"] == NOT_RUN:
        return not_run("operations", "Operations", part)
    found = part["entries"]
    counts = counted(each["state"] for each in found)
    ran = len(found) - counts.get(NOT_RUN, 0)
    cells = [cell for each in found for name, cell in each["cells"].items() if name != "TPU"]
    tried, passed = (sum(cell.get(key, 0) for cell in cells) for key in ("tried", "passed"))
    sentence = (
        f"Of {many(len(found), 'operation')} {ran:,} were run: {counts.get(SAME, 0):,} agree in "
        f"all that was tried, {counts.get(KNOWN, 0):,} differ in known ways only, "
        f"{counts.get(DIFFERS, 0):,} differ in ways that no list explains."
    )
    if tried:
        sentence += f" Of {many(tried, 'trial')} {percent(passed, tried)} agree."
    out = sum(bool(each["out_of_scope"]) for each in found)
    if counts.get(NOT_RUN):
        sentence += f" {counts[NOT_RUN]:,} were not run" + (
            f", {out} out of scope." if out else "."
        )
    figure = f"{counts.get(SAME, 0):,}" if ran else NOT_RUN
    about = f"of {many(len(found), 'operation')} agree"
    return Part("operations", "Operations", figure, about, sentence, counts)


def percent(part, whole):
    """A share that never rounds up to all of it."""
    share = 100 * part / whole
    return (
        "100%"
        if part == whole
        else f"{min(share, 99.99 if share > 99.9 else 99.9):.{1 + (share > 99.9)}f}%"
    )


def tpu(part):
    """How much compiles."""
    if part["state"] == NOT_RUN:
        return not_run("tpu", "TPU", part)
    targets = sorted({line["target"] for line in part["outcomes"]} - {"cuda"})
    lines = [line for line in part["outcomes"] if line["target"] in targets]
    counts = counted(line["state"] for line in lines if line["state"] != NONE)
    words = {**WORDS, SAME: "compile", KNOWN: "refused, as listed", DIFFERS: "otherwise"}
    total = sum(counts.values())
    if not total:
        return not_run("tpu", "TPU", {"why": "the result holds nothing for a TPU"})
    sentence = (
        f"For {' and '.join(targets)}, {counts.get(SAME, 0):,} of {many(total, 'case')} compile; "
        f"{counts.get(KNOWN, 0):,} are refused as listed, {counts.get(DIFFERS, 0):,} do otherwise "
        "than listed. Nothing was run on a TPU."
    )
    figure = f"{counts.get(SAME, 0):,}"
    return Part("tpu", "TPU", figure, f"of {many(total, 'case')} compile", sentence, counts, words)


def bench(part):
    """How long jtorch takes, where PyTorch takes 1."""
    if part["state"] == NOT_RUN:
        return not_run("bench", "Speed", part)
    ratios = steps(part)
    disagree = sum(bool(each.get("disagreements")) for each in part["results"])
    if not ratios:
        return not_run("bench", "Speed", {"why": "the result holds no ratio to PyTorch"})
    mean = statistics.geometric_mean(ratios)
    faster = sum(ratio < 1 for ratio in ratios)
    sentence = (
        f"jtorch takes {mean:.2f} of PyTorch's time, the geometric mean of "
        f"{many(len(ratios), 'workload')}, and is faster in {faster} of them."
    )
    if disagree:
        sentence += f" In {many(disagree, 'workload')} the losses differ."
    if failed := sum(bool([*table.failures([each])]) for each in part["results"]) - disagree:
        sentence += f" {many(failed, 'workload')} failed."
    return Part(
        "bench",
        "Speed",
        f"{mean:.2f}",
        "times PyTorch's time",
        sentence,
        {SAME: faster, DIFFERS: len(ratios) - faster},
        {SAME: "faster", DIFFERS: "slower"},
    )


def steps(part):
    """jtorch's time divided by PyTorch's, of each workload: of a step, else of a warm process."""
    found = (
        each.get("ratios", {}).get("torch") or each.get("whole_ratios", {}).get("warm")
        for each in part["results"]
    )
    return [ratio["median"] for ratio in found if ratio]


def known(lists):
    """How many differences are known."""
    total = sum(each["count"] for each in lists)
    reasons = sum(len(each["reasons"]) for each in lists)
    return f"{many(total, 'known difference')}, for {many(reasons, 'reason')}."


def headline(data):
    """What differs without a reason, and what was not run, before anything else."""
    found = parts(data)
    nouns = {"chapters": "chapter", "operations": "operation", "tpu": "TPU case"}
    wrong = [
        many(each.counts[DIFFERS], nouns[each.name])
        for each in found
        if each.name in nouns and each.counts.get(DIFFERS)
    ]
    absent = [each.title for each in found if each.figure == NOT_RUN]
    if len(absent) == len(found):
        return "Nothing was run."
    if wrong:
        verb = "differs" if len(wrong) == 1 and wrong[0].startswith("1 ") else "differ"
        text = f"{' and '.join(wrong)} {verb} without a known reason. All else that was run is the "
        text += "same, or differs as listed."
    else:
        text = (
            "All that was run is the same, or differs in ways that are listed, with their reasons."
        )
    failed = sum(bool([*table.failures([each])]) for each in data["bench"].get("results", ()))
    text += f" {many(failed, 'benchmark')} failed." if failed else ""
    return text + (f" Not run: {', '.join(absent)}." if absent else "")
