"""Random programs that end in a backward pass give torch's gradients, graphs and refusals."""

import pytest

from autograd_random import draw_program, run_program, text_of
from compare import EXHAUSTIVE, Raised, TensorRecord, array_differences, ours, theirs

PROGRAMS = 3000 if EXHAUSTIVE else 100
TOLERANCE = (1e-9, 1e-11)


def unlike(got, want):
    """What two records differ in, in words; strides of gradients are not compared."""
    if isinstance(got, TensorRecord) and isinstance(want, TensorRecord):
        options = {"tolerance": TOLERANCE, "signed_zero": False, "strides": False}
        return array_differences(got, want, "values", **options)
    if isinstance(got, tuple) and isinstance(want, tuple):
        return [line for pair in zip(got, want, strict=True) for line in unlike(*pair)]
    return [] if got == want else [f"got {got}, torch gives {want}"]


def compare(program):
    """The first difference of a program run with both, or None."""
    got, want = run_program(ours, program), run_program(theirs, program)
    for (name, left), (_, right) in zip(got, want, strict=False):
        found = unlike(left, right)
        if found:
            return "\n".join([f"{name}:", *found])
    return None if len(got) == len(want) else "more tensors than torch has, or fewer"


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_program(seed):
    program = draw_program(seed)
    found = compare(program)

    assert found is None, f"{found}\n{text_of(program)}"


def test_the_programs_do_something():
    """Most programs go back through a graph, many write in place, some are refused."""
    results = [run_program(theirs, draw_program(seed)) for seed in range(100)]
    pairs = [pair for result in results for pair in result]
    refused = [name for name, record in pairs if isinstance(record, Raised)]
    reached = [name for name, record in pairs if isinstance(record, TensorRecord)]

    assert sum(name.startswith("gradient") for name in reached) > 150
    assert sum(name.startswith("step") for name in refused) > 50
    assert sum(name.startswith("backward") for name in refused) > 10
    assert len(refused) < len(pairs) / 4
