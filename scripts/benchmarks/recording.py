"""Times jtorch's Python side next to PyTorch's own dispatch: recording, a step of 100 ops, the import.

Rounds of both are interleaved on this machine; figures are medians. PyTorch is optional.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time

import jtorch
from jtorch._config import settings
from jtorch._engine import realize

ROUNDS = 41
CALLS = 300


def operations(torch):
    """Small operations by name, as functions of nothing."""
    a = torch.full((4, 4), 1.5)
    b = torch.full((4, 4), 0.5)
    c = torch.full((4, 4), 0.5)
    p = torch.full((4, 4), 0.5, requires_grad=True)
    return {
        "a + b": lambda: a + b,
        "a * 1.5": lambda: a * 1.5,
        "a.exp()": lambda: a.exp(),
        "a < b": lambda: a < b,
        "torch.add(a, b, alpha=0.5)": lambda: torch.add(a, b, alpha=0.5),
        "c.add_(b)": lambda: c.add_(b),
        "c.mul_(0.5)": lambda: c.mul_(0.5),
        "a[0]": lambda: a[0],
        "a[1:3]": lambda: a[1:3],
        "a.t()": lambda: a.t(),
        "a.view(2, 8)": lambda: a.view(2, 8),
        "a.sum()": lambda: a.sum(),
        "a.sum(1)": lambda: a.sum(1),
        "a @ b": lambda: a @ b,
        "torch.cat((a, b))": lambda: torch.cat((a, b)),
        "torch.zeros(4, 4)": lambda: torch.zeros(4, 4),
        "p * b, p requires grad": lambda: p * b,
        "p.sin(), p requires grad": lambda: p.sin(),
        "p.view(16), p requires grad": lambda: p.view(16),
    }


def step(torch):
    x = torch.full((8, 8), 1.0)
    y = torch.full((8, 8), 0.5)

    def run():
        z = x
        for _ in range(50):
            z = z * 0.5
            z = z + y
        return z

    return run


def backward(torch):
    """A function that makes a graph of 150 operations, and one that goes back through it."""
    p = torch.full((8, 8), 0.5, requires_grad=True)
    y = torch.full((8, 8), 0.5)

    def forward():
        z = p
        for _ in range(50):
            z = (z * y).sin() + p
        return z.sum()

    def both():
        forward().backward()
        p.grad = None

    return forward, both


def training_step(torch):
    """One step of a perceptron with one hidden layer, its loss and its update written out."""
    torch.manual_seed(0)
    data, target = torch.randn(64, 784), torch.randint(0, 10, (64, 1))
    shapes = (784, 256), (256,), (256, 10), (10,)
    weights = [torch.randn(shape).mul_(0.05).requires_grad_() for shape in shapes]

    def run():
        hidden = (data @ weights[0] + weights[1]).relu()
        logits = hidden @ weights[2] + weights[3]
        loss = (logits.logsumexp(1, keepdim=True) - logits.gather(1, target)).mean()
        loss.backward()
        with torch.no_grad():
            for each in weights:
                each -= 0.1 * each.grad
                each.grad = None
        return loss.item()

    return run


def microseconds(function, calls):
    begin = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - begin) / calls * 1e6


def interleaved(ours, theirs, calls, after):
    """Medians of both; `after` runs outside the clock, so that what was recorded does not pile up."""
    timings = ([], [])
    for _ in range(ROUNDS):
        timings[0].append(microseconds(ours, calls))
        after()
        if theirs is not None:
            timings[1].append(microseconds(theirs, calls))
    return [statistics.median(each) if each else None for each in timings]


def row(name, ours, theirs):
    ratio = "" if theirs is None else f"{theirs:10.2f} {ours / theirs:8.2f}"
    print(f"{name:<32} {ours:10.2f} {ratio}")


def import_seconds(statement):
    """Median of seven processes, after one that leaves compiled modules behind as an install does."""
    code = f"import time, jax; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        seconds = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code],
                    capture_output=True,
                    text=True,
                    check=True,
                    env=environment,
                ).stdout
            )
            for _ in range(8)
        ]
    return statistics.median(seconds[1:])


def main():
    torch = None
    if importlib.util.find_spec("torch"):
        import torch

        torch.set_num_threads(1)
    settings.trace_limit = 100_000
    ours = operations(jtorch)
    theirs = operations(torch) if torch else {}
    print(f"{'microseconds, median':<32} {'jtorch':>10} {'torch':>10} {'ratio':>8}")
    for name, function in ours.items():
        if len(realize.traces_of_this_thread()):
            realize.run_all()
        function()
        row(name, *interleaved(function, theirs.get(name), CALLS, drop_recorded))
    ours_step, theirs_step = step(jtorch), torch and step(torch)

    def whole():
        result = ours_step()
        realize.run_all()
        return result

    for _ in range(3):
        whole()
    row("100 ops, recorded and started", *interleaved(whole, theirs_step, 5, realize.run_all))
    forwards = backward(jtorch), torch and backward(torch)
    for place, name in enumerate(
        ("graph of 150 ops, recorded", "the same, and backward through it")
    ):
        pair = [each and each[place] for each in forwards]
        row(name, *interleaved(*pair, 5, realize.run_all))
    trainings = training_step(jtorch), torch and training_step(torch)
    for each in trainings:
        for _ in range(3 if each else 0):
            each()
    row("a training step, 784-256-10 x 64", *interleaved(*trainings, 5, realize.run_all))
    print(f"import jtorch after jax: {import_seconds('import jtorch') * 1e3:.0f} ms")


def drop_recorded():
    """Forget what was recorded: running 300 copies of it would measure XLA, not recording."""
    for trace in realize.traces_of_this_thread():
        for node in trace.nodes:
            node.inputs = ()
        trace.nodes.clear()


if __name__ == "__main__":
    main()
