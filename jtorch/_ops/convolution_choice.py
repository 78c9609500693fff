"""Which formulation a convolution gets; `scripts/measure_convolutions` measures what this says.

On GPU and TPU it is XLA's own. On CPU that is fast only for many channels, without groups, in one
or two dims; its gradients by the input are slower than a product and a sum of shifted slices. As
measured on 2026-11-30 (jax 0.10.2, two cores; milliseconds of XLA's own, patches, shifts):

    output  3x3 1-32 at 28      0.7  0.4   0.3      input  3x3 64-64 at 56      16   12
            3x3 8-8 at 28       0.9  0.5                   3x3 3-16 at 32       3.9  1.2
            3x3 32-64 at 28     2.7  3.8                   3x3 64-3 at 28       0.9  2.4
            1x1 64-64 at 28     0.5  0.35                  4x4 128-64 /2        10   6
            3x3x3 32-32         40   8
    weight  3x3 32-32 at 28     1.9  3.4            depthwise 3x3 256 /2        21   2.6   0.7
            3x3 128-128 at 14   2.7  1.8            grouped 3x3 128 in 32       20   3.4
            1x1 64-64 at 28     0.9  0.5            its gradient by the weight  4400 9
"""

import functools
import math

from jax import numpy as jnp

from jtorch._ops import convolution_bodies as bodies

LIBRARY, PATCHES, SHIFTS = "library", "patches", "shifts"

BODIES = {
    ("output", LIBRARY): bodies.output_library,
    ("output", PATCHES): bodies.output_patches,
    ("output", SHIFTS): bodies.output_shifts,
    ("input", LIBRARY): bodies.input_library,
    ("input", PATCHES): bodies.input_patches,
    ("input", SHIFTS): bodies.input_shifts,
    ("weight", LIBRARY): bodies.weight_library,
    ("weight", PATCHES): bodies.weight_patches,
    ("weight", SHIFTS): bodies.weight_shifts,
}

FEW_ROWS = 128  # of a matrix of patches: then making it costs less than it saves
SOME_ROWS = 1024
AT_ONCE = 2**19  # elements of a matrix of patches, made for as many samples as that takes
MANY_AT_ONCE = 2**21  # the same where there are many channels: small products are slow
MANY_CHANNELS = 64
COPIED_AT_ONCE = 2**20  # elements of input and output that XLA's own turns round
TOO_MANY = 2**25  # patches of one sample that are made in parts, too


def chosen(role, platform, left, right, geometry):
    """The result for this role, by the formulation that suits platform and shapes."""
    if platform == "cpu":
        kind = formulation(role, left.shape, right.shape, geometry)
        return applied(role, kind, left, right, geometry)
    if jnp.issubdtype(left.dtype, jnp.inexact):
        return BODIES[role, LIBRARY](left, right, geometry)
    return BODIES[role, PATCHES](left, right, geometry)  # JAX transposes no functions of integers


def applied(role, kind, left, right, geometry):
    """The result by one formulation, in parts where it would need much memory at once."""
    if kind == LIBRARY and not jnp.issubdtype(left.dtype, jnp.inexact):
        kind = PATCHES
    body = BODIES[role, kind]
    inputs, outputs = channels(role, left.shape, right.shape, geometry)
    places, groups = math.prod(geometry.output), geometry.groups
    if kind == SHIFTS:
        return body(left, right, geometry)
    if kind == LIBRARY:
        body = functools.partial(body, channels_last=True)
        each = groups * (math.prod(geometry.input) * inputs + places * outputs)
        return bodies.by_samples(role, body, left, right, geometry, COPIED_AT_ONCE // each)
    each = places * math.prod(geometry.kernel) * inputs * groups
    if each > TOO_MANY:
        body = functools.partial(bodies.by_taps, role, body)
    limit = MANY_AT_ONCE if inputs >= MANY_CHANNELS else AT_ONCE
    return bodies.by_samples(role, body, left, right, geometry, limit // each)


def formulation(role, left, right, geometry):
    """The one for CPUs, by the shapes of the two arguments."""
    inputs, outputs = channels(role, left, right, geometry)
    taps = math.prod(geometry.kernel)
    if inputs == 1 and role == "output":
        return SHIFTS
    if geometry.groups > 1:
        if inputs == 1 and (role == "weight" or outputs == 1):
            return SHIFTS
        return PATCHES
    if taps == 1 or geometry.dims > 2 or (taps * inputs <= FEW_ROWS and role != "input"):
        return PATCHES
    if role == "output":
        return LIBRARY
    if role == "input":
        small = inputs * taps < SOME_ROWS or (taps < 10 and inputs <= 4 * MANY_CHANNELS)
        return PATCHES if inputs <= outputs and small else LIBRARY
    size = left[0] * math.prod(geometry.output) * taps * inputs
    limit = AT_ONCE * max(1, min(inputs, 4 * MANY_CHANNELS) // MANY_CHANNELS)
    return PATCHES if size <= limit else LIBRARY


def channels(role, left, right, geometry):
    """(channels of the input, of the output), of one group."""
    groups = geometry.groups
    if role == "weight":
        return left[1] // groups, right[1] // groups
    return right[1], right[0] // groups
