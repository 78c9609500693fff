"""Losses and the adaptive softmax: values, derivatives, layouts, errors and texts, against torch."""

import copy
import pickle

import numpy as np
import pytest

from compare import SELF, assert_same, attempt, both, freeze, make, ours, raised, sampled
from nn_sessions import compare_part, sessions

TOLERANCE = (1e-8, 1e-10)
REDUCTIONS = ("mean", "sum", "none")


def steps(*shape, seed=0):
    """Multiples of a quarter, so that differences meet the kinks exactly."""
    return np.random.default_rng(seed).integers(-8, 9, shape) / 4


def shares(*shape, seed=0):
    values = np.random.default_rng(seed).uniform(size=shape)
    values.reshape(-1)[:3] = 0.0, 1.0, 0.5
    return values


def classes(*shape, count=5, seed=0):
    return np.random.default_rng(seed).integers(0, count, shape)


def signs(*shape, seed=0):
    return np.random.default_rng(seed).choice([-1.0, 1.0], shape)


X, Y, Z = steps(4, 5, seed=1), steps(4, 5, seed=2), steps(4, 5, seed=3)
WEIGHT = np.linspace(0.5, 1.5, 5)
LABELS = np.array([[0, 3, -1, 1, 2], [4, 4, 1, -1, 0], [-1, 0, 1, 2, 3], [0, 1, 2, 3, 4]])

# (name, what gradients are wanted of, other tensors, options)
CASES = [
    ("mse_loss", (X, Y), (), {}),
    ("mse_loss", (X, Y), (), {"weight": np.abs(Z)}),
    ("l1_loss", (X, Y), (), {}),
    ("l1_loss", (X, Y), (), {"weight": np.abs(Z)}),
    ("smooth_l1_loss", (X, Y), (), {}),
    ("smooth_l1_loss", (X, Y), (), {"beta": 0.5}),
    ("smooth_l1_loss", (X, Y), (), {"beta": 0}),
    ("huber_loss", (X, Y), (), {}),
    ("huber_loss", (X, Y), (), {"delta": 1.5}),
    ("huber_loss", (X, Y), (), {"weight": np.abs(Z)}),
    ("soft_margin_loss", (X,), (signs(4, 5),), {}),
    ("binary_cross_entropy", (shares(4, 5, seed=1)[:, 3:], shares(4, 5, seed=2)[:, 3:]), (), {}),
    ("binary_cross_entropy", (shares(4, 5),), (shares(4, 5, seed=2),), {"weight": WEIGHT}),
    ("binary_cross_entropy_with_logits", (X * 30, shares(4, 5)), (), {}),
    ("binary_cross_entropy_with_logits", (X, shares(4, 5)), (), {"pos_weight": WEIGHT}),
    ("binary_cross_entropy_with_logits", (X,), (shares(4, 5),), {"weight": WEIGHT}),
    ("kl_div", (X, shares(4, 5) + 0.1), (), {}),
    ("kl_div", (X, Y), (), {"log_target": True}),
    ("poisson_nll_loss", (X, np.abs(Y) + 0.1), (), {"full": True}),
    ("poisson_nll_loss", (np.abs(X), np.abs(Y)), (), {"log_input": False}),
    ("gaussian_nll_loss", (X, Y, np.abs(Z)), (), {"full": True}),
    ("hinge_embedding_loss", (X,), (signs(4, 5),), {"margin": 0.5}),
    ("margin_ranking_loss", (X, Y), (signs(4, 5),), {"margin": 0.25}),
    ("cosine_embedding_loss", (X, Y), (signs(4),), {"margin": 0.2}),
    ("multi_margin_loss", (X,), (classes(4),), {}),
    ("multi_margin_loss", (X,), (classes(4),), {"p": 2, "margin": 0.5, "weight": WEIGHT}),
    ("multilabel_margin_loss", (X,), (LABELS,), {}),
    ("multilabel_soft_margin_loss", (X, shares(4, 5)), (), {"weight": WEIGHT}),
    ("triplet_margin_loss", (X, Y, Z), (), {"swap": True}),
    ("triplet_margin_loss", (X, Y, Z), (), {"p": 1, "margin": 2.0}),
    ("triplet_margin_with_distance_loss", (X, Y, Z), (), {"swap": True}),
    ("nll_loss", (X,), (classes(4),), {"weight": WEIGHT, "ignore_index": 2}),
    ("nll_loss", (steps(5),), (classes(),), {}),
    ("nll_loss", (steps(2, 5, 3, 2),), (classes(2, 3, 2),), {"weight": WEIGHT, "ignore_index": 0}),
    ("nll_loss", (steps(2, 5, 3),), (classes(2, 3),), {}),
    ("cross_entropy", (X,), (classes(4),), {}),
    ("cross_entropy", (X,), (classes(4),), {"weight": WEIGHT, "ignore_index": 1}),
    ("cross_entropy", (X,), (classes(4),), {"label_smoothing": 0.3, "ignore_index": 1}),
    ("cross_entropy", (X,), (classes(4),), {"label_smoothing": 0.3, "weight": WEIGHT}),
    ("cross_entropy", (X, shares(4, 5)), (), {"weight": WEIGHT, "label_smoothing": 0.1}),
    ("cross_entropy", (steps(2, 5, 3),), (classes(2, 3),), {"weight": WEIGHT}),
    ("cross_entropy", (steps(2, 5, 2, 2), shares(2, 5, 2, 2)), (), {}),
    ("cross_entropy", (steps(5),), (classes(),), {"label_smoothing": 0.3}),
]  # fmt: skip
IDS = [f"{name}-{'-'.join(options)}" for name, _, _, options in CASES]

