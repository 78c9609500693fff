"""The worker: what runs in a process of its own and fetches the batches it is asked for.

A forked worker has the main process's memory, but not its threads: it never touches XLA. What the
dataset computes there the engine evaluates on the host.
"""

import dataclasses
import gc
import os
import queue
import random
import threading
import weakref

import numpy as np

from jtorch._alias import missing_attribute
from jtorch._config import settings
from jtorch._generator import manual_seed
from jtorch._utils import ExceptionWrapper
from jtorch.utils.data._utils._parcel import packed, unpacked

__all__ = ["WorkerInfo", "get_worker_info"]

MP_STATUS_CHECK_INTERVAL = 5.0  # seconds between looks at whether the other processes are alive
ends = weakref.WeakSet()  # channels to workers that are open in this process
_worker_info = None


def __getattr__(name):
    raise missing_attribute(__name__, name)


@dataclasses.dataclass(frozen=True, slots=True)
class WorkerInfo:
    """Which of the workers this process is. Source: torch.utils.data.get_worker_info."""

    id: int
    num_workers: int
    seed: int
    dataset: object
    rng: object = None
    worker_method: str | None = "multiprocessing"


def get_worker_info():
    """The WorkerInfo of this process; None in the main process.

    Source:  torch.utils.data.get_worker_info.
    """
    return _worker_info


@dataclasses.dataclass(frozen=True)
class _IterableDatasetStopIteration:
    """The answer of a worker whose stream has ended."""

    worker_id: int


@dataclasses.dataclass(frozen=True)
class _ResumeIteration:
    """Asks a worker to begin another pass, and is its answer."""

    seed: int | None = None


@dataclasses.dataclass(frozen=True)
class Job:
    """All that a worker has to know."""

    kind: int
    is_stream: bool
    dataset: object
    create_fetcher: object
    auto_collation: bool
    collate_fn: object
    drop_last: bool
    base_seed: int
    init_fn: object
    worker_id: int
    num_workers: int


class _Inbox:
    """What the main process has sent; closed as soon as it has closed the channel, or died."""

    def __init__(self, channel):
        self._channel = channel
        self._parent = os.getppid()
        self._received = queue.SimpleQueue()
        self._is_closed = False
        # A thread, so that the main process never waits for a worker that is busy.
        threading.Thread(target=self._receive, daemon=True).start()

    def _receive(self):
        try:
            while True:
                self._received.put(self._channel.receive())
        except (EOFError, OSError):
            self._is_closed = True
            self._received.put(None)

    def get(self):
        """The next message; None at the end, however much was to be done."""
        while not self._is_closed and os.getppid() == self._parent:
            try:
                parcel = self._received.get(timeout=MP_STATUS_CHECK_INTERVAL)
            except queue.Empty:
                continue
            return None if self._is_closed else unpacked(parcel)
        return None


class _Worker:
    """Answers what comes through a channel, batch by batch."""

    def __init__(self, job, channel):
        self._job = job
        self._channel = channel
        self._where = f"in DataLoader worker process {job.worker_id}"
        self._failure = None  # to begin: the answer to every request
        self._has_ended = False

    def work(self):
        job = self._job
        inbox = _Inbox(self._channel)
        try:
            if job.init_fn is not None:
                job.init_fn(job.worker_id)
        except Exception:
            self._failure = ExceptionWrapper(where=self._where)
        else:
            self._begin()
        while (message := inbox.get()) is not None:
            if isinstance(message, _ResumeIteration):
                self._answer(message, None)
                self._begin()
            elif not self._has_ended:
                index, keys = message
                self._answer(index, self._fetched(keys))

    def _begin(self):
        """Begin a pass over the dataset."""
        job = self._job
        self._failure, self._has_ended = None, False
        try:
            self._fetcher = job.create_fetcher(
                job.kind, job.dataset, job.auto_collation, job.collate_fn, job.drop_last
            )
        except Exception:
            self._failure = ExceptionWrapper(where=self._where)

    def _fetched(self, keys):
        """The batch, or what stands for the end of the stream, or for an exception."""
        if self._failure is not None:
            return self._failure
        try:
            return self._fetcher.fetch(keys)
        except StopIteration:
            if self._job.is_stream:
                self._has_ended = True
                return _IterableDatasetStopIteration(self._job.worker_id)
            return ExceptionWrapper(where=self._where)
        except Exception:
            return ExceptionWrapper(where=self._where)

    def _answer(self, index, data):
        """Send an answer; where it cannot be pickled, the exception that says so."""
        try:
            parcel = packed((index, data))
        except Exception:
            if isinstance(data, ExceptionWrapper):  # of a class that nobody else can find
                data.exc_type = RuntimeError
            else:
                data = ExceptionWrapper(where=self._where)
            parcel = packed((index, data))
        self._channel.send(parcel)


def _worker_loop(job, channel, was_forked):
    """What the process of a worker runs."""
    global _worker_info
    try:
        if was_forked:
            _part_from_main_process()
        settings.executor = "host"  # samples are small: no worker waits for a compiler
        seed = _seed_everything(job.base_seed, job.worker_id)
        _worker_info = WorkerInfo(job.worker_id, job.num_workers, seed, job.dataset)
        _Worker(job, channel).work()
    except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
        pass  # the main process was interrupted as well, or has gone


def _part_from_main_process():
    """Let go of what is the main process's: its channels to workers, and its garbage.

    Garbage may hold arrays of JAX's, which are not to be freed here.
    """
    gc.freeze()
    for each in list(ends):
        each.close()


def _seed_everything(base_seed, worker_id):
    """Seed Python, torch and numpy, each with a stream of its own; gives the seed of the first two."""
    seed = base_seed + worker_id
    random.seed(seed)
    manual_seed(seed)
    words = [worker_id, base_seed & 0xFFFFFFFF, base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(words).generate_state(4))
    return seed
