"""What compiles and what must not: counted by `jtorch.compilations()`, values against torch.

Under `JTORCH_TEST_SELF=1` the programs run on torch, which compiles nothing, and only values count.
"""

import gc
import pathlib

import numpy as np
import pytest

from compare import SELF, assert_same, freeze, ours, theirs
from jtorch._engine.cache import xla_compilations

WARM = 2
STEPS = 12
HANDFUL = 6


def compiled():
    """How many programs have been compiled in this process."""
    return 0 if SELF else len(ours.compilations())


def explain(since):
    return "" if SELF else "\n".join(map(str, list(ours.compilations())[since:]))


def loop(module, make, body, steps, after_warm=None):
    """Run `body(module, state, step)` from `make(module)`'s state; all it gives, and the state."""
    state, seen = make(module), []
    for step in range(steps):
        if step == WARM and after_warm is not None:
            after_warm()
        seen.append(body(module, state, step))
    return [freeze(state), seen]


def check_loop(make, body, *, steps=STEPS, allowed=0):
    """After the second pass nothing is compiled, and the values are torch's."""
    counts = []
    got = loop(ours, make, body, steps, lambda: counts.extend((compiled(), xla_compilations())))
    more = compiled() - counts[0]
    again = xla_compilations() - counts[1] - more
    want = loop(theirs, make, body, steps)
    assert more <= allowed, f"{more} more programs after pass {WARM}:\n{explain(counts[0])}"
    assert again <= 0, f"JAX has compiled {again} known programs once more"
    assert_same(got, want, tolerance=(1e-5, 1e-5))


def vector(module):
    return [module.tensor(np.linspace(-1, 2, 6, dtype=np.float32))]


def matrix(module):
    return [module.tensor(np.linspace(-1, 2, 24, dtype=np.float32).reshape(6, 4))]


READ = {
    "factor": (vector, lambda m, s, i: (s[0] * (0.5 + i)).tolist()),
    "integer factor": (vector, lambda m, s, i: (s[0] * (i + 2)).tolist()),
    "term": (vector, lambda m, s, i: (s[0] + 1 / (i + 1)).tolist()),
    "reflected": (vector, lambda m, s, i: (i - s[0]).tolist()),
    "alpha": (vector, lambda m, s, i: s[0].add(s[0], alpha=0.1 * i + 0.05).tolist()),
    "threshold": (vector, lambda m, s, i: (s[0] > 0.1 * i).tolist()),
    "clamp": (vector, lambda m, s, i: s[0].clamp(-0.1 * i, 0.1 * i + 0.01).tolist()),
    "power": (lambda m: [m.ones(6) * 2], lambda m, s, i: (s[0] ** (0.3 + i)).tolist()),
    "temperature": (matrix, lambda m, s, i: (s[0] / (1.5 + 0.1 * i)).softmax(-1).tolist()),
    "masked_fill": (vector, lambda m, s, i: s[0].masked_fill(s[0] > 0, 0.3 * i).tolist()),
    "where": (vector, lambda m, s, i: m.where(s[0] > 0, 0.3 * i, s[0]).tolist()),
    "full": (vector, lambda m, s, i: (m.full((6,), 0.3 * i) + s[0]).tolist()),
    "lerp": (vector, lambda m, s, i: s[0].lerp(s[0] * 2, 0.07 * i).tolist()),
    "addcmul": (vector, lambda m, s, i: m.addcmul(s[0], s[0], s[0], value=0.3 + i).tolist()),
    "scalar tensor": (vector, lambda m, s, i: (s[0] * m.tensor(0.3 * i)).tolist()),
    "remainder": (vector, lambda m, s, i: (s[0] % (0.3 + i)).tolist()),
    "row": (matrix, lambda m, s, i: s[0][i % 6].tolist()),
    "row from the end": (matrix, lambda m, s, i: s[0][-1 - i % 6].tolist()),
    "column": (matrix, lambda m, s, i: s[0][:, i % 4].tolist()),
    "element": (matrix, lambda m, s, i: s[0][i % 6, i % 4].item()),
    "slice": (matrix, lambda m, s, i: s[0][i % 5 : i % 5 + 2].tolist()),
    "strided slice": (lambda m: [m.arange(40.0)], lambda m, s, i: s[0][i : i + 20 : 4].tolist()),
    "narrow": (matrix, lambda m, s, i: s[0].narrow(0, i % 4, 3).sum().item()),
    "select": (matrix, lambda m, s, i: (s[0].select(1, i % 4) * 2).tolist()),
    "index tensor": (matrix, lambda m, s, i: s[0][m.tensor([i % 6, 0])].tolist()),
    "two indices": (matrix, lambda m, s, i: s[0][i % 6, 1:3].tolist()),
}


