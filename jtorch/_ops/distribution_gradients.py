"""Gamma and Dirichlet numbers with their gradients: how a number moves with its parameter.

A number x of a distribution with cdf F(x; a) moves, at the same F, by -(dF/da) / (dF/dx): implicit
reparametrization. There is no closed form; the approximations by region, and their constants, are
those of PyTorch's aten/src/ATen/native/Distributions.h, so the gradients are PyTorch's.
"""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax import random as jax_random

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._generator import generator_for
from jtorch._meta import Meta
from jtorch._ops.detailed import detailed
from jtorch._ops.families import composite
from jtorch._ops.names import missing, refused
from jtorch._ops.pointwise import pointwise
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.random import host_tensor
from jtorch._ops.refusals import unsupported
from jtorch._ops.sampling import _keyed_each
from jtorch._ops.slopes import sloped
from jtorch._random import gamma
from jtorch._tensor import Tensor, is_recorded

_GAMMA_TANGENTS = refused("StandardGammaBackward0", "_standard_gamma")
_FLOATS = (_dtypes.float32, _dtypes.float64)


def _same_floats(kernel, first, *others):
    if first.dtype not in _FLOATS:
        raise unsupported(kernel, first.dtype)
    for each in others:
        if each.dtype is not first.dtype:
            raise RuntimeError(
                f"Found dtype {each.dtype.scalar_name} but expected {first.dtype.scalar_name}"
            )


# Gamma numbers


@composite(variants="f")
def _standard_gamma(input, generator=None):
    """Gamma numbers of rate 1 and of these concentrations, with a gradient.

    Errors:  NotImplementedError for other dtypes than float32 and float64.
    Source:  torch._standard_gamma.
    """
    _GAMMA_TANGENTS.refuse_tangents((input,))
    meta = Meta(input.shape, input.dtype, input.device)
    if meta.device is CPU:
        engine = generator_for(CPU, generator)._engine
        drawn = host_tensor(gamma.standard_gamma(engine, input._host()), meta)
    else:
        _same_floats("gamma_cpu", input)
        drawn = _keyed_each(_keyed_gamma, meta, generator, input.detach())
    return _gamma_number(input, drawn) if is_recorded(input) else drawn


def _keyed_gamma(key, shape, concentration):
    tiny = np.finfo(concentration.dtype).tiny
    return jnp.maximum(jax_random.gamma(key, concentration, shape), tiny)


@detailed(
    name="_standard_gamma.drawn",
    variants="",
    gradient="StandardGammaBackward0",
    shape=lambda input, drawn: input.shape,
    dtype=lambda input, drawn: input.dtype,
)
def _gamma_number(input: Tensor, drawn: Tensor):
    return _moving(input, drawn)


@sloped(lambda t, a, x, y: t * _gamma_slope(a, x), None)
def _moving(concentration, drawn):
    return drawn


@pointwise(
    DEFAULT,
    variants="f",
    gradient=refused("StandardGammaGradBackward0", "_standard_gamma_grad"),
    check=lambda input, output: _same_floats("_standard_gamma_grad_cpu", input, output),
)
def _standard_gamma_grad(input: Tensor, output: Tensor):
    """How gamma numbers `output` move with their concentrations `input`.

    Errors:  NotImplementedError for other dtypes than float32 and float64, RuntimeError for two.
    Source:  torch._standard_gamma_grad.
    """
    return _gamma_slope(input, output)


@jax.custom_jvp
def _gamma_slope(concentration, drawn):
    a, x = concentration.astype(np.float64), drawn.astype(np.float64)
    large = jnp.where(_is_near(a, x), _gamma_slope_near(a, x), _gamma_slope_far(a, x))
    slope = jnp.where(a > 8, large, _gamma_slope_fitted(a, x))
    small = _gamma_slope_small(a, x)
    small = jnp.where(jnp.isnan(small), 0, small)
    return jnp.where(x < np.float64(np.float32(0.8)), small, slope).astype(drawn.dtype)


@_gamma_slope.defjvp
def _refuse_second(primals, tangents):
    raise NotImplementedError("the derivative for '_standard_gamma_grad' is not implemented.")


_DIGAMMA_OF_10 = 2.25175258906672110764
_ASYMPTOTIC = (  # Cephes
    8.33333333333333333333e-2, -2.10927960927960927961e-2, 7.57575757575757575758e-3,
    -4.16666666666666666667e-3, 3.96825396825396825397e-3, -8.33333333333333333333e-3,
    8.33333333333333333333e-2,
)  # fmt: skip


def _digamma(x):
    """As PyTorch computes it here: in single precision its steps up to 10 round, and that shows."""
    total, stepped = jnp.zeros(x.shape, np.float64), x
    for _ in range(10):
        below = stepped < 10
        total = jnp.where(below, total - (1 / stepped).astype(np.float64), total)
        stepped = jnp.where(below, stepped + 1, stepped)
    square = 1 / (stepped * stepped).astype(np.float64)
    series = square * jnp.polyval(jnp.array(_ASYMPTOTIC, np.float64), square)
    logarithm, half = jnp.log(stepped), np.float32(0.5) / stepped
    above = total + logarithm.astype(np.float64) - half.astype(np.float64) - series
    above = jnp.where(stepped == 10, total + _DIGAMMA_OF_10, above)
    return jnp.where(x > 0, above.astype(x.dtype), jnp.where(x == 0, jnp.inf, lax.digamma(x)))


