"""Formulations of convolutions: of the output, and of both gradients, by three kinds of body.

Each function has the arrays of the other two roles and the geometry: `output_*` has input and weight,
`input_*` the output's gradient and the weight, `weight_*` the input and the output's gradient.
Shapes are (N, C, *size), (O, C / groups, *kernel) and (N, O, *output). `convolution_choice` says
which one is taken where.
"""

import math

import jax
from jax import lax
from jax import numpy as jnp

# XLA's own: `lax.conv_general_dilated`, and what JAX makes of it by transposition


def output_library(input, weight, geometry, channels_last=False):
    dims = tuple(range(2, 2 + geometry.dims))
    numbers = lax.ConvDimensionNumbers((0, 1, *dims), (0, 1, *dims), (0, 1, *dims))
    if channels_last:  # as XLA's kernels for CPUs have it
        input, weight = jnp.moveaxis(input, 1, -1), jnp.moveaxis(weight, (1, 0), (-2, -1))
        last, places = geometry.dims + 1, tuple(range(1, geometry.dims + 1))
        kernel = (last, last - 1, *range(geometry.dims))
        numbers = lax.ConvDimensionNumbers((0, last, *places), kernel, (0, last, *places))
    result = lax.conv_general_dilated(
        input,
        weight,
        geometry.stride,
        geometry.pads,
        rhs_dilation=geometry.dilation,
        dimension_numbers=numbers,
        feature_group_count=geometry.groups,
        preferred_element_type=input.dtype,
    )
    return jnp.moveaxis(result, -1, 1) if channels_last else result


def input_library(gradient, weight, geometry, channels_last=False):
    channels = weight.shape[1] * geometry.groups
    given = jax.ShapeDtypeStruct((gradient.shape[0], channels, *geometry.input), gradient.dtype)

    def output(input):
        return output_library(input, weight, geometry, channels_last)

    return jax.linear_transpose(output, given)(gradient)[0]


