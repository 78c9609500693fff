"""autograd.Function and backward: saved tensors, errors, nesting, hooks on the node."""

import pathlib

import pytest

from autograd_functions import about, by_saved, function, keeps
from autograd_programs import compare_program, leaf, on_both, tried
from compare import ours

# Saved tensors


@pytest.mark.parametrize("result", [False, True])
@pytest.mark.parametrize("hooked", [False, True])
def test_saved_and_changed(result, hooked):
    def program(torch):
        y = leaf(torch, 1.0, 2.0) * 1
        identity = torch.autograd.graph.saved_tensors_hooks(lambda t: t.detach(), lambda t: t * 2)
        made = function(torch, keeps(result=result), by_saved)
        if hooked:
            with identity:
                z = made.apply(y)
        else:
            z = made.apply(y)
        before = z.grad_fn.saved_tensors[0]
        (z if result else y).add_(1)
        node = z.grad_fn.next_functions[0][0] if result else z.grad_fn
        return about(before), tried(lambda: node.saved_tensors), tried(lambda: z.sum().backward())

    compare_program(program)


@on_both
def test_hooks_see_what_functions_save(torch):
    seen = []

    def pack(tensor):
        seen.append(("pack", about(tensor), torch.is_grad_enabled()))
        return tensor.detach()

    def unpack(tensor):
        seen.append(("unpack", torch.is_grad_enabled()))
        return tensor

    def forward(ctx, x):
        y = x * 3
        ctx.save_for_backward(x, None, y, x + 1)
        seen.append("forward ends")
        return y

    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = function(torch, forward, lambda ctx, g: g * ctx.saved_tensors[2]).apply(x)
    seen.append("backward")
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    return seen, first, second


@on_both
def test_hooks_on_one_saved_tensor(torch):
    x = leaf(torch, 1.0, 2.0)

    def forward(ctx, x):
        ctx.save_for_backward(x, None)
        return x * 3

    y = function(torch, forward, by_saved).apply(x * 1)
    one, none = y.grad_fn._raw_saved_tensors
    again = [
        tried(one.register_hooks, lambda t: t, lambda t: t * 10),
        tried(one.register_hooks, lambda t: t, lambda t: t),
        tried(none.register_hooks, lambda t: t, lambda t: t),
    ]
    y.sum().backward()
    again.append(tried(lambda: y.grad_fn._raw_saved_tensors))
    return again, x.grad


@on_both
def test_hooks_that_do_wrong(torch):
    hooks = torch.autograd.graph.saved_tensors_hooks

    def forward(pack, unpack):
        with hooks(pack, unpack):
            return function(torch, keeps(), by_saved).apply(leaf(torch, 1.0, 2.0) * 1)

    def fail(tensor):
        raise ValueError("a hook fails")

    return [
        tried(forward, lambda t: t.add_(1), lambda t: t),
        tried(forward, fail, lambda t: t),
        tried(lambda: forward(lambda t: t, fail).sum().backward()),
        tried(lambda: forward(lambda t: t, lambda t: 3).sum().backward()),
        tried(lambda: (leaf(torch, 1.0) * 1).backward()),
    ]


@on_both
def test_changes_are_allowed(torch):
    graph_module = torch.autograd.graph

    def program(clear=False, outside=False):
        x = leaf(torch, 1.0, 2.0)
        with graph_module.allow_mutation_on_saved_tensors() as context:
            y = x * 1
            z = function(torch, keeps(), by_saved).apply(y) + y**2
            y.sin_()
            if clear:
                context.clear()
            if not outside:
                z.sum().backward(retain_graph=True)
                z.sum().backward()
        if outside:
            z.sum().backward()
        return x.grad

    def nested():
        allowed = graph_module.allow_mutation_on_saved_tensors
        with allowed(), allowed():
            pass

    return program(), tried(program, True), tried(program, False, True), tried(nested)


@on_both
def test_read_only_attributes(torch):
    def forward(name, value):
        def forward(ctx, x):
            setattr(ctx, name, value)
            return x * 2

        def call():
            x = leaf(torch, 1.0, 2.0)
            function(torch, forward).apply(x).sum().backward()
            return x.grad

        return tried(call)

    names = ("metadata", "next_functions", "saved_tensors", "_raw_saved_tensors")
    free = ("name", "hooks", "trace", "release", "metas", "apply", "kept", "level", "sequence")
    return [forward(name, 3) for name in (*names, *free)], forward("materialize_grads", 3)


# Backward


@on_both
def test_backward_calls_backward(torch):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            (x * x).sum().backward()
        return x.grad * g

    x = leaf(torch, 1.0, 2.0)
    y = function(torch, forward, backward).apply(function(torch, forward, backward).apply(x))
    y.sum().backward()
    return x.grad


@on_both
def test_backward_reaches_its_own_leaves(torch):
    w = leaf(torch, 3.0, 4.0)

    def backward(ctx, g):
        with torch.enable_grad():
            (w * g.detach()).sum().backward()
        return g

    x = leaf(torch, 1.0, 2.0)
    made = function(torch, lambda ctx, x: x * 1, backward)
    (made.apply(x) * w).sum().backward()
    return x.grad, w.grad


