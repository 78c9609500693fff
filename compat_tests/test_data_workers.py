"""Loaders with workers, and processes: programs that show the same under jtorch as under torch.

Each program ends itself, by a signal or a dump of its threads, if it takes too long.
"""

import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import jtorch
from compare import SELF
from jtorch.utils.data._utils import _channel
from jtorch.utils.data._utils._parcel import packed, unpacked
from processes import ROOT, python
from processes import jtorch as run_ours

FOLDER = pathlib.Path(__file__).parent / "loaders"
PROGRAMS = sorted(FOLDER.glob("*.py"))


def shared_files():
    return set(os.listdir("/dev/shm"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path, tmp_path):
    before = shared_files()
    theirs = python(path, folder=tmp_path)
    ours = run_ours(path, folder=tmp_path)

    assert theirs.returncode == 0, theirs.stderr
    assert ours.returncode == 0, ours.stderr
    assert ours.stdout.splitlines() == theirs.stdout.splitlines()
    assert not ours.stderr
    assert theirs.stdout
    assert shared_files() <= before


SLOW = """
import time, torch
from torch.utils.data import DataLoader
class Slow:
    def __len__(self): return 1000
    def __getitem__(self, place):
        time.sleep(0.05)
        return torch.ones(60, 1000) * place
batches = iter(DataLoader(Slow(), batch_size=2, num_workers=2))
next(batches)
print(*[worker.pid for worker in batches._workers], flush=True)
for batch in batches: pass
"""


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(SELF or not os.path.isdir("/proc/self"), reason="looks into /proc")
@pytest.mark.parametrize("name", ["SIGKILL", "SIGINT"])
def test_workers_end_with_the_program(name, tmp_path):
    program = subprocess.Popen(
        [sys.executable, "-m", "jtorch", "-c", SLOW],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    before = shared_files()
    workers = program.stdout.readline().split()
    assert all(map(is_running, workers)), program.stderr.read()

    if name == "SIGINT":  # as a terminal sends it
        os.killpg(program.pid, signal.SIGINT)
    else:
        program.kill()
    _, errors = program.communicate(timeout=60)

    assert program.returncode == -getattr(signal, name)
    deadline = time.monotonic() + 20
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_running, workers))
    assert shared_files() <= before
    assert errors.count("Traceback") == (name == "SIGINT")


def sent(given):
    """An object after a journey through a channel of this process's own."""
    here, there = map(_channel.Channel, multiprocessing.Pipe())
    try:
        here.send(packed(given))
        return unpacked(there.receive())
    finally:
        here.close()
        there.close()


BIG = 100_000


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "bool", "complex64", "int16"])
def test_tensors_travel(dtype):
    dtype = getattr(jtorch, dtype)
    big = jtorch.arange(BIG).reshape(100, 1000).to(dtype)
    part = big[:, 7].clone()[2:4]
    given = [big, big.t(), big[3:5, 1::7], part, big[0].expand(3, 1000), jtorch.ones(3).to(dtype)]

    found = sent(given)

    for mine, other in zip(given, found, strict=True):
        assert other.dtype is mine.dtype and other.shape == mine.shape
        assert other.stride() == mine.stride()
        assert other.tolist() == mine.tolist()
    found[0][3, 1] = found[0][0, 0]  # one memory, there too
    assert found[2].tolist()[0][0] == found[1].tolist()[1][3] == found[0].tolist()[0][0]
    assert sent(big[5]).untyped_storage().nbytes() == 1000 * dtype.itemsize


def test_arrays_travel():
    array = np.arange(BIG)[::2]
    again = sent({"a": array, "b": array, "c": np.ones(3)})

    assert again["a"] is again["b"]
    assert (again["a"] == array).all()
    again["a"][0] = again["c"][0] = 5
    assert array[0] == 0


@pytest.mark.parametrize("why", ["none", "full", "many"])
def test_without_shared_memory(why, monkeypatch):
    def refuse(*given):
        raise OSError(why)

    if why == "many":
        monkeypatch.setattr(_channel.socket, "send_fds", refuse)
    elif why == "full":
        monkeypatch.setattr(os, "posix_fallocate", refuse)
    else:
        monkeypatch.delattr(os, "memfd_create")
    size = 30_000  # bytes that a pipe holds, since nobody else reads it

    monkeypatch.setattr(_channel, "BIG", 1 << 10)
    found = sent([jtorch.arange(size // 8), np.arange(10)])

    assert found[0].tolist() == list(range(size // 8))


def test_mapped_memory_is_bounded_by_descriptors(monkeypatch):
    monkeypatch.setattr(_channel, "_most_mappings", lambda: 0)
    count = len(os.listdir("/proc/self/fd"))
    kept = [sent(jtorch.arange(BIG)) for _ in range(3)]

    assert [each.sum().item() for each in kept] == [BIG * (BIG - 1) // 2] * 3
    assert len(os.listdir("/proc/self/fd")) <= count + 1


def test_seeds_of_numpy():
    from torch.utils.data._utils.worker import _generate_state

    for base, worker in ((0, 0), (1, 2), (2**63 - 1, 3), (123456789012345, 65)):
        words = [worker, base & 0xFFFFFFFF, base >> 32, 0]
        assert _generate_state(base, worker) == list(
            np.random.SeedSequence(words).generate_state(4)
        )
