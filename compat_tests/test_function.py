"""autograd.Function beyond the ordinary: keywords, writes in place, saved tensors, nesting, threads."""

import gc
import importlib
import threading
import weakref

import pytest

from autograd_programs import compare_program, graph, kept, leaf, on_both, tried, warned
from compare import SELF, ours, theirs


def function(torch, forward, backward=None, **more):
    """A Function called F with these static methods; backward doubles the first gradient."""
    backward = backward or (lambda ctx, *gradients: gradients[0] * 2)
    parts = {"forward": forward, "backward": backward} | more
    parts = {name: staticmethod(each) if callable(each) else each for name, each in parts.items()}
    return type("F", (torch.autograd.Function,), parts)


def about(tensor):
    """What autograd knows of a tensor."""
    return [
        *(tensor.is_leaf, tensor._version, tensor._is_view(), tensor.requires_grad),
        *(tensor.output_nr, type(tensor.grad_fn).__name__, tensor),
    ]


def add_one(ctx, x):
    x.add_(1)
    ctx.mark_dirty(x)
    return x


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


# Writes in place


def _on_itself(torch):
    x = leaf(torch, 1.0, 2.0, 3.0) * 1
    return x, x


def _on_a_view(torch):
    x = leaf(torch, 1.0, 2.0, 3.0) * 1
    return x, x[:2]


def _on_a_view_of_a_view(torch):
    x = leaf(torch, 1.0, 2.0, 3.0, 4.0) * 1
    return x, x.view(2, 2)[0]


def _on_a_leaf(torch):
    x = leaf(torch, 1.0, 2.0, 3.0)
    return x, x


def _on_a_view_of_a_leaf(torch):
    x = leaf(torch, 1.0, 2.0, 3.0)
    return x, x[:2]


def _on_a_view_without_gradient(torch):
    x = torch.tensor([1.0, 2.0, 3.0])
    return x, x[:2]


def _on_a_hidden_view(torch):
    x = leaf(torch, 1.0, 2.0, 3.0) * 1
    with torch.no_grad():
        return x, x[:2]


def _on_a_hidden_view_of_a_leaf(torch):
    x = leaf(torch, 1.0, 2.0, 3.0)
    with torch.no_grad():
        return x, x[:2]


def _on_one_of_several(torch):
    x = leaf(torch, 1.0, 2.0, 3.0) * 1
    return x, x.unbind()[0]


TARGETS = [
    *(_on_itself, _on_a_view, _on_a_view_of_a_view, _on_a_leaf, _on_a_view_of_a_leaf),
    *(
        _on_a_view_without_gradient,
        _on_a_hidden_view,
        _on_a_hidden_view_of_a_leaf,
        _on_one_of_several,
    ),
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: each.__name__)
def test_written_in_place(target):
    def program(torch):
        whole, part = target(torch)
        result = tried(function(torch, add_one).apply, part)
        return result, about(whole), tried(lambda: graph(whole)), tried(lambda: about(part))

    compare_program(program)


@pytest.mark.parametrize("target", TARGETS, ids=lambda each: each.__name__)
def test_written_in_place_from_another_tensor(target):
    def program(torch):
        whole, part = target(torch)
        y = leaf(torch, 5.0)

        def add(ctx, x, y):
            x.add_(y)
            ctx.mark_dirty(x)
            return x

        made = function(torch, add, lambda ctx, g: (g * 2, g.sum(0, keepdim=True) * 10))
        found = tried(lambda: made.apply(part, y) is part)
        slopes = tried(lambda: torch.autograd.grad(whole.sum(), y))
        return found, about(whole), slopes, y._version

    compare_program(program)


@on_both
def test_other_views_follow_a_write(torch):
    x = leaf(torch, 1.0, 2.0, 3.0)
    y = x * 1
    one, two = y[:2], y[1:]
    function(torch, add_one).apply(one)
    return about(two), torch.autograd.grad(two.sum(), x)


