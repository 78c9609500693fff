"""Embeddings with sparse gradients: the gradients themselves, and training with them, against torch."""

import copy

import numpy as np
import pytest

from compare import SELF, ours, theirs
from jtorch._config import settings

pytestmark = pytest.mark.filterwarnings("ignore:Sparse invariant")
_NOT_BUILT = "This could be because the operator"


@pytest.fixture
def by_numpy(monkeypatch):
    """What is tested are answers, not programs: nothing is compiled."""
    if not SELF:
        monkeypatch.setattr(settings, "executor", "host")


def _seen(gradient):
    if gradient is None or not gradient.is_sparse:
        return str(gradient)
    return f"{gradient} {gradient.is_coalesced()} {gradient.dtype}"


def _error(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).split(_NOT_BUILT)[0]}"


TABLES = {
    "plain": {},
    "padding": {"padding_idx": 3},
    "first row is padding": {"padding_idx": 0},
    "max_norm": {"max_norm": 0.5},
    "double": {"dtype": "float64"},
}


@pytest.mark.parametrize("name", TABLES)
def test_gradients_of_tables(name, by_numpy):
    """Of two passes, the second one with some places of the first one: values and order of places."""

    def program(torch):
        torch.manual_seed(1)
        options = dict(TABLES[name])
        options["dtype"] = getattr(torch, options.get("dtype", "float32"))
        table, seen = torch.nn.Embedding(5, 2, sparse=True, **options), []
        for index in ([[1, 3], [3, 0]], [[3, 1], [0, 3]], [4], []):
            result = table(torch.tensor(index, dtype=torch.long))
            result.pow(2).sum().backward()
            seen += [type(result.grad_fn).__name__, _seen(table.weight.grad)]
        seen.append(str(table.weight.grad.coalesce()))
        table.zero_grad(set_to_none=False)
        return [*seen, _seen(table.weight.grad), str(table)]

    assert program(ours) == program(theirs)


BAGS = [(mode, padding) for mode in ("sum", "mean") for padding in (None, 3)]


@pytest.mark.parametrize("mode, padding", BAGS)
def test_gradients_of_bags(mode, padding, by_numpy):
    def program(torch):
        torch.manual_seed(2)
        bags = torch.nn.EmbeddingBag(5, 2, mode=mode, sparse=True, padding_idx=padding)
        samples = torch.tensor([1.0, 2, 3, 4, 5], requires_grad=True) if mode == "sum" else None
        index, offsets = torch.tensor([1, 3, 3, 0, 4]), torch.tensor([0, 3, 3])
        result = bags(index, offsets, per_sample_weights=samples)
        result.pow(2).sum().backward()
        plain = [str(result), _seen(bags.weight.grad), str(samples is None or samples.grad)]
        bags(torch.tensor([[1, 0], [2, 4]])).pow(3).sum().backward()
        return [*plain, _seen(bags.weight.grad)]

    assert program(ours) == program(theirs)


def test_a_table_used_twice(by_numpy):
    """Sparse and strided gradients of one table meet in one pass, and in one grad."""

    def program(torch):
        torch.manual_seed(3)
        table, index = torch.nn.Embedding(4, 2, sparse=True), torch.tensor([1, 3, 1])
        twice = torch.nn.functional.embedding
        (table(index).pow(2).sum() + table(index[:1]).sum()).backward()
        seen = [str(table.weight.grad.to_dense())]
        (table(index).sum() + table.weight.pow(2).sum()).backward()
        seen.append(_seen(table.weight.grad))
        table(index).pow(2).sum().backward()
        seen.append(_seen(table.weight.grad))
        (again,) = torch.autograd.grad(
            twice(index, table.weight, sparse=True).pow(2).sum(), table.weight
        )
        return [*seen, _seen(again)]

    assert program(ours) == program(theirs)


def test_refusals(by_numpy):
    def program(torch):
        nn, index, seen = torch.nn, torch.tensor([1, 3]), []

        def table(**options):
            made = nn.Embedding(5, 2, sparse=True, **options)
            return made, made(index).pow(2).sum()

        seen.append(_error(lambda: table(scale_grad_by_freq=True)[1].backward()))
        for name in ("Adam", "AdamW", "RMSprop", "Adadelta", "Adamax", "ASGD", "NAdam", "RAdam",
                     "Rprop"):  # fmt: skip
            made, loss = table()
            loss.backward()
            step = getattr(torch.optim, name)(made.parameters()).step
            seen.append(_error(step))
        clip = nn.utils.clip_grad_norm_
        seen += [_error(lambda each=each: clip(made.parameters(), 1.0, foreach=each))
                 for each in (None, False)]  # fmt: skip
        seen.append(_error(lambda: clip(nn.Embedding(2, 2).parameters(), 1.0).item()))
        for options in ({"weight_decay": 0.1}, {"fused": True}):
            for kind in ("SGD", "Adagrad"):
                step = getattr(torch.optim, kind)(made.parameters(), 0.1, **options).step
                seen.append(_error(step))
        dense = nn.Linear(2, 2)
        dense(torch.ones(2)).sum().backward()
        seen.append(_error(torch.optim.SparseAdam(dense.parameters()).step))
        return seen

    assert program(ours) == program(theirs)


