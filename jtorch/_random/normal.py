"""Normal numbers: Box and Muller's pairs, in PyTorch's two layouts.

Fewer than 16 numbers, or a tensor that is not contiguous: one double pair after another, the second
value of a pair kept in the engine for the next call. Else: blocks of 16 uniform numbers become 8
cosines and 8 sines; float32 (and the 16-bit dtypes, through it) by polynomials, float64 by the C
library.
"""

import math

import numpy as np

from jtorch._random.arithmetic import EXACT, cast, evaluate_as, fma32, fma64
from jtorch._random.limits import lowest_and_largest, require_floating
from jtorch._random.uniform import CHUNK, fractions32, fractions64
from jtorch._shapes import broadcast_shapes

BLOCK = 16
_TURN = 2 * math.pi

_F = np.float32
# Cephes' single precision coefficients, as in the AVX2 code that PyTorch runs for float32.
_LOG = [_F(c) for c in (7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
                        1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1,
                        3.3333331174e-1)]  # fmt: skip
_COS = [_F(c) for c in (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)]
_SIN = [_F(c) for c in (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)]
_LOG_2 = _F(0.693359375), _F(-2.12194440e-4)  # in two parts: e * the first is exact
_QUARTER_PI = _F(0.78515625), _F(2.4187564849853515625e-4), _F(3.77489497744594108e-8)


def normal(engine, shape, dtype, mean=0.0, std=1.0, contiguous=True):
    """Numbers of mean `mean` and deviation `std`, as `normal_` and `randn` draw them.

    `contiguous` is false for a tensor filled in place that is not contiguous. Each part of
    a complex number gets the mean and half of the variance.
    """
    dtype = np.dtype(dtype)
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    count = math.prod(shape)
    if not count:
        return np.empty(shape, dtype)
    if dtype.kind == "c":
        real = np.dtype(f"f{dtype.itemsize // 2}")
        parts = normal(engine, (*shape, 2), real, mean, std / math.sqrt(2), contiguous)
        return parts.view(dtype)[..., 0]
    require_floating("normal_kernel_cpu", dtype)
    if count < BLOCK or not contiguous:
        return one_by_one(
            engine, count, dtype, lambda library, x: library.fma(x, std, mean), slack=abs(mean)
        ).reshape(shape)
    return _in_blocks(engine, count, dtype, mean, std).reshape(shape)


def normal_around(engine, mean, std):
    """`torch.normal` with an array for `mean`, for `std` or for both; the other is a number.

    Shape: the two broadcast. Dtype: that of `mean`, else that of `std`.
    """
    varied = isinstance(std, np.ndarray)
    if varied:
        _check_deviations(std)
    shape = broadcast_shapes(np.shape(mean), np.shape(std))
    dtype = mean.dtype if isinstance(mean, np.ndarray) else std.dtype
    if not isinstance(mean, np.ndarray):
        if dtype == np.float32 and lowest_and_largest(dtype)[1] < abs(mean) < math.inf:
            raise RuntimeError("value cannot be converted to type float without overflow")
        mean = cast(np.float64(mean), dtype)
    numbers = normal(engine, shape, dtype, 0.0, 1.0 if varied else std)
    if varied:
        numbers = _in_place(np.multiply, numbers, std)
    return _in_place(np.add, numbers, mean)


def _check_deviations(std):
    if std.dtype.kind == "c":
        raise RuntimeError("normal expects standard deviation to be non-complex")
    if not (std >= 0).all():
        raise RuntimeError("normal expects all elements of std >= 0.0")


def _in_place(operation, numbers, other):
    """`numbers` op= `other`: computed in the wider of the two dtypes, at least float32."""
    wide = _computed(numbers.dtype)
    if isinstance(other, np.ndarray) and other.ndim >= min(numbers.ndim, 1):
        whole = other.dtype.kind in "biu"
        wide = np.result_type(wide, numbers.dtype if whole else _computed(other.dtype))
    with np.errstate(all="ignore"):
        return operation(numbers.astype(wide), np.asarray(other, wide)).astype(numbers.dtype)


def _computed(dtype):
    return np.dtype(np.float32) if dtype.itemsize == 2 else dtype


def one_by_one(engine, count, dtype, finish, slack=0.0):
    """`finish(library, x)`, as `dtype`, of `count` standard normal doubles x drawn in pairs."""
    result = np.empty(count, dtype)
    first = 0
    if count and engine.next_normal is not None:
        result[:1] = cast(finish(EXACT, np.array([engine.next_normal])), dtype)
        engine.next_normal = None
        first = 1
    for start in range(first, count, CHUNK):
        _fill_with_pairs(engine, result[start : start + CHUNK], finish, slack)
    return result


def _fill_with_pairs(engine, result, finish, slack):
    pairs = (result.size + 1) // 2
    angles, distances = fractions64(engine, 2 * pairs).reshape(pairs, 2).T
    if result.size % 2:
        last = _radius(EXACT, distances[-1:]) * EXACT.sin(_TURN * angles[-1:])
        engine.next_normal = float(last[0])
    for start, part in enumerate(("cos", "sin")):
        numbers = result[start::2]

        def formula(library, angle, distance, part=part):
            x = _radius(library, distance) * getattr(library, part)(_TURN * angle)
            return finish(library, x)

        arrays = angles[: numbers.size], distances[: numbers.size]
        numbers[:] = evaluate_as(result.dtype, formula, arrays, slack)


