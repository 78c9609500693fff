"""Measures one case: a process for each side, whose rounds take turns."""

import dataclasses
import os
import tempfile

from benchmarks import child, figures, machine, processes, programs, sides
from benchmarks.workloads import workload

# Before the clock counts: jtorch has compiled what comes again after 32 turns at most, and what
# takes it long much sooner.
WARM_STEPS = 40
WARM_SECONDS = 120
FEWEST_WARM_STEPS = 8
WARM_AT_ONCE = 4


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int = 21
    round_seconds: float = 0.1
    wholes: int = 3  # processes for each side and temperature
    programs: int = 7  # the same, of the tutorial's chapters
    compiled: bool = False
    clock: str = child.WALL

    @property
    def sides(self):
        return [side for side in sides.ORDER if self.compiled or side != sides.COMPILED]


QUICK = {"rounds": 7, "round_seconds": 0.05, "wholes": 0, "programs": 1}


@dataclasses.dataclass(frozen=True)
class Case:
    """A workload at one size, and a folder for what its processes leave."""

    name: str
    sizes: dict
    folder: str

    def path(self, *parts):
        return os.path.join(self.folder, "-".join(map(str, parts)))

    @property
    def start(self):
        return self.path("start.npz")


def measure(case, name, sizes, plan):
    """The result of one case, as plain data for JSON."""
    result = {"case": case, "workload": name, "sides": {}}
    whole_steps = workload(name).WHOLE
    others = machine.Others()
    children = {}
    with tempfile.TemporaryDirectory() as folder:
        case = Case(name, sizes, folder)
        try:
            for side in plan.sides:
                _try(result, side, _begin, case, plan.clock, children)
            _take_turns(result, children, plan)
        finally:
            for child in children.values():
                child.end()
        if whole_steps and plan.wholes:
            result["whole_steps"] = whole_steps
            for found in result["sides"].values():
                if "failed" not in found:
                    found["whole"] = {programs.COLD: [], programs.WARM: []}
            for turn in range(plan.wholes):
                _wholes(result, case, whole_steps, turn)
    result["others"] = others.share()
    return programs.with_ratios(finished(result))


def _try(result, side, function, *arguments):
    """What `function(side, ...)` gives; where the side fails, it is noted and out of the race."""
    try:
        return function(side, *arguments)
    except processes.Failed as failure:
        result["sides"].setdefault(side, {})["failed"] = str(failure)
        return None


def _begin(side, case, clock, children):
    reason = sides.unavailable(side, case.name)
    if reason:
        raise processes.Failed(f"not available: {reason}")
    if side == sides.JAX:
        processes.write_start(case.name, case.sizes, case.start)
    more = {"path": case.start, "clock": clock}
    order = processes.order(side, case.name, case.sizes, child.STEPS, **more)
    children[side] = processes.Child(order, case.path("steady", side))
    children[side].begin()


def _take_turns(result, children, plan):
    """Rounds of all that are ready; a side that fails on the way is left out from there on."""
    timings = {side: [] for side in children}
    running = [side for side in children if "failed" not in result["sides"].get(side, {})]

    def turn(count, kept):
        for side in list(running):
            seconds = _try(result, side, lambda side: children[side].steps(count))
            if seconds is None:
                running.remove(side)
            elif kept:
                timings[side].append(seconds / count)

    spent = warm = 0
    while warm < WARM_STEPS and (warm < FEWEST_WARM_STEPS or spent < WARM_SECONDS):
        turn(WARM_AT_ONCE, kept=True)
        warm += WARM_AT_ONCE
        spent += (
            sum(timings[side][-1] for side in running[-1:]) * WARM_AT_ONCE
        )  # jtorch is the last
    if not running:
        return
    known = {side: children[side].programs for side in running}
    count = max(1, round(plan.round_seconds / timings[running[0]][-1]))
    for each in timings.values():
        each.clear()
    result["steps_of_a_round"] = count
    for _ in range(plan.rounds):
        turn(count, kept=True)
    for side in list(running):
        summary = _try(result, side, lambda side: children[side].summary())
        if summary is not None:
            found = {"seconds": timings[side], "first_step": children[side].first_step, **summary}
            if side == sides.JTORCH:
                found["programs_in_rounds"] = found["programs"] - known[side]
            result["sides"][side] = found


def _wholes(result, case, steps, turn):
    """Whole processes of each side in turn, without and with what the first one had compiled."""
    for temperature in (programs.COLD, programs.WARM):
        for side, found in result["sides"].items():
            if "whole" in found and "failed" not in found:
                done = _try(result, side, _whole, case, steps, turn)
                if done is not None:
                    found["whole"][temperature].append(done[0])


def _whole(side, case, steps, turn):
    more = {"steps": steps, "path": case.start}
    order = processes.order(side, case.name, case.sizes, child.WHOLE, **more)
    return processes.whole(processes.command(order), case.path(turn, side))


def finished(result):
    """The result with medians, ratios of jtorch to the others, and what their losses say."""
    found = result["sides"]
    for each in found.values():
        if "seconds" in each:
            each["step"] = figures.spread(each["seconds"])
    ours = found.get(sides.JTORCH, {})
    result["ratios"] = {}
    result["disagreements"] = {}
    for side, each in found.items():
        if side == sides.JTORCH or "seconds" not in each or "seconds" not in ours:
            continue
        result["ratios"][side] = figures.ratio(ours["seconds"], each["seconds"])
        words = figures.disagreement(ours["losses"], each["losses"])
        if words:
            result["disagreements"][side] = words
    for each in found.values():
        if "losses" in each:
            each["losses"] = [*each["losses"][: figures.EARLY], each["losses"][-1]]
    return result
