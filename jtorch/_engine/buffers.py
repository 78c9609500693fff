"""Buffers of leaves: which ones a program may overwrite and what with, and which JAX is given for good.

Which result takes over a leaf's buffer is not all the same. A parameter's new value is computed from
the old one element by element and fits where that lay; put anywhere else, XLA copies it there, and it
copies what lay there, too. JAX gives the buffers of donated arguments to results of the same aval in
the order of both, so results are returned in an order that makes each the heir of what it updates.
"""

import sys
import weakref

import jax
import numpy as np

from jtorch._device import CPU, placed

_NONE = frozenset()
_STEPS = 8  # from a leaf to its update: as many as an optimizer takes, and some more


def donatable(wiring, nodes, live, uses) -> frozenset:
    """Leaves whose buffers a result may take over: big, used here for the last time, shared by none.

    What numpy has made becomes JAX's: it is a loop's state before its first turn, and the program then
    suits all turns.
    """
    if not uses.big_leaves:
        return _NONE
    wanted = {}
    for index in live:
        aval = nodes[index].aval
        wanted[aval] = wanted.get(aval, 0) + 1
    donated = []
    count = sys.getrefcount
    leaves = wiring.leaves
    for position in uses.big_leaves:
        leaf = leaves[position]
        aval = leaf.aval
        # References to the leaf: the list of leaves, the variable, the argument, its uses in the
        # batch. To its array: the node's slot and the argument.
        if (
            wanted.get(aval)
            and count(leaf) <= uses.of_leaves[position] + 3
            and count(leaf.value) <= 2
        ):
            if not isinstance(leaf.value, jax.Array):
                leaf.value = placed(np.array(leaf.value), CPU)
            wanted[aval] -= 1
            donated.append(position)
    return frozenset(donated)


def heirs_first(steps, leaves, live, donated) -> tuple:
    """`live`, in the order of results in which each inherits the buffer of the leaf it updates."""
    heirs = _heirs(steps, leaves, live, donated)
    free = [index for index in live if index not in heirs.values()]
    for position in donated:
        if position not in heirs:
            aval = leaves[position]
            heirs[position] = next(index for index in free if steps[index][0].output is aval)
            free.remove(heirs[position])
    return (*[heirs[position] for position in donated], *free)


def _heirs(steps, leaves, live, donated) -> dict:
    """Donated leaf -> the result that updates it, where there is one: the nearest that is free."""
    users = {}  # reference -> the operations that take it, in order
    for index, (_, references) in enumerate(steps):
        for reference in references:
            if reference.__class__ is int:
                users.setdefault(reference, []).append(index)
    live = frozenset(live)
    heirs = {}
    found = [
        (distance, position, index)
        for position in donated
        for distance, index in _updates(steps, users, live, leaves[position], -1 - position)
    ]
    for _, position, index in sorted(found):
        if position not in heirs and index not in heirs.values():
            heirs[position] = index
    return heirs


def _updates(steps, users, live, aval, leaf):
    """Results that the last operation on a leaf leads to, element by element, with their distances.

    What other operations make of it does not count: of a parameter, that is all but its update.
    """
    level, seen = users.get(leaf, ())[-1:], set()
    for distance in range(_STEPS):
        level = [
            index
            for index in level
            if index not in seen
            and (steps[index][0].output is aval or steps[index][0].output.__class__ is tuple)
        ]
        seen.update(level)
        for index in level:
            if index in live and steps[index][0].output is aval:
                yield distance, index
        level = [user for index in level for user in users.get(index, ())]


def place_leaves(program, wiring) -> None:
    """Give JAX for good what numpy has made, where a program takes it for the second time.

    It would copy it each time. What is new each time, a batch of data, stays numpy's: for that the
    call of the program is the fastest way.
    """
    for place, leaf in enumerate(wiring.leaves):
        if leaf.value.__class__ is np.ndarray:
            before = program.taken.get(place)
            if before is not None and before() is leaf.value:
                leaf.value = placed(leaf.value, CPU)
            else:
                program.taken[place] = weakref.ref(leaf.value)
