"""Connectionist temporal classification: the loss of a sequence of labels without their places."""

import itertools

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.bounds import tensor_of
from jtorch._ops.detailed import detailed
from jtorch._ops.filling import where
from jtorch._ops.losses import MEAN, NONE, SUM, known_reduction
from jtorch._ops.names import refused
from jtorch._ops.offered import require_tensors
from jtorch._ops.parameters import Index
from jtorch._ops.refusals import unsupported
from jtorch._ops.signatures import is_integer, overloads
from jtorch._ops.slopes import sloped
from jtorch._tensor import Tensor

_CHECKING = "(while checking arguments for ctc_loss_allocate_outputs)"
_NEVER = -jnp.inf  # the logarithm of 0
_WITHOUT_TANGENTS = refused("CtcLossBackward0", "_ctc_loss")


def _sum_of_three(first, second, third):
    """log(exp + exp + exp), -inf where all of them are."""
    largest = jnp.maximum(jnp.maximum(first, second), third)
    base = jnp.where(largest == _NEVER, 0, largest)
    return base + jnp.log(jnp.exp(first - base) + jnp.exp(second - base) + jnp.exp(third - base))


def _shifted(array, count, forward):
    """Places along the last dim moved by some, with -inf where nothing comes from."""
    filler = jnp.full((*array.shape[:-1], count), _NEVER, array.dtype)
    if forward:
        return jnp.concatenate([filler, array[..., :-count]], -1)
    return jnp.concatenate([array[..., count:], filler], -1)


def _steps(targets, blank):
    """(labels with blanks between, where a path may leave out the blank before): (N, 2 S + 1)."""
    count, length = targets.shape
    labels = jnp.full((count, 2 * length + 1), blank, targets.dtype).at[:, 1::2].set(targets)
    two_before = jnp.concatenate([labels[:, :2], labels[:, :-2]], 1)[:, : labels.shape[1]]
    return labels, labels != two_before


def _emitted(log_probs, labels):
    """How likely each label is at each time: (T, N, 2 S + 1)."""
    index = jnp.broadcast_to(labels, (log_probs.shape[0], *labels.shape))
    return jnp.take_along_axis(log_probs, index, 2, mode="clip")


def _forwards(emitted, skips, input_lengths):
    """How likely the paths are that end at each time and label: (T, N, 2 S + 1)."""
    width = emitted.shape[2]
    begin = jnp.where(jnp.arange(width) < 2, emitted[0], _NEVER)

    def step(before, given):
        time, now = given
        skipping = jnp.where(skips, _shifted(before, 2, True), _NEVER) if width > 1 else _NEVER
        moved = _shifted(before, 1, True)
        after = _sum_of_three(before, moved, jnp.broadcast_to(skipping, now.shape)) + now
        after = jnp.where((time < input_lengths)[:, None], after, before)
        return after, after

    times = jnp.arange(1, emitted.shape[0])
    _, later = lax.scan(step, begin, (times, emitted[1:]))
    return jnp.concatenate([begin[None], later])


def _backwards(emitted, skips, input_lengths, target_lengths):
    """How likely the paths are from each time and label to the end, these included."""
    width = emitted.shape[2]
    place = jnp.arange(width)
    ends = 2 * target_lengths[:, None]
    is_end = (place == ends) | (place == ends - 1)
    leaves = _skips_ahead(skips)

    def step(after, given):
        time, now = given
        skipping = jnp.where(leaves, _shifted(after, 2, False), _NEVER) if width > 1 else _NEVER
        moved = _shifted(after, 1, False)
        before = _sum_of_three(after, moved, jnp.broadcast_to(skipping, now.shape)) + now
        before = jnp.where((time < input_lengths - 1)[:, None], before, _NEVER)
        last = (time == input_lengths - 1)[:, None]
        before = jnp.where(last & is_end, now, before)
        return before, before

    times = jnp.arange(emitted.shape[0])
    nothing = jnp.full(emitted.shape[1:], _NEVER, emitted.dtype)
    return lax.scan(step, nothing, (times, emitted), reverse=True)[1]


