"""Losses of targets that are shares or counts, as likelihoods have them."""

import math

from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._ops.bounds import known
from jtorch._ops.detailed import detailed
from jtorch._ops.gates import log_sigmoid_of
from jtorch._ops.history import by_number
from jtorch._ops.losses import (
    MEAN,
    NONE,
    known_reduction,
    reduced,
    reduced_tensor,
    refuse_gradients,
    require_flags,
    require_floats,
    require_number,
    require_within,
)
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import common_dtype
from jtorch._ops.slopes import sloped
from jtorch._ops.writing import refuse_cast
from jtorch._shapes import pointwise_strides
from jtorch._tensor import Tensor


def _check_shares(input, target, weight):
    require_floats("binary_cross_entropy", input)
    if target.dtype is not input.dtype:
        raise RuntimeError(
            f"Found dtype {target.dtype.scalar_name} but expected {input.dtype.scalar_name}"
        )
    if weight is not None:
        require_within(input.shape, (input.shape, weight.shape))


def _not_a_share(code):
    what = "input" if code == 1 else "target"
    return RuntimeError(f"all elements of {what} should be between 0 and 1")


@detailed(
    DEFAULT,
    name="binary_cross_entropy",
    variants="",
    check=_check_shares,
    error=_not_a_share,
    shape=lambda input, reduction: input.shape if reduction == NONE else (),
    layout=lambda input, reduction, result: (
        pointwise_strides(((input.shape, input.stride()),), result) if reduction == NONE else None
    ),
)
def _binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Index | None = None, reduction: int = MEAN
):
    wrong_target = jnp.any(~((target >= 0) & (target <= 1)))
    code = jnp.where(jnp.any(~((input >= 0) & (input <= 1))), 1, jnp.where(wrong_target, 2, 0))
    losses = _surprise(input, target)
    if weight is not None:
        losses = losses * weight.astype(losses.dtype)
    return reduced(losses, reduction), code


_LEAST = -100.0  # what torch takes for the logarithm of 0
_TINY = 1e-12  # the least product of both shares that torch divides by


@sloped(
    lambda t, x, target, y: t * _surprise_slope(x, target),
    lambda t, x, target, y: t * (jnp.log1p(-x) - jnp.log(x)),
)
def _surprise(x, target):
    return (target - 1) * jnp.maximum(jnp.log1p(-x), _LEAST) - target * jnp.maximum(
        jnp.log(x), _LEAST
    )


@sloped(
    lambda t, x, target, y: (
        t * (x * x - 2 * x * target + target) / jnp.square(jnp.maximum(x * (1 - x), _TINY))
    ),
    lambda t, x, target, y: -t / jnp.maximum(x * (1 - x), _TINY),
)
def _surprise_slope(x, target):
    return (x - target) / jnp.maximum(x * (1 - x), _TINY)


def binary_cross_entropy(input, target, weight, reduction):
    """How unlikely a target's shares are that an input says of two classes.

    Errors:  RuntimeError for elements outside [0, 1].
    Source:  torch.nn.functional.binary_cross_entropy.
    """
    refuse_gradients("binary_cross_entropy", weight=weight)
    if input.dtype is target.dtype and input.dtype.category == FLOATING:
        _refuse_known(input, 1)
        _refuse_known(target, 2)
    return _binary_cross_entropy(input, target, weight, reduction)


def _refuse_known(tensor, code):
    """Raise at the user's line, if the elements are known; else the error comes with the value."""
    array = known(tensor)
    if array is not None and array.size and not (array.min() >= 0 and array.max() <= 1):
        raise _not_a_share(code)


def _check_logits(input, target, weight, pos_weight):
    refuse_cast(common_dtype(input, target), target.dtype)
    require_floats("log_sigmoid_cpu", input)
    require_within(
        target.shape,
        (target.shape, input.shape),
        *(() if pos_weight is None else ((pos_weight.shape, target.shape),)),
        *(() if weight is None else ((target.shape, weight.shape),)),
    )


