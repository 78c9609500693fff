"""Custom autograd.Function: what forward and backward may do, return and refuse, in both styles."""

import pytest

from autograd_functions import in_both_styles, made, save_inputs, save_output, square
from autograd_programs import compare_program, graph, kept, leaf, on_both, tried, warned


@in_both_styles
def test_gradient_and_graph(torch, style):
    x = leaf(torch, 1.0, 2.0)
    y = square(torch, style).apply(x)
    y.sum().backward()
    return y, x.grad, graph(y)


@in_both_styles
def test_names_of_the_node(torch, style):
    node = square(torch, style).apply(leaf(torch, 1.0)).grad_fn
    return [
        *(type(node).__name__, node.name(), str(node), node.next_functions),
        [base.__name__ for base in type(node).__mro__][:3],
        isinstance(node, torch.autograd.graph.Node),
    ]


@in_both_styles
def test_printing_of_a_result(torch, style):
    return repr(square(torch, style).apply(leaf(torch, 1.0, 2.0)))


@in_both_styles
def test_second_derivative(torch, style):
    x = leaf(torch, 1.0, 2.0)
    y = square(torch, style).apply(x)
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    return first, graph(first), second


@in_both_styles
def test_no_gradient_needed(torch, style):
    y = square(torch, style).apply(torch.ones(2))
    with torch.no_grad():
        z = square(torch, style).apply(leaf(torch, 1.0))
    return y, z


@in_both_styles
def test_grad_mode_inside(torch, style):
    seen = []

    def forward(x):
        seen.append((torch.is_grad_enabled(), x.requires_grad, (x * 2).requires_grad))
        return x * 2

    def backward(ctx, g):
        seen.append((torch.is_grad_enabled(), g.requires_grad))
        return g * 2

    x = leaf(torch, 1.0, 2.0)
    y = made(torch, forward, backward, style=style).apply(x)
    y.sum().backward(retain_graph=True)
    y.backward(leaf(torch, 1.0, 1.0), create_graph=True)
    return seen


@in_both_styles
def test_saved_tensors_are_freed(torch, style):
    x = leaf(torch, 1.0, 2.0)
    y = square(torch, style).apply(x)
    before = y.grad_fn.saved_tensors
    y.sum().backward()
    return before, tried(lambda: y.grad_fn.saved_tensors), tried(lambda: y.sum().backward())


@in_both_styles
def test_saved_input_is_the_input(torch, style):
    x = leaf(torch, 1.0, 2.0)
    y = square(torch, style).apply(x)
    return kept(y.grad_fn.saved_tensors[0], x)


@in_both_styles
def test_saved_output_has_the_history(torch, style):
    exp = made(
        torch,
        lambda x: x.exp(),
        lambda ctx, g: g * ctx.saved_tensors[0],
        style=style,
        keep=save_output,
    )
    x = leaf(torch, 1.0, 2.0)
    y = exp.apply(x)
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    return y.grad_fn.saved_tensors[0], torch.autograd.grad(first.sum(), x)


@in_both_styles
def test_a_saved_tensor_changed_in_place(torch, style):
    x = leaf(torch, 1.0, 2.0)
    w = x * 1
    y = square(torch, style).apply(w)
    w.add_(1)
    return tried(lambda: y.sum().backward()), tried(lambda: y.grad_fn.saved_tensors)


@in_both_styles
def test_save_for_backward_takes_tensors_and_none(torch, style):
    def keep(ctx, inputs, output):
        ctx.save_for_backward(inputs[0], None, output)

    function = made(
        torch,
        lambda x: x * 2,
        lambda ctx, g: g * (ctx.saved_tensors[1] is None),
        style=style,
        keep=keep,
    )
    x = leaf(torch, 1.0)
    y = function.apply(x)
    y.backward()
    return x.grad


@in_both_styles
def test_save_for_backward_refuses_numbers(torch, style):
    def keep(ctx, inputs, output):
        ctx.save_for_backward(3.0)

    return tried(made(torch, lambda x: x * 2, None, style=style, keep=keep).apply, leaf(torch, 1.0))


