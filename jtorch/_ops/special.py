"""Special functions, element by element: the error, gamma and Bessel families, probability."""

import functools
import math

from jax import lax
from jax import numpy as jnp
from jax.scipy import special

from jtorch import _dtypes
from jtorch._ops.bits import with_sign_of
from jtorch._ops.families import PointwiseRow, composite
from jtorch._ops.names import of_operand, refused_of_first
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import StepwiseRow, either_number, pointwise
from jtorch._ops.promotion import DEFAULT, INT_TO_FLOAT
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    HALF_TYPES,
    INTEGER_TYPES,
    refuses,
    require,
    unsupported,
)
from jtorch._ops.slopes import but, sloped
from jtorch._tensor import Tensor

_NO_SPECIAL = (COMPLEX_TYPES, FLOAT8_TYPES)
_WHOLE = (BOOL_TYPES, INTEGER_TYPES)


def _unary(kernel, *refused, **fields):
    return pointwise(INT_TO_FLOAT, check=refuses(kernel, *_NO_SPECIAL, *refused), **fields)


def _facade(kernel, *refused):
    """A row of `torch.special` alone, whose functions torch's messages call `special_NAME`."""
    return _unary(kernel, *refused, variants="o")


# The error function and the normal distribution


@_unary("erf_vml_cpu")
def erf(input: Tensor):
    """The error function."""
    return lax.erf(input)


@_unary("erfc_vml_cpu")
def erfc(input: Tensor):
    """1 - erf(input), precise where that is small."""
    return lax.erfc(input)


@_unary("erfinv_vml_cpu")
def erfinv(input: Tensor):
    """The inverse of the error function; NaN outside [-1, 1]."""
    return _inverse_erf(input)


@sloped(lambda t, x, y: t * (math.sqrt(math.pi) / 2 * jnp.exp(y * y)))
def _inverse_erf(input):
    if input.dtype == jnp.float64:
        return _refined_erfinv(input)
    return _erfinv(input)


# Giles, "Approximating the erfinv function": polynomials in w - 2.5 and in sqrt(w) - 3.
_MIDDLE = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
           -0.00125372503, -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
_ENDS = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
         -0.0076224613, 0.00943887047, 1.00167406, 2.83297682)  # fmt: skip


def _erfinv(x):
    """In single precision; XLA's has w from 1 - x*x, which is not exact near 1 as (1-x)(1+x) is."""
    w = -jnp.log((1 - x) * (1 + x))
    middle = jnp.polyval(jnp.array(_MIDDLE, x.dtype), w - 2.5)
    ends = jnp.polyval(jnp.array(_ENDS, x.dtype), jnp.sqrt(w) - 3)
    inside = jnp.where(w < 5, middle, ends) * x
    return jnp.where(jnp.abs(x) == 1, x * jnp.inf, inside)


def _refined_erfinv(x):
    """In double precision: XLA's, and one step of Newton's, of erfc where that is exact."""
    size = jnp.abs(x)
    guess = jnp.abs(lax.erf_inv(x))
    excess = jnp.where(size > 0.5, (1 - size) - lax.erfc(guess), lax.erf(guess) - size)
    step = excess * (math.sqrt(math.pi) / 2) * jnp.exp(guess * guess)
    return with_sign_of(jnp.where(size < 1, guess - step, guess), x)


@_facade("erfcx_cpu", HALF_TYPES)
def special_erfcx(input: Tensor):
    """exp(input**2) * erfc(input), without overflow."""
    return _erfcx(input)


@sloped(lambda t, x, y: t * (2 * x * y - 2 / math.sqrt(math.pi)))
def _erfcx(input):
    limit = 20 if input.dtype == jnp.float64 else 8
    large = input > limit
    inverse = 1 / jnp.where(large, input, 1)
    # beyond the limit, where JAX's formula underflows: 1 - 1/(2 x^2) + 1*3/(2 x^2)^2 - ...
    half = inverse * inverse / 2
    series = jnp.ones_like(input)
    for odd in range(15, 0, -2):
        series = 1 - odd * half * series
    return jnp.where(large, inverse / math.sqrt(math.pi) * series, special.erfcx(input))


def _check_ndtr(input):
    require("mul_cpu_reduced_float", FLOAT8_TYPES, input)
    require("erf_vml_cpu", COMPLEX_TYPES, input)


@pointwise(INT_TO_FLOAT, row=StepwiseRow, check=_check_ndtr, variants="o",
           gradient="MulBackward1")  # fmt: skip
