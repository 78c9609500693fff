"""Conversion of arrays from one dtype to another, by torch's rules where they differ from JAX's."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import float8_e4m3fn, float8_e8m0fnu
from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record

_E4M3FN, _E8M0FNU = float8_e4m3fn.numpy, float8_e8m0fnu.numpy


def cast_array(array, dtype):
    """`array` as numpy dtype `dtype`.

    Complex numbers lose their imaginary part. Floats too big for an integer dtype become what the
    x86 conversion instructions that torch compiles to make of them: the smallest int64 (or int32),
    of which narrower dtypes keep the low bits. JAX would saturate.
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
    if source == np.bool_ and target.itemsize >= 2 and jnp.issubdtype(target, np.inexact):
        # XLA makes a choice of a product with a converted bool, for which 0 * NaN would be 0
        return jnp.where(array, jnp.ones((), target), jnp.zeros((), target))
    if target.itemsize <= 2 and target.kind not in "iu":
        return _to_narrow_float(array, target)
    return lax.convert_element_type(array, target)


def _to_narrow_float(array, target):
    """torch has no other way to a narrow float than from float32, so it may round twice."""
    array = lax.convert_element_type(array, np.float32)
    if target == _E4M3FN:
        # no infinity: torch gives the largest number, XLA nan
        largest = np.float32(448)
        array = jnp.where(jnp.isnan(array), array, jnp.clip(array, -largest, largest))
    elif target == _E8M0FNU:
        return _to_exponent(array)
    return lax.convert_element_type(array, target)


def _to_exponent(array):
    """float32 as float8_e8m0fnu, the exponent alone: ties go up, the sign is lost, inf is nan."""
    bits = lax.bitcast_convert_type(array, np.uint32)
    exponent = (bits >> 23) & 0xFF
    mantissa = bits & 0x7FFFFF
    half = np.uint32(1 << 22)
    up = jnp.where(exponent == 0, mantissa > half, mantissa >= half)
    code = jnp.where(exponent == 0xFF, exponent, exponent + up.astype(np.uint32))
    return lax.bitcast_convert_type(code.astype(np.uint8), _E8M0FNU)


def _float_to_integer(array, target):
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float32)
    narrow = target in (np.int8, np.int16, np.uint16, np.int32)
    wide = np.dtype(np.int32 if narrow else np.int64)
    bound = float(2 ** (8 * wide.itemsize - 1))
    inside = (array >= -bound) & (array < bound)
    smallest = np.array(np.iinfo(wide).min, wide)
    integers = jnp.where(
        inside, lax.convert_element_type(jnp.where(inside, array, 0), wide), smallest
    )
    if target == np.uint64:
        # the range above int64 is converted in two halves
        high = (array >= bound) & (array < 2 * bound)
        upper = lax.convert_element_type(jnp.where(high, array - bound, 0), np.uint64)
        integers = jnp.where(high, upper + np.uint64(2**63), integers.astype(np.uint64))
        return jnp.where(array >= 2 * bound, np.uint64(0), integers)
    return integers.astype(target)


_kernels = {}


def cast_node(node, dtype, device):
    """A node with the elements of `node` as numpy dtype `dtype`."""
    aval = node.aval
    if aval.dtype == dtype:
        return node
    return record(cast_kernel(aval, dtype), (node,), device)


def cast_kernel(aval, dtype):
    """The kernel that makes a value of `aval` one of numpy dtype `dtype`."""
    kernel = _kernels.get((aval, dtype))
    if kernel is None:
        kernel = _kernels[aval, dtype] = Kernel(
            "to", lambda array: cast_array(array, dtype), (aval,), Aval(aval.shape, dtype)
        )
    return kernel
