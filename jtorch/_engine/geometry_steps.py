"""The moves a view is made of, each readable and writable, in jax and in numpy; knows no strides.

A plan (see `geometry`) is a tuple of steps. Reading runs them forwards on the storage's array.
Writing runs them forwards too, remembers what each step was given, then runs them backwards on the
new value: every step knows how to put a changed result back into what it was given. Steps compare
by value, so they are part of a program's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental.xla_metadata import set_xla_metadata

INT32_MAX = 2**31 - 1

# Elements written with steps are scattered one by one where a dense pass would touch this many
# times as many. Measured on CPU: scatter 4 to 7 ns an element, dense 2 to 4; TPU dislikes scatter.
SPARSE = 4


def _update(array, value, *starts):
    return lax.dynamic_update_slice(array, value, starts, allow_negative_indices=False)


_compiled_update = jax.jit(_update)


def _update_apart(array, value, *starts):
    """The update in a computation of its own, which XLA does not fuse with what makes the value.

    Fused, XLA CPU puts the value in place while it still reads it from there
    (https://github.com/openxla/xla/issues/49176): `x[1:] = x[:-1]` would repeat the first row.
    """
    with set_xla_metadata(inlineable="false"):
        return _compiled_update(array, value, *starts)


class JaxArrays:
    """The array operations steps are written in, for jax; starts may be traced integers."""

    @staticmethod
    def reshape(array, shape):
        return lax.reshape(array, shape)

    @staticmethod
    def transpose(array, permutation):
        return lax.transpose(array, permutation)

    @staticmethod
    def _indices(array, starts):
        # One integer type for all starts: 32 bits where they reach, since TPU indexes with nothing
        # wider.
        dtype = jnp.int32 if max(array.shape) <= INT32_MAX else jnp.int64
        return [jnp.asarray(start, dtype) for start in starts]

    @classmethod
    def block(cls, array, starts, sizes, steps):
        if sizes != array.shape:
            indices = cls._indices(array, starts)
            array = lax.dynamic_slice(array, indices, sizes, allow_negative_indices=False)
        if max(steps) > 1:
            array = lax.slice(array, (0,) * array.ndim, array.shape, steps)
        return array

    @classmethod
    def put_block(cls, array, value, starts, sizes, steps):
        starts = cls._indices(array, starts)
        if max(steps) == 1:
            return cls._update(array, value, starts)
        if not any(size % step for size, step in zip(array.shape, steps, strict=True)):
            return cls._put_split(array, value, starts, steps)
        if prod(sizes) >= SPARSE * prod(value.shape):
            return cls._put_sparse(array, value, starts, steps)
        block = cls.block(array, starts, sizes, (1,) * len(sizes))
        block = cls._put_dense(block, value, steps)
        return block if sizes == array.shape else cls._update(array, block, starts)

    @staticmethod
    def _update(array, value, starts):
        return lax.platform_dependent(array, value, *starts, cpu=_update_apart, default=_update)

    @classmethod
    def _put_split(cls, array, value, starts, steps):
        """Fold each axis into rows of its step: then the elements are a column, put in place."""
        rows, columns, places = [], [], []
        for size, count, start, step in zip(array.shape, value.shape, starts, steps, strict=True):
            rows += [size // step, step]
            columns += [count, 1]
            width = start.dtype.type(step)
            places += [lax.div(start, width), lax.rem(start, width)]
        folded = cls._update(array.reshape(rows), value.reshape(columns), places)
        return folded.reshape(array.shape)

    @staticmethod
    def _put_sparse(array, value, starts, steps):
        """Scatter: touches the elements alone, not all that lies between them."""
        indexed = [axis for axis in range(array.ndim) if array.shape[axis] != value.shape[axis]]
        index = [slice(None)] * array.ndim
        for place, axis in enumerate(indexed):
            along = [1] * len(indexed)
            along[place] = value.shape[axis]
            line = lax.iota(starts[axis].dtype, value.shape[axis]) * steps[axis] + starts[axis]
            index[axis] = line.reshape(along)
        if indexed != list(range(indexed[0], indexed[-1] + 1)):
            # Indexed axes that whole ones separate come first, as in numpy.
            whole = [axis for axis in range(array.ndim) if axis not in indexed]
            value = lax.transpose(value, (*indexed, *whole))
        return array.at[tuple(index)].set(
            value, mode="promise_in_bounds", unique_indices=True, wrap_negative_indices=False
        )

    @staticmethod
    def _put_dense(array, value, steps):
        """Spread the value out and choose by position: one fused pass over the block."""
        holes = [
            (0, size - (count - 1) * step - 1, step - 1)
            for size, count, step in zip(array.shape, value.shape, steps, strict=True)
        ]
        spread = lax.pad(value, jnp.zeros((), value.dtype), holes)
        chosen = None
        for axis, step in enumerate(steps):
            if step > 1:
                dtype = jnp.int32 if array.shape[axis] <= INT32_MAX else jnp.int64
                on_step = lax.broadcasted_iota(dtype, array.shape, axis) % step == 0
                chosen = on_step if chosen is None else chosen & on_step
        return lax.select(chosen, spread, array)

    @staticmethod
    def pad_end(array, count):
        holes = [(0, 0, 0)] * (array.ndim - 1) + [(0, count, 0)]
        return lax.pad(array, jnp.zeros((), array.dtype), holes)

    @staticmethod
    def first(array, sizes):
        return lax.slice(array, (0,) * array.ndim, sizes)

    @staticmethod
    def last(array, axes):
        lows = [size - 1 if axis in axes else 0 for axis, size in enumerate(array.shape)]
        return lax.slice(array, lows, array.shape)

    @staticmethod
    def broadcast(array, shape, axes):
        return lax.broadcast_in_dim(array, shape, axes)

    @staticmethod
    def zeros(shape, array):
        return lax.full(shape, 0, array.dtype)

    @staticmethod
    def addresses(count, offset, shape, strides):
        dtype = jnp.int32 if count <= INT32_MAX else jnp.int64
        total = jnp.asarray(offset, dtype)
        for axis, stride in enumerate(strides):
            total = total + lax.broadcasted_iota(dtype, shape, axis) * stride
        return total

    @staticmethod
    def gather(array, addresses):
        return array.at[addresses].get(mode="promise_in_bounds", wrap_negative_indices=False)

    @staticmethod
    def scatter(array, addresses, value):
        return array.at[addresses].set(value, mode="promise_in_bounds", wrap_negative_indices=False)


class NumpyArrays:
    """The same operations for numpy; reading gives numpy views where it can, writing never changes
    its input.
    """

    @staticmethod
    def reshape(array, shape):
        return array.reshape(shape)

    @staticmethod
    def transpose(array, permutation):
        return array.transpose(permutation)

    @staticmethod
    def _box(starts, sizes, steps):
        return tuple(
            slice(start, start + size, step)
            for start, size, step in zip(starts, sizes, steps, strict=True)
        )

    @classmethod
    def block(cls, array, starts, sizes, steps):
        return array[cls._box(starts, sizes, steps)]

    @classmethod
    def put_block(cls, array, value, starts, sizes, steps):
        result = array.copy()
        result[cls._box(starts, sizes, steps)] = value
        return result

    @staticmethod
    def pad_end(array, count):
        padding = np.zeros((*array.shape[:-1], count), array.dtype)
        return np.concatenate([array, padding], axis=-1)

    @staticmethod
    def first(array, sizes):
        return array[tuple(slice(0, size) for size in sizes)]

    @staticmethod
    def last(array, axes):
        index = tuple(
            slice(-1, None) if axis in axes else slice(None) for axis in range(array.ndim)
        )
        return array[index]

    @staticmethod
    def broadcast(array, shape, axes):
        placed = [1] * len(shape)
        for axis, size in zip(axes, array.shape, strict=True):
            placed[axis] = size
        return np.broadcast_to(array.reshape(placed), shape)

    @staticmethod
    def zeros(shape, array):
        return np.zeros(shape, array.dtype)

    @staticmethod
    def addresses(count, offset, shape, strides):
        total = np.full(shape, offset, np.int64)
        for axis, stride in enumerate(strides):
            along = [1] * len(shape)
            along[axis] = -1
            total += np.arange(shape[axis], dtype=np.int64).reshape(along) * stride
        return total

    @staticmethod
    def gather(array, addresses):
        return array[addresses]

    @staticmethod
    def scatter(array, addresses, value):
        result = array.copy()
        result[addresses] = value
        return result


@dataclass(frozen=True, slots=True)
class Reshape:
    """Another shape over the same elements in the same order."""

    before: tuple[int, ...]
    shape: tuple[int, ...]

    def read(self, array, starts, ops):
        return ops.reshape(array, self.shape)

    def write(self, array, value, starts, ops):
        return ops.reshape(value, self.before)


@dataclass(frozen=True, slots=True)
class Transpose:
    """Axes in another order: result axis i is axis `permutation[i]`."""

    permutation: tuple[int, ...]

    def read(self, array, starts, ops):
        return ops.transpose(array, self.permutation)

    def write(self, array, value, starts, ops):
        inverse = [0] * len(self.permutation)
        for position, axis in enumerate(self.permutation):
            inverse[axis] = position
        return ops.transpose(value, tuple(inverse))


@dataclass(frozen=True, slots=True)
class Block:
    """A box that spans `sizes`, and of that every `steps[axis]`-th element from the first on.

    `slots[axis]` says which of the plan's starts places the box, None where it spans the axis.
    """

    sizes: tuple[int, ...]
    steps: tuple[int, ...]
    slots: tuple[int | None, ...]

    def _placed(self, starts):
        return [0 if slot is None else starts[slot] for slot in self.slots]

    def read(self, array, starts, ops):
        return ops.block(array, self._placed(starts), self.sizes, self.steps)

    def write(self, array, value, starts, ops):
        return ops.put_block(array, value, self._placed(starts), self.sizes, self.steps)


@dataclass(frozen=True, slots=True)
class PadEnd:
    """Room of `count` past the end of the last axis, so that it divides evenly; nothing there is
    ever kept.
    """

    count: int

    def read(self, array, starts, ops):
        return ops.pad_end(array, self.count)

    def write(self, array, value, starts, ops):
        return ops.first(value, array.shape)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """Axis i becomes axis `axes[i]` of `shape`; the rest repeats. Of repeated elements the last one
    written stays.
    """

    before: tuple[int, ...]
    shape: tuple[int, ...]
    axes: tuple[int, ...]

    def read(self, array, starts, ops):
        return ops.broadcast(array, self.shape, self.axes)

    def write(self, array, value, starts, ops):
        repeated = [axis for axis in range(len(self.shape)) if axis not in self.axes]
        return ops.reshape(ops.last(value, repeated), self.before)


@dataclass(frozen=True, slots=True)
class Gather:
    """Elements of a flat array by address: start + sum of index times stride; start is the plan's
    only start.
    """

    count: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, array, starts, ops):
        return ops.gather(array, ops.addresses(self.count, starts[0], self.shape, self.strides))

    def write(self, array, value, starts, ops):
        addresses = ops.addresses(self.count, starts[0], self.shape, self.strides)
        return ops.scatter(array, addresses, value)


@dataclass(frozen=True, slots=True)
class Empty:
    """A view without elements: reading needs nothing of the storage, writing changes nothing."""

    shape: tuple[int, ...]

    def read(self, array, starts, ops):
        return ops.zeros(self.shape, array)

    def write(self, array, value, starts, ops):
        return array
