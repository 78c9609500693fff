"""Embeddings: rows looked up, bags of them, their gradients; compared with torch."""

import numpy as np
import pytest

from compare import attempt, both, make
from nn_sessions import compare_part, sessions
from test_compilations import check_loop


@sessions("nn_embedding")
def test_session(part):
    assert compare_part(part)


def _indices(shape, size, seed=0):
    return np.random.default_rng(seed).integers(0, size, shape)


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_many_rows_and_few(dtype):
    """Gradients that come to one row from many places, and rows that none comes to."""
    table = np.random.default_rng(1).normal(size=(50, 7))

    def compute(module):
        weight = make(module, table, dtype).requires_grad_()
        index = make(module, _indices((40, 9), 37), "int64")
        result = module.nn.functional.embedding(index, weight, padding_idx=3)
        weights = make(module, np.random.default_rng(2).normal(size=(40, 9, 7)), dtype)
        return [result.detach(), *module.autograd.grad((result * weights).sum(), weight)]

    tolerance = {"float64": None, "float32": (1e-5, 1e-4), "bfloat16": (5e-2, 2e-1)}[dtype]
    both(compute, tolerance=tolerance)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_many_bags(mode):
    table = np.random.default_rng(1).normal(size=(50, 7))
    offsets = np.concatenate([[0], np.sort(_indices(30, 200, 3))])

    def compute(module):
        weight = make(module, table, "float64").requires_grad_()
        index, starts = (make(module, each, "int64") for each in (_indices(200, 50), offsets))
        F = module.nn.functional
        result = F.embedding_bag(index, weight, starts, mode=mode, padding_idx=3)
        weights = make(module, np.random.default_rng(2).normal(size=(31, 7)), "float64")
        return [result.detach(), *module.autograd.grad((result * weights).sum(), weight)]

    both(compute)


def test_an_index_that_is_still_being_computed():
    """It is found to be out of range when the result is asked for."""

    def compute(module):
        index = module.arange(4) * 2
        weight = module.ones(5, 3)
        starts = module.tensor([0, 2])
        bag = module.nn.functional.embedding_bag
        found = [
            attempt(lambda: module.nn.functional.embedding(index, weight).tolist()),
            attempt(lambda: bag(index * 0, weight, starts + 1).tolist()),
            (weight * 2).tolist(),
        ]
        for mode in ("sum", "max"):  # torch's words are not always the same
            failed = attempt(lambda mode=mode: bag(index, weight, starts, mode=mode).tolist())
            found.append(failed.builtin)
        return found

    both(compute)


def test_forward_mode_and_batches():
    table = np.random.default_rng(1).normal(size=(5, 3))

    def compute(module):
        weight = make(module, table, "float64")
        index = make(module, _indices((4, 2), 5), "int64")
        F, func = module.nn.functional, module.func
        return [
            func.jvp(lambda w: F.embedding(index, w).sin(), (weight,), (weight.cos(),)),
            module.vmap(lambda i: F.embedding(i, weight))(index),
            module.vmap(func.grad(lambda w, i: F.embedding(i, w).sin().sum()), (None, 0))(
                weight, index
            ),
        ]

    both(compute)


def _model(module):
    nn = module.nn
    module.manual_seed(5)
    return [
        nn.Embedding(9, 4, padding_idx=0, max_norm=1.5),
        nn.EmbeddingBag(9, 4, mode="max"),
        nn.Linear(4, 1),
    ]


def _train(module, state, step):
    rows, bag, last = state
    index = make(module, _indices((6, 5), 9, step), "int64")
    parameters = [each for part in state for each in part.parameters()]
    for each in parameters:
        each.grad = None
    loss = last(rows(index).mean(1) + bag(index)).square().mean()
    loss.backward()
    with module.no_grad():
        for each in parameters:
            each -= 0.1 * each.grad
    return loss.item()


def test_training_compiles_nothing_after_its_second_step():
    check_loop(_model, _train, steps=8)