@detailed(
    DEFAULT,
    name="binary_cross_entropy_with_logits",
    variants="",
    check=_check_logits,
    shape=lambda target, reduction: target.shape if reduction == NONE else (),
    dtype=lambda target: target.dtype,
    layout=lambda target, reduction, result: (
        pointwise_strides(((target.shape, target.stride()),), result) if reduction == NONE else None
    ),
)
def _of_logits(
    input: Tensor, target: Tensor, weight: Index | None = None, pos_weight: Index | None = None,
    reduction: int = MEAN,
):  # fmt: skip
    if pos_weight is None:
        losses = _surprise_of_logits(input, target)
    else:
        losses = _weighted_surprise(input, target, pos_weight.astype(input.dtype))
    if weight is not None:
        losses = losses * weight.astype(losses.dtype)
    return reduced(losses, reduction)


@sloped(
    lambda t, x, target, y: t * (lax.logistic(x) - target),
    lambda t, x, target, y: -t * x,
)
def _surprise_of_logits(x, target):
    return (1 - target) * x - log_sigmoid_of(x)


@sloped(
    lambda t, x, target, factor, y: t * _weighted_slope(x, target, factor),
    lambda t, x, target, factor, y: t * (log_sigmoid_of(-x) - factor * log_sigmoid_of(x)),
    None,
)
def _weighted_surprise(x, target, factor):
    return (1 - target) * x - ((factor - 1) * target + 1) * log_sigmoid_of(x)


def _weighted_slope(x, target, factor):
    positive = factor * target
    return (positive + 1 - target) * lax.logistic(x) - positive


@offered(
    "(Tensor input, Tensor target, Tensor? weight = None, Tensor? pos_weight = None, "
    "int reduction = 0)",
    variants="f",
)
def binary_cross_entropy_with_logits(input, target, weight=None, pos_weight=None, reduction=NONE):
    """The same of an input of logits, without overflow. `pos_weight` is the weight of the target.

    Dtype:   that of `target`.
    Source:  torch.binary_cross_entropy_with_logits.
    """
    require_tensors(input, target)
    refuse_gradients("binary_cross_entropy_with_logits", weight=weight, pos_weight=pos_weight)
    return _of_logits(input, target, weight, pos_weight, known_reduction(reduction))


@offered(
    "(Tensor input, Tensor target, int reduction = 0, *, bool log_target = False)", variants="f"
)
def kl_div(input, target, reduction=NONE, *, log_target=False):
    """`target * (log(target) - input)`, of which the sum is the Kullback-Leibler divergence.

    Errors:  RuntimeError for integers and complex numbers.
    Source:  torch.kl_div.
    """
    require_tensors(input, target)
    require_flags(log_target)
    for category, what in ((COMPLEX, "Complex"), (INTEGRAL, "Integral")):
        for each in (input, target):
            kind = each.dtype.category
            if kind == category or (kind < FLOATING and category == INTEGRAL):
                raise RuntimeError(f"kl_div: {what} inputs not supported.")
    if log_target:
        losses = target.exp() * (target - input)
    else:
        losses = target.xlogy(target) - target * input
    return reduced_tensor(losses, known_reduction(reduction))


@offered(
    "(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction)",
    variants="f",
)
def poisson_nll_loss(input, target, log_input, full, eps, reduction):
    """How unlikely counts are of which an input says the rate, or its logarithm.

    Source:  torch.poisson_nll_loss.
    """
    require_tensors(input, target)
    require_flags(log_input, full)
    eps = require_number(eps)
    if log_input:
        losses = input.exp() - target * input
    else:
        losses = input - target * by_number(input + eps).log()
    if full:  # the logarithm of the factorial, by Stirling
        spread = by_number(by_number(target * (2 * math.pi)).log() * 0.5)
        factorial = target * target.log() - target + spread
        losses = losses + factorial.masked_fill(target <= 1, 0)
    return reduced_tensor(losses, known_reduction(reduction))
