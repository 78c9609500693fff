"""A process of its own for one side of one case: it makes steps when told to, and says what they took.

`python -m benchmarks.child JSON`. The action START only keeps the tensors the program starts from;
WHOLE makes a number of steps and says nothing; with STEPS, a line on standard input asks for so many
steps, and a line of JSON answers; an empty line asks for the summary. What a program prints goes to
standard error.
"""

import json
import os
import resource
import sys
import time

import numpy as np

from benchmarks import sides
from benchmarks.workloads import workload

START, WHOLE, STEPS = "start", "whole", "steps"
WALL, PROCESSOR = "wall", "processor"
CLOCKS = {WALL: time.perf_counter, PROCESSOR: time.process_time}
KILOBYTES = 1 if sys.platform != "darwin" else 1024  # what ru_maxrss counts in


def write_start(side, name, sizes, path):
    """Keep the tensors that the program starts from."""
    _, start = workload(name).program(sides.torch_module(side), sides.unchanged, **sizes)
    np.savez(path, **{key: tensor.detach().numpy() for key, tensor in start.items()})


def timed(step, finish, count, losses, clock=WALL):
    """Seconds of some steps, whose losses are noted, until all that they started is computed."""
    begin = CLOCKS[clock]()
    for _ in range(count):
        losses.append(step())
    finish()
    return CLOCKS[clock]() - begin


def compilations(side):
    """What jtorch has compiled; nothing on the other sides, which do not say."""
    return sys.modules["jtorch"].compilations() if side == sides.JTORCH else []


def summary(side, losses):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES
    result = {"peak_megabytes": peak / 1024, "losses": losses}
    if side == sides.JTORCH:
        programs = compilations(side)
        result["programs"] = len(programs)
        result["compile_seconds"] = sum(each.seconds for each in programs)
    return result


def main():
    order = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    side, name, sizes = order["side"], order["workload"], order["sizes"]
    if order["action"] == START:
        return write_start(side, name, sizes, order["path"])

    def answer(**content):
        print(json.dumps(content), file=answers, flush=True)

    step = sides.step_function(side, name, sizes, lambda: dict(np.load(order["path"])))
    finish = sides.finish_function(side)
    losses = []
    if order["action"] == WHOLE:
        return timed(step, finish, order["steps"], losses)
    losses.append(step())
    answer(first_step=time.time() - order["begun"])
    for line in sys.stdin:
        if not line.strip():
            break
        seconds = timed(step, finish, int(line), losses, order["clock"])
        answer(seconds=seconds, programs=len(compilations(side)))
    return answer(**summary(side, losses))


if __name__ == "__main__":
    main()
