"""Indices that point outside: found at once where their values are known, else by the program.

A row that takes an index declares `bounds`: by name, from the arguments to a `Bounds`. Its body
ends in `return value, outside(index, low, high)`. If the index is known on the host when the row is
called, the error is raised at the user's line; if it is still being computed, when its data is
asked for.
"""

import dataclasses
import functools
from collections.abc import Callable

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._ops.declare import by_name
from jtorch._ops.detailed import DetailedRow, detailed
from jtorch._ops.writing import on_device
from jtorch._tensor import Tensor, from_node


@dataclasses.dataclass(frozen=True)
class Bounds:
    """What the elements of an index must be: low <= element < high; `error` makes the exception."""

    low: int
    high: int
    error: Callable

    def check(self, index) -> None:
        """Raise if the tensor's elements are known and one of them is outside."""
        base = _known_memory(index)
        if base is None or not base.size or (self.low <= base.min() and base.max() < self.high):
            return
        array = known(index)
        if array is None or not array.size:
            return
        wrong = (array < self.low) | (array >= self.high)
        if wrong.any():
            raise self.error(int(array.reshape(-1)[np.argmax(wrong)]))


def outside(index, low, high):
    """A code for the first element of a traced index outside [low, high); 0 if there is none."""
    index = index.reshape(-1).astype(np.int64)
    if not index.size:
        return jnp.int64(0)
    wrong = (index < low) | (index >= high)
    first = index[jnp.argmax(wrong)]
    return jnp.where(wrong.any(), jnp.where(first < 0, first, first + 1), 0)


def element_of(code):
    """The element that a code of `outside` stands for."""
    return code if code < 0 else code - 1


def _known_memory(tensor):
    """All that the tensor's storage holds, as numpy, where that takes no waiting; else None."""
    storage = tensor._storage
    if tensor._meta.dtype is not storage.meta.dtype or tensor._meta.device is not CPU:
        return None
    if storage.host is not None:
        return storage.host
    array = storage.value.value
    if array is None:
        return None
    if isinstance(array, jax.Array):
        return np.asarray(array) if array.is_ready() else None
    return array


def known(tensor):
    """The elements as numpy where that takes no waiting, else None; only to be read at once."""
    storage = tensor._storage
    meta = tensor._meta
    if storage.host is not None:
        return storage.host_read(meta, tensor._offset)
    array = _known_memory(tensor)
    if array is None or meta is storage.meta:
        return array
    if not storage.meta.is_contiguous:
        return None
    flat = array.reshape(-1)[tensor._offset :]
    steps = [step * array.dtype.itemsize for step in meta.stride]
    return np.lib.stride_tricks.as_strided(flat, meta.shape, steps, writeable=False)


class IndexedRow(DetailedRow):
    """A row with an index; `bounds` gives its limits. `index_name` is the parameter's name."""

    quick = False

    def __init__(self, body, promotion=None, *, bounds, index_name="index", **fields):
        super().__init__(body, promotion, failure=_failure, **fields)
        self.bounds = by_name(bounds)
        self.index = self.positions[index_name]
        self.limits = {}  # entry -> Bounds

    def find(self, values):
        entry, data = super().find(values)
        self.limits[entry].check(values[self.index])
        return entry, data

    def _entry(self, kernel, values, device):
        bounds = self.bounds(self.arguments_of(values))
        kernel.error = functools.partial(_error, bounds.error)
        entry = super()._entry(kernel, values, device)
        self.limits[entry] = bounds
        return entry


def _error(error, code):
    return error(element_of(code))


def _failure():
    raise AssertionError("IndexedRow sets the errors of its kernels itself")


def indexed(**fields):
    """Declare a row with an index. The fields are those of `IndexedRow` and of `DetailedRow`."""
    return detailed(row=IndexedRow, **fields)


def out_of_bounds(exception, dim, size):
    """Bounds of an index along a dim: no negative ones, and torch's usual words."""

    def error(value):
        return exception(f"index {value} is out of bounds for dimension {dim} with size {size}")

    return Bounds(0, size, error)


def extent(tensor, dim):
    """The extent of a dim; a 0-dim tensor counts as a vector of one."""
    return tensor.shape[dim] if tensor.ndim else 1


def is_long(tensor):
    return tensor.dtype is _dtypes.int64


def is_index(tensor):
    return tensor.dtype is _dtypes.int64 or tensor.dtype is _dtypes.int32


def tensor_of(array, device=CPU) -> Tensor:
    """A tensor of a numpy array that nobody else sees."""
    meta = Meta(array.shape, _dtypes.BY_NUMPY[array.dtype], device)
    return from_node(leaf(on_device(array, device), meta.aval), meta)
