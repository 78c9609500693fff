"""Views and writes under autograd: a write through a view gives the base, and all views, a new history.

A view knows its base, the tensor whose memory it is a window onto. A write makes a node for the new
value of the base (`CopySlices`); views notice, by counting, that the base has changed its history,
and make theirs anew: a window onto the base as it is now.
"""

import functools

from jax import numpy as jnp

from jtorch._autograd.derive import is_differentiable
from jtorch._autograd.graph import named
from jtorch._autograd.modes import mode
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._engine.node import Kernel
from jtorch._meta import Meta
from jtorch._ops.cast import cast_node
from jtorch._ops.edges import edge_of, needs_gradient, point
from jtorch._ops.history import ConstantNode, attach, connect, kernel_node
from jtorch._ops.names import forward_name
from jtorch._ops.tangents import (
    carries,
    levels_of,
    tangent_of,
    tangent_to_write,
    tangents,
    zeros_in_memory,
)
from jtorch._shapes import is_non_overlapping_and_dense
from jtorch._storage import read_kernel_of, write_kernel_of
from jtorch._tensor import Tensor, from_node, node_of, write

# Where a view was made, if not in the ordinary way: what torch says where it is to be changed.
NO_GRAD = (
    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code "
    "by moving both the view and the inplace either both inside the no_grad block (if you don't want "
    "the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
)
INFERENCE = NO_GRAD.replace("no_grad", "inference_mode")
SEVERAL = (
    "This view is the output of a function that returns multiple views. Such functions do not allow "
    "the output views to be modified inplace. You should replace the inplace operation by an "
    "out-of-place one."
)
IN_FUNCTION = (
    "This view was created inside a custom Function (or because an input was returned as-is) and the "
    "autograd logic to handle view+inplace would override the custom backward associated with the "
    "custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix this by "
    "cloning the output of the custom Function."
)


# Views


_MOST = 1 << 13


@functools.lru_cache(_MOST)
def dense(meta):
    """The meta of a tensor's value as nodes have it: dense, in the order of its dims."""
    return Meta(meta.shape, meta.dtype, meta.device)


@functools.lru_cache(_MOST)
def window_kernel(whole, meta, distance):
    """The kernel that takes the value of a tensor of meta `whole` to that of a window, and its starts.

    `distance` is counted in elements of the window, from where `whole` begins.
    """
    memory, begin = _memory_of_both(whole, meta, distance)
    if memory is whole:
        return read_kernel_of(whole, meta, distance)
    into, first = write_kernel_of(memory, whole, begin)
    outof, second = read_kernel_of(memory, meta, begin + distance)
    return _through(into, len(first), outof), (*first, *second)


def change_kernel(whole, meta, distance):
    """The kernel that puts a window's value into that of a tensor of meta `whole`, and its starts."""
    memory, begin = _memory_of_both(whole, meta, distance)
    if memory is whole:
        return write_kernel_of(whole, meta, distance)
    spread, first = write_kernel_of(memory, whole, begin)
    into, second = write_kernel_of(memory, meta, begin + distance)
    outof, third = read_kernel_of(memory, whole, begin)
    return _changed(spread, len(first), into, len(second), outof), (*first, *second, *third)


def _memory_of_both(whole, meta, distance):
    """(a meta with room for a tensor and the window, where the tensor begins in it).

    It is `whole` itself where that is dense and has the window inside; a window of `as_strided` may
    go beyond the tensor that it was made of.
    """
    end, last = _span(whole), distance + _span(meta)
    if meta.dtype is not whole.dtype or not meta.numel:
        distance, last = 0, end
    if _is_dense(whole) and distance >= 0 and last <= end:
        return whole, 0
    begin = max(0, -distance)
    return Meta((begin + max(end, last),), whole.dtype, whole.device), begin


@functools.lru_cache(_MOST)
def reaches_beyond(whole, meta, distance) -> bool:
    """Whether a window may show memory that is not an element of a tensor of meta `whole`."""
    if meta.dtype is not whole.dtype:
        return False
    return not _is_dense(whole) or distance < 0 or distance + _span(meta) > _span(whole)


def _is_dense(meta):
    return is_non_overlapping_and_dense(meta.shape, meta.stride) and not meta.mirrored


def _span(meta):
    """How many elements there are between a tensor's first and last one."""
    if not meta.numel:
        return 0
    return 1 + sum((n - 1) * s for n, s in zip(meta.shape, meta.stride, strict=True))


@functools.cache
def _through(into, count, outof):
    def view(array, *starts):
        memory = _zeros(into)
        memory = into.function(memory, array, *starts[:count])
        return outof.function(memory, *starts[count:])

    inputs = (into.inputs[1], *into.inputs[2:], *outof.inputs[1:])
    return Kernel("view", view, inputs, outof.output)


@functools.cache
def _changed(spread, first, into, second, outof):
    def change(array, value, *starts):
        memory = spread.function(_zeros(spread), array, *starts[:first])
        memory = into.function(memory, value, *starts[first : first + second])
        return outof.function(memory, *starts[first + second :])

    inputs = (outof.output, into.inputs[1], *spread.inputs[2:], *into.inputs[2:], *outof.inputs[1:])
    return Kernel("write", change, inputs, outof.output)


def _zeros(kernel):
    return jnp.zeros(kernel.inputs[0].shape, kernel.inputs[0].dtype)


