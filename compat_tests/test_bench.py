"""The benchmarks: all sides compute the same, and a result becomes tables, a chart and a page.

Two steps of every workload at a tiny size, under torch, jtorch and jax.jit. Speed is not tested.
"""

import importlib
import json
import xml.etree.ElementTree as ElementTree

import pytest
import torch as theirs

from benchmarks import (
    chart,
    child,
    command,
    document,
    figures,
    programs,
    rounds,
    sides,
    table,
    workloads,
)
from compare import SELF, ours

TINY = [
    pytest.param(name, sizes, id="-".join([name, *map(str, sizes.values())]))
    for name in workloads.WORKLOADS
    for sizes in workloads.workload(name).TINY
]
STEPS = 2


@pytest.fixture
def host(monkeypatch):
    """numpy computes: what is tested are the programs, and compiling them takes longer."""
    if not SELF:
        from jtorch._config import settings

        monkeypatch.setattr(settings, "executor", "host")


def losses_of(torch, name, sizes):
    """The losses of some steps, and what the program started from."""
    step, start = workloads.workload(name).program(torch, sides.unchanged, **sizes)
    arrays = {key: tensor.detach().numpy().copy() for key, tensor in start.items()}
    return [step() for _ in range(STEPS)], arrays


@pytest.mark.parametrize("name, sizes", TINY)
def test_all_sides_have_the_same_losses(name, sizes, host):
    wanted, start = losses_of(theirs, name, sizes)
    got, our_start = losses_of(ours, name, sizes)
    jitted = importlib.import_module(f"benchmarks.jitted.{name}").jitted(start, **sizes)
    by_hand = [jitted() for _ in range(STEPS)]

    assert our_start.keys() == start.keys()
    assert got == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    assert by_hand == pytest.approx(wanted, rel=1e-5, abs=1e-5)
    assert all(type(each) is float for each in (*wanted, *got, *by_hand))


def test_tiny_sizes_are_sizes_of_the_workloads():
    for name in workloads.WORKLOADS:
        module = workloads.workload(name)
        given = {frozenset(sizes) for sizes in (*module.CASES.values(), *module.TINY)}

        assert len(given) == 1
        assert sides.unavailable(sides.JAX, name) is None


def test_cases_are_chosen_by_words_of_their_names():
    every = [case for case, _ in command.chosen([])]

    assert len(set(every)) == len(every)
    assert [case for case, _ in command.chosen(["lenet", "tensors"])] == [
        "tutorial, tensors",
        *(f"LeNet, batch {size}" for size in (4, 32, 128)),
    ]
    assert list(command.chosen([command.RECORDING])) == []


def test_figures():
    assert figures.spread([3.0]) == {"median": 3.0, "low": 3.0, "high": 3.0}
    assert figures.spread([5.0, 1.0, 2.0, 4.0, 3.0]) == {"median": 3.0, "low": 2.0, "high": 4.0}
    # A round in which both were slow says as much as the others.
    assert figures.ratio([2.0, 20.0, 2.2], [1.0, 10.0, 1.0])["median"] == 2.0


def test_losses_that_differ_are_told():
    falling = [2.0, 1.9, 1.8, 1.7, 1.6, 1.0]

    assert figures.disagreement(falling, [each * 1.0001 for each in falling]) is None
    assert figures.disagreement(falling, falling[:-1]) == "6 losses and 5"
    assert figures.disagreement([2.0, 1.95], [2.0, 1.9]) == "loss 1 is 1.95 and 1.9"
    assert figures.disagreement([float("nan")], [2.0]) == "loss 0 is nan and 2"
    late = [*falling[:-1], 0.8]
    assert figures.disagreement(late, falling) == "the last loss is 0.8 and 1"


def test_a_case_is_measured_in_processes_of_each_side():
    plan = rounds.Plan(rounds=3, round_seconds=0.0, wholes=0, clock=child.PROCESSOR)
    sizes = {"operation": "a * b + c", "size": 4}

    found = json.loads(json.dumps(rounds.measure("tiny", "table", sizes, plan)))

    assert list(found["sides"]) == [sides.TORCH, sides.JAX, sides.JTORCH]
    assert found["disagreements"] == {}
    assert 0 <= found["others"] <= 1
    assert found["ratios"].keys() == {sides.TORCH, sides.JAX}
    for side in found["sides"].values():
        assert len(side["seconds"]) == 3
        assert side["first_step"] > 0.1
        assert 50 < side["peak_megabytes"] < 5000
        assert len(side["losses"]) == figures.EARLY + 1
    assert found["sides"][sides.JTORCH]["programs"] >= 1
    assert found["sides"][sides.JTORCH]["programs_in_rounds"] == 0


def test_a_side_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(sides, "ORDER", (sides.JTORCH,))

    found = rounds.measure("wrong", "table", {"operation": "none", "size": 4}, rounds.Plan())

    assert found["sides"] == {sides.JTORCH: {"failed": "KeyError: 'none'"}}
    assert list(table.failures([found])) == ["wrong, jtorch: failed: KeyError: 'none'"]
    assert command.in_short(found) == "wrong, jtorch: failed: KeyError: 'none'"


def side(seconds, losses=(2.0, 1.0), **more):
    return {
        "seconds": seconds,
        "losses": list(losses),
        "first_step": 1.5,
        "peak_megabytes": 300.4,
        **more,
    }


