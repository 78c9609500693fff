"""What goes wrong around a program: failures, interrupts, threads, forks, odd numbers, no place for files."""

import os
import pathlib
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import processes
from compare import SELF, ours, theirs
from jtorch._config import settings
from jtorch._engine import realize

MORE_THAN_THERE_IS = 10**13


@pytest.fixture(autouse=True)
def _empty_trace():
    realize.run_all()


def too_big():
    """A tensor of more bytes than any machine has, that no reduction can make small."""
    column = ours.ones(10**7).reshape(-1, 1) * ours.ones(10**7)
    return column + column.t()


def test_a_failure_loses_nothing_but_what_depends_on_it():
    before = ours.ones(3) + 1
    big = too_big()
    dependent = big[0, :3] + 1
    after = before * 3
    line = sys._getframe().f_lineno + 2
    with pytest.raises(RuntimeError, match="Out of memory") as caught:
        big.tolist()
    assert f"view at {__file__}:{line - 4}" in str(caught.value)
    assert before.tolist() == [2.0] * 3
    assert after.tolist() == [6.0] * 3
    with pytest.raises(RuntimeError, match="part of a program that failed"):
        dependent.tolist()


def test_what_is_made_from_a_lost_value_is_lost_and_nothing_else_is():
    lost = ours.ones(MORE_THAN_THERE_IS)
    with pytest.raises(RuntimeError, match="Out of memory"):
        lost.tolist()
    first = ours.ones(300, 300) * 2
    from_lost = (lost[:3] + 1) * 2
    second = first + 1
    assert second[0, 0].item() == 3.0
    with pytest.raises(RuntimeError, match="part of a program that failed"):
        from_lost.tolist()
    with pytest.raises(RuntimeError, match="part of a program that failed"):
        (from_lost + second[0, :3]).tolist()
    assert first[0, 0].item() == 2.0


def test_threads_that_use_each_others_pending_values_come_to_an_end():
    values = [ours.ones(4) + 1]

    def work():
        values.append(values[-1] * 2)

    for _ in range(5):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        values.append(values[-1] + values[0])
    expected = [2.0]
    for _ in range(5):
        expected.append(expected[-1] * 2)
        expected.append(expected[-1] + 2.0)
    assert [each[0].item() for each in values] == expected


def test_two_threads_that_pass_values_to_and_fro():
    """Each records on what the other has just recorded, so either trace needs parts of the other."""
    pool = [ours.full((4,), float(i)) for i in range(2)]
    turns = [threading.Semaphore(1), threading.Semaphore(0)]

    def work(me):
        for _ in range(10):
            turns[me].acquire()
            pool[me] = pool[me] + pool[1 - me]
            turns[1 - me].release()

    threads = [threading.Thread(target=work, args=(me,)) for me in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    expected = [0.0, 1.0]
    for _ in range(10):
        expected[0] += expected[1]
        expected[1] += expected[0]
    assert [each[0].item() for each in pool] == expected


class TimeIsUp(Exception):
    """What a user's signal handler raises."""


@pytest.mark.skipif(SELF, reason="torch donates nothing")
# what a handler raises inside a callback of Python's collector (JAX has one) is dropped, with a word
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", [KeyboardInterrupt, TimeIsUp])
def test_signals_at_any_moment_lose_no_buffer_and_no_value(kind, monkeypatch):
    monkeypatch.setattr(settings, "donate_bytes", 1)
    random = np.random.default_rng(7)

    def handler(*_):
        raise kind

    previous = signal.signal(signal.SIGALRM, handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # JAX, when it is disturbed while it reads its cache
            for _ in range(60):
                _interrupted_loop(kind, float(random.uniform(1e-4, 1e-2)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _interrupted_loop(kind, seconds):
    state = ours.ones(1 << 17) + 0
    state.sum().item()
    turns = 0
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        # a bound, because Python drops what a handler raises inside a callback of its collector
        while turns < 400:
            following = state * 1.0 + 1
            state = following
            turns += 1
            state.sum().item()
    except kind:
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    following = None
    assert state[0].item() in (turns + 1, turns + 2)  # between two statements, or one later


@pytest.mark.skipif(SELF or not hasattr(os, "fork"), reason="jtorch's lock")
def test_a_child_forked_while_a_program_runs_computes():
    """The fork waits for the program; the child's own lock is free."""
    held = threading.Event()

    def hold():
        with realize._lock:
            held.set()
            time.sleep(0.5)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    pending = ours.ones(3) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if not child:
        signal.alarm(10)
        os._exit(7 if pending.tolist() == [2.0] * 3 else 1)
    status = os.waitpid(child, 0)[1]
    thread.join()
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 7


class Half(float):
    """A float of a subclass."""


class Quarter(Half):
    """A float of a subclass of a subclass."""


class Imaginary(complex):
    """A complex number of a subclass."""


NUMBERS = [2**63 - 1, -(2**63), 2**63, 2**64 - 1, -0.0, float("inf"), Half(0.5), Quarter(2.25),
           Imaginary(1j), np.float32(0.1), np.float64(0.1), np.int8(-3)]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "complex64"])
def test_numbers_of_all_kinds_and_sizes(number, dtype):
    def results(module):
        x = module.ones(2, dtype=getattr(module, dtype))
        return [
            (x + number).tolist(),
            (x * number).tolist(),
            (number - x).tolist(),
            (x == number).tolist(),
        ]

    assert repr(results(ours)) == repr(results(theirs))


def test_an_unsigned_numpy_number_too_large_for_int64_raises_or_works_now():
    x = ours.ones(2, dtype=ours.uint8)
    y = x.mul(np.uint64(2**63 + 5))
    assert y.tolist() == [5, 5]
    assert ours.ones(2).mul(np.uint64(2**63)).tolist() == [2.0**63] * 2


SCRIPT = "import jtorch; x = jtorch.ones(3) + 1; y = x * 2.5; print(x.tolist(), (y - x).tolist())"


@pytest.mark.skipif(SELF, reason="jtorch's cache")
def test_where_programs_cannot_be_kept_it_says_so_once_and_works(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("JTORCH_CACHE_DIR", str(tmp_path / "file"))
    done = processes.python("-c", SCRIPT, folder=tmp_path)
    assert done.stdout == "[2.0, 2.0, 2.0] [3.0, 3.0, 3.0]\n"
    assert done.stderr.count("Warning") == 1
    assert "jtorch keeps no compiled programs" in done.stderr


@pytest.mark.skipif(SELF, reason="jtorch's cache")
def test_a_user_without_a_home(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "JTORCH_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    homeless = "import pwd\npwd.getpwuid = {}.__getitem__\n" + SCRIPT.replace("; ", "\n")
    done = processes.python("-c", homeless, folder=tmp_path)
    assert done.stdout == "[2.0, 2.0, 2.0] [3.0, 3.0, 3.0]\n", done.stderr
    assert not list(pathlib.Path(tmp_path).iterdir())
