"""Exponentials and logarithms, element by element; sigmoid and softmax."""

import math

import jax
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.along import along, one_dtype
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import StepwiseRow, pointwise
from jtorch._ops.promotion import DEFAULT, INT_TO_FLOAT
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
    unsupported,
)
from jtorch._ops.signatures import Dim
from jtorch._ops.slopes import but, sloped
from jtorch._tensor import Tensor


def _unary(kernel, *refused):
    return pointwise(INT_TO_FLOAT, check=refuses(kernel, FLOAT8_TYPES, *refused))


@_unary("exp_vml_cpu")
def exp(input: Tensor):
    """e to the power of each element."""
    return jnp.exp(input)


@_unary("exp2")
def exp2(input: Tensor):
    """2 to the power of each element."""
    return two_to_the(input)


@sloped(lambda t, x, y: t * y * math.log(2))
def two_to_the(input):
    """2**input."""
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.exp2(input)
    # XLA's is exp(x * log 2), whose error grows with x; here whole powers are made of their bits.
    whole = jnp.round(input)
    part = jnp.where(jnp.isinf(input), 0, input - whole)
    half = jnp.floor(jnp.clip(whole, -2200, 2200) / 2)
    rest = jnp.clip(whole, -2200, 2200) - half
    return jnp.exp(part * math.log(2)) * _power_of_two(half) * _power_of_two(rest)


def _power_of_two(exponent):
    """2**exponent for whole floats, 0 or infinity beyond the range of the dtype."""
    limits = jnp.finfo(exponent.dtype)
    bias = 1 - limits.minexp
    integer = jnp.int32 if exponent.dtype == jnp.float32 else jnp.int64
    biased = jnp.clip(exponent + bias, 0, 2 * bias + 1).astype(integer)
    return lax.bitcast_convert_type(biased << limits.nmant, exponent.dtype)


@_unary("expm1_vml_cpu")
def expm1(input: Tensor):
    """exp(input) - 1, precise near 0."""
    return jnp.expm1(input)


@_unary("log_vml_cpu")
def log(input: Tensor):
    """The natural logarithm; NaN below 0."""
    return jnp.log(input)


@_unary("log2_vml_cpu")
def log2(input: Tensor):
    """The logarithm to base 2."""
    return jnp.log2(input)


@_unary("log10_vml_cpu")
def log10(input: Tensor):
    """The logarithm to base 10."""
    return jnp.log10(input)


@_unary("log1p_vml_cpu")
def log1p(input: Tensor):
    """log(1 + input), precise near 0."""
    return jnp.log1p(input)


_EXACT = (BOOL_TYPES, INTEGER_TYPES, FLOAT8_TYPES)


@pointwise(DEFAULT, variants="fmo", check=refuses("logaddexp_cpu", *_EXACT, binary=True))
def logaddexp(input: Tensor, other: Tensor):
    """log(exp(input) + exp(other)), without overflow."""
    return _log_of_sum(input, other)


@sloped(
    lambda t, x, other, y: t / (1 + jnp.exp(other - x)),
    lambda t, x, other, y: t / (1 + jnp.exp(x - other)),
)
def _log_of_sum(input, other):
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.logaddexp(input, other)
    first = input.real >= other.real
    larger, smaller = jnp.where(first, input, other), jnp.where(first, other, input)
    same = larger.real == smaller.real
    unbounded = jnp.log(jnp.exp(input) + jnp.exp(other))
    result = larger + jnp.log1p(jnp.exp(smaller - larger))  # the angle may leave (-pi, pi]
    return jnp.where(same & jnp.isinf(larger.real), unbounded, result)


@pointwise(DEFAULT, variants="fmo",
           check=refuses("logaddexp2_cpu", *_EXACT, COMPLEX_TYPES, binary=True))  # fmt: skip
def logaddexp2(input: Tensor, other: Tensor):
    """log2(2**input + 2**other), without overflow."""
    return _log2_of_sum(input, other)


@sloped(
    lambda t, x, other, y: t / (1 + two_to_the(other - x)),
    lambda t, x, other, y: t / (1 + two_to_the(x - other)),
)
def _log2_of_sum(input, other):
    return jnp.logaddexp2(input, other)


@_unary("sigmoid_cpu_reduced_float")
def sigmoid(input: Tensor):
    """1 / (1 + exp(-input))."""
    return lax.logistic(input)


def _check_logit(input):
    if input.dtype in (*COMPLEX_TYPES, *FLOAT8_TYPES):
        raise unsupported("logit_cpu", input.dtype)


@pointwise(INT_TO_FLOAT, row=StepwiseRow, check=_check_logit)
def logit(input: Tensor, eps: Number | None = None):
    """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps].

    Source:  torch.logit.
    """
    if eps is None:
        return _log_odds(input)
    return _log_odds_within(input, eps)


def _odds_slope(x):
    slope = jnp.where((x == 0) | (x == 1), jnp.inf, 1 / (x * (1 - x)))
    return jnp.where((x < 0) | (x > 1), jnp.nan, slope)


@sloped(lambda t, x, y: t * _odds_slope(x))
def _log_odds(input):
    return jnp.log(input / (1 - input))


@sloped(
    lambda t, x, eps, y: but((x < eps) | (x > 1 - eps), t, 1 / (x * (1 - x))),
    None,
)
def _log_odds_within(input, eps):
    input = jnp.where(input < eps, eps, jnp.where(input > 1 - eps, 1 - eps, input))
    return jnp.log(input / (1 - input))


def _check_softmax(kernel):
    def check(input, dim, dtype):
        dtype = dtype or input.dtype
        if dtype.category != FLOATING or dtype in FLOAT8_TYPES:
            place = "lastdim_kernel" if dim >= input.ndim - 1 else "kernel"
            raise unsupported(f"{kernel}_{place}_impl", dtype)

    return check


def _wide(input, dtype):
    """The input in the dtype to compute a softmax in: half precision is summed up in float32."""
    if dtype is not None:
        input = input.astype(dtype.numpy)
    return input.astype(jnp.float32) if input.dtype.itemsize < 4 else input


def _softmax_row(kernel):
    return along(
        check=_check_softmax(kernel),
        shape=lambda input: input.shape,
        dtype=lambda input, dtype: dtype or input.dtype,
        variants="fmo",
        out_check=one_dtype,
    )


@_softmax_row("softmax")
def softmax(input: Tensor, dim: Dim, dtype: _dtypes.dtype | None = None):
    """exp(input), scaled so that it sums to 1 along `dim`.

    Shape:   that of `input`.
    Dtype:   `dtype`, to which the input is cast first, else that of `input`.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for integers without `dtype`.
    Source:  torch.softmax.
    """
    return jax.nn.softmax(_wide(input, dtype), axis=dim) if input.ndim else _of_one(input, dtype)


@_softmax_row("log_softmax")
def log_softmax(input: Tensor, dim: Dim, dtype: _dtypes.dtype | None = None):
    """log(softmax(input)), without overflow.

    Shape:   that of `input`.
    Dtype:   `dtype`, to which the input is cast first, else that of `input`.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for integers without `dtype`.
    Source:  torch.log_softmax.
    """
    if not input.ndim:
        return jnp.log(_of_one(input, dtype))
    return jax.nn.log_softmax(_wide(input, dtype), axis=dim)


def _of_one(input, dtype):
    """The softmax of one number: 1, or NaN where the exponential has no meaning."""
    wide = _wide(input, dtype)
    return jnp.exp(wide - wide)
