"""The weight's gradient of a small float32 convolution of few channels on a TPU, in parts of bfloat16.

A TPU multiplies bfloat16. A float32 number is the sum of three of those, and a product of two of nine
products, six of which count; "high" precision is two parts. XLA makes the products inside one
convolution, for which its compiler takes the better part of a minute, or minutes. Here the parts are
channels of one convolution of bfloat16, which gives all products, and they are summed, the small ones
first.

Seconds of one processor that the compiler takes, and thousands of cycles by its own estimate, for one
chip of a v5e (libtpu 0.0.42.1, 2026-11-30, "highest"): in parts, XLA's own, patches:

                                 in parts        XLA's own        patches
    5x5 3-6 at 32 (4)            4.5    49        31    56        2.4   128      in parts
      for v6e                    4.4    31        55    35                       in parts
      for v5p                    3.2    49       5.3    42                       in parts
    5x5 1-6 at 32 (1)            2.4    20        38    32        0.5    52      in parts
    3x3 3-8 at 32 /2 (16)        2.4    43        45    27                       in parts
    5x5 8-6 at 32 (4)            6.8    66        17    39                       in parts
    5x5 3-6 at 32 (32)           8.6   134      >140              >50            in parts
    5x5 6-16 at 14 (4)           0.8    15       1.4    14        1.3    25      in parts
    3x3 3-32 at 32 (64)          5.3   292        59    82                       XLA's own
    3x3 1-32 at 28 (64)           13   200        95    29        5.2   172      XLA's own
    3x3 32-64 at 26 (64)                          15   134        7.9  1084      XLA's own

Some 1,500 cycles are a microsecond: where parts are taken they cost a step at most some tens of those,
less than starting it does (the step of the tutorial's LeNet takes 297 instead of 277, and 17.5 seconds
to compile instead of 48). Where more is computed XLA's own is three to seven times as fast, and taken.
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
        and not geometry.narrow  # the compiler sees that there is one part
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
