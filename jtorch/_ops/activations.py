"""Activations: functions of one element that modules apply, with torch's derivatives at the kinks."""

import copy
import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._ops.families import Binding, PointwiseRow, bindings
from jtorch._ops.names import Underived
from jtorch._ops.offered import in_place_function, offered
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import GuardedRow, SameOutRow, pointwise, renamed
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    check_fits,
    refuses,
    unsupported,
)
from jtorch._ops.slopes import but, flat, sloped
from jtorch._tensor import Tensor

_NO_FLOATS = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


def _activation(kernel, *refused, **fields):
    """Declare a row for floating-point tensors; torch rounds no number of it to half precision."""
    fields.setdefault("variants", "")
    return pointwise(DEFAULT, check=refuses(kernel, *(refused or _NO_FLOATS)), **fields)


class _GuardedSameOutRow(GuardedRow, SameOutRow):
    """Both: numbers checked at each call, and an `out` of the result's dtype."""


def in_place(function, second=False, name=None, refused=None):
    """The function of a row that writes into its argument.

    `second`: its node is torch's second one. `refused`: (a number of the arguments, words): torch
    computes that derivative from the result, which it cannot where the number is negative.
    """
    row = function.row
    if second:
        gradient = row.node_name((), {}).removesuffix("0") + "1"
        row = copy.copy(row)
        row.gradient = gradient if refused is None else _unless_negative(gradient, *refused)
    return in_place_function(row, f"{name or row.name}_")


def _unless_negative(gradient, number, words):
    def node_name(args, kwargs):
        negative = number(*args, **kwargs) < 0
        return Underived(gradient, RuntimeError(words)) if negative else gradient

    return node_name


_NEGATIVE_SLOPE = (
    "In-place {} backward calculation is triggered with a negative slope which is not supported. "
    "This is caused by calling in-place forward function with a negative slope, please call "
    "out-of-place version instead."
)
NEGATIVE_LEAKY_SLOPE = _NEGATIVE_SLOPE.format("leakyReLu") + (
    " File an issue at https://github.com/pytorch/pytorch if you do require supporting in-place "
    "leakRelu backward calculation with negative slope"
)


# Rectifiers


def _fits(input, *numbers):
    for each in numbers:
        check_fits(each, input.dtype)


def _check_threshold(input):
    if input.dtype in BOOL_TYPES or input.dtype.category == COMPLEX:
        raise unsupported("threshold_cpu", input.dtype)


@pointwise(
    DEFAULT,
    variants="fo",
    check=_check_threshold,
    numbers=lambda input, threshold, value: _fits(input, threshold, value),
    unrounded=("threshold", "value"),
)
def threshold(input: Tensor, threshold: Number, value: Number):
    """The elements above a threshold; `value` for the others. Source: torch.threshold."""
    return _above(input, threshold, value)


@sloped(flat, None)
def _is_above(x, threshold):
    """1, but 0 up to the threshold; NaN is above."""
    return 1 - (x <= threshold).astype(x.dtype)


@sloped(
    lambda t, x, threshold, value, y: but(x <= threshold, t, _is_above(x, threshold)), None, None
)
def _above(input, threshold, value):
    return jnp.where(input <= threshold, value, input)


def _check_hardtanh(input):
    if input.dtype in BOOL_TYPES:
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if input.dtype.category == COMPLEX:
        raise NotImplementedError("clamp is not supported for complex types")


def _limits_fit(input, min_val, max_val):
    unsigned = input.dtype.category == INTEGRAL and not input.dtype.is_signed
    if unsigned and (min_val < 0 or max_val < 0):
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    _fits(input, min_val, max_val)


@pointwise(
    DEFAULT,
    row=GuardedRow,
    variants="",
    check=_check_hardtanh,
    numbers=_limits_fit,
    unrounded=("min_val", "max_val"),
)
def hardtanh(input: Tensor, min_val: Number = -1, max_val: Number = 1):
    """The elements inside [min_val, max_val], and the limits for those outside."""
    return _limited(input, min_val, max_val)


@sloped(flat, None, None)
def _is_between(x, low, high):
    """1, but 0 at the limits and beyond, and for NaN."""
    return ((x > low) & (x < high)).astype(x.dtype)


@sloped(
    lambda t, x, low, high, y: but(~((x > low) & (x < high)), t, _is_between(x, low, high)),
    None,
    None,
)
def _limited(input, low, high):
    raised = jnp.where(input < low, low, input)
    return jnp.where(raised > high, high, raised)


@_activation("leaky_relu_cpu", unrounded=("negative_slope",))
def leaky_relu(input: Tensor, negative_slope: Number = 0.01):
    """The elements, those below 0 times `negative_slope`."""
    return _leaky(input, negative_slope)


@sloped(flat, lambda t, x, slope, y: jnp.where(x >= 0, 0, t))
def _leaky_slope(x, slope):
    return jnp.where(x > 0, jnp.ones_like(x), slope)


@sloped(lambda t, x, slope, y: t * _leaky_slope(x, slope), None)
def _leaky(input, slope):
    return jnp.where(input > 0, input, input * slope)


