"""The tape: what was applied to what, from results back to leaves. It knows no operation.

A node belongs to the results of one operation and holds an edge for each of its differentiable
inputs: (the node that made the input, which of its results it was). Tensors point to nodes, nodes to
nodes, and never back, so a graph that nobody needs any more is freed at once, by reference counts.
"""

import functools
import itertools
import threading
import typing

from jtorch._autograd import hooks
from jtorch._engine.node import _local

numbers = itertools.count()  # of nodes, in the order in which they are made
_LAST = 2**64 - 1  # the sequence number of leaves: a walk comes to them as soon as it can


_OF_THE_ENGINE = ("CopyBackwards", "CopySlices", "NotImplemented")  # whose names say the namespace


def _fixed(get):
    """An attribute that torch refuses to set, in its words."""

    def refuse(self, value=None):
        raise AttributeError(
            f"attribute '{get.__name__}' of '{type(self).__name__}' objects is not writable"
        )

    return property(get, refuse, refuse, get.__doc__)


class Node:
    """One recorded operation. Subclasses say in `_apply` how gradients go through it.

    Source: torch.autograd.graph.Node.
    """

    __module__ = "torch.autograd.graph"
    requires_grad = True
    _trace = None  # in anomaly mode: where the operation was recorded, as text

    def __init__(self, edges, metas):
        self._edges = edges  # per differentiable input: (node, place), or None
        self._metas = metas  # of the results
        self._sequence = next(numbers)
        self._hooks = None
        self._level = _local.level  # of placeholders, where it was recorded

    def __repr__(self):
        return f"<{type(self).__name__} object at {hex(id(self))}>"

    def name(self):
        """The name of the operation's gradient."""
        name = type(self).__name__
        return f"torch::autograd::{name}" if name in _OF_THE_ENGINE else name

    @_fixed
    def next_functions(self):
        """The nodes this one passes gradients to, each with the place there."""
        return self._next()

    def _next(self):
        return tuple([(None, 0) if edge is None else edge for edge in self._shown(self._edges)])

    def _shown(self, values):
        """Values of the edges as users see them: with a place for each input that might have had one."""
        return values

    def _hidden(self, shown):
        """The inverse of `_shown`."""
        return shown

    def __call__(self, *gradients):
        """The gradients of the inputs, from those of the results, outside of any backward pass."""
        found = self._shown(self._apply(list(gradients)))
        return tuple(found) if len(found) != 1 else found[0]

    @_fixed
    def metadata(self):
        """A dictionary for the user's own notes; in anomaly mode it has the `traceback_`."""
        notes = self._own_hooks.notes
        if self._trace is not None:
            notes.setdefault("traceback_", self._trace.splitlines(keepends=True))
        return notes

    def _sequence_nr(self):
        return self._sequence

    @property
    def _own_hooks(self):
        """The hooks on this node, made when they are first asked for."""
        if self._hooks is None:
            self._hooks = hooks.Hooks()
        return self._hooks

    def _apply(self, gradients):
        """The gradients of the inputs, one per edge, from those of the results (or None)."""
        raise NotImplementedError

    def _release(self):
        """Forget saved values; a second backward then says that they are gone."""

    def register_hook(self, fn):
        """Call `fn(gradients of inputs, gradients of results)` after this node has run."""
        return hooks.add(self._own_hooks.after, fn)

    def register_prehook(self, fn):
        """Call `fn(gradients of results)` before this node runs."""
        return hooks.add(self._own_hooks.before, fn)


class AccumulateGrad(Node):
    """Where the graph ends in a leaf: adds to its `grad`."""

    def __init__(self, leaf):
        Node.__init__(self, (), (leaf._meta,))
        self._sequence = _LAST
        self.variable = leaf
        if leaf._grad_dtype:
            self._set_metas()

    def _set_metas(self):
        """The leaf says which dtype its gradient is to have."""
        wanted = self.variable._grad_dtype
        if wanted:
            self._metas = (self.variable._meta.replaced(dtype=wanted),)

    def name(self):
        return "torch::autograd::AccumulateGrad"

    @property
    def _own_hooks(self):
        """A leaf keeps its hooks itself: its node comes and goes."""
        if self.variable._leaf_hooks is None:
            self.variable._leaf_hooks = hooks.Hooks()
        return self.variable._leaf_hooks

    def _apply(self, gradients):
        if gradients[0] is not None and self.variable._requires_grad:
            self._accumulate(self.variable, gradients[0])
            if self.variable._post_accumulate_grad_hooks:
                hooks.after_leaf(self.variable._post_accumulate_grad_hooks, self.variable)
        return ()


AccumulateGrad.__module__ = "builtins"


def name_of(node):
    """The name of a node, whatever the user has left on it: a Function's node is its context."""
    return type(node).name(node)


@functools.cache
def named(kind, name):
    """The class of nodes of this kind whose name is `name`, as torch has one per operation."""
    return type(name, (kind,), {"__module__": "builtins"})


class GradientEdge(typing.NamedTuple):
    """Where a gradient goes: to one of a node's results. Source: torch.autograd.graph.GradientEdge."""

    node: Node
    output_nr: int
    ownership_token: Node | None = None


GradientEdge.__module__ = "torch.autograd.graph"


class _Running(threading.local):
    """What backward is doing in this thread."""

    walk = None  # the innermost backward pass


running = _Running()
