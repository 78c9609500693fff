"""How much of a trace runs at once: long loops are cut at whole turns, and what nobody can see is left out."""

import functools
import sys

import numpy as np

from jtorch._config import settings

MANY = 1000  # operations from which on dead ones are dropped before XLA sees them


def blocks(nodes) -> list[int]:
    """How many operations of a trace to run at a time: all at once, but where there are very many.

    The turns of a long loop, and the layers of a deep network, there and back, are cut at whole turns,
    in blocks of one size, so that one small program serves them, however many there are. It compiles
    in less time than all of them at once and takes less memory, but it runs longer: what a block
    computes again for its derivative, XLA would have found in one program.
    """
    size = len(nodes)
    if size <= settings.block_size:
        return [size] if size else []
    return list(_blocks_of(tuple([node.kernel.id for node in nodes])))


# Operations of a block at least: what starting a program takes is little to recording them.
_SMALLEST = 32
_BLOCKS = 8  # and of so many blocks; where there would be twice as many they are twice as big
_TURNS = 3  # at least
_GAIN = 20  # operations that are compiled once where they would be several times


@functools.lru_cache(64)
def _blocks_of(identities):
    """The sizes of the blocks of a sequence; what does not repeat itself lies between them."""
    found = _longest_repetition(np.array(identities))
    if found is None:
        return (len(identities),) if identities else ()
    start, end, block = found
    whole, rest = divmod(end - start, block)
    return (
        *_blocks_of(identities[:start]),
        *[block] * whole,
        *_blocks_of(identities[end - rest :]),
    )


def _longest_repetition(identities):
    """(start, end, size of a block) of what repeats itself most; None if nothing does so enough."""
    found, gained = None, _GAIN
    size = len(identities)
    for period in range(1, size // _TURNS + 1):
        others = np.flatnonzero(identities[period:] != identities[:-period])
        starts = np.concatenate([[0], others + 1])  # of runs that equal what comes a period later
        lengths = np.concatenate([others, [size - period]]) - starts + period
        longest = int(lengths.argmax())
        start, length = int(starts[longest]), int(lengths[longest])
        block = _block(period, length)
        if length >= _TURNS * period and length - block > gained:
            found, gained = (start, start + length, block), length - block
    return found


def _block(period, length):
    """The size of blocks; a multiple that does not depend on the exact number of turns."""
    block = -(-_SMALLEST // period) * period
    while length > 2 * _BLOCKS * block:
        block *= 2
    return block


def without_dead(nodes):
    """Many nodes, without those that no result depends on that anybody can still ask for.

    Short batches keep them: XLA drops them, and the structure stays the same whatever is kept.
    """
    uses = dict.fromkeys(map(id, nodes), 0)
    for node in nodes:
        for given in node.inputs:
            if id(given) in uses:
                uses[id(given)] += 1
    node = given = None
    count = sys.getrefcount
    needed = set()
    for index in range(len(nodes) - 1, -1, -1):
        # besides its uses: the list's reference and the argument's
        alive = count(nodes[index]) > uses[id(nodes[index])] + 2
        if alive or id(nodes[index]) in needed or nodes[index].kernel.error is not None:
            needed.add(id(nodes[index]))
            needed.update(map(id, nodes[index].inputs))
    return [node for node in nodes if id(node) in needed]
