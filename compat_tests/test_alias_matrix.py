"""A part of the alias matrix by default, all of it with `JTORCH_TEST_EXHAUSTIVE=1`."""

import collections

import pytest

import alias_matrix
from alias_matrix import all_cases, case_differences, cell, run_case, write_table
from alias_steps import BASES, READERS, VIEWS, WRITERS
from compare import differences, sampled, theirs

BY_DEFAULT = 600


@pytest.mark.parametrize("case", sampled(all_cases(), BY_DEFAULT, salt="alias"), ids=str)
def test_case(case):
    found = case_differences(case)
    assert not found, "\n".join([str(case), *found])


def test_the_matrix_is_large_and_complete():
    cases = all_cases()
    assert len(cases) >= 5000
    assert len(set(cases)) == len(cases)
    lengths = collections.Counter(len(case.chain) for case in cases)
    assert min(lengths[1], lengths[2], lengths[3]) >= 1000
    used = collections.Counter()
    for case in cases:
        used.update([("base", case.base), ("writer", case.writer), ("reader", case.reader)])
        used.update(("view", view) for view in case.chain)
    for kind, table in (("base", BASES), ("view", VIEWS), ("writer", WRITERS), ("reader", READERS)):
        for name in table:
            assert used[kind, name] >= 20, (kind, name)


def test_most_programs_write():
    cases = sampled(all_cases(), 300)
    clean = sum(not run_case(theirs, case)["errors"].content for case in cases)
    assert clean > 0.8 * len(cases)


@pytest.mark.parametrize("view", ["t", "x[0]", "view(-1)", "diagonal", "unbind", "detach"])
def test_a_view_that_copies_is_found_out(view, monkeypatch):
    """The matrix can fail: were this view a copy, every case through it would differ."""
    # an empty base has nothing that a write could miss
    cases = [
        case
        for case in all_cases()
        if case.chain == (view,) and case.target == "last" and case.base != "float 0x6"
    ]
    right = [run_case(theirs, case) for case in cases]
    honest = VIEWS[view]
    monkeypatch.setitem(VIEWS, view, lambda m, x: honest(m, x).clone())
    found = 0
    for case, want in zip(cases, right, strict=True):
        got = run_case(theirs, case)
        found += any(differences(got[name], want[name]) for name in want)
    assert found == len(cases)


@pytest.mark.parametrize("name", ["add_", "x[0] = 5", "x[mask] = 9", "numpy write", "+="])
def test_a_write_that_is_lost_is_found_out(name, monkeypatch):
    cases = [case for case in all_cases() if case.writer == name and case.chain][:40]
    right = [run_case(theirs, case) for case in cases]
    monkeypatch.setitem(WRITERS, name, lambda m, x: None)
    changed = 0
    for case, want in zip(cases, right, strict=True):
        got = run_case(theirs, case)
        changed += any(differences(got[key], want[key]) for key in want)
    assert changed > 0.8 * len(cases)


def test_table(tmp_path):
    cases = all_cases()[:200]
    path = tmp_path / "table.md"
    write_table(path, [(case, case.reader != "sum") for case in cases])
    text = path.read_text()
    bad = sum(case.reader == "sum" for case in cases)
    assert (
        f"200 programs, each run on jtorch and on torch {theirs.__version__}: {200 - bad} the same"
        in text
    )
    assert "**" in text
    assert cell(3, 0) == "3"
    assert cell(3, 2) == "3 / **2**"
    assert alias_matrix.cell(0, 0) == ""
