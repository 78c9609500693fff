"""What autograd keeps and for how long, how deep a graph may be, and how few programs a step needs."""

import contextlib
import gc
import weakref

import numpy as np
import pytest

from autograd_programs import is_node, leaf
from compare import SELF, assert_same, freeze, ours, theirs

DEPTH = 100_000


@pytest.fixture(name="no_collector")
def _no_collector():
    """Nothing is freed but by reference counts."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def is_freed(make):
    """Whether what `make()` refers to (weak references) dies when its graph is dropped."""
    references = make()
    assert references
    return [reference() is None for reference in references]


def weak(*things):
    """Weak references; torch's own nodes have none."""
    return [weakref.ref(each) for each in things if not (SELF and is_node(each))]


def a_graph_that_is_dropped():
    x = leaf(ours, 1.0, 2.0)
    y = x * 2
    z = (y.exp() * y).sum()
    return weak(x, y, z, z.grad_fn, y.grad_fn)


def a_graph_after_backward():
    x = leaf(ours, 1.0, 2.0)
    y = x.exp()
    z = (y * y).sum()
    z.backward()
    return weak(x, y, z, x.grad)


def a_graph_kept_by_retain_graph():
    x = leaf(ours, 1.0, 2.0)
    z = (x.exp() * x).sum()
    z.backward(retain_graph=True)
    return weak(x, z, z.grad_fn, x.grad)


def gradients_of_gradients():
    x = leaf(ours, 1.0, 2.0)
    (d,) = ours.autograd.grad((x**3).sum(), x, create_graph=True)
    (e,) = ours.autograd.grad(d.sum(), x, create_graph=True)
    return weak(x, d, e, e.grad_fn)


def a_retained_gradient():
    x = leaf(ours, 1.0, 2.0)
    y = x * 2
    y.retain_grad()
    y.sum().backward()
    return weak(x, y, y.grad)


def views_written_in_place():
    x = leaf(ours, 1.0, 2.0)
    y = x * 2
    first, second = y[0], y[1:]
    first.mul_(3)
    z = (second * 2).sum() + y.sum()
    z.backward()
    return weak(x, y, first, second, z, y.grad_fn)


def a_chain_in_place():
    x = leaf(ours, 1.0, 2.0)
    y = x.clone()
    for _ in range(5):
        y.add_(x).mul_(2)
    return weak(x, y, y.grad_fn)


def hooks():
    x = leaf(ours, 1.0, 2.0)
    y = x * 2
    seen = []
    y.register_hook(seen.append)
    y.grad_fn.register_hook(lambda into, out: None)
    x.register_post_accumulate_grad_hook(lambda p: None)
    y.sum().backward()
    return weak(x, y, y.grad_fn, seen[0])


