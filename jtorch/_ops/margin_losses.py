"""Losses that want a margin: between classes, labels, pairs and triplets."""

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._meta import Meta
from jtorch._ops.bounds import Bounds, indexed, outside
from jtorch._ops.class_losses import at_classes
from jtorch._ops.constants import constant
from jtorch._ops.creation import zeros_like
from jtorch._ops.distances import pairwise_distance
from jtorch._ops.filling import where
from jtorch._ops.history import by_number
from jtorch._ops.losses import (
    MEAN,
    NONE,
    known_reduction,
    plain_number,
    reduced,
    reduced_tensor,
    refuse_gradients,
    require_number,
)
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number
from jtorch._ops.refusals import unsupported
from jtorch._tensor import Tensor


def less(number, tensor):
    """`number - tensor`, as torch has it in its graph: the number is a tensor there."""
    return constant(Meta((), tensor.dtype, tensor.device), number) - tensor


@offered("(Tensor input, Tensor target, float margin = 1.0, int reduction = 0)", variants="f")
def hinge_embedding_loss(input, target, margin=1.0, reduction=NONE):
    """`input` where the target is 1; what `input` lacks to the margin where it is -1.

    Source:  torch.hinge_embedding_loss.
    """
    require_tensors(input, target)
    nothing = zeros_like(input)
    apart = where(target != 1, less(require_number(margin), input).clamp_min_(0), nothing)
    near = where(target != -1, input, nothing)
    return reduced_tensor(apart + near, known_reduction(reduction))


@offered(
    "(Tensor input1, Tensor input2, Tensor target, float margin = 0.0, int reduction = 0)",
    variants="f",
)
def margin_ranking_loss(input1, input2, target, margin=0.0, reduction=NONE):
    """What the first input lacks to be `margin` above the second; below it where the target is -1.

    Source:  torch.margin_ranking_loss.
    """
    require_tensors(input1, input2, target)
    lack = by_number(-target * (input1 - input2) + require_number(margin)).clamp_min_(0)
    return reduced_tensor(lack, known_reduction(reduction))


_LEAST = 1e-12


def _check_pairs(input1, input2, target):
    if target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input1.ndim != target.ndim + 1 or input2.ndim != target.ndim + 1:
        raise RuntimeError(
            f"{target.ndim}D target tensor expects {target.ndim + 1}D input tensors, but found "
            f"inputs with sizes {list(input1.shape)} and {list(input2.shape)}."
        )


@offered(
    "(Tensor input1, Tensor input2, Tensor target, float margin = 0.0, int reduction = 0)",
    variants="f",
)
def cosine_embedding_loss(input1, input2, target, margin=0.0, reduction=NONE):
    """1 - cos of two vectors where the target is 1; cos above the margin where it is -1.

    Shape:   (N, D), (N, D), (N) or (D), (D), () -> that of `target`, or ().
    Errors:  RuntimeError for other numbers of dims.
    Source:  torch.cosine_embedding_loss.
    """
    require_tensors(input1, input2, target)
    _check_pairs(input1, input2, target)
    dim = target.ndim
    sizes = [by_number((each * each).sum(dim) + _LEAST) for each in (input1, input2)]
    cosine = (input1 * input2).sum(dim) / (sizes[0] * sizes[1]).sqrt_()
    nothing = zeros_like(cosine)
    near = where(target == 1, less(1, cosine), nothing)
    apart = by_number(cosine - require_number(margin)).clamp_min_(0)
    apart = where(target == -1, apart, nothing)
    return reduced_tensor(near + apart, known_reduction(reduction))


def check_triplet(anchor, positive, negative):
    """torch's refusal of triplets of different numbers of dims."""
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {anchor.ndim}D, positive {positive.ndim}D, and negative "
            f"{negative.ndim}D inputs"
        )


@offered(
    "(Tensor anchor, Tensor positive, Tensor negative, float margin = 1.0, float p = 2.0, "
    "float eps = 1e-06, bool swap = False, int reduction = 0)",
    variants="f",
)
def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6, swap=False, reduction=NONE
):
    """What the negative lacks to be `margin` farther from the anchor than the positive is.

    Source:  torch.triplet_margin_loss.
    """
    require_tensors(anchor, positive, negative)
    check_triplet(anchor, positive, negative)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.minimum(pairwise_distance(positive, negative, p, eps))
    lack = (by_number(near + require_number(margin)) - far).clamp_min(0)
    return reduced_tensor(lack, known_reduction(reduction))


# Between classes


def _check_rows(input):
    if input.ndim > 2 or (input.ndim and not input.shape[-1]):
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
            f"{list(input.shape)}"
        )


