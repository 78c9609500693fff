"""autograd.Function beyond the ordinary: modules, keywords, edges, threads."""

import gc
import importlib
import threading
import weakref

import pytest

from autograd_functions import by_saved, function, keeps
from autograd_programs import compare_program, leaf, on_both, tried, warned
from compare import SELF, ours, theirs

MODULES = [
    *("autograd.function", "autograd.graph", "autograd.grad_mode", "autograd.anomaly_mode"),
    *("autograd.variable", "utils.checkpoint"),
]


@pytest.mark.parametrize("name", MODULES)
def test_modules_have_torchs_names(name):
    mine, wanted = (importlib.import_module(f"{each.__name__}.{name}") for each in (ours, theirs))

    assert set(mine.__all__) <= set(wanted.__all__)
    for each in mine.__all__:
        found, expected = getattr(mine, each), getattr(wanted, each)
        assert getattr(found, "__name__", None) == getattr(expected, "__name__", None)


@on_both
def test_variables(torch):
    def call(*args, **kwargs):
        return warned(lambda: torch.autograd.Variable(*args, **kwargs))

    x = torch.ones(2)
    shared = torch.autograd.Variable(x)
    shared.add_(1)
    return [
        *(call(x), call(x, True), call(data=x, requires_grad=True), call(x, 3), call(), call(None)),
        *(call([1, 2]), call(3), call(x.long(), True), call(leaf(torch, 1.0) * 2)),
        *(call(x, volatile=True), call(x, True, True), call(leaf(torch, 1.0) * 2, True)),
        *(x, x._version, isinstance(x, torch.autograd.Variable)),
        isinstance(3, torch.autograd.Variable),
    ]


@on_both
def test_multithreading_mode(torch):
    mode = torch.autograd.set_multithreading_enabled
    found = [torch.autograd.is_multithreading_enabled()]
    with mode(False):
        found.append(torch.autograd.is_multithreading_enabled())
    found.append(torch.autograd.is_multithreading_enabled())
    x = torch.ones(2)
    with torch.autograd.grad_mode._unsafe_preserve_version_counter((x, x[:1])):
        x.add_(1)
    return found, x._version


# Arguments by name


def _of_old_style(ctx, x, y, n=2, m=5):
    ctx.given = (n, m)
    return x * y * n * m


def _with_rest(ctx, x, n=2, *rest, **named):
    ctx.given = (n, rest, named)
    return x * n


def _keyword_only(ctx, x, *, k=5):
    return x * k


@pytest.mark.parametrize(
    "arguments, named",
    [
        ((), {"x": 1, "y": 2}),
        ((1,), {"y": 2}),
        ((1, 2), {"n": 3}),
        ((1, 2), {"m": 3}),
        ((1, 2, 3), {"m": 3}),
        ((1, 2), {"x": 3}),
        ((1, 2), {"ctx": 3}),
        ((1, 2), {"other": 3}),
        ((1,), {}),
        ((1, 2, 3, 4, 5), {}),
    ],
)
@pytest.mark.parametrize("forward", [_of_old_style, _with_rest, _keyword_only])
def test_arguments_of_the_old_style(forward, arguments, named):
    def program(torch):
        given = [leaf(torch, 1.0, 2.0) if each == 1 else each for each in arguments]
        by_name = {
            key: leaf(torch, 3.0, 4.0) if key == "x" else each for key, each in named.items()
        }
        made = function(torch, forward, lambda ctx, g: (g, *[None] * 8))

        def call():
            result = made.apply(*given, **by_name)
            return result, getattr(result.grad_fn, "given", None), result.grad_fn.needs_input_grad

        return tried(call)

    compare_program(program)


@pytest.mark.parametrize(
    "named", [{}, {"a": 3}, {"b": 3}, {"a": 1, "b": 2}, {"c": 3}, {"x": 3}], ids=str
)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("has_rest", [False, True])
def test_arguments_of_the_new_style(has_rest, count, named):
    def plain(x, a=2, b=3):
        return x * a * b

    def with_rest(x, *a, k=3):
        return x * k

    def program(torch):
        def setup_context(ctx, inputs, output):
            ctx.inputs = inputs

        made = function(torch, with_rest if has_rest else plain, setup_context=setup_context)
        given = (leaf(torch, 1.0, 2.0), 5, 6, 7)[:count]
        return tried(lambda: made.apply(*given, **named).grad_fn.inputs)

    compare_program(program)


# Edges, and hooks on several tensors


