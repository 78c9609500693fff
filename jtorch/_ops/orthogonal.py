"""Orthogonal polynomials, by their recurrences in the degree (A&S 22.7; DLMF 18.9).

Degrees are numbers like the others: rounded towards zero, 0 below zero and where they are NaN. torch
differentiates none of these: their results never require gradients.
"""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.names import never
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import pointwise
from jtorch._ops.promotion import INT_TO_FLOAT
from jtorch._ops.refusals import COMPLEX_TYPES, FLOAT8_TYPES, HALF_TYPES, refuses
from jtorch._tensor import Tensor

_OVERLOADS = [
    f"({x} x, {n} n, *, Tensor? out = None)"
    for x, n in (("Tensor", "Tensor"), ("Number", "Tensor"), ("Tensor", "Number"))
]
_END = 2.0**63  # of what C++ makes integers of


def _row(kernel):
    refuse = refuses(f"{kernel}_cpu", COMPLEX_TYPES, FLOAT8_TYPES, HALF_TYPES, binary=True)
    return pointwise(
        INT_TO_FLOAT,
        overloads=_OVERLOADS,
        check=lambda x, n: refuse(x, n),
        variants="o",
        gradient=never,
    )


def _with_degrees(x, n):
    """(x, degrees as integers, -1 for what is no degree) of one shape."""
    x, n = jnp.broadcast_arrays(x, n)
    is_degree = (n > -1) & (n < _END)
    return x, jnp.where(is_degree, jnp.trunc(jnp.where(is_degree, n, 0)), -1).astype(np.int64)


def _recurred(degree, first, step):
    """The polynomial of each degree: 1, `first`, and by `step(k, of k - 1, of k - 2)` all above."""

    def is_more(state):
        k, before, _ = state
        return jnp.any((k <= degree) & ~jnp.isnan(before))

    def advance(state):
        k, before, last = state
        there = (k <= degree) & ~jnp.isnan(before)
        found = step(k.astype(first.dtype), before, last)
        return k + 1, jnp.where(there, found, before), jnp.where(there, before, last)

    start = jnp.asarray(2, np.int64), first, jnp.ones_like(first)
    _, found, _ = lax.while_loop(is_more, advance, start)
    return jnp.where(degree < 0, 0, jnp.where(degree == 0, 1, found)).astype(first.dtype)


# Chebyshev's: of four kinds, which begin differently and are otherwise alike


def _angular(kind, angle, degree):
    """The polynomial of the cosine of an angle."""
    if kind == "t":
        return jnp.cos(degree * angle)
    if kind == "u":
        return jnp.sin((degree + 1) * angle) / jnp.sin(angle)
    if kind == "v":
        return jnp.cos((degree + 0.5) * angle) / jnp.cos(angle / 2)
    return jnp.sin((degree + 0.5) * angle) / jnp.sin(angle / 2)


def _at_end(kind, degree, positive):
    """The value at 1 or, but for the sign, at -1."""
    wide = {"u": degree + 1, "v": degree + degree + 1, "w": degree + degree + 1}
    grows = kind == "u" or (kind == "w" if positive else kind == "v")
    return wide[kind] if grows else jnp.ones_like(degree)


def _chebyshev(kind, x, n, *, shifted=False, angular_above):
    """By recurrence up to a degree, above it by cosines, where x is inside (-1, 1)."""
    x, degree = _with_degrees(x, n)
    x = x + x - 1 if shifted else x
    inside, outside = jnp.abs(x) < 1, jnp.abs(x) == 1
    is_angular = inside & (degree > angular_above)
    first = {"t": x, "u": x + x, "v": x + x - 1, "w": x + x + 1}[kind]
    recurred = _recurred(
        jnp.where(is_angular | outside, jnp.minimum(degree, 0), degree),
        first,
        lambda k, before, last: (x + x) * before - last,
    )
    angle = jnp.arccos(jnp.where(is_angular, x, 0))
    found = jnp.where(is_angular, _angular(kind, angle, degree.astype(x.dtype)), recurred)
    below = _at_end(kind, degree, False) * jnp.where(degree % 2 == 0, 1, -1)
    end = jnp.where(x > 0, _at_end(kind, degree, True), below).astype(x.dtype)
    return jnp.where(outside & (degree > 0), end, found)


@_row("chebyshev_polynomial_t")
def special_chebyshev_polynomial_t(x: Tensor | Number, n: Tensor | Number):
    """Chebyshev's polynomial of the first kind and of degree `n`: cos(n arccos(x)).

    Source:  torch.special.chebyshev_polynomial_t.
    """
    return _chebyshev("t", x, n, angular_above=6)


