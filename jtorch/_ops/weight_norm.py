"""Weight norm: weights as a direction and a length, slice by slice."""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import float16
from jtorch._ops.detailed import detailed
from jtorch._ops.families import composite
from jtorch._ops.norm import norm
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.standardized import widened
from jtorch._tensor import Tensor


@detailed(
    name="weight_norm.slices",
    variants="",
    gradient="WeightNormInterfaceBackward0",
    shape=lambda v: v.shape,
    dtype=lambda v: v.dtype,
)
def _weight_norm_row(v: Tensor, g: Tensor, dim: int):
    wide = widened(v)
    others = tuple(each for each in range(v.ndim) if each != dim)
    shape = [v.shape[each] if each == dim else 1 for each in range(v.ndim)]
    return _lengthened(wide, widened(g).reshape(shape), others).astype(v.dtype)


def _length(v, others):
    return jnp.sqrt(jnp.sum(v * v, axis=others, keepdims=True))


@functools.partial(jax.custom_jvp, nondiff_argnums=(2,))
def _lengthened(v, g, others):
    return v * (g / _length(v, others))


@_lengthened.defjvp
def _lengthened_slope(others, values, slopes):
    # torch keeps the lengths of the first pass, which a second derivative takes for constants
    (v, g), (of_v, of_g) = values, slopes
    length = lax.stop_gradient(_length(v, others))
    along = jnp.sum(v * of_v, axis=others, keepdims=True) / (length * length)
    return _lengthened(v, g, others), (g / length) * (of_v - v * along) + v * (of_g / length)


@offered("(Tensor v, int pow = 2, int dim = 0)", variants="f")
def norm_except_dim(v, pow=2, dim=0):
    """The norm over all dims but one; over all where `dim` is -1.

    Shape:   (*) -> the same with 1 for every other dim.
    Source:  torch.norm_except_dim.
    """
    require_tensors(v)
    if dim == -1:
        return norm(v, pow)
    if dim == 0:
        return norm(v.contiguous().view(v.shape[0], -1), pow, 1).view(
            v.shape[0], *[1] * (v.ndim - 1)
        )
    if dim == v.ndim - 1:
        return norm(v.contiguous().view(-1, v.shape[dim]), pow, 0).view(
            *[1] * (v.ndim - 1), v.shape[dim]
        )
    return norm_except_dim(v.transpose(0, dim), pow, 0).transpose(0, dim)


@composite(name="_weight_norm", variants="f")
def weight_norm(v, g, dim=0):
    """`v` with the lengths of `g` along `dim`. Source: torch._weight_norm."""
    fused = dim in (0, v.ndim - 1) and float16 not in (v.dtype, g.dtype)
    if fused:
        return _weight_norm_row(v, g, dim)
    return v * (g / norm_except_dim(v, 2, dim))
