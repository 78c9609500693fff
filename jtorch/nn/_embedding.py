"""The embeddings of torch.nn.functional."""

import warnings

from jtorch import _dtypes
from jtorch._ops import embedding as tables
from jtorch._ops.embedding_bag import MAX, MEAN, SUM, bags
from jtorch._ops.ranges import arange
from jtorch._override import overridable

__all__ = ["embedding", "embedding_bag"]


@overridable
def embedding(
    input,
    weight,
    padding_idx=None,
    max_norm=None,
    norm_type=2.0,
    scale_grad_by_freq=False,
    sparse=False,
):
    """The rows of `weight` that `input` names; with `max_norm`, made that short first, in place.

    Errors:  AssertionError for a `padding_idx` that names no row; IndexError for such an index.
    Source:  torch.nn.functional.embedding.
    """
    if padding_idx is None:
        padding_idx = -1
    else:
        size = weight.size(0)
        if not -size <= padding_idx < size and padding_idx != 0:
            raise AssertionError("Padding_idx must be within num_embeddings")
        if padding_idx < 0:
            padding_idx += size
    if max_norm is not None:
        input = input.contiguous()
        _shorten(weight, input, max_norm, norm_type)
    return tables.embedding(weight, input, padding_idx, scale_grad_by_freq, sparse)


def _shorten(weight, input, max_norm, norm_type):
    """Make the rows that are used no longer than `max_norm`; gradients know nothing of it."""
    tables.embedding_renorm_(weight.detach(), input, max_norm, norm_type)


def _flattened(input, offsets, per_sample_weights):
    """(indices, offsets, weights of samples) as vectors, of a batch of bags of one size or not."""
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch "
                f"of fixed length sequences. However, found offsets of type {type(offsets)}"
            )
        offsets = arange(input.numel(), step=input.size(1), dtype=input.dtype, device=input.device)
        if per_sample_weights is not None:
            per_sample_weights = per_sample_weights.reshape(-1)
        return input.reshape(-1), offsets, per_sample_weights
    if input.dim() != 1:
        raise ValueError(
            f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}"
        )
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.dim() != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    return input, offsets, per_sample_weights


def _mode(mode, scale_grad_by_freq, sparse):
    if mode == "max":
        if scale_grad_by_freq:
            raise ValueError("max mode does not support scaling the gradient by the frequency")
        if sparse:
            raise ValueError("max mode does not support sparse weights")
    known = {"sum": SUM, "mean": MEAN, "max": MAX}
    if mode not in known:
        raise ValueError("mode has to be one of sum, mean or max")
    return known[mode]


@overridable
def embedding_bag(
    input,
    weight,
    offsets=None,
    max_norm=None,
    norm_type=2,
    scale_grad_by_freq=False,
    mode="mean",
    sparse=False,
    per_sample_weights=None,
    include_last_offset=False,
    padding_idx=None,
):
    """Sums, means or maxima of bags of rows of `weight`: each row of `input`, or from each offset on.

    Errors:  ValueError where arguments do not go together; RuntimeError for what is out of range.
    Source:  torch.nn.functional.embedding_bag.
    """
    if weight.dtype is _dtypes.int64 and input.is_floating_point():
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. Usage "
            "`embedding_bag(weight, input, ...)` is deprecated, and should now be "
            "`embedding_bag(input, weight, ...)`.",
            stacklevel=3,
        )
        weight, input = input, weight
    if per_sample_weights is not None and input.size() != per_sample_weights.size():
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then "
            f"it must have the same shape as the input ({input.shape})"
        )
    if weight.dim() != 2:
        raise ValueError(
            f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.dim()}"
        )
    if input.dim() == 2:
        include_last_offset = False
    input, offsets, per_sample_weights = _flattened(input, offsets, per_sample_weights)
    number = _mode(mode, scale_grad_by_freq, sparse)
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
            f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub."
        )
    return bags(
        weight,
        input,
        offsets,
        scale_grad_by_freq,
        number,
        sparse,
        per_sample_weights,
        include_last_offset,
        padding_idx,
    )
