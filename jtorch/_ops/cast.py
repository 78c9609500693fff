"""Conversion of arrays from one dtype to another, by torch's rules where they differ from JAX's."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record


def cast_array(array, dtype):
    """`array` as numpy dtype `dtype`.

    Complex numbers lose their imaginary part. Floats too big for an integer dtype become what the
    x86 conversion instructions that torch compiles to make of them: the smallest int64 (int32 for
    32 bits), of which narrower dtypes keep the low bits. JAX would saturate.
    """
    source = array.dtype
    if source == dtype:
        return array
    target = np.dtype(dtype)
    if target == np.bool_:
        return array != 0
    if jnp.issubdtype(source, np.complexfloating) and target.kind != "c":
        return cast_array(array.real, target)
    if target.kind in "iu" and jnp.issubdtype(source, np.floating):
        return _float_to_integer(array, target)
    return lax.convert_element_type(array, target)


def _float_to_integer(array, target):
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float32)
    wide = np.dtype(np.int32 if target == np.int32 else np.int64)
    bound = float(2 ** (8 * wide.itemsize - 1))
    inside = (array >= -bound) & (array < bound)
    smallest = np.array(np.iinfo(wide).min, wide)
    integers = jnp.where(inside, lax.convert_element_type(jnp.where(inside, array, 0), wide), smallest)
    if target == np.uint64:
        # the range above int64 is converted in two halves
        high = (array >= bound) & (array < 2 * bound)
        upper = lax.convert_element_type(jnp.where(high, array - bound, 0), np.uint64)
        return jnp.where(high, upper + np.uint64(2**63), integers.astype(np.uint64))
    return integers.astype(target)


_kernels = {}


def cast_node(node, dtype, device):
    """A node with the elements of `node` as numpy dtype `dtype`."""
    aval = node.aval
    if aval.dtype == dtype:
        return node
    kernel = _kernels.get((aval, dtype))
    if kernel is None:
        kernel = _kernels[aval, dtype] = Kernel(
            "to", lambda array: cast_array(array, dtype), (aval,), Aval(aval.shape, dtype)
        )
    return record(kernel, (node,), device)
