"""Buffers of leaves: which ones a program may overwrite, and which ones JAX is given for good."""

import sys
import weakref

import jax
import numpy as np

from jtorch._device import CPU, placed


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


_NONE = frozenset()


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