@pytest.mark.parametrize("name", READ)
def test_a_number_that_changes_compiles_nothing(name):
    make, body = READ[name]
    check_loop(make, body)


def _written(module, w, step):
    """What a write at a place and of a value that change makes of zeros."""
    a = w * 0
    a[step % 6] = w[0] * (step + 0.5)
    a[step % 5 : step % 5 + 2] += 0.3 * step
    return a * a


DIFFERENTIATED = {
    "factor": lambda m, w, i: (w * (0.1 * i)).sin(),
    "clamp": lambda m, w, i: w.clamp(-0.1 * i, 0.1 * i + 0.01),
    "row": lambda m, w, i: w[i % 6] * 2,
    "slice": lambda m, w, i: w[i % 5 : i % 5 + 2].exp(),
    "element of a view": lambda m, w, i: w.t()[1, i % 6] * w[i % 6, 2],
    "row of an expanded view": lambda m, w, i: w.expand(2, 6, 4).transpose(0, 1)[i % 6],
    "piece": lambda m, w, i: w.split(2)[i % 3] * w.split(2)[0],
    "index tensor": lambda m, w, i: w[m.tensor([i % 6, 0])],
    "written": _written,
    "batch": lambda m, w, i: m.vmap(lambda row: row * (0.5 * i))(w),
    "derivative of a function": lambda m, w, i: m.func.grad(lambda a: (a * (0.3 * i)).sin().sum())(
        w
    ),
    "tangent": lambda m, w, i: m.func.jvp(lambda a: (a[i % 6] * (0.3 * i)).sin(), (w,), (w,))[1],
}


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own, in jvp
@pytest.mark.parametrize("orders", [1, 2])
@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_gradients_by_what_changes_compile_nothing(name, orders):
    def make(module):
        return [matrix(module)[0].requires_grad_()]

    def body(module, state, step):
        (w,) = state
        value = DIFFERENTIATED[name](module, w, step)
        for _ in range(orders):
            (value,) = module.autograd.grad((value * value).sum(), w, create_graph=True)
        return value.tolist()

    check_loop(make, body)


def _set(index, value):
    def body(module, state, step):
        state[0][index(step)] = value(step)

    return body