OPTIMIZERS = {
    "SGD": ("SGD", {"lr": 0.1}),
    "momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "nesterov": ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "dampening": 0}),
    "maximize": ("SGD", {"lr": 0.01, "maximize": True}),
    "foreach": ("SGD", {"lr": 0.1, "foreach": True}),
    "Adagrad": ("Adagrad", {"lr": 0.1, "lr_decay": 0.1}),
    "Adagrad from a sum": ("Adagrad", {"lr": 0.1, "initial_accumulator_value": 0.5}),
    "SparseAdam": ("SparseAdam", {"lr": 0.02}),
    "SparseAdam upwards": ("SparseAdam", {"lr": 0.02, "betas": (0.8, 0.9), "maximize": True}),
}


def _trained(torch, name, steps=20):
    """(table, state, losses) of a table and a target that it is to come to."""
    torch.manual_seed(4)
    table = torch.nn.Embedding(12, 3, sparse=True, padding_idx=2)
    kind, options = OPTIMIZERS[name]
    optimizer = getattr(torch.optim, kind)(table.parameters(), **options)
    draw = np.random.default_rng(5)
    losses = []
    for step in range(steps):
        index = torch.tensor(draw.integers(0, 12, (4, 3)))
        target = torch.tensor(draw.standard_normal((4, 3, 3)), dtype=torch.float32)
        optimizer.zero_grad(set_to_none=step % 2 == 0)
        loss = (table(index) - target).pow(2).mean()
        loss.backward()
        if step % 3 == 0:  # a second backward into the same gradient
            (table(index[:2]).sin().sum() * 0.1).backward()
        optimizer.step()
        losses.append(loss.item())
    state = optimizer.state_dict()["state"].get(0, {})
    return table.weight, state, losses


def _close(left, right):
    if hasattr(left, "is_sparse"):
        assert left.is_sparse == right.is_sparse
        if left.is_sparse:
            _close(left._indices(), right._indices())
            left, right = left._values(), right._values()
        assert str(left.dtype).split(".")[1] == str(right.dtype).split(".")[1]
        left, right = left.tolist(), right.tolist()
    np.testing.assert_allclose(left, right, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training(name, by_numpy):
    (table, state, losses), (want, wanted, known) = _trained(ours, name), _trained(theirs, name)

    _close(losses, known)
    _close(table.detach(), want.detach())
    assert list(state) == list(wanted)
    for key in wanted:
        if wanted[key] is not None:
            _close(state[key], wanted[key])


def test_training_as_programs():
    """The same, compiled."""
    table, _, losses = _trained(ours, "SGD", 6)
    want, _, known = _trained(theirs, "SGD", 6)

    _close(losses, known)
    _close(table.detach(), want.detach())


def test_state_survives_copies(by_numpy):
    """A sparse momentum buffer in a state_dict, loaded and copied."""

    def program(torch):
        torch.manual_seed(6)
        table = torch.nn.Embedding(4, 2, sparse=True)
        optimizer = torch.optim.SGD(table.parameters(), 0.03, momentum=0.9)

        def step():
            optimizer.zero_grad()
            table(torch.tensor([1, 3, 1])).pow(2).sum().backward()
            optimizer.step()

        step()
        saved = copy.deepcopy(optimizer.state_dict())
        step()
        first = str(table.weight.detach())
        optimizer.load_state_dict(saved)
        step()
        return [first, str(table.weight.detach()), str(saved["state"][0]["momentum_buffer"])]

    assert program(ours) == program(theirs)


def test_scaled_losses_and_second_derivatives(by_numpy):
    """GradScaler takes its scale off values; a gradient of a table can be differentiated."""

    def program(torch):
        torch.manual_seed(7)
        table = torch.nn.Embedding(4, 2, sparse=True)
        optimizer = torch.optim.SGD(table.parameters(), 0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
        index = torch.tensor([1, 1, 3])
        scaler.scale(table(index).pow(2).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
        seen = [_seen(table.weight.grad), str(table.weight.detach())]
        loss = table(index).pow(3).sum()
        (first,) = torch.autograd.grad(loss, table.weight, create_graph=True)
        (second,) = torch.autograd.grad(first.to_dense().pow(2).sum(), table.weight)
        return [*seen, str(first), _seen(second)]

    assert program(ours) == program(theirs)
