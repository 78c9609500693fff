"""Optimizers against torch: trajectories, states in both directions, texts, what they compile."""

import copy
import itertools
import random

import numpy as np
import pytest

from compare import EXHAUSTIVE, SELF, assert_same, freeze, ours, theirs
from nn_sessions import compare_part, sessions
from test_compilations import compiled, explain

SHAPES = ((3, 4), (4,), ())
# In single precision 50 steps of rounding; what moves is of the order of one.
TOLERANCES = {"float32": (1e-4, 2e-5), "float64": (1e-10, 1e-12), "complex64": (1e-4, 2e-5)}

# name -> options, each a tuple of values of which a configuration has one; the first is plain.
OPTIONS = {
    "SGD": {
        "lr": (0.05,),
        "momentum": (0, 0.9),
        "dampening": (0, 0.3),
        "weight_decay": (0, 0.1),
        "nesterov": (False, True),
        "maximize": (False, True),
    },
    "Adam": {
        "lr": (0.02,),
        "betas": ((0.9, 0.999), (0.5, 0.8)),
        "weight_decay": (0, 0.1),
        "amsgrad": (False, True),
        "maximize": (False, True),
        "decoupled_weight_decay": (False, True),
    },
    "AdamW": {"lr": (0.02,), "weight_decay": (0.01, 0), "amsgrad": (False, True)},
    "Adadelta": {
        "lr": (1.0, 0.1),
        "rho": (0.9, 0.5),
        "weight_decay": (0, 0.1),
        "maximize": (False, True),
    },
    "Adagrad": {
        "lr": (0.1,),
        "lr_decay": (0, 0.1),
        "weight_decay": (0, 0.1),
        "initial_accumulator_value": (0, 0.5),
        "maximize": (False, True),
    },
    "Adamax": {"lr": (0.02,), "weight_decay": (0, 0.1), "maximize": (False, True)},
    "ASGD": {
        "lr": (0.05,),
        "lambd": (1e-4, 0.1),
        "t0": (1e6, 10),
        "weight_decay": (0, 0.1),
        "maximize": (False, True),
    },
    "NAdam": {
        "lr": (0.02,),
        "weight_decay": (0, 0.1),
        "momentum_decay": (4e-3, 0.1),
        "decoupled_weight_decay": (False, True),
        "maximize": (False, True),
    },
    "RAdam": {
        "lr": (0.02,),
        "betas": ((0.9, 0.999), (0.5, 0.6)),
        "weight_decay": (0, 0.1),
        "decoupled_weight_decay": (False, True),
        "maximize": (False, True),
    },
    "RMSprop": {
        "lr": (0.01,),
        "weight_decay": (0, 0.1),
        "momentum": (0, 0.9),
        "centered": (False, True),
        "maximize": (False, True),
    },
    "Rprop": {
        "lr": (0.01,),
        "etas": ((0.5, 1.2), (0.3, 1.7)),
        "step_sizes": ((1e-6, 50), (5e-3, 0.05)),
        "maximize": (False, True),
    },
    "Adafactor": {
        "lr": (0.01, 0.5),
        "eps": ((None, 1e-3), (1e-6, 0.1)),
        "d": (1.0, 2.0),
        "weight_decay": (0, 0.1),
        "maximize": (False, True),
    },
}
REAL_ONLY = ("Adafactor",)


def configurations():
    """The plain one of each optimizer, and some of the others, always the same ones."""
    for name, options in OPTIONS.items():
        every = [
            dict(zip(options, values, strict=True))
            for values in itertools.product(*options.values())
        ]
        every = [each for each in every if is_allowed(each)]
        draw = random.Random(name)
        some = every if EXHAUSTIVE else [every[0], draw.choice(every[1:-1]), every[-1]]
        for number, each in enumerate(some):
            dtypes = ("float32", "float64", "complex64")
            dtype = dtypes[number % (2 if name in REAL_ONLY else 3)]
            label = ", ".join(f"{key}={value}" for key, value in each.items())
            yield pytest.param(name, each, dtype, id=f"{name}({label}) {dtype}")


def is_allowed(options):
    return not options.get("nesterov") or (options["momentum"] and not options["dampening"])


def values(shape, dtype, seed):
    draw = np.random.default_rng(seed)
    made = draw.normal(size=shape)
    if dtype.startswith("complex"):
        made = made + 1j * draw.normal(size=shape)
    return np.asarray(made, dtype)


