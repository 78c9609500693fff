"""How much of a trace runs at once: long loops are cut at whole turns, and what nobody can see is left out."""

import sys

from jtorch._config import settings

MANY = 1000  # operations from which on dead ones are dropped before XLA sees them


def blocks(nodes) -> list[int]:
    """How many operations to run at a time: all at once, but for long loops.

    Where most of a long trace repeats itself, the repeating part is cut at whole turns, in blocks of
    one size, so one program of bounded size serves a loop of any length.
    """
    size = len(nodes)
    if size <= settings.block_size:
        return [size] if size else []
    start, period = _repetition([node.kernel.id for node in nodes])
    if period is None:
        return [size]
    block = max(settings.block_size // period, 1) * period
    whole, rest = divmod(size - start, block)
    return [count for count in (start, *[block] * whole, rest) if count]


def _repetition(identities):
    """(start, period) of the pattern that at least the second half of a sequence repeats."""
    size = len(identities)
    for period in range(1, size // 4 + 1):
        if identities[-period:] != identities[-2 * period : -period]:
            continue
        start = size - period
        while start and identities[start - 1] == identities[start - 1 + period]:
            start -= 1
        if 2 * start <= size:
            return start, period
    return 0, None


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
