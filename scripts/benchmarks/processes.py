"""Starts the processes of the sides, and talks with them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from benchmarks import child, sides

SCRIPTS = pathlib.Path(__file__).parent.parent
LIMIT = 900  # seconds that one answer may take


class Failed(Exception):
    """A process ended before it had answered; the text is the last line it wrote."""


def paths():
    """The environment, in which Python finds the benchmarks and this checkout's jtorch."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(SCRIPTS), str(SCRIPTS.parent)))}


def environment(cache):
    """As a user has it, with compiled programs kept in the folder `cache`, for JAX's own too."""
    ours = {
        "JTORCH_CACHE_DIR": os.path.join(cache, "jtorch"),
        "JAX_COMPILATION_CACHE_DIR": os.path.join(cache, "jax"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "TORCHINDUCTOR_CACHE_DIR": os.path.join(cache, "inductor"),
    }
    theirs = {name: value for name, value in paths().items() if not name.startswith("JTORCH_")}
    theirs.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**theirs, **ours}


def order(side, name, sizes, action, **more):
    """What a child is told."""
    return {"side": side, "workload": name, "sizes": sizes, "action": action, **more}


def command(order):
    return [sys.executable, "-m", "benchmarks.child", json.dumps(order)]


def last_line(errors):
    errors.seek(0)
    lines = [line for line in errors.read().splitlines() if line.strip()]
    return lines[-1] if lines else "it ended without a word"


class Child:
    """One side of one case, ready to make steps when asked."""

    def __init__(self, order, cache):
        self.errors = tempfile.TemporaryFile("w+", errors="replace")  # noqa: SIM115  (until `end`)
        self.process = subprocess.Popen(
            command({**order, "begun": time.time()}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=environment(cache),
        )
        self.first_step = None
        self.programs = 0

    def answer(self):
        timer = threading.Timer(LIMIT, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if not line:
            self.process.wait()
            raise Failed(last_line(self.errors))
        return json.loads(line)

    def begin(self):
        """Wait until the first step is made."""
        self.first_step = self.answer()["first_step"]

    def steps(self, count):
        """Seconds that `count` steps took."""
        answer = self._ask(str(count))
        self.programs = answer["programs"]
        return answer["seconds"]

    def summary(self):
        return self._ask("")

    def _ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failed(last_line(self.errors)) from None
        return self.answer()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()


def whole(arguments, cache, folder=None):
    """Seconds of a process from its start to its end, and what it printed."""
    begin = time.perf_counter()
    try:
        done = subprocess.run(
            arguments,
            env=environment(cache),
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"it took longer than {LIMIT} s") from None
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return seconds, done.stdout


def write_start(name, sizes, path):
    """Keep what the program starts from, made by torch, or by jtorch where torch is missing."""
    side = sides.JTORCH if sides.unavailable(sides.TORCH, name) else sides.TORCH
    with tempfile.TemporaryDirectory() as cache:
        whole(command(order(side, name, sizes, child.START, path=path)), cache)
