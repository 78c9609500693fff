"""The formulation of convolutions by columns: patches of all samples side by side.

A column has an element for each element of a filter, in the order in which the weight lies, so that
the weight, which is the larger of the two where there are many channels and few places, is never
turned round: neither as an argument nor as a gradient. Without groups. Functions are as in
`convolution_bodies`.
"""

import math

from jax import lax
from jax import numpy as jnp


def output_columns(input, weight, geometry):
    matrix = weight.reshape(weight.shape[0], -1)
    result = jnp.matmul(matrix, _columns(input, geometry), preferred_element_type=input.dtype)
    result = result.reshape(weight.shape[0], input.shape[0], *geometry.output)
    return jnp.moveaxis(result, 1, 0)


def input_columns(gradient, weight, geometry):
    outputs, channels = weight.shape[:2]
    rows = jnp.moveaxis(gradient, 1, -1).reshape(-1, outputs)
    matrix = weight.reshape(outputs, -1)
    columns = jnp.matmul(rows, matrix, preferred_element_type=gradient.dtype)
    taps = math.prod(geometry.kernel)
    columns = columns.reshape(len(gradient), *geometry.output, channels, taps)
    columns = jnp.moveaxis(columns, (-1, -2), (0, 2))  # (taps, N, C, *output)
    return geometry.unpadded(
        sum(geometry.placed(columns[i], tap) for i, tap in enumerate(geometry.taps))
    )


def weight_columns(input, gradient, geometry):
    outputs = gradient.shape[1]
    rows = jnp.moveaxis(gradient, 1, 0).reshape(outputs, -1)
    matrix = lax.dot_general(
        rows, _columns(input, geometry), (((1,), (1,)), ((), ())),
        preferred_element_type=input.dtype,
    )  # fmt: skip
    return matrix.reshape(outputs, input.shape[1], *geometry.kernel)


def _columns(input, geometry):
    """What each place of the output sees: (C * taps, N * places)."""
    padded = geometry.padded(jnp.moveaxis(input, 1, 0))
    columns = jnp.stack([geometry.window(padded, tap) for tap in geometry.taps], 1)
    return columns.reshape(input.shape[1] * math.prod(geometry.kernel), -1)