@_row("chebyshev_polynomial_u")
def special_chebyshev_polynomial_u(x: Tensor | Number, n: Tensor | Number):
    """Chebyshev's polynomial of the second kind. Source: torch.special.chebyshev_polynomial_u."""
    return _chebyshev("u", x, n, angular_above=8)


@_row("chebyshev_polynomial_v")
def special_chebyshev_polynomial_v(x: Tensor | Number, n: Tensor | Number):
    """Chebyshev's polynomial of the third kind. Source: torch.special.chebyshev_polynomial_v."""
    return _chebyshev("v", x, n, angular_above=8)


@_row("chebyshev_polynomial_w")
def special_chebyshev_polynomial_w(x: Tensor | Number, n: Tensor | Number):
    """Chebyshev's polynomial of the fourth kind. Source: torch.special.chebyshev_polynomial_w."""
    return _chebyshev("w", x, n, angular_above=8)


@_row("shifted_chebyshev_polynomial_t")
def special_shifted_chebyshev_polynomial_t(x: Tensor | Number, n: Tensor | Number):
    """`chebyshev_polynomial_t` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_t."""
    return _chebyshev("t", x, n, shifted=True, angular_above=6)


@_row("shifted_chebyshev_polynomial_u")
def special_shifted_chebyshev_polynomial_u(x: Tensor | Number, n: Tensor | Number):
    """`chebyshev_polynomial_u` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_u."""
    return _chebyshev("u", x, n, shifted=True, angular_above=6)


@_row("shifted_chebyshev_polynomial_v")
def special_shifted_chebyshev_polynomial_v(x: Tensor | Number, n: Tensor | Number):
    """`chebyshev_polynomial_v` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_v."""
    return _chebyshev("v", x, n, shifted=True, angular_above=6)


@_row("shifted_chebyshev_polynomial_w")
def special_shifted_chebyshev_polynomial_w(x: Tensor | Number, n: Tensor | Number):
    """`chebyshev_polynomial_w` of 2x - 1. Source: torch.special.shifted_chebyshev_polynomial_w."""
    return _chebyshev("w", x, n, shifted=True, angular_above=4)


# Hermite's, Laguerre's, Legendre's


def _hermite(x, degree, first, step):
    """Hermite's polynomials end where torch says that they are too large: they are NaN above."""
    limit = 512 if x.dtype == np.float64 else 128
    found = _recurred(jnp.minimum(degree, limit), first, step)
    return jnp.where(degree > limit, jnp.nan, found)


@_row("hermite_polynomial_h")
def special_hermite_polynomial_h(x: Tensor | Number, n: Tensor | Number):
    """The physicists' Hermite polynomial of degree `n`. Source: torch.special.hermite_polynomial_h."""
    x, degree = _with_degrees(x, n)
    return _hermite(x, degree, x + x, lambda k, before, last: (x + x) * before - 2 * (k - 1) * last)


@_row("hermite_polynomial_he")
def special_hermite_polynomial_he(x: Tensor | Number, n: Tensor | Number):
    """The probabilists' Hermite polynomial. Source: torch.special.hermite_polynomial_he."""
    x, degree = _with_degrees(x, n)
    return _hermite(x, degree, x, lambda k, before, last: x * before - (k - 1) * last)


@_row("laguerre_polynomial_l")
def special_laguerre_polynomial_l(x: Tensor | Number, n: Tensor | Number):
    """Laguerre's polynomial of degree `n`. Source: torch.special.laguerre_polynomial_l."""
    x, degree = _with_degrees(x, n)

    def step(k, before, last):
        k = k - 1
        return ((k + k + (1 - x)) * before - k * last) / (k + 1)

    recurred = _recurred(jnp.where(x == 0, jnp.minimum(degree, 0), degree), 1 - x, step)
    return jnp.where((x == 0) & (degree > 0), 1, recurred).astype(x.dtype)


@_row("legendre_polynomial_p")
def special_legendre_polynomial_p(x: Tensor | Number, n: Tensor | Number):
    """Legendre's polynomial of degree `n`. Source: torch.special.legendre_polynomial_p."""
    x, degree = _with_degrees(x, n)

    def step(k, before, last):
        k = k - 1
        return ((k + k + 1) * x * before - k * last) / (k + 1)

    outside = jnp.abs(x) == 1
    recurred = _recurred(jnp.where(outside, jnp.minimum(degree, 0), degree), x, step)
    end = jnp.where((x > 0) | (degree % 2 == 0), 1, -1).astype(x.dtype)
    return jnp.where(outside & (degree > 0), end, recurred)
