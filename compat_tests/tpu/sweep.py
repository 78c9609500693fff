"""Many cases compiled in a process of their own, which is started again where the compiler dies."""

import json
import tempfile

from tpu import environment

WORKER = environment.HERE / "worker.py"


class WorkerError(Exception):
    """The process that compiles has failed by itself."""


def outcomes(tasks):
    """The outcomes of tasks, `(index of a case, targets)`, as they come."""
    tasks = [(index, list(targets)) for index, targets in tasks]
    while tasks:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            process = environment.python(WORKER, stderr=complaints)
            at = None
            process.stdin.write(json.dumps(tasks) + "\n")
            process.stdin.close()
            for line in process.stdout:
                said = json.loads(line)
                if "at" in said:
                    at = said["at"]
                else:
                    at = None
                    _done(tasks, said["target"])
                    yield said
            status = process.wait()
            complaints.seek(0)
            said = complaints.read()
        if status == 0 and not tasks:
            return
        if at is None or status >= 0:
            raise WorkerError(f"exit status {status}: {said[-2000:]}")
        yield {"index": at[0], "target": at[1], "status": "crashed", "reason": _crash(said)}
        _done(tasks, at[1])


def _done(tasks, target):
    index, targets = tasks[0]
    assert targets[0] == target, (index, targets, target)
    del targets[0]
    if not targets:
        del tasks[0]


def _crash(said) -> str:
    """What the compiler has said last: the line of its failed check."""
    lines = [line for line in said.splitlines() if "Check failed" in line or "F1" in line[:2]]
    return (lines[0].partition("] ")[2] if lines else said.strip()[-200:])[:300]