def _gamma_slope_small(a, x):
    """By the first terms of the series of the cdf in x."""
    numerator, denominator = jnp.ones_like(x), a
    first, second = 1 / a, 1 / (a * a)
    for place in range(1, 6):
        numerator = numerator * (-x / place)
        denominator = denominator + 1
        first = first + numerator / denominator
        second = second + numerator / (denominator * denominator)
    power = x**a
    pdf = x ** (a - 1) * jnp.exp(-x)
    cdf = power * first
    by_concentration = (jnp.log(x) - _digamma(a)) * cdf - power * second
    return -by_concentration / pdf


def _is_near(a, x):
    return (np.float64(np.float32(0.9)) * a <= x) & (x <= np.float64(np.float32(1.1)) * a)


def _gamma_slope_near(a, x):
    """Rice's saddle point expansion where x is about a, and the other form divides 0 by 0."""
    first = 1 + 24 * a * (1 + 12 * a)
    second = 1440 * (a * a) + 6 * x * (53 - 120 * x) - 65 * x * x / a + a * (107 + 3600 * x)
    return first * second / (1244160 * (a * a) * (a * a))


def _gamma_slope_far(a, x):
    """Rice's saddle point expansion for a large concentration."""
    root = jnp.sqrt(8 * a)
    pole = root / (a - x)
    power = (x - a - a * jnp.log(x / a)) ** -1.5
    both = jnp.where(x < a, pole - power, pole + power)
    term = jnp.log(x / a) * both - jnp.sqrt(2 / a) * (a + x) / ((a - x) * (a - x))
    stirling = 1 + 1 / (12 * a) * (1 + 1 / (24 * a))
    return -stirling * (x * term) / root


_FITTED = (
    (0.16009398, -0.094634809, 0.025146376, -0.0030648343,
     1, 0.32668115, 0.10406089, 0.0014179084),
    (0.53487893, 0.1298071, 0.065735949, -0.0015649758,
     0.16639465, 0.020070113, -0.0035938915, -0.00058392623),
    (0.040121004, -0.0065914022, -0.0026286047, -0.0013441777,
     0.017050642, -0.0021309326, 0.00085092367, -1.5247877e-07),
)  # fmt: skip


def _gamma_slope_fitted(a, x):
    """The exponential of a quotient of polynomials in log(x / a) and log(a)."""
    u, v = jnp.log(x / a), jnp.log(a)
    by_v = [
        zeroth + u * (first + u * second) for zeroth, first, second in zip(*_FITTED, strict=True)
    ]
    return jnp.exp(_cubic(by_v[:4], v) / _cubic(by_v[4:], v))


def _cubic(coefficients, x):
    zeroth, first, second, third = coefficients
    return zeroth + x * (first + x * (second + x * third))


# Dirichlet numbers


@pointwise(
    DEFAULT,
    variants="f",
    gradient=missing("_dirichlet_grad"),
    check=lambda x, alpha, total: _same_floats("_dirichlet_grad_cpu", x, alpha, total),
)
def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor):
    """How shares move with their concentrations, by 1 - x; `total` is the sum of concentrations.

    Errors:  NotImplementedError for other dtypes than float32 and float64, RuntimeError for two.
    Source:  torch._dirichlet_grad.
    """
    beta = total - alpha
    boundary = total * x * (1 - x)
    doubles = [each.astype(np.float64) for each in (x, alpha, total)]
    digammas = (_digamma(total) - _digamma(alpha)).astype(np.float64)
    slope = _share_slope_fitted(*doubles, digammas).astype(x.dtype)
    middle = _share_slope_middle(doubles[0], doubles[1], doubles[2] - doubles[1])
    slope = jnp.where((alpha > 6) & (beta > 6), middle.astype(x.dtype), slope)
    near_one = (x >= 0.5) & (boundary < 0.75)
    slope = jnp.where(near_one, -_other_share_slope_small(1 - x, beta, alpha), slope)
    near_zero = (x <= 0.5) & (boundary < 2.5)
    return jnp.where(near_zero, _share_slope_small(x, alpha, beta), slope)


def _or_zero(slope):
    return jnp.where(jnp.isnan(slope), 0, slope)


def _share_slope_small(x, alpha, beta):
    """By `alpha`: the series of Beta's cdf in x, about 0."""
    factor = _digamma(alpha) - _digamma(alpha + beta) - jnp.log(x)
    numerator = jnp.ones_like(x)
    series = numerator / alpha * (factor + 1 / alpha)
    for place in range(1, 11):
        numerator = numerator * ((place - beta) * x / place)
        denominator = alpha + place
        series = series + numerator / denominator * (factor + 1 / denominator)
    return _or_zero(x * (1 - x) ** -beta * series)


