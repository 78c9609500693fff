"""Buffers and memory: what a program may overwrite, and with what; what is given to JAX, and given back."""

import functools
import re

import jax
import numpy as np
import pytest

import jtorch
from jtorch._config import settings
from jtorch._engine import memory, realize


@pytest.fixture(autouse=True)
def _empty_trace():
    realize.run_all()


def made(since):
    """The compilations after the first `since`."""
    return list(jtorch.compilations())[since:]


def count():
    return len(jtorch.compilations())


def fresh(*shape):
    """A tensor whose first element is 0; a shape of its own keeps a test's programs apart."""
    return jtorch.full(shape, 0.0)


def test_big_buffers_that_nobody_else_can_see_are_donated_from_the_first_program_on(monkeypatch):
    monkeypatch.setattr(settings, "donate_bytes", 64)
    x = fresh(14, 7)
    before = count()
    for _ in range(3):
        x.add_(1.5)
        realize.run_all()
    (compilation,) = made(before)
    assert compilation.program.donated == [0]
    assert x.tolist()[0][0] == 4.5


def test_a_buffer_somebody_sees_is_not_donated(monkeypatch):
    monkeypatch.setattr(settings, "donate_bytes", 64)
    x = fresh(15, 7)
    x.add_(1.5)
    copy = x.clone()
    x.tolist()
    x.add_(1.5)
    realize.run_all()
    assert copy.tolist()[0][0] == 1.5
    assert x.tolist()[0][0] == 3.0


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "by hand"])
def test_results_take_over_the_buffers_of_what_they_update(monkeypatch, optimizer):
    """As JAX pairs results with donated arguments, also where gradients of the same shapes are kept."""
    monkeypatch.setattr(settings, "donate_bytes", 64)
    weights = [fresh(18, 7).requires_grad_() for _ in range(3)]
    momenta = [jtorch.ones(18, 7) for _ in weights]

    def by_hand():
        with jtorch.no_grad():
            for weight, momentum in zip(weights, momenta, strict=True):
                momentum.mul_(0.5).add_(weight.grad)
                weight.sub_(momentum, alpha=0.25)

    if optimizer == "by hand":
        update = by_hand
    else:
        momentum = {"momentum": 0.5} if optimizer == "SGD" else {}
        update = getattr(jtorch.optim, optimizer)(weights, lr=0.25, **momentum).step
    before = count()
    for _ in range(4):
        for each in weights:
            each.grad = None
        functools.reduce(jtorch.mul, weights).sum().backward()
        update()
        realize.run_all()
    program = made(before)[-1].program
    assert len(program.donated) == {"SGD": 6, "Adam": 9, "by hand": 6}[optimizer]
    text = program.traced().lower().as_text()
    arguments = re.findall(r"%arg(\d+): [^%]*?tf.aliasing_output = (\d+)", text)
    numbers = sum(1 for each in program.number_counts if each)
    assert len(arguments) == len(program.donated)
    for argument, result in arguments:
        leaf = numbers - 1 - int(argument)  # a reference to it
        assert leaf in _lineage(program.steps, program.returned[int(result)])


def _lineage(steps, index):
    """Leaves that an operation takes, or the one whose result it goes on with or picks from."""
    _, references = steps[index]
    first = next(each for each in references if each.__class__ is int)
    return {*references, *(steps[first][1] if first >= 0 else ())}


def test_what_comes_again_is_given_to_jax_once():
    """A constant of a loop; a batch that is new each time is not."""
    x = jtorch.tensor([0.5] * 71)
    with_xla, settings.executor = settings.executor, "xla"
    try:
        for _ in range(3):
            batch = jtorch.tensor([1.5] * 71)
            assert (x * batch).tolist() == [0.75] * 71
            assert isinstance(batch._storage.value.value, np.ndarray)
    finally:
        settings.executor = with_xla
    assert isinstance(x._storage.value.value, jax.Array)


@pytest.mark.parametrize("operations", [10, 100])
def test_free_memory_is_given_back_around_a_big_compilation_and_at_no_other_time(
    monkeypatch, operations
):
    calls = []
    monkeypatch.setattr(memory, "_trim", calls.append)
    x = fresh(3, 19)
    for _ in range(3):
        y = x
        for _ in range(operations):
            y = y * 1.25
        y.tolist()
    assert calls == ([0, 0] if operations > 64 else [])
