"""Bessel functions of orders 0 and 1, and the Airy function, as S. L. Moshier's Cephes has them.

torch differentiates none of these: their results never require gradients.
"""

import math

import numpy as np
from jax import numpy as jnp
from jax.scipy import special

from jtorch._ops import bessel_coefficients as table
from jtorch._ops.names import never
from jtorch._ops.pointwise import pointwise
from jtorch._ops.promotion import INT_TO_FLOAT
from jtorch._ops.refusals import COMPLEX_TYPES, FLOAT8_TYPES, HALF_TYPES, refuses
from jtorch._tensor import Tensor


def _row(kernel):
    refuse = refuses(f"{kernel}_cpu", COMPLEX_TYPES, FLOAT8_TYPES, HALF_TYPES)
    return pointwise(INT_TO_FLOAT, check=refuse, variants="o", gradient=never)


def _row_of_x(kernel):
    """The same where torch calls the argument `x`."""
    refuse = refuses(f"{kernel}_cpu", COMPLEX_TYPES, FLOAT8_TYPES, HALF_TYPES)
    return pointwise(INT_TO_FLOAT, check=lambda x: refuse(x), variants="o", gradient=never)


def _polynomial(coefficients, x):
    """By Horner's rule, the coefficient of the highest power first."""
    total = jnp.zeros_like(x)
    for each in coefficients:
        total = total * x + each
    return total


def _ratio(above, below, x):
    """A rational function.

    Of some denominators Cephes leaves out the highest power, whose coefficient is 1 (`p1evl`). torch
    takes them without it, and so is off by up to 4e-7; its values are what is asked for here.
    """
    return _polynomial(above, x) / _polynomial(below, x)


def _chebyshev(coefficients, x):
    """Half of the last Chebyshev coefficient plus the others' terms, by Clenshaw's recurrence."""
    first, second, third = jnp.zeros_like(x), jnp.zeros_like(x), jnp.zeros_like(x)
    for each in coefficients:
        first, second, third = x * first - second + each, first, second
    return 0.5 * (first - third)


# J and Y


def _far(x, order):
    """(factor, modulus, phase, angle) of Hankel's expansion, for x above 5 (A&S 9.2)."""
    x = jnp.where(x > 5, x, 5)
    nearness = 25 / (x * x)
    if order:
        modulus = _ratio(table.MODULUS_1_ABOVE, table.MODULUS_1_BELOW, nearness)
        phase = _ratio(table.PHASE_1_ABOVE, table.PHASE_1_BELOW, nearness)
    else:
        modulus = _ratio(table.MODULUS_0_ABOVE, table.MODULUS_0_BELOW, nearness)
        phase = _ratio(table.PHASE_0_ABOVE, table.PHASE_0_BELOW, nearness)
    factor = math.sqrt(2 / math.pi) / jnp.sqrt(x)
    return factor, modulus, 5 / x * phase, x - math.pi * (0.75 if order else 0.25)


def _j_far(x, order):
    factor, modulus, phase, angle = _far(x, order)
    return (modulus * jnp.cos(angle) - phase * jnp.sin(angle)) * factor


def _y_far(x, order):
    factor, modulus, phase, angle = _far(x, order)
    return (modulus * jnp.sin(angle) + phase * jnp.cos(angle)) * factor


def _j0(x):
    x = jnp.abs(x)
    square = x * x
    near = _ratio(table.J0_ABOVE, table.J0_BELOW, square)
    near = (square - 5.78318596294678452118) * (square - 30.4712623436620863991) * near
    near = jnp.where(x < 1e-5, 1 - square / 4, near)
    return jnp.where(x <= 5, near, jnp.where(jnp.isfinite(x), _j_far(x, 0), jnp.nan))


def _j1(x):
    size = jnp.abs(x)
    square = size * size
    near = _ratio(table.J1_ABOVE, table.J1_BELOW, square)
    near = near * size * (square - 14.6819706421238932572) * (square - 49.2184563216946036703)
    far = jnp.where(jnp.isfinite(size), _j_far(size, 1), jnp.nan)
    value = jnp.where(size <= 5, near, far)
    return jnp.where(x < 0, -value, value)


def _where_positive(x, value, at_zero):
    """`value`, with the limit at 0 and NaN below."""
    return jnp.where(x == 0, at_zero, jnp.where(x > 0, value, jnp.nan))


def _y0(x):
    near = _ratio(table.Y0_ABOVE, table.Y0_BELOW, x * x)
    near = near + 2 / math.pi * jnp.log(x) * _j0(x)
    far = jnp.where(jnp.isfinite(x), _y_far(x, 0), jnp.nan)
    return _where_positive(x, jnp.where(x <= 5, near, far), -jnp.inf)


def _y1(x):
    near = x * _ratio(table.Y1_ABOVE, table.Y1_BELOW, x * x)
    near = near + 2 / math.pi * (_j1(x) * jnp.log(x) - 1 / x)
    far = jnp.where(jnp.isfinite(x), _y_far(x, 1), jnp.nan)
    return _where_positive(x, jnp.where(x <= 5, near, far), -jnp.inf)


@_row("bessel_j0")
def special_bessel_j0(input: Tensor):
    """The Bessel function of the first kind, of order 0. Source: torch.special.bessel_j0."""
    return _j0(input)


@_row("bessel_j1")
def special_bessel_j1(input: Tensor):
    """The Bessel function of the first kind, of order 1. Source: torch.special.bessel_j1."""
    return _j1(input)


@_row("bessel_y0")
def special_bessel_y0(input: Tensor):
    """The Bessel function of the second kind, of order 0; minus infinity at 0, NaN below.

    Source:  torch.special.bessel_y0.
    """
    return _y0(input)


