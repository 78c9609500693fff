"""Which formulation a convolution gets; `scripts/measure_convolutions` measures what this says.

On GPU it is XLA's own, and on TPU but for one that `convolution_parts` speaks of. On CPU that is
fast only for many channels, without groups, in one or two dims, and as long as what it turns round
is small; strips win for few channels, where the last dim has no stride; patches where they are few,
and are made of so many samples at a time that they stay in the cache. Milliseconds of one processor
on 2026-11-30 (jax 0.10.2, torch 2.13): torch, XLA's own, patches, strips, shifts:

    output  5x5 3-6 at 32 (32)   1.1  3.6  2.0  1.3       weight  5x5 3-6 at 32      1.1  2.0  2.7  1.7
            5x5 6-16 at 14 (32)  0.3  0.7  0.6  0.4               3x3 32-64 at 26     16   49   24   28
            3x3 1-32 at 28 (64)  1.2  2.5  1.6  3.5  0.8          3x3 64-64 at 56     11   12   18   14
            3x3 32-64 at 26       15   27   23   21               5x5 32-3           2.4  4.7  5.1  2.0
            3x3 64-64 at 56 (4)    9   11   17   12               3x3x3 32-32        1.5   16  3.1  2.2
            3x3x3 32-32 at 10    1.2  6.3  2.7  2.2               depthwise 7x7 96   6.6   17   26  2.8
    input   5x5 3-6 at 32        3.8  7.4  2.6  2.1               3x3 128, 32 groups 3.7 1867  5.1  4.3
            3x3 64-64 at 56      9.2   12   11   12       output  depthwise 3x3 /2   1.1  7.0  2.6  1.3  0.7
            4x4 512-256 /2       5.4  7.7   11   18               3x3 128, 32 groups 1.2  9.8  3.7  1.9

Two processors, batch 8, 3x3 (ResNet-18's), where what one thread does best is not all that counts:
torch, XLA's own, patches, strips, columns.

    64-64 at 32    output  2.9  7.4  6.0  4.2   16  input  3.2  7.1  5.0  4.6  5.5  weight  3.6  7.2  8.5  5.7   17
    128-128 at 16          3.0  4.0  7.2  4.3  4.2         3.2  3.8  4.8  4.9  4.8          3.7  7.0  7.3  5.1  6.4
    256-256 at 8           2.9  5.5   10  4.5  3.8         2.9  6.0  5.1  5.3  3.4          3.4  6.8  6.0  4.3  3.7
    256-512 at 8 /2        2.0  5.2   21  7.0  2.3         2.6  4.2  3.3  7.0  2.1          2.7  4.6  3.6  4.6  2.2
    512-512 at 4           3.2   10   32  9.7  4.8         4.0   11  7.1   10  3.7          4.6  8.9  5.2  5.8  3.6
    512-512 at 2 (128)      10 1138  327   67   19         9.7 1130   21   30   12           17   18   18   28   15

Columns do not turn the weight round, which is most of the work where places are few.
"""

import functools
import math

from jax import numpy as jnp

from jtorch._ops import convolution_bodies as bodies
from jtorch._ops import convolution_columns as columns
from jtorch._ops import convolution_parts as parts
from jtorch._ops import convolution_strips as strips

LIBRARY, PATCHES, COLUMNS, SHIFTS, STRIPS = "library", "patches", "columns", "shifts", "strips"

BODIES = {
    ("output", LIBRARY): bodies.output_library,
    ("output", PATCHES): bodies.output_patches,
    ("output", COLUMNS): columns.output_columns,
    ("output", SHIFTS): bodies.output_shifts,
    ("output", STRIPS): strips.output_strips,
    ("input", LIBRARY): bodies.input_library,
    ("input", PATCHES): bodies.input_patches,
    ("input", COLUMNS): columns.input_columns,
    ("input", SHIFTS): bodies.input_shifts,
    ("input", STRIPS): strips.input_strips,
    ("weight", LIBRARY): bodies.weight_library,
    ("weight", PATCHES): bodies.weight_patches,
    ("weight", COLUMNS): columns.weight_columns,
    ("weight", SHIFTS): bodies.weight_shifts,
    ("weight", STRIPS): strips.weight_strips,
}

