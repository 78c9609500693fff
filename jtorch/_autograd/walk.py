"""Backward: gradients from roots through the tape, each node once, latest first, without recursion."""

import heapq

from jtorch._autograd import hooks
from jtorch._autograd.anomaly import anomaly, explain_failure, refuse_nan
from jtorch._autograd.graph import AccumulateGrad, name_of, running


class Walk:
    """One backward pass.

    `wanted` are the edges whose gradients are asked for, None for all leaves; they are found in
    `captured` afterwards. With `accumulate`, leaves that are reached add to their `grad`.
    """

    def __init__(self, roots, wanted=None, accumulate=True, keep_graph=False, ends=frozenset()):
        self.roots = roots
        self.accumulate = accumulate
        self.keep_graph = keep_graph
        self.targets = frozenset(wanted or ())
        self.ends = ends  # nodes that are asked what has come to them, and nothing more
        self.needed = None if wanted is None else _reaching(roots, wanted, ends)
        self.captured = {}
        self.waiting = _dependencies([node for node, _ in roots], self.needed)
        self.buffers = {}  # node -> the gradients of its results that have come so far
        self.ready = []
        self.started = 0  # how many nodes have been ready so far: the first ones go first
        self.node = None  # the one that runs, and the gradients that have come to it
        self.gradients = ()

    def run(self, gradients):
        """Send `gradients` from the roots back."""
        before, running.walk = running.walk, self
        try:
            self._run(gradients)
        finally:
            running.walk = before

    def _run(self, gradients):
        for (node, place), gradient in zip(self.roots, gradients, strict=True):
            self._add(node, place, gradient, None, 0)
        for node in dict.fromkeys([node for node, _ in self.roots]):
            if not self.waiting[node]:
                self._start(node)
        # Where all leaves are wanted and nobody looks at what goes on, nodes have only to be applied.
        plain = self.accumulate and self.needed is None and not self.ends and not anomaly.enabled
        needed, waiting, ready, buffers = self.needed, self.waiting, self.ready, self.buffers
        while ready:
            node = heapq.heappop(ready)[2]
            received = buffers.pop(node, None) or [None] * len(node._metas)
            known = (
                node._hooks if node.__class__ is not AccumulateGrad else node.variable._leaf_hooks
            )
            if plain and known is None:
                self.node, self.gradients = node, received
                given = node._apply(received)
                if not self.keep_graph:
                    node._release()
            else:
                given = self._through(node, known, received)
            index = -1
            for edge in node._edges:
                index += 1
                if edge is None:
                    continue
                below, place = edge
                if needed is not None and below not in needed:
                    continue
                gradient = None if given is None else given[index]
                if gradient is not None:
                    metas = below._metas
                    if gradient._meta is metas[place] and below not in buffers:
                        buffers[below] = [None] * len(metas)
                        buffers[below][place] = gradient
                    else:
                        self._add(below, place, gradient, node, index)
                waiting[below] -= 1
                if not waiting[below]:
                    self._start(below)

    def executes(self, node) -> bool:
        """Whether this pass comes to a node.

        Errors:  RuntimeError for a leaf, where `autograd.grad` only asks for its gradient.
        """
        if node.__class__ is AccumulateGrad and not self.accumulate:
            raise RuntimeError(
                "A leaf node was passed to _will_engine_execute_node but we are currently running "
                "autograd.grad(). This is currently not supported."
            )
        return node in self.waiting or any(node is root for root, _ in self.roots)

    def _start(self, node):
        self.started += 1
        heapq.heappush(self.ready, (-node._sequence, self.started, node))

    def _add(self, node, place, gradient, source, index):
        """Add a gradient to what has come to a result of a node."""
        meta = node._metas[place]
        given = gradient._meta
        if given is not meta and (given.shape is not meta.shape or given.dtype is not meta.dtype):
            any_dtype = node.__class__ is AccumulateGrad and node.variable._grad_dtype is None
            dtype = given.dtype if any_dtype else meta.dtype
            gradient = _fitted(gradient, meta.shape, dtype, source, index)
        received = self.buffers.get(node)
        if received is None:
            received = self.buffers[node] = [None] * len(node._metas)
        known = received[place]
        if known is not None:  # a strided one comes first
            first = known.is_sparse and not gradient.is_sparse
            gradient = gradient + known if first else known + gradient
        received[place] = gradient

    def _through(self, node, known, gradients):
        """The gradients below a node with the hooks `known`, or None where nobody wants more."""
        goes_on = self._goes_on(node)
        if known is not None and not goes_on:
            gradients = hooks.of_tensors(known, gradients, node._metas)
        if self.targets:
            for place, gradient in enumerate(gradients):
                if gradient is not None and (node, place) in self.targets:
                    self.captured[node, place] = gradient
        if not goes_on:
            return None
        if known is None:
            return self._applied(node, gradients)
        gradients = hooks.of_tensors(known, gradients, node._metas)
        gradients = hooks.before_node(known, gradients)
        given = self._applied(node, gradients)
        if known.after:
            given = node._hidden(hooks.after_node(known, node._shown(given), gradients))
        return given

    def _goes_on(self, node):
        """Whether a node is to run, and not only to be asked what has come to it."""
        if node in self.ends:
            return False
        if node.__class__ is AccumulateGrad:
            return self.accumulate and (not self.targets or (node, 0) in self.targets)
        return self.needed is None or any(
            edge is not None and edge[0] in self.needed for edge in node._edges
        )

    def _applied(self, node, gradients):
        self.node, self.gradients = node, gradients
        try:
            given = node._apply(gradients)
        except Exception:
            if anomaly.enabled:
                explain_failure(node)
            raise
        if anomaly.enabled and anomaly.check_nan:
            refuse_nan(node, given)
        if not self.keep_graph:
            node._release()
        return given


