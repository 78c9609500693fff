"""Programs: a recorded sequence of operations as one pure JAX function, known by its structure.

The key of a program holds which kernels run, how they are wired, the avals of the leaves and which
results are wanted; no array and no Python number. Numbers travel in two packed vectors (float64 and
int64) and are told apart by position alone, so no value of a number ever makes another program.
"""

import itertools
import sys

import jax
import numpy as np
from jax import lax

from jtorch._engine.buffers import heirs_first
from jtorch._engine.node import NUMBER_KINDS, Aval, Node, Past

# References in the structure: n >= 0 is the n-th operation, n < 0 is leaf number -n - 1.


class Wiring:
    """A batch of nodes in canonical form: structure, leaves and numbers."""

    __slots__ = ("floats", "integers", "leaves", "shared", "structure")

    def __init__(self, nodes):
        structure = []
        put = structure.append
        positions = {}
        floats = []
        integers = []
        shared = {}  # id of a number that several operations take -> which of those it is
        index = 0
        for node in nodes:
            node.index = index
            index += 1
            put(node.kernel.id)
            for given in node.inputs:
                kind = given.__class__
                if kind is Node:
                    if given.value is None:
                        put(given.index)
                        continue
                    position = positions.get(given)
                    if position is None:
                        position = positions[given] = -1 - len(positions)
                    put(position)
                elif kind is float:
                    floats.append(given)
                elif kind is int or kind is bool:
                    integers.append(given)
                else:
                    if kind is not complex:
                        known = id(given) in shared
                        # an operation's numbers are shared all together, or none
                        put((shared.setdefault(id(given), len(shared)),))
                        if known:
                            continue
                    if NUMBER_KINDS[kind] == "f":
                        floats.append(given)
                    elif NUMBER_KINDS[kind] == "i":
                        integers.append(given)
                    else:
                        floats += given.real, given.imag
        for each in positions:
            aval = each.aval
            put(aval.id if aval.__class__ is not tuple else tuple([part.id for part in aval]))
        self.shared = shared
        self.leaves = list(positions)
        self.structure = tuple(structure)
        self.floats = floats
        self.integers = integers


class Uses:
    """How often a batch uses its nodes and its leaves itself, which its structure says, and who else does.

    An answer holds until the next one.
    """

    __slots__ = ("_counts", "_live", "_of_nodes", "big", "big_leaves", "of_leaves")

    def __init__(self, nodes, wiring, big):
        self._of_nodes = [0] * len(nodes)
        places = {leaf: place for place, leaf in enumerate(wiring.leaves)}
        self.of_leaves = [0] * len(places)
        for node in nodes:
            for given in node.inputs:
                if given.__class__ is Node and given.value is None:
                    self._of_nodes[given.index] += 1
                elif given.__class__ is Node:
                    self.of_leaves[places[given]] += 1
        self.big = big
        # leaves of so many bytes at least
        avals = [leaf.aval for leaf in wiring.leaves]
        self.big_leaves = [
            place
            for place, aval in enumerate(avals)
            if aval.__class__ is not tuple and aval.nbytes >= big
        ]
        self._counts = self._live = None

    def live(self, nodes):
        """The places of those nodes that somebody outside of the batch can still ask for."""
        # References to a pending node: the batch's list, the argument of getrefcount, and its uses
        # inside the batch. Any other one is somebody's.
        counts = list(map(sys.getrefcount, nodes))
        if counts != self._counts:
            self._counts = counts
            uses = self._of_nodes
            self._live = tuple([
                place for place, count in enumerate(counts) if count > uses[place] + 2
            ])  # fmt: skip
        return self._live


