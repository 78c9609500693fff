"""Forward mode through a Function: the tangents of its outputs, by its `jvp`."""

import contextlib

from jtorch._autograd.modes import mode
from jtorch._ops.creation import zeros_like
from jtorch._ops.tangents import give, levels_of, only_outside, tangent_of, tangents
from jtorch._tensor import Tensor


@contextlib.contextmanager
def quiet():
    """Nothing is recorded inside, for gradients or for tangents."""
    before, mode.enabled = mode.enabled, False
    try:
        if tangents.open:
            with only_outside(0):
                yield
        else:
            yield
    finally:
        mode.enabled = before


def levels_among(tensors):
    """The levels at which tensors have tangents, outer ones first."""
    if not tangents.level:
        return []
    return sorted({level for each in tensors for level in levels_of(each)})


def push(ctx, marks, inputs, raw, results, level):
    """Give the results of a call their tangents at one level. `raw` is what `forward` returned."""
    given = [_given(ctx, each, level) for each in inputs]
    with only_outside(level):
        found = ctx.apply_jvp(*given)
    found = found if isinstance(found, tuple) else (found,)
    if len(found) != len(results):
        raise RuntimeError(
            "Function's jvp returned an invalid number of forward gradients (expected "
            f"{len(results)} but got {len(found)})"
        )
    for place, (result, tangent) in enumerate(zip(results, found, strict=True)):
        if not (tangent is None or isinstance(tangent, Tensor)):
            raise RuntimeError(
                f"expected Variable or None (got {type(tangent).__name__}) for grad output {place}."
            )
        if not isinstance(result, Tensor):
            continue
        if marks.is_differentiable(raw[place]):
            _check(marks, given, raw[place], tangent)
            give(result, level, tangent)
        elif tangent is not None:
            raise RuntimeError(
                f"Function's jvp returned a gradient at position {place}, but  the corresponding "
                "forward output is not a differentiable Tensor.You should return None at that "
                "position instead."
            )


def _given(ctx, value, level):
    """What `jvp` gets for an input."""
    if not isinstance(value, Tensor):
        return None
    tangent = tangent_of(value, level)
    return zeros_like(value) if tangent is None and ctx._materialize else tangent


def _check(marks, given, output, tangent):
    """torch's errors where a tangent does not fit the output it is for."""
    if tangent is None:
        raise RuntimeError(
            "Expected both tensor and its forward grad to be floating point or complex"
        )
    if tangent._meta.shape != output._meta.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original "
            f"Tensor, this is not supported. Tensor is of size {list(output.shape)} while the given "
            f"forward gradient is of size {list(tangent.shape)}."
        )
    place = marks.inputs.get(id(output))
    if id(output) in marks.dirty:
        if place is not None and tangent is not given[place]:
            raise RuntimeError(
                "An inplace custom Function is not modifying the forward mode gradients inplace. If "
                "the forward is modifying an input inplace, then the jvp function must modify the "
                "corresponding gradient inplace."
            )
    elif (place is not None or output._base is not None) and tangent._base is None:
        raise RuntimeError(
            "A custom Function's forward is returning a view (or an input as-is) but the jvp is not "
            "returning a view."
        )
