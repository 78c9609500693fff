"""Placeholders: values that stand for others, and what is recorded of them, to be replayed.

While a level is open, operations are recorded apart. Those that depend on a placeholder are never
run; they are replayed, as often as wanted, on values that take the places of the placeholders: each
as it is, or for a whole batch at once (`batch_size`), by the kernel that `jax.vmap` makes of it. All
others go where they would have gone, before anybody reads them. Levels may be nested: what one
replays is recorded in the level around it.
"""

import contextlib
import functools

import jax
from jax import numpy as jnp

from jtorch._config import settings
from jtorch._engine.node import Aval, Kernel, Node, Trace, _local, trace_of
from jtorch._engine.realize import _limit_reached, record


def no_value(text, in_condition):
    """The error for asking what only stands for values for its value; `in_condition`: its truth."""
    error = RuntimeError(text)
    error.in_condition = in_condition
    return error


def says_no_value(error) -> bool:
    """Whether an error is one of `no_value`."""
    return hasattr(error, "in_condition")


class Level:
    """A place for placeholders. Opened by `with`, again and again if need be."""

    def __init__(self, refuse, batch_size=None, randomness="same"):
        self.refuse = refuse  # raises, where somebody asks for a value that there is not
        self.batch_size = batch_size
        self.randomness = randomness
        self.replayed = {}  # node -> (what stands for it, whether that is a batch)
        self.traces = {}
        self._before = []

    def __enter__(self):
        self._before.append((_local.traces, _local.level))
        _local.traces, _local.level = self.traces, self
        return self

    def __exit__(self, *exception):
        self.settle()
        _local.traces, _local.level = self._before.pop()

    @contextlib.contextmanager
    def suspended(self):
        """For the length of a `with`, operations are recorded around this level."""
        self.settle()
        with self._outside():
            yield

    @contextlib.contextmanager
    def _outside(self):
        inner = _local.traces, _local.level
        _local.traces, _local.level = self._before[-1]
        try:
            yield
        finally:
            _local.traces, _local.level = inner

    def placeholder(self, aval, device, node=None, batched=True) -> Node:
        """A node that stands for `node`, or for each of a batch of values."""
        made = Node()
        made.aval = aval
        made.kernel = made.value = made.position = None
        made.inputs = ()
        made.trace = self._trace(device)
        self.replayed[made] = node, batched
        return made

    def _trace(self, device):
        found = self.traces.get(device)
        if found is None:
            found = self.traces[device] = Trace(device, self)
        return found

    def depends(self, node) -> bool:
        """Whether a node depends on a placeholder of this level; known once it is settled."""
        return node.value is None and node.trace is not None and node.trace.level is self

    def settle(self) -> None:
        """Send what depends on no placeholder to the traces around this level."""
        for trace in self.traces.values():
            nodes, trace.nodes = trace.nodes, []
            with self._outside():
                outer = trace_of(trace.device)
            for node in nodes:
                if not any(each.__class__ is Node and self.depends(each) for each in node.inputs):
                    node.trace = outer
                    outer.nodes.append(node)
            if len(outer.nodes) >= settings.trace_limit:
                _limit_reached(outer)

    def settled(self, node):
        """The trace that a node belongs to after settling; raises if it depends on a placeholder."""
        if self._before:
            self.settle()
        if self.depends(node):
            raise self.refuse(node)
        return node.trace

    def replay(self, nodes):
        """(node, whether it is a batch) for each of `nodes`, recorded outside of this level."""
        for node in self.order(nodes):
            inputs = [
                self.replayed[each]
                if each.__class__ is Node and self.depends(each)
                else (each, False)
                for each in node.inputs
            ]
            pattern = tuple(is_batch for _, is_batch in inputs)
            kernel = node.kernel
            is_batch = any(pattern)
            if is_batch:
                kernel = batched(kernel, pattern, self.batch_size)
            made = record(kernel, tuple([each for each, _ in inputs]), node.trace.device)
            self.replayed[node] = made, is_batch
        return [self.replayed[node] if self.depends(node) else (node, False) for node in nodes]

    def order(self, nodes):
        """What `nodes` depend on and has not been replayed, before what needs it."""
        order = []
        seen = set()
        stack = [(node, False) for node in nodes if self.depends(node)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen and node not in self.replayed:
                seen.add(node)
                stack.append((node, True))
                stack.extend(
                    (each, False)
                    for each in node.inputs
                    if each.__class__ is Node and self.depends(each)
                )
        return order


@functools.cache
def batched(kernel, pattern, size) -> Kernel:
    """The kernel that applies `kernel` to a batch; `pattern` says which inputs come in batches."""
    inputs = tuple(
        with_batch(each, size) if is_batch else each
        for each, is_batch in zip(kernel.inputs, pattern, strict=True)
    )
    output = with_batch(kernel.output, size)
    function = jax.vmap(
        kernel.function, in_axes=tuple(0 if each else None for each in pattern), axis_size=size
    )
    if kernel.error is None:
        return Kernel(f"{kernel.name}_batch", function, inputs, output)

    def with_one_code(*arguments):
        value, codes = function(*arguments)
        return value, codes.reshape(-1)[jnp.argmax(codes.reshape(-1) != 0)]

    return Kernel(f"{kernel.name}_batch", with_one_code, inputs, output, kernel.error)


def with_batch(aval, size):
    """The aval of a batch of values; of several results, a tuple of them."""
    if aval.__class__ is tuple:
        return tuple(with_batch(each, size) for each in aval)
    return Aval((size, *aval.shape), aval.dtype)


def depth_of(level) -> int:
    """How many levels are open, from the outermost to this one."""
    depth = 0
    while level is not None:
        depth += 1
        level = level._before[-1][1] if level._before else None
    return depth


def current_level():
    """The innermost open level of this thread, or None."""
    return _local.level
