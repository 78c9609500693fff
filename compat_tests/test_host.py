"""The host executor: every row of the op table evaluated with numpy, and forked processes."""

import os

import numpy as np
import pytest
from jax import lax

import gradients
import processes
import test_gradients
from compare import assert_same, attempt, differences, ours, theirs
from jtorch._config import settings
from jtorch._engine import realize
from jtorch._engine.host.plans import plan_of_kernel
from jtorch._engine.node import Aval, Kernel
from samples import ROWS
from test_ops import (
    ERRORS_PER_ROW,
    SAMPLES_PER_ROW,
    as_function,
    as_method,
    cases,
    forms_of,
    record_all,
    row_differences,
)


@pytest.fixture
def on_host():
    before, settings.executor = settings.executor, "host"
    yield
    settings.executor = before


@pytest.mark.usefixtures("on_host")
@pytest.mark.parametrize(("row", "sample"), cases("samples", max(1, SAMPLES_PER_ROW // 2)))
def test_sample(row, sample):
    forms = forms_of(row, sample, first=False)
    want, got = record_all(theirs, forms), record_all(ours, forms)
    lines = [
        line for label in forms for line in row_differences(row, label, got[label], want[label])
    ]
    assert not lines, "\n".join([f"{row.name} differs from torch:", *lines])


@pytest.mark.usefixtures("on_host")
@pytest.mark.parametrize(("row", "sample"), cases("errors", ERRORS_PER_ROW // 2))
def test_error(row, sample):
    call = as_function if "f" in row.forms else as_method
    assert_same(attempt(call, ours, row.name, sample), attempt(call, theirs, row.name, sample))


@pytest.mark.usefixtures("on_host")
def test_gathers_of_nothing():
    for module in (theirs, ours):
        loss = module.nn.functional.multi_margin_loss
        none = loss(module.zeros(0, 3), module.zeros(0, dtype=module.long), reduction="none")
        assert none.tolist() == []


def some_gradients():
    chosen = test_gradients.cases(ROWS, 1)
    return [each for each in chosen if each.values[0].canonical is None][::3]


@pytest.mark.parametrize(("row", "sample"), some_gradients())
def test_gradient_is_that_of_xla(row, sample):
    forms = {"first": (gradients.first, row, sample)}
    want = record_all(ours, forms)
    before, settings.executor = settings.executor, "host"
    try:
        got = record_all(ours, forms)
    finally:
        settings.executor = before
    lines = differences(got["first"], want["first"], tolerance=row.tolerance)
    assert not lines, "\n".join([f"{row.name}: the gradient differs from XLA's:", *lines])


@pytest.fixture
def automatic():
    before, settings.executor = settings.executor, "auto"
    yield
    settings.executor = before


def programs_made(call):
    before = len(ours.compilations())
    call()
    return len(ours.compilations()) - before


@pytest.mark.usefixtures("automatic")
def test_a_loop_begins_with_numpy_and_is_compiled_once():
    state = [ours.tensor(np.ones((3, 11), np.float32))]
    realize.run_all()  # what other tests have left

    def turn():
        state[0] = (state[0] * 1.5).tanh() + 0.25
        state[0].sum().item()

    made = [programs_made(turn) for _ in range(100)]
    assert (sum(made), made[0], made.index(1)) == (1, 0, 32)
    expected = np.ones((3, 11), np.float32)
    for _ in range(100):
        expected = np.tanh(expected * np.float32(1.5)) + np.float32(0.25)
    np.testing.assert_allclose(state[0].numpy(), expected, rtol=1e-6)


@pytest.mark.usefixtures("automatic")
def test_where_bits_are_compared_nothing_changes_hands():
    x = ours.linspace(-2, 2, 37)
    realize.run_all()

    def turn():
        ((x * 1.25).sin().exp() / 3).sum().item()

    with realize.one_executor():
        assert [programs_made(turn) for _ in range(50)] == [0] * 50
    leaf = ours.rand(7, dtype=ours.float64).requires_grad_()
    assert all(ours.autograd.gradcheck(lambda a: a.softmax(0), leaf) for _ in range(5))


@pytest.mark.usefixtures("automatic")
def test_what_is_dear_with_numpy_is_compiled_at_once():
    """A running sum is a loop of Python there."""
    x = ours.ones(300_011)

    assert programs_made(lambda: x.cumsum(0).sum().item()) == 1


@pytest.mark.usefixtures("automatic")
def test_errors_of_data_are_raised_by_the_read():
    x, y = ours.arange(4.0), ours.arange(3.0)
    fine, wrong = x * 2.5, y[(x * 3).long()]

    with pytest.raises(IndexError, match="index 3 is out of bounds"):
        wrong.tolist()
    assert fine.tolist() == [0.0, 2.5, 5.0, 7.5]


@pytest.mark.usefixtures("on_host")
@pytest.mark.parametrize("shape", [(2, 2), (0, 0), (2, 0, 0), (0, 3, 3)])
def test_singular_and_empty_matrices_are_torchs_business(shape, capfd):
    """scipy warns of the former, and LAPACK prints of the latter."""
    calls = [lambda module: module.linalg.inv(module.zeros(shape)).tolist()]
    calls += [lambda module: module.linalg.lu(module.zeros(shape))[2].tolist()]
    for call in calls:
        assert_same(attempt(call, ours), attempt(call, theirs))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("on_host")
def test_what_fails_later_does_not_hide_an_error_of_data():
    x = ours.arange(4.0)
    outside = ours.arange(3.0)[(x * 3).long()]
    node = realize.record(_unknown(outside._meta.aval), (outside._storage.value,), outside.device)

    with pytest.raises(RuntimeError, match="`rng_uniform` without XLA"):
        realize.array_of(node)
    with pytest.raises(IndexError, match="index 3 is out of bounds"):
        outside.tolist()


def _unknown(aval):
    """A kernel with a primitive that the host has no rule for."""
    return Kernel("odd", lambda x: x + lax.rng_uniform(0.0, 1.0, aval.shape), (aval,), aval)


def test_a_primitive_without_a_rule_is_named():
    with pytest.raises(NotImplementedError, match="`rng_uniform` without XLA"):
        plan_of_kernel(_unknown(Aval((3,), np.dtype(np.float64))))


FORKING = """
import os, sys, torch

x = torch.arange(6.).reshape(2, 3)
running = torch.ones(900, 900) @ torch.ones(900, 900)
pending = (running @ running)[0, 0] + 1

def work():
    w = torch.ones(3, requires_grad=True)
    ((x * w).softmax(1)[:, 0]).sum().backward()
    print(pending, w.grad, torch.stack([x, x]).mean((0, 2)))
    torch.manual_seed(3)
    print(torch.nn.Linear(3, 2)(x), torch.randperm(5), torch.rand(2).bernoulli())
    try:
        print(x[torch.tensor([1, 7])])
    except IndexError as error:
        print(error, flush=True)

for turn in range(3):
    child = os.fork()
    if not child:
        work()
        os._exit(turn)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == turn
work()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_forked_processes_compute_what_their_parent_does(tmp_path):
    """What was pending, what XLA was computing, gradients, errors, random numbers, modules."""
    path = tmp_path / "forking.py"
    path.write_text(FORKING, encoding="utf-8")

    done = processes.jtorch(path, folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    quarter = len(lines) // 4
    assert quarter == 4
    assert lines == lines[:quarter] * 4
