"""torch.utils.checkpoint: what fails, what is asked of it, hooks and contexts around, sequences."""

import contextlib

import pytest

from autograd_programs import compare_program, graph, leaf, on_both, submodule, tried, warned
from checkpoint_ways import on_both_ways
from compare import theirs


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
