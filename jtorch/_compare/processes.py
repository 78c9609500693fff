"""One side of a comparison as a process: started, fed, watched, stopped; what is known of it after.

Output goes to files, so that no amount of it fills memory. The process has a session of its own: an
interrupt at the terminal reaches the comparison, which then stops the whole of it.
"""

import dataclasses
import json
import os
import pathlib
import select
import signal
import subprocess
import threading
import time

START = pathlib.Path(__file__).with_name("start.py")
GRACE = 2.0  # seconds between being asked to stop and being made to
_PIECE = 65536


@dataclasses.dataclass
class Side:
    """What a program did under one of the two libraries."""

    label: str
    folder: pathlib.Path
    status: int | None = None  # as subprocess has it: negative for a signal
    timed_out: bool = False
    seconds: float = 0.0
    peak: int = 0  # bytes
    record: dict | None = None  # None where the process did not come to an end of Python's own

    @property
    def output(self):
        return self.folder / "stdout"

    @property
    def complaints(self):
        return self.folder / "stderr"

    @property
    def error(self):
        return self.record and self.record["error"]

    @property
    def launched(self):
        """Whether the process came as far as to run the program; jtorch itself may not import."""
        return (self.folder / "places").exists()

    @property
    def started(self):
        """Whether the program's first line ran, as far as is known."""
        return self.record is None or self.record["started"]

    def rows(self, name):
        """The rows of a file of JSON lines; none where there is no such file."""
        path = self.folder / name
        if path.exists():
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if line.endswith("\n"):  # else the process was ended while it wrote
                        yield json.loads(line)


class Input:
    """Standard input for both sides: what the first reads of ours is kept, and given to the second.

    Nothing is read ahead of a side that runs, so an input that never ends holds nothing up.
    """

    def __init__(self, file, kept):
        self.source = None if file is None else file.fileno()
        self.kept, self.ended = open(kept, "w+b"), file is None  # noqa: SIM115

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.kept.close()

    def feed(self, pipe, stop):
        """Write to a process's `pipe` until it is closed there or `stop` is set; runs in a thread."""
        os.set_blocking(pipe.fileno(), False)
        position = 0
        try:
            while not stop.is_set():
                piece = os.pread(self.kept.fileno(), _PIECE, position) or self._more()
                if piece is None:
                    continue
                if not piece:
                    break
                position += len(piece)
                self._write(pipe.fileno(), piece, stop)
        except BrokenPipeError:  # the program has closed it, or is done
            return
        finally:
            pipe.close()

    def _more(self):
        """A piece of ours, kept; empty at the end; None where nothing came for a while."""
        if self.ended:
            return b""
        if not select.select([self.source], [], [], 0.05)[0]:
            return None
        piece = os.read(self.source, _PIECE)
        self.ended = not piece
        self.kept.seek(0, os.SEEK_END)
        self.kept.write(piece)
        self.kept.flush()
        return piece

    @staticmethod
    def _write(descriptor, piece, stop):
        while piece and not stop.is_set():
            if select.select([], [descriptor], [], 0.05)[1]:
                piece = piece[os.write(descriptor, piece) :]


def run(label, python, job, given, *, timeout=None, tick=lambda seconds: None):
    """Run one side to its end; `tick` is called now and then.

    Errors:  OSError where the Python cannot be started.
    """
    side = Side(label, pathlib.Path(job["folder"]))
    order = side.folder / "job.json"
    order.write_text(json.dumps(job), encoding="utf-8")
    environment = {"PYTHONHASHSEED": "0", **os.environ}  # else a set of texts prints anyhow
    begin = time.perf_counter()
    with open(side.output, "wb") as output, open(side.complaints, "wb") as complaints:
        process = subprocess.Popen(
            [python, str(START), str(order)], stdin=subprocess.PIPE, stdout=output,
            stderr=complaints, env=environment, start_new_session=True,
        )  # fmt: skip
    stop = threading.Event()
    feeder = threading.Thread(target=given.feed, args=(process.stdin, stop), daemon=True)
    try:
        feeder.start()
        _watch(side, process, begin, timeout, tick)
    finally:
        if process.returncode is None:
            _stop(process)
        stop.set()
        feeder.join()
    _read_record(side)
    return side


def _watch(side, process, begin, timeout, tick):
    pause = 0.005
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        side.seconds = time.perf_counter() - begin
        if pid:
            process.returncode = side.status = os.waitstatus_to_exitcode(status)
            unit = 1 if os.uname().sysname == "Darwin" else 1024
            side.peak = usage.ru_maxrss * unit
            return
        if timeout is not None and side.seconds > timeout:
            side.timed_out = True
            return
        tick(side.seconds)
        time.sleep(pause)
        pause = min(0.05, pause * 1.2)


def _stop(process):
    """End the process and all it has started: an interrupt first, then without asking."""
    for number in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):  # asked again: no more waiting
            continue
    process.wait()


def _read_record(side):
    path = side.folder / "record.json"
    if path.exists() and not side.timed_out:
        side.record = json.loads(path.read_text(encoding="utf-8"))
        side.seconds -= side.record["reading"]  # which is ours, not the program's
        side.peak = side.record["peak"] or side.peak


def status_text(status):
    """An exit status in words."""
    if status is None:
        return "no exit status"
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"exit status {status}"
