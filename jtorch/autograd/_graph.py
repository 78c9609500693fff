"""The tape: what was applied to what, from results back to leaves. It knows no operation.

A node belongs to the results of one operation and holds an edge for each of its differentiable
inputs: (the node that made the input, which of its results it was). Tensors point to nodes, nodes to
nodes, and never back, so a graph that nobody needs any more is freed at once, by reference counts.
"""

import itertools
import threading
import weakref

_numbers = itertools.count()


class Node:
    """One recorded operation. Subclasses say in `apply` how gradients go through it."""

    __module__ = "torch.autograd.graph"
    _name = "Node"

    def __init__(self, edges, metas):
        self.edges = edges
        self.metas = metas  # of the results: a gradient that did not come is zeros of this meta
        self.sequence = next(_numbers)
        self.tensor_hooks = {}  # which result -> hooks on its gradient
        self.retained = {}  # which result -> weak reference to the tensor that keeps its gradient
        self.pre_hooks = {}
        self.post_hooks = {}

    def __repr__(self):
        return f"<{self.name()} object at {hex(id(self))}>"

    def name(self):
        return self._name

    @property
    def next_functions(self):
        """The nodes this one passes gradients to, each with the place there."""
        return tuple((None, 0) if edge is None else edge for edge in self.edges)

    def apply(self, gradients):
        """The gradients of the inputs, one per edge, from those of the results."""
        raise NotImplementedError

    def release(self):
        """Forget saved values; a second backward then says that they are gone."""

    def register_hook(self, hook):
        """Call `hook(gradients of inputs, gradients of results)` after this node has run."""
        return Handle(self.post_hooks, hook)

    def register_prehook(self, hook):
        """Call `hook(gradients of results)` before this node runs."""
        return Handle(self.pre_hooks, hook)


class AccumulateGrad(Node):
    """Where the graph ends in a leaf: adds to its `grad`."""

    def __init__(self, leaf, accumulate):
        super().__init__((), (leaf._meta,))
        self.variable = leaf
        self._accumulate = accumulate
        self.after = {}

    def name(self):
        return "struct torch::autograd::AccumulateGrad"

    def __repr__(self):
        return f"<AccumulateGrad object at {hex(id(self))}>"

    def apply(self, gradients):
        self._accumulate(self.variable, gradients[0])
        for hook in list(self.after.values()):
            hook(self.variable)
        return ()


class Handle:
    """What registering a hook gives: `remove()` takes it away. A context manager too."""

    def __init__(self, hooks, hook):
        self.id = next(_numbers)
        self._hooks = weakref.ref(hooks) if isinstance(hooks, weakref.ref) else hooks
        hooks[self.id] = hook

    def remove(self):
        self._hooks.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.remove()


class _Running(threading.local):
    """The node whose `apply` runs in this thread, for messages."""

    node = None


running = _Running()
