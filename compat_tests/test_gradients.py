"""Gradients of every sample of every op against torch: first, second, in place, and the graph.

All forms of a sample are recorded first and read afterwards.  By default each op runs one sample or
two of a kind; `JTORCH_TEST_EXHAUSTIVE=1` runs them all.
"""

import pytest

import gradients
from compare import (
    EXHAUSTIVE,
    TOLERANCES,
    Raised,
    assert_same,
    attempt,
    differences,
    ours,
    sampled,
    theirs,
)
from gradients import comparable
from samples import FAMILIES, ROWS
from test_ops import record_all, result_shape, takes_out

# Where ties, zeros and infinities meet a kink or a branch of a formula.
CORNERED = (
    "pointwise",
    "pointwise_binary",
    "operators",
    "comparison",
    "reduction",
    "running",
    "sorting",
)


def cases(rows, count, change=None, kind="samples"):
    """(row, sample) for the samples with tensors that can require gradients."""
    chosen = []
    for row in rows:
        samples = [
            (index, sample)
            for index, sample in enumerate(getattr(row, kind))
            if gradients.inexact_specs(sample)
        ]
        if change is not None:
            samples = [(index, gradients.changed(sample, change)) for index, sample in samples]
        samples = gradients.distinct(samples)
        some = samples[:1] + sampled(samples[1:], count - 1, salt=row.name)
        chosen += [pytest.param(row, sample, id=f"{row.name}-{index}") for index, sample in some]
    return chosen


def cornered_rows():
    return [row for family in CORNERED for row in FAMILIES[family]]


# torch rounds to half precision after each step of a gradient's formula, and what it saved is
# rounded, too; jtorch rounds once.
HALF = {"float16": (1e-2, 5e-3), "bfloat16": (5e-2, 3e-2)}


def tolerance_of(row, sample):
    """The row's own tolerance, or that of the least precise dtype where there are several.

    A gradient of float64 may be computed in the float32 of the result.
    """
    dtypes = {spec.dtype for spec in gradients.inexact_specs(sample)}
    found = [HALF[each] for each in dtypes if each in HALF]
    if len(dtypes) > 1 and row.tolerance is None:
        found += [TOLERANCES[f"torch.{each}"] for each in dtypes if f"torch.{each}" in TOLERANCES]
    return max(found) if found else row.tolerance


def compare_forms(row, sample, forms, strides=False):
    """Fail with every difference between the forms, recorded and read on both modules."""
    tolerance = tolerance_of(row, sample)
    want = record_all(theirs, forms)
    got = record_all(ours, forms)
    lines = []
    for label in forms:
        left, right = comparable(got[label]), comparable(want[label])
        lines += differences(left, right, tolerance=tolerance, strides=strides, path=label)
    assert not lines, "\n".join([f"{row.name}: gradients differ from torch:", *lines])
    return want


def in_place_forms(row, sample):
    """The in-place forms of a sample that torch accepts on a plain tensor."""
    if not ("i" in row.forms and sample.has_tensor_first):
        return {}
    return {
        "in-place": (gradients.in_place, row, sample),
        "in-place on a leaf": (gradients.in_place, row, sample, True),
        "in-place on a view": (gradients.in_place_on_view, row, sample),
    }


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 2))
def test_first(row, sample):
    """Gradients after `backward`, and what the results say of themselves."""
    forms = {"call": (gradients.first, row, sample)}
    if gradients.writes_to_first(theirs, row, sample):
        forms["call on a copy"] = (gradients.mutating, row, sample)
    forms.update(in_place_forms(row, sample))
    wanted = len(gradients.inexact_specs(sample))
    if wanted > 1 and sample is row.samples[0]:
        for place in range(wanted):
            forms[f"only {place}"] = (gradients.first, row, sample, place)
    compare_forms(row, sample, forms, strides=True)


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 1, gradients.in_double))
def test_second(row, sample):
    """Gradients of gradients, in double precision."""
    compare_forms(row, sample, {"call": (gradients.second, row, sample)})


@pytest.mark.parametrize(("row", "sample"), cases(cornered_rows(), 1, gradients.with_integers))
def test_ties(row, sample):
    """First and second gradients at small integers: zeros, ties, kinks."""
    compare_forms(row, sample, {"call": (gradients.second, row, sample)})


@pytest.mark.parametrize(("row", "sample"), cases(cornered_rows(), 1, gradients.with_corners))
def test_corners(row, sample):
    """First gradients at NaN, infinities and signed zeros."""
    compare_forms(row, sample, {"call": (gradients.gradients, row, sample)})


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 2))
def test_graph(row, sample):
    """Names and edges of the whole graph; nothing is computed."""
    forms = {"call": (gradients.graph, row, sample)}
    if "i" in row.forms and sample.has_tensor_first:
        forms["in-place"] = (gradients.graph, row, sample, True)
    compare_forms(row, sample, forms)


def out_cases(count):
    """(row, sample, shape and dtype of the result) where torch has `out=` for the overload."""
    chosen = []
    for case in cases([row for row in ROWS if "o" in row.forms], count):
        row, sample = case.values
        known = result_shape(row, sample)
        if known is not None and takes_out(sample, *known, row.name):
            chosen.append(pytest.param(row, sample, known, id=case.id))
    return chosen


@pytest.mark.parametrize(("row", "sample", "known"), out_cases(1))
def test_out(row, sample, known):
    """`out=` does not take part in gradients: the refusal is torch's."""
    forms = {
        "arguments": (gradients.with_out, row, sample, *known, False),
        "out": (gradients.with_out, row, sample, *known, True),
    }
    compare_forms(row, sample, forms)


@pytest.mark.parametrize(("row", "sample"), cases(ROWS, 1, kind="errors"))
def test_error(row, sample):
    """What torch refuses is refused in the same words where gradients are required."""
    want = attempt(gradients.first, theirs, row, sample)
    assert isinstance(want, Raised), f"torch accepts this: {want}"
    assert_same(attempt(gradients.first, ours, row, sample), want)


def test_every_sample_runs_when_exhaustive():
    assert len(cases(ROWS, 2)) > 400
    if EXHAUSTIVE:
        assert len(cases(ROWS, 2)) > 2500
