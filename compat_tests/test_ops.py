"""Every sample of every op, in each of its forms, against torch.

All forms of one sample are recorded first and read afterwards, so a lazy engine can run them as one
program.  By default each op runs some of its samples, the same ones each time;
`JTORCH_TEST_EXHAUSTIVE=1` runs them all.
"""

import operator
import warnings

import numpy as np
import pytest

from compare import (
    EXHAUSTIVE,
    Named,
    Raised,
    assert_same,
    attempt,
    differences,
    freeze,
    ours,
    raised,
    sampled,
    theirs,
)
from samples import ROWS
from samples.spec import find

SAMPLES_PER_ROW = 4
ERRORS_PER_ROW = 2
# A dtype that a result can not be stored in: every cast into it is refused, but from bool.
NARROW = "bool"


def function(module, name):
    """The function of this name: of the module, or of Python's operator module."""
    if name.startswith("operator."):
        return getattr(operator, name.removeprefix("operator."))
    return find(module, name)


def cases(kind, count):
    """(row, sample) for each sample of this kind, as pytest parameters."""
    chosen = []
    for row in ROWS:
        samples = list(enumerate(getattr(row, kind)))
        # The first sample is the plain one and always runs; the others take turns.
        some = samples[:1] + sampled(samples[1:], count - 1, salt=row.name)
        chosen += [pytest.param(row, sample, id=f"{row.name}-{index}") for index, sample in some]
    return chosen


def result_shape(row, sample):
    """(shape, dtype name) of torch's result, or None where it is not one tensor."""
    args, kwargs, _ = sample.build(theirs)
    result = attempt(lambda: function(theirs, row.name)(*args, **kwargs))
    if isinstance(result, (Named, Raised)):
        return None
    return result.shape, result.dtype.removeprefix("torch.")


def as_function(module, name, sample):
    args, kwargs, built = sample.build(module)
    result = function(module, name)(*args, **kwargs)
    return [result, built, [tensor._version for tensor, _ in built]]


def as_method(module, name, sample):
    args, kwargs, built = sample.build(module)
    return [getattr(args[0], name)(*args[1:], **kwargs), built]


def in_place(module, name, sample):
    """The in-place method: its result is the tensor itself, same memory, version bumped."""
    args, kwargs, built = sample.build(module)
    target, base = built[0]
    before = target.data_ptr(), target._version
    result = getattr(target, name)(*args[1:], **kwargs)
    facts = [
        result is target,
        target.data_ptr() == before[0],
        target._version - before[1],
        base._version,
    ]
    return [result, base, facts]


def with_out(module, name, sample, shape, dtype, steps=None):
    """`out=` into a tensor of this shape and dtype, which may be seen through view steps."""
    args, kwargs, _ = sample.build(module)
    out = base = module.zeros(shape, dtype=getattr(module, dtype))
    if steps is not None:
        out = steps(base)
    result = function(module, name)(*args, **kwargs, out=out)
    return [result, base, result is out]


def every_other(base):
    """All rows of a tensor but each second one."""
    return base[::2]


def takes_out(sample, shape, dtype, name):
    """Whether torch has `out=` for this overload; its argument parser says TypeError if not."""
    result = attempt(with_out, theirs, name, sample, shape, dtype)
    return not (isinstance(result, Raised) and result.builtin == "TypeError")


def out_forms(row, sample, first):
    """The `out=` calls of a sample: exact, and for the first sample empty, strided and narrow."""
    known = result_shape(row, sample)
    if known is None:
        return {}
    shape, dtype = known
    if not takes_out(sample, shape, dtype, row.name):
        return {}
    forms = {"out": (with_out, row.name, sample, shape, dtype)}
    if first:
        forms["out empty"] = (with_out, row.name, sample, (0,), dtype)
        if dtype != NARROW:
            forms["out narrow"] = (with_out, row.name, sample, shape, NARROW)
        if shape:
            twice = (2 * shape[0], *shape[1:])
            forms["out strided"] = (with_out, row.name, sample, twice, dtype, every_other)
    return forms


