"""Custom Functions for tests: made from parts, in the old style or with setup_context."""

import pytest

from autograd_programs import compare_program

STYLES = ("old", "new")


def made(torch, forward, backward, *, style="old", keep=None, **more):
    """A Function called Made; `keep(ctx, inputs, output)` is what either style does after forward."""

    def old_forward(ctx, *inputs):
        output = forward(*inputs)
        if keep is not None:
            keep(ctx, inputs, output)
        return output

    def setup_context(ctx, inputs, output):
        if keep is not None:
            keep(ctx, inputs, output)

    parts = {"backward": staticmethod(backward)} if backward is not None else {}
    if style == "old":
        parts["forward"] = staticmethod(old_forward)
    else:
        parts |= {"forward": staticmethod(forward), "setup_context": staticmethod(setup_context)}
    parts |= {name: staticmethod(each) if callable(each) else each for name, each in more.items()}
    return type("Made", (torch.autograd.Function,), parts)


def save_inputs(ctx, inputs, output):
    ctx.save_for_backward(*inputs)


def save_output(ctx, inputs, output):
    ctx.save_for_backward(output)


def in_both_styles(program):
    """A test that compares `program(module, style)` for the old style and for setup_context."""

    @pytest.mark.parametrize("style", STYLES)
    def test(style):
        compare_program(lambda module: program(module, style))

    test.__name__, test.__doc__ = program.__name__, program.__doc__
    return test


def square(torch, style="old"):
    return made(
        torch,
        lambda x: x.detach() * x.detach(),
        lambda ctx, g: 2 * g * ctx.saved_tensors[0],
        style=style,
        keep=save_inputs,
    )


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


def keeps(*, result=False):
    """forward(ctx, x) -> 3x, which saves x, or the result."""

    def forward(ctx, x):
        y = x * 3
        ctx.save_for_backward(y if result else x)
        return y

    return forward


def by_saved(ctx, g):
    return g * ctx.saved_tensors[0]
