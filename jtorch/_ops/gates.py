"""Activations of more than one element: halves of a dim, slopes for channels, random slopes."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._device import CPU
from jtorch._dtypes import float16
from jtorch._engine.symbolic import current_level
from jtorch._generator import generator_for
from jtorch._meta import Meta
from jtorch._ops.activations import (
    NEGATIVE_LEAKY_SLOPE,
    in_place,
    prelu_kernel,
    rrelu_with_noise,
)
from jtorch._ops.along import along
from jtorch._ops.creation import zeros_like
from jtorch._ops.detailed import DetailedRow, detailed
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.product import HALF
from jtorch._ops.random import host_tensor
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
    unsupported,
)
from jtorch._ops.signatures import Dim
from jtorch._ops.slopes import sloped
from jtorch._ops.writing import resize_quietly
from jtorch._random import uniform as uniforms
from jtorch._shapes import pointwise_strides
from jtorch._tensor import Tensor

_NO_FLOATS = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


def _check_log_sigmoid_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"expected scalar type {meta.dtype.scalar_name} but found {target.dtype.scalar_name}"
        )


class _QuietRow(DetailedRow):
    """A row that gives `out` its shape without a warning."""

    def _into(self, out, entry, inputs):
        self._refuse_out(out, entry.meta)
        resize_quietly(out, entry.meta.shape)
        return super()._into(out, entry, inputs)


@detailed(
    row=_QuietRow,
    variants="o",
    check=refuses("log_sigmoid_cpu", *_NO_FLOATS),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    out_check=_check_log_sigmoid_out,
)
def log_sigmoid(input: Tensor):
    """log(sigmoid(x)), without overflow. Source: torch.nn.functional.logsigmoid."""
    wide = input.astype(jnp.float32) if input.dtype in HALF else input
    return log_sigmoid_of(wide).astype(input.dtype)


@sloped(lambda t, x, y: t * lax.logistic(-x))
def log_sigmoid_of(x):
    """The same of an array, in its dtype."""
    return jnp.where(x < 0, x, jnp.where(x == x, 0, x)) - jnp.log1p(jnp.exp(-jnp.abs(x)))


# Halves of a dim


def _check_glu(input, dim):
    if not input.ndim:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    if input.shape[dim] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}"
        )
    refuses("glu_cpu", *_NO_FLOATS)(input)


def _halved(input, dim):
    shape = list(input.shape)
    shape[dim] //= 2
    return tuple(shape)


@along(
    variants="",
    check=_check_glu,
    shape=_halved,
    dtype=lambda input: input.dtype,
    layout=lambda input, result: pointwise_strides(((result, input.stride()),), result),
)
def glu(input: Tensor, dim: Dim = -1):
    """The first half along `dim` times the sigmoid of the second. Source: torch.nn.functional.glu."""
    wide = input.astype(jnp.float32) if input.dtype in HALF else input
    values, gates = jnp.split(wide, 2, axis=dim)
    return (values * lax.logistic(gates)).astype(input.dtype)


# Slopes for channels


def _check_prelu(input, weight):
    require_tensors(input, weight)
    if weight.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}"
        )
    if weight.numel() != 1:
        if not input.ndim:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.ndim > 1 else 1
        if channels != weight.numel():
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                f"{weight.numel()} and channel size = {channels}."
            )
    if input.dtype is not weight.dtype:
        raise RuntimeError(
            "prelu: Type promoting not supported. Got "
            f"{input.dtype.scalar_name} and {weight.dtype.scalar_name}"
        )


@offered("(Tensor input, Tensor weight)", variants="fm")
def prelu(input, weight):
    """The elements, those below 0 times the weight of their channel, or the one there is.

    Shape:   (N, C, ...), (C) or (1) -> that of `input`.
    Errors:  RuntimeError if the weights do not fit the channels, or the dtypes differ.
    Source:  torch.prelu.
    """
    _check_prelu(input, weight)
    if weight.ndim != input.ndim or input.ndim > 1:
        shape = [1] * input.ndim
        if input.ndim > 1:
            shape[1] = weight.numel()
        weight = weight.reshape(shape)
    return prelu_kernel(input, weight)


# Random slopes


def _noise(input, lower, upper, generator):
    """A random slope for each element that is not above 0, and 1 for the others.

    PyTorch's stream is drawn from for the former only, so on the CPU their number must be known.
    """
    meta = Meta(input._meta.shape, input._meta.dtype, input._meta.device)
    if meta.device is not CPU or current_level() is not None:
        return _filled_noise(input, lower, upper, generator)
    source = generator_for(meta.device, generator)
    below = input.detach()._host() <= 0
    noise = np.ones(meta.shape, meta.dtype.numpy)
    noise[below] = uniforms.uniform(
        source._engine, (int(below.sum()),), np.dtype(np.float64), lower, upper
    ).astype(noise.dtype)
    return host_tensor(noise, meta)


def _filled_noise(input, lower, upper, generator):
    """The same where values are not to be read: a number is drawn for every element."""
    noise = zeros_like(input.detach()).uniform_(lower, upper, generator=generator)
    return noise.masked_fill_(input.detach() > 0, 1)


def _check_rrelu(input, lower, upper, training):
    for name, bound in (("lower", lower), ("upper", upper)):
        if not -float("inf") < bound < float("inf"):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {bound:.6g}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if training and input.dtype is float16:
        raise unsupported("rrelu_with_noise_out_cpu", input.dtype)


_RRELU = (
    "(Tensor input, Number lower = 0.125, Number upper = 0.3333333333333333, "
    "bool training = False, object? generator = None)"
)


def _sloped_at_random(compute, input, lower, upper, training, generator):
    require_tensors(input)
    lower, upper = float(lower), float(upper)
    _check_rrelu(input, lower, upper, training)
    if training:
        noise = _noise(input, lower, upper, generator)
    else:
        noise = zeros_like(input.detach())
    return compute(input, noise, lower, upper, training)


@offered(_RRELU, variants="f")
def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, generator=None):
    """The elements, those below 0 times a slope: in training a random one of [lower, upper).

    Errors:  RuntimeError if the bounds are not finite and in order.
    Source:  torch.rrelu.
    """
    return _sloped_at_random(rrelu_with_noise, input, lower, upper, training, generator)


def _middle_slope(input, noise, lower, upper, training):
    return 0 if training else lower + upper


_rrelu_with_noise_ = in_place(
    rrelu_with_noise, second=True, refused=(_middle_slope, NEGATIVE_LEAKY_SLOPE)
)


@offered(_RRELU, variants="f")
def rrelu_(input, lower=1 / 8, upper=1 / 3, training=False, generator=None):
    """`rrelu`, into `input`. Source: torch.rrelu_."""
    return _sloped_at_random(_rrelu_with_noise_, input, lower, upper, training, generator)