# torch's gradient of these is a constant that has a node all the same
CONSTANT = {"multi_margin_loss", "multilabel_margin_loss", "nll_loss"}
NO_HALF = {"multi_margin_loss", "multilabel_margin_loss"}  # torch has no such kernels


def tensors(module, arrays):
    return [make(module, each, None if each.dtype.kind == "i" else "float64") for each in arrays]


def keywords(module, options, dtype="float64"):
    return {
        name: make(module, each, dtype) if isinstance(each, np.ndarray) else each
        for name, each in options.items()
    }


def derivatives(module, case, reduction):
    """[loss, its node, gradients, gradients of these]; the last ones may be an error."""
    name, wanted, others, options = case
    leaves = [each.requires_grad_() for each in tensors(module, wanted)]
    arguments = [*leaves, *tensors(module, others)]
    options = keywords(module, options)
    loss = getattr(module.nn.functional, name)(*arguments, reduction=reduction, **options)
    scale = make(module, np.linspace(0.5, 1.5, loss.numel()).reshape(loss.shape), "float64")
    found = module.autograd.grad((loss * scale).sum(), leaves, create_graph=True)
    result = [loss.detach(), type(loss.grad_fn).__name__, *[each.detach() for each in found]]
    if name in CONSTANT:
        return result

    def again():
        total = sum((each * each).sum() for each in found)
        again = module.autograd.grad(total, leaves, allow_unused=True)
        return [
            each if each is None else each + 0 for each in again
        ]  # torch's zeros have no memory

    return [*result, attempt(again)]


@pytest.mark.parametrize("place", range(len(CASES)), ids=IDS)
def test_derivatives(place):
    case = CASES[place]
    for reduction in sampled(REDUCTIONS, 1, salt=IDS[place]):
        both(lambda module, r=reduction: derivatives(module, case, r), tolerance=TOLERANCE)


VALUES = [
    pytest.param(place, dtype, id=f"{dtype}-{IDS[place]}")
    for place in sampled(range(len(CASES)), 14)
    for dtype in ("float32", "bfloat16")
    if dtype == "float32" or CASES[place][0] not in NO_HALF
]


@pytest.mark.parametrize("place, dtype", VALUES)
def test_values(place, dtype):
    """All ways to reduce, of contiguous and of turned inputs."""
    name, wanted, others, options = CASES[place]

    def compute(module):
        given = [make(module, each, dtype) for each in wanted]
        rest = [make(module, each, None if each.dtype.kind == "i" else dtype) for each in others]
        call = getattr(module.nn.functional, name)
        found = []
        for turned in (False, True):
            if turned:
                given = [each.movedim(0, -1).contiguous().movedim(-1, 0) for each in given]
            for reduction in REDUCTIONS:
                extra = keywords(module, options, dtype)
                found.append(call(*given, *rest, reduction=reduction, **extra))
        return found

    both(compute, tolerance=None if dtype == "float32" else (3e-2, 1e-2))


