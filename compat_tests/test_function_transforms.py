"""autograd.Function under vmap, torch.func and forward mode."""

import pytest

from autograd_functions import add_one, function
from autograd_programs import compare_program, on_both, tried
from compare import SELF, ours

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