@in_both_styles
def test_saved_twice_the_last_counts(torch, style):
    def keep(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
        ctx.save_for_backward(inputs[0], output)

    function = made(
        torch, lambda x: x * 2, lambda ctx, g: g * len(ctx.saved_tensors), style=style, keep=keep
    )
    x = leaf(torch, 1.0)
    function.apply(x).backward()
    return x.grad


@in_both_styles
def test_attributes_of_the_context(torch, style):
    def keep(ctx, inputs, output):
        ctx.factor, ctx.words = 5, ["a"]

    function = made(torch, lambda x: x * 5, lambda ctx, g: g * ctx.factor, style=style, keep=keep)
    x = leaf(torch, 1.0)
    y = function.apply(x)
    y.grad_fn.extra = 7
    y.backward()
    return x.grad, y.grad_fn.factor, y.grad_fn.words, y.grad_fn.extra


@in_both_styles
def test_arguments_that_are_no_tensors(torch, style):
    seen = []

    def backward(ctx, g):
        seen.append(ctx.needs_input_grad)
        return None, g * 3, None, None

    function = made(torch, lambda name, x, n, table: x * n + table["a"], backward, style=style)
    x = leaf(torch, 1.0, 2.0)
    y = function.apply("name", x, 3, {"a": 1})
    y.sum().backward()
    return y, x.grad, seen, y.grad_fn.next_functions


@in_both_styles
def test_needs_input_grad(torch, style):
    seen = []

    def keep(ctx, inputs, output):
        seen.append(ctx.needs_input_grad)

    def backward(ctx, g):
        seen.append(ctx.needs_input_grad)
        return g, g, g

    function = made(torch, lambda a, b, c: a + b + c, backward, style=style, keep=keep)
    x, w = leaf(torch, 1.0), leaf(torch, 2.0)
    y = function.apply(x, torch.ones(1), w)
    torch.autograd.grad(y, w, retain_graph=True)
    y.backward()
    function.apply(torch.ones(1), torch.ones(1), torch.ones(1))
    return seen, x.grad, w.grad


RETURNED = {
    "one too few": lambda g: (g,),
    "one too many": lambda g: (g, g, g),
    "more that are None": lambda g: (g, g, None, None),
    "None alone": lambda g: None,
    "all None": lambda g: (None, None),
    "a number": lambda g: (1.0, g),
    "a list": lambda g: [g, g],
    "another shape": lambda g: (g[:1], g),
    "a shape to be summed": lambda g: (g.expand(3, 2), g),
    "a shape that does not fit": lambda g: (g.new_ones(5), g),
    "another dtype": lambda g: (g.double(), g),
    "the gradient itself": lambda g: (g, g),
    "changed in place": lambda g: (g.clone().mul_(2), g),
    "a text": lambda g: ("a", g),
}


@pytest.mark.parametrize("name", RETURNED)
def test_what_backward_returns(name):
    def program(torch):
        function = made(torch, lambda x, w: x * w, lambda ctx, g: RETURNED[name](g))
        x, w = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
        y = function.apply(x, w)
        return tried(lambda: (y * 1).sum().backward()), x.grad, w.grad

    compare_program(program)


@on_both
def test_a_gradient_for_what_needs_none(torch):
    function = made(torch, lambda x, n: x * n, lambda ctx, g: (g, g * 5))
    x = leaf(torch, 1.0)
    y = function.apply(x, 3)
    return tried(y.backward), x.grad


@on_both
def test_several_outputs(torch):
    seen = []

    def backward(ctx, *gs):
        seen.append(gs)
        return gs[0] + 10 * gs[1]

    function = made(torch, lambda x: (x * 1, x * 10), backward)
    x = leaf(torch, 1.0, 2.0)
    a, b = function.apply(x)
    b.sum().backward()
    return a, b, a.grad_fn is b.grad_fn, a.output_nr, b.output_nr, seen, x.grad


@on_both
def test_gradients_are_not_materialized(torch):
    seen = []

    def backward(ctx, *gs):
        seen.append(gs)
        return gs[1] * 10

    function = made(
        torch,
        lambda x: (x * 1, x * 10),
        backward,
        keep=lambda ctx, inputs, output: ctx.set_materialize_grads(False),
    )
    x = leaf(torch, 1.0, 2.0)
    _, b = function.apply(x)
    b.sum().backward()
    return seen, x.grad


@on_both
def test_outputs_that_are_no_tensors(torch):
    function = made(torch, lambda x: (x * 2, 5, None, "text"), lambda ctx, *gs: gs[0] * 2)
    x = leaf(torch, 1.0)
    outputs = function.apply(x)
    outputs[0].backward()
    return outputs, x.grad


@on_both
def test_outputs_as_a_list(torch):
    function = made(torch, lambda x: [x * 2, x * 3], lambda ctx, *gs: gs[0] * 2)
    return tried(function.apply, leaf(torch, 1.0))


@on_both
def test_output_that_is_no_tensor(torch):
    return tried(made(torch, lambda x: 5, lambda ctx, g: g).apply, leaf(torch, 1.0))


@on_both
def test_an_integer_output(torch):
    function = made(torch, lambda x: (x * 2, x.long()), lambda ctx, *gs: gs[0] * 2)
    a, b = function.apply(leaf(torch, 1.0))
    return a, b


@on_both
def test_mark_non_differentiable(torch):
    seen = []

    def backward(ctx, *gs):
        seen.append(gs)
        return gs[0]

    function = made(
        torch,
        lambda x: (x * 2, x * 3),
        backward,
        keep=lambda ctx, inputs, output: ctx.mark_non_differentiable(output[1]),
    )
    x = leaf(torch, 1.0)
    a, b = function.apply(x)
    a.backward()
    return a, b, b.is_leaf, seen, x.grad


@on_both
def test_mark_non_differentiable_refuses(torch):
    function = made(
        torch,
        lambda x: x * 2,
        lambda ctx, g: g,
        keep=lambda ctx, inputs, output: ctx.mark_non_differentiable(5),
    )
    return tried(function.apply, leaf(torch, 1.0))


@on_both
def test_the_same_output_twice(torch):
    function = made(torch, lambda x: (lambda y: (y, y))(x * 2), lambda ctx, a, b: a + 10 * b)
    x = leaf(torch, 1.0)
    a, b = function.apply(x)
    (a + b * 2).backward()
    return a is b, x.grad


@on_both
def test_once_differentiable(torch):
    function = made(
        torch,
        lambda x: x * x,
        torch.autograd.function.once_differentiable(lambda ctx, g: 2 * g * ctx.saved_tensors[0]),
        keep=save_inputs,
    )
    x = leaf(torch, 1.0, 2.0)
    y = function.apply(x)
    (first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    again = tried(lambda: first.sum().backward())
    z = function.apply(x)
    (second,) = torch.autograd.grad((z * z).sum(), x, create_graph=True)
    return first, graph(first), again, second, tried(lambda: second.sum().backward())


@on_both
def test_no_backward(torch):
    y = made(torch, lambda x: x * 2, None).apply(leaf(torch, 1.0))
    return y, tried(y.backward)


@on_both
def test_no_forward(torch):
    return tried(type("Empty", (torch.autograd.Function,), {}).apply, leaf(torch, 1.0))


@on_both
def test_errors_inside(torch):
    x = leaf(torch, 1.0)
    return [
        tried(made(torch, lambda x: 1 / 0, None).apply, x),
        tried(made(torch, lambda x: x * 2, lambda ctx, g: 1 / 0).apply(x).backward),
        tried(made(torch, lambda x: x * 2, lambda ctx: None).apply(x).backward),
        tried(lambda: made(torch, lambda x: x * 2, None).apply()),
    ]


@on_both
def test_it_is_not_called_nor_made(torch):
    function = square(torch)
    return (
        tried(function, leaf(torch, 1.0)),
        warned(function),
        tried(lambda: function.apply(x=leaf(torch, 1.0))),
    )


@on_both
def test_it_is_used_many_times(torch):
    function = square(torch)
    x = leaf(torch, 1.5)
    y = function.apply(function.apply(x)) + function.apply(x)
    y.backward()
    return y, graph(y), x.grad


@on_both
def test_hooks_of_its_node(torch):
    seen = []
    x = leaf(torch, 1.0, 2.0)
    y = square(torch).apply(x)
    y.register_hook(lambda g: seen.append(("tensor", g)))
    y.grad_fn.register_prehook(lambda gs: seen.append(("before", gs)))
    y.grad_fn.register_hook(lambda into, out: seen.append(("after", into, out)))
    y.sum().backward()
    return seen


@on_both
def test_metadata_and_sequence(torch):
    y = square(torch).apply(leaf(torch, 1.0))
    z = y * 2
    y.grad_fn.metadata["a"] = 1
    return y.grad_fn.metadata, z.grad_fn._sequence_nr() > y.grad_fn._sequence_nr()


@on_both
def test_a_backward_that_records_with_enable_grad(torch):
    """A checkpoint in small: forward runs again, with gradients, inside backward."""

    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            y = x.sin() * x
        return torch.autograd.grad(y, x, g)[0]

    function = made(torch, lambda x: x.sin() * x, backward, keep=save_inputs)
    x = leaf(torch, 1.0, 2.0)
    function.apply(x).sum().backward()
    return x.grad


@on_both
def test_double_backward_through_two_inputs(torch):
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            ctx.save_for_backward(x, w)
            return x * w

        @staticmethod
        def backward(ctx, g):
            x, w = ctx.saved_tensors
            return g * w, g * x

    x, w = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    y = (Product.apply(x, w) ** 2).sum()
    gradients = torch.autograd.grad(y, [x, w], create_graph=True)
    return gradients, torch.autograd.grad(sum(g.sum() for g in gradients), [x, w])


@on_both
def test_inputs_of_several_dtypes(torch):
    function = made(
        torch, lambda x, i, z: x[i] * z.real, lambda ctx, g: (g.sum() * torch.ones(2), None, g * 1j)
    )
    x = leaf(torch, 1.0, 2.0)
    z = leaf(torch, 1j, 2j, dtype="complex64")
    y = function.apply(x, torch.tensor([0, 0]), z)
    y.sum().backward()
    return y, x.grad, z.grad


@on_both
def test_inheritance(torch):
    class Base(torch.autograd.Function):
        factor = 2

        @classmethod
        def run(cls, x):
            return cls.apply(x)

        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    class Derived(Base):
        @staticmethod
        def backward(ctx, g):
            return g * 3

    x = leaf(torch, 1.0)
    y = Derived.run(x)
    y.backward()
    return y, x.grad, type(y.grad_fn).__name__
