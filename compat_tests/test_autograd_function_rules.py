"""Custom autograd.Function: forward-mode rules, rules for vmap, and what torch.func does with them."""

from autograd_programs import leaf, on_both, tried


def cube(torch, **parts):
    """x -> x**3 with setup_context, and the given further static methods or flags."""

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            (x,) = inputs
            ctx.save_for_backward(x)
            ctx.save_for_forward(x)

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * 3 * x**2

    for name, part in parts.items():
        setattr(Cube, name, staticmethod(part) if callable(part) else part)
    return Cube


def cube_jvp(ctx, tangent):
    (x,) = ctx.saved_tensors
    return tangent * 3 * x**2


def rule(info, in_dims, x):
    return x**3, in_dims[0]


@on_both
def test_forward_mode_by_jvp(torch):
    function = cube(torch, jvp=cube_jvp)
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(torch.tensor([2.0]), torch.tensor([10.0]))
        y = torch.autograd.forward_ad.unpack_dual(function.apply(x))
        return y.primal, y.tangent


@on_both
def test_forward_mode_without_jvp(torch):
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(torch.tensor([2.0]), torch.tensor([10.0]))
        return tried(cube(torch).apply, x)


@on_both
def test_func_jvp(torch):
    function = cube(torch, jvp=cube_jvp)
    return torch.func.jvp(function.apply, (torch.tensor([2.0]),), (torch.tensor([10.0]),))


@on_both
def test_func_grad(torch):
    function = cube(torch)
    return torch.func.grad(lambda x: function.apply(x).sum())(torch.tensor([1.0, 2.0]))


@on_both
def test_func_grad_twice(torch):
    function = cube(torch)
    inner = torch.func.grad(lambda x: function.apply(x))
    return torch.func.grad(inner)(torch.tensor(2.0))


@on_both
def test_func_vjp(torch):
    output, pull = torch.func.vjp(cube(torch).apply, torch.tensor([1.0, 2.0]))
    return output, pull(torch.tensor([1.0, 10.0]))


@on_both
def test_func_jacrev(torch):
    return torch.func.jacrev(cube(torch, vmap=rule).apply)(torch.tensor([1.0, 2.0]))


@on_both
def test_func_grad_of_the_old_style(torch):
    class Old(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    return tried(torch.func.grad(lambda x: Old.apply(x).sum()), torch.ones(2))


@on_both
def test_vmap_without_a_rule(torch):
    return tried(torch.func.vmap(cube(torch).apply), torch.ones(3))


@on_both
def test_vmap_by_a_rule(torch):
    seen = []

    def noted(info, in_dims, x):
        seen.append((info.batch_size, info.randomness, in_dims, x.shape))
        return x**3, in_dims[0]

    y = torch.func.vmap(cube(torch, vmap=noted).apply, in_dims=1)(torch.ones(2, 3) * 2)
    return y, seen


@on_both
def test_vmap_by_a_rule_for_one_of_two(torch):
    class Scaled(torch.autograd.Function):
        @staticmethod
        def forward(x, factor):
            return x * factor

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[1])

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0], None

        @staticmethod
        def vmap(info, in_dims, x, factor):
            assert in_dims == (0, None)
            return Scaled.apply(x, factor), 0

    x, factor = torch.ones(3, 2), torch.tensor([1.0, 10.0])
    batched = torch.func.vmap(Scaled.apply, in_dims=(0, None))(x, factor)
    slopes = torch.func.vmap(
        torch.func.grad(lambda x, factor: Scaled.apply(x, factor).sum()), in_dims=(0, None)
    )
    return batched, slopes(x, factor)


@on_both
def test_vmap_generated(torch):
    function = cube(torch, generate_vmap_rule=True)
    x = torch.arange(6.0).reshape(2, 3)
    slopes = torch.func.vmap(torch.func.grad(lambda x: function.apply(x).sum()))
    return torch.func.vmap(function.apply)(x), slopes(x)


@on_both
def test_vmap_generated_and_written(torch):
    function = cube(torch, generate_vmap_rule=True, vmap=rule)
    return tried(torch.func.vmap(function.apply), torch.ones(3))


@on_both
def test_vmap_rule_returns_nonsense(torch):
    function = cube(torch, vmap=lambda info, in_dims, x: x)
    return tried(torch.func.vmap(function.apply), torch.ones(3))


@on_both
def test_vmap_then_backward(torch):
    x = leaf(torch, 1.0, 2.0)
    torch.func.vmap(cube(torch, generate_vmap_rule=True).apply)(x).sum().backward()
    return x.grad


@on_both
def test_hessian_through_jvp(torch):
    function = cube(torch, jvp=cube_jvp, generate_vmap_rule=True)
    return torch.func.jacfwd(function.apply)(torch.tensor([1.0, 2.0]))


@on_both
def test_jvp_of_two_inputs(torch):
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, w, n):
            ctx.save_for_forward(x, w)
            ctx.n = n
            return x * w * n

        @staticmethod
        def jvp(ctx, dx, dw, dn):
            x, w = ctx.saved_tensors
            assert dn is None
            return (dx * w + x * dw) * ctx.n

    ad = torch.autograd.forward_ad
    with ad.dual_level():
        x = ad.make_dual(torch.tensor([2.0]), torch.tensor([1.0]))
        return ad.unpack_dual(Product.apply(x, torch.tensor([5.0]), 3)).tangent


@on_both
def test_jvp_returns_the_wrong_number(torch):
    function = cube(torch, jvp=lambda ctx, tangent: (tangent, tangent))
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(torch.tensor([2.0]), torch.tensor([10.0]))
        return tried(function.apply, x)


@on_both
def test_jvp_returns_another_shape(torch):
    function = cube(torch, jvp=lambda ctx, tangent: tangent.sum())
    with torch.autograd.forward_ad.dual_level():
        x = torch.autograd.forward_ad.make_dual(torch.tensor([2.0]), torch.tensor([10.0]))
        return tried(function.apply, x)


@on_both
def test_vjp_is_another_name_for_backward(torch):
    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def vjp(ctx, g):
            return g * 2

    x = leaf(torch, 1.0)
    Doubled.apply(x).backward()
    return x.grad


@on_both
def test_vjp_and_backward_both(torch):
    function = cube(torch, vjp=lambda ctx, g: g)
    return tried(lambda: function.apply(leaf(torch, 1.0)).backward())


@on_both
def test_is_grads_batched(torch):
    x = leaf(torch, 1.0, 2.0)
    y = cube(torch, generate_vmap_rule=True).apply(x)
    return torch.autograd.grad(y, x, torch.eye(2), is_grads_batched=True)


@on_both
def test_jacobian_of_functional(torch):
    return torch.autograd.functional.jacobian(cube(torch).apply, torch.tensor([1.0, 2.0]))


@on_both
def test_gradcheck_of_a_right_and_a_wrong_one(torch):
    x = leaf(torch, 1.0, 2.0, dtype="float64")
    wrong = cube(torch, backward=lambda ctx, g: g)
    return [
        torch.autograd.gradcheck(cube(torch).apply, x),
        torch.autograd.gradgradcheck(cube(torch).apply, x),
        tried(torch.autograd.gradcheck, wrong.apply, x),
    ]