def special_ndtr(input: Tensor):
    """The share of the normal distribution below each element."""
    if input.dtype.itemsize < 4:
        return (1 + lax.erf(input * math.sqrt(0.5))) * 0.5
    return special.ndtr(input)


@_facade("log_ndtr_cpu", HALF_TYPES)
def special_log_ndtr(input: Tensor):
    """log(ndtr(input)), without underflow."""
    return _log_ndtr(input)


@sloped(lambda t, x, y: t * jnp.exp(-(x * x) / 2 - y) / math.sqrt(2 * math.pi))
def _log_ndtr(input):
    return special.log_ndtr(input)


@_facade("ndtri_cpu", HALF_TYPES)
def special_ndtri(input: Tensor):
    """The inverse of `ndtr`."""
    return _quantile(input)


@sloped(lambda t, x, y: t * (math.sqrt(2 * math.pi) * jnp.exp(y * y / 2)))
def _quantile(input):
    return special.ndtri(input)


@_facade("entr_cpu")
def special_entr(input: Tensor):
    """-input * log(input); 0 at 0, minus infinity below."""
    return _entropy(input)


@sloped(lambda t, x, y: t * (-jnp.log(x) - 1))
def _entropy(input):
    return special.entr(input)


# The gamma function


@_unary("lgamma_vml_cpu")
def lgamma(input: Tensor):
    """The logarithm of the absolute value of the gamma function."""
    return _lgamma(input)


@sloped(lambda t, x, y: t * _digamma(x))
def _lgamma(x):
    return lax.lgamma(x)


@_unary("digamma")
def digamma(input: Tensor):
    """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""
    return _digamma(input)


@sloped(lambda t, x, y: t * _trigamma(x))
def _digamma(x):
    return jnp.where(x == 0, with_sign_of(jnp.full_like(x, jnp.inf), -x), lax.digamma(x))


def _check_polygamma(n, input):
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    kernel = "digamma" if n == 0 else "trigamma" if n == 1 else "polygamma"
    if input.dtype in (*COMPLEX_TYPES, *FLOAT8_TYPES):
        raise unsupported(kernel, input.dtype)


@pointwise(INT_TO_FLOAT, check=_check_polygamma, variants="fo")
def polygamma(n: int, input: Tensor):
    """The n-th derivative of `digamma`.

    Errors:  RuntimeError if n is negative.
    Source:  torch.polygamma.
    """
    if n == 0:
        return _digamma(input)
    if n == 1:
        return _trigamma(input)
    return _higher_gamma(n)(input)


@functools.cache
def _higher_gamma(n):
    """The n-th derivative of digamma, for n from 2 on."""

    @sloped(lambda t, x, y: t * _higher_gamma(n + 1)(x))
    def polygamma(x):
        order = jnp.asarray(n + 1.0, x.dtype)
        return (-1) ** (n + 1) * jnp.exp(lax.lgamma(order)) * _zeta(order, x)

    return polygamma


@sloped(lambda t, x, y: t * _higher_gamma(2)(x))
def _trigamma(x):
    """Six terms, and of the rest the asymptotic series as far as torch takes it.

    Below 0.5 by reflection.
    """
    reflected = x < 0.5
    y = jnp.where(reflected, 1 - x, x)
    series = jnp.zeros_like(x)
    for _ in range(6):
        series = series + 1 / (y * y)
        y = y + 1
    inverse = 1 / (y * y)
    tail = 1 / 6 - inverse * (1 / 30 - inverse / 42)
    series = series + (1 + 1 / (2 * y) + inverse * tail) / y
    sine = jnp.sin(jnp.pi * x)
    return jnp.where(reflected, jnp.pi**2 / (sine * sine) - series, series)


@sloped(None, lambda t, x, q, y: t * (-x * _zeta(x + 1, q)))
def _zeta(x, q):
    """The Hurwitz zeta function; for q below 0 its first terms are added up until q is above."""
    x, q = jnp.broadcast_arrays(x, q)
    pole = (q <= 0) & (q == jnp.floor(q))
    defined = (q > 0) | (x == jnp.floor(x))
    walking = (q < 0) & ~pole & defined

    def more(state):
        return jnp.any(state[0] < 0)

    def step(state):
        place, total = state
        below = place < 0
        term = jnp.power(jnp.where(below, place, 1), -x)
        return jnp.where(below, place + 1, place), jnp.where(below, total + term, total)

    start = jnp.where(walking, q, 1)
    place, total = lax.while_loop(more, step, (start, jnp.zeros_like(q)))
    place = jnp.where(walking, place, jnp.where(q > 0, q, 1))
    # where x is large JAX's series is NaN, and the first term is all that counts
    series = jnp.where(x > 500, jnp.power(place, -x), special.zeta(jnp.minimum(x, 500), place))
    value = total + series
    value = jnp.where(pole, jnp.inf, jnp.where(defined, value, jnp.nan))
    value = jnp.where(q != q, q, value)
    return jnp.where(x == 1, jnp.inf, jnp.where(x < 1, jnp.nan, value))


def _names(base):
    """The names of nodes by which of two operands is a number."""
    return of_operand("other", f"{base}Backward0", f"{base}Backward2", f"{base}Backward1")


@pointwise(INT_TO_FLOAT, variants="o", overloads=either_number(),
           gradient=refused_of_first(_names("SpecialZeta"), "zeta"),
           check=refuses("zeta_cpu", *_NO_SPECIAL, HALF_TYPES, binary=True))  # fmt: skip
def special_zeta(input: Tensor | Number, other: Tensor | Number):
    """The Hurwitz zeta function: the sum of (other + k)**-input over k = 0, 1, ..."""
    return _zeta(input, other)


def _check_mvlgamma(input, p):
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    if input.dtype in COMPLEX_TYPES:
        raise unsupported("arange_cpu", input.dtype)
    if input.dtype in (*BAREBONES, *FLOAT8_TYPES):
        raise unsupported("add_stub", input.dtype)


class _MvlgammaRow(PointwiseRow):
    """Torch names the input's dtype, and one that its result has, where it cannot cast."""

    def _into(self, out, entry, inputs):
        _refuse_cast_of_mvlgamma(_dtypes.BY_NUMPY[entry.kernel.inputs[0].dtype], entry, out)
        return super()._into(out, entry, inputs)

    def call_in_place(self, args, kwargs):
        values = self.bind(args, kwargs, suffix="_")
        _refuse_cast_of_mvlgamma(values[0].dtype, self.find(values)[0], values[0])
        return super().call_in_place(args, kwargs)


