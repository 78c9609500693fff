"""Whole programs as a user starts them: chapters of the tutorial, under PyTorch and under jtorch."""

import os
import sys
import tempfile

from benchmarks import figures, machine, processes, sides

FOLDER = machine.ROOT / "compat_tests" / "tutorials"
CASES = {
    "tutorial, tensors": "01_tensors.py",
    "tutorial, autograd": "02_autograd.py",
    "tutorial, neural networks": "03_neural_networks.py",
}
COLD, WARM = "cold", "warm"  # whether an earlier run has left compiled programs


def measure(case, file, plan):
    """The result of one program, as plain data for JSON."""
    path = str(FOLDER / file)
    commands = {
        sides.TORCH: [sys.executable, path],
        sides.JTORCH: [sys.executable, "-m", "jtorch", path],
    }
    if sides.unavailable(sides.TORCH, case):
        del commands[sides.TORCH]
    others = machine.Others()
    found = {side: {"whole": {COLD: [], WARM: []}} for side in commands}
    printed = {}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(plan.programs):
            for temperature in (COLD, WARM):
                for side, arguments in commands.items():
                    if "failed" in found[side]:
                        continue
                    try:
                        cache = os.path.join(folder, f"{turn}-{side}")
                        seconds, text = processes.whole(arguments, cache, folder)
                    except processes.Failed as failure:
                        found[side]["failed"] = str(failure)
                        continue
                    found[side]["whole"][temperature].append(seconds)
                    printed.setdefault(side, text)
    result = {"case": case, "workload": "tutorials", "sides": found, "disagreements": {}}
    result["others"] = others.share()
    if len(set(printed.values())) > 1:
        result["disagreements"][sides.TORCH] = "they print different texts"
    return with_ratios(result)


def with_ratios(result):
    """Adds the ratios of whole processes, jtorch / torch, where both were measured."""
    found = result["sides"]
    ours, theirs = (found.get(side, {}).get("whole") for side in (sides.JTORCH, sides.TORCH))
    if ours and theirs:
        result["whole_ratios"] = {
            temperature: figures.ratio(ours[temperature], theirs[temperature])
            for temperature in (COLD, WARM)
            if ours[temperature] and len(ours[temperature]) == len(theirs[temperature])
        }
    return result