@on_both
def test_written_twice(torch):
    x = leaf(torch, 1.0, 2.0)
    y = x * 1
    made = function(torch, add_one)
    made.apply(y)
    made.apply(y[:1])
    made.apply(y)
    y.sum().backward()
    return about(y), x.grad


@on_both
def test_written_and_saved(torch):
    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        ctx.save_for_backward(x)
        return x

    x = leaf(torch, 1.0, 2.0)
    y = function(torch, forward, lambda ctx, g: g * ctx.saved_tensors[0]).apply(x * 1)
    saved = y.grad_fn.saved_tensors[0]
    y.sum().backward()
    return about(saved), saved is y, x.grad


@on_both
def test_two_results_of_a_written_view(torch):
    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        return x, x * 2

    y = leaf(torch, 1.0, 2.0) * 1
    return tried(function(torch, forward).apply, y[:1])


@on_both
def test_mark_dirty_on_a_result(torch):
    def forward(ctx, x):
        y = x * 2
        ctx.mark_dirty(y)
        return y

    return warned(function(torch, forward).apply, leaf(torch, 1.0, 2.0))


@on_both
def test_what_may_be_marked(torch):
    def mark(name, value):
        def forward(ctx, x):
            getattr(ctx, name)(value)
            return x * 2

        return tried(function(torch, forward).apply, leaf(torch, 1.0, 2.0))

    return [
        mark(name, value)
        for name in (
            "mark_dirty",
            "mark_non_differentiable",
            "save_for_backward",
            "save_for_forward",
        )
        for value in (3, "a", [], None)
    ]


# Views and inputs as results

RESULTS = {
    "an input": lambda x: x,
    "a view": lambda x: x[:2],
    "a view of a new tensor": lambda x: (x * 1)[:2],
    "the same twice": lambda x: (x, x),
    "two views": lambda x: (x[:2], x[1:]),
    "a view and another": lambda x: (x[:2], x * 1),
    "a new tensor and its view": lambda x: (lambda y: (y, y[:1]))(x * 1),
    "a new tensor twice": lambda x: (lambda y: (y, y))(x * 1),
}


@pytest.mark.parametrize("what", RESULTS)
@pytest.mark.parametrize("on_leaf", [True, False])
@pytest.mark.parametrize("recorded", [True, False])
def test_results_that_are_views(what, on_leaf, recorded):
    def program(torch):
        x = leaf(torch, 1.0, 2.0, 3.0)
        x = x if on_leaf else x * 1
        made = function(torch, lambda ctx, x: RESULTS[what](x))
        with torch.set_grad_enabled(recorded):
            found = made.apply(x)
        found = found if isinstance(found, tuple) else (found,)
        return (
            [tried(about, each) for each in found],
            [kept(x, each) for each in found],
            [tried(lambda each=each: each[:1].add_(1)[0]) for each in found],
            [tried(lambda each=each: each.add_(1)[0]) for each in found],
        )

    compare_program(program)


@pytest.mark.parametrize("what", RESULTS)
def test_results_after_a_write_to_the_input(what):
    def program(torch):
        x = leaf(torch, 1.0, 2.0, 3.0) * 1
        found = function(torch, lambda ctx, x: RESULTS[what](x)).apply(x)
        found = found if isinstance(found, tuple) else (found,)
        x.add_(1)
        return [tried(lambda each=each: about(each)) for each in found]

    compare_program(program)


@on_both
def test_an_input_that_is_fixed(torch):
    def program(forward):
        x = leaf(torch, 1.0, 2.0)
        y = function(torch, forward).apply(x)
        return about(y), kept(x, y)

    def as_it_is(ctx, x):
        ctx.mark_non_differentiable(x)
        return x

    def as_a_view(ctx, x):
        y = x.view(-1)
        ctx.mark_non_differentiable(y)
        return y

    return program(as_it_is), program(as_a_view)


@on_both
def test_results_recorded_inside_forward(torch):
    def forward(ctx, x):
        with torch.enable_grad():
            y, z = x * 2, x.clone()
        ctx.mark_non_differentiable(y)
        return y, torch.ones(2, requires_grad=True), z

    recorded = function(torch, forward).apply(leaf(torch, 1.0, 2.0))
    plain = function(torch, forward).apply(torch.ones(2))
    return [about(each) for each in (*recorded, *plain)]


