"""Indices out of range: torch's error, at the user's line if they are known, else with the data.

And what an index or another number of a call must not cost: a compilation for each value.
"""

import numpy as np
import pytest

from compare import attempt, both, make, ours, theirs

ROWS, COLUMNS = 4, 3
BAD = [[0, 1, 9]]


def matrix(m):
    return m.arange(ROWS * COLUMNS, dtype=m.float32).reshape(ROWS, COLUMNS)


def vector(m, pending):
    """[0, 9], which is outside of every dim; `pending`: still to be computed."""
    index = m.tensor([0, 9])
    return index + 0 if pending else index


CALLS = {
    "index_select": lambda m, index: matrix(m).index_select(0, index),
    "index_select dim 1": lambda m, index: matrix(m).index_select(1, index),
    "gather": lambda m, index: matrix(m).gather(0, index[:, None]),
    "gather dim 1": lambda m, index: matrix(m).gather(1, index[None]),
    "take": lambda m, index: matrix(m).take(index + 3),
    "index_add": lambda m, index: matrix(m).index_add(0, index, m.ones(2, COLUMNS)),
    "index_copy": lambda m, index: matrix(m).index_copy(0, index, m.ones(2, COLUMNS)),
    "index_fill": lambda m, index: matrix(m).index_fill(0, index, 1.0),
    "index_reduce": lambda m, index: matrix(m).index_reduce(0, index, m.ones(2, COLUMNS), "prod"),
    "scatter": lambda m, index: matrix(m).scatter(0, index[:, None], 1.0),
    "scatter_": lambda m, index: matrix(m).scatter_(0, index[:, None], m.ones(2, 1)),
    "scatter_add": lambda m, index: matrix(m).scatter_add(0, index[:, None], m.ones(2, 1)),
    "scatter_reduce": lambda m, index: matrix(m).scatter_reduce(
        0, index[:, None], m.ones(2, 1), "sum"
    ),
    "put": lambda m, index: matrix(m).put(index + 3, m.ones(2)),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("pending", [False, True], ids=["known", "pending"])
def test_error(name, pending):
    both(lambda m: CALLS[name](m, vector(m, pending)))


@pytest.mark.filterwarnings("ignore:index_reduce")
@pytest.mark.parametrize("name", [name for name in CALLS if name not in ("take", "put")])
def test_known_indices_are_refused_at_the_call(name):
    with pytest.raises((IndexError, RuntimeError)):
        CALLS[name](ours, vector(ours, pending=False))


def test_pending_indices_are_refused_when_the_data_is_asked_for():
    result = matrix(ours).index_select(0, vector(ours, pending=True))

    with pytest.raises(IndexError, match="index out of range in self"):
        result.tolist()


def test_a_view_of_a_bad_index_may_be_good():
    good = ours.tensor(BAD)[:, :2]

    assert matrix(ours).gather(1, good).tolist() == [[0.0, 1.0]]


def test_masked_scatter_needs_enough():
    def call(m):
        return m.zeros(2, 3).masked_scatter(m.ones(2, 3, dtype=m.bool), m.ones(5))

    both(call)
    with pytest.raises(RuntimeError, match="Number of elements of source"):
        call(ours)


NUMBERS = {
    "tril": lambda m, x, n: m.tril(x, n),
    "roll": lambda m, x, n: m.roll(x, (n, -n), (0, 1)),
    "addmm": lambda m, x, n: m.addmm(x[0], x, x.t()[:, :3], beta=n + 0.5, alpha=n + 0.25),
    "index_add": lambda m, x, n: x.index_add(0, m.tensor([n, 0]), x[:2], alpha=n + 0.5),
    "index_fill": lambda m, x, n: x.index_fill(1, m.tensor([n % 3]), n + 0.5),
    "scatter": lambda m, x, n: x.scatter(0, m.tensor([[n, 0, 1]]), n + 0.5),
    "norm": lambda m, x, n: m.linalg.vector_norm(x, n + 1.5),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_is_compiled(name):
    array = np.random.rand(ROWS, COLUMNS).astype(np.float32)
    x = make(ours, array)
    call = NUMBERS[name]
    call(ours, x, 0).tolist()
    before = len(ours.compilations())

    for number in (1, 2, 3):
        wanted = attempt(call, theirs, make(theirs, array), number)
        got = attempt(call, ours, x, number)
        assert np.allclose(got.values, wanted.values, rtol=1e-5)

    assert len(ours.compilations()) == before
