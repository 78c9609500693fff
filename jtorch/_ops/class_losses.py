"""Losses of classifiers: the negative log-likelihood of a class, and cross entropy."""

import dataclasses

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.bounds import Bounds, indexed, known, outside
from jtorch._ops.history import by_number
from jtorch._ops.losses import MEAN, NONE, SUM, refuse_gradients, require_floats, require_number
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index
from jtorch._ops.product import HALF
from jtorch._ops.signatures import is_integer
from jtorch._tensor import Tensor


@dataclasses.dataclass(frozen=True)
class ClassBounds(Bounds):
    """Bounds of classes, of which one number stands for none."""

    ignored: int = -100

    def check(self, index):
        array = known(index)
        if array is None or not array.size:
            return
        if self.low <= array.min() and array.max() < self.high:
            return
        wrong = ((array < self.low) | (array >= self.high)) & (array != self.ignored)
        if wrong.any():
            raise self.error(int(array.reshape(-1)[np.argmax(wrong)]))


def _bounds(input, ignore_index):
    def error(value):
        return IndexError(f"Target {value} is out of bounds.")

    return ClassBounds(0, input.shape[_axis(input)], error, ignore_index)


def _axis(input):
    """The dim of the classes."""
    return 0 if input.ndim == 1 else 1


def _check_dtypes(kernel, input, target, weight):
    require_floats(kernel, input)
    if target.dtype is not _dtypes.int64 and target.dtype is not _dtypes.uint8:
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {target.dtype.scalar_name}"
        )
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(
            f"expected scalar type {input.dtype.scalar_name} but found {weight.dtype.scalar_name}"
        )


def _check_nll(input, target, weight):
    if not 0 < input.ndim <= 2:
        raise RuntimeError("input tensor should be 1D or 2D")
    if target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input.ndim == 1 and target.ndim == 1:
        if target.shape[0] != 1:
            raise ValueError(
                f"For 1D input, 1D target must have size 1, but got target size: {target.shape[0]}"
            )
    elif input.ndim == 2 and tuple(target.shape) != tuple(input.shape[:1]):
        raise RuntimeError(
            f"size mismatch (got input: {list(input.shape)}, target: {list(target.shape)})"
        )
    _check_weight(weight, input.shape[-1])
    _check_dtypes("nll_loss_out_frame", input, target, weight)


def _check_weight(weight, classes, place=""):
    if weight is not None and tuple(weight.shape) != (classes,):
        raise RuntimeError(
            f"{place}weight tensor should be defined either for all {classes} classes or no "
            f"classes but got weight tensor of shape: {list(weight.shape)}"
        )


def _check_nll_2d(input, target, weight):
    if target.ndim != 3:
        raise RuntimeError(
            "only batches of spatial targets supported (3D tensors) but got targets of dimension: "
            f"{target.ndim}"
        )
    if weight is not None and weight.numel() != input.shape[1]:
        raise RuntimeError("weight tensor should be defined either for all or no classes")
    if (input.shape[0], *input.shape[2:]) != tuple(target.shape):
        raise RuntimeError(
            f"size mismatch (got input: {list(input.shape)} , target: {list(target.shape)}"
        )
    _check_dtypes("nll_loss2d_forward_out_frame", input, target, weight)
    if target.dtype is not _dtypes.int64:
        raise RuntimeError(f"expected scalar type Long but found {target.dtype.scalar_name}")


@jax.custom_jvp
def at_classes(array, classes):
    """The elements of dim 1 that classes name."""
    return jnp.squeeze(jnp.take_along_axis(array, classes[:, None], 1, mode="clip"), 1)


@at_classes.defjvp
def _of_classes(primals, tangents):
    """By comparison with all classes: its transpose fuses with what follows, a scatter does not."""
    array, classes = primals
    number = lax.broadcasted_iota(np.int32, array.shape, 1)
    chosen = number == classes.astype(np.int32)[:, None]
    return at_classes(*primals), jnp.sum(jnp.where(chosen, tangents[0], 0), 1)


def _likelihood(input, target, weight, reduction, ignore_index):
    """((loss, weight of all that counts), code) of an input whose classes are along dim 1."""
    wide = input.astype(np.float32) if input.dtype in HALF else input
    target = target.astype(np.int64)
    counts = target != ignore_index
    classes = jnp.where(counts, target, 0)
    code = outside(classes, 0, input.shape[1])
    if not input.size:  # no class, or nothing to classify
        losses = scales = jnp.zeros(target.shape, wide.dtype)
    elif weight is None:
        scales = counts.astype(wide.dtype)
        losses = jnp.where(counts, -at_classes(wide, classes), 0)
    else:
        chosen = jnp.take(weight.reshape(-1).astype(wide.dtype), classes, mode="clip")
        scales = jnp.where(counts, chosen, 0)
        losses = jnp.where(counts, -at_classes(wide, classes) * chosen, 0)
    if reduction == NONE:
        results = losses, jnp.zeros((), wide.dtype)
    else:
        total, count = jnp.sum(losses), jnp.sum(scales)
        results = (total / count if reduction == MEAN else total), count
    return tuple(each.astype(input.dtype) for each in results), code


def _class_row(check, **fields):
    return indexed(variants="", check=check, bounds=_bounds, index_name="target", **fields)


