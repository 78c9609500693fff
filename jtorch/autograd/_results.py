"""What becomes of what a Function's `forward` returns: histories, views of inputs, what was changed."""

import warnings

from jtorch._autograd.derive import is_differentiable
from jtorch._autograd.modes import mode
from jtorch._ops.edges import needs_gradient, point
from jtorch._ops.rebase import IN_FUNCTION, SEVERAL, rebase, refuse_in_place
from jtorch._tensor import Tensor
from jtorch.autograd._keeping import SavedTensor


class Marks:
    """What the user has said of the tensors of a call."""

    def __init__(self, ctx, inputs):
        self.inputs = {id(each): place for place, each in enumerate(inputs)}
        self.dirty = _identities(
            ctx.dirty_tensors, "mark_dirty can only accept variables, but argument "
        )
        self.fixed = _identities(
            ctx.non_differentiable,
            "mark_non_differentiable only accepts variable arguments, but got ",
        )

    def is_differentiable(self, output) -> bool:
        return id(output) not in self.fixed and is_differentiable(output._meta.dtype.numpy)


def _identities(tensors, text):
    for each in tensors or ():
        if not isinstance(each, Tensor):
            raise RuntimeError(text)
    return {id(each) for each in tensors or ()}


def wrapped(ctx, marks, raw, recorded, returned_inputs_may_be_saved):
    """The results of a call, of what `forward` has returned; the node gets to know them."""
    for each in {id(each): each for each in ctx.dirty_tensors or ()}.values():
        (each._counter or each._storage).version += 1
    if not marks.dirty <= {id(each) for each in raw}:
        raise RuntimeError(
            "Some elements marked as dirty during the forward method were not returned as output. The "
            "inputs that are modified inplace must all be outputs of the Function."
        )
    if recorded and not returned_inputs_may_be_saved:
        _refuse_saved(ctx, marks, raw)
    results = []
    differentiable = 0
    for place, each in enumerate(raw):
        if isinstance(each, Tensor):
            if recorded and marks.is_differentiable(each):
                differentiable += 1
                each = _with_history(ctx, marks, each, place, len(raw))
            else:
                each = _without_history(marks, each)
        results.append(each)
    views = [each for each in results if isinstance(each, Tensor) and each._base is not None]
    for each in views:
        if id(each) not in marks.inputs:
            each._made_in = IN_FUNCTION
        if differentiable > 1:
            each._made_in = SEVERAL
    ctx._metas = tuple([each._meta if isinstance(each, Tensor) else None for each in results])
    if recorded:
        _save(ctx)
    ctx.to_save = ctx.dirty_tensors = ctx.non_differentiable = None
    return results


def _without_history(marks, output):
    given = id(output) in marks.inputs
    if not needs_gradient(output):
        return _as_view(output) if given and id(output) not in marks.dirty else output
    if given:
        return output.detach()
    return output if output._base is not None else output.detach_()


def _with_history(ctx, marks, output, place, count):
    """An output as the result `place` of the node; an input that is returned becomes a view."""
    if id(output) in marks.dirty:
        _refuse_written(marks, output, count)
        rebase(output, ctx, place)
        return output
    if id(output) in marks.inputs:
        output = _as_view(output)
    point(output, ctx, place)
    return output


def _as_view(tensor):
    before, mode.enabled = mode.enabled, False
    try:
        return tensor.view_as(tensor)
    finally:
        mode.enabled = before


def _refuse_written(marks, output, count):
    """torch's errors where a tensor that was changed in place may not get a history."""
    if output._node is None and needs_gradient(output):
        raise RuntimeError(
            "a leaf Variable that requires grad has been used in an in-place operation."
        )
    if id(output) not in marks.inputs:
        warnings.warn(
            "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have "
            "been mutated should be passed to ctx.mark_dirty().",
            UserWarning,
            stacklevel=5,
        )
    if output._base is not None and count > 1:
        raise RuntimeError(
            "If your Function modifies inplace an input that is a view of another Tensor, your "
            "Function cannot return more than one Tensor. This is not supported by the current "
            "autograd engine. You should either make sure the input is not a view (using .clone() for "
            "example) or make your Function only return one Tensor (potentially splitting it into two "
            "Functions: one doing the inplace that returns a single Tensor and a second one that does "
            "the other operations). You can ask on the forum https://discuss.pytorch.org/ if you need "
            "help to do this change."
        )
    refuse_in_place(output)


def _refuse_saved(ctx, marks, raw):
    """torch's error for an input that is returned as it is and saved, after `setup_context`."""
    saved = {id(each) for each in ctx.to_save or ()}
    for each in raw:
        if (
            id(each) in saved
            and id(each) in marks.inputs
            and id(each) not in marks.dirty | marks.fixed
        ):
            raise RuntimeError(
                "An input that has been returned as-is as output is being saved for backward. This is "
                "not supported if you override setup_context. You should return and save a view of "
                "the input instead, e.g. with x.view_as(x) or setup ctx inside the forward function "
                "itself."
            )


def _save(ctx):
    """Keep what the user wants to find in `saved_tensors`."""
    if not isinstance(ctx.to_save, (tuple, type(None))):
        raise RuntimeError(
            "autograd internal error: to_save attribute is expected to be a tuple but is "
        )
    for place, each in enumerate(ctx.to_save or ()):
        if not (each is None or isinstance(each, Tensor)):
            raise TypeError(
                f"save_for_backward can only save variables, but argument {place} is of type "
                f"{type(each).__name__}"
            )
    ctx._kept = tuple(
        [None if each is None else SavedTensor(each, ctx) for each in ctx.to_save or ()]
    )
