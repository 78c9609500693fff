"""Many cases compiled in a process of their own, which is started again where the compiler dies.

Nothing here imports jtorch, or starts JAX: the devices of a process are settled when it starts.
"""

import contextlib
import json
import pathlib
import tempfile
import zlib

import cifar_files
from tpu import environment

WORKER = environment.HERE / "worker.py"
CHAPTER = environment.HERE / "chapter.py"
TUTORIALS = sorted((environment.HERE.parent / "tutorials").glob("*.py"))


class WorkerError(Exception):
    """The process that compiles has failed by itself."""


def identity(line):
    """What tells the outcomes of one sweep apart: the id of the case, and the target."""
    return " ".join([line["kind"], line["name"], line.get("dtype", "")]).strip(), line["target"]


def listed() -> list[str]:
    """The ids of all cases."""
    with _running(WORKER, text="[]") as (lines, _):
        return next(lines)["cases"]


def turn(case, targets):
    """The one of these targets whose turn it is: for all cases together each has its share of all kinds."""
    return targets[zlib.crc32(case.encode()) % len(targets)]


def outcomes(tasks):
    """The outcomes of tasks, `(id of a case, targets)`, as they come."""
    tasks = [(name, list(targets)) for name, targets in tasks]
    while tasks:
        at = None
        with _running(WORKER, text=json.dumps(tasks)) as (lines, end):
            for line in lines:
                at = line.get("at")
                if at is None:
                    _done(tasks, line["target"])
                    yield line
            status, said = end()
        if at is not None and status < 0:
            yield at | {"status": "crashed", "reason": _crash(said)}
            _done(tasks, at["target"])
        elif status or tasks:
            raise WorkerError(f"exit status {status}: {said[-2000:]}")


def chapters(targets, paths=TUTORIALS, precision="highest", which="all", done=()):
    """The outcomes of the programs that the tutorials make, as they come; see `chapter.py`.

    Those in `done`, identities as of `identity`, are not compiled again.
    """
    done = json.dumps([[name, target] for name, target in done])
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            cifar_files.write(pathlib.Path(folder) / "data")
            command = ("-m", "jtorch", CHAPTER, precision, which, path, *targets)
            with _running(*command, text=done, executor="xla", cwd=folder) as (lines, end):
                yield from lines
                status, said = end()
        if status:
            raise WorkerError(f"{path.name}: exit status {status}: {said[-2000:]}")


@contextlib.contextmanager
def _running(*command, text="", **options):
    """(the lines of JSON that a process writes, a function that gives its end and complaints)."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = environment.python(*command, stderr=complaints, **options)
        process.stdin.write(text + "\n")
        process.stdin.close()

        def end():
            status = process.wait()
            complaints.seek(0)
            return status, complaints.read()

        try:
            yield map(json.loads, process.stdout), end
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def _done(tasks, target):
    name, targets = tasks[0]
    assert targets[0] == target, (name, targets, target)
    del targets[0]
    if not targets:
        del tasks[0]


def _crash(said) -> str:
    """What the compiler has said last: the line of its failed check."""
    lines = [line for line in said.splitlines() if line.startswith("F")]
    return (lines[0].partition("] ")[2] if lines else said.strip()[-200:])[:300]
