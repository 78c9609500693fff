"""The iterator that loads by worker processes: who is asked for what, and what has come.

Each worker has a channel of its own, so a worker that dies takes nothing with it that others need,
and is noticed at once: the wait for answers is also a wait for the end of any process.
"""

import atexit
import contextlib
import itertools
import multiprocessing
import os
import pickle
import signal
import time
import warnings
from multiprocessing.connection import wait

from jtorch._engine.realize import run_all
from jtorch._utils import ExceptionWrapper
from jtorch.multiprocessing._forks import expect_fork
from jtorch.utils.data._iterators import _BaseDataLoaderIter, _DatasetKind
from jtorch.utils.data._utils._channel import Channel
from jtorch.utils.data._utils._parcel import packed, unpacked
from jtorch.utils.data._utils.worker import (
    MP_STATUS_CHECK_INTERVAL,
    Job,
    _IterableDatasetStopIteration,
    _ResumeIteration,
    _worker_loop,
    ends,
)

__all__ = ["_MultiProcessingDataLoaderIter"]


class _MultiProcessingDataLoaderIter(_BaseDataLoaderIter):
    """A pass whose batches are loaded by workers, some in advance.

    Tasks are numbered. `_task_info` has for each that has not been given out (worker,) or, when its
    answer came before its turn, (worker, answer).
    """

    __module__ = "torch.utils.data.dataloader"

    def __init__(self, loader):
        super().__init__(loader)
        self._prefetch_factor = loader.prefetch_factor
        self._in_order = loader.in_order
        if self._num_workers <= 0:
            raise AssertionError(
                "num_workers must be greater than 0 for MultiProcessingDataLoaderIter"
            )
        if self._prefetch_factor <= 0:
            raise AssertionError(
                "prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter"
            )
        self._worker_init_fn = loader.worker_init_fn
        self._owner = os.getpid()
        self._shutdown = False
        self._channels = []
        self._workers = []
        self._start_workers(loader.multiprocessing_context or multiprocessing)
        self._reset(loader, first_iter=True)

    def _start_workers(self, context):
        forks = context.get_start_method() == "fork"
        if forks:
            run_all()  # once, and not in each of the workers
        for worker_id in range(self._num_workers):
            here, there = context.Pipe(duplex=True)
            channel = Channel(here)
            ends.add(channel)
            process = context.Process(
                target=_worker_loop, args=(self._job(worker_id), Channel(there), forks)
            )
            process.daemon = True
            try:
                expect_fork()
                process.start()
            except (TypeError, AttributeError, pickle.PicklingError):
                warnings.warn(
                    "Got pickle error when attempting to start a worker Process. This might be "
                    "because the worker Process arguments are not picklable. Python 3.14+ changed "
                    "the multiprocessing start method in non-Mac POSIX platforms to 'forkserver', "
                    "which requires the worker Process arguments to be picklable. You can also try "
                    "multiprocessing.set_start_method('fork').",
                    stacklevel=2,
                )
                raise
            there.close()
            self._channels.append(channel)
            self._workers.append(process)

    def _job(self, worker_id):
        return Job(
            kind=self._dataset_kind,
            is_stream=self._dataset_kind == _DatasetKind.Iterable,
            dataset=self._dataset,
            create_fetcher=_DatasetKind.create_fetcher,
            auto_collation=self._auto_collation,
            collate_fn=self._collate_fn,
            drop_last=self._drop_last,
            base_seed=self._base_seed,
            init_fn=self._worker_init_fn,
            worker_id=worker_id,
            num_workers=self._num_workers,
        )

    def _reset(self, loader, first_iter=False):
        super()._reset(loader, first_iter)
        self._send_idx = 0  # the number of the next task
        self._rcvd_idx = 0  # the number of the task to give out next
        self._task_info = {}
        self._tasks_outstanding = 0
        self._workers_status = [True] * self._num_workers  # whether they still have samples
        self._workers_num_tasks = [0] * self._num_workers
        self._worker_queue_idx_cycle = itertools.cycle(range(self._num_workers))
        if not first_iter:
            for worker_id in range(self._num_workers):
                self._send(worker_id, _ResumeIteration())
            begun = 0
            while begun < self._num_workers:  # what else comes belongs to the last pass
                begun += isinstance(self._get_data()[0], _ResumeIteration)
        for _ in range(self._prefetch_factor * self._num_workers):
            self._try_put_index()

    # Asking

    def _try_put_index(self):
        """Ask a worker for the next batch, if there is one."""
        most = self._prefetch_factor * self._num_workers
        if self._tasks_outstanding >= most:
            raise AssertionError("Number of outstanding tasks exceeded maximum allowed tasks")
        try:
            index = self._next_index()
        except StopIteration:
            return
        for _ in range(self._num_workers):
            worker_id = next(self._worker_queue_idx_cycle)
            if self._workers_status[worker_id] and (
                self._in_order
                or self._workers_num_tasks[worker_id] < most // sum(self._workers_status)
            ):
                break
        else:
            return
        self._send(worker_id, (self._send_idx, index))
        self._task_info[self._send_idx] = (worker_id,)
        self._workers_num_tasks[worker_id] += 1
        self._tasks_outstanding += 1
        self._send_idx += 1

    def _send(self, worker_id, message):
        with contextlib.suppress(
            OSError
        ):  # a worker that has died is noticed when it is waited for
            self._channels[worker_id].send(packed(message))

    # Answers

    def _next_data(self):
        while True:
            self._skip_lost_tasks()
            if self._rcvd_idx == self._send_idx:
                if not self._persistent_workers:
                    self._shutdown_workers()
                raise StopIteration
            if len(self._task_info[self._rcvd_idx]) == 2:
                worker_id, data = self._task_info.pop(self._rcvd_idx)
                self._rcvd_idx += 1
                return self._process_data(data, worker_id)
            if self._shutdown or self._tasks_outstanding <= 0:
                raise AssertionError(
                    "Invalid iterator state: shutdown or no outstanding tasks when fetching next "
                    "data"
                )
            index, data = self._get_data()
            self._tasks_outstanding -= 1
            if isinstance(data, _IterableDatasetStopIteration):
                if self._persistent_workers:
                    self._workers_status[data.worker_id] = False
                else:
                    self._mark_worker_as_unavailable(data.worker_id)
                self._try_put_index()
            elif index == self._rcvd_idx or not self._in_order:
                (worker_id,) = self._task_info.pop(index)
                self._rcvd_idx += index == self._rcvd_idx
                return self._process_data(data, worker_id)
            else:
                self._task_info[index] += (data,)

    def _skip_lost_tasks(self):
        """Go on to the next task that has an answer, or a worker that may still give one."""
        while self._rcvd_idx < self._send_idx:
            info = self._task_info.get(self._rcvd_idx)
            if info is not None:
                if len(info) == 2 or self._workers_status[info[0]]:
                    return
                del self._task_info[self._rcvd_idx]
            self._rcvd_idx += 1

    def _process_data(self, data, worker_id):
        self._workers_num_tasks[worker_id] -= 1
        self._try_put_index()
        if isinstance(data, ExceptionWrapper):
            data.reraise()
        return data

    def _get_data(self):
        """The next answer of any worker.

        Errors:  RuntimeError if a worker has died, or none has answered in `timeout` seconds.
        """
        deadline = time.monotonic() + self._timeout if self._timeout > 0 else None
        while True:
            seconds = MP_STATUS_CHECK_INTERVAL
            if deadline is not None:
                seconds = min(seconds, deadline - time.monotonic())
                if seconds <= 0:
                    raise RuntimeError(f"DataLoader timed out after {self._timeout} seconds")
            running = self._running()
            channels = {self._channels[each].connection: each for each in running}
            processes = {self._workers[each].sentinel: each for each in running}
            ready = wait([*channels, *processes], seconds)
            ended = [processes[each] for each in ready if each in processes]
            # A process that others have been forked from may end without a sign.
            ended += [each for each in running if not ready and not self._workers[each].is_alive()]
            self._refuse_to_go_on_without(ended)
            for source, worker_id in channels.items():
                if source in ready:
                    try:
                        return unpacked(self._channels[worker_id].receive())
                    except (EOFError, ConnectionResetError):
                        self._refuse_to_go_on_without([worker_id])

    def _running(self):
        """The workers that may answer; all of them where they stay, the next in turn first."""
        found = [
            worker_id
            for worker_id in range(self._num_workers)
            if self._persistent_workers or self._workers_status[worker_id]
        ]
        info = self._task_info.get(self._rcvd_idx)
        return sorted(found, key=lambda each: info is not None and each != info[0])

    def _refuse_to_go_on_without(self, ended):
        """Raise torch's error for workers that have died."""
        if not ended:
            return
        for worker_id in ended:
            self._workers[worker_id].join(MP_STATUS_CHECK_INTERVAL)
            self._workers_status[worker_id] = False
        pids = ", ".join(str(self._workers[each].pid) for each in ended)
        text = f"DataLoader worker (pid(s) {pids}) exited unexpectedly"
        raise RuntimeError(text) from _cause_of_death(self._workers[ended[0]])

    # The end

    def _mark_worker_as_unavailable(self, worker_id):
        """Let a worker go that has nothing more to do."""
        self._workers_status[worker_id] = False
        self._channels[worker_id].close()

    def _shutdown_workers(self):
        """Let all workers go, and wait for them; those that do not come to an end are ended."""
        if self._shutdown or self._owner != os.getpid():
            return
        self._shutdown = True
        try:
            for worker_id, channel in enumerate(self._channels):
                self._workers_status[worker_id] = False
                channel.close()
            for process in self._workers:
                process.join(timeout=MP_STATUS_CHECK_INTERVAL)
        finally:
            for process in self._workers:
                if process.is_alive():
                    process.terminate()
                    process.join(timeout=MP_STATUS_CHECK_INTERVAL)

    def __del__(self):
        if hasattr(self, "_owner") and not _has_ended:
            self._shutdown_workers()


def _cause_of_death(process):
    """torch's words for how a process has ended; None where it has ended well, if too early."""
    code = process.exitcode
    if not code:
        return None
    if code > 0:
        return RuntimeError(
            f"DataLoader worker (pid {process.pid}) exited unexpectedly with exit code {code}. "
            "Details are lost due to multiprocessing. Rerunning with num_workers=0 may give better "
            "error trace."
        )
    text = f"DataLoader worker (pid {process.pid}) is killed by signal: {signal.strsignal(-code)}. "
    if -code == signal.SIGBUS:
        text += (
            "It is possible that dataloader's workers are out of shared memory. Please try to raise "
            "your shared memory limit."
        )
    return RuntimeError(text)


_has_ended = False


def _end():
    global _has_ended
    _has_ended = True  # multiprocessing ends now the workers that do not end by themselves
    for each in list(ends):
        each.close()


atexit.register(_end)
