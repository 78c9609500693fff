"""`einsum` with generated equations: shape, strides, dtype, sharing, values and errors of torch."""

import random

import numpy as np
import pytest

from compare import assert_same, attempt, make, ours, theirs

LETTERS = "ijkl"
EQUATIONS = 160


def generated(number):
    """(equation, shapes) of call `number`; some do not fit."""
    draw = random.Random(number)
    sizes = {letter: draw.choice([1, 2, 3]) for letter in LETTERS}
    labels, shapes = [], []
    for _ in range(draw.choice([1, 2, 2, 2, 3])):
        letters = [draw.choice(LETTERS) for _ in range(draw.randint(0, 3))]
        shape = [
            sizes[letter] if draw.random() < 0.93 else draw.choice([1, 2, 3]) for letter in letters
        ]
        text = "".join(letters)
        if draw.random() < 0.2:
            place = draw.randint(0, len(letters))
            text = f"{text[:place]}...{text[place:]}"
            shape[place:place] = [draw.choice([1, 2]) for _ in range(draw.randint(0, 2))]
        labels.append(text)
        shapes.append(tuple(shape))
    equation = ",".join(labels)
    if draw.random() < 0.7:
        used = sorted(set("".join(labels)) - {"."})
        draw.shuffle(used)
        result = "".join(used[: draw.randint(0, len(used))])
        if "..." in equation and draw.random() < 0.8:
            result = f"...{result}"
        equation = f"{equation}->{result}"
    return equation, shapes


@pytest.mark.parametrize("number", range(EQUATIONS))
def test_equation(number):
    equation, shapes = generated(number)
    draw = np.random.default_rng(number)
    arrays = [draw.uniform(-2, 2, shape).astype(np.float32) for shape in shapes]

    def call(m):
        return m.einsum(equation, *[make(m, array) for array in arrays])

    # Strides of dims of extent 1 mean nothing, and of sums in between torch's are its own.
    wanted = attempt(call, theirs)
    assert_same(attempt(call, ours), wanted, strides=wanted_strides_matter(wanted))


def wanted_strides_matter(record):
    return 1 not in getattr(record, "shape", (1,))


@pytest.mark.parametrize("equation", ["ii->i", "ij->ji", "iij->ij", "...ij->...ji", "ij"])
def test_one_operand_without_a_sum_is_a_view(equation):
    def call(m):
        base = m.zeros(3, 3, 3) if equation.count("i") + equation.count("j") > 3 else m.zeros(3, 3)
        base = m.zeros(2, 3, 3) if equation.startswith("...") else base
        base = m.zeros(3, 3, 2) if equation.startswith("iij") else base
        m.einsum(equation, base).add_(1)
        return base

    assert_same(attempt(call, ours), attempt(call, theirs))


def test_integers_and_half_precision():
    def integers(m):
        return m.einsum(
            "ij,jk->ik", make(m, [[1, 2], [3, 4]], "int64"), make(m, [[5], [6]], "int64")
        )

    def halves(m):
        return m.einsum("i,i->", make(m, [1.0, 2.0], "bfloat16"), make(m, [3.0, 4.0], "bfloat16"))

    for call in (integers, halves):
        assert_same(attempt(call, ours), attempt(call, theirs))
