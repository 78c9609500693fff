"""Functions of one tensor applied to a batch: tensors whose values are placeholders, and the way back.

A function runs once, on tensors that stand for each of a batch; what it gives is replayed for the
whole batch (`_engine.symbolic`). The graph that was recorded meanwhile becomes one node, whose
backward walks through that graph in the same way: with gradients that stand for each of a batch.
"""

import weakref

from jtorch._autograd.graph import AccumulateGrad, Node, name_of, named
from jtorch._autograd.modes import mode
from jtorch._autograd.walk import Walk
from jtorch._engine.symbolic import depth_of
from jtorch._meta import Meta
from jtorch._ops.edges import edge_of, needs_gradient, point
from jtorch._ops.recall import FREED
from jtorch._ops.reduce import sum as sum_of
from jtorch._ops.tangents import give, tangents_of
from jtorch._ops.view import expand
from jtorch._tensor import from_node, node_of


class Seen:
    """A tensor from inside: its value, and where its gradient goes, as they are while it is open."""

    __slots__ = ("edge", "meta", "node", "tangents")

    def __init__(self, tensor):
        self.node = node_of(tensor)
        meta = tensor._meta
        self.meta = Meta(meta.shape, meta.dtype, meta.device)
        self.edge = edge_of(tensor) if mode.enabled else None
        self.tangents = {at: Seen(each) for at, each in (tangents_of(tensor) or {}).items()}


class Lift:
    """The tensors that stand for those of a batch at a level, and what they come to."""

    def __init__(self, level):
        self.level = level
        level.lift = weakref.ref(self)
        self.given = {}  # node of a tensor that was put in -> (the batch, its dim), as it was given
        self.outside = {}  # node of a tensor that was put in -> edge of the batch it stands for

    def lower(self, tensor):
        """A tensor that stands for each of a batch: `tensor` has the batch along its first dim."""
        meta = tensor._meta
        inside = Meta(tuple(meta.shape[1:]), meta.dtype, meta.device)
        node = self.level.placeholder(inside.aval, meta.device, node_of(tensor))
        made = from_node(node, inside)
        if mode.enabled and needs_gradient(tensor):
            made._requires_grad = True
            self.outside[edge_of(made)[0]] = edge_of(tensor)
        for at, each in (tangents_of(tensor) or {}).items():
            give(made, at, self.lower(each))
        return made

    def value(self, seen):
        """The batch that a tensor from inside comes to, without its history."""
        meta = seen.meta
        size = self.level.batch_size
        ((node, is_batch),) = self.level.replay([seen.node])
        if is_batch:
            return from_node(node, Meta((size, *meta.shape), meta.dtype, meta.device))
        return expand(from_node(node, meta), (size, *meta.shape)).clone()

    def lifted(self, seen):
        """The batches that tensors from inside come to. The level is closed by now."""
        results = [self.value(each) for each in seen]
        tracked = [place for place, each in enumerate(seen) if each.edge is not None]
        if tracked:
            metas = tuple([results[place]._meta for place in tracked])
            roots = [seen[place].edge for place in tracked]
            name = name_of(roots[0][0])
            name = "VmapBackward0" if roots[0][0].__class__ is AccumulateGrad else name
            node = named(LiftNode, name)(self, roots, metas)
            for number, place in enumerate(tracked):
                point(results[place], node, number)
        for inside, outside in zip(seen, results, strict=True):
            for at, each in inside.tangents.items():
                give(outside, at, self.lifted([each])[0])
        return results

    def frontier(self, edges):
        """The edges where the graph from inside ends: (edge, edge outside, whether it is a batch)."""
        found = {}
        stack = list(edges)
        seen = set()
        while stack:
            edge = stack.pop()
            if edge in seen:
                continue
            seen.add(edge)
            node = edge[0]
            if node in self.outside:
                found[edge] = self.outside[node], True
            elif node.__class__ is AccumulateGrad:
                if not self.level.depends(node.variable._storage.value):
                    found[edge] = edge, False
            elif node._level is self.level:
                stack.extend(each for each in node._edges if each is not None)
            else:
                found[edge] = edge, False
        return [(inner, outer, is_batch) for inner, (outer, is_batch) in found.items()]


def stands_for_batch(tensor) -> bool:
    """Whether a tensor stands for each of a batch, inside of `vmap`."""
    node = node_of(tensor)
    level = None if node.trace is None else node.trace.level
    return level is not None and level.batch_size is not None and bool(level._before)


def batch_of(tensor):
    """(number of the level, the whole batch) of a tensor that stands for each of a batch."""
    node = node_of(tensor)
    level = node.trace.level
    with level.suspended():
        ((outside, _),) = level.replay([node])
        meta = tensor._meta
        whole = Meta((level.batch_size, *meta.shape), meta.dtype, meta.device)
        batch = from_node(outside, whole)
    return depth_of(level), batch


class LiftNode(Node):
    """What was recorded inside of a level, as one node."""

    def __init__(self, lift, roots, metas):
        self._frontier = lift.frontier(roots)
        super().__init__([outer for _, outer, _ in self._frontier], metas)
        self._lift = lift
        self._roots = roots

    def _apply(self, gradients):
        lift = self._lift
        if lift is None:
            raise RuntimeError(FREED)
        given = [place for place, each in enumerate(gradients) if each is not None]
        lowered = [lift.lower(gradients[place]) for place in given]
        targets = [inner for inner, _, _ in self._frontier]
        ends = {node for node, _ in targets}
        with lift.level:
            walk = Walk(
                [self._roots[place] for place in given], targets, accumulate=False,
                keep_graph=True, ends=ends,
            )  # fmt: skip
            walk.run(lowered)
            found = [walk.captured.get(edge) for edge in targets]
            seen = [Seen(each) for each in found if each is not None]
        lifted = iter(lift.lifted(seen))
        results = []
        for each, (_, _, is_batch) in zip(found, self._frontier, strict=True):
            if each is None:
                results.append(None)
            else:
                result = next(lifted)
                results.append(result if is_batch else sum_of(result, 0))
        return results

    def _release(self):
        """Let go of what is inside; another node may still need parts of it."""
        self._lift = self._roots = None