def refresh(view):
    """Make the history of a view anew, if its memory has been changed since."""
    base = view._base
    version = (view._counter or view._storage).version
    if version.__class__ is not int:
        version = version.count
    if view._made_at == version or not base._requires_grad:
        return
    refuse_ambiguous(view, "its base or another view of its base has been")
    view._made_at = version
    itemsize, unit = base._meta.dtype.itemsize, view._meta.dtype.itemsize
    distance = view._offset - base._offset * itemsize // unit
    kernel, starts = window_kernel(base._meta, view._meta, distance)
    name = "AsStridedBackward0"
    if view._meta.dtype.category != base._meta.dtype.category:  # strides alone do not say it
        if view._meta.dtype.category == COMPLEX:
            name = "ViewAsComplexBackward0"
        elif view._meta.numel == 2 * base._meta.numel:
            name = "ViewAsRealBackward0"
    node = kernel_node(name, kernel, [base, *starts], (view._meta,), view._meta.device)
    point(view, node)


# Writing in place


def refuse_in_place(tensor, operands=()):
    """torch's errors for changing a leaf that wants gradients, or a view of one.

    `operands`: what the new value is computed from.
    """
    if not mode.enabled:
        return
    if tensor._made_in is not None and any(
        isinstance(each, Tensor) and needs_gradient(each) for each in operands
    ):
        refuse_ambiguous(tensor)
    if not needs_gradient(tensor):
        return
    base = tensor._base
    if tensor._reaches_beyond:
        tensor._made_at = (
            -1
        )  # what is there already has its gradient from the base, not by way of views
    if base is not None:
        refuse_ambiguous(tensor)
        if base._node is None:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place operation."
            )
    elif tensor._node is None:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )


def refuse_ambiguous(view, changed="is being"):
    """torch's errors for changing a view, with gradients, that was not made in the ordinary way."""
    made = view._made_in
    if made is None:
        return
    end = f"{changed} modified inplace"
    if made is INFERENCE:
        where, end = "inference mode", f"{end} in normal mode."
    else:
        where, end = "no_grad mode", f"{end} with grad mode enabled."
    if view._node is None:
        text = f"A view was created in {where} and {end}"
    else:
        text = f"Output {view._output_nr} of {forward_name(view._node)} is a view"
        if made in (NO_GRAD, INFERENCE):
            text += f" of a view which was created in {where} and {end}"
        else:
            text += f" and {changed} modified inplace."
    raise RuntimeError(f"{text} {made}")


def made_in_mode():
    """Where views are made now; None for the ordinary way."""
    if mode.enabled:
        return None
    return INFERENCE if mode.inference else NO_GRAD


def assign(target, value, name, operands=()):
    """Write the elements of `value` (of the same shape) into `target`, with their history.

    `name` is that of the node for a value without gradients, made of `operands`.
    """
    meta = target._meta
    if value._meta.dtype is not meta.dtype:
        value = converted_with_history(value, meta)
    floating = meta.dtype.category >= FLOATING
    if operands and name is not None and floating and mode.enabled and not needs_gradient(value):
        edges = [edge_of(each) for each in operands if isinstance(each, Tensor)]
        if any(edges):
            point(value, named(ConstantNode, name)(edges, value._meta))
    if name is not None and mode.enabled and (needs_gradient(value) or needs_gradient(target)):
        refuse_ambiguous(target)
        if target._base is None:
            node, place = edge_of(value) or (
                named(ConstantNode, name)([edge_of(target)], target._meta), 0
            )  # fmt: skip
            write(target, node_of(value))
            point(target, node, place)
            _announce(target)
        else:
            _assign_to_window(target, target._base, value)
    else:
        write(target, node_of(value))
    if tangents.level and (carries(value) or carries(target)):
        _assign_tangents(target, value)


def _assign_tangents(target, value):
    """Write the tangents of a value into those of what it is written to; zeros where it has none."""
    if not is_differentiable(target._meta.dtype.numpy):
        return
    for level in sorted({*levels_of(target), *levels_of(value)}):
        kept = tangent_to_write(target, level)
        refuse_in_place(kept)
        given = tangent_of(value, level)
        assign(kept, zeros_in_memory(kept._meta) if given is None else given, "ZeroBackward0")


def rebase(target, node, place):
    """Give a tensor that has been written to a new history: it is the result `place` of a node."""
    if target._base is None:
        point(target, node, place)
        _announce(target)
        return
    value = from_node(node_of(target), dense(target._meta))
    point(value, node, place)
    _take_over(target._base, _rebased_by(target, target._base, value))


def _assign_to_window(target, base, value):
    """The base gets a new value, made of the old one and that of the window."""
    made = _rebased_by(target, base, value)
    write(target, node_of(value))
    _take_over(base, made)


def _rebased_by(target, base, value):
    """A tensor that has the history that a base gets when `value` is written into its window."""
    whole = base._meta
    unit = target._meta.dtype.itemsize
    distance = target._offset - base._offset * whole.dtype.itemsize // unit
    kernel, starts = change_kernel(whole, target._meta, distance)
    old = from_node(node_of(base), dense(whole))
    if (edge := edge_of(base)) is not None:
        point(old, *edge)
    made = from_node(node_of(base), whole)
    connect("CopySlices", kernel, [old, value, *starts], [made], whole.device)
    if made._node is not None:
        made._node._window = target._meta.shape, target._meta.stride
    return made


def _take_over(base, made):
    if made._node is not None:
        point(base, made._node)
        _announce(base)


def _announce(base):
    """Let views know that the history of their base has changed."""
    base._storage.recorded = True


def converted_with_history(value, meta):
    """`value` in the dtype of `meta`, with its history."""
    node = cast_node(node_of(value), meta.dtype.numpy, value._meta.device)
    made = from_node(node, Meta(value._meta.shape, meta.dtype, value._meta.device))
    if node.kernel is not None:
        attach("ToCopyBackward0", node.kernel, [value], [made], value._meta.device)
    return made