def weight_library(input, gradient, geometry, channels_last=False):
    shape = (gradient.shape[1], input.shape[1] // geometry.groups, *geometry.kernel)

    def output(weight):
        return output_library(input, weight, geometry, channels_last)

    return jax.linear_transpose(output, jax.ShapeDtypeStruct(shape, input.dtype))(gradient)[0]


# Patches: what each place of the output sees, as a column, and products of matrices


def output_patches(input, weight, geometry):
    groups = geometry.groups
    count, channels = input.shape[:2]
    padded = geometry.padded(input)
    padded = padded.reshape(count, groups, channels // groups, *padded.shape[2:])
    columns = [geometry.window(padded, tap) for tap in geometry.taps]
    columns = jnp.concatenate(columns, 2) if len(columns) > 1 else columns[0]
    columns = columns.reshape(*columns.shape[:3], -1)  # (N, G, taps * C / G, places)
    matrix = jnp.broadcast_to(_matrix(weight, geometry), (count, groups, *_sides(weight, groups)))
    result = jnp.matmul(matrix, columns, preferred_element_type=input.dtype)
    return result.reshape(count, weight.shape[0], *geometry.output)


def input_patches(gradient, weight, geometry):
    groups = geometry.groups
    count = gradient.shape[0]
    matrix = _matrix(weight, geometry)
    columns = lax.dot_general(
        matrix, _by_group(gradient, groups), (((1,), (1,)), ((0,), (0,))),
        preferred_element_type=gradient.dtype,
    )  # fmt: skip
    shape = (groups, -1, weight.shape[1], count, *geometry.output)
    columns = columns.reshape(shape)  # (G, taps, C / G, N, *output)
    total = sum(geometry.placed(columns[:, i], tap) for i, tap in enumerate(geometry.taps))
    result = geometry.unpadded(total).reshape(-1, count, *geometry.input)
    return jnp.moveaxis(result, 1, 0)


def weight_patches(input, gradient, geometry):
    groups = geometry.groups
    count, channels = input.shape[:2]
    padded = geometry.padded(jnp.moveaxis(input, 1, 0))
    padded = padded.reshape(groups, channels // groups, count, *padded.shape[2:])
    columns = [geometry.window(padded, tap) for tap in geometry.taps]
    columns = jnp.concatenate(columns, 1) if len(columns) > 1 else columns[0]
    columns = columns.reshape(*columns.shape[:2], -1)  # (G, taps * C / G, N * places)
    matrix = lax.dot_general(
        _by_group(gradient, groups), columns, (((2,), (2,)), ((0,), (0,))),
        preferred_element_type=input.dtype,
    )  # fmt: skip
    matrix = matrix.reshape(gradient.shape[1], *geometry.kernel, channels // groups)
    return jnp.moveaxis(matrix, -1, 1)


def _sides(weight, groups):
    return weight.shape[0] // groups, math.prod(weight.shape[1:])


def _matrix(weight, geometry):
    """The weights as matrices (G, O / G, taps * C / G)."""
    return jnp.moveaxis(weight, 1, -1).reshape(geometry.groups, *_sides(weight, geometry.groups))


def _by_group(gradient, groups):
    """An output as matrices (G, O / G, N * places)."""
    turned = jnp.moveaxis(gradient, 1, 0)
    return turned.reshape(groups, turned.shape[0] // groups, -1)


# Shifts: sums of shifted multiples, where each group has one channel


def output_shifts(input, weight, geometry):
    padded = geometry.padded(input)
    factors = _factors(weight, geometry)  # (G, O / G, *kernel)
    total = sum(
        geometry.window(padded, tap)[:, :, None] * _of_tap(factors, tap, geometry)
        for tap in geometry.taps
    )
    return total.reshape(input.shape[0], weight.shape[0], *geometry.output)


def input_shifts(gradient, weight, geometry):
    if set(geometry.stride) == {1} and weight.shape[0] == geometry.groups:
        # the same with the kernel turned round: XLA slices faster than it pads and adds
        kernel = lax.rev(weight, tuple(range(2, weight.ndim)))
        return output_shifts(gradient, kernel, geometry.turned)
    split = (gradient.shape[0], geometry.groups, -1, *geometry.output)
    gradient, factors = gradient.reshape(split), _factors(weight, geometry)
    total = sum(
        geometry.placed((gradient * _of_tap(factors, tap, geometry)).sum(2), tap)
        for tap in geometry.taps
    )
    return geometry.unpadded(total)


def weight_shifts(input, gradient, geometry):
    padded = geometry.padded(input)
    split = gradient.reshape(gradient.shape[0], geometry.groups, -1, *geometry.output)
    places = (0, *range(3, split.ndim))
    sums = [
        (geometry.window(padded, tap)[:, :, None] * split).sum(places, dtype=input.dtype)
        for tap in geometry.taps
    ]
    return jnp.stack(sums, -1).reshape(gradient.shape[1], 1, *geometry.kernel)


def _factors(weight, geometry):
    return weight.reshape(geometry.groups, -1, *geometry.kernel)


def _of_tap(factors, tap, geometry):
    """The factors of one tap, to be multiplied with (N, G, O / G, *places)."""
    return factors[(..., *tap)].reshape(*factors.shape[:2], *[1] * geometry.dims)


# In parts, for less memory at a time


def by_samples(role, body, left, right, geometry, samples):
    """What `body` gives, of so many samples at a time, or fewer."""
    count = left.shape[0]
    samples = max(1, min(samples, count))
    while count % samples:
        samples -= 1
    if samples == count:
        return body(left, right, geometry)
    parts = [
        each.reshape(-1, samples, *each.shape[1:])
        for each in (left, right)[: 1 + (role == "weight")]
    ]
    if role == "weight":
        first = body(parts[0][0], parts[1][0], geometry)

        def add(total, part):
            return total + body(*part, geometry), None

        return lax.scan(add, first, (parts[0][1:], parts[1][1:]))[0]
    result = lax.map(lambda part: body(part, right, geometry), parts[0])
    return result.reshape(-1, *result.shape[2:])


def by_taps(role, body, left, right, geometry):
    """What `body` gives, by one place after the other of the kernel's first dim."""
    found = []
    for place in range(geometry.kernel[0]):
        start = geometry.padding[0] - place * geometry.dilation[0]
        part = geometry._replace(
            kernel=(1, *geometry.kernel[1:]), padding=(start, *geometry.padding[1:])
        )
        other = right if role == "weight" else right[:, :, place : place + 1]
        found.append(body(left, other, part))
    return jnp.concatenate(found, 2) if role == "weight" else sum(found)