def _radius(library, fraction):
    return np.sqrt(-2 * library.log1p(-fraction))


def _in_blocks(engine, count, dtype, mean, std):
    draw = fractions64 if dtype == np.float64 else fractions32
    pairs = _pairs64 if dtype == np.float64 else _pairs32
    result = np.empty(count, dtype)
    whole = count - count % BLOCK
    for start in range(0, whole, CHUNK):
        part = result[start : min(start + CHUNK, whole)]
        part[:] = pairs(draw(engine, part.size), mean, std)
    if count % BLOCK:
        if dtype.itemsize > 2:
            draw(engine, count - whole)  # PyTorch draws them all before it looks at blocks
        result[-BLOCK:] = pairs(draw(engine, BLOCK), mean, std)
    return result


def _pairs64(fractions, mean, std):
    fractions = fractions.reshape(-1, 2, BLOCK // 2)
    radius = np.sqrt(-2 * EXACT.log(1 - fractions[:, 0].ravel()))
    angle = _TURN * fractions[:, 1].ravel()
    return _joined(fma64(radius * EXACT.cos(angle), std, mean),
                   fma64(radius * EXACT.sin(angle), std, mean))  # fmt: skip


def _pairs32(fractions, mean, std):
    fractions = fractions.reshape(-1, 2, BLOCK // 2)
    radius = _log(1 - fractions[:, 0].ravel())
    radius *= _F(-2)
    np.sqrt(radius, out=radius)
    cosine, sine = _cos_sin(_F(_TURN) * fractions[:, 1].ravel())
    cosine *= radius
    sine *= radius
    numbers = _joined(cosine, sine)
    if (mean, std) == (0.0, 1.0):
        numbers += _F(0)  # fused with mean and deviation, -0.0 would become 0.0
        return numbers
    std, mean = cast(np.float64([std, mean]), numbers.dtype)
    return fma32(numbers, std, mean)


def _joined(cosines, sines):
    blocks = np.empty((cosines.size // (BLOCK // 2), 2, BLOCK // 2), cosines.dtype)
    blocks[:, 0] = cosines.reshape(-1, BLOCK // 2)
    blocks[:, 1] = sines.reshape(-1, BLOCK // 2)
    return blocks.ravel()


def _fused(a, b, c):
    """a * b + c in float32, fused; `a` is a float64 copy.

    The sum is rounded twice, to float64 and to float32. That it never shows was tried with each of
    the 2**24 inputs of `_log` and of `_cos_sin` that a generator can give.
    """
    total = a * b
    total += c
    return total.astype(np.float32)


def _polynomial(coefficients, x):
    """Horner's rule by fused steps for float64 copies of float32 numbers."""
    total = x * np.float64(coefficients[0])
    rounded = np.empty(x.shape, np.float32)
    for coefficient in coefficients[1:-1]:
        total += coefficient
        np.copyto(rounded, total, casting="same_kind")
        np.copyto(total, rounded)
        total *= x
    total += coefficients[-1]
    return total.astype(np.float32)


def _log(x):
    """Natural logarithm of float32 numbers in (0, 1]; overwrites them."""
    bits = x.view(np.int32)
    exponent = ((bits >> 23) - 126).astype(np.float32)
    bits &= 0x007FFFFF
    bits |= 0x3F000000  # x is now the fraction, in [0.5, 1)
    small = (x < _F(0.70710678)).astype(np.float32)
    exponent -= small
    small *= x
    x -= _F(1)
    x += small
    square = x * x
    y = _polynomial(_LOG, x.astype(np.float64))
    y *= x
    y = _fused(y.astype(np.float64), square, exponent * _LOG_2[1])
    square *= _F(0.5)
    y -= square
    y += x
    exponent *= _LOG_2[0]  # exact
    y += exponent
    return y


def _cos_sin(angle):
    """Cosine and sine of float32 numbers in [0, 2 pi]; overwrites them."""
    octant = (angle * _F(4 / math.pi)).astype(np.int32)
    octant += 1
    octant &= ~1
    steps = octant.astype(np.float32)
    angle -= steps * _QUARTER_PI[0]  # the products are exact
    angle -= steps * _QUARTER_PI[1]
    x = _fused(steps.astype(np.float64), -_QUARTER_PI[2], angle)
    square = x * x
    wide = square.astype(np.float64)
    cosine = _polynomial(_COS, wide)
    cosine *= square
    cosine = _fused(wide, cosine, square * _F(-0.5))
    cosine += _F(1)
    sine = _polynomial(_SIN, wide)
    sine *= square
    sine = _fused(x.astype(np.float64), sine, x)
    # In octants 2 and 6 the two change places; the signs go by quadrant. By bits: no branches.
    cosine, sine = cosine.view(np.int32), sine.view(np.int32)
    exchanged = cosine ^ sine
    exchanged &= -((octant >> 1) & 1)
    cosine ^= exchanged
    sine ^= exchanged
    sine ^= (octant & 4) << 29
    octant += 2
    cosine ^= (octant & 4) << 29
    return cosine.view(np.float32), sine.view(np.float32)
