"""torch.utils.checkpoint: values, gradients, what runs twice, errors; and that it saves memory."""

import contextlib
import warnings

import pytest

from autograd_programs import compare_program, graph, leaf, on_both, submodule, tried, warned
from compare import theirs


def on_both_ways(program):
    """A test that compares `program(torch, checkpoint)` for both values of `use_reentrant`."""

    @pytest.mark.parametrize("reentrant", [True, False])
    def test(reentrant):
        def run(torch):
            def checkpoint(*args, **kwargs):
                return submodule(torch, "utils.checkpoint").checkpoint(
                    *args, use_reentrant=reentrant, **kwargs
                )

            return program(torch, checkpoint)

        compare_program(run)

    test.__name__, test.__doc__ = program.__name__, program.__doc__
    return test


def part(x, y):
    return (x * y).sin() * x


@on_both_ways
def test_values_and_gradients(torch, checkpoint):
    x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    z = checkpoint(part, x * 2, y)
    z.sum().backward()
    return z, x.grad, y.grad


OPERATIONS = [
    *("x / y", "x ** y", "torch.atan2(x, y)", "torch.addcdiv(x, x, y)", "x.sigmoid() * y.exp()"),
    *("(x / y).softmax(0)", "x[:, None] @ y[None]", "torch.where(x > y, x / y, y / x)"),
    *("torch.cat([x, y]).prod()", "torch.lerp(x, y, x * y)", "x.std() * y", "(x - y).norm()"),
]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("reentrant", [True, False])
def test_operations(operation, reentrant):
    def program(torch):
        def function(x, y):
            x, y = x * 1, y * 1
            return eval(operation, {"torch": torch, "x": x, "y": y})

        x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 1.5)
        submodule(torch, "utils.checkpoint").checkpoint(
            function, x, y, use_reentrant=reentrant
        ).sum().backward()
        return x.grad, y.grad

    compare_program(program)


def writing(torch, x, y):
    """Writes in place to what was used before, as torch lets one."""
    a = x * 1
    a.mul_(y)
    a[0].add_(y[1])
    b = a.exp()
    a.add_(1)
    c = a.sigmoid() * a.mean()
    a.copy_(y)
    return b * c + a


@on_both_ways
def test_writes_inside(torch, checkpoint):
    x, y = leaf(torch, 0.5, 1.0), leaf(torch, 0.25, 0.75)
    z = checkpoint(lambda x, y: writing(torch, x, y), x, y)
    z.sum().backward()
    return z, x.grad, y.grad


@on_both
def test_writes_under_hooks(torch):
    x, y = leaf(torch, 0.5, 1.0), leaf(torch, 0.25, 0.75)
    hooks = torch.autograd.graph
    contexts = (hooks.save_on_cpu(), hooks.saved_tensors_hooks(lambda t: t, lambda t: t))
    for each in contexts:
        with each:
            z = writing(torch, x, y)
        z.sum().backward()
    return x.grad, y.grad


@on_both_ways
def test_the_graph(torch, checkpoint):
    return graph(checkpoint(part, leaf(torch, 1.0) * 2, leaf(torch, 2.0)))


@on_both_ways
def test_what_runs_and_when(torch, checkpoint):
    seen = []

    def function(x):
        seen.append((torch.is_grad_enabled(), x.requires_grad, x.is_leaf))
        y = x.sin().exp()
        seen.append("after what is saved")
        return y * 2

    x = leaf(torch, 1.0, 2.0)
    y = checkpoint(function, x)
    seen.append("backward")
    y.sum().backward()
    return seen, x.grad


@on_both_ways
def test_by_grad(torch, checkpoint):
    x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    z = checkpoint(part, x * 2, y).sum()
    return tried(torch.autograd.grad, z, [x, y]), tried(lambda: z.backward(inputs=[x])), x.grad


@on_both_ways
def test_second_derivative(torch, checkpoint):
    x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)

    def program():
        z = checkpoint(part, x * 2, y).sum()
        (first,) = torch.autograd.grad(z, x, create_graph=True)
        return first.detach(), torch.autograd.grad(first.sum(), [x, y])

    return tried(program)


@on_both_ways
def test_backward_twice(torch, checkpoint):
    x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    z = checkpoint(part, x * 2, y).sum()
    z.backward(retain_graph=True)
    z.backward()
    return x.grad, tried(z.backward), x.grad


@on_both_ways
def test_without_gradients(torch, checkpoint):
    x = leaf(torch, 1.0, 2.0)
    with torch.no_grad():
        y = checkpoint(part, x, x)
    return y, warned(checkpoint, part, torch.ones(2), torch.ones(2))


@on_both_ways
def test_only_what_is_around_wants_gradients(torch, checkpoint):
    w = leaf(torch, 1.0, 2.0)

    def program():
        checkpoint(lambda x: x * w, torch.ones(2)).sum().backward()
        return w.grad

    return warned(program)


@on_both_ways
def test_several_results(torch, checkpoint):
    x, y = leaf(torch, 1.0, 2.0), leaf(torch, 3.0, 4.0)
    found = checkpoint(lambda x, y: (part(x, y), 3, None, (x * 2).detach(), x + y), x, y)
    (found[0] * found[4]).sum().backward()
    return found, x.grad, y.grad