@pytest.mark.parametrize("name", ["mse_loss", "smooth_l1_loss", "huber_loss", "l1_loss", "kl_div",
                                  "binary_cross_entropy_with_logits", "soft_margin_loss"])  # fmt: skip
def test_corners(name):
    """Infinities, NaN and nothing at all."""
    corners = np.array([np.inf, -np.inf, np.nan, 0.0, 1e300, 1.0])
    wanted, target = (each.reshape(-1) for each in np.meshgrid(corners, corners))

    def compute(module):
        x = make(module, wanted, "float64").requires_grad_()
        call = getattr(module.nn.functional, name)
        loss = call(x, make(module, target, "float64"), reduction="none")
        (gradient,) = module.autograd.grad(loss, x, module.ones_like(loss))
        nothing = module.zeros(0, 3)
        ends = [call(nothing, nothing, reduction=each) for each in REDUCTIONS]
        return [loss.detach(), gradient, *ends]

    both(compute, tolerance=TOLERANCE)


def test_corners_of_classes():
    """Logits that are infinite or NaN, rows that do not count, no rows."""
    logits = np.array([
        [np.inf, 0, 1], [-np.inf, 0, 1], [np.nan, 0, 1], [0, 1, 2], [1e300, -1e300, 0],
        [np.nan, np.inf, 0],
    ])  # fmt: skip
    target = np.array([0, 0, 1, -100, 1, -100])

    def compute(module):
        found = []
        for name in ("cross_entropy", "nll_loss"):
            for reduction in REDUCTIONS:
                x = make(module, logits, "float64").requires_grad_()
                loss = getattr(module.nn.functional, name)(
                    x, make(module, target), reduction=reduction
                )
                found += [loss.detach(), *module.autograd.grad(loss, x, module.ones_like(loss))]
            nobody = make(module, np.full(6, -100))
            x = make(module, logits, "float64")
            found.append(getattr(module.nn.functional, name)(x, nobody))
        return found

    both(compute, tolerance=TOLERANCE)


def late_errors(module):
    """Errors that only computed values show, and where they come."""
    functional = module.nn.functional
    logits = module.zeros(3, 4)
    target = module.tensor([0, 1, 2]) * 3
    found = []
    for call in (
        lambda: functional.cross_entropy(logits, target),
        lambda: functional.nll_loss(logits, target - 7),
        lambda: functional.multi_margin_loss(logits, target),
        lambda: functional.multilabel_margin_loss(logits, (target - 8).expand(4, 3).t()),
        lambda: functional.binary_cross_entropy(logits + 1.5, logits),
        lambda: functional.binary_cross_entropy(logits, logits - 0.5),
    ):
        try:
            found.append(freeze(call().tolist()))
        except Exception as error:
            found.append(raised(error))
    return found


def test_late_errors():
    both(late_errors)


def test_known_errors():
    """What is known when a loss is called is refused there."""
    functional = ours.nn.functional
    shares, logits = ours.tensor([0.5, 2.0]), ours.zeros(2, 3)
    with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
        functional.binary_cross_entropy(shares, shares)
    with pytest.raises(RuntimeError, match="all elements of target should be between 0 and 1"):
        functional.binary_cross_entropy(ours.ones(2), ours.tensor([0.5, np.nan]))
    with pytest.raises(IndexError, match=r"Target 3 is out of bounds\."):
        functional.cross_entropy(logits, ours.tensor([0, 3]))
    with pytest.raises(RuntimeError, match="target out of range"):
        functional.multi_margin_loss(logits, ours.tensor([0, 3]))


@pytest.mark.skipif(SELF, reason="torch compiles nothing")
def test_one_program_for_all_steps():
    """New targets and new numbers compile nothing."""
    functional = ours.nn.functional
    weight = ours.ones(3, 4, requires_grad=True)

    def step(seed):
        target = make(ours, classes(6, count=4, seed=seed))
        loss = functional.cross_entropy(make(ours, steps(6, 3), "float32") @ weight, target)
        loss = loss + functional.smooth_l1_loss(weight, ours.zeros(3, 4), beta=0.5 + seed)
        loss.backward()
        return weight.grad.sum().item(), loss.item()

    step(0)
    step(1)
    before = len(ours.compilations())
    assert step(2) != step(3)
    assert len(ours.compilations()) == before