def _refuse_cast_of_mvlgamma(dtype, entry, target):
    if not _dtypes.can_cast(entry.meta.dtype, target.dtype):
        raise RuntimeError(
            f"mvlgamma: result type {dtype.scalar_name} can't be cast to the desired output type "
            f"{entry.meta.dtype.scalar_name}"
        )


@pointwise(INT_TO_FLOAT, row=_MvlgammaRow, variants="fmi", check=_check_mvlgamma)
def mvlgamma(input: Tensor, p: int):
    """The logarithm of the multivariate gamma function of dimension `p`.

    Errors:  RuntimeError if p is below 1.
    Source:  torch.mvlgamma.
    """
    steps = 0 - jnp.arange(p, dtype=input.dtype) / 2  # 0 and not -0, which is another pole
    logarithms = _lgamma(input[..., None] + steps)
    return logarithms.sum(-1) + p * (p - 1) / 4 * jnp.log(jnp.pi).astype(input.dtype)


def _incomplete(function, a, x, at_zero):
    """An incomplete gamma function and its limits, of which JAX's know none; `at_zero`: for x = 0."""
    a, x = jnp.broadcast_arrays(a, x)
    inner = (a > 0) & (x > 0) & jnp.isfinite(a) & jnp.isfinite(x)
    value = function(jnp.where(inner, a, 1), jnp.where(inner, x, 1))
    at_infinity = 1 - at_zero
    value = jnp.where(inner, value, jnp.where(jnp.isinf(a) | (x == 0), at_zero, at_infinity))
    undefined = (a < 0) | (x < 0) | ((a == 0) & (x == 0)) | (jnp.isinf(a) & jnp.isinf(x))
    return jnp.where(undefined | (a != a) | (x != x), jnp.nan, value)


@pointwise(DEFAULT, check=refuses("igamma_cpu", *_NO_SPECIAL, *_WHOLE, binary=True),
           gradient=refused_of_first("IgammaBackward0", "igamma: input"))  # fmt: skip
def igamma(input: Tensor, other: Tensor):
    """The regularized lower incomplete gamma function."""
    return _lower_gamma(input, other)


def _gamma_density(a, x):
    return jnp.exp((a - 1) * jnp.log(x) - x - _lgamma(a))


