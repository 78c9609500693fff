"""Forward mode: tensors carry tangents, and an operation's results get theirs when it is recorded.

A tangent belongs to a level: levels are nested derivatives (`jvp` of `jvp`), so that the tangents of
one are not taken for those of another; the numbers of inner levels are greater. A tangent is a tensor
with a history of its own, and with tangents of outer levels.

Tangents share memory as their tensors do: that of a view is a window onto that of its base, made when
somebody asks for it, and what is written into a tensor has its tangent written into the tensor's.
"""

import contextlib
import itertools
import threading
import weakref

from jtorch._autograd.derive import forward_of, is_differentiable
from jtorch._autograd.modes import mode, note_unusual
from jtorch._dtypes import COMPLEX
from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._shapes import is_non_overlapping_and_dense
from jtorch._tensor import Tensor, window

_numbers = itertools.count(1)


class _Tangents(threading.local):
    level = 0  # the innermost level that is open; 0 where there is none, or forward mode is off
    enabled = True

    def __init__(self):
        self.open = []  # the numbers of the open levels, outer ones first
        self.carriers = []  # per open level: weak references to the tensors that carry its tangents


tangents = _Tangents()


def _choose():
    tangents.level = tangents.open[-1] if tangents.enabled and tangents.open else 0
    note_unusual("tangents", tangents.open)


def enter_level() -> int:
    """Open a level inside those that are open; its number."""
    tangents.open.append(next(_numbers))
    tangents.carriers.append([])
    _choose()
    return tangents.open[-1]


def exit_level() -> None:
    """Close the innermost level: its tangents are gone."""
    number = tangents.open.pop()
    for reference in tangents.carriers.pop():
        tensor = reference()
        if tensor is not None and tensor._tangents:
            left = {level: each for level, each in tensor._tangents.items() if level != number}
            tensor._tangents = left or None
    _choose()


@contextlib.contextmanager
def only_outside(level):
    """Inside, only the levels outside of this one are open; of 0, none."""
    before = tangents.open, tangents.carriers
    place = sum(each < level for each in tangents.open)
    tangents.open, tangents.carriers = [each[:place] for each in before]
    _choose()
    try:
        yield
    finally:
        tangents.open, tangents.carriers = before
        _choose()


def set_enabled(enabled) -> None:
    """Say whether operations of this thread pass tangents on."""
    tangents.enabled = bool(enabled)
    _choose()


# What tensors carry


def give(tensor, level, tangent) -> None:
    """Let a tensor carry a tangent."""
    tensor._tangents = {**(tensor._tangents or {}), level: tangent}
    tensor._storage.recorded = True  # the short ways of calls leave such a tensor alone
    tangents.carriers[tangents.open.index(level)].append(weakref.ref(tensor))


def follow(view, tensor) -> None:
    """A view of a dual tensor, which itself follows nothing, follows that one."""
    root = tensor._tangent_base
    if root is not None:
        view._tangent_base = tensor if root is False else root


def levels_of(tensor) -> list:
    """The open levels at which a tensor has a tangent."""
    if not is_differentiable(tensor._meta.dtype.numpy):
        return []
    base = _base_of(tensor)
    known = {**((base is not None and base._tangents) or {}), **(tensor._tangents or {})}
    return [level for level in tangents.open if level in known]


def tangent_of(tensor, level):
    """The tangent of a tensor at a level, or None."""
    found = tensor._tangents.get(level) if tensor._tangents else None
    if found is None and level in tangents.open:
        base = _base_of(tensor)
        whole = base._tangents.get(level) if base is not None and base._tangents else None
        if whole is not None and is_differentiable(tensor._meta.dtype.numpy):
            found = _window_like(whole, tensor._meta, tensor._offset, base)
            give(tensor, level, found)
    return found


def tangents_of(tensor, below=None):
    """The tangents of a tensor by level, of levels outside of `below`, or None."""
    if not tangents.open:
        return None
    levels = [level for level in levels_of(tensor) if below is None or level < below]
    return {level: tangent_of(tensor, level) for level in levels} or None


def carries(tensor) -> bool:
    """Whether operations on a tensor have a tangent to pass on."""
    return bool(tangents.level) and not mode.inference and bool(levels_of(tensor))


def refuse_tangent_into_out(name, *values) -> None:
    """torch's error where a tangent would have to pass through `out`."""
    for value in values:
        for each in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(each, Tensor) and carries(each):
                raise NotImplementedError(
                    f"Trying to use forward AD with {name.partition('.')[0]}_out that does not "
                    "support it because it is an out= function"
                )


