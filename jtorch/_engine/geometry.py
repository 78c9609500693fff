"""How a strided view is read from, and written into, the one dense array that a storage holds.

A storage holds an array of logical shape P whose elements fill memory [0, N) with strides T, a
permutation of row-major order. A tensor is any (shape, stride, offset) over that memory. XLA has no
strides, so a view becomes a short list of steps (`geometry_steps`), in the first of these forms
that fits:

IDENTITY  the view is the array
RESHAPE   the view holds all of the array: reshapes and transposes only
SLICE     memory is cut into dims, each dim of the view runs inside one of them: a box is taken
GENERAL   addresses are computed, elements gathered or scattered; overlapping views end here
EMPTY     the view has no elements

A plan is static: it depends on shapes and strides alone. The offset becomes `starts`, a few
integers that enter a compiled program as data, so that `x[i]` compiles once for all i.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from math import prod

import numpy as np

from jtorch._engine.geometry_steps import (
    Block,
    Broadcast,
    Empty,
    Gather,
    JaxArrays,
    NumpyArrays,
    PadEnd,
    Reshape,
    Transpose,
)

Ints = tuple[int, ...]


class Form(Enum):
    IDENTITY = "identity"
    RESHAPE = "reshape"
    SLICE = "slice"
    GENERAL = "general"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Cut:
    """One dim that memory is cut into: a box of `count` elements, `step` apart, lies in its `size`
    elements.

    `stride` is the dim's own stride in memory. A start is needed unless the box fills the dim.
    """

    size: int
    stride: int
    count: int
    step: int

    @property
    def block(self) -> int:
        return (self.count - 1) * self.step + 1


@dataclass(frozen=True, eq=False)
class Plan:
    """The static part of reading and writing a view. Equal plans do the same to arrays of the same
    shape.
    """

    form: Form
    array_shape: Ints
    shape: Ints
    steps: tuple
    # How an offset becomes starts: ("cuts", cuts), ("levels", ...), ("address", ()); outside the
    # key, as data is.
    rule: tuple
    # True where `write` needs nothing of the old array.
    overwrites: bool
    key: tuple = field(init=False)
    _hash: int = field(init=False)

    def __post_init__(self):
        key = (self.array_shape, self.shape, self.steps)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "_hash", hash(key))

    def __hash__(self):
        return self._hash

    def __eq__(self, other):
        return self is other or (isinstance(other, Plan) and self.key == other.key)

    def starts(self, offset: int) -> Ints | None:
        """The dynamic part for a view at `offset`; None where this form cannot reach it (see
        `plan_for`).
        """
        kind, detail = self.rule
        if kind == "cuts":
            return _starts_in_cuts(detail, offset)
        if kind == "levels":
            return _starts_in_levels(detail, offset)
        return (offset,) if kind == "address" else ()

    def read(self, array, starts: Ints = ()):
        """The view's elements, from a jax or numpy array of the storage; `starts` may be traced
        integers.
        """
        ops = NumpyArrays if isinstance(array, np.ndarray) else JaxArrays
        for step in self.steps:
            array = step.read(array, starts, ops)
        return array

    def write(self, array, value, starts: Ints = ()):
        """A new array for the storage, with the view's elements replaced by `value` (same shape and
        dtype).

        A numpy result shares memory with neither argument. `array` may be None where `overwrites`
        is true.
        """
        ops = NumpyArrays if isinstance(value, (np.ndarray, np.generic)) else JaxArrays
        given = [array] * (len(self.steps) if self.overwrites else 1)
        if not self.overwrites:
            for step in self.steps[:-1]:
                given.append(step.read(given[-1], starts, ops))
        for step, before in zip(reversed(self.steps), reversed(given), strict=True):
            value = step.write(before, value, starts, ops)
        if ops is NumpyArrays and (value.base is not None or value is array or not self.steps):
            value = np.array(value, order="C")
        return value


def plan(phys_shape: Ints, phys_stride: Ints, shape: Ints, stride: Ints) -> Plan:
    """The first plan for a view of these shapes and strides; some offsets may need another, see
    `plan_for`.
    """
    return _plans(phys_shape, phys_stride, shape, stride)[0]


@lru_cache(maxsize=1 << 15)
def plan_for(
    phys_shape: Ints, phys_stride: Ints, shape: Ints, stride: Ints, offset: int
) -> tuple[Plan, Ints]:
    """The plan that reaches a view at this offset, and its starts. Offsets share few plans: one to
    three a view.
    """
    for candidate in _plans(phys_shape, phys_stride, shape, stride):
        starts = candidate.starts(offset)
        if starts is not None:
            return candidate, starts
    raise AssertionError(
        f"view {shape} {stride} {offset} lies outside storage {phys_shape} {phys_stride}"
    )


@lru_cache(maxsize=1 << 15)
def _plans(phys_shape: Ints, phys_stride: Ints, shape: Ints, stride: Ints) -> tuple[Plan, ...]:
    if 0 in shape:
        return (Plan(Form.EMPTY, phys_shape, shape, (Empty(shape),), ("none", ()), False),)
    memory = _memory_order(phys_shape, phys_stride)
    view = _view_dims(shape, stride)
    runs = _merge(view, shape, stride)
    span = sum((shape[axis] - 1) * stride[axis] for axis in view)
    assert span < prod(phys_shape), f"view {shape} {stride} is larger than storage {phys_shape}"
    if not _is_nested(runs):
        return (_plan_general(phys_shape, memory, shape, stride, span),)
    cuts = _cut_memory(phys_shape, memory, runs)
    nested = _plan_levels(phys_shape, memory, shape, stride, runs)
    return (
        (nested,) if cuts is None else (_plan_cuts(phys_shape, memory, shape, stride, cuts), nested)
    )


def _memory_order(phys_shape: Ints, phys_stride: Ints) -> Ints:
    """The array's axes as memory has them, outermost first; axes of size 1 (their stride says
    nothing) lead.
    """
    axes = sorted(
        range(len(phys_shape)), key=lambda axis: (phys_shape[axis] > 1, -phys_stride[axis])
    )
    expected = 1
    for axis in reversed(axes):
        if phys_shape[axis] > 1:
            assert phys_stride[axis] == expected, f"storage {phys_shape} {phys_stride} is not dense"
            expected *= phys_shape[axis]
    return tuple(axes)


def _view_dims(shape: Ints, stride: Ints) -> Ints:
    """The view's dims that move in memory, outermost first; dims of size 1 and expanded dims do
    not.
    """
    moving = [axis for axis in range(len(shape)) if shape[axis] > 1 and stride[axis] > 0]
    return tuple(sorted(moving, key=lambda axis: -stride[axis]))


def _merge(view: Ints, shape: Ints, stride: Ints) -> tuple[tuple[int, int], ...]:
    """(count, stride) runs of the moving dims: dims that continue each other are one run."""
    runs: list[tuple[int, int]] = []
    for axis in view:
        if runs and runs[-1][1] == shape[axis] * stride[axis]:
            runs[-1] = (runs[-1][0] * shape[axis], stride[axis])
        else:
            runs.append((shape[axis], stride[axis]))
    return tuple(runs)


def _is_nested(runs) -> bool:
    """Whether all that the inner runs reach lies between two elements of the outer one: nothing
    overlaps.
    """
    reach = 0
    for count, stride in reversed(runs):
        if stride <= reach:
            return False
        reach += (count - 1) * stride
    return True


# ---- the form that cuts memory at the storage's own dims where it can


def _cut_memory(phys_shape: Ints, memory: Ints, runs) -> tuple[Cut, ...] | None:
    """Memory cut into dims so that each run lies inside one, or fills several; None where the sizes
    do not divide.

    The storage's own cuts are kept wherever no run crosses them unevenly, so that programs see the
    dims users see.
    """
    total = prod(phys_shape)
    edges = []
    stride = total
    for axis in memory:
        if phys_shape[axis] > 1:
            stride //= phys_shape[axis]
            if _suits(stride, runs):
                edges.append(stride)
    for (_, outer), (count, inner) in pairwise(runs):
        if not any((count - 1) * inner < edge <= outer for edge in edges):
            edges.append(outer)
    edges.sort(reverse=True)
    uppers = [total, *edges][: len(edges)]
    if any(upper % edge for upper, edge in zip(uppers, edges, strict=True)):
        return None
    boxes = {}
    for count, stride in runs:
        end = count * stride
        inside = [edge for edge in edges if stride < edge <= (count - 1) * stride]
        for edge in inside:
            boxes[edge] = (end // edge, 1)
            end = edge
        base = max(edge for edge in edges if edge <= stride)
        boxes[base] = (end // stride, stride // base)
    return tuple(
        Cut(upper // edge, edge, *boxes.get(edge, (1, 1)))
        for upper, edge in zip(uppers, edges, strict=True)
    )


def _suits(edge: int, runs) -> bool:
    """Whether memory may be cut every `edge` elements without breaking a run unevenly."""
    for count, stride in runs:
        if edge > (count - 1) * stride:
            continue
        if edge <= stride:
            if stride % edge:
                return False
        elif edge % stride or (count * stride) % edge:
            return False
    return True


def _starts_in_cuts(cuts: tuple[Cut, ...], offset: int) -> Ints | None:
    starts = []
    for cut in cuts:
        start, offset = divmod(offset, cut.stride)
        room = cut.size - cut.block
        if not 0 <= start <= room:
            return None
        if room:
            starts.append(start)
    return tuple(starts)


def _plan_cuts(
    phys_shape: Ints, memory: Ints, shape: Ints, stride: Ints, cuts: tuple[Cut, ...]
) -> Plan:
    steps = _Steps(phys_shape)
    axes = _split_in_place(phys_shape, memory, cuts)
    if axes is None:
        steps.transpose(memory)
        axes = tuple(range(len(cuts)))
    steps.reshape(tuple(cuts[axis].size for axis in axes))
    slots: list[int | None] = [None] * len(cuts)
    movable = [number for number, cut in enumerate(cuts) if cut.size > cut.block]
    for slot, number in enumerate(movable):
        slots[axes.index(number)] = slot
    sizes = tuple(cuts[axis].block for axis in axes)
    steps.block(sizes, tuple(cuts[axis].step for axis in axes), tuple(slots))
    # Drop what one element is left of; then name the axes that remain by their place in memory.
    kept = [axis for axis in axes if cuts[axis].count > 1]
    steps.reshape(tuple(cuts[axis].count for axis in kept))
    ranks = tuple(sorted(kept))
    _finish(steps, tuple(ranks.index(axis) for axis in kept), shape, stride)
    return steps.plan(shape, ("cuts", cuts))


def _split_in_place(phys_shape: Ints, memory: Ints, cuts: tuple[Cut, ...]) -> Ints | None:
    """The cuts in the order of the array's own axes, where each axis is split into whole cuts; else
    None.
    """
    parts: dict[int, list[int]] = {}
    number = 0
    for axis in memory:
        size = phys_shape[axis]
        parts[axis] = []
        while size > 1:
            if size % cuts[number].size:
                return None
            size //= cuts[number].size
            parts[axis].append(number)
            number += 1
    return tuple(number for axis in range(len(phys_shape)) for number in parts[axis])


# ---- the form that takes memory as one line, and a nest of blocks from it


def _plan_levels(phys_shape: Ints, memory: Ints, shape: Ints, stride: Ints, runs) -> Plan:
    """One run after another: take the block of memory it covers, fold it into rows, go on inside
    the rows.
    """
    steps = _Steps(phys_shape)
    steps.transpose(memory)
    length = prod(phys_shape)
    steps.reshape((length,))
    levels = []
    slot = 0
    for number, (count, step) in enumerate(runs or ((1, 1),)):
        innermost = number >= len(runs) - 1
        block = (count - 1) * step + 1 if innermost else count * step
        if block > length:
            steps.pad_end(block - length)
            length = block
        lead = steps.shape[:-1]
        movable = block < length
        slots = (None,) * len(lead) + (slot if movable else None,)
        slot += movable
        levels.append((length, block))
        ones = (1,) * len(lead)
        if innermost:
            steps.block((*lead, block), (*ones, step), slots)
        else:
            steps.block((*lead, block), (*ones, 1), slots)
            steps.reshape((*lead, count, step))
        length = step
    steps.reshape(tuple(count for count, _ in runs))
    _finish(steps, tuple(range(len(runs))), shape, stride)
    return steps.plan(shape, ("levels", tuple(levels)))


def _starts_in_levels(levels: tuple[tuple[int, int], ...], offset: int) -> Ints | None:
    starts = []
    for number, (length, block) in enumerate(levels):
        start = offset if number == len(levels) - 1 else min(offset, length - block)
        if not 0 <= start <= length - block:
            return None
        if length > block:
            starts.append(start)
        offset -= start
    return tuple(starts)


# ---- the form that computes addresses


def _plan_general(phys_shape: Ints, memory: Ints, shape: Ints, stride: Ints, span: int) -> Plan:
    total = prod(phys_shape)
    moving = sorted(_view_dims(shape, stride))
    steps = _Steps(phys_shape)
    steps.transpose(memory)
    steps.reshape((total,))
    steps.gather(
        total, tuple(shape[axis] for axis in moving), tuple(stride[axis] for axis in moving)
    )
    steps.spread(shape, tuple(moving))
    return steps.plan(shape, ("address", ()))


# ---- shared


def _finish(steps: _Steps, ranks: Ints, shape: Ints, stride: Ints) -> None:
    """From the box to the view. Axis i of the box comes at place `ranks[i]` in memory order."""
    view = _view_dims(shape, stride)
    sizes = tuple(shape[axis] for axis in view)
    in_memory = tuple(steps.shape[ranks.index(rank)] for rank in range(len(ranks)))
    if in_memory != sizes:
        steps.transpose(tuple(ranks.index(rank) for rank in range(len(ranks))))
        steps.reshape(sizes)
        ranks = tuple(range(len(sizes)))
    in_view = sorted(view)
    steps.transpose(tuple(ranks.index(view.index(axis)) for axis in in_view))
    steps.spread(shape, tuple(in_view))


class _Steps:
    """Collects steps, leaves out those that do nothing, joins neighbours of one kind."""

    def __init__(self, shape: Ints):
        self.array_shape = shape
        self.shape = shape
        self.steps: list = []

    def _add(self, step, shape: Ints) -> None:
        self.steps.append(step)
        self.shape = shape

    def reshape(self, shape: Ints) -> None:
        before = self.shape
        if self.steps and isinstance(self.steps[-1], Reshape):
            before = self.steps.pop().before
        if shape != before:
            self.steps.append(Reshape(before, shape))
        self.shape = shape

    def transpose(self, permutation: Ints) -> None:
        shape = tuple(self.shape[axis] for axis in permutation)
        order = [axis for axis in permutation if self.shape[axis] > 1]
        if order == sorted(order):
            self.reshape(shape)
            return
        if self.steps and isinstance(self.steps[-1], Transpose):
            first = self.steps.pop().permutation
            permutation = tuple(first[axis] for axis in permutation)
        if permutation != tuple(range(len(permutation))):
            self.steps.append(Transpose(permutation))
        self.shape = shape

    def block(self, sizes: Ints, strides: Ints, slots: tuple[int | None, ...]) -> None:
        shape = tuple(-(-size // stride) for size, stride in zip(sizes, strides, strict=True))
        if shape != self.shape:
            self._add(Block(sizes, strides, slots), shape)

    def pad_end(self, count: int) -> None:
        self._add(PadEnd(count), (*self.shape[:-1], self.shape[-1] + count))

    def gather(self, count: int, shape: Ints, strides: Ints) -> None:
        self._add(Gather(count, shape, strides), shape)

    def spread(self, shape: Ints, axes: Ints) -> None:
        """Axis i becomes axis `axes[i]` of `shape`: a reshape, unless an expanded dim repeats."""
        if prod(self.shape) == prod(shape):
            self.reshape(shape)
        else:
            self._add(Broadcast(self.shape, shape, axes), shape)

    def plan(self, shape: Ints, rule: tuple) -> Plan:
        kinds = {type(step) for step in self.steps}
        if not kinds:
            form = Form.IDENTITY
        elif kinds <= {Reshape, Transpose}:
            form = Form.RESHAPE
        else:
            form = Form.GENERAL if Gather in kinds else Form.SLICE
        overwrites = kinds <= {Reshape, Transpose, Broadcast}
        return Plan(form, self.array_shape, shape, tuple(self.steps), rule, overwrites)


# ---- host memory


def host_read(memory: np.ndarray, shape: Ints, stride: Ints, offset: int) -> np.ndarray:
    """A numpy view, sharing memory, of a tensor's geometry over flat contiguous memory; strides in
    elements.
    """
    if 0 in shape:
        # numpy bounds-checks even what it will never touch; an empty view may point anywhere
        return memory[:0].reshape(shape)
    size = memory.itemsize
    byte_strides = tuple(step * size for step in stride)
    return np.ndarray(shape, memory.dtype, memory, offset * size, byte_strides)