WRITTEN = {
    "value": _set(lambda i: 0, lambda i: 0.3 * i),
    "row": _set(lambda i: i % 6, lambda i: 5.0),
    "row and value": _set(lambda i: i % 6, lambda i: 0.3 * i),
    "block": _set(lambda i: slice(i % 5, i % 5 + 2), lambda i: 0.3 * i),
    "element": _set(lambda i: (i % 6, i % 4), lambda i: i),
    "column": _set(lambda i: (slice(None), i % 4), lambda i: 0.5),
    "add_": lambda m, s, i: s[0].add_(0.3 * i),
    "mul_": lambda m, s, i: s[0].mul_(1 + 0.01 * i),
    "fill_": lambda m, s, i: s[0].fill_(0.3 * i),
    "row add_": lambda m, s, i: s[0][i % 6].add_(0.3 * i),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_write_at_a_place_that_changes_compiles_nothing(name):
    """The state is read every pass, so each pass is one run of one program."""

    def body(module, state, step):
        WRITTEN[name](module, state, step)
        return state[0].tolist()

    check_loop(matrix, body)


def sgd(module, state, step):
    """A step of gradient descent with momentum by hand; the rate falls, the loss is read."""
    weights, momentum, inputs, wanted = state
    rate = 0.1 / (1 + step)
    error = inputs @ weights - wanted
    gradient = inputs.t() @ error / len(wanted)
    momentum.mul_(0.9).add_(gradient)
    weights.add_(momentum, alpha=-rate)
    return (error * error).mean().item()


def adam(module, state, step):
    """A step of Adam by hand: powers of the step count are Python numbers that never repeat."""
    weights, momentum, inputs, wanted = state
    square = module.zeros(4)
    error = inputs @ weights - wanted
    gradient = inputs.t() @ error
    momentum.lerp_(gradient, 0.1)
    square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
    corrected = momentum / (1 - 0.9 ** (step + 1))
    scale = (square / (1 - 0.999 ** (step + 1))).sqrt() + 1e-8
    weights.addcdiv_(corrected, scale, value=-0.01 / (step + 1))
    return weights.sum().item()


def regression(module):
    draw = np.random.default_rng(5)
    inputs = draw.normal(size=(6, 4)).astype(np.float32)
    wanted = draw.normal(size=6).astype(np.float32)
    return [module.zeros(4), module.zeros(4), module.tensor(inputs), module.tensor(wanted)]


@pytest.mark.parametrize("step", [sgd, adam])
def test_a_training_loop_compiles_nothing_after_its_second_step(step):
    check_loop(regression, step, steps=30)


def test_a_loss_read_now_and_then_costs_a_few_programs_at_most():
    def body(module, state, step):
        loss = sgd_without_reading(state, step)
        return loss.item() if step % 5 == 0 else None

    check_loop(regression, body, steps=40, allowed=2)


def sgd_without_reading(state, step):
    weights, momentum, inputs, wanted = state
    error = inputs @ weights - wanted
    momentum.mul_(0.9).add_(inputs.t() @ error / len(wanted))
    weights.add_(momentum, alpha=-0.1 / (1 + step))
    return (error * error).mean()


def test_a_kept_loss_costs_one_more_program_at_most():
    """Whether a result is kept alive decides what a program returns; it must not flicker."""
    kept = []

    def body(module, state, step):
        loss = sgd_without_reading(state, step)
        if step in (5, 9, 10, 17):
            kept.append(loss)
        return state[0].tolist()

    check_loop(regression, body, steps=24, allowed=1)


def test_a_batch_of_another_size_costs_its_own_program_once():
    def body(module, state, step):
        size = 4 if step % 5 == 4 else 6
        return (state[0][:size] * 2).sum().item()

    # The other size is met first in the fifth pass.
    check_loop(matrix, body, steps=25, allowed=1)


def test_a_new_shape_does_compile():
    """The counter counts: a loop over new shapes makes a program for each."""
    if SELF:
        pytest.skip("torch compiles nothing")
    before = compiled()
    for size in range(31, 36):
        (ours.ones(size).exp() + size).tolist()
    assert compiled() - before >= 5


def test_a_hundred_thousand_additions():
    """Without a read the loop neither grows without bound nor compiles more than a handful."""
    before, objects = compiled(), []
    x = ours.zeros(3)
    for step in range(100_000):
        x = x + 1
        if step % 10_000 == 9_999:
            objects.append(len(gc.get_objects()))
    assert x.tolist() == [100_000.0] * 3
    assert compiled() - before <= HANDFUL, explain(before)
    assert max(objects[5:]) < 1.5 * max(objects[:3])


def test_a_long_loop_with_a_longer_body():
    before = compiled()
    x, y = ours.zeros(3), ours.ones(3)
    for _ in range(5_000):
        x = (x + y) * 0.999
        y = (y - 0.001 * x).clamp(-1, 1)
    values = x.tolist()
    assert compiled() - before <= HANDFUL, explain(before)

    x, y = theirs.zeros(3), theirs.ones(3)
    for _ in range(5_000):
        x = (x + y) * 0.999
        y = (y - 0.001 * x).clamp(-1, 1)
    assert_same(values, x.tolist(), tolerance=(1e-3, 1e-3))


def test_in_place_loop_without_a_read():
    before = compiled()
    x = ours.zeros(3)
    for _ in range(20_000):
        x.add_(1)
    assert x.tolist() == [20_000.0] * 3
    assert x._version == 20_000
    assert compiled() - before <= HANDFUL, explain(before)


def test_equal_numbers_are_not_confused():
    """Numbers are told apart by position: two of equal value in one pass differ in the next."""

    def body(module, state, step):
        return (state[0] * (1.0 + step) + 2.0).tolist() + (state[0] * 2.0 + (1.0 + step)).tolist()

    check_loop(vector, body)


def test_each_compilation_is_explained():
    if SELF:
        pytest.skip("torch compiles nothing")
    before = compiled()
    x = ours.ones(3, 17)
    (x * 2 + 1).sum(0).tolist()
    made = list(ours.compilations())[before:]
    assert made
    assert any(pathlib.Path(__file__).name in each.line for each in made)
    assert all(each.reason and each.seconds >= 0 and each.operations > 0 for each in made)
    assert all(each.line in str(ours.compilations()) for each in made)


@pytest.mark.skipif(SELF, reason="counts JAX's compilations")
@pytest.mark.parametrize("kind", ["SGD", "Adam", "RMSprop"])
def test_jax_compiles_a_training_step_once(kind):
    """Buffers that are donated, and those that optimizers make, are of one kind for JAX."""
    nn, optim = ours.nn, ours.optim
    network = nn.Sequential(nn.Linear(200, 150), nn.ReLU(), nn.BatchNorm1d(150), nn.Linear(150, 3))
    optimizer = getattr(optim, kind)(network.parameters(), lr=0.01)
    before = compiled(), xla_compilations()
    for _ in range(6):
        optimizer.zero_grad()
        network(ours.rand(7, 200)).square().mean().backward()
        optimizer.step()
    programs, compilations = compiled() - before[0], xla_compilations() - before[1]

    assert programs <= 2, explain(before[0])  # before the first step there are no gradients
    assert compilations == programs
