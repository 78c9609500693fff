"""The op suite as a process, and what torch's op_db says of its entries."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from benchmarks import machine

TESTS = machine.ROOT / "compat_tests"
SUITE = TESTS / "op_db_suite.py"


class SuiteError(Exception):
    """The op suite has left no result."""


def environment():
    """That of our own processes: what is in the checkout can be imported."""
    paths = [str(machine.ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def entries(progress):
    """{entry: {aspect: whether torch has it}}; None where there is no torch to ask."""
    progress.part("what torch has")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "names.json")
        script = pathlib.Path(__file__).with_name("op_names.py")
        command = [sys.executable, script, path]
        done = subprocess.run(command, env=environment(), text=True, capture_output=True)
        if done.returncode:
            last = done.stderr.strip().rpartition("\n")[2]
            progress.done(f"not known, so what has no result counts as not run: {last}")
            return None
        facts = json.loads(path.read_text(encoding="utf-8"))
    progress.done(f"{len(facts)} entries in op_db")
    return facts


def run(options, progress):
    """Run the suite; the path of its result. What an earlier run left is used by --resume only."""
    path = options.output / "ops.json"
    if not options.resume:
        path.unlink(missing_ok=True)
    command = [sys.executable, SUITE, "--write", path, "--samples", options.samples]
    for name in ("only", "shard", "dtypes"):
        if getattr(options, name):
            command += [f"--{name}", getattr(options, name)]
    progress.part("operations")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            list(map(str, command)), env=environment(), stdout=subprocess.PIPE,
            stderr=complaints, text=True,
        )  # fmt: skip
        try:
            for line in process.stdout:
                if "/" in line.partition(" ")[0]:  # place/total name counts
                    progress.word(line.strip())
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
        if status:
            complaints.seek(0)
            last = complaints.read().strip().rpartition("\n")[2]
            raise SuiteError(f"the op suite ended with exit status {status}: {last}")
    progress.done(f"written to {path}")
    return path
