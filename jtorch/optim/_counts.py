"""Steps, counted: a count is a tensor in an optimizer's state, and a number on the host.

An optimizer computes with the number, so no step waits for one before it, and no count compiles
anything; the tensor gets the new value as it is.
"""

import numpy as np

from jtorch._engine.node import leaf
from jtorch._ops.writing import on_device
from jtorch._tensor import Tensor, node_of, write

__all__ = ["multiply", "number_of", "put", "step_counts"]

_KNOWN = 256
_numbers = {}  # node of a number that the host wrote -> the number
_leaves = {}  # (number, aval, device) -> (that node, the number as it is rounded)


def number_of(value):
    """The number of a 0-dim tensor, without waiting where the host wrote it; a number as it is."""
    if not isinstance(value, Tensor):
        return value
    node = node_of(value)
    number = _numbers.get(node)
    if number is None:
        array = node.value
        if array.__class__ is not np.ndarray:
            return value.item()
        number = array.reshape(()).item()
    return number


def put(tensor, number):
    """Write a number into a 0-dim tensor; gives it as the tensor holds it, rounded."""
    meta = tensor._meta
    key = number, meta.aval, meta.device
    found = _leaves.get(key)
    if found is None:
        array = np.full(meta.shape, number, meta.aval.dtype)
        node = leaf(on_device(array, meta.device), meta.aval)
        if len(_numbers) >= _KNOWN:
            _numbers.clear()
            _leaves.clear()
        found = _leaves[key] = node, array.reshape(()).item()
        _numbers[node] = found[1]
    write(tensor, found[0])
    return found[1]


def multiply(tensor, factor):
    """Multiply a 0-dim tensor, which computes in its own dtype; gives the product."""
    kind = tensor.dtype.numpy.type
    return put(tensor, (kind(number_of(tensor)) * kind(factor)).item())


def step_counts(steps):
    """Count one more step in each of these tensors; gives the counts as Python numbers."""
    return [put(step, number_of(step) + 1) for step in steps]