@on_both
def test_gradient_edges(torch):
    edge = torch.autograd.graph.get_gradient_edge
    x = leaf(torch, 1.0, 2.0)
    y = function(torch, lambda ctx, x: x * 2).apply(x)
    z = (y * y).sum()
    grad = torch.autograd.grad
    at_y, at_x, at_z = edge(y), edge(x), edge(z)
    found = [
        (type(at_y.node).__name__, at_y.output_nr, type(at_x.node).__name__),
        grad(z, [at_y, at_x], retain_graph=True),
        grad(at_z, [x, at_y], retain_graph=True),
        grad(at_y, x, torch.ones(2), retain_graph=True),
        tried(lambda: grad(at_y, x)),
        tried(lambda: grad(z, edge(leaf(torch, 1.0)), materialize_grads=True, retain_graph=True)),
        tried(lambda: grad(z, edge(leaf(torch, 1.0)), retain_graph=True)),
        tried(edge, torch.ones(2)),
    ]
    torch.autograd.backward(at_y, torch.ones(2), retain_graph=True)
    z.backward(inputs=[at_x, at_y])
    return found, x.grad


@pytest.mark.parametrize("mode", ["all", "any", "some"])
def test_a_hook_on_several_tensors(mode):
    def program(torch):
        a, b, c = (leaf(torch, 1.0, 2.0) for _ in range(3))
        d, seen = a * b, []
        hook = torch.autograd.graph.register_multi_grad_hook
        handle = tried(lambda: None)
        try:
            handle = hook((a, b, c, d), lambda gradients: seen.append(gradients), mode=mode)
        except ValueError as error:
            return str(error)
        d.sum().backward(retain_graph=True)
        (d.sum() + c.sum()).backward(retain_graph=True)
        d.sum().backward(inputs=[a], retain_graph=True)
        seen.append(tried(lambda: torch.autograd.grad(d.sum(), a, retain_graph=True)))
        handle.remove()
        d.sum().backward()
        return seen, type(handle).__name__

    compare_program(program)


@on_both
def test_increment_version(torch):
    increment = torch.autograd.graph.increment_version
    x = torch.ones(2)
    increment(x)
    increment([x, x[:1]])
    y = leaf(torch, 1.0, 2.0) * 1
    z = y * y
    increment(y)
    return x._version, tried(lambda: z.sum().backward()), tried(increment, 3), tried(increment, [3])


# Threads, memory, compilations


@on_both
def test_backward_in_two_threads(torch):
    barrier, found = threading.Barrier(2), {}

    def work(number):
        x = leaf(torch, float(number), 2.0)

        def backward(ctx, g):
            barrier.wait(timeout=60)  # both are in the middle of their backward
            return g * ctx.saved_tensors[0] * 2

        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        function(torch, forward, backward).apply(x).sum().backward()
        found[number] = x.grad

    threads = [threading.Thread(target=work, args=(number,)) for number in (3, 5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found[3], found[5]


@on_both
def test_hooks_belong_to_a_thread(torch):
    seen = []

    def work():
        seen.append("in the thread")
        (leaf(torch, 1.0) ** 2).backward()

    with torch.autograd.graph.saved_tensors_hooks(
        lambda t: seen.append("packed") or t, lambda t: t
    ):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        _ = leaf(torch, 1.0) ** 2
    return seen


def _released(make):
    """Whether what `make` gives is gone at once, without the collector of cycles."""
    gc.disable()
    try:
        reference = make()
        return reference() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("result", [False, True])
@pytest.mark.parametrize("runs_backward", [False, True])
def test_nodes_are_freed_at_once(result, runs_backward):
    def make():
        y = function(ours, keeps(result=result), by_saved).apply(leaf(ours, 1.0, 2.0))
        if runs_backward:
            y.sum().backward()
        return weakref.ref(y.grad_fn)

    assert _released(make)


@pytest.mark.skipif(SELF, reason="torch compiles nothing here")
def test_the_second_step_compiles_nothing():
    def forward(ctx, x):
        y = x.tanh()
        ctx.save_for_backward(y)
        return y

    made = function(ours, forward, lambda ctx, g: g * (1 - ctx.saved_tensors[0] ** 2))
    w = leaf(ours, 0.5, 0.25)
    counts = []
    for _ in range(5):
        loss = made.apply(w * 2).sum()
        w.grad = None
        loss.backward()
        with ours.no_grad():
            w -= 0.1 * w.grad
        loss.item()
        counts.append(len(ours.compilations()))
    assert counts[1:] == counts[1:2] * 4, counts
