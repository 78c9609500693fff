"""torch.utils.checkpoint: values and gradients, and what runs twice, when, and with which random numbers."""

import warnings

import pytest

from autograd_programs import compare_program, graph, leaf, on_both, submodule, tried, warned
from checkpoint_ways import on_both_ways, part


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