def _skips_ahead(skips):
    """Where a path may leave out the blank that follows."""
    return jnp.concatenate([skips[:, 2:], jnp.zeros_like(skips[:, :2])], 1)[:, : skips.shape[1]]


@sloped(
    lambda t, log_probs, targets, inputs, lengths, blank, zeroed, y: jnp.sum(
        t * _slope(log_probs, targets, inputs, lengths, blank, zeroed, y), (0, 2)
    ),
    None, None, None, None, None,
)  # fmt: skip
def _unlikelihood(log_probs, targets, input_lengths, target_lengths, blank, zeroed):
    """Minus the logarithm of how likely any path is that shows the targets: (N)."""
    labels, skips = _steps(targets, blank)
    paths = _forwards(_emitted(log_probs, labels), skips, input_lengths)[-1]
    ends = jnp.stack([2 * target_lengths, jnp.maximum(2 * target_lengths - 1, 0)], 1)
    found = jnp.take_along_axis(paths, ends, 1, mode="clip")
    by_label = jnp.where(target_lengths > 0, found[:, 1], _NEVER)
    likely = _sum_of_three(found[:, 0], by_label, jnp.full_like(by_label, _NEVER))
    nothing = jnp.where(target_lengths == 0, 0.0, _NEVER).astype(likely.dtype)
    return -jnp.where(input_lengths == 0, nothing, likely)


def _slope(log_probs, targets, input_lengths, target_lengths, blank, zeroed, loss):
    """torch's derivative: that by logits, of which `log_probs` are the log_softmax."""
    labels, skips = _steps(targets, blank)
    emitted = _emitted(log_probs, labels)
    paths = _forwards(emitted, skips, input_lengths)
    rest = _backwards(emitted, skips, input_lengths, target_lengths)
    share = jnp.exp(paths + rest - emitted + jnp.where(jnp.isinf(loss), 0, loss)[:, None])
    share = jnp.where(rest == _NEVER, 0, share)
    times, rows = log_probs.shape[:2]
    found = jnp.zeros_like(log_probs).at[
        jnp.arange(times)[:, None, None], jnp.arange(rows)[None, :, None], labels[None]
    ].add(share, mode="drop")  # fmt: skip
    slope = jnp.exp(log_probs) - found
    impossible = jnp.where(zeroed, 0, jnp.nan).astype(slope.dtype)
    slope = jnp.where(jnp.isinf(loss)[None, :, None], impossible, slope)
    counts = jnp.arange(times)[:, None] < input_lengths
    return jnp.where(counts[:, :, None], slope, 0)


@detailed(
    name="ctc_loss.padded",
    variants="",
    gradient="CtcLossBackward0",
    shape=lambda log_probs: log_probs.shape[1:2],
    dtype=lambda log_probs: log_probs.dtype,
)
def _ctc_loss(
    log_probs: Tensor, targets: Index, input_lengths: Index, target_lengths: Index, blank: int,
    zero_infinity: bool,
):  # fmt: skip
    return _unlikelihood(
        log_probs, targets, input_lengths, target_lengths, jnp.int64(blank), zero_infinity
    )


# Checks


def _lengths(name, given):
    """Lengths as Python integers."""
    if not isinstance(given, Tensor):
        return [int(each) for each in given]
    if given.dtype.category >= FLOATING or given.dtype is _dtypes.bool_:
        raise RuntimeError(f"{name} must be integral")
    return given.detach().reshape(-1).tolist()


