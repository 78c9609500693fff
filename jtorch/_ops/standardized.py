"""Mean 0 and variance 1 along dims: what the norms of layers, groups and batches are made of."""

import functools
import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.product import HALF
from jtorch._ops.refusals import HALF_TYPES

# What is added to variances as a rule: then it is part of the program, and XLA sees that forward and
# backward add the same.
EPS = (1e-5, 1e-6, 1e-12)


@functools.partial(jax.custom_jvp, nondiff_argnums=(2, 3))
def standardized(array, eps, dims, kept=None):
    """`(array - mean) / sqrt(variance + eps)` along `dims`; both rounded to the dtype `kept`.

    The derivative is written in terms of the result: two sums each way, where JAX's own takes five.
    """
    mean, scale = _moments(array, eps, dims, kept)
    return (array - mean) * scale


@standardized.defjvp
def _step(dims, kept, arrays, steps):
    array, eps = arrays
    step = steps[0]
    result = standardized(array, eps, dims, kept)
    _, scale = _moments(array, eps, dims, kept)
    return result, scale * (step - _mean(step, dims) - result * _mean(result * step, dims))


def _moments(array, eps, dims, kept):
    found = moments(array, eps, dims)
    return found if kept is None else [each.astype(kept).astype(array.dtype) for each in found]


def _mean(array, dims):
    count = math.prod(array.shape[each] for each in dims)
    return jnp.sum(array, axis=dims, keepdims=True) * np.array(1 / max(count, 1), array.dtype)


def moments(array, eps, dims):
    """(mean, 1 / sqrt(variance + eps)) along `dims`, which stay as dims of one."""
    mean, spread = variance(array, dims)
    return mean, lax.rsqrt(spread + jnp.asarray(eps, array.dtype))


def variance(array, dims):
    """(mean, variance) along `dims`, which stay as dims of one."""
    mean = _mean(array, dims)
    away = array - mean
    return mean, _mean(away * away, dims)


def widened(array):
    """The array in the dtype that norms compute in: half precision in float32."""
    return array.astype(np.float32) if array.dtype in HALF else array


def affine(array, weight, bias, shape):
    """`array * weight + bias`, of which either may be None, both of this shape."""
    if weight is not None:
        array = array * weight.astype(array.dtype).reshape(shape)
    if bias is not None:
        array = array + bias.astype(array.dtype).reshape(shape)
    return array


def check_dtypes(input, *parameters):
    """torch's rule for dtypes: all are one, or those of an input of half precision are float32.

    Errors:  RuntimeError, in torch's words.
    """
    kinds = [each.dtype for each in parameters if each is not None]
    if not kinds:
        return
    if kinds[0] is input.dtype:
        for each in kinds:
            if each is not input.dtype:
                raise RuntimeError(
                    f"expected scalar type {input.dtype.scalar_name} but found {each.scalar_name}"
                )
        return
    if any(each is not _dtypes.float32 for each in kinds):
        raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
    if input.dtype not in HALF_TYPES:
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")