threshold_ = in_place(threshold, second=True)
bindings.append(Binding("threshold_", threshold_, variants="f"))
hardtanh_ = in_place(hardtanh)
leaky_relu_ = in_place(
    leaky_relu,
    second=True,
    refused=(lambda input, negative_slope=0.01: negative_slope, NEGATIVE_LEAKY_SLOPE),
)
relu6 = renamed(hardtanh, "relu6")
relu6_ = in_place(hardtanh, name="relu6")


# Exponential ones


@_activation("elu_cpu", unrounded=("alpha", "scale", "input_scale"))
def elu(input: Tensor, alpha: Number = 1, scale: Number = 1, input_scale: Number = 1):
    """`scale * x` above 0, `scale * alpha * (exp(input_scale * x) - 1)` below."""
    return _exponential(input, alpha * scale, scale, input_scale)


# of Klambauer et al., 2017: they keep mean 0 and variance 1
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@offered("(Tensor input)", variants="f")
def selu(input):
    """`elu` with the numbers that keep mean and variance. Source: torch.selu."""
    return elu(input, _SELU_ALPHA, _SELU_SCALE)


_NEGATIVE_ALPHA = (lambda input, alpha=1, *others: alpha, _NEGATIVE_SLOPE.format("elu"))
elu_ = in_place(elu, second=True, refused=_NEGATIVE_ALPHA)


@offered("(Tensor input)", variants="f")
def selu_(input):
    """`selu`, into `input`. Source: torch.selu_."""
    return elu_(input, _SELU_ALPHA, _SELU_SCALE)


def _check_celu(alpha):
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")


@_activation("elu_cpu", row=GuardedRow, variants="f", numbers=_check_celu,
             unrounded=("alpha",))  # fmt: skip
def celu(input: Tensor, alpha: Number = 1.0):
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""
    return _continuous(input, alpha)


@sloped(
    lambda t, x, below, above, rate, y: t * _exponential_slope(x, below, above, rate),
    None, None, None,
)  # fmt: skip
def _exponential(input, below, above, rate):
    lowered = jnp.where(input < 0, input, 0)  # what is not used must not overflow
    return jnp.where(input < 0, below * jnp.expm1(lowered * rate), above * input)


@sloped(
    lambda t, x, below, above, rate, y: jnp.where(
        x < 0, t * (below * rate * rate) * jnp.exp(jnp.where(x < 0, x, 0) * rate), 0
    ),
    None, None, None,
)  # fmt: skip
def _exponential_slope(x, below, above, rate):
    lowered = jnp.where(x <= 0, x, 0)
    return jnp.where(x <= 0, below * rate * jnp.exp(lowered * rate), above)


@sloped(lambda t, x, alpha, y: t * _exponential_slope(x, alpha, 1, _rate(alpha, x)), None)
def _continuous(input, alpha):
    lowered = jnp.where(input < 0, input, 0)
    return jnp.where(input < 0, alpha * jnp.expm1(lowered / alpha), input)


def _rate(alpha, x):
    """1 / alpha, with alpha rounded to float32, as torch has it in the derivative."""
    return 1 / jnp.asarray(alpha).astype(jnp.float32).astype(x.dtype)


celu_ = in_place(celu, second=True, refused=_NEGATIVE_ALPHA)
bindings.append(Binding("celu_", celu_, variants="f"))


@_activation("softplus_cpu", row=SameOutRow, unrounded=("beta", "threshold"))
def softplus(input: Tensor, beta: Number = 1, threshold: Number = 20):
    """`log(1 + exp(beta * x)) / beta`, and `x` itself where `beta * x` is above `threshold`."""
    return _smooth(input, beta, threshold)


@sloped(lambda t, x, beta, limit, y: t * _smooth_slope(x, beta, limit), None, None)
def _smooth(input, beta, limit):
    scaled = input * beta
    return jnp.where(scaled > limit, input, jnp.log1p(jnp.exp(scaled)) / beta)


@sloped(
    lambda t, x, beta, limit, y: jnp.where(x * beta >= limit, 0, t * beta * y * (1 - y)),
    None,
    None,
)
def _smooth_slope(x, beta, limit):
    scaled = x * beta
    return jnp.where(scaled > limit, 1, lax.logistic(scaled))


# Gates


def _check_approximate(input, approximate):
    if not isinstance(approximate, str):
        raise TypeError("torch has words for this")
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    refuses("GeluKernelImpl", *_NO_FLOATS)(input)


@pointwise(DEFAULT, row=SameOutRow, variants="", check=_check_approximate)
def gelu(input: Tensor, *, approximate: str = "none"):
    """`x` times the share of the normal distribution below `x`; "tanh": nearly so.

    Source:  torch.nn.functional.gelu; the share by erf, its derivative written: XLA's own is slow.
    """
    return _normal_gate(input) if approximate == "none" else _tanh_gate(input)


@sloped(lambda t, x, y: t * _normal_gate_slope(x))
def _normal_gate(x):
    return 0.5 * x * (1 + lax.erf(x * math.sqrt(0.5)))


