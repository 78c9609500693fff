"""Losses of each element: how far an input is from a target of its shape."""

import numpy as np
from jax import numpy as jnp

from jtorch._autocast import listed
from jtorch._autograd.modes import mode
from jtorch._dtypes import FLOATING, float32
from jtorch._ops.detailed import detailed
from jtorch._ops.edges import needs_gradient
from jtorch._ops.parameters import Number
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import FLOAT8_TYPES, common_dtype, unsupported
from jtorch._ops.signatures import is_integer
from jtorch._ops.slopes import sloped
from jtorch._ops.writing import refuse_cast
from jtorch._shapes import broadcast_shapes, pointwise_strides
from jtorch._tensor import Tensor

NONE, MEAN, SUM = 0, 1, 2  # torch's numbers of the ways to reduce


def reduced(losses, reduction):
    """Losses as arrays, their sum, or their mean; of nothing the mean is NaN."""
    if reduction == NONE:
        return losses
    total = jnp.sum(losses, dtype=losses.dtype)
    return total / losses.size if reduction == MEAN else total


def reduced_tensor(losses, reduction):
    """The same of a tensor."""
    if reduction == NONE:
        return losses
    return losses.mean() if reduction == MEAN else losses.sum()


def plain_number(value):
    """A number as it is, also from a tensor of one."""
    return value.item() if isinstance(value, Tensor) and not value.ndim else value


def require_number(value):
    """A Python number. Errors: TypeError, without torch's words, for anything else."""
    value = plain_number(value)
    if not isinstance(value, (int, float, np.number)):
        raise TypeError("not a number")
    return value


def require_flags(*values):
    """Errors: TypeError, without torch's words, if one of them is no bool."""
    if not all(isinstance(each, bool) for each in values):
        raise TypeError("not a bool")


def known_reduction(reduction):
    """A way to reduce: any number but torch's is none."""
    if not is_integer(reduction):
        raise TypeError("not an integer")
    return reduction if reduction in (MEAN, SUM) else NONE


def of_common_shape(input, target, reduction):
    """The shape rule of a loss."""
    return broadcast_shapes(input.shape, target.shape) if reduction == NONE else ()


def as_both_lie(input, target, reduction, result):
    """The layout rule of a loss: that of pointwise operations."""
    if reduction != NONE:
        return None
    return pointwise_strides(
        ((input.shape, input.stride()), (target.shape, target.stride())), result
    )


def require_floats(kernel, *operands):
    """torch's refusal of common dtypes that its kernel has no version for."""
    common = common_dtype(*operands)
    if common.category != FLOATING or common in FLOAT8_TYPES:
        raise unsupported(kernel, common)


def _loss(check, more="", **fields):
    text = f"(Tensor input, Tensor target, int reduction = 1{more})"
    return detailed(
        DEFAULT, variants="", check=check, shape=of_common_shape, layout=as_both_lie,
        overloads=(text,), **fields,
    )  # fmt: skip


@_loss(lambda input, target: require_floats("mse_cpu", input, target))
def mse_loss(input: Tensor, target: Tensor, reduction: int = MEAN):
    """The square of the difference. Source: torch.nn.functional.mse_loss."""
    return reduced(jnp.square(input - target), reduction)


def _l1_loss(input, target, reduction):
    """The size of the difference. Source: torch.nn.functional.l1_loss."""
    return reduced_tensor((input - target).abs(), reduction)


l1_loss = listed("l1_loss", _l1_loss)


def _check_beta(beta):
    if not beta >= 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")


@_loss(
    lambda input, target: require_floats("smooth_l1_cpu", input, target),
    ", float beta = 1.0",
    numbers=_check_beta,
)
def smooth_l1_loss(input: Tensor, target: Tensor, reduction: int = MEAN, beta: Number = 1.0):
    """The square of a small difference over 2 `beta`, else its size less `beta` / 2.

    Source:  torch.nn.functional.smooth_l1_loss.
    """
    return reduced(_smooth_l1(input - target, beta), reduction)


@sloped(lambda t, x, beta, y: t * _smooth_l1_slope(x, beta), None)
def _smooth_l1(x, beta):
    size = jnp.abs(x)
    return jnp.where(size < beta, 0.5 * size * size / beta, size - 0.5 * beta)


def _smooth_l1_slope(x, beta):
    return jnp.where(x <= -beta, -1, jnp.where(x >= beta, 1, x / beta))


def _check_delta(delta):
    if not delta > 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")


def _check_huber(input, target):
    common = common_dtype(input, target)
    refuse_cast(common, input.dtype)
    require_floats("huber_cpu", input, target)


@_loss(_check_huber, ", float delta = 1.0", dtype=lambda input: input.dtype, numbers=_check_delta)
def huber_loss(input: Tensor, target: Tensor, reduction: int = MEAN, delta: Number = 1.0):
    """Half the square of a small difference, else `delta` times its size less `delta` / 2.

    Dtype:   that of `input`.
    Source:  torch.nn.functional.huber_loss.
    """
    return reduced(_huber(input - target, delta), reduction)


@sloped(lambda t, x, delta, y: t * _huber_slope(x, delta), None)
def _huber(x, delta):
    size = jnp.abs(x)
    return jnp.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))


def _huber_slope(x, delta):
    return jnp.where(x <= -delta, -delta, jnp.where(x >= delta, delta, x))


# Without a derivative by some of their arguments


def refuse_gradients(function, **constants):
    """torch's refusal of gradients by arguments that its derivative does not know."""
    for name, each in constants.items():
        if mode.enabled and isinstance(each, Tensor) and needs_gradient(each):
            raise RuntimeError(
                f"The function '{function}' is not differentiable with respect to argument "
                f"'{name}'. This input cannot have requires_grad True."
            )


def require_within(shape, *others):
    """torch's refusal of pairs of shapes that would enlarge what it writes into."""
    for each in others:
        common = broadcast_shapes(*each)
        if common != tuple(shape):
            raise RuntimeError(
                f"output with shape {list(shape)} doesn't match the broadcast shape {list(common)}"
            )


def _check_soft_margin(input, target):
    common = common_dtype(input, target)
    refuse_cast(float32 if common.category < FLOATING else common, input.dtype)
    require_within(input.shape, (input.shape, target.shape))


@sloped(lambda t, z, y: t / (1 + z) ** 2)
def _share(z):
    """z / (1 + z), whose slope JAX would take apart into two terms, of which large z leave one."""
    return z / (1 + z)


@sloped(lambda t, u, y: t * _share(jnp.exp(u)))
def _margin_loss(u):
    """log(1 + exp(u))."""
    return jnp.log1p(jnp.exp(u))


@detailed(
    DEFAULT,
    name="soft_margin_loss",
    variants="",
    check=_check_soft_margin,
    shape=lambda input, reduction: input.shape if reduction == NONE else (),
    dtype=lambda input: input.dtype,
    layout=as_both_lie,
)
def _soft_margin_loss(input: Tensor, target: Tensor, reduction: int = MEAN):
    return reduced(_margin_loss(-target * input), reduction)


def soft_margin_loss(input, target, reduction):
    """log(1 + exp(-target * input)). Source: torch.nn.functional.soft_margin_loss."""
    refuse_gradients("soft_margin_loss", target=target)
    return _soft_margin_loss(input, target, reduction)
