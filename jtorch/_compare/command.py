"""`jtorch compare`: the command line, and the programs that it names one after another."""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from jtorch._compare import notebook, processes, report
from jtorch._compare.comparison import FAILED, Options, Result, Target, compare
from jtorch._compare.lines import DIFFERENT
from jtorch._compare.progress import Progress

SAME_STATUS, DIFFERENT_STATUS, FAILED_STATUS, INTERRUPTED_STATUS = 0, 1, 2, 130
FOLLOWED = "2.13"  # the version of PyTorch whose behaviour jtorch has
_PROBE = """
import importlib.metadata, importlib.util
spec = importlib.util.find_spec("torch")
if spec is not None and spec.origin is not None:
    print(importlib.metadata.version("torch"))
"""


class _Mistake(Exception):
    """What makes a comparison impossible, in words for the user."""


def main(arguments):
    """Compare as the command line says; the exit status."""
    options = _parser().parse_args(arguments)
    previous = signal.signal(signal.SIGTERM, _terminate)
    try:
        return _run(options)
    except _Mistake as mistake:
        print(f"jtorch compare: {mistake}", file=sys.stderr)
        return FAILED_STATUS
    except KeyboardInterrupt:
        print("\njtorch compare: interrupted; both sides are stopped", file=sys.stderr)
        return INTERRUPTED_STATUS
    finally:
        signal.signal(signal.SIGTERM, previous)


def _terminate(number, frame):
    raise KeyboardInterrupt


def _parser():
    parser = argparse.ArgumentParser(
        prog="jtorch compare",
        usage="jtorch compare [options] (script.py | notebook.ipynb | folder | -m module | -c code) "
        "[arguments]",
        description="Runs a program under jtorch and under PyTorch and compares what it prints, the "
        "tensors it leaves, how it ends, its warnings, time and memory.",
        epilog="Exit status: 0 the same (also within tolerance), 1 different, 2 could not run.",
    )
    parser.add_argument("-m", dest="module", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.add_argument("-c", dest="code", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.add_argument("--python", default=sys.executable, metavar="PATH",
                        help="the Python that has PyTorch, if it is not this one")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="seed of random, numpy and torch (0)")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="for each of the two runs")
    parser.add_argument("--json", metavar="FILE", help="write all that was found there")
    parser.add_argument("--show", action="store_true", help="print what jtorch printed, too")
    parser.add_argument("--lines", type=int, default=40, help="differing lines that are shown (40)")
    parser.add_argument("--ignore", action="append", default=[], metavar="PATTERN",
                        help="lines of output that this regular expression matches are not "
                        "compared; may be given again")  # fmt: skip
    parser.add_argument("--no-tensors", action="store_true", help="compare no tensors")
    parser.add_argument("--rtol", type=float, help="relative tolerance of floating point tensors")
    parser.add_argument("--atol", type=float, help="absolute tolerance of floating point tensors")
    parser.add_argument("program", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _run(options):
    chosen = _options(options)
    if options.json:
        _see_writable(options.json)
    targets, is_folder = _targets(options)
    _find_torch(options.python)
    results = []
    progress = Progress(len(targets))
    with tempfile.TemporaryDirectory(prefix="jtorch-compare-") as folder:
        for index, target in enumerate(targets):
            below = pathlib.Path(folder, str(index))
            below.mkdir()
            progress.program(target.shown)
            with processes.Input(_standard_input(), below / "stdin") as given:
                result = _compare(target, chosen, below, given, progress)
            progress.clear()
            report.print_result(result, options.show)
            sys.stdout.flush()
            results.append((result, report.as_data(result)))
    if is_folder:
        report.print_table([result for result, _ in results])
    status = _status([result.verdict for result, _ in results])
    if options.json:
        data = {"status": status, "programs": [data for _, data in results]}
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1)
    return status


def _see_writable(path):
    """Say now, and not after hours, that a file cannot be written."""
    try:
        open(path, "w", encoding="utf-8").close()
    except OSError as error:
        raise _Mistake(f"--json {path}: {error.strerror}") from None


def _options(options):
    try:
        ignored = tuple(map(re.compile, options.ignore))
    except re.error as error:
        raise _Mistake(f"--ignore: not a regular expression: {error}") from None
    limits = None
    if options.rtol is not None or options.atol is not None:
        limits = (options.rtol or 0.0, options.atol or 0.0)
    return Options(
        options.python, options.seed, options.timeout, not options.no_tensors, limits, ignored,
        options.lines,
    )  # fmt: skip


def _targets(options):
    """The program named, or those of a folder, and whether it is one."""
    for kind, given in (("module", options.module), ("code", options.code)):
        if given is not None:
            if not given:
                raise _Mistake(f"-{kind[0]} needs an argument")
            return [Target(kind, given[0], given[1:])], False
    if not options.program:
        raise _Mistake("no program given; see jtorch compare --help")
    name, *arguments = options.program
    if name == "-":
        raise _Mistake("a program on standard input cannot be run twice: give it as a file")
    if not os.path.exists(name):
        raise _Mistake(f"there is no file or folder {name}")
    if not os.path.isdir(name) or os.path.exists(os.path.join(name, "__main__.py")):
        return [_target(name, arguments)], False
    names = sorted(
        each for each in os.listdir(name)
        if os.path.splitext(each)[1] in (".py", ".ipynb") and not each.startswith((".", "_"))
    )  # fmt: skip
    if not names:
        raise _Mistake(f"there is no program in the folder {name}")
    return [_target(os.path.join(name, each), arguments) for each in names], True


def _target(name, arguments):
    return Target("notebook" if notebook.is_notebook(name) else "path", name, arguments)


def _compare(target, options, folder, given, progress):
    if target.kind == "notebook":
        try:
            target.cells = notebook.cells(target.name)
        except (OSError, ValueError) as error:
            return Result(target, problem=str(error))
        for number, text in target.cells:
            for line, magic in notebook.magics(text):
                return Result(
                    target,
                    problem=f"cell {number}, line {line} is for IPython and not Python: {magic}",
                )
    return compare(target, options, folder, given, progress)


def _find_torch(python):
    """See that `python` has PyTorch, without importing it; a note where it is another version."""
    try:
        done = subprocess.run(
            [python, "-P", "-c", _PROBE], capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise _Mistake(f"--python {python}: {error.strerror}") from None
    version = done.stdout.strip()
    if done.returncode or not version:
        raise _Mistake(
            f"PyTorch is not installed for {python}, so there is nothing to compare with; --python "
            "names another Python that has it"
        )
    if not version.startswith(FOLLOWED + "."):
        print(
            f"jtorch compare: this is PyTorch {version}; jtorch follows {FOLLOWED}",
            file=sys.stderr,
        )


def _standard_input():
    """Our standard input, if it is one to read from."""
    try:
        sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None
    return sys.stdin


def _status(verdicts):
    if FAILED in verdicts:
        return FAILED_STATUS
    return DIFFERENT_STATUS if DIFFERENT in verdicts else SAME_STATUS