@pytest.fixture
def result():
    """A result with all that can come: failures, differing losses, whole processes."""
    good = {
        sides.TORCH: side([0.002] * 3, whole={"cold": [1.0], "warm": [1.0]}),
        sides.COMPILED: {"failed": "not available: there is no C++ compiler"},
        sides.JAX: side([0.0005] * 3, whole={"cold": [2.0], "warm": [1.5]}),
        sides.JTORCH: side(
            [0.001, 0.0012, 0.0008],
            programs=3,
            programs_in_rounds=1,
            compile_seconds=1.25,
            whole={"cold": [3.0], "warm": [0.5]},
        ),
    }
    bad = {
        sides.TORCH: side([0.001] * 3),
        sides.JAX: {"failed": "ValueError: <no>"},
        sides.JTORCH: side([0.004] * 3, losses=(2.0, 1.5), programs=1, compile_seconds=0.5),
    }
    results = [
        programs.with_ratios(
            rounds.finished(
                {"case": case, "workload": "", "sides": found, "whole_steps": 7, "others": 0.25}
            )
        )
        for case, found in (("good & fast", good), ("bad | slow", bad))
    ]
    return {
        "format": 1,
        "date": "2026-11-30 04:00 UTC",
        "processor": "A processor",
        "cores": 2,
        "memory_gigabytes": 8,
        "system": "Linux",
        "load_before": 0.1,
        "clock": "wall",
        "versions": {"torch": "2.13.0", "jax": "0.10.2"},
        "results": results,
    }


def test_tables(result):
    step, cost, whole = (rows for _, rows in table.tables(result["results"]))

    assert step == [
        ("good & fast", "2.000", "n/a", "0.500", "1.000", "0.50 (0.45-0.55)", "2.00 (1.80-2.20)", "same"),
        ("bad | slow", "1.000", "-", "FAILED", "4.000", "4.00 (4.00-4.00)", "-", "DIFFER"),
    ]  # fmt: skip
    assert cost[0] == ("good & fast", *["1.50"] * 3, *["300"] * 3, "3 (1 in rounds)", "1.25", "25")
    assert whole == [
        ("good & fast, 7 steps", "1.00", "2.00", "1.50", "3.00", "0.50", "3.00 (3.00-3.00)", "0.50 (0.50-0.50)")
    ]  # fmt: skip
    assert list(table.failures(result["results"])) == [
        "bad | slow, jax.jit: failed: ValueError: <no>",
        "bad | slow: jtorch and torch differ: loss 1 is 1.5 and 1",
    ]
    lines = table.plain(("name", "figure"), [("a", "1.00"), ("longer", "20.00")]).splitlines()
    assert lines == ["name    figure", "a         1.00", "longer   20.00"]


def test_the_report_is_printed_and_its_status_tells_failures(result, capsys):
    assert command.report(result) == 1
    assert "bad | slow, jax.jit: failed" in capsys.readouterr().out
    assert command.report({**result, "results": result["results"][:1]}) == 0
    assert capsys.readouterr().out.endswith("all sides had the same losses.\n")


def test_chart(result):
    root = ElementTree.fromstring(chart.chart(result))
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    fills = [each.get("fill") for each in root.iter("{http://www.w3.org/2000/svg}rect")]

    assert {"good & fast", "bad | slow", "0.50", "4.00"} <= set(words)
    assert any("2026-11-30" in each and "A processor, 2 cores" in each for each in words)
    assert "torch 2.13.0, jax 0.10.2" in words
    # background; a step: good with torch and jax.jit, bad with torch; a whole process: warm, cold
    assert fills == ["white", chart.FASTER, chart.OTHER, chart.SLOWER, chart.FASTER, chart.OTHER]


def test_bars_begin_at_one_and_show_equal_factors_equally_long():
    axis = chart.Axis([0.25, 4.0])

    assert axis.place(1) - axis.place(0.5) == pytest.approx(axis.place(2) - axis.place(1))
    assert axis.place(0.25) > chart.LEFT
    assert axis.place(1e9) == chart.WIDTH - chart.RIGHT
    assert axis.ticks() == [0.5, 1, 2]


def test_a_result_is_written_between_the_marks_of_the_page(result, tmp_path):
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Title\n{document.BEGIN}\nstale\n{document.END}\nThe end.\n")

    for _ in range(2):
        document.write(result, tmp_path)

    text = page.read_text()
    assert text.startswith(f"# Title\n{document.BEGIN}\n\nMeasured 2026-11-30 04:00 UTC on A proc")
    assert text.endswith(f"{document.END}\nThe end.\n")
    assert "stale" not in text
    assert text.count("| good & fast | 2.000 |") == 1
    assert "| bad \\| slow | 1.000 |" in text
    assert json.loads((tmp_path / "benchmarks.json").read_text()) == result
    assert (tmp_path / "benchmarks.svg").read_text() == chart.chart(result)
    with pytest.raises(ValueError, match="the page has no lines"):
        document.filled("# A page without marks", "content")


def test_the_page_has_the_marks():
    page = (document.FOLDER / "benchmarks.md").read_text(encoding="utf-8")

    assert page.count(document.BEGIN) == page.count(document.END) == 1