def _normal_gate_slope(x):
    density = jnp.exp(-0.5 * x * x) * (1 / math.sqrt(2 * math.pi))
    return 0.5 * (1 + lax.erf(x * math.sqrt(0.5))) + x * density


def _tanh_gate(x):
    return 0.5 * x * (1 + jnp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))))


@_activation("silu_cpu", BOOL_TYPES, INTEGER_TYPES, FLOAT8_TYPES)
def silu(input: Tensor):
    """`x * sigmoid(x)`."""
    return input * lax.logistic(input)


@_activation("mish_cpu")
def mish(input: Tensor):
    """`x * tanh(softplus(x))`."""
    return input * jnp.tanh(_log_of_one_and_exp(input))


@sloped(lambda t, x, y: t * lax.logistic(x))
def _log_of_one_and_exp(x):
    return jnp.logaddexp(x, jnp.zeros_like(x))


@_activation("hardsigmoid_cpu")
def hardsigmoid(input: Tensor):
    """`x / 6 + 1 / 2`, between 0 and 1."""
    return _hard_step(input) / 6


# torch has this slope as a float32, whatever it is a slope of
_SIXTH = float(np.float32(1 / 6))


@sloped(flat)
def _is_on_slope(x):
    return ((x > -3) & (x < 3)).astype(x.dtype)


@sloped(lambda t, x, y: t * (6 * _SIXTH) * _is_on_slope(x))
def _hard_step(x):
    """`x + 3`, between 0 and 6."""
    moved = x + 3
    return jnp.where(moved < 0, 0, jnp.where(moved > 6, 6, moved))


@_activation("hardswish_cpu")
def hardswish(input: Tensor):
    """`x * hardsigmoid(x)`."""
    return _hard_gate(input)


@sloped(lambda t, x, y: t * jnp.where(x <= -3, 0, jnp.where(x < 3, x / 3 + 0.5, jnp.ones_like(x))))
def _hard_gate(x):
    return x * _hard_step(x) / 6


silu_ = in_place(silu)
mish_ = in_place(mish)
hardsigmoid_ = in_place(hardsigmoid)
hardswish_ = in_place(hardswish)


# Shrinking


@_activation("hardshrink_cpu", row=SameOutRow, variants="fmo", unrounded=("lambd",))
def hardshrink(input: Tensor, lambd: Number = 0.5):
    """The elements, and 0 for those inside [-lambd, lambd]. Source: torch.hardshrink."""
    return _outside(input, lambd)


@sloped(flat, None)
def _is_outside(x, limit):
    """1, but 0 inside [-limit, limit], and for NaN."""
    return ((x > limit) | (x < -limit)).astype(x.dtype)


def _slope_outside(t, x, limit, y):
    return but(~((x > limit) | (x < -limit)), t, _is_outside(x, limit))


def _is_inside(x, limit):
    return (x >= -limit) & (x <= limit)


@sloped(_slope_outside, None)
def _outside(x, limit):
    return jnp.where(_is_inside(x, limit), 0, x)


def _check_lambda(input, lambd):
    if input.dtype.category != FLOATING:
        return
    largest = float(jnp.finfo(input.dtype.numpy).max)
    if not 0 <= lambd <= largest:
        raise RuntimeError(
            f"lambda must be in range [0, {largest:.6g}] for input dtype "
            f"{input.dtype.scalar_name}, but found {lambd:.6g}"
        )


@_activation(
    "softshrink_check", row=_GuardedSameOutRow, numbers=_check_lambda, unrounded=("lambd",)
)
def softshrink(input: Tensor, lambd: Number = 0.5):
    """The elements moved towards 0 by `lambd`; 0 for those that are nearer."""
    return _nearer(input, lambd)


@sloped(_slope_outside, None)
def _nearer(x, limit):
    moved = jnp.where(x > 0, x - limit, x + limit)
    return jnp.where(_is_inside(x, limit), 0, moved)


# With a parameter, or noise, for each element


@pointwise(DEFAULT, name="prelu_kernel", variants="", check=refuses("prelu_cpu", *_NO_FLOATS))
def prelu_kernel(input: Tensor, weight: Tensor):
    """The elements, those below 0 times a weight."""
    return _leaky_by(input, weight)


@sloped(
    lambda t, x, weight, y: t * _leaky_slope(x, weight),
    lambda t, x, weight, y: jnp.where(x > 0, 0, t * x),
)
def _leaky_by(input, weight):
    return jnp.where(input > 0, input, input * weight)


class _NoisyRow(PointwiseRow):
    """A row whose results are contiguous in training."""

    def _stride(self, shape, values):
        return None if values[self.positions["training"]] else super()._stride(shape, values)


@pointwise(
    DEFAULT,
    row=_NoisyRow,
    name="rrelu_with_noise",
    variants="",
    check=refuses("leaky_relu_cpu", *_NO_FLOATS),
    unrounded=("lower", "upper"),
)
def rrelu_with_noise(
    input: Tensor, noise: Tensor, lower: Number, upper: Number, training: bool = False
):
    """The elements, those below 0 times their noise; not in training: times the middle slope."""
    if training:
        return _leaky_by(input, noise)
    return _leaky(input, (lower + upper) / 2)
