"""Dropouts: the masks are torch's bit for bit, and a mask is no part of a program."""

import numpy as np

from nn_sessions import compare_part, sessions
from test_compilations import check_loop


@sessions("nn_dropout")
def test_session(part):
    assert compare_part(part)


def _network(module):
    nn = module.nn
    module.manual_seed(3)
    return [
        nn.Sequential(nn.Linear(6, 8), nn.Dropout(0.3), nn.Unflatten(1, (2, 4)), nn.Dropout1d(0.4),
                      nn.Flatten(), nn.AlphaDropout(0.2), nn.Linear(8, 1)),
        module.tensor(np.linspace(-1, 1, 24, dtype=np.float32).reshape(4, 6)),
    ]  # fmt: skip


def _train(module, state, step):
    model, inputs = state
    for each in model.parameters():
        each.grad = None
    loss = (model(inputs) - 1).square().mean()
    loss.backward()
    with module.no_grad():
        for each in model.parameters():
            each -= 0.05 * each.grad
    model[1].p = 0.3 + 0.01 * step  # data, too
    return loss.item()


def test_training_compiles_nothing_after_its_second_step():
    check_loop(_network, _train, steps=8)