# Saved tensors


def keeps(*, result=False):
    """forward(ctx, x) -> 3x, which saves x, or the result."""

    def forward(ctx, x):
        y = x * 3
        ctx.save_for_backward(y if result else x)
        return y

    return forward


def by_saved(ctx, g):
    return g * ctx.saved_tensors[0]


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
    assert caught.traceback[-1].path.name == "test_function.py"
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


# Transforms


@on_both
def test_vmap_of_a_rule_inside_others(torch):
    seen = []

    def rule(info, in_dims, x, y):
        seen.append((info, in_dims, tuple(x.shape)))
        x = x if in_dims[0] is None else x.movedim(in_dims[0], 0)
        return made.apply(x, y), 0

    made = function(
        torch,
        lambda x, y: x * 2 * y,
        lambda ctx, g: (g * 2 * ctx.y, None),
        setup_context=lambda ctx, inputs, output: setattr(ctx, "y", inputs[1]),
        vmap=rule,
    )
    func = torch.func
    x = torch.arange(6.0).reshape(2, 3)
    call = lambda x: made.apply(x, 3)  # noqa: E731
    return [
        func.vmap(call)(x),
        func.vmap(call, in_dims=1)(x),
        func.vmap(call, out_dims=1)(x),
        func.vmap(func.vmap(call))(x),
        func.vmap(func.grad(lambda x: call(x).sum()))(x),
        func.grad(lambda x: func.vmap(call)(x).sum())(x),
        func.vmap(lambda x: call(x.sin()))(x),
        func.vmap(lambda x: call(torch.ones(2)) + x[0])(x),
        seen,
    ]


@on_both
def test_transforms_of_transforms(torch):
    class Cube(torch.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0])
            ctx.save_for_forward(inputs[0])

        @staticmethod
        def backward(ctx, g):
            return g * 3 * ctx.saved_tensors[0] ** 2

        @staticmethod
        def jvp(ctx, tangent):
            return tangent * 3 * ctx.saved_tensors[0] ** 2

    func, cube = torch.func, Cube.apply
    x, ones = torch.tensor([1.0, 2.0]), torch.ones(2)

    def total(x):
        return cube(x).sum()

    return [
        func.jacfwd(func.jacrev(cube))(x),
        func.jacrev(func.jacfwd(cube))(x),
        func.jacrev(func.jacrev(cube))(x),
        func.hessian(total)(x),
        func.jvp(func.grad(total), (x,), (ones,)),
        func.grad(lambda x: func.jvp(cube, (x,), (ones,))[1].sum())(x),
        func.vmap(func.hessian(total))(torch.ones(3, 2)),
        func.linearize(cube, x)[1](ones),
    ]


@pytest.mark.skipif(SELF, reason="torch loses the outer tangent in `jvp`")
def test_forward_mode_of_forward_mode():
    made = function(
        ours,
        lambda x: x**3,
        setup_context=lambda ctx, inputs, output: ctx.save_for_forward(inputs[0]),
        jvp=lambda ctx, tangent: tangent * 3 * ctx.saved_tensors[0] ** 2,
    )
    x, ones = ours.tensor([1.0, 2.0]), ours.ones(2)

    def slope(function):
        return lambda x: ours.func.jvp(function, (x,), (ones,))[1]

    assert slope(slope(made.apply))(x).tolist() == [6.0, 12.0]
    assert slope(lambda x: slope(lambda y: made.apply(y * x))(x))(x).tolist() == [15.0, 240.0]


