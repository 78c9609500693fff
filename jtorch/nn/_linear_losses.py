"""`linear_cross_entropy` of torch.nn.functional."""

import math

from jtorch import _dtypes
from jtorch._messages import warn_user
from jtorch._ops.affine import linear
from jtorch._ops.linear_losses import chunked_cross_entropy
from jtorch._override import overridable
from jtorch.nn._losses import cross_entropy
from jtorch.nn._reduction import get_enum

__all__ = ["linear_cross_entropy"]


def _check(input, linear_weight, linear_bias):
    if not 1 <= input.dim() <= 2:
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.dim()}")
    if linear_weight.dim() < 2:
        raise RuntimeError(
            f"expected linear_weight with dimensionality at least 2, got {linear_weight.dim()}"
        )
    features = input.shape[-1]
    if features != linear_weight.shape[-1]:
        raise RuntimeError(
            "expected equal input and linear_weight last dimensions (in_features), got "
            f"{features} and {linear_weight.shape[-1]}, respectively"
        )
    wanted = tuple(linear_weight.shape[:-1])
    if linear_bias is not None and tuple(linear_bias.shape) != wanted:
        raise RuntimeError(f"expected linear_bias shape {wanted}, got {tuple(linear_bias.shape)}")
    if len(wanted) > 1 and input.dim() == 1:
        raise RuntimeError(
            f"K-dimensional loss defined by linear_weight shape {tuple(linear_weight.shape)} requires "
            f"batched input, (N, {features}), got unbatched input with shape {tuple(input.shape)}"
        )


def _warn_of_options(reduction, label_smoothing, target, out_features, linear_bias):
    shape = None if linear_bias is None else tuple(linear_bias.shape)
    warn_user(
        "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in "
        "{'mean','sum','none'}, label_smoothing == 0, target.dtype == int64, out_features == (). "
        f"Got reduction={reduction!r}, label_smoothing={label_smoothing}, "
        f"target.dtype={target.dtype}, out_features={out_features}, tracing=False, "
        f"linear_bias.shape={shape}."
    )


@overridable
def linear_cross_entropy(
    input, linear_weight, target, *, linear_bias=None, weight=None, reduction="mean",
    ignore_index=None, label_smoothing=0.0, options=None,
):  # fmt: skip
    """`cross_entropy` of `linear`; with options some rows at a time, to save memory.

    Shape:   (N, F), (C, ..., F), (N, ...) -> (), or (N, ...); or without N.
    Errors:  RuntimeError for shapes that do not fit.
    Source:  torch.nn.functional.linear_cross_entropy.
    """
    _check(input, linear_weight, linear_bias)
    classes, *out_features = linear_weight.shape[:-1]
    shape = (*input.shape[:-1], classes, *out_features)
    if tuple(target.shape) == shape and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    ignore_index = -100 if ignore_index is None else ignore_index
    if options is not None:
        if (
            not out_features
            and reduction in ("mean", "sum", "none")
            and label_smoothing == 0
            and target.dtype is _dtypes.int64
        ):
            return _by_chunks(
                input, linear_weight, target, linear_bias, weight, reduction, ignore_index, options
            )
        _warn_of_options(reduction, label_smoothing, target, tuple(out_features), linear_bias)
    if out_features:
        count = math.prod(out_features, start=classes)
        linear_weight = linear_weight.reshape((count, input.shape[-1]))
        if linear_bias is not None:
            linear_bias = linear_bias.reshape(count)
    logits = linear(input, linear_weight, linear_bias).reshape(shape)
    return cross_entropy(
        logits,
        target,
        weight=weight,
        reduction=reduction,
        ignore_index=ignore_index,
        label_smoothing=label_smoothing,
    )


def _by_chunks(input, linear_weight, target, linear_bias, weight, reduction, ignore_index, options):
    is_batched = input.dim() == 2
    if not is_batched:
        input, target = input.unsqueeze(0), target.unsqueeze(0)
    classes, features = linear_weight.shape
    rows = options._rows_at_once(input.shape[0], features, classes, input.dtype, input.device)
    loss = chunked_cross_entropy(
        input, linear_weight, target, linear_bias, weight, get_enum(reduction), ignore_index, rows
    )
    return loss if is_batched else loss.squeeze(0)