def parameters(module, dtype="float32", shapes=SHAPES):
    return [
        module.nn.Parameter(module.tensor(values(shape, dtype, seed)))
        for seed, shape in enumerate(shapes)
    ]


def train(module, params, optimizer, steps, dtype="float32", before_step=None, after_step=None):
    """A fit whose errors do not grow from step to step; gives the losses."""
    inputs = module.tensor(values((5, 3), dtype, 10))
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        first, second, third = params
        loss = (((inputs @ first + second) - third).abs() ** 2 + 1).log().sum()
        loss.backward()
        if before_step is not None:
            before_step()
        optimizer.step()
        if after_step is not None:
            after_step()
        losses.append(loss.detach())
    return losses


def run(module, name, options, dtype, steps):
    params = parameters(module, dtype)
    optimizer = getattr(module.optim, name)(params, **options)
    losses = train(module, params, optimizer, steps, dtype)
    return [each.detach() for each in params], losses, optimizer


@pytest.mark.parametrize(("name", "options", "dtype"), list(configurations()))
def test_a_trajectory_is_that_of_torch(name, options, dtype):
    got = run(ours, name, options, dtype, 50)
    want = run(theirs, name, options, dtype, 50)
    tolerance = TOLERANCES[dtype]

    for left, right in zip(got[:2], want[:2], strict=True):
        assert_same(freeze(left), freeze(right), tolerance=tolerance)
    left, right = (each[2].state_dict() for each in (got, want))
    assert_same(freeze(left["param_groups"]), freeze(right["param_groups"]))
    # Sums of squares are as large as the gradients make them: relative to that.
    assert_same(freeze(left["state"]), freeze(right["state"]), tolerance=(1e-3, 1e-4))


@pytest.mark.parametrize(
    "options",
    [{"lr": 0.02}, {"nesterov": False, "adjust_lr_fn": "match_rms_adamw", "weight_decay": 0.3}],
    ids=str,
)
def test_muon(options):
    """It computes in half precision, where both round alike; what is left is single precision's."""
    results = []
    for module in (ours, theirs):
        params = parameters(module, shapes=((3, 4), (1, 4), (5, 1)))
        optimizer = module.optim.Muon(params, **options)
        train(module, params, optimizer, 20)
        results.append([params, optimizer.state_dict()])
    assert_same(*map(freeze, results), tolerance=(1e-3, 1e-4))


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.5},
        {"lr": 0.3, "history_size": 3, "max_iter": 7},
        {"line_search_fn": "strong_wolfe"},
        {"line_search_fn": "strong_wolfe", "history_size": 4, "max_iter": 6},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad=True to a scalar")
def test_lbfgs(options):
    """Losses, parameters and the whole state, and how often the closure was called."""
    results = []
    for module in (ours, theirs):
        params = parameters(module, "float64", ((3, 4), (4,)))
        inputs = module.tensor(values((20, 3), "float64", 7))
        wanted = module.tensor(values((20, 4), "float64", 8))
        optimizer = module.optim.LBFGS(params, **options)
        calls = []

        def closure(module=module, params=params, inputs=inputs, wanted=wanted,
                    optimizer=optimizer, calls=calls):  # fmt: skip
            optimizer.zero_grad()
            error = (inputs @ params[0] + params[1]).tanh() - wanted
            loss = error.square().mean() + 0.01 * (params[0] ** 4).sum()
            loss.backward()
            calls.append(loss.detach())
            return loss

        losses = [optimizer.step(closure).detach() for _ in range(4)]
        results.append([losses, params, optimizer.state_dict(), calls])
    assert_same(*map(freeze, results), tolerance=(1e-6, 1e-8))


