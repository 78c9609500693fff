"""Compiles jtorch's programs for TPU, with the real compiler and without a TPU, and writes what came of it.

    python compat_tests/tpu_suite.py --write FILE [--target v5e] [--shard i/n] [--only TEXT]
    python compat_tests/tpu_suite.py --write FILE --only program      # of the tutorials alone

Every row of the op table in the dtypes of `tpu/cases.py`, with gradients, every module and optimizer,
and every program that the tutorials make; for CUDA (`--target cuda`) they are lowered, not compiled.
FILE gets one JSON object: versions, counts, outcomes. Outcomes are also appended to FILE.lines as they
come, and a run that was stopped goes on from there.
"""

import argparse
import collections
import json
import pathlib
import sys
import time

from tpu import environment
from tpu.sweep import TUTORIALS, chapters, identity, listed, outcomes, turn

TARGETS = (*environment.TARGETS, environment.CUDA)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", metavar="FILE", type=pathlib.Path, required=True)
    parser.add_argument("--target", action="append", choices=TARGETS, help="default: v5e and cuda")
    parser.add_argument(
        "--shard", default="1/1", metavar="i/n", help="every n-th case from the i-th"
    )
    parser.add_argument(
        "--rotate", action="store_true", help="each case for one of the targets, by turns"
    )
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose id has this in it")
    parser.add_argument("--without-tutorials", action="store_true")
    return parser.parse_args()


def known(path):
    """What an earlier run has left: identity -> outcome."""
    if not path.exists():
        return {}
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {identity(line): line for line in lines}


def tasks_of(options, targets, done):
    """(id of a case, targets) that this shard is to compile and no earlier run has."""
    shard, shards = map(int, options.shard.split("/"))
    tasks = []
    for case in listed()[shard - 1 :: shards]:
        wanted = [turn(case, targets)] if options.rotate else targets
        missing = [each for each in wanted if (case, each) not in done]
        if missing and options.only in case:
            tasks.append((case, missing))
    return tasks


def progress(lines, total, file):
    """The same lines, each written down, with a word now and then on how far it is."""
    began = time.monotonic()
    for number, line in enumerate(lines, 1):
        file.write(json.dumps(line) + "\n")
        file.flush()
        yield line
        left = (time.monotonic() - began) / number * (total - number)
        if line["status"] in ("broken", "crashed", "failed"):
            print(f"{identity(line)}: {line['status']}: {line['reason']}", file=sys.stderr)
        elif total and (number % 100 == 0 or number == total):
            print(f"{number}/{total}, about {left / 60:.0f} min left", file=sys.stderr)


def main():
    options = arguments()
    reason = environment.why_not()
    if reason:
        sys.exit(f"tpu_suite: {reason}")
    targets = options.target or ["v5e", environment.CUDA]
    path = options.write.with_name(options.write.name + ".lines")
    found = known(path)
    tasks = tasks_of(options, targets, found)
    total = sum(len(each) for _, each in tasks)
    print(f"{total} outcomes to come, {len(found)} known", file=sys.stderr)
    with path.open("a", encoding="utf-8") as file:
        for line in progress(outcomes(tasks), total, file):
            found[identity(line)] = line
        if not options.without_tutorials and options.shard.startswith("1/"):
            paths = [each for each in TUTORIALS if options.only in f"program {each.stem}"]
            for line in progress(chapters(targets, paths, done=list(found)), 0, file):
                found[identity(line)] = line
    result = report(list(found.values()))
    options.write.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(json.dumps(result["counts"], indent=1))


def report(lines) -> dict:
    """What is written: versions, how many outcomes of each status there are, and the outcomes."""
    counts = collections.Counter((line["target"], line["status"]) for line in lines)
    return {
        "versions": environment.versions(),
        "targets": environment.TARGETS,
        "counts": {f"{target} {status}": n for (target, status), n in sorted(counts.items())},
        "outcomes": lines,
    }


if __name__ == "__main__":
    main()