def _fitted(gradient, shape, dtype, source, index):
    """A gradient in the shape and dtype of what it is the gradient of."""
    given = gradient._meta
    if given.shape != shape:
        if not _expandable(shape, given.shape):
            name = "grad" if source is None else name_of(source)
            raise RuntimeError(
                f"Function {name} returned an invalid gradient at index {index} - got "
                f"{list(given.shape)} but expected shape compatible with {list(shape)}"
            )
        gradient = gradient.sum_to_size(shape)
    if given.dtype is not dtype:
        if not given.dtype.is_floating_point and given.dtype.is_complex != dtype.is_complex:
            raise RuntimeError(
                "Expected isFloatingType(grad.scalar_type()) || (input_is_complex == grad_is_complex) "
                "to be true, but got false.  (Could this error message be improved?  If so, please "
                "report an enhancement request to PyTorch.)"
            )
        gradient = gradient.to(dtype)
    return gradient


def _expandable(small, large):
    if len(small) > len(large):
        return False
    tail = large[len(large) - len(small) :]
    return all(a in (1, b) for a, b in zip(small, tail, strict=True))


def _dependencies(roots, needed):
    """How many gradients each node waits for."""
    waiting = dict.fromkeys(roots, 0)
    stack = list(waiting)
    while stack:
        for edge in stack.pop()._edges:
            if edge is None or (needed is not None and edge[0] not in needed):
                continue
            below = edge[0]
            if below in waiting:
                waiting[below] += 1
            else:
                waiting[below] = 1
                stack.append(below)
    return waiting


def _reaching(roots, wanted, ends):
    """The nodes on the way from the roots to a wanted edge."""
    targets = {node for node, _ in wanted}
    order = []
    stack = [(node, False) for node, _ in roots]
    seen = set()
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if node not in ends:
                stack.extend((edge[0], False) for edge in node._edges if edge is not None)
    needed = set()
    for node in order:
        if node in targets or any(edge is not None and edge[0] in needed for edge in node._edges):
            needed.add(node)
    return needed
