"""What every module of torch.nn does alike, whatever it computes, compared with torch.

The modules and their inputs are those of `module_cases.py`, which has them all.
"""

import copy
import io
import warnings

import numpy as np
import pytest

from compare import EXHAUSTIVE, SELF, assert_same, attempt, freeze, neutral, ours, sampled, theirs
from module_cases import CASES, RUNNABLE, inputs_of, make_module, name_of

LOOSE = (2e-5, 1e-5)
# What torch's kernels leave as the memory was: the mean of no losses.
_UNWRITTEN = ("MultiLabelMarginLoss()", "MultiMarginLoss()")
# Shapes of what it computes depend on how many targets are in each cluster.
_BY_DATA = ("AdaptiveLogSoftmaxWithLoss(4, 8, [2, 5])",)
_SLOW = ("Transformer", "MultiheadAttention")  # to compile


def of(salt, count=20, but=()):
    """A test of some of the modules that compute something; of all where the run is exhaustive."""
    known = [
        each
        for each in RUNNABLE
        if each not in but and (EXHAUSTIVE or not each.startswith(_SLOW) or salt == "copies")
    ]
    return pytest.mark.parametrize("expression", sampled(known, count, salt), ids=name_of)


@pytest.fixture(autouse=True)
def _without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_every_module_is_here():
    def names(module):
        kinds = [each for each in vars(module.nn).values() if isinstance(each, type)]
        return {each.__name__ for each in kinds if issubclass(each, module.nn.Module)}

    assert names(theirs) == names(ours) == {name_of(each) for each in CASES}


def outcome(call):
    """Every tensor in a result, or what was raised; frozen."""
    return attempt(lambda: [each.detach() for each in tensors_in(call())])


def tensors_in(value):
    if isinstance(value, (ours.Tensor, theirs.Tensor)):
        return [value]
    parts = value if isinstance(value, (tuple, list)) else ()
    return [each for part in parts for each in tensors_in(part)]


def prepared(module, expression, **options):
    """A module in evaluation mode, initialised where it is lazy, and inputs for it."""
    inputs = inputs_of(module, expression, **options)
    made = make_module(module, expression).eval()
    if expression.startswith("Lazy"):
        made(*inputs_of(module, expression))
    return made, inputs


@pytest.mark.parametrize("expression", CASES, ids=name_of)
def test_as_made(expression):
    """Text, constants, attributes, state and initial values are torch's."""

    def shows(module):
        made = make_module(module, expression)
        attributes = {
            name: neutral(repr(value))
            for name, value in vars(made).items()
            if not name.startswith("_") and "function" not in repr(value)
        }
        lazy = "Lazy" in expression
        state = {} if lazy else dict(made.state_dict())
        return {
            "text": neutral(repr(made)),
            "own text": [each.extra_repr() for each in made.modules()],
            "attributes": sorted(attributes.items()),
            "keys": list(made.state_dict()),
            "metadata": neutral(str(made.state_dict()._metadata)),
            "state": state,
            "parameters": [(name, each.requires_grad) for name, each in made.named_parameters()],
            "training": [each.training for each in made.modules()],
            "names": sorted(name for name in dir(made) if name[0] != "_" and name not in state),
        }

    assert_same(freeze(shows(ours)), freeze(shows(theirs)))


def _copied(module, made):
    return copy.deepcopy(made)


def _saved(module, made):
    file = io.BytesIO()
    module.save(made, file)
    file.seek(0)
    return module.load(file, weights_only=False)


def _state_loaded(module, made):
    again = copy.deepcopy(made)
    with module.no_grad():
        for each in again.parameters():
            each.zero_()
    again.load_state_dict(made.state_dict())
    return again


@of("copies")
@pytest.mark.parametrize("duplicate", [_copied, _saved, _state_loaded])
def test_copies(expression, duplicate):
    """A copy has memory of its own and computes the same."""
    made, inputs = prepared(ours, expression)
    again = duplicate(ours, made)

    assert type(again) is type(made)
    assert repr(again) == repr(made)
    pairs = list(zip(made.parameters(), again.parameters(), strict=True))
    assert all(mine.data_ptr() != other.data_ptr() for mine, other in pairs if mine.numel())
    results = []
    for each in (made, again):
        ours.manual_seed(1)
        results.append(outcome(lambda each=each: each(*inputs)))
    assert_same(*results, tolerance=(0, 0))