def _check_kernel(kernel, input, target, *others):
    if input.dtype not in (_dtypes.float32, _dtypes.float64):
        raise unsupported(kernel, input.dtype)
    for each, wanted in ((target, _dtypes.int64), *((each, input.dtype) for each in others)):
        if each is not None and each.dtype is not wanted:
            raise RuntimeError(
                f"expected scalar type {wanted.scalar_name} but found {each.dtype.scalar_name}"
            )


def _check_multi_margin(input, target, weight):
    _check_rows(input)
    count = input.shape[0] if input.ndim == 2 else 1
    classes = input.shape[-1] if input.ndim else 1
    if target.ndim > 1 or target.numel() != count:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
            f"samples (batch size). Expected target size [{count}], but got "
            f"{list(target.shape)}. Input has shape {list(input.shape)}."
        )
    if weight is not None and (weight.ndim > 1 or weight.numel() != classes):
        raise RuntimeError(
            f"inconsistent weight size, expected {classes} but got {list(weight.shape)}"
        )
    _check_kernel("multi_margin_loss_cpu_kernel", input, target, weight)


def _multi_margin_bounds(input):
    return Bounds(
        0, input.shape[-1] if input.ndim else 1, lambda value: RuntimeError("target out of range")
    )


@indexed(
    name="multi_margin_loss",
    variants="",
    check=_check_multi_margin,
    bounds=_multi_margin_bounds,
    index_name="target",
    shape=lambda target, reduction: target.shape if reduction == NONE else (),
    dtype=lambda input: input.dtype,
)
def _multi_margin_loss(
    input: Tensor, target: Index, p: int, margin: Number, weight: Index | None = None,
    reduction: int = MEAN,
):  # fmt: skip
    rows = input.reshape(-1, input.shape[-1] if input.ndim else 1)
    classes = target.reshape(-1)
    code = outside(classes, 0, rows.shape[1])
    lack = jnp.asarray(margin).astype(rows.dtype) - at_classes(rows, classes)[:, None] + rows
    others = jnp.arange(rows.shape[1]) != classes[:, None]
    lack = jnp.where(others & (lack > 0), lack, 0)
    if p == 2:
        lack = lack * lack
    losses = jnp.sum(lack, 1) / rows.shape[1]
    if weight is not None:
        losses = losses * jnp.take(weight.reshape(-1), classes, mode="clip")
    return reduced(losses.reshape(target.shape), reduction), code


def multi_margin_loss(input, target, p, margin, weight, reduction):
    """What the class of an input lacks to be `margin` above each other, to the power of `p`.

    Shape:   (C), () or (N, C), (N) -> that of `target`, or ().
    Errors:  RuntimeError for a class that is not there.
    Source:  torch.nn.functional.multi_margin_loss.
    """
    refuse_gradients("multi_margin_loss", weight=weight)
    return _multi_margin_loss(input, target, int(p), plain_number(margin), weight, reduction)


def _check_labels(input, target):
    _check_rows(input)
    fits = tuple(input.shape) == tuple(target.shape) or (
        input.ndim < 2 and target.ndim < 2 and input.numel() == target.numel()
    )
    if not fits:
        raise RuntimeError(
            f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}"
        )
    _check_kernel("multilabel_margin_loss_forward_out_frame", input, target)


def _labels_bounds(input):
    count = input.shape[-1] if input.ndim else 1
    return Bounds(-1, count, lambda value: RuntimeError("argument #2 'target' is out of range"))


@indexed(
    variants="",
    check=_check_labels,
    bounds=_labels_bounds,
    index_name="target",
    overloads=("(Tensor input, Tensor target, int reduction = 1)",),
)
def multilabel_margin_loss(input: Tensor, target: Index, reduction: int = MEAN):
    """(what each label lacks to be 1 above what is none, marks of labels); labels end before a -1.

    Source:  torch.nn.functional.multilabel_margin_loss.
    """
    count = input.shape[-1] if input.ndim else 1
    rows, labels = input.reshape(-1, count), target.reshape(-1, count)
    code = outside(labels, -1, count)
    given = jnp.cumsum(labels < 0, 1) == 0
    labels = jnp.where(given, labels, 0)
    hot = given[:, :, None] & (labels[:, :, None] == jnp.arange(count))
    marks = jnp.any(hot, 1)
    chosen = jnp.take_along_axis(rows, labels, 1, mode="clip")
    lack = 1 - chosen[:, :, None] + rows[:, None, :]
    lack = jnp.where((lack > 0) & given[:, :, None] & ~marks[:, None, :], lack, 0)
    losses = jnp.sum(lack, (1, 2)) / count
    losses = losses.reshape(input.shape[:1] if input.ndim == 2 else ())
    return (reduced(losses, reduction), marks.astype(input.dtype).reshape(target.shape)), code
