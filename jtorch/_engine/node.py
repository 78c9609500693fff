"""Recorded operations: what an operation computes (Kernel), one use of it (Node), and their sequence (Trace).

Nothing here runs anything; `realize` does. A value is a Node from beginning to end: pending while
`value` is None, afterwards the holder of an array (jax.Array, or a numpy array nobody else can see).
"""

import itertools
import os
import sys
import threading
import weakref

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Aval:
    """Shape and numpy dtype of a value. Interned: equal means identical, so keys hash by identity."""

    __slots__ = ("dtype", "id", "shape", "size")
    _known = {}
    _ids = itertools.count()

    def __new__(cls, shape, dtype):
        found = cls._known.get((shape, dtype))
        if found is None:
            made = object.__new__(cls)
            made.shape = shape
            made.dtype = dtype
            made.size = 1
            for extent in shape:
                made.size *= extent
            made.id = next(cls._ids)
            found = cls._known.setdefault((shape, dtype), made)
        return found

    def __repr__(self):
        return f"{self.dtype.name}[{','.join(map(str, self.shape))}]"

    @property
    def nbytes(self):
        return self.size * self.dtype.itemsize


class Kernel:
    """A JAX function with its static parameters bound, for inputs of known avals.

    `function` takes one traced value per input and returns one, a tuple of them if `output` is a
    tuple, or, where `error` is given, a pair of that and an integer code, zero if all is well.
    `error` makes the exception of a code; the code comes from data, so it is known only when run.
    `single` gives, for the place of one of several results, (a kernel with that result alone, which
    of the inputs are its), where such a kernel serves for other places as well. With `takes_numpy`,
    `function` makes numpy arrays of numpy arrays, and of integers: nothing has to be traced then.
    """

    __slots__ = ("error", "function", "id", "inputs", "name", "output", "single", "takes_numpy")
    _ids = itertools.count()

    def __init__(self, name, function, inputs, output, error=None, single=None, takes_numpy=False):
        self.name = name
        self.function = function
        self.inputs = inputs  # an Aval per array; "f", "i" or "c" per Python number
        self.output = output
        self.error = error
        self.single = single
        self.takes_numpy = takes_numpy
        self.id = next(self._ids)

    def __repr__(self):
        return f"{self.name}({', '.join(map(str, self.inputs))}) -> {self.output}"


class Node:
    """One value: pending (`value` is None), or computed."""

    __slots__ = ("aval", "index", "inputs", "kernel", "position", "trace", "value")

    def __repr__(self):
        if self.value is None:
            return f"<pending {self.kernel!r}>"
        return f"<value {self.aval!r}>"


class SharedFloat(float):
    """A number that several operations take, and that XLA is to see as one."""

    __slots__ = ()


class SharedInteger(int):
    """The same, of an integer."""

    __slots__ = ()


class SharedComplex(complex):
    """The same, of a complex number."""

    __slots__ = ()


SHARED = {float: SharedFloat, int: SharedInteger, bool: SharedInteger, complex: SharedComplex}

PLAIN = {each: each for each in SHARED} | {shared: plain for plain, shared in SHARED.items()}
PLAIN[SharedInteger] = int

# The kinds of Python numbers, as in `Kernel.inputs`.
NUMBER_KINDS = {
    float: "f", SharedFloat: "f", complex: "c", SharedComplex: "c",
    int: "i", SharedInteger: "i", bool: "i",
}  # fmt: skip


class Trace:
    """What one thread has recorded for one device and not run yet."""

    __slots__ = ("__weakref__", "device", "expected", "level", "nodes", "ran")

    def __init__(self, device, level=None):
        alive.add(self)
        self.device = device
        self.nodes = []
        self.ran = None  # the Past that ran last
        self.expected = NOTHING  # the one that these operations are likely to repeat
        self.level = level  # where placeholders are in use: see `symbolic`

    def follow(self, past):
        """Let the trace know what has run, and expect what came after that the last time."""
        if self.ran is not None:
            self.ran.next = past
        self.ran, self.expected = past, past.next or NOTHING


alive = weakref.WeakSet()  # all traces there are, of all threads


class Past:
    """Operations that ran at a time, and where the user's code recorded them.

    `blocks` are the sizes of what they were cut into, if they were, where `size` was the largest.
    """

    __slots__ = ("blocks", "count", "next", "operations", "positions", "size")

    def __init__(self, nodes):
        self.operations = [node.kernel for node in nodes]
        self.positions = [node.position for node in nodes]
        self.count = len(nodes)
        self.size = self.blocks = None
        self.next = None  # the one that ran after this one the last time

    def is_of(self, nodes):
        return len(nodes) == self.count and self.operations == [node.kernel for node in nodes]


NOTHING = Past(())


class _Nowhere(list):
    """The trace of the meta device: nothing there is ever run, or kept."""

    def append(self, node):
        node.inputs = ()


class _Local(threading.local):
    def __init__(self):
        self.traces = {}
        self.level = None  # the innermost open level of placeholders


_local = _Local()


def trace_of(device) -> Trace:
    """This thread's trace for `device`."""
    found = _local.traces.get(device)
    if found is None:
        found = _local.traces[device] = Trace(device, _local.level)
        if device.type == "meta" and _local.level is None:
            found.nodes = _Nowhere()
    return found


def traces_of_this_thread():
    return list(_local.traces.values())


def leaf(array, aval) -> Node:
    """A node that holds `array`, which nobody else may change."""
    node = Node()
    node.aval = aval
    node.value = array
    node.inputs = ()
    node.kernel = node.trace = node.position = None
    return node


_is_internal = {}


def user_position():
    """The user's place in the code: the nearest frame outside this package.

    As (code, instruction, how deep the frame of our caller's caller lies in it).
    """
    frame = sys._getframe(2)
    depth = 0
    while True:
        code = frame.f_code
        name = code.co_filename
        internal = _is_internal.get(name)
        if internal is None:
            internal = _is_internal[name] = name.startswith(_PACKAGE)
        if not internal:
            return code, frame.f_lasti, depth
        back = frame.f_back
        if back is None:
            return code, frame.f_lasti, depth
        frame = back
        depth += 1


def line_of(position) -> str:
    """`file:line` of a position."""
    if position is None:
        return "?"
    code, instruction, _ = position
    # co_positions has one entry per two-byte instruction
    entry = next(itertools.islice(code.co_positions(), instruction // 2, None), (None,))
    return f"{code.co_filename}:{entry[0] or code.co_firstlineno}"
