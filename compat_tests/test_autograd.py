"""Autograd by lines of text: backward and grad, nodes, hooks, modes, writing in place, views."""

import pytest

from autograd_programs import compare_line, compare_program, lines, run_line, tried
from compare import SELF, Raised, ours, theirs


@lines("autograd_backward")
def test_backward(line):
    compare_line(line)


@lines("autograd_grad")
def test_grad(line):
    compare_line(line)


@lines("autograd_gradient_graphs")
def test_graphs_of_gradients(line):
    compare_line(line)


@lines("autograd_nodes")
def test_nodes(line):
    compare_line(line)


@lines("autograd_hooks")
def test_hooks(line):
    compare_line(line)


@lines("autograd_modes")
def test_modes(line):
    compare_line(line)


@lines("autograd_inplace")
def test_inplace(line):
    compare_line(line)


@lines("autograd_views")
def test_views(line):
    compare_line(line)


def test_a_line_that_torch_refuses_must_say_so():
    with pytest.raises(AssertionError, match="torch itself raises"):
        compare_line("torch.ones(2).backward()")
    with pytest.raises(AssertionError, match="torch raises nothing"):
        compare_line("! torch.ones(2)")
    with pytest.raises(AssertionError, match="NameError"):
        compare_line("! no_such_name")


def test_a_difference_in_the_graph_is_seen():
    if SELF:
        pytest.skip("both sides are torch")

    def program(module):
        x = module.ones(2, requires_grad=True)
        return x + x if module is ours else x * 2

    with pytest.raises(AssertionError, match="MulBackward0"):
        compare_program(program)


def test_an_exception_is_caught_with_its_class_and_text():
    record = tried(run_line, theirs, "torch.ones(2).backward()")

    assert isinstance(record, Raised)
    assert (record.name, "does not require grad" in record.text) == ("RuntimeError", True)