@_row("bessel_y1")
def special_bessel_y1(input: Tensor):
    """The Bessel function of the second kind, of order 1; minus infinity at 0, NaN below.

    Source:  torch.special.bessel_y1.
    """
    return _y1(input)


# I and K


@_row("modified_bessel_i0")
def special_modified_bessel_i0(input: Tensor):
    """`i0`, but NaN at the infinities. Source: torch.special.modified_bessel_i0."""
    return jnp.where(jnp.isinf(input), jnp.nan, special.i0(input))


@_row("modified_bessel_i1")
def special_modified_bessel_i1(input: Tensor):
    """`i1`, but NaN at the infinities. Source: torch.special.modified_bessel_i1."""
    return jnp.where(jnp.isinf(input), jnp.nan, special.i1(input))


def _k(x, order, scaled):
    """K, or exp(x) K."""
    close = jnp.minimum(x, 2)
    logarithm = jnp.log(0.5 * close)
    if order:
        near = logarithm * special.i1(close) + _chebyshev(table.K1_NEAR, close * close - 2) / close
    else:
        near = _chebyshev(table.K0_NEAR, close * close - 2) - logarithm * special.i0(close)
    distant = jnp.maximum(x, 2)
    far = _chebyshev(table.K1_FAR if order else table.K0_FAR, 8 / distant - 2)
    far = far / jnp.sqrt(distant)
    if scaled:
        near = near * jnp.exp(close)
    else:
        far = far * jnp.exp(-distant)
    return _where_positive(x, jnp.where(x <= 2, near, far), jnp.inf)


@_row("modified_bessel_k0")
def special_modified_bessel_k0(input: Tensor):
    """The modified Bessel function of the second kind, of order 0; infinity at 0, NaN below.

    Source:  torch.special.modified_bessel_k0.
    """
    return _k(input, 0, scaled=False)


@_row("modified_bessel_k1")
def special_modified_bessel_k1(input: Tensor):
    """The modified Bessel function of the second kind, of order 1; infinity at 0, NaN below.

    Source:  torch.special.modified_bessel_k1.
    """
    return _k(input, 1, scaled=False)


@_row_of_x("scaled_modified_bessel_k0")
def special_scaled_modified_bessel_k0(x: Tensor):
    """exp(x) times `modified_bessel_k0`. Source: torch.special.scaled_modified_bessel_k0."""
    return _k(x, 0, scaled=True)


@_row_of_x("scaled_modified_bessel_k1")
def special_scaled_modified_bessel_k1(x: Tensor):
    """exp(x) times `modified_bessel_k1`. Source: torch.special.scaled_modified_bessel_k1."""
    return _k(x, 1, scaled=True)


# What is built of sines


@_row_of_x("spherical_bessel_j0")
def special_spherical_bessel_j0(x: Tensor):
    """sin(x) / x; 1 at 0, 0 at the infinities. Source: torch.special.spherical_bessel_j0."""
    near = jnp.abs(x) < 0.5
    series = [(-1) ** place / math.factorial(2 * place + 1) for place in range(6, -1, -1)]
    apart = jnp.where(near | jnp.isinf(x), 1, x)
    value = jnp.where(near, _polynomial(series, x * x), jnp.sin(apart) / apart)
    return jnp.where(jnp.isinf(x), 0, value)


_AIRY_AT_0 = 0.355028053887817239260, 0.258819403792806798405  # Ai(0), -Ai'(0): DLMF 9.2
_AIRY_END = 103.892  # Ai is below the smallest double from here on


def _airy_near(x):
    """Maclaurin's series (DLMF 9.4.1), for |x| below 2.09."""
    x = jnp.clip(x, -2.09, 2.09)
    cube = x * x * x
    even, odd = jnp.ones_like(x), x
    first, second = even, odd
    for place in range(3, 3 * 16, 3):
        first = first * cube / ((place - 1) * place)
        second = second * cube / (place * (place + 1))
        even, odd = even + first, odd + second
    return _AIRY_AT_0[0] * even - _AIRY_AT_0[1] * odd


def _airy_far(x):
    """Falling, for x from 2.09 on (DLMF 9.7.5)."""
    x = jnp.clip(x, 2.09, _AIRY_END)
    zeta = 2 * x * jnp.sqrt(x) / 3
    ratio = _ratio(table.AIRY_ABOVE, table.AIRY_BELOW, 1 / zeta)
    return ratio / (2 * math.sqrt(math.pi) * jnp.sqrt(jnp.sqrt(x)) * jnp.exp(zeta))


def _airy_waves(x):
    """Waves, for x up to -2.09 (DLMF 9.7.9)."""
    size = jnp.maximum(-x, 2.09)
    zeta = 2 * size * jnp.sqrt(size) / 3
    inverse = 1 / zeta
    square = inverse * inverse
    angle = zeta + 0.25 * math.pi
    sine = 1 + square * _ratio(table.AIRY_SINE_ABOVE, table.AIRY_SINE_BELOW, square)
    cosine = inverse * _ratio(table.AIRY_COSINE_ABOVE, table.AIRY_COSINE_BELOW, square)
    waves = jnp.sin(angle) * sine - jnp.cos(angle) * cosine
    return waves / (math.sqrt(math.pi) * jnp.sqrt(jnp.sqrt(size)))


@_row_of_x("airy_ai")
def special_airy_ai(x: Tensor):
    """The Airy function Ai; NaN at the infinities. Source: torch.special.airy_ai."""
    value = jnp.where(x < -2.09, _airy_waves(x), jnp.where(x < 2.09, _airy_near(x), _airy_far(x)))
    value = jnp.where(x > _AIRY_END, 0, value)
    return jnp.where(jnp.isfinite(x), value, jnp.nan).astype(np.result_type(x))
