"""torch.autograd.profiler: which programs ran, from which line, how long, and what was compiled.

jtorch records operations and runs them as programs, so there is no time of a single operation; see the
text under a table. Off, a profiler costs one look at an empty list per program.
"""

import functools
import itertools
import threading
import time
import weakref

from jtorch._alias import missing_attribute
from jtorch._device import CPU
from jtorch._engine import explain
from jtorch._engine.node import line_of
from jtorch._engine.realize import run_all
from jtorch._engine.watch import observers
from jtorch.autograd.profiler_util import EventList, FunctionEvent, FunctionEventAvg, Interval

__all__ = ["EventList", "FunctionEvent", "FunctionEventAvg", "profile", "record_function"]

_profilers = []  # those that are on
_numbers = weakref.WeakKeyDictionary()  # program -> the number of its compilation


class profile:
    """Collects what runs inside. `function_events` and `key_averages()` have it afterwards.

    Times and ranges are always collected; `record_shapes` and `with_stack` fill `input_shapes` and
    `stack`. Flops, modules and memory over time are not collected.

    Source: torch.autograd.profiler.profile.
    """

    def __init__(
        self, enabled=True, *, use_cuda=False, use_device=None, record_shapes=False, with_flops=False,
        profile_memory=False, with_stack=False, with_modules=False, use_kineto=False, use_cpu=True,
        experimental_config=None, acc_events=False, custom_trace_id_callback=None,
        post_processing_timeout_s=None, activity_filters=None,
    ):  # fmt: skip
        self.enabled = enabled
        self.record_shapes = record_shapes
        self.with_stack = with_stack
        self.function_events = EventList()
        self.kept = ()  # events of earlier cycles
        self._entered = False
        self._ids = itertools.count(1)

    def __enter__(self):
        if not self.enabled:
            return None
        if self._entered:
            raise RuntimeError("Profiler context manager is not reentrant")
        self._entered = True
        run_all()  # what was recorded before is not part of it
        self._began = time.perf_counter_ns()
        self._events = []
        _profilers.append(self)
        observers.append(self._ran)
        return self

    def __exit__(self, *exception):
        if not self.enabled:
            return False
        try:
            run_all()
        finally:
            observers.remove(self._ran)
            _profilers.remove(self)
        found = sorted(self._events, key=lambda each: each.time_range.start)
        _nest(found)
        self.function_events = EventList([*self.kept, *found])
        return False

    def _ran(self, run):
        program = run.program
        number = _numbers.get(program)
        if number is None:
            known = (each.number for each in reversed(explain.record) if each.program is program)
            number = _numbers[program] = next(known, 0)
        lines = tuple(dict.fromkeys(map(line_of, program.positions)))
        place = lines[-1].rpartition("/")[2]
        name = f"program #{number} {place} ({len(program.operations)} operations)"
        details = {
            "stack": lines if self.with_stack else (),
            "input_shapes": run.input_shapes if self.record_shapes else (),
            "operations": tuple(kernel.name for kernel in program.operations),
        }
        began = run.began
        if run.is_new:
            self._add(f"compile of {name}", "compile", began, run.started, **details)
            began = run.started
        device = 0.0 if run.device is CPU else (run.finished - run.started) / 1e3
        self._add(
            name, "program", began, run.finished, self_device_time_total=device, cpu_memory_usage=run.result_bytes,
            **details,
        )  # fmt: skip

    def _add(self, name, kind, began, ended, **details):
        span = Interval((began - self._began) / 1e3, (ended - self._began) / 1e3)
        thread = threading.get_ident()
        self._events.append(FunctionEvent(next(self._ids), name, kind, thread, span, **details))

    def __str__(self):
        return str(self.function_events)

    def table(self, **options):
        """The events as text: see `EventList.table`."""
        return self.function_events.table(**options)

    def key_averages(self, **groups):
        """Averages of the events by name."""
        return self.function_events.key_averages(**groups)

    def total_average(self):
        return self.function_events.total_average()

    def export_chrome_trace(self, path):
        self.function_events.export_chrome_trace(path)

    self_cpu_time_total = property(lambda self: self.function_events.self_cpu_time_total)


def _nest(events):
    """Give events that lie inside a range their parent: the innermost range of their thread."""
    stacks = {}
    for event in sorted(events, key=lambda each: (each.time_range.start, -each.time_range.end)):
        stack = stacks.setdefault(event.thread, [])
        while stack and stack[-1].time_range.end < event.time_range.end:
            stack.pop()
        if stack:
            event.cpu_parent = stack[-1]
            stack[-1].cpu_children.append(event)
        if event.kind == "range":
            stack.append(event)


class record_function:
    """A range of lines under a name: a context manager, and a decorator.

    Source: torch.autograd.profiler.record_function.
    """

    def __init__(self, name, args=None):
        self.name = name
        self.args = args

    def __call__(self, function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with record_function(self.name, self.args):
                return function(*args, **kwargs)

        return wrapped

    def __enter__(self):
        self._began = time.perf_counter_ns()
        return self

    def __exit__(self, *exception):
        ended = time.perf_counter_ns()
        for each in _profilers:
            each._add(self.name, "range", max(self._began, each._began), ended)


def __getattr__(name):
    raise missing_attribute(__name__, name)