@_class_row(_check_nll)
def nll_loss(
    input: Tensor, target: Index, weight: Index | None = None, reduction: int = MEAN,
    ignore_index: int = -100,
):  # fmt: skip
    """(loss, weight of all that counts): minus the elements at classes, times their weights.

    Source:  torch.nn.functional.nll_loss, of one dim or two.
    """
    if input.ndim == 2:
        return _likelihood(input, target, weight, reduction, ignore_index)
    results, code = _likelihood(input[None], target.reshape(1), weight, reduction, ignore_index)
    return (results[0].reshape(()), results[1]), code


@_class_row(_check_nll_2d, gradient="NllLoss2DBackward0")
def nll_loss2d(
    input: Tensor, target: Index, weight: Index | None = None, reduction: int = MEAN,
    ignore_index: int = -100,
):  # fmt: skip
    """The same of images, whose classes are along dim 1. Source: torch.nn.functional.nll_loss."""
    return _likelihood(input, target, weight, reduction, ignore_index)


def _nll(input, target, weight, reduction, ignore_index):
    """(loss, weight of all that counts) of an input with any number of dims."""
    if not input.ndim:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if input.ndim != 1 and input.shape[0] != target.size(0):
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0]})."
        )
    images = input.ndim > 2
    refuse_gradients("nll_loss2d_forward" if images else "nll_loss_forward", weight=weight)
    if not images:
        return nll_loss(input, target, weight, reduction, ignore_index)
    if input.ndim == 4:
        return nll_loss2d(input, target, weight, reduction, ignore_index)
    count, classes, *rest = input.shape
    if tuple(target.shape[1:]) != tuple(rest):
        raise RuntimeError(f"Expected target size {[count, *rest]}, got {list(target.shape)}")
    flat = (1, -1) if input.numel() else (0, 0)
    rows = input.contiguous().view(count, classes, *flat)
    flat = (1, -1) if target.numel() else (0, 0)
    target = target.contiguous().view(count, *flat)
    loss, total = nll_loss2d(rows, target, weight, reduction, ignore_index)
    return (loss.view(count, *rest) if reduction == NONE else loss), total


@offered(
    "(Tensor input, Tensor target, Tensor? weight = None, int reduction = 1, "
    "int ignore_index = -100)"
)
def nll_loss_nd(input, target, weight=None, reduction=MEAN, ignore_index=-100):
    """Minus the elements at classes, times their weights.

    Shape:   (C), () or (N, C, ...), (N, ...) -> that of `target`, or ().
    Errors:  IndexError for a class that is not there; RuntimeError or ValueError for shapes and
             dtypes that do not fit.
    Source:  torch.nn.functional.nll_loss.
    """
    _require(input, target, weight, ignore_index)
    return _nll(input, target, weight, reduction, ignore_index)[0]


def _require(input, target, weight, ignore_index):
    require_tensors(input, target, *(() if weight is None else (weight,)))
    if not is_integer(ignore_index):
        raise TypeError("not an integer")


def _for_classes(weight, input):
    """The weights in a shape that broadcasts with an input of more than one dim."""
    return weight if input.ndim == 1 else weight.view(1, -1, *[1] * (input.ndim - 2))


def _of_probabilities(input, target, weight, reduction, label_smoothing):
    axis = _axis(input)
    classes = input.shape[axis] if input.ndim else 1
    _check_weight(weight, classes, "cross_entropy: ")
    likely = input.log_softmax(axis)
    if label_smoothing > 0:
        target = by_number(by_number(target * (1 - label_smoothing)) + label_smoothing / classes)
    terms = likely * target
    if weight is not None:
        terms = terms * _for_classes(weight, input)
    if reduction == NONE:
        return -terms.sum(axis)
    loss = -terms.sum()
    if reduction == SUM:
        return loss
    if not input.numel():
        return loss.fill_(float("nan"))
    return by_number(loss / (input.numel() / classes))


def _smoothed(input, target, weight, reduction, ignore_index, label_smoothing):
    axis = _axis(input)
    likely = input.log_softmax(axis)
    loss, total = _nll(likely, target, weight, reduction, ignore_index)
    terms = likely if weight is None else likely * _for_classes(weight, input)
    others = (-terms.sum(axis)).masked_fill_(target == ignore_index, 0.0)
    if reduction != NONE:
        others = others.sum()
    if reduction == MEAN:
        others = others / total.detach()
    share = label_smoothing / input.shape[axis]
    return by_number(loss * (1 - label_smoothing)) + by_number(others * share)


@offered(
    "(Tensor input, Tensor target, Tensor? weight = None, int reduction = 1, "
    "int ignore_index = -100, float label_smoothing = 0.0)"
)
def cross_entropy_loss(
    input, target, weight=None, reduction=MEAN, ignore_index=-100, label_smoothing=0.0
):
    """How unlikely the target is by an input of logits: numbers of classes, or their shares.

    Shape:   (C), () or (N, C, ...), (N, ...), or two of one shape -> (N, ...), or ().
    Errors:  as `nll_loss`.
    Source:  torch.nn.functional.cross_entropy.
    """
    _require(input, target, weight, ignore_index)
    label_smoothing = require_number(label_smoothing)
    if target.shape == input.shape:
        if target.dtype.category != FLOATING:
            raise RuntimeError(
                "Expected floating point type for target with class probabilities, got "
                f"{target.dtype.scalar_name}"
            )
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        return _of_probabilities(input, target, weight, reduction, label_smoothing)
    if label_smoothing > 0:
        if label_smoothing > 1:
            raise RuntimeError(
                f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:.6g}"
            )
        return _smoothed(input, target, weight, reduction, ignore_index, label_smoothing)
    likely = input.log_softmax(_axis(input))
    return _nll(likely, target, weight, reduction, ignore_index)[0]
