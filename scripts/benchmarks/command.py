"""The command line of `scripts/bench`."""

import argparse
import json
import pathlib
import subprocess
import sys

from benchmarks import machine, processes, rounds, table, workloads

RESULTS = machine.ROOT / "build" / "bench"
RECORDING = "recording"  # a part of its own: what single operations cost before anything runs


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("words", nargs="*", help="measure the cases whose names contain one")
    parser.add_argument("--list", action="store_true", help="print the names, and end")
    parser.add_argument("--quick", action="store_true", help="few short rounds, no whole processes")
    parser.add_argument("--compile", action="store_true", help="torch.compile as well: takes long")
    parser.add_argument("--json", type=pathlib.Path, default=RESULTS / "latest.json")
    options = parser.parse_args()
    chosen = [
        each
        for each in workloads.cases()
        if not options.words or any(word.lower() in each[0].lower() for word in options.words)
    ]
    if options.list:
        print(*(each[0] for each in chosen), RECORDING, sep="\n")
        return 0
    if RECORDING in options.words:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.recording"], env=processes.paths(), check=True
        )
    if not chosen:
        return 0
    plan = rounds.QUICK if options.quick else rounds.Plan(compiled=options.compile)
    result = {"format": 1, **machine.description(), "results": []}
    for case, name, sizes in chosen:
        print(f"== {case}", file=sys.stderr, flush=True)
        whole = workloads.workload(name).WHOLE
        result["results"].append(rounds.measure(case, name, sizes, whole, plan))
    write(result, options.json)
    return report(result)


def write(result, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def report(result):
    """Print the tables; the exit status says whether all sides worked and agreed."""
    for headings, rows in table.tables(result["results"]):
        print(table.plain(headings, rows), end="\n\n")
    failed = list(table.failures(result["results"]))
    print(*failed, sep="\n")
    return int(bool(failed))
