"""Dropouts: what multiplies by noise that was drawn for the call."""

import math

import numpy as np

from jtorch import _dtypes
from jtorch._meta import Meta
from jtorch._ops.creation import ones_like, zeros, zeros_like
from jtorch._ops.detailed import detailed
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number
from jtorch._ops.random import empty_like
from jtorch._ops.sampling import bernoulli_
from jtorch._tensor import Tensor, from_node

# `-selu(-infinity)`: what alpha dropout sets elements to, but for the sign
_ALPHA = 1.7580993408473766

_SIGNATURE = "(Tensor input, float p, bool train)"


def _for_elements(name, input):
    return empty_like(name, input, None, None, None)


def _for_channels(name, input):
    """A tensor with one element for each channel of each of the batch."""
    if input.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    shape = (*input.shape[:2], *[1] * (input.ndim - 2))
    return from_node(None, Meta(shape, input.dtype, input.device))


def _scaled(noise, p):
    """(factors, None): zeros, and what makes up for them."""
    return noise.div_(1 - p), None


def _shifted(noise, p):
    """(factors, terms) that keep mean and variance where noise is 0 and the element is `_ALPHA`."""
    a = 1 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    terms = noise.add(-1).mul_(_ALPHA * a).add_(_ALPHA * a * p)
    return noise.mul_(a), terms


def _dropped(name, sized, made_up, writes, input, p, train):
    require_tensors(input)
    if not isinstance(train, (bool, np.bool_)):
        raise TypeError("torch has words for this")
    if isinstance(p, Tensor) and not p.ndim:
        p = p.item()
    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:.6g}")
    if p == 0 or not train or not input.numel():
        return input
    if p == 1:
        nothing = zeros((), dtype=input.dtype, device=input.device)
        return input.mul_(nothing) if writes else input.mul(nothing)
    factors, terms = made_up(bernoulli_(sized(name, input), 1 - p), p)
    if writes:
        input.mul_(factors)
        return input if terms is None else input.add_(terms)
    result = input * factors
    return result if terms is None else result + terms


@offered(_SIGNATURE, variants="f")
def dropout(input, p, train):
    """Each element times 0 with probability `p`, else 1 / (1 - p); the input where not `train`.

    Errors:  RuntimeError if `p` is no probability, or the dtype is not of floats.
    Source:  torch.dropout.
    """
    return _dropped("dropout", _for_elements, _scaled, False, input, p, train)


@offered(_SIGNATURE, variants="f")
def dropout_(input, p, train):
    """`dropout`, into `input`. Source: torch.dropout_."""
    return _dropped("dropout_", _for_elements, _scaled, True, input, p, train)


@offered(_SIGNATURE, variants="f")
def feature_dropout(input, p, train):
    """`dropout` of whole channels: (N, C, ...). Source: torch.feature_dropout."""
    return _dropped("feature_dropout", _for_channels, _scaled, False, input, p, train)


@offered(_SIGNATURE, variants="f")
def feature_dropout_(input, p, train):
    """`feature_dropout`, into `input`. Source: torch.feature_dropout_."""
    return _dropped("feature_dropout_", _for_channels, _scaled, True, input, p, train)


@offered(_SIGNATURE, variants="f")
def alpha_dropout(input, p, train):
    """`dropout` that sets elements to the least of `selu`, and keeps mean 0 and variance 1.

    Source:  torch.alpha_dropout.
    """
    return _dropped("alpha_dropout", _for_elements, _shifted, False, input, p, train)


@offered(_SIGNATURE, variants="f")
def alpha_dropout_(input, p, train):
    """`alpha_dropout`, into `input`. Source: torch.alpha_dropout_."""
    return _dropped("alpha_dropout_", _for_elements, _shifted, True, input, p, train)


@offered(_SIGNATURE, variants="f")
def feature_alpha_dropout(input, p, train):
    """`alpha_dropout` of whole channels. Source: torch.feature_alpha_dropout."""
    return _dropped("feature_alpha_dropout", _for_channels, _shifted, False, input, p, train)


@offered(_SIGNATURE, variants="f")
def feature_alpha_dropout_(input, p, train):
    """`feature_alpha_dropout`, into `input`. Source: torch.feature_alpha_dropout_."""
    return _dropped("feature_alpha_dropout_", _for_channels, _shifted, True, input, p, train)


@detailed(
    name="native_dropout",
    variants="",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
)
def _native_dropout(input: Tensor, noise: Tensor, scale: Number):
    return input * noise * scale.astype(input.dtype)


@offered("(Tensor input, float p, bool? train)", variants="f")
def native_dropout(input, p, train):
    """(`dropout`, what was kept): the mask is a tensor of bools.

    Source:  torch.native_dropout. The mask is made of the noise and not the other way round: XLA
             turns a product with bools into a choice, and 0 times NaN must be NaN.
    """
    require_tensors(input)
    if not input.numel():
        return input, zeros_like(input.detach())
    if train is False:
        noise, scale = ones_like(input), 1.0
    else:
        noise = bernoulli_(_for_elements("native_dropout", input.detach()), 1 - p)
        scale = 0.0 if p == 1 else 1 / (1 - p)
    return _native_dropout(input, noise, scale), noise.to(_dtypes.bool_)
