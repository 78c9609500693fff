"""The losses of torch.nn.functional, as users call them; the rows are elsewhere."""

import math

from jtorch._autograd.modes import no_grad
from jtorch._messages import warn_user
from jtorch._ops import class_losses, losses, margin_losses, share_losses
from jtorch._ops.creation import ones_like
from jtorch._ops.ctc import ctc_loss as _ctc_loss
from jtorch._ops.distances import pairwise_distance
from jtorch._ops.gates import log_sigmoid
from jtorch._ops.join import broadcast_shapes_of, broadcast_tensors
from jtorch._ops.reduce import any as any_of
from jtorch._override import overridable
from jtorch.nn._reduction import get_enum, legacy_get_enum, legacy_get_string, reduction_of

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cosine_embedding_loss",
    "cross_entropy", "ctc_loss", "gaussian_nll_loss", "hinge_embedding_loss", "huber_loss",
    "kl_div", "l1_loss", "margin_ranking_loss", "mse_loss", "multi_margin_loss",
    "multilabel_margin_loss", "multilabel_soft_margin_loss", "nll_loss", "poisson_nll_loss",
    "smooth_l1_loss", "soft_margin_loss", "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]  # fmt: skip


@overridable
def nll_loss(
    input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"
):
    """Minus the log-probabilities of classes.

    Shape:   (C), () or (N, C, ...), (N, ...) -> (), or for reduction "none" that of `target`.
    Errors:  IndexError for a class that is not there.
    Source:  torch.nn.functional.nll_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return class_losses.nll_loss_nd(input, target, weight, reduction, ignore_index)


@overridable
def cross_entropy(
    input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,
    reduction="mean", label_smoothing=0.0,
):  # fmt: skip
    """`nll_loss` of `log_softmax`; the target may be shares of classes, too.

    Shape:   (C), () or (N, C, ...), (N, ...), or two of one shape -> (), or (N, ...).
    Errors:  IndexError for a class that is not there.
    Source:  torch.nn.functional.cross_entropy.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return class_losses.cross_entropy_loss(
        input, target, weight, reduction, ignore_index, label_smoothing
    )


@overridable
def ctc_loss(
    log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean",
    zero_infinity=False,
):  # fmt: skip
    """Minus the logarithm of how likely sequences of labels are, wherever in time each of them is.

    The mean is of each loss over the length of its targets.
    Source:  torch.nn.functional.ctc_loss.
    """
    return _ctc_loss(
        log_probs, targets, input_lengths, target_lengths, blank, get_enum(reduction), zero_infinity
    )


def _warn_of_sizes(input, target):
    if target.size() != input.size():
        warn_user(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size."
        )


