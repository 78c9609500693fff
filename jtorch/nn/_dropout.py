"""The dropouts of torch.nn.functional."""

import warnings

from jtorch._ops import dropout as rows
from jtorch._override import overridable

__all__ = [
    "alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout",
]  # fmt: skip


def _check_probability(p):
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


@overridable
def dropout(input, p=0.5, training=True, inplace=False):
    """Zeros for elements with probability `p`, the others times 1 / (1 - p), in training.

    Errors:  ValueError if `p` is no probability.
    Source:  torch.nn.functional.dropout.
    """
    _check_probability(p)
    return (rows.dropout_ if inplace else rows.dropout)(input, p, training)


@overridable
def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """`dropout` to the least value of `selu`, which keeps mean 0 and variance 1.

    Source:  torch.nn.functional.alpha_dropout.
    """
    _check_probability(p)
    return (rows.alpha_dropout_ if inplace else rows.alpha_dropout)(input, p, training)


@overridable
def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """`alpha_dropout` of whole channels. Source: torch.nn.functional.feature_alpha_dropout."""
    _check_probability(p)
    compute = rows.feature_alpha_dropout_ if inplace else rows.feature_alpha_dropout
    return compute(input, p, training)


def _of_channels(input, p, training, inplace, batched=True):
    """`dropout` of whole channels; an input that is not batched is a batch of one."""
    if not batched:
        input = input.unsqueeze_(0) if inplace else input.unsqueeze(0)
    result = (rows.feature_dropout_ if inplace else rows.feature_dropout)(input, p, training)
    if batched:
        return result
    return result.squeeze_(0) if inplace else result.squeeze(0)


@overridable
def dropout1d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels: (C, L) or (N, C, L). Source: torch.nn.functional.dropout1d."""
    _check_probability(p)
    ndim = input.dim()
    if ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. Note that "
            "dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, "
            "a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
        )
    return _of_channels(input, p, training, inplace, ndim == 3)


def _warn_of_dims(name, ndim, spatial):
    if ndim not in (spatial + 1, spatial + 2):
        warnings.warn(
            f"{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in "
            "an error in a future release. To retain the behavior and silence this warning, please "
            f"use dropout instead. Note that {name} exists to provide channel-wise dropout on "
            f"inputs with {spatial} spatial dimensions, a channel dimension, and an optional batch "
            f"dimension (i.e. {spatial + 1}D or {spatial + 2}D inputs).",
            stacklevel=4,
        )


@overridable
def dropout2d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels: (N, C, H, W), or (N, C, L). Source: torch.nn.functional."""
    _check_probability(p)
    _warn_of_dims("dropout2d", input.dim(), 2)
    if input.dim() == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout "
            "behavior is desired - input is interpreted as shape (N, C, L), where C is the channel "
            "dim. This behavior will change in a future release to interpret the input as one "
            "without a batch dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise "
            "dropout behavior, please switch to using dropout1d instead.",
            stacklevel=3,
        )
    return _of_channels(input, p, training, inplace)


@overridable
def dropout3d(input, p=0.5, training=True, inplace=False):
    """`dropout` of whole channels: (C, D, H, W) or (N, C, D, H, W). Source: torch.nn.functional."""
    _check_probability(p)
    _warn_of_dims("dropout3d", input.dim(), 3)
    return _of_channels(input, p, training, inplace, input.dim() == 5)
