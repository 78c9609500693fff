"""Tensors of one number everywhere: the number is data, so no value of it compiles anything."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch._device import CPU
from jtorch._dtypes import FLOAT8
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import record
from jtorch._ops.cast import cast_array
from jtorch._ops.parameters import wrap_integer
from jtorch._tensor import from_node

# Up to this many elements a constant is made by numpy at once; bigger ones are made in the program.
_SMALL = 1024


def constant(meta, value):
    """A tensor of `meta` filled with a Python number."""
    if meta.device is CPU and meta.numel <= _SMALL and meta.dtype not in FLOAT8:
        make = _small_array if value.__class__ is int else _small_array.__wrapped__
        return from_node(leaf(make(meta.aval, value), meta.aval), meta)
    return from_node(full_node(meta, value), meta)


# A value never changes, so all small tensors of zeros can hold the same one.
@functools.lru_cache(maxsize=1 << 10)
def _small_array(aval, value):
    with np.errstate(all="ignore"):
        return np.full(aval.shape, np.array(value).astype(aval.dtype))


def full_node(meta, value):
    """A node of a Python number everywhere; the number is data, so no value compiles anything."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int):
        value = wrap_integer(int(value))
    return record(_full_kernel(meta.aval, value.__class__), (value,), meta.device)


@functools.cache
def _full_kernel(aval, kind):
    def full(value):
        return jnp.broadcast_to(cast_array(value, aval.dtype), aval.shape)

    return Kernel("full", full, ({float: "f", complex: "c"}.get(kind, "i"),), aval)
