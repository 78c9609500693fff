"""Gathers what is the same in jtorch and PyTorch and what is not, and writes it as text, JSON and a page."""

import argparse
import json
import pathlib
import sys

from benchmarks import machine
from reporting import gather, page, suite, terminal
from reporting.progress import Progress

FOLDER = machine.ROOT / "build" / "report"
INTERRUPTED = 130


def parser():
    made = argparse.ArgumentParser(
        prog="scripts/report",
        description=__doc__,
        epilog="Without --ops the whole op suite is run, which takes long: --only and --shard make it "
        "less. What is neither run nor given stands in the report as not run. docs/report.md says how "
        "to read it.",
    )
    path = pathlib.Path
    made.add_argument("--output", type=path, default=FOLDER, help="the folder (build/report)")
    made.add_argument("--from", dest="earlier", type=path, metavar="REPORT.JSON",
                      help="run nothing, and show an earlier report again")  # fmt: skip
    made.add_argument("--programs", nargs="+", type=path, metavar="PROGRAM",
                      help="scripts in place of the tutorial's chapters; they run where you stand")  # fmt: skip
    made.add_argument("--without", action="append", default=[], choices=("chapters", "ops"),
                      help="do not run these")  # fmt: skip
    made.add_argument("--ops", nargs="+", type=path, metavar="FILE",
                      help="results of compat_tests/op_db_suite.py")  # fmt: skip
    made.add_argument("--tpu", nargs="+", type=path, metavar="FILE",
                      help="results of compat_tests/tpu_suite.py")  # fmt: skip
    made.add_argument("--bench", type=path, metavar="FILE", help="the result of scripts/bench")
    run = made.add_argument_group("running the op suite, as for the suite itself")
    run.add_argument("--only", help="names of entries, with * and commas")
    run.add_argument("--shard", help="i/n: the i-th of n parts")
    run.add_argument("--dtypes", help="all, one, or names with commas (one)")
    run.add_argument("--samples", type=int, default=2, help="of an entry and dtype, at most (2)")
    run.add_argument("--resume", action="store_true", help="go on with a run that was cut short")
    return made


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        for path in options.programs or ():
            if not path.is_file():
                raise gather.GatherError(f"there is no file {path}")
            if path.suffix != ".py":
                raise gather.GatherError(f"{path} is no script of Python's")
        options.output.mkdir(parents=True, exist_ok=True)
        if options.earlier:
            data = gather.earlier(options.earlier)
        else:
            data = gather.gathered(options, Progress())
        written = write(data, options.output)
    except (gather.GatherError, suite.SuiteError, OSError) as error:
        print(f"report: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nreport: interrupted; --resume goes on with the operations", file=sys.stderr)
        return INTERRUPTED
    print("\n".join(terminal.text(data)))
    print(f"\n{written}")
    return 0


def write(data, folder):
    """report.json and report.html; the path of the page."""
    (folder / "report.json").write_text(json.dumps(data) + "\n", encoding="utf-8")
    path = folder / "report.html"
    path.write_text(page.page(data), encoding="utf-8")
    return path