@on_both_ways
def test_other_arguments(torch, checkpoint):
    x = leaf(torch, 1.0, 2.0)

    def program(*args, **kwargs):
        x.grad = None
        y = checkpoint(lambda one, factor=2: one["x"].sin() * factor, *args, **kwargs)
        y.sum().backward()
        return y, x.grad

    return [
        warned(program, {"x": x}),
        warned(program, {"x": x}, 3),
        warned(lambda: program({"x": x}, factor=3)),
        warned(lambda: program({"x": x}, factor=3, more=1)),
    ]


@on_both_ways
def test_random_numbers(torch, checkpoint):
    def program(**options):
        torch.manual_seed(3)
        x = torch.ones(8, requires_grad=True)
        y = checkpoint(lambda x: torch.rand(8) * (x * x) + torch.randn(8), x, **options)
        between = torch.rand(2)
        y.sum().backward()
        return y, x.grad, between, torch.rand(2)

    return program(), program(preserve_rng_state=True), program(preserve_rng_state=False)


@on_both_ways
def test_inside_one_another(torch, checkpoint):
    seen = []

    def inner(x):
        seen.append("inner")
        return x.sin()

    def middle(x):
        seen.append("middle")
        return checkpoint(inner, x.cos()).tanh()

    def outer(x):
        seen.append("outer")
        return checkpoint(middle, x * 2).exp()

    x = leaf(torch, 1.0, 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = checkpoint(outer, x * 1)
        y.sum().backward()
    return y, x.grad, seen


@on_both_ways
def test_a_gradient_inside(torch, checkpoint):
    def function(x):
        y = x.sin().exp()
        (slope,) = torch.autograd.grad(y.sum(), x, retain_graph=True)
        return y * slope

    def forgetful(x):
        y = x.sin().cos()
        (slope,) = torch.autograd.grad(y.sum(), x)
        return x.cos() * slope

    def program(function):
        x = leaf(torch, 1.0, 2.0)
        checkpoint(function, x).sum().backward()
        return x.grad

    return tried(program, function), tried(program, forgetful)


@on_both_ways
def test_a_loop_of_parts(torch, checkpoint):
    w = leaf(torch, 0.5, 0.25)
    h = torch.ones(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(4):
            h = checkpoint(lambda h: (h * w).tanh(), h + w * 0)
    h.sum().backward()
    return h, w.grad


@on_both_ways
def test_a_part_of_a_backward(torch, checkpoint):
    x = leaf(torch, 1.0, 2.0)
    a, b = checkpoint(lambda x: (x.sin().exp(), x.cos().exp()), x)
    a.sum().backward(retain_graph=True)
    first = x.grad.clone()
    b.sum().backward()
    return first, x.grad


def changing(*functions):
    """A function that is another one the next time."""
    turns = iter(functions)
    return lambda x: next(turns)(x)


@pytest.mark.parametrize(
    "second",
    [
        lambda x: x.sin(),
        lambda x: x.sin().sin().sin().sin(),
        lambda x: x[:2].sin().sin(),
        lambda x: x.double().sin().sin(),
        lambda x: x.sin().sin().detach() + x.cos() * 0,
    ],
)
@pytest.mark.parametrize(
    "options", [{}, {"early_stop": False}, {"determinism_check": "none"}], ids=str
)
def test_something_else_the_second_time(second, options):
    def program(torch):
        x = leaf(torch, 1.0, 2.0, 3.0)
        function = changing(lambda x: x.sin().sin(), second)
        y = submodule(torch, "utils.checkpoint").checkpoint(
            function, x, use_reentrant=False, **options
        )
        return tried(lambda: y.sum().backward()), x.grad

    if options.get("determinism_check") == "none" and second(theirs.ones(3)).shape != (3,):
        pytest.skip("how a value of another shape fails is a matter of the formula")
    compare_program(program)


@on_both_ways
def test_it_raises(torch, checkpoint):
    def fail(x):
        raise ValueError("no")

    x = leaf(torch, 1.0, 2.0)
    second = checkpoint(changing(lambda x: x.sin(), fail), x)
    found = [tried(checkpoint, fail, x), tried(lambda: second.sum().backward()), x.grad]
    y = x * x
    y.sum().backward()  # no hook is left behind
    return found, x.grad, torch.is_grad_enabled()


@on_both_ways
def test_inputs_that_change(torch, checkpoint):
    def program(function, change):
        x = leaf(torch, 1.0, 2.0)
        y = x * 2
        z = checkpoint(function, y)
        change(y)
        z.sum().backward()
        return x.grad

    return [
        tried(program, lambda y: y.add_(1).sin(), lambda y: None),
        tried(program, lambda y: y.sin(), lambda y: y.add_(1)),
    ]


@on_both_ways
def test_saved_tensors_of_functions(torch, checkpoint):
    def made(reads):
        class Sine(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x.sin()

            @staticmethod
            def backward(ctx, g):
                for _ in range(reads):
                    (x,) = ctx.saved_tensors
                return g * x.cos()

        return Sine

    def program(reads):
        x = leaf(torch, 1.0, 2.0)
        checkpoint(made(reads).apply, x).sum().backward()
        return x.grad

    return tried(program, 1), tried(program, 2)


@on_both_ways
def test_hooks_around(torch, checkpoint):
    seen = []
    x = leaf(torch, 1.0, 2.0)
    x.register_hook(lambda g: seen.append(("x", g)))
    with torch.autograd.graph.saved_tensors_hooks(lambda t: seen.append(t) or t, lambda t: t):
        y = checkpoint(lambda x: x.exp().sin(), x)
    y.register_hook(lambda g: seen.append(("y", g)))
    y.sum().backward()
    return seen


@on_both_ways
def test_contexts(torch, checkpoint):
    seen = []

    @contextlib.contextmanager
    def context(name):
        seen.append(f"into {name}")
        yield
        seen.append(f"out of {name}")

    def program(function, **options):
        x = leaf(torch, 1.0, 2.0)
        y = checkpoint(function, x, context_fn=lambda: (context("one"), context("two")), **options)
        y.sum().backward()
        return x.grad

    return [
        tried(lambda: program(lambda x: x.sin().exp())),
        tried(lambda: program(lambda x: x.sin().exp(), early_stop=False)),
        seen,
    ]


@on_both
def test_a_context_that_swallows(torch):
    def fail(x):
        raise ValueError("no")

    def contexts():
        return contextlib.suppress(ValueError), contextlib.nullcontext()

    checkpoint = submodule(torch, "utils.checkpoint").checkpoint
    return tried(
        lambda: checkpoint(fail, leaf(torch, 1.0), use_reentrant=False, context_fn=contexts)
    )


@on_both
def test_early_stop_for_all(torch):
    def count(wanted, given):
        calls = []
        x = leaf(torch, 1.0)
        with submodule(torch, "utils.checkpoint").set_checkpoint_early_stop(wanted):
            y = submodule(torch, "utils.checkpoint").checkpoint(
                lambda x: [x.sin().exp(), calls.append(1)][0],
                x,
                use_reentrant=False,
                early_stop=given,
            )
        y.backward()
        return len(calls)

    return [count(wanted, given) for wanted in (True, False) for given in (True, False)]


@on_both
def test_groups_of_backward_passes(torch):
    group, calls = submodule(torch, "utils.checkpoint").GraphExecGroup, []

    def function(x):
        calls.append(1)
        return x.sin().exp(), x.cos().exp()

    def program(same, grouped):
        calls.clear()
        x = leaf(torch, 1.0, 2.0)
        a, b = submodule(torch, "utils.checkpoint").checkpoint(function, x, use_reentrant=False)
        b = a if same else b
        with group() if grouped else contextlib.nullcontext():
            a.sum().backward(retain_graph=True)
            b.sum().backward()
        return x.grad, len(calls)

    def nested():
        with group(), group():
            pass

    found = [tried(program, same, grouped) for same in (True, False) for grouped in (True, False)]
    return found, tried(nested), tried(program, False, True)


@on_both
def test_options(torch):
    checkpoint = submodule(torch, "utils.checkpoint").checkpoint
    x = leaf(torch, 1.0)

    def call(**options):
        return warned(lambda: checkpoint(torch.sin, x, **options))

    return [
        call(),
        call(use_reentrant=True, a=1, b=2),
        call(use_reentrant=True, debug=True),
        call(use_reentrant=True, context_fn=lambda: None),
        call(use_reentrant=True, determinism_check="no such"),
        call(use_reentrant=False, determinism_check="no such"),
        call(use_reentrant=False, debug=True, context_fn=lambda: None),
        call(use_reentrant=False, context_fn=lambda: None),
    ]


@pytest.mark.parametrize("reentrant", [True, False, None])
@pytest.mark.parametrize("segments", [1, 2, 3, 4, 5])
def test_sequences(reentrant, segments):
    def program(torch):
        x = leaf(torch, 1.0, 2.0)
        functions = [torch.sin, torch.cos, torch.exp, torch.tanh]
        sequential = submodule(torch, "utils.checkpoint").checkpoint_sequential

        def call(**options):
            y = sequential(functions, segments, x, use_reentrant=reentrant, **options)
            y.sum().backward()
            return graph(y), y, x.grad

        return warned(call), warned(lambda: call(more=1))

    compare_program(program)


@on_both
def test_helpers(torch):
    helpers = submodule(torch, "utils.checkpoint")
    x = leaf(torch, 1.0, 2.0)
    found = helpers.detach_variable((x, 3, torch.ones(2), x * 2))
    return [
        found,
        found[0].is_leaf,
        tried(helpers.detach_variable, [x]),
        warned(helpers.check_backward_validity, [torch.ones(2), 3]),
        warned(helpers.check_backward_validity, [x]),
        [type(each).__name__ for each in helpers.noop_context_fn()],
        [base.__name__ for base in helpers.CheckpointError.__mro__],
    ]
