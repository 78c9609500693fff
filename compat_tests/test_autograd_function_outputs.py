"""Custom autograd.Function: inputs written in place or handed back, views, several marks at once."""

from autograd_functions import made, save_inputs
from autograd_programs import graph, kept, leaf, on_both, tried


def dirty(torch, change=lambda x: x.mul_(3), slope=3):
    """x -> change(x), in place and said so."""
    return made(
        torch,
        change,
        lambda ctx, g: g * slope,
        keep=lambda ctx, inputs, output: ctx.mark_dirty(inputs[0]),
    )


@on_both
def test_mark_dirty(torch):
    x = leaf(torch, 1.0, 2.0)
    y = x * 1
    z = dirty(torch).apply(y)
    z.sum().backward()
    return z is y, z, graph(z), y._version, x.grad


@on_both
def test_mark_dirty_on_a_leaf(torch):
    return tried(dirty(torch).apply, leaf(torch, 1.0, 2.0))


@on_both
def test_mark_dirty_on_a_leaf_without_grad_mode(torch):
    x = leaf(torch, 1.0, 2.0)
    with torch.no_grad():
        y = dirty(torch).apply(x)
    return y is x, x


@on_both
def test_mark_dirty_on_what_needs_no_gradient(torch):
    x = torch.ones(2)
    y = dirty(torch).apply(x)
    return y is x, y, x._version


@on_both
def test_mark_dirty_on_a_view(torch):
    x = leaf(torch, 1.0, 2.0)
    y = x * 1
    z = dirty(torch).apply(y[:1])
    y.sum().backward()
    return z, graph(z), graph(y), x.grad


@on_both
def test_mark_dirty_on_one_of_several_views(torch):
    y = leaf(torch, 1.0, 2.0) * 1
    return tried(dirty(torch).apply, y.unbind()[0])


@on_both
def test_mark_dirty_on_a_view_of_a_leaf(torch):
    return tried(dirty(torch).apply, leaf(torch, 1.0, 2.0)[:1])


@on_both
def test_mark_dirty_makes_saved_values_stale(torch):
    x = leaf(torch, 1.0, 2.0)
    y = x * 1
    w = y * y
    dirty(torch).apply(y)
    return tried(lambda: w.sum().backward())


@on_both
def test_mark_dirty_without_returning_it(torch):
    function = made(
        torch,
        lambda x: x.mul_(3) * 2,
        lambda ctx, g: g,
        keep=lambda ctx, inputs, output: ctx.mark_dirty(inputs[0]),
    )
    return tried(function.apply, leaf(torch, 1.0, 2.0) * 1)


@on_both
def test_mark_dirty_on_an_output(torch):
    function = made(
        torch,
        lambda x: x * 3,
        lambda ctx, g: g,
        keep=lambda ctx, inputs, output: ctx.mark_dirty(output),
    )
    return tried(function.apply, leaf(torch, 1.0, 2.0) * 1)


@on_both
def test_mark_dirty_refuses_numbers(torch):
    function = made(
        torch,
        lambda x: x * 3,
        lambda ctx, g: g,
        keep=lambda ctx, inputs, output: ctx.mark_dirty(5),
    )
    return tried(function.apply, leaf(torch, 1.0, 2.0) * 1)


@on_both
def test_written_in_place_but_not_marked(torch):
    x = leaf(torch, 1.0, 2.0)
    y = x * 1
    z = made(torch, lambda x: x.mul_(3), lambda ctx, g: g * 3).apply(y)
    z.sum().backward()
    return z is y, z, graph(z), y._version, x.grad


@on_both
def test_an_input_is_returned(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x, lambda ctx, g: g * 10).apply(x)
    y.sum().backward()
    return y is x, kept(x, y), y, y._is_view(), y._base is x, x.grad


@on_both
def test_an_input_that_needs_no_gradient_is_returned(torch):
    x, w = leaf(torch, 1.0, 2.0), torch.ones(2)
    a, b = made(torch, lambda x, w: (x * 2, w), lambda ctx, g, h: (g * 10, h)).apply(x, w)
    return b is w, kept(w, b), a, b, b._is_view()


@on_both
def test_an_input_is_returned_and_written_to(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x, lambda ctx, g: g * 10).apply(x * 1)
    answer = tried(lambda: y.add_(1))
    return answer, graph(y)


@on_both
def test_a_view_is_returned(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x.view(2, 1), lambda ctx, g: g.view(2) * 10).apply(x)
    y.sum().backward()
    return y, kept(x, y), y._is_view(), x.grad


@on_both
def test_a_view_is_returned_and_written_to(torch):
    x = leaf(torch, 1.0, 2.0) * 1
    y = made(torch, lambda x: x.view(2, 1), lambda ctx, g: g.view(2) * 10).apply(x)
    return tried(lambda: y.mul_(2)), x