def _conversions(module, expression):
    found = []
    for name in ("double", "bfloat16"):
        made, inputs = prepared(module, expression, dtype={"double": "float64"}.get(name, name))
        made = getattr(made, name)()
        module.manual_seed(1)
        result = outcome(lambda made=made, inputs=inputs: made(*inputs))
        kinds = [str(each.dtype) for each in made.state_dict().values()]
        found.append((name, [neutral(each) for each in kinds], result))
    return found


@of("dtypes")
def test_dtypes(expression):
    got, want = _conversions(ours, expression), _conversions(theirs, expression)
    for mine, their in zip(got, want, strict=True):
        assert mine[:2] == their[:2]
        assert_same(mine[2], their[2], tolerance=(5e-2, 5e-2) if mine[0] == "bfloat16" else None)


@of("none", 40, _UNWRITTEN)
def test_no_batch(expression):
    """A batch of none gives an empty result, or the error that torch has for it."""

    def compute(module):
        made, inputs = prepared(module, expression, batch=0)
        return outcome(lambda: made(*inputs))

    assert_same(compute(ours), compute(theirs))


@of("modes")
def test_modes(expression):
    """With and without gradients; the gradients of parameters and inputs; state after training."""

    def compute(module):
        made, inputs = prepared(module, expression)
        with module.no_grad():
            module.manual_seed(1)
            plain = tensors_in(made(*inputs))
            recorded = [each.requires_grad for each in plain]
        found = [recorded, [each.training for each in made.train().modules()]]
        leaves = [each.requires_grad_() for each in inputs if each.is_floating_point()]
        module.manual_seed(1)
        results = tensors_in(made(*inputs))
        inexact = [each for each in results if each.is_floating_point() and each.requires_grad]
        if inexact:
            sum((each * each).sum() for each in inexact).backward()
        return [
            *found,
            [each.requires_grad for each in results],
            plain,
            [each.detach() for each in results],
            [each.grad for each in [*leaves, *made.parameters()]],
            dict(made.state_dict()),
        ]

    assert_same(attempt(compute, ours), attempt(compute, theirs), tolerance=(1e-4, 1e-5))


@of("functional call")
def test_functional_call(expression):
    """`torch.func.functional_call` computes with other parameters and leaves the module's alone."""

    def compute(module):
        made, inputs = prepared(module, expression)
        kept = {name: each.clone() for name, each in made.state_dict().items()}
        other = {name: each.detach() * 0.5 + 0.25 for name, each in made.named_parameters()}
        module.manual_seed(1)
        result = tensors_in(module.func.functional_call(made, other, tuple(inputs)))
        return [[each.detach() for each in result], dict(made.state_dict()), kept]

    assert_same(attempt(compute, ours), attempt(compute, theirs), tolerance=LOOSE)


@pytest.mark.skipif(SELF, reason="torch compiles nothing")
@of("compilations", 24, _BY_DATA)
def test_nothing_new_compiles(expression):
    """Other values of inputs and parameters run the programs that are there."""
    made, _ = prepared(ours, expression)
    made.train()
    counts = []
    for seed in range(4):
        inputs = inputs_of(ours, expression, seed=seed)
        made.zero_grad()
        results = [each for each in tensors_in(made(*inputs)) if each.requires_grad]
        if results:
            sum(each.sum() for each in results).backward()
        with ours.no_grad():
            for each in made.parameters():
                each.add_(each.grad if each.grad is not None else 0, alpha=-0.1 / (seed + 1))
        values = [each.detach().tolist() for each in (*results, *made.parameters())]
        assert len(values) == len(results) + len(list(made.parameters()))
        counts.append(len(ours.compilations()))
    assert counts[2] == counts[3], "\n".join(map(str, list(ours.compilations())[counts[2] :]))


def test_the_table_can_fail():
    first, second = [make_module(ours, "Linear(4, 3)") for _ in range(2)]
    assert np.array_equal(first.weight.tolist(), second.weight.tolist())
    second.weight.data[0, 0] += 1
    with pytest.raises(AssertionError):
        assert_same(freeze(first.weight), freeze(second.weight))