class Program:
    """A compiled sequence of operations: `run` takes leaf arrays and numbers, and returns arrays."""

    __slots__ = (
        "__weakref__", "_compiled", "calls", "checks", "compile_seconds", "donated", "leaves", "live",
        "number_counts", "past", "returned", "steps", "taken",
    )  # fmt: skip

    def __init__(self, nodes, wiring, live, donated):
        self.steps = [
            (node.kernel, tuple(_reference(given, wiring) for given in node.inputs))
            for node in nodes
        ]
        self.past = Past(nodes)
        self.leaves = [leaf.aval for leaf in wiring.leaves]
        self.live = live
        self.returned = heirs_first(self.steps, self.leaves, live, donated)
        self.donated = donated
        self.checks = [i for i, kernel in enumerate(self.operations) if kernel.error is not None]
        self.number_counts = (len(wiring.floats), len(wiring.integers))
        offset = sum(1 for count in self.number_counts if count)
        self._compiled = jax.jit(
            self._evaluate, donate_argnums=tuple(position + offset for position in donated)
        )
        self.compile_seconds = None
        self.calls = 0
        self.taken = {}  # place of a leaf -> weak reference to the numpy array of the last time

    def run(self, wiring, results) -> None:
        """Append to `results` a tuple: what is `returned`, and the error codes if there are any.

        One step of the interpreter executes and appends: no signal handler raises in between, when
        buffers have been taken over and the results would be lost.
        """
        self.calls += 1
        results.extend(itertools.starmap(self._compiled, (self.arguments(wiring),)))

    @property
    def operations(self):
        return self.past.operations

    @property
    def positions(self):
        return self.past.positions

    def arguments(self, wiring):
        arguments = [leaf.value for leaf in wiring.leaves]
        if wiring.integers:
            arguments.insert(0, np.array(wiring.integers, np.int64))
        if wiring.floats:
            arguments.insert(0, np.array(wiring.floats, np.float64))
        return arguments

    def traced(self, sharding=None):
        """The program as JAX traces it from shapes alone, to lower it for any platform.

        `sharding` places the arguments on devices, which may be those of a machine elsewhere.
        """

        def described(aval):
            if aval.__class__ is tuple:
                return tuple(map(described, aval))
            return jax.ShapeDtypeStruct(aval.shape, aval.dtype, sharding=sharding)

        dtypes = zip(self.number_counts, (np.dtype(np.float64), np.dtype(np.int64)), strict=True)
        numbers = [Aval((count,), dtype) for count, dtype in dtypes if count]
        return self._compiled.trace(*map(described, [*numbers, *self.leaves]))

    def _evaluate(self, *arguments):
        arguments = list(arguments)
        floats = arguments.pop(0) if self.number_counts[0] else None
        integers = arguments.pop(0) if self.number_counts[1] else None
        numbers = _Numbers(floats, integers)
        values = []
        codes = []
        for kernel, references in self.steps:
            given = [
                numbers.take(reference)
                if reference.__class__ is not int
                else values[reference]
                if reference >= 0
                else arguments[-1 - reference]
                for reference in references
            ]
            result = kernel.function(*given)
            if kernel.error is not None:
                result, code = result
                codes.append(code.astype(np.int64).reshape(()))
            values.append(result)
        results = [_strong(values[i]) for i in self.returned]
        if codes:
            results.append(jax.numpy.stack(codes))
        return tuple(results)

    def forget(self) -> None:
        """Free what was compiled; JAX would keep it, and it refers back to the program."""
        self._compiled.clear_cache()
        self._compiled = None

    def text(self) -> str:
        """The program for a reader: an operation a line, wired by number."""
        lines = []
        for index, (kernel, references) in enumerate(self.steps):
            names = [
                reference
                if reference.__class__ is str
                else "{}{}".format(*reference)
                if reference.__class__ is tuple
                else f"%{reference}"
                if reference >= 0
                else f"leaf{-1 - reference}"
                for reference in references
            ]
            mark = "  -> kept" if index in self.live else ""
            lines.append(f"%{index} = {kernel.name}({', '.join(names)}): {kernel.output}{mark}")
        return "\n".join(lines)


class _Numbers:
    """Hands out the packed numbers in the order they were recorded."""

    def __init__(self, floats, integers):
        self.floats = floats
        self.integers = integers
        self.next_float = 0
        self.next_integer = 0
        self.shared = []

    def take(self, reference):
        if reference.__class__ is str:
            return self.next(reference)
        kind, place = reference
        if place == len(self.shared):
            self.shared.append(self.next(kind))
        return self.shared[place]

    def next(self, kind):
        if kind == "i":
            self.next_integer += 1
            return self.integers[self.next_integer - 1]
        self.next_float += 1
        value = self.floats[self.next_float - 1]
        if kind == "c":
            self.next_float += 1
            value = lax.complex(value, self.floats[self.next_float - 1])
        return value


def _reference(given, wiring):
    kind = given.__class__
    if kind is Node:
        return given.index if given.value is None else -1 - wiring.leaves.index(given)
    place = wiring.shared.get(id(given))
    return NUMBER_KINDS[kind] if place is None else (NUMBER_KINDS[kind], place)


def _strong(value):
    """JAX would compile a consumer again for a weakly typed value; results are never weak."""
    if value.__class__ is tuple:  # several results, cut off from the operations that pick them
        return tuple(map(_strong, value))
    return lax.convert_element_type(value, value.dtype) if value.weak_type else value
