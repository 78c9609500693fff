"""The formulation of convolutions by strips: patches along all dims of the kernel but the last.

A strip is what a row of the output sees at one place of the leading dims: a whole row of the input.
One product of matrices gives, for each place of the kernel's last dim, a row that is summed after
a shift. So what is copied is whole rows, and as many times fewer as the kernel's last dim is long.
Functions are as in `convolution_bodies`.
"""

import math

from jax import lax
from jax import numpy as jnp


def output_strips(input, weight, geometry):
    products = lax.dot_general(
        _matrix(weight, geometry), _strips(input, geometry), (((2,), (1,)), ((0,), (0,))),
        preferred_element_type=input.dtype,
    )  # fmt: skip
    width = geometry.kernel[-1]
    shape = (geometry.groups, width, -1, input.shape[0], *geometry.output[:-1], _width(geometry))
    products = products.reshape(shape)
    total = sum(geometry.shifted(products[:, place], place) for place in range(width))
    result = total.reshape(weight.shape[0], input.shape[0], *geometry.output)
    return jnp.moveaxis(result, 1, 0)


def input_strips(gradient, weight, geometry):
    strips = lax.dot_general(
        _matrix(weight, geometry), _spread(gradient, geometry), (((1,), (1,)), ((0,), (0,))),
        preferred_element_type=gradient.dtype,
    )  # fmt: skip
    leading = _leading(geometry)
    count = gradient.shape[0]
    shape = (geometry.groups, -1, weight.shape[1], count, *leading.output)
    strips = strips.reshape(shape)  # (G, taps, C / G, N, *output[:-1], width)
    total = sum(leading.placed(strips[:, i], tap) for i, tap in enumerate(leading.taps))
    result = geometry.unpadded(total).reshape(-1, count, *geometry.input)
    return jnp.moveaxis(result, 1, 0)


def weight_strips(input, gradient, geometry):
    matrix = lax.dot_general(
        _spread(gradient, geometry), _strips(input, geometry), (((2,), (2,)), ((0,), (0,))),
        preferred_element_type=input.dtype,
    )  # fmt: skip
    *leading, width = geometry.kernel
    groups = geometry.groups
    outputs, channels = gradient.shape[1] // groups, input.shape[1] // groups
    matrix = matrix.reshape(groups, width, outputs, math.prod(leading), channels)
    matrix = matrix.transpose(0, 2, 4, 3, 1)
    return matrix.reshape(gradient.shape[1], channels, *geometry.kernel)


def _width(geometry):
    """How long a row of the input is, with its zeros."""
    return geometry.input[-1] + sum(geometry.pads[-1])


def _leading(geometry):
    """Of an input with its zeros: the same convolution but for the last dim, which is left whole."""
    width = _width(geometry)
    sizes = [size + sum(pads) for size, pads in zip(geometry.input, geometry.pads, strict=True)]
    return geometry._replace(
        input=tuple(sizes),
        kernel=(*geometry.kernel[:-1], 1),
        output=(*geometry.output[:-1], width),
        stride=(*geometry.stride[:-1], 1),
        padding=(0,) * geometry.dims,
    )


def _matrix(weight, geometry):
    """The weights as matrices (G, width * O / G, leading taps * C / G)."""
    *leading, width = geometry.kernel
    outputs, channels = weight.shape[0] // geometry.groups, weight.shape[1]
    split = weight.reshape(geometry.groups, outputs, channels, math.prod(leading), width)
    return split.transpose(0, 4, 1, 3, 2).reshape(geometry.groups, width * outputs, -1)


def _strips(input, geometry):
    """The rows that rows of the output see: (G, leading taps * C / G, N * places)."""
    leading = _leading(geometry)
    padded = geometry.padded(jnp.moveaxis(input, 1, 0))
    padded = padded.reshape(geometry.groups, -1, *padded.shape[1:])
    strips = [leading.window(padded, tap) for tap in leading.taps]
    strips = jnp.concatenate(strips, 1) if len(strips) > 1 else strips[0]
    return strips.reshape(*strips.shape[:2], -1)


def _spread(gradient, geometry):
    """Rows of the output at their places in those of the input: (G, width * O / G, N * places)."""
    turned = jnp.moveaxis(gradient, 1, 0)
    turned = turned.reshape(geometry.groups, -1, *turned.shape[1:])
    rows = [
        geometry.spread(turned, place, _width(geometry)) for place in range(geometry.kernel[-1])
    ]
    rows = jnp.concatenate(rows, 1) if len(rows) > 1 else rows[0]
    return rows.reshape(*rows.shape[:2], -1)
