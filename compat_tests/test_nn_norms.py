"""Norms: values, first and second derivatives, kept statistics; all compared with torch."""

import numpy as np
import pytest

from compare import SELF, both, make, ours, theirs
from nn_sessions import compare_part, sessions
from test_autograd_memory import runs
from test_compilations import check_loop


@sessions("nn_norms")
def test_session(part):
    assert compare_part(part)


def _numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape) * 2 + 1


def _statistics(module, dtype):
    return [make(module, array, dtype) for array in (np.linspace(-1, 1, 4), np.linspace(1, 2, 4))]


# name -> (shape of the input, shape of weight and bias, call)
CALLS = {
    "layer_norm": ((3, 4, 5), (5,), lambda F, x, w, b: F.layer_norm(x, (5,), w, b)),
    "layer_norm of two dims": ((3, 4, 5), (4, 5), lambda F, x, w, b: F.layer_norm(x, (4, 5), w, b)),
    "layer_norm without": ((3, 4, 5), (5,), lambda F, x, w, b: F.layer_norm(x, (5,), eps=0.1)),
    "rms_norm": ((3, 4, 5), (5,), lambda F, x, w, b: F.rms_norm(x, (5,), w)),
    "group_norm": ((3, 4, 5), (4,), lambda F, x, w, b: F.group_norm(x, 2, w, b)),
    "group_norm of images": ((2, 4, 3, 2), (4,), lambda F, x, w, b: F.group_norm(x, 1, w, b)),
    "batch_norm": ((3, 4, 5), (4,), lambda F, x, w, b: F.batch_norm(x, None, None, w, b, True)),
    "batch_norm of rows": ((6, 4), (4,), lambda F, x, w, b: F.batch_norm(x, None, None, w, b, True)),
    "batch_norm without": ((6, 4), (4,), lambda F, x, w, b: F.batch_norm(x, None, None, training=True)),
    "instance_norm": ((3, 4, 5), (4,), lambda F, x, w, b: F.instance_norm(x, None, None, w, b)),
    "normalize": ((3, 4, 5), (4,), lambda F, x, w, b: F.normalize(x, dim=-1)),
}  # fmt: skip


def _evaluated(F, x, w, b):
    module = ours if F is ours.nn.functional else theirs
    dtype = str(x.dtype).removeprefix("torch.")
    return F.batch_norm(x, *_statistics(module, dtype), w, b)


CALLS["batch_norm by statistics"] = ((3, 4, 5), (4,), _evaluated)


@pytest.mark.parametrize("name", CALLS)
def test_derivatives(name):
    shape, parameters, call = CALLS[name]

    def compute(module):
        x = make(module, _numbers(shape), "float64").requires_grad_()
        w, b = (
            make(module, _numbers(parameters, seed), "float64").requires_grad_() for seed in (1, 2)
        )
        result = call(module.nn.functional, x, w, b)
        weights = make(module, _numbers(shape, 3), "float64")
        inputs = (x, w, b)
        first = module.autograd.grad(
            (result * weights).sum(), inputs, create_graph=True, allow_unused=True
        )
        onward = sum((each * each).sum() for each in first if each is not None)
        second = module.autograd.grad(onward, inputs, allow_unused=True)
        found = [result, *first, *second]
        return [None if each is None else each.detach() for each in found]

    both(compute, tolerance=(1e-7, 1e-9))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", ["layer_norm", "group_norm", "batch_norm", "instance_norm",
                                  "batch_norm by statistics"])  # fmt: skip
def test_precision(name, dtype):
    """Values far from 0, and gradients, in single and half precision, parameters in float32."""
    shape, parameters, call = CALLS[name]

    def compute(module):
        x = make(module, _numbers((64, *shape[1:])) + 5, dtype).requires_grad_()
        w, b = (
            make(module, _numbers(parameters, seed), "float32").requires_grad_() for seed in (1, 2)
        )
        if "statistics" in name:
            F = module.nn.functional
            result = F.batch_norm(x, *_statistics(module, "float32"), w, b)
        else:
            result = call(module.nn.functional, x, w, b)
        weights = make(module, _numbers(result.shape, 3), dtype)
        return [result.detach(), *module.autograd.grad((result * weights).sum(), (x, w, b))]

    tolerance = {"float32": (1e-4, 5e-4), "bfloat16": (4e-2, 2e-1)}
    both(compute, tolerance=tolerance[dtype])


def test_forward_mode_and_batches():
    array = _numbers((3, 4, 5))

    def compute(module):
        x = make(module, array, "float64")
        F, func = module.nn.functional, module.func
        moved = [
            func.jvp(lambda x: F.layer_norm(x, (5,)), (x,), (x.sin(),)),
            func.jvp(lambda x: F.group_norm(x, 2), (x,), (x.sin(),)),
            func.jvp(lambda x: F.batch_norm(x, None, None, training=True), (x,), (x.sin(),)),
        ]
        each = module.vmap(lambda row: F.layer_norm(row, (5,)))(x)
        gradient = module.vmap(func.grad(lambda row: F.layer_norm(row, (5,)).pow(3).sum()))(x)
        return [moved, each, gradient]

    both(compute)


def _network(module):
    nn = module.nn
    module.manual_seed(3)
    return [
        nn.Sequential(
            nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.BatchNorm1d(8, momentum=None),
            nn.LayerNorm(8), nn.Unflatten(1, (4, 2)), nn.GroupNorm(2, 4),
            nn.InstanceNorm1d(4, track_running_stats=True), nn.Flatten(), nn.Linear(8, 1),
        ),
        module.tensor(np.linspace(-1, 1, 24, dtype=np.float32).reshape(4, 6)).sin(),
    ]  # fmt: skip


def _train(module, state, step):
    model, inputs = state
    for each in model.parameters():
        each.grad = None
    loss = (model(inputs * (1 + 0.1 * step)) - 1).square().mean()
    loss.backward()
    with module.no_grad():
        for each in model.parameters():
            each -= 0.05 * each.grad
    return loss.item()


def test_training_compiles_nothing_after_its_second_step():
    check_loop(_network, _train, steps=6)


def test_a_step_with_kept_statistics_is_one_program():
    if SELF:
        pytest.skip("torch compiles nothing")
    state = _network(ours)
    for step in range(3):
        _train(ours, state, step)
    count = runs()
    for step in range(3, 6):
        _train(ours, state, step)
    assert runs() - count == 3
