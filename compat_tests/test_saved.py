"""What nodes save, over the samples of every op: attributes, changes in place, and a second backward."""

import pytest
import torch as theirs

import gradients
from compare import SELF, Raised, attempt, differences, ours
from samples import ROWS
from test_gradients import cases
from test_ops import record_all

if not SELF:
    from jtorch._ops.saved import SAVES, SAVES_NOTHING, Saves

FUNCTIONS = theirs._C._functions


def compare(row, forms):
    """Fail with every difference between these forms on both modules."""
    got, want = record_all(ours, forms), record_all(theirs, forms)
    options = {"tolerance": row.tolerance, "strides": False}
    lines = []
    for label in forms:
        lines += differences(got[label], want[label], path=label, **options)
    assert not lines, "\n".join([f"{row.name}: not as torch's:", *lines])


def results_of(module, row, sample, only=None):
    """(results with gradients, leaves, all tensors that the call was given)."""
    args, kwargs, leaves = gradients.started(module, sample, only)
    results = gradients.caller(module, row)(*args, **kwargs)
    given = gradients.tensors_of([*args, *kwargs.values()])
    return gradients.tensors_of(results), leaves, given


def backward_of(module, results, **options):
    outputs = [each for each in results if each.requires_grad]
    module.autograd.backward(outputs, gradients.weights_of(module, outputs), **options)


def twice(module, row, sample, only=None):
    """What a second backward through the same graph says."""
    results, leaves, _ = results_of(module, row, sample, only)
    if not any(each.requires_grad for each in results):
        return None
    first = gradients.tried(lambda: backward_of(module, results))
    if isinstance(first, Raised):
        return first
    return gradients.tried(lambda: backward_of(module, results))


def changed(module, row, sample, place, of_results):
    """What backward says after one of the tensors was changed in place."""
    results, leaves, given = results_of(module, row, sample)
    tensors = results if of_results else given
    if place >= len(tensors) or not any(each.requires_grad for each in results):
        return None
    with module.no_grad():
        written = gradients.tried(lambda: tensors[place].zero_() is None)
    if isinstance(written, Raised):
        return written
    return gradients.tried(lambda: backward_of(module, results))


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 2))
def test_twice(row, sample):
    """A second backward fails where torch's nodes have saved something, and only there."""
    wanted = len(gradients.inexact_specs(sample))
    forms = {"call": (twice, row, sample)}
    if wanted > 1:
        forms |= {f"only {place}": (twice, row, sample, place) for place in range(wanted)}
    compare(row, forms)


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 1))
def test_changed(row, sample):
    """Backward fails, in torch's words, where a saved tensor was changed, and only there."""
    forms = {f"argument {i}": (changed, row, sample, i, False) for i in range(4)}
    forms |= {f"result {i}": (changed, row, sample, i, True) for i in range(2)}
    compare(row, forms)


# Attributes


def saved_by(module, row, sample, only=None):
    """Everything that the nodes of the graph say they have saved, node by node."""
    results, leaves, _ = results_of(module, row, sample, only)
    lines = []
    for node in nodes_of([each.grad_fn for each in results if each.requires_grad]):
        names = [name for name in dir(node) if name.startswith("_saved_")]
        raw = [name for name in dir(node) if name.startswith("_raw_saved_")]
        values = {name: attempt(lambda name=name: getattr(node, name)) for name in names}
        lines.append([node.name(), raw, values])
    return lines


def nodes_of(roots):
    """The nodes below these, in the order of their edges."""
    found, waiting = [], list(roots)
    while waiting:
        node = waiting.pop(0)
        if node is not None and not any(node is each for each in found):
            found.append(node)
            waiting += [after for after, _ in node.next_functions]
    return found


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 1))
def test_attributes(row, sample):
    compare(row, {"call": (saved_by, row, sample)})


@pytest.mark.skipif(SELF, reason="about jtorch's table")
@pytest.mark.parametrize("name", [] if SELF else sorted([*SAVES, *SAVES_NOTHING]))
def test_table(name):
    """The table says of each node what torch's class says."""
    kind = getattr(FUNCTIONS, name)
    saves = Saves(SAVES.get(name, ""))
    tensors = sorted([*saves.arguments, *saves.results])
    assert saves.names == [each[7:] for each in dir(kind) if each.startswith("_saved_")]
    assert tensors == [each[11:] for each in dir(kind) if each.startswith("_raw_saved_")]