def _weighted(errors, input, weight, reduction, mean):
    """Errors times weights, reduced; `mean` is what the mean is."""
    if weight.size() != input.size():
        raise ValueError("Weights and input must have the same size.")
    weighted = errors() * weight
    if reduction == "none":
        return weighted
    if reduction == "sum":
        return weighted.sum()
    if reduction == "mean":
        return mean(weighted)
    raise ValueError(f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'.")


@overridable
def l1_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """The size of the difference; with weights their weighted mean.

    Errors:  ValueError if the weights are not of the input's shape.
    Source:  torch.nn.functional.l1_loss.
    """
    _warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy_get_string(size_average, reduce)
    inputs = broadcast_tensors(input, target)
    if weight is None:
        return losses.l1_loss(*inputs, get_enum(reduction))
    return _weighted(
        lambda: (inputs[0] - inputs[1]).abs(), input, weight, reduction,
        lambda weighted: weighted.sum() / weight.sum(),
    )  # fmt: skip


@overridable
def mse_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """The square of the difference; with weights their weighted mean.

    Errors:  ValueError if the weights are not of the input's shape.
    Source:  torch.nn.functional.mse_loss.
    """
    _warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy_get_string(size_average, reduce)
    inputs = broadcast_tensors(input, target)
    if weight is None:
        return losses.mse_loss(*inputs, get_enum(reduction))
    return _weighted(
        lambda: (inputs[0] - inputs[1]).pow(2), input, weight, reduction,
        lambda weighted: weighted.sum() / weight.sum(),
    )  # fmt: skip


@overridable
def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean", beta=1.0):
    """Half the square of a small difference over `beta`, the size of a great one less `beta` / 2.

    Source:  torch.nn.functional.smooth_l1_loss.
    """
    _warn_of_sizes(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    inputs = broadcast_tensors(input, target)
    if beta == 0:
        return losses.l1_loss(*inputs, reduction)
    return losses.smooth_l1_loss(*inputs, reduction, losses.plain_number(beta))


@overridable
def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """Half the square of a small difference; `delta` times the size of a great one, less its half.

    Errors:  ValueError if the weights are not of the input's shape.
    Source:  torch.nn.functional.huber_loss.
    """
    _warn_of_sizes(input, target)
    inputs = broadcast_tensors(input, target)
    delta = losses.plain_number(delta)
    if weight is None:
        return losses.huber_loss(*inputs, get_enum(reduction), delta)
    return _weighted(
        lambda: losses.huber_loss(*inputs, losses.NONE, delta), input, weight, reduction,
        lambda weighted: weighted.mean(),
    )  # fmt: skip


# Of shares and counts


@overridable
def binary_cross_entropy(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean"
):
    """How unlikely the target is if the input is the share of one of two classes.

    Errors:  ValueError if the shapes differ; RuntimeError for elements outside [0, 1].
    Source:  torch.nn.functional.binary_cross_entropy.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.size() != input.size():
        raise ValueError(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}) is deprecated. Please ensure they have the same size."
        )
    if weight is not None:
        weight = weight.expand(broadcast_shapes_of(target.size(), weight.size()))
    return share_losses.binary_cross_entropy(input, target, weight, reduction)


@overridable
def binary_cross_entropy_with_logits(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean", pos_weight=None
):
    """`binary_cross_entropy` of the sigmoid, without overflow.

    Errors:  ValueError if the shapes differ.
    Source:  torch.nn.functional.binary_cross_entropy_with_logits.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.size() != input.size():
        raise ValueError(
            f"Target size ({target.size()}) must be the same as input size ({input.size()})"
        )
    return share_losses.binary_cross_entropy_with_logits(
        input, target, weight, pos_weight, reduction
    )


@overridable
def kl_div(input, target, size_average=None, reduce=None, reduction="mean", log_target=False):
    """`target * (log(target) - input)`; its "batchmean" is the Kullback-Leibler divergence.

    Source:  torch.nn.functional.kl_div.
    """
    if size_average is not None or reduce is not None:
        number = legacy_get_enum(size_average, reduce)
    else:
        if reduction == "mean":
            warn_user(
                "reduction: 'mean' divides the total loss by both the batch size and the support "
                "size.'batchmean' divides only by the batch size, and aligns with the KL div math "
                "definition.'mean' will be changed to behave the same as 'batchmean' in the next "
                "major release."
            )
        number = get_enum("sum" if reduction == "batchmean" else reduction)
    loss = share_losses.kl_div(input, target, number, log_target=log_target)
    return loss / input.size()[0] if reduction == "batchmean" and input.dim() else loss


@overridable
def poisson_nll_loss(
    input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None,
    reduction="mean",
):  # fmt: skip
    """How unlikely counts are whose rate, or its logarithm, the input is.

    Source:  torch.nn.functional.poisson_nll_loss.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_get_string(size_average, reduce)
    _require_reduction(reduction, "is not a valid value for reduction")
    return share_losses.poisson_nll_loss(input, target, log_input, full, eps, get_enum(reduction))


def _require_reduction(reduction, words):
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} {words}")


def _reduced(loss, reduction):
    if reduction == "none":
        return loss
    return loss.mean() if reduction == "mean" else loss.sum()


def _variances(var, input):
    """The variances in a shape that broadcasts with the input."""
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = ones_like(input) * var
    elif any_of(var < 0):
        raise ValueError("var has negative entry/entries")
    if var.size() == input.size():
        return var
    if input.size()[:-1] == var.size():
        return var.unsqueeze(-1)
    if input.ndim == var.ndim:
        sizes = zip(input.size(), var.size(), strict=True)
        if [small for large, small in sizes if large != small] == [1]:
            return var
    raise ValueError("var is of incorrect size")


@overridable
def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    """How unlikely the target is where means and variances are given. This waits for `var`.

    Errors:  ValueError for negative variances, and for shapes that do not fit.
    Source:  torch.nn.functional.gaussian_nll_loss.
    """
    var = _variances(var, input)
    _require_reduction(reduction, "is not valid")
    var = var.clone()
    with no_grad():
        var.clamp_(min=eps)
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss += 0.5 * math.log(2 * math.pi)
    return _reduced(loss, reduction)


# With a margin


@overridable
def hinge_embedding_loss(
    input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"
):
    """`input` where the target is 1; what `input` lacks to the margin where it is -1.

    Source:  torch.nn.functional.hinge_embedding_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return margin_losses.hinge_embedding_loss(input, target, margin, reduction)


@overridable
def margin_ranking_loss(
    input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"
):
    """What the first input lacks to be `margin` above the second; below it where the target is -1.

    Errors:  RuntimeError unless all have the same number of dims.
    Source:  torch.nn.functional.margin_ranking_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if input1.dim() != input2.dim() or input1.dim() != target.dim():
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    return margin_losses.margin_ranking_loss(input1, input2, target, margin, reduction)


@overridable
def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """log(1 + exp(-target * input)). Source: torch.nn.functional.soft_margin_loss."""
    return losses.soft_margin_loss(input, target, reduction_of(size_average, reduce, reduction))


@overridable
def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """What each label lacks to be 1 above each class that is none; labels end before a -1.

    Source:  torch.nn.functional.multilabel_margin_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return margin_losses.multilabel_margin_loss(input, target, reduction)[0]


@overridable
def multilabel_soft_margin_loss(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean"
):
    """`binary_cross_entropy_with_logits`, the mean over classes along the last dim.

    Source:  torch.nn.functional.multilabel_soft_margin_loss.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_get_string(size_average, reduce)
    loss = -(target * log_sigmoid(input) + (1 - target) * log_sigmoid(-input))
    if weight is not None:
        loss = loss * weight
    dim = input.dim() - 1
    loss = loss.sum(dim) / input.size(dim)
    _require_reduction(reduction, "is not valid")
    return _reduced(loss, reduction)


@overridable
def cosine_embedding_loss(
    input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"
):
    """1 - cos of two vectors where the target is 1; cos above the margin where it is -1.

    Source:  torch.nn.functional.cosine_embedding_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    return margin_losses.cosine_embedding_loss(input1, input2, target, margin, reduction)


@overridable
def multi_margin_loss(
    input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction="mean"
):
    """What the class of an input lacks to be `margin` above each other, to the power of `p`.

    Errors:  ValueError for a power but 1 and 2; RuntimeError for a class that is not there.
    Source:  torch.nn.functional.multi_margin_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.dim() != 1:
        raise ValueError("weight must be one-dimensional")
    return margin_losses.multi_margin_loss(input, target, p, margin, weight, reduction)


def _require_margin(margin):
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")


@overridable
def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None,
    reduce=None, reduction="mean",
):  # fmt: skip
    """What the negative lacks to be `margin` farther from the anchor than the positive is.

    Errors:  ValueError unless the margin is above 0.
    Source:  torch.nn.functional.triplet_margin_loss.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _require_margin(margin)
    return margin_losses.triplet_margin_loss(
        anchor, positive, negative, margin, p, eps, swap, reduction
    )


@overridable
def triplet_margin_with_distance_loss(
    anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction="mean"
):
    """The same by any distance. Source: torch.nn.functional.triplet_margin_with_distance_loss."""
    _require_reduction(reduction, "is not a valid value for reduction")
    _require_margin(margin)
    margin_losses.check_triplet(anchor, positive, negative)
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    return _reduced((margin + near - far).clamp_min(0), reduction)
