"""autograd.Function and memory: writes in place, views and inputs as results."""

import pytest

from autograd_functions import about, add_one, function
from autograd_programs import compare_program, graph, kept, leaf, on_both, tried, warned

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