@on_both
def test_two_views_are_returned(torch):
    x = leaf(torch, 1.0, 2.0) * 1
    a, b = made(torch, lambda x: (x[:1], x[1:]), lambda ctx, g, h: torch.cat([g, h]) * 10).apply(x)
    return a, b, tried(lambda: a.mul_(2))


@on_both
def test_a_detached_input_is_returned(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x.detach(), lambda ctx, g: g * 10).apply(x)
    y.sum().backward()
    return y, kept(x, y), x.grad


@on_both
def test_an_output_written_to_afterwards(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x * 2, lambda ctx, g: g * 2).apply(x)
    y.add_(1)
    y.sum().backward()
    return y, graph(y), x.grad


@on_both
def test_a_saved_output_written_to_afterwards(torch):
    def keep(ctx, inputs, output):
        ctx.save_for_backward(output)

    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x.exp(), lambda ctx, g: g * ctx.saved_tensors[0], keep=keep).apply(x)
    y.add_(1)
    return tried(lambda: y.sum().backward())


@on_both
def test_a_saved_intermediate(torch):
    class Cubed(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            squared = x * x
            ctx.save_for_backward(x, squared)
            return squared * x

        @staticmethod
        def backward(ctx, g):
            _, squared = ctx.saved_tensors
            return g * 3 * squared

    x = leaf(torch, 1.0, 2.0)
    (first,) = torch.autograd.grad(Cubed.apply(x).sum(), x, create_graph=True)
    return first, first.requires_grad, Cubed.apply(x).grad_fn.saved_tensors[1]


@on_both
def test_tensors_kept_as_attributes(torch):
    def keep(ctx, inputs, output):
        ctx.x, ctx.y = inputs[0], output

    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x * 2, lambda ctx, g: g * ctx.x, keep=keep).apply(x)
    y.sum().backward()
    y.sum().backward()
    return x.grad, y.grad_fn.x is x


@on_both
def test_all_marks_at_once(torch):
    seen = []

    def keep(ctx, inputs, output):
        ctx.mark_dirty(inputs[0])
        ctx.mark_non_differentiable(output[1])
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(inputs[1])

    def backward(ctx, *gs):
        seen.append(gs)
        return gs[0], gs[0] * ctx.saved_tensors[0]

    function = made(torch, lambda x, w: (x.add_(w), w * 2, w * 3), backward, keep=keep)
    x, w = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    y = x * 1
    a, b, c = function.apply(y, w)
    a.sum().backward()
    return a is y, a, b, c, seen, x.grad, w.grad


@on_both
def test_the_flags_of_the_context(torch):
    seen = []

    def keep(ctx, inputs, output):
        seen.append(tried(lambda: ctx.saved_tensors))
        ctx.save_for_backward(*inputs)
        seen.append(ctx.to_save)
        ctx.set_materialize_grads(False)
        seen.append(tried(lambda: ctx.materialize_grads))

    made(torch, lambda x: x * 2, lambda ctx, g: g, keep=keep).apply(leaf(torch, 1.0))
    return seen


@on_both
def test_a_function_inside_a_function(torch):
    inner = made(torch, lambda x: x * x, lambda ctx, g: g * 2 * ctx.saved_tensors[0],
                 keep=save_inputs)  # fmt: skip

    class Outer(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return inner.apply(x) + 1

        @staticmethod
        def backward(ctx, g):
            return inner.apply(ctx.saved_tensors[0]) * g

    x = leaf(torch, 1.0, 2.0)
    (first,) = torch.autograd.grad(Outer.apply(x).sum(), x, create_graph=True)
    return first, graph(first), torch.autograd.grad(first.sum(), x)


@on_both
def test_no_tensors_at_all(torch):
    return made(torch, lambda n: torch.ones(n), lambda ctx, g: None).apply(2)


@on_both
def test_tensors_in_a_list_are_not_seen(torch):
    x = leaf(torch, 1.0, 2.0)
    return made(torch, lambda xs: xs[0] * 2, lambda ctx, g: g).apply([x])


@on_both
def test_a_retained_gradient_of_an_output(torch):
    x = leaf(torch, 1.0, 2.0)
    y = made(torch, lambda x: x * 2, lambda ctx, g: g * 2).apply(x)
    y.retain_grad()
    (y * 3).sum().backward()
    return y.grad, x.grad


@on_both
def test_under_inference_mode(torch):
    x = leaf(torch, 1.0, 2.0)
    with torch.inference_mode():
        y = made(torch, lambda x: x * 2, lambda ctx, g: g * 2).apply(x)
    return y, y.is_inference()


@on_both
def test_backward_needs_a_graph_of_a_hundred(torch):
    double = made(torch, lambda x: x * 1.01, lambda ctx, g: g * 1.01)
    x = leaf(torch, 1.0, 2.0)
    y = x
    for _ in range(100):
        y = double.apply(y)
    y.sum().backward()
    return y, x.grad