def taken(module, value):
    """A state with its tensors as those of a module."""
    if isinstance(value, dict):
        return {key: taken(module, each) for key, each in value.items()}
    if isinstance(value, list):
        return [taken(module, each) for each in value]
    if hasattr(value, "detach"):
        return module.tensor(value.detach().numpy().copy())
    return value


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("forward", [True, False], ids=["from torch", "to torch"])
def test_a_state_goes_on_in_the_other_library(name, forward):
    """A training begun by one of them and ended by the other is one of torch's alone."""
    first, second = (theirs, ours) if forward else (ours, theirs)
    options = {key: each[-1] for key, each in OPTIONS[name].items() if key != "nesterov"}
    params = parameters(first)
    optimizer = getattr(first.optim, name)(params, **options)
    train(first, params, optimizer, 7)
    state = copy.deepcopy(optimizer.state_dict())

    going_on = [second.nn.Parameter(taken(second, each)) for each in params]
    other = getattr(second.optim, name)(going_on)
    other.load_state_dict(taken(second, state))
    losses = train(second, going_on, other, 7)

    alone = run(theirs, name, options, "float32", 14)
    assert_same(
        freeze([each.detach() for each in going_on]), freeze(alone[0]), tolerance=(1e-4, 2e-5)
    )
    assert_same(freeze(losses), freeze(alone[1][7:]), tolerance=(1e-4, 2e-5))
    kinds = [
        {key: (str(each.dtype).split(".")[1], tuple(each.shape)) for key, each in entry.items()}
        for entry in other.state_dict()["state"].values()
    ]
    assert kinds == [
        {key: (str(each.dtype).split(".")[1], tuple(each.shape)) for key, each in entry.items()}
        for entry in alone[2].state_dict()["state"].values()
    ]


LOOPS = {
    **{name: {key: each[-1] for key, each in options.items()} for name, options in OPTIONS.items()},
    "SGD": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    "Adam": {"lr": 0.02, "weight_decay": 0.1, "amsgrad": True},
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_training_loop_is_one_program(name):
    """With a schedule that changes the rate at each step, a clipped gradient, a loss that is read.

    The first step is the same program as all others: it makes neither parameters nor state.
    """
    if SELF:
        pytest.skip("torch compiles nothing")
    params = parameters(ours)
    optimizer = getattr(ours.optim, name)(params, **LOOPS[name])
    schedule = ours.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20)
    before = compiled()

    def clip():
        ours.nn.utils.clip_grad_norm_(params, 10.0)

    for _ in range(12):
        train(ours, params, optimizer, 1, before_step=clip, after_step=schedule.step)[0].item()
    assert compiled() - before <= 1, explain(before)


def test_a_thousand_steps_are_one_program():
    if SELF:
        pytest.skip("torch compiles nothing")
    params = parameters(ours, shapes=((2,), (3,)))
    optimizer = ours.optim.AdamW(params)
    schedule = ours.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, 1001)
    for param in params:
        param.grad = ours.ones_like(param)
    before = compiled()
    optimizer.step()
    for _ in range(1000):
        schedule.step()
        optimizer.step()
    assert compiled() - before <= 1, explain(before)
    assert optimizer.state[params[0]]["step"].item() == 1001.0


def test_a_loop_of_big_parameters_is_one_program():
    """Their memory is given up to the new values, from the first step on."""
    if SELF:
        pytest.skip("torch compiles nothing")
    model = ours.nn.Sequential(ours.nn.Linear(200, 200), ours.nn.Linear(200, 150))
    optimizer = ours.optim.Adam(model.parameters())
    inputs = ours.tensor(values((4, 200), "float32", 1))
    before = compiled()
    for _ in range(4):
        optimizer.zero_grad()
        model(inputs).square().sum().backward()
        optimizer.step()
    assert compiled() - before <= 1, explain(before)


def test_a_step_starts_its_program():
    """After a step nothing is left to run, and nobody has waited: reading a loss runs nothing more."""
    if SELF:
        pytest.skip("torch runs at once")
    params = parameters(ours)
    optimizer = ours.optim.Adam(params, 0.02)
    (loss,) = train(ours, params, optimizer, 1)
    before = compiled()
    assert all(each._storage.value.value is not None for each in [*params, loss])
    loss.item()
    assert compiled() == before


@pytest.mark.parametrize("name", ["SGD", "Adam", "RAdam", "ASGD"])
def test_a_parameter_is_one_node_and_one_for_each_tensor_it_changes(name):
    if SELF:
        pytest.skip("torch records nothing")
    from jtorch._engine.node import traces_of_this_thread
    from jtorch.optim import optimizer as base

    params = parameters(ours)
    optimizer = getattr(ours.optim, name)(params, **LOOPS[name])
    train(ours, params, optimizer, 2)
    run_all, base.run_all = base.run_all, lambda: None
    try:
        optimizer.step()
    finally:
        base.run_all = run_all
    names = [node.kernel.name for trace in traces_of_this_thread() for node in trace.nodes]
    changed = {"SGD": 2, "Adam": 4, "RAdam": 3, "ASGD": 2}[name]
    assert len(names) == len(params) * (1 + changed), names
    run_all()


@sessions("optim_base", "optim_options", "optim_clip")
def test_sessions(part):
    compare_part(part)