def a_custom_function():
    class Squared(ours.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x * x
            ctx.save_for_backward(x, y)
            ctx.factor = 2
            return y

        @staticmethod
        def backward(ctx, g):
            x, _ = ctx.saved_tensors
            return g * x * ctx.factor

    x = leaf(ours, 1.0, 2.0)
    y = Squared.apply(x)
    z = y.sum()
    z.backward()
    return weak(x, y, z, y.grad_fn)


def a_failed_backward():
    x = leaf(ours, 1.0, 2.0)
    y = x * 2
    y.register_hook(lambda g: 1 / 0)
    z = y.sum()
    with contextlib.suppress(ZeroDivisionError):
        z.backward()
    return weak(x, y, z, z.grad_fn)


def transformations():
    x = ours.ones(3)
    d = ours.func.grad(lambda t: (t**3).sum())(x)
    h = ours.func.jacrev(lambda t: t**3)(x)
    v = ours.vmap(lambda t: t * 2)(x)
    return weak(x, d, h, v)


GRAPHS = {
    each.__name__: each
    for each in (
        a_graph_that_is_dropped,
        a_graph_after_backward,
        a_graph_kept_by_retain_graph,
        gradients_of_gradients,
        a_retained_gradient,
        views_written_in_place,
        a_chain_in_place,
        hooks,
        a_custom_function,
        a_failed_backward,
        transformations,
    )
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_is_freed_without_the_collector(name, no_collector):
    assert all(is_freed(GRAPHS[name]))


def test_the_graph_holds_what_it_needs(no_collector):
    """The check can fail: what a live result needs is alive."""
    if SELF:
        pytest.skip("torch's nodes have no weak references")
    x = leaf(ours, 1.0, 2.0)
    middle = x.exp()
    result = middle.sin().sum()
    node = weakref.ref(middle.grad_fn)
    del middle
    assert node() is not None
    result.backward()
    del result
    assert node() is None


def test_saved_values_go_with_backward(no_collector):
    """After backward the intermediate values of a graph are gone, though the result is kept."""
    if SELF:
        pytest.skip("torch's memory is not seen from here")
    before = live_bytes()
    x = ours.ones(1000, requires_grad=True)
    y = x
    for _ in range(10):
        y = y.sin()
    z = y.sum()
    del y
    z.backward()
    z.item()
    x.grad.tolist()
    assert live_bytes() - before < 5 * 4000


def live_bytes():
    """What JAX's live arrays come to."""
    import jax

    return sum(each.nbytes for each in jax.live_arrays())


CHAINS = {
    "additions": (DEPTH, lambda y: y + 1),
    "in place": (DEPTH // 5, lambda y: y.add_(1)),
    "views": (DEPTH // 5, lambda y: y.view(2)),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_deep_chain(name):
    """Neither backward, nor another walk, nor freeing it overflows the stack."""
    depth, step = CHAINS[name]
    x = leaf(ours, 1.0, 2.0)
    y = x.clone()
    for _ in range(depth):
        y = step(y)
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
    assert y.grad_fn is not None
    del y


def test_a_deep_chain_of_products_with_create_graph():
    depth = 400
    x = leaf(ours, 1.0, 2.0)
    y = x
    for _ in range(depth):
        y = y * 1.0
    (d,) = ours.autograd.grad((y * y).sum(), x, create_graph=True)
    (e,) = ours.autograd.grad(d.sum(), x)
    assert d.tolist() == [2.0, 4.0]
    assert e.tolist() == [2.0, 2.0]


def test_a_deep_graph_is_dropped_unused():
    x = leaf(ours, 1.0, 2.0)
    y = x
    for _ in range(DEPTH):
        y = y + 1
    del y
    assert x.grad is None


def test_a_wide_graph():
    """One tensor used 5,000 times gathers its gradient in one piece."""
    x = leaf(ours, 1.0, 2.0)
    total = sum((x * 1.0 for _ in range(5_000)), ours.zeros(2))
    total.sum().backward()
    assert x.grad.tolist() == [5_000.0, 5_000.0]


def parameters(module):
    """A perceptron of two layers, its data, and what is wanted of it."""
    draw = np.random.default_rng(3)
    sizes = ((4, 8), (8,), (8, 3), (3,))
    layers = [
        module.tensor(draw.normal(size=size).astype(np.float32) / 2, requires_grad=True)
        for size in sizes
    ]
    inputs = module.tensor(draw.normal(size=(16, 4)).astype(np.float32))
    wanted = module.tensor(draw.normal(size=(16, 3)).astype(np.float32))
    return [*layers, inputs, wanted]


def train(module, state, rate, *, zero=False, read=True):
    """A step of gradient descent; the loss is read at its end."""
    *layers, inputs, wanted = state
    first, first_bias, second, second_bias = layers
    hidden = (inputs @ first + first_bias).tanh()
    loss = ((hidden @ second + second_bias - wanted) ** 2).mean()
    loss.backward()
    with module.no_grad():
        for each in layers:
            each.sub_(each.grad, alpha=rate)
            if zero:
                each.grad.zero_()
            else:
                each.grad = None
    return loss.item() if read else None


def compiled():
    return 0 if SELF else len(ours.compilations())


def runs():
    """How many programs have run in this process, new ones and known ones."""
    return 0 if SELF else len(ours.compilations()) + ours.compilations().hits


def explain(since):
    return "" if SELF else "\n".join(map(str, list(ours.compilations())[since:]))


@pytest.mark.parametrize("zero", [False, True], ids=["set to None", "zeroed"])
def test_a_training_step_is_one_program(zero):
    state, warm, steps = parameters(ours), 3, 20
    losses = [train(ours, state, 0.1, zero=zero) for _ in range(warm)]
    before, count = compiled(), runs()
    for step in range(steps):
        losses.append(train(ours, state, 0.1 / (1 + step), zero=zero))
    more, ran = compiled() - before, runs() - count

    assert more == 0, f"{more} more programs after step {warm}:\n{explain(before)}"
    if not SELF:
        assert ran == steps, f"{ran} programs ran in {steps} steps"
    state = parameters(theirs)
    rates = [0.1] * warm + [0.1 / (1 + step) for step in range(steps)]
    wanted = [train(theirs, state, rate, zero=zero) for rate in rates]
    assert_same(losses, wanted, tolerance=(1e-4, 1e-5))


def test_backward_reads_nothing():
    """A step that is not read runs nothing by itself, but for the limit of a trace."""
    if SELF:
        pytest.skip("torch runs at once")
    state = parameters(ours)
    for _ in range(3):
        train(ours, state, 0.1)
    count = runs()
    train(ours, state, 0.1, read=False)

    assert runs() == count


def test_reading_in_between_costs_a_known_number_of_programs():
    def step(state):
        *layers, inputs, _ = state
        loss = ((inputs @ layers[0]) ** 2).mean()
        seen = loss.item()
        loss.backward()
        with ours.no_grad():
            layers[0].sub_(layers[0].grad, alpha=0.1)
            layers[0].grad = None
        return seen, layers[0].tolist()

    state = parameters(ours)
    for _ in range(3):
        step(state)
    before, count = compiled(), runs()
    for _ in range(10):
        step(state)

    assert compiled() == before, explain(before)
    if not SELF:
        assert runs() - count == 20


def test_a_thousand_steps_in_flat_memory(no_collector):
    """Counted with the collector off: no step leaves a cycle behind."""
    state, counts, programs = parameters(ours), [], []
    for step in range(1000):
        train(ours, state, 0.01, zero=step % 2 == 0)
        if step % 100 == 99:
            objects = gc.get_objects()
            counts.append(
                (len(objects), sum(issubclass(type(each), ours.Tensor) for each in objects))
            )
            programs.append(compiled())
            del objects

    assert max(count for count, _ in counts[2:]) <= counts[1][0] + 200, counts
    assert len({tensors for _, tensors in counts[1:]}) == 1, counts
    assert len(set(programs[1:])) == 1, explain(programs[0])


def test_losses_that_are_kept_keep_no_graph(no_collector):
    """A list of detached losses grows by one tensor a step, not by a graph."""
    state, losses, counts = parameters(ours), [], []
    for step in range(60):
        inputs, wanted = state[-2:]
        loss = ((inputs @ state[0]).sum(1, keepdim=True) - wanted).square().mean()
        loss.backward()
        losses.append(loss.detach())
        state[0].grad = None
        if step % 20 == 19:
            losses[-1].item()
            counts.append(sum(issubclass(type(each), ours.Tensor) for each in gc.get_objects()))

    assert counts[2] - counts[1] == counts[1] - counts[0] == 20


def test_accumulated_gradients_over_steps():
    """Gradients of several backward passes add up before one update, as programs do."""

    def run(module):
        state = parameters(module)
        *layers, inputs, wanted = state
        for _ in range(3):
            for part in range(4):
                rows = slice(4 * part, 4 * part + 4)
                hidden = (inputs[rows] @ layers[0] + layers[1]).relu()
                loss = ((hidden @ layers[2] + layers[3] - wanted[rows]) ** 2).mean()
                loss.backward()
            with module.no_grad():
                for each in layers:
                    each -= 0.05 * each.grad
                    each.grad.zero_()
        return [freeze(each) for each in layers]

    before = compiled()
    got = run(ours)
    assert_same(got, run(theirs), tolerance=(1e-4, 1e-5))
    assert compiled() - before <= 8, explain(before)
