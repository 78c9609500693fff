"""Backward: gradients from roots through the tape, each node once, latest first, without recursion."""

import heapq

from jtorch.autograd._graph import AccumulateGrad, running


def walk(roots, gradients, *, wanted=None, accumulate=True, keep_graph=False):
    """Send `gradients` from `roots` (edges) back.

    With `wanted` (a list of edges), return the gradient that reached each, or None; otherwise
    leaves accumulate theirs. Leaves that are not wanted are left alone where `accumulate` is false.
    """
    needed = None if wanted is None else _reaching(roots, wanted)
    if wanted is not None and accumulate:
        accumulate = False
    waiting = _dependencies([node for node, _ in roots], needed)
    buffers = {}
    captured = {}
    for (node, place), gradient in zip(roots, gradients, strict=True):
        _add(buffers, node, place, gradient)
    targets = {} if wanted is None else {(id(node), place): node for node, place in wanted}
    ready = [(-node.sequence, id(node), node) for node in buffers if not waiting.get(node)]
    heapq.heapify(ready)
    started = {node for _, _, node in ready}
    while ready:
        _, _, node = heapq.heappop(ready)
        received = _hooked(node, buffers.pop(node, {}))
        for place, gradient in received.items():
            if (id(node), place) in targets:
                captured[id(node), place] = gradient
        given = _through(node, received, accumulate, needed)
        if not keep_graph:
            node.release()
        for edge, gradient in zip(node.edges, given, strict=True):
            if edge is None:
                continue
            below, place = edge
            if needed is not None and below not in needed:
                continue
            if gradient is not None:
                _add(buffers, below, place, gradient)
            waiting[below] -= 1
            if not waiting[below] and below not in started:
                started.add(below)
                heapq.heappush(ready, (-below.sequence, id(below), below))
    if wanted is not None:
        return [captured.get((id(node), place)) for node, place in wanted]
    return None


def _through(node, received, accumulate, needed):
    """The gradients below a node; None for all where nothing reached it, or nobody wants more."""
    nothing = [None] * len(node.edges)
    if not received:
        return nothing
    leaf = isinstance(node, AccumulateGrad)
    if leaf and not accumulate:
        return nothing
    if needed is not None and not leaf and not any(
        edge is not None and edge[0] in needed for edge in node.edges
    ):
        return nothing
    gradients = [received.get(place) for place in range(len(node.metas))]
    for hook in list(node.pre_hooks.values()):
        changed = hook(tuple(gradients))
        if changed is not None:
            gradients = list(changed) if isinstance(changed, tuple) else [changed]
    before, running.node = running.node, node
    try:
        given = node.apply(gradients)
    finally:
        running.node = before
    for hook in list(node.post_hooks.values()):
        changed = hook(tuple(given), tuple(gradients))
        if changed is not None:
            given = changed if isinstance(changed, tuple) else (changed,)
    return given


def _hooked(node, received):
    """The gradients that reached a node, as hooks on the tensors have changed them."""
    for place in list(received):
        for hook in list(node.tensor_hooks.get(place, {}).values()):
            changed = hook(received[place])
            if changed is not None:
                received[place] = changed
        keeper = node.retained.get(place)
        tensor = None if keeper is None else keeper()
        if tensor is not None:
            grad = received[place]
            tensor.grad = grad if tensor.grad is None else tensor.grad + grad
    return received


def _add(buffers, node, place, gradient):
    received = buffers.setdefault(node, {})
    known = received.get(place)
    received[place] = gradient if known is None else known + gradient


def _dependencies(roots, needed):
    """How many gradients each node waits for."""
    waiting = {}
    stack = list(roots)
    seen = set(stack)
    while stack:
        for edge in stack.pop().edges:
            if edge is None or (needed is not None and edge[0] not in needed):
                continue
            below = edge[0]
            waiting[below] = waiting.get(below, 0) + 1
            if below not in seen:
                seen.add(below)
                stack.append(below)
    return waiting


def _reaching(roots, wanted):
    """The nodes on the way from the roots to a wanted edge."""
    targets = {node for node, _ in wanted}
    order = []
    stack = [(node, False) for node, _ in roots]
    seen = set()
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            continue
        if node in seen:
            continue
        seen.add(node)
        stack.append((node, True))
        stack.extend((edge[0], False) for edge in node.edges if edge is not None)
    needed = set()
    for node in order:
        if node in targets or any(edge is not None and edge[0] in needed for edge in node.edges):
            needed.add(node)
    return needed
