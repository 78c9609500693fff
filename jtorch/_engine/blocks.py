"""How much of a trace runs at once: long loops are cut at whole turns, and what nobody can see is left out."""

import functools
import sys

import numpy as np

from jtorch._config import settings

MANY = 1000  # operations from which on dead ones are dropped before XLA sees them


def blocks(nodes, device) -> list[int]:
    """How many operations of a trace to run at a time: all at once, but where there are many.

    The turns of a long loop, and the layers of a deep network, there and back, are cut at whole turns,
    in blocks of one size, so that one small program serves them, however many there are. It is faster
    to compile than all of them at once, takes less memory, and is no slower to run. On a CPU the rest
    is cut as well: XLA runs several small programs there in less time than one big one.
    """
    size = len(nodes)
    on_cpu = device.type == "cpu"
    if size <= (settings.block_size if on_cpu else settings.block_size * _ELSEWHERE):
        return [size] if size else []
    return list(_blocks_of(tuple([node.kernel.id for node in nodes]), on_cpu))


_ELSEWHERE = 8  # times as many operations: starting a program takes longer there
# Operations of a block at least: what starting a program takes is little to recording them.
_SMALLEST = 32
_BLOCKS = 8  # and of so many blocks; where there would be twice as many they are twice as big
_TURNS = 3  # at least
_GAIN = 20  # operations that are compiled once where they would be several times
_PIECE = 64  # of what does not repeat itself


@functools.lru_cache(64)
def _blocks_of(identities, on_cpu):
    """The sizes of the blocks of a sequence; what does not repeat itself lies between them."""
    size = len(identities)
    found = _longest_repetition(np.array(identities))
    if found is not None:
        start, end, block = found
        whole, rest = divmod(end - start, block)
        before = _blocks_of(identities[:start], on_cpu)
        return (*before, *[block] * whole, *_blocks_of(identities[end - rest :], on_cpu))
    count = size // _PIECE if on_cpu and size >= 2 * _PIECE else min(size, 1)
    return tuple([size * (i + 1) // count - size * i // count for i in range(count)])


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
