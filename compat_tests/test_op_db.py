"""torch's own samples of its operations (op_db), aspect by aspect; `op_db_suite.py` is the machine.

By default each entry runs one sample, of a dtype that goes round with the entries, with numpy, all
aspects but for some second gradients, and few entries run with XLA.
`JTORCH_TEST_EXHAUSTIVE=1` runs every sample of every dtype (hours).
"""

import fnmatch
import functools
import warnings

import pytest

import op_db_suite
from compare import EXHAUSTIVE, SELF
from jtorch._config import settings
from op_db_aspects import ASPECTS
from op_db_differences import Differences, as_ranges, ranges

ENTRIES = op_db_suite.entries()
LISTED = Differences.load()
TURNS = op_db_suite.Turns()
# Entries that run with XLA, too: each so many-th.
EACH_BY_XLA = 60
# Second derivatives take as long as all else, so each so many-th entry has them by default.
EACH_TWICE_DIFFERENTIATED = 6
# Aspects of a sample by XLA; the others are about what is called and not about what is computed.
COMPUTED = ("forward", "gradient")


def wrong(name, entry, aspects, dtypes):
    """Where samples and the list of differences do not agree, a line each."""
    trial = op_db_suite.Trial(entry)
    lines = []
    places = range if EXHAUSTIVE else functools.partial(TURNS.samples, name)

    def judge(dtype, aspect, number, found):
        for _, kind in LISTED.surprises(name, dtype, aspect, {number: bool(found)}):
            lines.extend([f"{name} {dtype} {aspect} {number} {kind}", *found])

    for dtype in dtypes:
        samples = op_db_suite.samples_of(entry, dtype)
        for number in places(len(samples)):
            for aspect, found in trial.sample(samples[number], dtype, aspects):
                judge(dtype, aspect, number, found)
    if "errors" in aspects:
        samples = trial.errors()
        for number in places(len(samples)):
            judge("any", "errors", number, trial.aspect("errors", samples[number]))
    return lines


@pytest.fixture
def host():
    """Everything with numpy; that rules of shapes are what JAX infers is tested elsewhere."""
    before = settings.executor, settings.check_rules
    settings.executor, settings.check_rules = "host", False
    yield
    settings.executor, settings.check_rules = before


@pytest.mark.skipif(SELF, reason="torch has no other executor")
@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("name", TURNS.names)
def test_with_numpy(name):
    entry = ENTRIES[name]
    dtypes = op_db_suite.dtypes_of(entry) if EXHAUSTIVE else TURNS.dtypes(name, entry)
    aspects = list(ASPECTS)
    if not EXHAUSTIVE and TURNS.places[name] % EACH_TWICE_DIFFERENTIATED != 1:
        aspects.remove("second gradient")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines = wrong(name, entry, aspects, dtypes)

    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("name", TURNS.names[::EACH_BY_XLA])
def test_with_xla(name):
    entry = ENTRIES[name]
    dtypes = op_db_suite.dtypes_of(entry)[:1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines = wrong(name, entry, COMPUTED, dtypes)

    assert not lines, "\n".join(lines)


@pytest.mark.skipif(not EXHAUSTIVE, reason="reference inputs are many")
@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("name", TURNS.names if EXHAUSTIVE else TURNS.names[:1])
def test_reference_inputs(name):
    entry = ENTRIES[name]
    trial, lines = op_db_suite.Trial(entry), []
    for dtype in op_db_suite.dtypes_of(entry):
        for number, sample in enumerate(op_db_suite.samples_of(entry, dtype, reference=True)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = trial.aspect("reference", sample)
            for _, kind in LISTED.surprises(name, dtype, "reference", {number: bool(found)}):
                lines.extend([f"{name} {dtype} reference {number} {kind}", *found])

    assert not lines, "\n".join(lines)


@pytest.mark.skipif(not EXHAUSTIVE, reason="only all samples show it")
def test_every_difference_was_met():
    """After all samples: what the list names is there."""
    assert not [(each.op, each.aspects) for each in LISTED.entries if not each.met]
    for each in LISTED.entries:
        assert each.samples is None or each.samples == each.met, (each.op, each.aspects)


def test_entries_and_list_fit():
    for each in [*LISTED.entries, *LISTED.scope]:
        assert fnmatch.filter(ENTRIES, each.op), each.op
        assert set(each.aspects) <= {*ASPECTS, "*"}, each.op


def test_the_list_is_exact_both_ways():
    listed = Differences(
        '[[difference]]\nop = "a"\naspects = ["out"]\ndtypes = ["float32"]\nsamples = "1-2"\n'
        'reason = "why"\n[[scope]]\nop = "b*"\nreason = "not"\n'
    )

    assert listed.surprises("a", "float32", "out", {0: False, 1: True, 2: True}) == []
    assert listed.surprises("a", "float32", "out", {0: True, 1: False}) == [
        (0, "fails"),
        (1, "passes, though listed"),
    ]
    assert listed.surprises("a", "int64", "out", {1: True}) == [(1, "fails")]
    assert listed.out_of_scope("bc") == "not"
    assert listed.out_of_scope("a") is None
    assert as_ranges(ranges("0-3,7")) == "0-3,7"