# Sequences


def sequences(times=7, count=3, kinds=5, length=3, seed=0):
    draw = np.random.default_rng(seed)
    return draw.normal(size=(times, count, kinds)), draw.integers(1, kinds, (count, length))


@pytest.mark.parametrize(
    "reduction, zero_infinity",
    sampled([(each, flag) for each in REDUCTIONS for flag in (False, True)], 2, salt="ctc"),
)
def test_ctc(reduction, zero_infinity):
    """Repeated labels, lengths of all kinds, targets that do not fit: values and gradients."""
    logits, labels = sequences(count=6)
    labels[1], labels[2], labels[3] = 2, (1, 1, 2), (1, 2, 1)
    inputs, lengths = [7, 5, 3, 7, 2, 0], [3, 2, 3, 1, 0, 0]
    joined = np.concatenate([row[:n] for row, n in zip(labels, lengths, strict=True)])

    def compute(module):
        x = make(module, logits, "float64").requires_grad_()
        found = []
        for targets in (labels, joined):
            loss = module.nn.functional.ctc_loss(
                x.log_softmax(2), make(module, targets), inputs, lengths, reduction=reduction,
                zero_infinity=zero_infinity,
            )  # fmt: skip
            found += [loss.detach(), *module.autograd.grad(loss, x, module.ones_like(loss))]
        return found

    both(compute, tolerance=TOLERANCE)


@pytest.mark.parametrize("blank, kinds, length", sampled([(4, 5, 2), (0, 2, 4), (1, 3, 1)], 2))
def test_ctc_blank(blank, kinds, length):
    logits, labels = sequences(kinds=kinds, length=length)
    labels = np.where(labels == blank, (labels + 1) % kinds, labels)

    def compute(module):
        x = make(module, logits, "float32").requires_grad_()
        lengths = module.tensor([7, 7, 7]), module.tensor([length] * 3)
        loss = module.nn.functional.ctc_loss(
            x.log_softmax(2), make(module, labels), *lengths, blank=blank
        )
        return [loss.detach(), *module.autograd.grad(loss, x)]

    both(compute, tolerance=(2e-5, 1e-5))


def test_ctc_refuses_tangents():
    def compute(module):
        x = module.zeros(3, 1, 4)
        loss = lambda x: module.nn.functional.ctc_loss(x, module.tensor([[1, 2]]), [3], [2])  # noqa: E731
        return module.func.jvp(loss, (x,), (x + 1,))

    both(compute)


# The adaptive softmax


@pytest.mark.parametrize("size", sampled([1, 7, 12], 2))
def test_adaptive(size):
    draw = np.random.default_rng(size)
    array, target = draw.normal(size=(size, 16)), draw.integers(0, 30, size)

    def compute(module):
        module.manual_seed(0)
        softmax = module.nn.AdaptiveLogSoftmaxWithLoss(16, 30, [4, 10], div_value=2.0)
        softmax = softmax.double()
        x = make(module, array, "float64").requires_grad_()
        output, loss = softmax(x, make(module, target))
        gradients = module.autograd.grad(loss, [x, *softmax.parameters()], allow_unused=True)
        log_prob = softmax.log_prob(x)
        return [
            output.detach(), loss.detach(), list(gradients), log_prob.detach(), softmax.predict(x)
        ]  # fmt: skip

    both(compute, tolerance=TOLERANCE)


# Modules


def test_modules_are_kept():
    for name in ours.nn.modules.loss.__all__:
        if name in ("LinearCrossEntropyLoss", "NLLLoss2d"):
            continue
        module = getattr(ours.nn, name)()
        for again in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
            assert type(again) is type(module)
            assert repr(again) == repr(module)
            assert again.reduction == module.reduction


@sessions("nn_losses", "nn_loss_classes", "nn_loss_margins", "nn_loss_sequences")
def test_session(part):
    assert compare_part(part)


@pytest.mark.skipif(SELF, reason="the names are those of our modules")
def test_the_table_is_complete():
    """Every loss of torch.nn.functional has a case, or a test of its own."""
    tested = {name for name, *_ in CASES} | {"ctc_loss", "linear_cross_entropy"}
    offered = {*ours.nn._losses.__all__, *ours.nn._linear_losses.__all__}
    assert_same(sorted(tested), sorted(offered))
