"""Averages of weights against torch, and what they compile."""

import pytest

from compare import SELF, ours
from nn_sessions import compare_part, sessions
from test_compilations import compiled, explain


@sessions("optim_swa")
def test_sessions(part):
    compare_part(part)


@pytest.mark.parametrize("kind", ["plain", "ema"])
def test_an_average_of_ever_more_is_one_program(kind):
    if SELF:
        pytest.skip("torch compiles nothing")
    model = ours.nn.Linear(3, 2)
    swa = ours.optim.swa_utils
    function = None if kind == "plain" else swa.get_ema_multi_avg_fn(0.9)
    averaged = swa.AveragedModel(model, multi_avg_fn=function)
    counts = []
    for _ in range(6):
        with ours.no_grad():
            for param in model.parameters():
                param.add_(1)
        averaged.update_parameters(model)
        counts.append(compiled())
    assert counts[-1] - counts[0] <= 1, explain(counts[0])
    assert averaged.n_averaged.item() == 6
