"""The weight's gradient of a small float32 convolution of few channels on a TPU, in parts of bfloat16.

A TPU multiplies bfloat16. A float32 number is the sum of three of those, and a product of two of nine
products, six of which count; "high" precision is two parts. XLA makes the products inside one
convolution, for which its compiler takes the better part of a minute, or minutes. Here the parts are
channels of one convolution of bfloat16, which gives all products, and they are summed, the small ones
first.

Seconds of one processor that the compiler takes and its estimate of cycles, for one chip of a v5e
(libtpu 0.0.42.1, 2026-11-30, "highest"): parts as channels, XLA's own, patches, and the same six
products as convolutions by themselves:

                                channels     XLA's own     patches       by themselves
    5x5 3-6 at 32 (4)           2.9   39 k    31   56 k    2.4  128 k    1.9   38 k    in parts
    5x5 1-6 at 32 (1)           2.6   20 k    38   32 k    0.5   52 k    1.4   26 k    in parts
    3x3 3-8 at 32 /2 (16)       1.7   53 k    45   27 k                  1.7   57 k    in parts
    5x5 8-6 at 32 (4)           3.6   41 k    17   39 k                  5.6   74 k    in parts
    5x5 3-6 at 32 (32)          5.5  179 k  >140           >50           8.1  143 k    in parts
    5x5 6-16 at 14 (4)          0.8   18 k   1.4   14 k    1.3   25 k    1.0   17 k    in parts
    3x3 3-32 at 32 (64)         4.5  418 k    59   82 k                  8.0  237 k    XLA's own
    3x3 1-32 at 28 (64)         1.2  108 k    95   29 k    5.2  172 k     54   73 k    XLA's own
    3x3 32-64 at 26 (64)                      15  134 k    7.9 1084 k                  XLA's own

Cycles are of some 1.5 GHz: where parts are taken they cost a step at most some tens of microseconds,
less than starting it does. Where much is computed XLA's own is two to five times as fast, and taken.
"""

import itertools
import math

import jax
from jax import lax
from jax import numpy as jnp

PARTS = {"highest": 3, "high": 2}  # by the precision of products: how many a number has
FEW_CHANNELS = 8  # of the input
SMALL = 2**18  # elements of input, gradient and result together: all parts take 10 MB at most


def suits(input, gradient, geometry):
    """Whether this gradient is computed in parts."""
    size = math.prod((gradient.shape[1], input.shape[1], *geometry.kernel))
    return (
        _parts() > 1
        and input.dtype == jnp.float32
        and (geometry.groups, geometry.dims) == (1, 2)
        and math.prod(geometry.kernel) > 1
        and input.shape[1] <= FEW_CHANNELS
        and input.size + gradient.size + size <= SMALL
    )


def weight_parts(input, gradient, geometry):
    """As in `convolution_bodies`, of one group."""
    count = _parts()
    products = _products(_split(input, count), _split(gradient, count), geometry)
    shape = (count, gradient.shape[1], count, input.shape[1], *geometry.kernel)
    products = products.reshape(shape)
    _, *pairs = sorted(itertools.product(range(count), repeat=2), key=sum)
    low = sum(products[right, :, left] for left, right in reversed(pairs))
    # infinity times a number whose small parts are 0: only the large parts have the right product
    return jnp.where(jnp.isnan(low), 0, low) + products[0, :, 0]


def _parts():
    """How many parts a float32 number has for the precision that is set when this is lowered."""
    return PARTS.get(jax.config.jax_default_matmul_precision, 1)


def _split(array, count):
    """The parts as channels, the largest first: eight bits each, and only the last is rounded."""
    found, rest = [], array
    for _ in range(count - 1):
        bits = lax.bitcast_convert_type(rest, jnp.uint32) & jnp.uint32(0xFFFF0000)
        part = lax.bitcast_convert_type(bits, jnp.float32)
        part = jnp.where(jnp.isnan(rest), rest, part)  # which may have other bits alone
        found.append(part.astype(jnp.bfloat16))
        rest = rest - part
    return jnp.concatenate([*found, rest.astype(jnp.bfloat16)], 1)


def _products(input, gradient, geometry):
    """The weight's gradient of bfloat16 in float32: a convolution whose window is the output."""
    order = (1, 0, *range(2, 2 + geometry.dims))
    return lax.conv_general_dilated(
        input,
        gradient,
        geometry.dilation,
        geometry.pads,
        rhs_dilation=geometry.stride,
        dimension_numbers=lax.ConvDimensionNumbers(order, order, order),
        precision=lax.Precision.DEFAULT,
        preferred_element_type=jnp.float32,
    )
