"""torch.profiler.profiler: the profiler of a training loop, by steps of a schedule."""

import enum
import os
import socket
import time
import warnings

from jtorch._accelerators import count
from jtorch._alias import missing_attribute
from jtorch._errors import not_provided
from jtorch.autograd import profiler as autograd_profiler

__all__ = ["ProfilerAction", "ProfilerActivity", "profile", "schedule", "supported_activities",
           "tensorboard_trace_handler"]  # fmt: skip


class ProfilerAction(enum.Enum):
    """What a profiler does at a step. Source: torch.profiler.ProfilerAction."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


class ProfilerActivity(enum.Enum):
    """Where what is profiled happens. Source: torch.profiler.ProfilerActivity."""

    CPU = 0
    XPU = 1
    CUDA = 2
    HPU = 3
    MTIA = 4
    PrivateUse1 = 5


def supported_activities():
    """The activities there are here. Source: torch.profiler.supported_activities."""
    return {ProfilerActivity.CPU} | ({ProfilerActivity.CUDA} if count("cuda") else set())


def schedule(*, wait, warmup, active, repeat=0, skip_first=0, skip_first_wait=0):
    """The function of a step that says what to do: after `skip_first`, turns of wait, warmup, active.

    Errors:  AssertionError for counts that make no schedule.
    Source:  torch.profiler.schedule.
    """
    if not (min(wait, warmup, repeat, skip_first) >= 0 and active > 0):
        raise AssertionError(
            f"Invalid profiler schedule arguments. Got wait={wait} (need >= 0), warmup={warmup} (need "
            f">= 0), active={active} (need > 0), repeat={repeat} (need >= 0), skip_first={skip_first} "
            "(need >= 0)."
        )
    if warmup == 0:
        warnings.warn(
            "Profiler won't be using warmup, this can skew profiler results", stacklevel=2
        )
    length = wait + warmup + active

    def action(step):
        if step < 0:
            raise AssertionError(f"Step must be non-negative. Got {step}.")
        if step < skip_first:
            return ProfilerAction.NONE
        step -= skip_first - (wait if skip_first_wait else 0)
        turn, place = divmod(step, length)
        if (repeat and turn >= repeat) or place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        is_last = place == length - 1
        return ProfilerAction.RECORD_AND_SAVE if is_last else ProfilerAction.RECORD

    return action


def tensorboard_trace_handler(dir_name, worker_name=None, use_gzip=False, use_python_export=False):
    """A function for `on_trace_ready` that writes the trace into a folder, as a JSON file.

    Source:  torch.profiler.tensorboard_trace_handler.
    """
    worker = worker_name or f"{socket.gethostname()}_{os.getpid()}"

    def handle(finished):
        os.makedirs(dir_name, exist_ok=True)
        name = f"{worker}.{time.time_ns()}.pt.trace.json" + (".gz" if use_gzip else "")
        finished.export_chrome_trace(os.path.join(dir_name, name))

    return handle


_RECORDING = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class profile:
    """Collects what runs at the steps that the schedule says; without one, from start to end.

    What is collected, and what is not: see `torch.autograd.profiler.profile`.

    Source: torch.profiler.profile.
    """

    def __init__(
        self, *, activities=None, schedule=None, on_trace_ready=None, record_shapes=False,
        profile_memory=False, with_stack=False, with_flops=False, with_modules=False,
        experimental_config=None, execution_trace_observer=None, acc_events=False, use_cuda=None,
        custom_trace_id_callback=None, post_processing_timeout_s=None,
    ):  # fmt: skip
        self.activities = set(supported_activities() if activities is None else activities)
        if not self.activities & set(ProfilerActivity):
            raise AssertionError("No valid profiler activities found")
        self.schedule = schedule or (lambda _: ProfilerAction.RECORD)
        self.record_steps = schedule is not None
        self.on_trace_ready = on_trace_ready
        self.step_num = 0
        self.profiler = None
        if execution_trace_observer is not None:
            raise not_provided("execution traces of the profiler")
        self.acc_events = acc_events
        self._options = {"record_shapes": record_shapes, "with_stack": with_stack}
        self._is_on = False
        self._step = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()

    def start(self):
        """Begin, with step 0."""
        self.current_action = self.schedule(0)
        if self.current_action in _RECORDING:
            self._begin()

    def stop(self):
        """End; a trace that is being collected is ready now."""
        if self._is_on:
            self._end()
            self._ready()
        elif self.profiler is None:
            raise AssertionError("Profiler must be initialized before stopping trace")

    def step(self):
        """The next step begins."""
        before = self.current_action
        self.step_num += 1
        self.current_action = self.schedule(self.step_num)
        records = self.current_action in _RECORDING
        if self._is_on and (before is ProfilerAction.RECORD_AND_SAVE or not records):
            self._end()
            self._ready()
        if records and not self._is_on:
            self._begin()
        elif self._is_on:
            self._end_step()
            self._begin_step()

    def _begin(self):
        before = self.profiler
        self.profiler = autograd_profiler.profile(**self._options).__enter__()
        if self.acc_events and before is not None:
            self.profiler.kept = before.function_events
        self._is_on = True
        self._begin_step()

    def _end(self):
        self._end_step()
        self.profiler.__exit__(None, None, None)
        self._is_on = False

    def _begin_step(self):
        if self.record_steps:
            name = f"ProfilerStep#{self.step_num}"
            self._step = autograd_profiler.record_function(name).__enter__()

    def _end_step(self):
        if self._step is not None:
            self._step.__exit__(None, None, None)
            self._step = None

    def _ready(self):
        if self.on_trace_ready is not None:
            self.on_trace_ready(self)

    def _collected(self, doing):
        if self.profiler is None:
            raise AssertionError(f"Profiler must be initialized before {doing}")
        return self.profiler.function_events

    def events(self):
        """What was collected last."""
        return self._collected("accessing events")

    def key_averages(self, group_by_input_shape=False, group_by_stack_n=0, **others):
        """Averages of the events by name, steps under the name `ProfilerStep*`."""
        found = self._collected("getting key averages")
        return found.key_averages(group_by_input_shape, group_by_stack_n, **others)

    def export_chrome_trace(self, path):
        """Write the trace as JSON: see `EventList.export_chrome_trace`."""
        self._collected("exporting chrome trace").export_chrome_trace(path)


def __getattr__(name):
    raise missing_attribute(__name__, name)