FEW_ROWS = 128  # of a matrix of patches: then making it costs less than it saves
SOME_ROWS = 1024
AT_ONCE = 2**19  # elements of a matrix of patches, made for as many samples as that takes
MANY_AT_ONCE = 2**21  # the same where there are many channels: small products are slow
COLUMNS_AT_ONCE = 2**22  # elements of columns: with more at a time they are slower
SOME_CHANNELS = 32
MANY_CHANNELS = 64
STRIPS_AT_ONCE = 2**24  # elements of strips and of their products: for the sake of memory alone
COPIED_AT_ONCE = 2**20  # elements of input and output that XLA's own turns round
FEW_PLACES = 8  # for each channel of the output: then the weight is what should not be turned round
TINY = 4  # places of one sample, where XLA's own takes a hundred times as long as others
TOO_MANY = 2**25  # patches of one sample that are made in parts, too


def chosen(role, platform, left, right, geometry):
    """The result for this role, by the formulation that suits platform and shapes."""
    if platform == "cpu":
        kind = formulation(role, left.shape, right.shape, geometry)
        return applied(role, kind, left, right, geometry)
    if platform == "tpu" and role == "weight" and parts.suits(left, right, geometry):
        return parts.weight_parts(left, right, geometry)
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
    if kind == STRIPS:
        rows = math.prod(geometry.output[:-1]) * (geometry.input[-1] + sum(geometry.pads[-1]))
        *leading, width = geometry.kernel
        each = rows * groups * (math.prod(leading) * inputs + width * outputs)
        return bodies.by_samples(role, body, left, right, geometry, STRIPS_AT_ONCE // each)
    if kind == LIBRARY:
        body = functools.partial(body, channels_last=True)
        if role != "output":  # in a loop, XLA has no fast kernel for these
            return body(left, right, geometry)
        samples = COPIED_AT_ONCE // _copied(inputs, outputs, geometry)
        return bodies.by_samples(role, body, left, right, geometry, samples)
    each = places * math.prod(geometry.kernel) * inputs * groups
    if each > TOO_MANY:
        body = functools.partial(bodies.by_taps, role, body)
    limit = MANY_AT_ONCE if inputs >= MANY_CHANNELS else AT_ONCE
    limit = COLUMNS_AT_ONCE if kind == COLUMNS else limit
    return bodies.by_samples(role, body, left, right, geometry, limit // each)


def formulation(role, left, right, geometry):
    """The one for CPUs, by the shapes of the two arguments."""
    inputs, outputs = channels(role, left, right, geometry)
    taps = math.prod(geometry.kernel)
    strips = geometry.kernel[-1] > 1 and geometry.stride[-1] == 1
    if inputs == 1 and role == "output":
        return SHIFTS
    if geometry.groups > 1:
        if inputs == 1 and (outputs == 1 or role == "weight") and not (strips and role == "weight"):
            return SHIFTS
        return STRIPS if strips and role != "input" else PATCHES
    if _suits_columns(left[0], math.prod(geometry.output), inputs, outputs):
        return COLUMNS
    if taps == 1 or geometry.dims == 1:
        return PATCHES
    if strips and (geometry.dims > 2 or _suits_strips(role, inputs, outputs)):
        return STRIPS
    if geometry.dims > 2 or (taps * inputs <= FEW_ROWS and role != "input"):
        return PATCHES
    if role == "output":
        return LIBRARY
    if role == "input":
        small = inputs * taps < SOME_ROWS or (taps < 10 and inputs <= MANY_CHANNELS)
        return PATCHES if inputs <= outputs and small else LIBRARY
    size = left[0] * math.prod(geometry.output) * taps * inputs
    limit = AT_ONCE * max(1, min(inputs, 4 * MANY_CHANNELS) // (2 * MANY_CHANNELS))
    if size <= limit or left[0] * _copied(inputs, outputs, geometry) > 2 * COPIED_AT_ONCE:
        return PATCHES
    return LIBRARY


def _suits_columns(samples, places, inputs, outputs):
    """Whether the weight is large beside what it is applied to."""
    if inputs >= MANY_CHANNELS and samples * places <= FEW_PLACES * outputs:
        return True
    return inputs >= SOME_CHANNELS and places <= TINY


def _suits_strips(role, inputs, outputs):
    """Whether there are so few channels that products of matrices are not all the work."""
    if role == "input":
        return 1 < inputs <= MANY_CHANNELS
    return inputs <= MANY_CHANNELS and (role == "weight" or outputs >= inputs)


def _copied(inputs, outputs, geometry):
    """How many elements of one sample XLA's own turns round."""
    places = math.prod(geometry.input) * inputs + math.prod(geometry.output) * outputs
    return places * geometry.groups


def channels(role, left, right, geometry):
    """(channels of the input, of the output), of one group."""
    groups = geometry.groups
    if role == "weight":
        return left[1] // groups, right[1] // groups
    return right[1], right[0] // groups
