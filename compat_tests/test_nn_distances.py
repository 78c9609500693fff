"""Distances: values, first and second derivatives, texts, against torch."""

import numpy as np
import pytest

from compare import attempt, both, make
from nn_sessions import compare_part, sessions

TOLERANCE = (1e-8, 1e-10)
FIRST = np.random.default_rng(0).integers(-4, 5, (5, 3)) / 2
SECOND = np.random.default_rng(1).integers(-4, 5, (5, 3)) / 2
SECOND[0] = FIRST[0]

ORDERS = (2.0, 1.0, 0.0, 0.5, 3.0, np.inf)


def derivatives(module, call, *arrays):
    """[result, its node's name, gradients, gradients of these]; the last ones may be an error."""
    leaves = [make(module, each, "float64").requires_grad_() for each in arrays]
    result = call(module.nn.functional, *leaves)
    scale = make(module, np.linspace(0.5, 1.5, result.numel()).reshape(result.shape), "float64")
    found = module.autograd.grad((result * scale).sum(), leaves, create_graph=True)

    def again():
        total = sum((each * each).sum() for each in found)
        again = module.autograd.grad(total, leaves, allow_unused=True)
        return [
            each if each is None else each + 0 for each in again
        ]  # torch's zeros have no memory

    return [
        result.detach(), type(result.grad_fn).__name__, *[each.detach() for each in found],
        attempt(again),
    ]  # fmt: skip


@pytest.mark.parametrize("dim, eps", [(1, 1e-8), (0, 1e-8), (1, 0.5)])
def test_cosine_similarity(dim, eps):
    both(
        lambda module: derivatives(
            module, lambda F, x, y: F.cosine_similarity(x, y, dim, eps), FIRST, SECOND
        ),
        tolerance=TOLERANCE,
    )


def test_of_nothing():
    """Of a vector of zeros there are first derivatives only."""
    both(
        lambda module: derivatives(
            module,
            lambda F, x, y: F.cosine_similarity(x, y),
            FIRST,
            SECOND * [[1], [0], [1], [1], [1]],
        )[:4],
        tolerance=TOLERANCE,
    )


@pytest.mark.parametrize("p", [each for each in ORDERS if each])
def test_pairwise_distance(p):
    """Of equal vectors, too: without eps they are 0 apart."""
    for eps in (1e-6, 0.0):
        both(
            lambda module, eps=eps: derivatives(
                module, lambda F, x, y: F.pairwise_distance(x, y, p, eps), FIRST, SECOND
            )[:4],
            tolerance=TOLERANCE,
        )


@pytest.mark.parametrize("p", ORDERS)
def test_pdist(p):
    rows = np.concatenate([FIRST, FIRST[:1]])
    count = 4 if p else 3  # what does not change has no node here; torch's has no derivative
    both(
        lambda module: derivatives(module, lambda F, x: F.pdist(x, p), rows)[:count],
        tolerance=TOLERANCE,
    )


@sessions("nn_distances")
def test_session(part):
    assert compare_part(part)
