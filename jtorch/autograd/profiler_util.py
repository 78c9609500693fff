"""What a profiler has seen: events, averages of events by name, and both as tables and traces."""

import dataclasses
import gzip
import json
import os

MEANING = (
    "A program is what was recorded between two moments at which values were needed, run as a whole; it "
    "is named after the user's line of its last operation. Its time is that of its run: every program "
    "is waited for while a profiler is on. `compile` is XLA's work on a program that is new; a range "
    "(record_function) is as long as its lines took, and holds the programs that ran in it, part of "
    "which may have been recorded before. Recording an operation takes microseconds and is no event."
)
_SUMS = ("cpu_time_total", "self_cpu_time_total", "device_time_total", "self_device_time_total")


class _Times:
    """Times of events and of averages, in microseconds; the same as text under `NAME_str`."""

    cpu_time = property(lambda self: self.cpu_time_total / max(self.count, 1))
    device_time = property(lambda self: self.device_time_total / max(self.count, 1))

    def __getattr__(self, name):
        if name.endswith("_str"):
            return time_text(getattr(self, name.removesuffix("_str")))
        if "cuda" in name:  # the older name
            return getattr(self, name.replace("cuda", "device"))
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


@dataclasses.dataclass(frozen=True)
class Interval:
    """From `start` to `end`, in microseconds since the profiler was started."""

    start: float
    end: float

    def elapsed_us(self):
        return self.end - self.start


@dataclasses.dataclass(eq=False)
class FunctionEvent(_Times):
    """A program that ran, its compilation, or a range. Source: torch.autograd.profiler.FunctionEvent."""

    id: int
    name: str
    kind: str  # "program", "compile" or "range"
    thread: int
    time_range: Interval
    self_device_time_total: float = 0.0  # of a run on an accelerator
    input_shapes: tuple = ()
    stack: tuple = ()
    cpu_memory_usage: int = 0  # of the results of a program
    operations: tuple = ()  # names of the operations of a program
    cpu_parent: object = dataclasses.field(default=None, repr=False)
    cpu_children: list = dataclasses.field(default_factory=list, repr=False)
    count = 1

    @property
    def key(self):
        return "ProfilerStep*" if self.name.startswith("ProfilerStep#") else self.name

    @property
    def is_user_annotation(self):
        return self.kind == "range"

    @property
    def cpu_time_total(self):
        """The whole time; of a program on an accelerator, what it took to start it."""
        return self.time_range.elapsed_us() - self.self_device_time_total

    @property
    def self_cpu_time_total(self):
        return self.cpu_time_total - sum(each.cpu_time_total for each in self.cpu_children)

    @property
    def device_time_total(self):
        return self.self_device_time_total + sum(e.device_time_total for e in self.cpu_children)


class FunctionEventAvg(_Times):
    """Events of one name. Source: torch.autograd.profiler_util.FunctionEventAvg."""

    cpu_parent = None

    def __init__(self, key, events):
        self.key, self.count = key, len(events)
        self.input_shapes, self.stack = (
            (events[0].input_shapes, events[0].stack) if events else ((), ())
        )
        for name in (*_SUMS, "cpu_memory_usage"):
            setattr(self, name, sum(getattr(each, name) for each in events))

    def __repr__(self):
        times = f"self_cpu_time={self.self_cpu_time_total_str} cpu_time={self.cpu_time_str}"
        return f"<FunctionEventAvg key={self.key} {times} count={self.count}>"


class EventList(list):
    """Events, or averages of them. Source: torch.autograd.profiler_util.EventList."""

    self_cpu_time_total = property(lambda self: sum(each.self_cpu_time_total for each in self))

    def __str__(self):
        return self.table()

    def key_averages(
        self, group_by_input_shape=False, group_by_stack_n=0, group_by_overload_name=False
    ):
        """Averages by name, and by what else is asked for."""
        groups = {}
        for each in self:
            shapes = each.input_shapes if group_by_input_shape else ()
            groups.setdefault((each.key, shapes, each.stack[:group_by_stack_n]), []).append(each)
        return EventList(FunctionEventAvg(key[0], group) for key, group in groups.items())

    def total_average(self):
        return FunctionEventAvg("Total", self)

    def table(
        self, sort_by=None, row_limit=100, max_src_column_width=75, max_name_column_width=55,
        max_shapes_column_width=80, header=None, top_level_events_only=False, time_unit=None,
    ):  # fmt: skip
        """The events as text; what the columns mean stands under them."""
        if not self:
            return ""
        rows = [each for each in self if not (top_level_events_only and each.cpu_parent)]
        if sort_by is not None:
            rows.sort(key=lambda each: getattr(each, sort_by), reverse=True)
        columns = ["Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg"]
        on_device = any(each.device_time_total for each in self)
        columns += ["Device total", "Device time avg"] if on_device else []
        whole = self.self_cpu_time_total
        lines = [[*columns, "# of Calls"]]
        for each in rows[: row_limit if row_limit >= 0 else None]:
            line = [_shortened(each.key, max_name_column_width)]
            line += [_percent(each.self_cpu_time_total, whole), each.self_cpu_time_total_str]
            line += [
                _percent(each.cpu_time_total, whole),
                each.cpu_time_total_str,
                each.cpu_time_str,
            ]
            line += [each.device_time_total_str, each.device_time_str] if on_device else []
            lines.append([*line, str(each.count)])
        title = [] if header is None else [header]
        total = f"Self CPU time total: {time_text(whole)}"
        return "\n".join([*title, _aligned(lines), total, MEANING, ""])

    def export_chrome_trace(self, path):
        """Write the events as JSON for chrome://tracing and Perfetto; compressed if it ends in .gz."""
        events = [
            {
                "ph": "X", "cat": each.kind, "name": each.name, "pid": os.getpid(),
                "tid": each.thread, "ts": each.time_range.start,
                "dur": each.time_range.elapsed_us(),
                "args": {"operations": each.operations, "lines": each.stack},
            }
            for each in self
        ]  # fmt: skip
        with (gzip.open if str(path).endswith(".gz") else open)(path, "wt") as file:
            json.dump({"schemaVersion": 1, "traceEvents": events, "meaning": MEANING}, file)


def _shortened(name, width):
    return name if width is None or len(name) <= width else "..." + name[3 - width :]


def _percent(part, whole):
    return f"{100 * part / whole:.2f}%" if whole else "NaN"


def time_text(microseconds):
    """A time as torch writes it: in us, ms or s."""
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:.3f}s"
    return f"{microseconds / 1e3:.3f}ms" if microseconds >= 1e3 else f"{microseconds:.3f}us"


def _aligned(lines):
    widths = [max(map(len, column)) + 2 for column in zip(*lines, strict=True)]
    rule = "  ".join("-" * width for width in widths) + "  "
    rows = ["  ".join(map(str.rjust, line, widths)) + "  " for line in lines]
    return "\n".join([rule, rows[0], rule, *rows[1:], rule])
