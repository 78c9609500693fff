"""Measures jtorch beside PyTorch, torch.compile and jax.jit; docs/benchmarks.md says how to read it."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

from benchmarks import (
    chart,
    child,
    document,
    machine,
    processes,
    programs,
    rounds,
    sides,
    table,
    workloads,
)

RESULTS = machine.ROOT / "build" / "bench"
RECORDING = "recording"  # a part of its own: what single operations cost before anything runs


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "words",
        nargs="*",
        help=f"measure the cases whose names contain one of them; `{RECORDING}`: the cost of recording",
    )
    parser.add_argument("--list", action="store_true", help="print the names of all, and end")
    parser.add_argument("--quick", action="store_true", help="few short rounds, no whole processes")
    parser.add_argument("--compile", action="store_true", help="torch.compile as well: takes long")
    parser.add_argument(
        "--one-core",
        action="store_true",
        help="all on one core, by processor time: for machines where others work as well",
    )
    parser.add_argument(
        "--output",
        type=pathlib.Path,
        default=RESULTS / "latest",
        help="the result goes to OUTPUT.json and OUTPUT.svg (build/bench/latest)",
    )
    parser.add_argument(
        "--document",
        metavar="JSON",
        type=pathlib.Path,
        help="measure nothing, and write this result into docs/benchmarks.md",
    )
    return parser.parse_args()


def main():
    asked = options()
    if asked.document:
        document.write(json.loads(asked.document.read_text(encoding="utf-8")))
        return 0
    measured = dict(chosen(asked.words))
    if asked.list:
        print(*measured, RECORDING, sep="\n")
        return 0
    status = 0
    if measured:
        status = report(run(measured, planned(asked), asked.output))
    if not asked.words or RECORDING in asked.words:
        command = [sys.executable, "-m", "benchmarks.recording"]
        subprocess.run(command, env=processes.paths(), check=True)
    return status


def planned(asked):
    """The plan; on one core, this process and so all that it starts move there."""
    if asked.one_core:
        os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
    clock = child.PROCESSOR if asked.one_core else child.WALL
    return rounds.Plan(compiled=asked.compile, clock=clock, **(rounds.QUICK if asked.quick else {}))


def chosen(words):
    """The names of the cases that were asked for, and for each a function that measures it."""

    def wanted(case):
        return not words or any(word.lower() in case.lower() for word in words)

    for case, file in programs.CASES.items():
        if wanted(case):
            yield case, lambda plan, case=case, file=file: programs.measure(case, file, plan)
    for case, name, sizes in workloads.cases():
        if wanted(case):
            yield case, lambda plan, arguments=(case, name, sizes): rounds.measure(*arguments, plan)


def run(measured, plan, output):
    """Measure; what there is so far is kept after each case."""
    result = {"format": 1, **machine.description(), "clock": plan.clock, "results": []}
    for case, measure in measured.items():
        begin = time.monotonic()
        result["results"].append(measure(plan))
        write(result, output)
        print(f"{case}: {in_short(result['results'][-1])}", end="", file=sys.stderr)
        print(f" (measured in {time.monotonic() - begin:.0f} s)", file=sys.stderr, flush=True)
    return result


def in_short(found):
    """The ratio to torch, or what went wrong, in a few words."""
    wrong = list(table.failures([found]))
    ratio = found.get("ratios", {}).get(sides.TORCH) or found.get("whole_ratios", {}).get(
        programs.WARM
    )
    return "; ".join(wrong) or (f"{ratio['median']:.2f} of torch's time" if ratio else "no ratio")


def write(result, output):
    output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1) + "\n"
    output.with_suffix(".json").write_text(text, encoding="utf-8")
    output.with_suffix(".svg").write_text(chart.chart(result), encoding="utf-8")


def report(result):
    """Print the tables; the exit status says whether all sides worked and agreed."""
    for headings, rows in table.tables(result["results"]):
        print(table.plain(headings, rows), end="\n\n")
    failed = list(table.failures(result["results"]))
    print("\n".join(failed) or "Everything ran, and all sides had the same losses.")
    return int(bool(failed))