def _check(log_probs, targets, inputs, lengths, blank):
    if log_probs.dtype not in (_dtypes.float32, _dtypes.float64):
        raise unsupported("ctc_loss_cpu", log_probs.dtype)
    if log_probs.ndim != 3:
        raise RuntimeError(
            f"Expected 3-dimensional tensor, but got {log_probs.ndim}-dimensional tensor for "
            f"argument #1 'log_probs' {_CHECKING}"
        )
    if not 1 <= targets.ndim <= 2:
        raise RuntimeError(
            f"Expected 1 to 2 dimensions, but got {targets.ndim}-dimensional tensor for argument #2 "
            f"'targets' {_CHECKING}"
        )
    times, count, classes = log_probs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    for name, given in (("input_lengths", inputs), ("target_lengths", lengths)):
        if len(given) != count:
            raise RuntimeError(f"{name} must be of size batch_size")
    for name, given in (("input_lengths", inputs), ("target_lengths", lengths)):
        if min(given) < 0:
            wrong = next(each for each in given if each < 0)
            raise RuntimeError(
                f"Expected {name} to have value at least 0, but got value {wrong} {_CHECKING}"
            )
    _check_targets(targets, lengths)
    if max(inputs) > times:
        wrong = next(each for each in inputs if each > times)
        raise RuntimeError(
            f"Expected input_lengths to have value at most {times}, but got value {wrong} "
            f"{_CHECKING}"
        )


def _check_targets(targets, lengths):
    what = f"for argument #2 'targets' {_CHECKING}"
    size = targets.shape[0]
    wanted = sum(lengths) if targets.ndim == 1 else len(lengths)
    if size != wanted:
        raise RuntimeError(
            f"Expected tensor to have size {wanted} at dimension 0, but got size {size} {what}"
        )
    if targets.ndim == 2 and targets.shape[1] < max(lengths):
        raise RuntimeError(
            f"Expected tensor to have size at least {max(lengths)} at dimension 1, but got size "
            f"{targets.shape[1]} {what}"
        )


def _padded(targets, lengths):
    """Targets one behind the other as rows, of a width of few different ones: few programs."""
    if targets.ndim == 2:
        return targets
    width = -(-max(lengths) // 8) * 8
    begins = [0, *itertools.accumulate(lengths)][:-1]
    places = np.array(begins, np.int64)[:, None] + np.arange(width)
    if not targets.numel():
        return targets.new_zeros(places.shape)
    places = tensor_of(np.minimum(places, targets.numel() - 1), targets.device)
    return targets.detach()[places]


def _loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity):
    require_tensors(log_probs, targets)
    if not is_integer(blank) or not isinstance(zero_infinity, bool):
        raise TypeError("arguments of wrong types")
    reduction = known_reduction(reduction)
    inputs = _lengths("input_lengths", input_lengths)
    lengths = _lengths("target_lengths", target_lengths)
    if not log_probs.numel():
        raise RuntimeError("log_probs tensor must not be empty")
    _WITHOUT_TANGENTS.refuse_tangents((log_probs,))
    is_batched = log_probs.ndim == 3
    rows = log_probs if is_batched else log_probs.unsqueeze(1)
    _check(rows, targets, inputs, lengths, blank)
    targets = _padded(targets, lengths)
    inputs, lengths = [
        tensor_of(np.array(each, np.int64), log_probs.device) for each in (inputs, lengths)
    ]
    loss = _ctc_loss(rows, targets.long(), inputs, lengths, blank, zero_infinity)
    if zero_infinity:
        loss = where(loss == float("inf"), loss.new_zeros(()), loss)
    if reduction == MEAN:
        return (loss / lengths.clamp_min(1).to(loss.dtype)).mean()
    if reduction == SUM:
        return loss.sum()
    return loss if is_batched else loss.squeeze(0)


_TEXT = (
    "(Tensor log_probs, Tensor targets, {0} input_lengths, {0} target_lengths, int blank = 0, "
    "int reduction = at::Reduction::Mean, bool zero_infinity = False)"
)


def _by_default(
    log_probs, targets, input_lengths, target_lengths, blank=0, reduction=NONE, zero_infinity=False
):
    return _loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity)


@overloads(
    (_TEXT.format("tuple of ints"), _by_default),
    (_TEXT.format("Tensor"), _by_default),
    variants="f",
)
def ctc_loss():
    """Minus the logarithm of how likely sequences of labels are, wherever in time each of them is.

    Shape:   (T, N, C), (N, S) or the labels of all one behind the other, (N), (N) -> (), or (N).
    Errors:  RuntimeError for lengths that do not fit.
    Source:  torch.ctc_loss. This waits for lengths that are tensors.
    """
