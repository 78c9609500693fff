"""Running recorded nodes on the host, one after the other."""

import numpy as np

from jtorch._engine.host import (  # noqa: F401 - their rules
    control,
    elements,
    indexing,
    matrices,
    products,
    reductions,
    shapes,
    sorting,
    special,
    windows,
)
from jtorch._engine.host.blas import one_thread
from jtorch._engine.host.plans import plan_of_kernel
from jtorch._engine.node import NUMBER_KINDS, Node

_NUMBERS = {"f": np.float64, "i": np.int64, "c": np.complex128}

# Nanoseconds that XLA needs to compile anything, and an equation of a program.
_COMPILING = 25_000_000
_COMPILING_EACH = 1_000_000
_MOST_RUNS = 32


def estimate(nodes):
    """(nanoseconds with numpy, nanoseconds of compiling), by shapes; None where numpy cannot."""
    cost, equations = 1, 0
    for node in nodes:
        try:
            plan = plan_of_kernel(node.kernel)
        except NotImplementedError:  # XLA has it
            return None
        cost += plan.cost
        equations += plan.equations
    return cost, _COMPILING + equations * _COMPILING_EACH


def runs_worth_compiling(nodes) -> int:
    """How often nodes run with numpy before XLA compiles them: until that would have cost as much.

    It is estimated from their shapes, so that it is the same in every run of a program.
    """
    found = estimate(nodes)
    return 0 if found is None else min(found[1] // found[0], _MOST_RUNS)


def run_nodes(nodes, live, wrong) -> None:
    """Give the nodes `live`, by index, their values; `nodes` have been numbered.

    `wrong(node, code)` is called for those whose data makes an error. If one cannot be computed,
    those before it have their values.
    """
    values = {}
    last = {}
    kept = set(live)
    for node in nodes:
        last[node.index] = node.index
        last.update((each.index, node.index) for each in node.inputs
                    if each.__class__ is Node and each.value is None)  # fmt: skip
    gone = {}
    for index, user in last.items():
        if index not in kept:
            gone.setdefault(user, []).append(index)
    try:
        with one_thread():
            for node in nodes:
                value, code = _value_of(node, values)
                values[node.index] = value
                if code:
                    wrong(node, code)
                for index in gone.get(node.index, ()):
                    del values[index]
    finally:
        for index, value in values.items():
            nodes[index].value = value


def _value_of(node, values):
    kernel = node.kernel
    with np.errstate(all="ignore"):
        results = plan_of_kernel(kernel).run(_arguments(node.inputs, values))
    code = 0 if kernel.error is None else int(results.pop().reshape(()))
    # np.ascontiguousarray makes vectors of numbers
    results = [np.ascontiguousarray(each).reshape(each.shape) for each in results]
    return (tuple(results) if kernel.output.__class__ is tuple else results[0]), code


def _arguments(inputs, values):
    found = []
    for given in inputs:
        if given.__class__ is not Node:
            found.append(np.asarray(given, _NUMBERS[NUMBER_KINDS[given.__class__]]))
            continue
        value = values[given.index] if given.value is None else given.value
        if value.__class__ is tuple:
            found.extend(map(np.asarray, value))
        else:
            found.append(np.asarray(value))
    return found