def forms_of(row, sample, first):
    """Each form of a sample: its label, and the call with what it needs besides the module."""
    forms = {}
    if "f" in row.forms:
        forms["function"] = (as_function, row.name, sample)
    if sample.has_tensor_first:
        if "m" in row.forms:
            forms["method"] = (as_method, row.method, sample)
        if "i" in row.forms:
            forms["in-place"] = (in_place, row.inplace_method, sample)
    # what was learned from the first call serves the second one
    forms.update({f"{label} again": call for label, call in forms.items()})
    if "o" in row.forms:
        forms.update(out_forms(row, sample, first))
    if first:
        for alias in row.aliases:
            if "f" in row.forms:
                forms[f"alias {alias}"] = (as_function, alias, sample)
            if hasattr(theirs.Tensor, alias) and sample.has_tensor_first:
                forms[f"alias method {alias}"] = (as_method, alias, sample)
            if hasattr(theirs.Tensor, f"{alias}_") and "i" in row.forms:
                forms[f"alias in-place {alias}_"] = (in_place, f"{alias}_", sample)
    return forms


def record_all(module, forms):
    """Every form called, in order, before anything is read; then every result frozen."""
    recorded = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for label, (call, *rest) in forms.items():
            try:
                recorded[label] = call(module, *rest)
            except Exception as error:
                recorded[label] = raised(error)
    return {label: attempt(lambda value=value: value) for label, value in recorded.items()}


def in_canonical_form(row, record):
    """The record with the op's result replaced by what is defined about it."""
    if row.canonical is None or isinstance(record, Raised):
        return record
    result = record.content[0]
    parts = result.content if isinstance(result, Named) else [result]
    defined = row.canonical([part.values for part in parts])
    shapes = [(part.shape, part.dtype) for part in parts]
    return [freeze(result.kind if isinstance(result, Named) else ""), freeze(shapes), defined]


def row_differences(row, label, got, want):
    """Differences between one form's records, with the row's own tolerance and canonical form."""
    if row.canonical is None or isinstance(want, Raised) or isinstance(got, Raised):
        return differences(got, want, tolerance=row.tolerance, path=label)
    left, right = in_canonical_form(row, got), in_canonical_form(row, want)
    lines = [
        line
        for a, b in zip(left[:2], right[:2], strict=True)
        for line in differences(a, b, path=label)
    ]
    for number, (mine, other) in enumerate(zip(left[2], right[2], strict=True)):
        limits = row.tolerance or (1e-4, 1e-4)
        lines += defined_differences(mine, other, limits, f"{label}[{number}]")
    return lines


def defined_differences(got, want, limits, path):
    if got.shape != want.shape:
        return [f"{path}: got shape {got.shape}, torch gives {want.shape}"]
    if not np.allclose(got, want, rtol=limits[0], atol=limits[1], equal_nan=True):
        return [f"{path}: got {got.tolist()}, torch gives {want.tolist()}"]
    return []


@pytest.mark.parametrize(("row", "sample"), cases("samples", SAMPLES_PER_ROW))
def test_sample(row, sample):
    forms = forms_of(row, sample, first=sample is row.samples[0])
    want = record_all(theirs, forms)
    refused = next(iter(want.values()))
    assert not isinstance(refused, Raised), f"a sample that torch refuses: {refused}"
    got = record_all(ours, forms)
    lines = [
        line for label in forms for line in row_differences(row, label, got[label], want[label])
    ]
    assert not lines, "\n".join([f"{row.name} differs from torch:", *lines])


@pytest.mark.parametrize(("row", "sample"), cases("errors", ERRORS_PER_ROW))
def test_error(row, sample):
    call = as_function if "f" in row.forms else as_method
    want = attempt(call, theirs, row.name, sample)
    assert isinstance(want, Raised), f"torch accepts this: {want}"
    assert_same(attempt(call, ours, row.name, sample), want)


def test_each_op_has_one_row():
    names = [row.name for row in ROWS]
    assert sorted(set(names)) == sorted(names)


def test_names_are_torch_names():
    for row in ROWS:
        name = row.name if "f" in row.forms else f"Tensor.{row.name}"
        assert callable(function(theirs, name)), name
        for alias in row.aliases:
            alias = alias if "f" in row.forms else f"Tensor.{alias}"
            assert callable(function(theirs, alias)), alias


def test_every_sample_runs_when_exhaustive():
    total = sum(len(row.samples) for row in ROWS)
    assert total > 3000
    if EXHAUSTIVE:
        assert len(cases("samples", SAMPLES_PER_ROW)) == total