@on_both
def test_vmap_refused(torch):
    def setup(ctx, inputs, output):
        pass

    def outcome(**more):
        made = function(torch, lambda x: x * 2, setup_context=setup, **more)
        return tried(torch.func.vmap(made.apply), torch.ones(2, 3))

    old = function(torch, lambda ctx, x: x * 2)
    x = torch.ones(2, 3)
    return [
        outcome(),
        outcome(generate_vmap_rule=True),
        outcome(generate_vmap_rule=True, vmap=lambda info, in_dims, x: (x, 0)),
        outcome(vmap=lambda info, in_dims, x: x),
        outcome(vmap=lambda info, in_dims, x: (x, 0, 1)),
        outcome(vmap=lambda info, in_dims, x: (x, (0, 0))),
        outcome(vmap=lambda info, in_dims, x: ((x, x * 2), (0, 0))),
        outcome(vmap=lambda info, in_dims, x: ((x, x * 2), 0)),
        tried(torch.func.vmap(old.apply), x),
        tried(torch.func.grad(lambda x: old.apply(x).sum()), x),
        tried(torch.func.vjp, old.apply, x),
    ]


JVPS = {
    "a number": (lambda x: x * 2, lambda ctx, t: t * 2),
    "nothing": (lambda x: (x * 2, x.long()), lambda ctx, t: (t, None)),
    "too many": (lambda x: x * 2, lambda ctx, t: (t, t)),
    "too few": (lambda x: (x * 2, x), lambda ctx, t: t),
    "another shape": (lambda x: x * 2, lambda ctx, t: t.sum()),
    "another dtype": (lambda x: x * 2, lambda ctx, t: t.double()),
    "no tensor": (lambda x: x * 2, lambda ctx, t: 3),
    "one for an integer": (lambda x: (x * 2, x.long()), lambda ctx, t: (t, t)),
    "one for no tensor": (lambda x: (x * 2, "a"), lambda ctx, t: (t, t)),
    "no view for an input": (lambda x: x, lambda ctx, t: t),
    "a view for an input": (lambda x: x, lambda ctx, t: t.view_as(t)),
    "no view for a view": (lambda x: x[:1], lambda ctx, t: t[:1] * 1),
    "a view for a view": (lambda x: x[:1], lambda ctx, t: t[:1]),
}


@pytest.mark.parametrize("what", JVPS)
def test_what_jvp_returns(what):
    forward, jvp = JVPS[what]

    def program(torch):
        made = function(torch, lambda ctx, x: forward(x), jvp=jvp)
        ad = torch.autograd.forward_ad
        with ad.dual_level():
            x = ad.make_dual(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))

            def call():
                found = made.apply(x)
                found = found if isinstance(found, tuple) else (found,)
                return [
                    each if isinstance(each, str) else tuple(ad.unpack_dual(each)) for each in found
                ]

            return tried(call)

    compare_program(program)


@pytest.mark.parametrize("in_place", [False, True])
def test_jvp_of_a_write(in_place):
    def program(torch):
        made = function(torch, add_one, jvp=lambda ctx, t: t.mul_(2) if in_place else t * 2)
        ad = torch.autograd.forward_ad
        with ad.dual_level():
            x = ad.make_dual(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
            return tried(lambda: tuple(ad.unpack_dual(made.apply(x))))

    compare_program(program)


@on_both
def test_tangents_inside(torch):
    ad, seen = torch.autograd.forward_ad, []

    def forward(ctx, x, y):
        seen.append([ad.unpack_dual(x).tangent, ad.unpack_dual(x * 2).tangent])
        ctx.save_for_backward(x, y)
        ctx.save_for_forward(x, y)
        return x * y

    def jvp(ctx, t, u):
        x, y = ctx.saved_tensors
        seen.append([t, u, x.detach(), ad.unpack_dual(x * 1).tangent, torch.is_grad_enabled()])
        return t * y if u is None else t * y + x * u

    def backward(ctx, g):
        x, y = ctx.saved_tensors
        seen.append(ad.unpack_dual(x * 1).tangent)
        return g * y, g * x

    made = function(torch, forward, backward, jvp=jvp)
    with ad.dual_level():
        x = ad.make_dual(torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])).requires_grad_()
        z = made.apply(x, torch.tensor([5.0, 6.0]))
        (slope,) = torch.autograd.grad(z.sum(), x, create_graph=True)
        return seen[:2], ad.unpack_dual(z).tangent, slope.detach(), seen[2].detach()


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