def _other_share_slope_small(x, alpha, beta):
    """By `beta`: the same series."""
    factor = _digamma(alpha + beta) - _digamma(beta)
    numerator, betas, by_beta = jnp.ones_like(x), jnp.ones_like(x), jnp.zeros_like(x)
    series = factor / alpha
    for place in range(1, 9):
        numerator = numerator * (-x / place)
        by_beta = by_beta * (beta - place) + betas
        betas = betas * (beta - place)
        series = series + numerator / (alpha + place) * (by_beta + factor * betas)
    return _or_zero(-((1 - x) ** (1 - beta)) * series)


def _share_slope_middle(x, alpha, beta):
    """Rice's saddle point expansion where both concentrations are large."""
    total = alpha + beta
    mean = alpha / total
    deviation = jnp.sqrt(alpha * beta / (total + 1)) / total
    is_near = (mean - 0.1 * deviation <= x) & (x <= mean + 0.1 * deviation)
    far = _share_slope_far(x, alpha, beta, total, mean)
    return jnp.where(is_near, _share_slope_near(x, alpha, beta, total), far)


def _share_slope_near(x, alpha, beta, total):
    """About the mean, where the other form divides 0 by 0."""
    square = beta * beta
    by_alpha = (
        47 * x * square * square,
        (43 + 20 * (16 + 27 * beta) * x) * square * beta,
        3 * (59 + 180 * beta - 90 * x) * square,
        (453 + 1620 * beta * (1 - x) - 455 * x) * beta + alpha * (8 * (1 - x) * (135 * beta - 11)),
    )
    numerator = (1 + 12 * alpha) * (1 + 12 * beta) / (total * total)
    denominator = 12960 * alpha * alpha * alpha * beta * beta * (1 + 12 * total)
    return numerator / (1 - x) * _cubic(by_alpha, alpha) / denominator


def _stirling(x):
    return 1 + 1 / (12 * x) + 1 / (288 * x * x)


def _share_slope_far(x, alpha, beta, total, mean):
    prefactor = -x / jnp.sqrt(2 * alpha * beta / total)
    stirling = _stirling(alpha) * _stirling(beta) / _stirling(total)
    distance = alpha * (x - 1) + beta * x
    first = (2 * (alpha * alpha) * (x - 1) + alpha * beta * (x - 1) - x * (beta * beta)) / (
        jnp.sqrt(2 * alpha / beta) * total**1.5 * distance * distance
    )
    second = 0.5 * jnp.log(alpha / (total * x))
    third = jnp.sqrt(8 * alpha * beta / total) / distance
    base = beta * jnp.log(beta / (total * (1 - x))) + alpha * jnp.log(alpha / (total * x))
    fourth = base**-1.5
    terms = first + second * (third + jnp.where(x < mean, fourth, -fourth))
    return stirling * prefactor * terms


# [numerator, denominator][power of log x][power of log(alpha / x)][power of log(total x / alpha)]
_SHARES_FITTED = (
    (((1.003668233, -0.01061107488, -0.0657888334, 0.01201642863),
      (0.6336835991, -0.3557432599, 0.05486251648, -0.001465281033),
      (-0.03276231906, 0.004474107445, 0.002429354597, -0.0001557569013)),
     ((0.221950385, -0.3187676331, 0.01799915743, 0.01074823814),
      (-0.2951249643, 0.06219954479, 0.01535556598, 0.001550077057),
      (0.02155310298, 0.004170831599, 0.001292462449, 6.976601077e-05)),
     ((-0.05980841433, 0.008441916499, 0.01085618172, 0.002319392565),
      (0.02911413504, 0.01400243777, -0.002721828457, 0.000751041181),
      (0.005900514878, -0.001936558688, -9.495446725e-06, 5.385558597e-05))),
    (((1, -0.02924021934, -0.04438342661, 0.007285809825),
      (0.6357567472, -0.3473456711, 0.05454656494, -0.002407477521),
      (-0.03301322327, 0.004845219414, 0.00231480583, -0.0002307248149)),
     ((0.5925320577, -0.1757678135, 0.01505928619, 0.000564515273),
      (0.1014815858, -0.06589186703, 0.01272886114, -0.0007316646956),
      (-0.007258481865, 0.001096195486, 0.0003934994223, -4.12701925e-05)),
     ((0.06469649321, -0.0236701437, 0.002902096474, -5.896963079e-05),
      (0.001925008108, -0.002869809258, 0.0008000589141, -6.063713228e-05),
      (-0.0003477407336, 6.959756487e-05, 1.097287507e-05, -1.650964693e-06))),
)  # fmt: skip


def _share_slope_fitted(x, alpha, total, digammas):
    """A first approximation times a quotient of polynomials in three logarithms."""
    u = jnp.log(x)
    a = jnp.log(alpha) - u
    b = jnp.log(total) - a
    numerator, denominator = [
        sum(
            u**i * a**j * _cubic(coefficients, b)
            for i, row in enumerate(table)
            for j, coefficients in enumerate(row)
        )
        for table in _SHARES_FITTED
    ]
    return numerator / denominator * (x * digammas / (total - alpha))