@on_both
def test_backward_raises(torch):
    x, w = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    calls = []

    def backward(ctx, g):
        calls.append(torch.is_grad_enabled())
        if len(calls) == 1:
            raise ValueError("the first time")
        return g * 2

    y = function(torch, lambda ctx, x: x * 1, backward).apply(x * 1) * w
    first = tried(lambda: y.sum().backward(retain_graph=True))
    grads = x.grad, w.grad, torch.is_grad_enabled()
    y.sum().backward()
    return first, grads, x.grad, w.grad, calls


def test_a_traceback_ends_at_the_users_line():
    def backward(ctx, g):
        raise ValueError("here")

    y = function(ours, lambda ctx, x: x * 1, backward).apply(leaf(ours, 1.0))
    with pytest.raises(ValueError, match="here") as caught:
        y.backward()

    assert caught.traceback[-1].name == "backward"
    assert caught.traceback[-1].path.name == pathlib.Path(__file__).name
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


@on_both
def test_errors_where_the_context_has_a_name(torch):
    def forward(ctx, x):
        ctx.name = "of the user"
        return x.view(-1)

    def stale():
        y = function(torch, forward).apply(leaf(torch, 1.0, 2.0) * 1) * 1
        z = function(torch, lambda ctx, x: x * 1).apply(y) * y
        y.add_(1)
        z.sum().backward()

    x = leaf(torch, 1.0, 2.0)
    return [
        tried(lambda: function(torch, forward, lambda ctx, g: g[:1]).apply(x).sum().backward()),
        tried(lambda: function(torch, forward).apply(x * 1).add_(1)),
        tried(stale),
        function(torch, forward).apply(x).grad_fn.name,
    ]


@on_both
def test_nan_and_nothing(torch):
    x, w = leaf(torch, 1.0, 2.0), leaf(torch, 1.0, 2.0)

    def split(ctx, g):
        return None, g * float("nan")

    y = function(torch, lambda ctx, a, b: a + b, split).apply(x * 1, w * 1)
    y.sum().backward()
    inner = function(torch, lambda ctx, a: a * 1, lambda ctx, g: None)
    outer = function(torch, lambda ctx, a: a * 1, lambda ctx, g: (g * 5,))
    outer.apply(inner.apply(outer.apply(w))).sum().backward()
    unused = torch.autograd.grad(inner.apply(x).sum(), x, allow_unused=True)
    return x.grad, w.grad, unused, tried(torch.autograd.grad, inner.apply(x).sum(), x)


@on_both
def test_gradients_are_fitted(torch):
    def slope(made_by, dtype="float32"):
        x = leaf(torch, 1.0, 2.0, dtype=dtype)
        return tried(
            torch.autograd.grad, function(torch, lambda ctx, x: x * 2, made_by).apply(x).sum(), x
        )

    return [
        slope(lambda ctx, g: torch.ones(5, 2)),
        slope(lambda ctx, g: torch.ones(5, 1, 2)),
        slope(lambda ctx, g: torch.ones(1)),
        slope(lambda ctx, g: torch.ones(())),
        slope(lambda ctx, g: torch.ones(3)),
        slope(lambda ctx, g: torch.ones(2, dtype=torch.float64) / 3),
        slope(lambda ctx, g: torch.ones(2, dtype=torch.int64)),
        slope(lambda ctx, g: torch.ones(2, dtype=torch.complex64) * 2j),
        slope(lambda ctx, g: torch.ones(2), "complex64"),
        slope(lambda ctx, g: g.new_ones(2)[:1].expand(2)),
    ]


@on_both
def test_second_derivative_through_saved_results(torch):
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    x = leaf(torch, 1.0, 2.0)
    y = function(torch, forward, by_saved).apply(x)
    found = []
    for _ in range(3):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        found.append(y)
    return found


@on_both
def test_hooks_on_the_node(torch):
    seen = []
    x = leaf(torch, 1.0, 2.0)
    made = function(
        torch, lambda ctx, x, n, z: (x * 2, x * 3), lambda ctx, g, h: (g + h, None, None)
    )
    y, _ = made.apply(x, 3, torch.ones(1))
    node = y.grad_fn
    y.register_hook(lambda g: g * 10)
    node.register_prehook(lambda gradients: seen.append(("before", gradients)))
    node.register_hook(lambda inputs, outputs: seen.append(("after", inputs, outputs)))
    y.sum().backward()
    return seen, node.next_functions, x.grad


@on_both
def test_boxed_gradients_and_reading_once(torch):
    boxed = function(
        torch, lambda ctx, x: (x * 1, x * 2), lambda ctx, g: g.pop(), boxed_grads_call=True
    )
    once = function(
        torch,
        keeps(),
        lambda ctx, g: [ctx.saved_tensors, ctx.saved_tensors][0],
        clear_saved_tensors_on_access=True,
    )
    x = leaf(torch, 1.0, 2.0)
    boxed.apply(x)[1].sum().backward()
    return x.grad, tried(lambda: once.apply(x * 1).sum().backward())