def moved(tensor, meta, offset) -> None:
    """Before a tensor becomes another window onto its memory: its tangents become such windows."""
    if not tensor._tangents:
        return
    if _base_of(tensor) is not None:
        tensor._tangents = None  # they come from the base, when they are asked for
        return
    tensor._tangents = {
        level: _window_like(each, meta, offset, tensor) for level, each in tensor._tangents.items()
    }


def tangent_to_write(tensor, level):
    """The tangent of a tensor that is about to be written to: zeros, for all its memory, if new."""
    found = tangent_of(tensor, level)
    if found is None:
        base = _base_of(tensor)
        root = tensor if base is None else base
        give(root, level, zeros_in_memory(root._meta))
        found = tangent_of(tensor, level)
    return found


def zeros_in_memory(meta):
    """Zeros with the strides of `meta`, which may leave places of the memory out."""
    if is_non_overlapping_and_dense(meta.shape, meta.stride):
        return constant(Meta(meta.shape, meta.dtype, meta.device, meta.stride), 0)
    steps = [(extent - 1) * step for extent, step in zip(meta.shape, meta.stride, strict=True)]
    memory = constant(Meta((1 + sum(steps) if meta.numel else 0,), meta.dtype, meta.device), 0)
    return window(memory, meta.shape, meta.stride, 0)


def _base_of(tensor):
    """The tensor whose tangent that of a view is a window onto; None where it is its own."""
    root = tensor._tangent_base
    if root is None:
        return tensor._base
    return None if root is False else root


def _window_like(whole, meta, offset, tensor):
    """The part of the tangent `whole` of `tensor` that belongs to a window onto that one's memory."""
    base = tensor._meta
    if meta.dtype is base.dtype:  # a tangent may have a dtype of its own
        dtype, distance = whole._meta.dtype, offset - tensor._offset
        start = whole._offset
    else:
        dtype, unit = meta.dtype, meta.dtype.itemsize
        distance = offset - tensor._offset * base.dtype.itemsize // unit
        start = whole._offset * whole._meta.dtype.itemsize // unit
    view = window(whole, meta.shape, meta.stride, start + distance, dtype)
    mirrored = meta.mirrored ^ base.mirrored ^ whole._meta.mirrored
    view._meta = Meta(view._meta.shape, dtype, meta.device, meta.stride, mirrored)
    view._base = whole if whole._base is None else whole._base
    view._made_at = -1  # a history, if there is one, is made when it is asked for
    view._requires_grad = whole._requires_grad or view._base._requires_grad
    follow(view, whole)
    return view


# How operations pass tangents on


def push(call_kernel, name, kernel, operands, results, device, below=None) -> None:
    """Give results of a kernel the tangents that follow from those of its operands.

    With `below`, of levels outside of that one: the work is part of a tangent of that level.
    """
    if mode.inference:
        return
    levels = {level for each in operands if isinstance(each, Tensor) for level in levels_of(each)}
    for level in sorted(levels):
        if below is not None and level >= below:
            break
        moving, given = [], []
        for place, each in enumerate(operands):
            tangent = tangent_of(each, level) if isinstance(each, Tensor) else None
            if tangent is not None and is_differentiable(each._meta.dtype.numpy):
                moving.append(place)
                given.append(_in_dtype_of(each, tangent))
        forward = forward_of(kernel, tuple(moving))
        metas = [_tangent_meta(each._meta, device) for each in results]
        found = call_kernel(
            name,
            forward.kernel,
            [*[operands[place] for place in forward.needs], *given],
            metas,
            device,
            level,
        )
        for result, tangent in zip(results, found, strict=True):
            if is_differentiable(result._meta.dtype.numpy):
                give(result, level, tangent)


def _tangent_meta(meta, device):
    if is_non_overlapping_and_dense(meta.shape, meta.stride):
        return Meta(meta.shape, meta.dtype, device, meta.stride)
    return Meta(meta.shape, meta.dtype, device)


def _in_dtype_of(tensor, tangent):
    dtype, given = tensor._meta.dtype, tangent._meta.dtype
    if given is dtype:
        return tangent
    if given.category == COMPLEX != dtype.category:
        raise not_provided("operations on a real tensor with a complex tangent")
    return tangent.to(dtype)
