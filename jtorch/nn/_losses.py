"""The losses of torch.nn.functional, as users call them; the rows are elsewhere."""

from jtorch._ops import class_losses, losses
from jtorch._ops.along import warn_user
from jtorch._ops.join import broadcast_tensors
from jtorch._override import overridable
from jtorch.nn._reduction import get_enum, legacy_get_string, reduction_of

__all__ = ["cross_entropy", "huber_loss", "l1_loss", "mse_loss", "nll_loss", "smooth_l1_loss"]


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
    return losses.smooth_l1_loss(*inputs, reduction, beta)


@overridable
def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """Half the square of a small difference; `delta` times the size of a great one less `delta` / 2.

    Errors:  ValueError if the weights are not of the input's shape.
    Source:  torch.nn.functional.huber_loss.
    """
    _warn_of_sizes(input, target)
    inputs = broadcast_tensors(input, target)
    if weight is None:
        return losses.huber_loss(*inputs, get_enum(reduction), delta)
    return _weighted(
        lambda: losses.huber_loss(*inputs, losses.NONE, delta), input, weight, reduction,
        lambda weighted: weighted.mean(),
    )  # fmt: skip
