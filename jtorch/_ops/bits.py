"""Signs, mantissas and exponents, read from the bits of floating-point numbers.

Bits are read as unsigned integers: the compiler for TPU (libtpu 0.0.42) fails where the bits of a
float64 are taken for an int64 and used, which is what `jnp.signbit` and `jnp.frexp` do.
"""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

_UNSIGNED = {2: np.uint16, 4: np.uint32, 8: np.uint64}


def bits_of(array):
    """The bits of floats, as unsigned integers."""
    return lax.bitcast_convert_type(array, _UNSIGNED[array.dtype.itemsize])


def is_negative(array):
    """Whether the sign of floats is negative, of zeros and NaN too."""
    kind = _UNSIGNED[array.dtype.itemsize]
    return bits_of(array) >> kind(8 * array.dtype.itemsize - 1) != 0


def with_sign_of(array, other):
    """Floats with the signs of others, of the same dtype."""
    size = jnp.abs(array)
    return jnp.where(is_negative(other), -size, size)


@jax.custom_jvp
def mantissa_and_exponent(array):
    """(mantissas in [0.5, 1), exponents as int32) of floats; zero, NaN and infinity have exponent 0."""
    limits = jnp.finfo(array.dtype)
    kind = _UNSIGNED[array.dtype.itemsize]
    small = jnp.abs(array) < limits.tiny
    scaled = jnp.where(small, array * array.dtype.type(1 << limits.nmant), array)
    bits = bits_of(scaled)
    mask = kind((1 << limits.nexp) - 1)
    bias = 1 - limits.minexp
    exponent = (bits >> kind(limits.nmant) & mask).astype(np.int32) - (bias - 1)
    exponent = exponent - jnp.where(small, np.int32(limits.nmant), np.int32(0))
    half = kind(bias - 1) << kind(limits.nmant)
    mantissa = lax.bitcast_convert_type(bits & ~(mask << kind(limits.nmant)) | half, array.dtype)
    plain = jnp.isfinite(array) & (array != 0)
    return jnp.where(plain, mantissa, array), jnp.where(plain, exponent, 0)


@mantissa_and_exponent.defjvp
def _of_mantissa_and_exponent(primals, tangents):
    """Between powers of two the exponent is constant."""
    mantissa, exponent = mantissa_and_exponent(*primals)
    moved = tangents[0] * jnp.exp2(-exponent.astype(mantissa.dtype))
    return (mantissa, exponent), (moved, np.zeros(exponent.shape, jax.dtypes.float0))
