"""The profiler: schedules and errors against torch; that its events tell what ran here."""

import importlib
import json

import pytest

from autograd_programs import on_both, tried
from compare import SELF, ours, theirs

HERE = "test_profiler.py"
jtorch_only = pytest.mark.skipif(SELF, reason="events are programs, which torch has not")


def profiler_of(module):
    return importlib.import_module(f"{module.__name__}.profiler")


def old_profiler_of(module):
    return importlib.import_module(f"{module.__name__}.autograd.profiler")


@on_both
def test_schedules(module):
    schedule = profiler_of(module).schedule
    choices = [(0, 1, 1, 0, 0, 0), (1, 1, 2, 0, 0, 0), (2, 1, 3, 2, 3, 0), (1, 2, 1, 1, 2, 1)]
    names = ("wait", "warmup", "active", "repeat", "skip_first", "skip_first_wait")
    found = []
    for counts in choices:
        action = schedule(**dict(zip(names, counts, strict=True)))
        found.append([action(step).name for step in range(16)])
    return found


@on_both
def test_errors(module):
    profiler = profiler_of(module)
    fresh = profiler.profile()
    schedule = profiler.schedule
    return [
        tried(lambda: schedule(wait=-1, warmup=1, active=1)),
        tried(lambda: schedule(wait=1, warmup=1, active=0)),
        tried(lambda: schedule(wait=1, warmup=1, active=1)(-1)),
        tried(lambda: profiler.profile(activities=[])),
        tried(fresh.events),
        tried(fresh.key_averages),
        tried(lambda: fresh.export_chrome_trace("nowhere")),
        tried(fresh.stop),
        profiler.supported_activities() == {profiler.ProfilerActivity.CPU},
    ]


@on_both
def test_steps(module):
    """When a trace is ready, and which steps it has."""
    profiler = profiler_of(module)
    ready = []

    def keep(finished):
        steps = [each.count for each in finished.key_averages() if each.key == "ProfilerStep*"]
        ready.append([finished.step_num, steps])

    schedule = profiler.schedule(wait=1, warmup=1, active=2, repeat=2)
    with profiler.profile(schedule=schedule, on_trace_ready=keep) as finished:
        for _ in range(10):
            module.ones(3).sin().sum().item()
            finished.step()
    with profiler.profile(schedule=schedule, on_trace_ready=keep, acc_events=True) as finished:
        for _ in range(9):
            finished.step()
    with profiler.profile(on_trace_ready=keep) as finished:
        for _ in range(3):
            finished.step()
    return [ready, finished.step_num]


@on_both
def test_ranges(module):
    """Names, counts and order of ranges, and what is no profile."""
    profiler = old_profiler_of(module)

    @profiler.record_function("inner")
    def inner():
        return module.ones(2).sum().item()

    inner()
    with profiler.profile() as kept, profiler.record_function("outer"):
        inner()
        inner()
    with profiler.profile(enabled=False) as off:
        inner()
    names = [each.name for each in kept.function_events if each.name in ("outer", "inner")]
    counts = {each.key: each.count for each in kept.key_averages()}
    return [names, counts["inner"], counts["outer"], tried(kept.__enter__), off]


def profiled(work, **options):
    profiler = profiler_of(ours)
    with profiler.profile(**options) as found:
        work()
    return found.events()


@jtorch_only
def test_a_program_is_one_event_and_is_compiled_once():
    a = ours.arange(7.0) + 0.25

    def work():
        with profiler_of(ours).record_function("step"):
            (a.sin() * a.cos() + 1).sum().item()

    first = profiled(work, with_stack=True, record_shapes=True)
    second = profiled(work)

    kinds = [(each.kind, len(each.operations)) for each in first]
    assert kinds == [("range", 0), ("compile", 5), ("program", 5)]
    assert [each.kind for each in second] == ["range", "program"]
    program = first[2]
    assert program.name == second[1].name
    assert f"{HERE}:" in program.name
    assert "5 operations" in program.name
    assert program.operations == ("sin", "cos", "mul", "add", "sum")
    assert program.input_shapes == ((7,),)
    assert all(f"{HERE}:" in line for line in program.stack)
    assert program.cpu_parent is first[0]
    assert first[0].cpu_children == first[1:]
    assert first[0].cpu_time_total >= sum(each.cpu_time_total for each in first[1:])
    assert program.cpu_memory_usage == 4


@jtorch_only
def test_what_was_recorded_before_is_not_in_it():
    before = ours.ones(5).exp()

    events = profiled(lambda: None)

    assert list(events) == []
    assert before.tolist()[0] > 2.7


@jtorch_only
def test_what_is_still_recorded_at_the_end_is_in_it():
    kept = []

    events = profiled(lambda: kept.append(ours.ones(6).exp()))

    assert [each.kind for each in events if each.kind == "program"] == ["program"]


@jtorch_only
def test_nothing_watches_afterwards():
    from jtorch._engine.watch import observers

    profiled(lambda: ours.ones(3).sin().sum().item())
    with pytest.raises(ZeroDivisionError):
        profiled(lambda: 1 / 0)

    assert observers == []


@jtorch_only
def test_table_and_trace(tmp_path):
    def work():
        with profiler_of(ours).record_function("a range"):
            ours.ones(8).sin().sum().item()

    events = profiled(work)
    averages = events.key_averages()
    text = averages.table(sort_by="cpu_time_total", row_limit=1)
    events.export_chrome_trace(tmp_path / "trace.json")
    trace = json.loads((tmp_path / "trace.json").read_text())
    handler = profiler_of(ours).tensorboard_trace_handler(str(tmp_path / "board"), use_gzip=True)
    with profiler_of(ours).profile(on_trace_ready=handler):
        work()

    assert text.splitlines()[1].split("  ")[-2].strip() == "# of Calls"
    assert len(text.splitlines()) == 7
    assert "a range" in text
    assert "every program is waited for" in text
    assert [each["name"] for each in trace["traceEvents"]] == [each.name for each in events]
    assert {each["ph"] for each in trace["traceEvents"]} == {"X"}
    assert [path.name.endswith(".pt.trace.json.gz") for path in (tmp_path / "board").iterdir()] == [
        True
    ]
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        averages.table(sort_by="nonsense")
    assert theirs.profiler.profile.step.__name__ == "step"
