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
from jtorch._engine.host.plans import plan_of_kernel
from jtorch._engine.node import Node

_NUMBERS = {float: np.float64, int: np.int64, bool: np.int64, complex: np.complex128}


def run_node(node) -> int:
    """Give a node its value. Returns the code of the error that its data makes, or 0."""
    kernel = node.kernel
    with np.errstate(all="ignore"):
        results = plan_of_kernel(kernel).run(_arguments(node.inputs))
    code = 0 if kernel.error is None else int(results.pop().reshape(()))
    results = [np.ascontiguousarray(each).reshape(each.shape) for each in results]
    node.value = tuple(results) if kernel.output.__class__ is tuple else results[0]
    return code


def _arguments(inputs):
    found = []
    for given in inputs:
        if given.__class__ is not Node:
            found.append(np.asarray(given, _NUMBERS[given.__class__]))
        elif given.value.__class__ is tuple:
            found.extend(map(np.asarray, given.value))
        else:
            found.append(np.asarray(given.value))
    return found