@sloped(None, lambda t, a, x, y: t * _gamma_density(a, x))
def _lower_gamma(a, x):
    return _incomplete(special.gammainc, a, x, 0)


@pointwise(DEFAULT, check=refuses("igammac_cpu", *_NO_SPECIAL, *_WHOLE, binary=True),
           gradient=refused_of_first("IgammacBackward0", "igammac: input"))  # fmt: skip
def igammac(input: Tensor, other: Tensor):
    """The regularized upper incomplete gamma function."""
    return _upper_gamma(input, other)


@sloped(None, lambda t, a, x, y: -t * _gamma_density(a, x))
def _upper_gamma(a, x):
    return _incomplete(special.gammaincc, a, x, 1)


# Bessel functions


@_unary("i0_vml_cpu")
def i0(input: Tensor):
    """The modified Bessel function of the first kind, of order 0."""
    return _i0(input)


@sloped(lambda t, x, y: t * _i1(x))
def _i0(x):
    return special.i0(x)


@_facade("i0e_cpu")
def special_i0e(input: Tensor):
    """exp(-abs(input)) * i0(input)."""
    return _i0e(input)


@sloped(lambda t, x, y: t * (_i1e(x) - jnp.sign(x) * y))
def _i0e(x):
    return special.i0e(x)


@_facade("i1_cpu")
def special_i1(input: Tensor):
    """The modified Bessel function of the first kind, of order 1."""
    return _i1(input)


def _away_from_zero(x):
    """(whether a number is not next to zero, the number, or a small one instead)."""
    least = float(jnp.finfo(x.dtype).eps)
    away = jnp.abs(x) > least
    return away, jnp.where(away, x, least)


def _i1_slope(t, x, y):
    away, x = _away_from_zero(x)
    return t * jnp.where(away, _i0(x) - y / x, 0.5)


@sloped(_i1_slope)
def _i1(x):
    return special.i1(x)


@_facade("i1e_cpu")
def special_i1e(input: Tensor):
    """exp(-abs(input)) * i1(input)."""
    return _i1e(input)


def _i1e_slope(t, x, y):
    away, x = _away_from_zero(x)
    return t * jnp.where(away, _i0e(x) - y * (jnp.sign(x) + 1 / x), 0.5)


@sloped(_i1e_slope)
def _i1e(x):
    return special.i1e(x)


# Products with logarithms


def _product(input, other, logarithm):
    product = jnp.where(input == 0, 0, input * logarithm(other))
    return jnp.where(other != other, other, product)


@pointwise(
    INT_TO_FLOAT, overloads=either_number(), gradient=_names("Xlogy"),
    check=refuses("xlogy_cpu", *_NO_SPECIAL, binary=True),
)  # fmt: skip
def xlogy(input: Tensor | Number, other: Tensor | Number):
    """input * log(other); 0 where input is 0, NaN where other is."""
    return _xlogy(input, other)


@sloped(
    lambda t, x, other, y: but((x == 0) & (other <= 0), t, jnp.log(other)),
    lambda t, x, other, y: t * (x / other),
)
def _xlogy(input, other):
    return _product(input, other, jnp.log)


@pointwise(INT_TO_FLOAT, overloads=either_number(), variants="o",
           gradient=_names("SpecialXlog1Py"),
           check=refuses("xlog1py_cpu", *_NO_SPECIAL, binary=True))  # fmt: skip
def special_xlog1py(input: Tensor | Number, other: Tensor | Number):
    """input * log1p(other); 0 where input is 0, NaN where other is."""
    return _xlog1py(input, other)


@sloped(
    lambda t, x, other, y: but((x == 0) & (other <= -1), t, jnp.log1p(other)),
    lambda t, x, other, y: t * (x / (other + 1)),
)
def _xlog1py(input, other):
    return _product(input, other, jnp.log1p)


@composite(variants="m", name="polygamma")
def _polygamma_of(self, n):
    """`polygamma(n, self)`."""
    return polygamma(n, self)


@composite(variants="m", name="polygamma_")
def _polygamma_in_place(self, n):
    """`polygamma(n, self)`, put into the tensor itself."""
    return _polygamma_into.row.call_in_place((self, n), {})


@pointwise(
    INT_TO_FLOAT,
    name="polygamma.of",
    variants="",
    check=lambda input, n: _check_polygamma(n, input),
    gradient="PolygammaBackward1",
)
def _polygamma_into(input: Tensor, n: int):
    return polygamma.row.body(n, input)
