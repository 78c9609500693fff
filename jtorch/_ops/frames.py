"""Windows of a signal that overlap: as rows of their own, and added up again."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.promotion import DEFAULT
from jtorch._shapes import pointwise_strides
from jtorch._tensor import Tensor

_BLOCKS = 32  # with more steps than that in a frame, elements are picked one by one
_LEAST = 1e-11  # of what a signal is divided by


def _framed(signals, size, step):
    """(B, length) -> (B, frames, size): blocks of `step` elements side by side, then cut off."""
    batch, length = signals.shape
    count = 1 + (length - size) // step
    blocks = -(-size // step)
    if blocks > _BLOCKS:
        places = np.arange(count)[:, None] * step + np.arange(size)
        return jnp.take(signals, places, 1)
    whole = (count + blocks - 1) * step
    signals = jnp.pad(signals[:, :whole], ((0, 0), (0, max(whole - length, 0))))
    grid = signals.reshape(batch, count + blocks - 1, step)
    parts = [grid[:, first : first + count] for first in range(blocks)]
    return jnp.concatenate(parts, 2)[..., :size]


def _frame_strides(input, step, result):
    """In the order of torch's overlapping view, of which the next operation makes a dense tensor."""
    rows, places = input.stride()
    return pointwise_strides(((result, (rows, places * step, places)),), result)


@detailed(name="stft.frames", variants="", gradient="AsStridedBackward0", layout=_frame_strides)
def _frames(input: Tensor, width: int, step: int):
    return _framed(input, width, step)


def frames(input, size, step):
    """The frames of signals: (B, length) -> (B, 1 + (length - size) // step, size)."""
    made = _frames(input, size, step)
    if made._node is not None:  # what torch's node of an overlapping view saves
        rows, places = input.stride()
        stride = (rows, places * step, places)
        saved = {"size": tuple(made.shape), "stride": stride, "storage_offset": None}
        made._node._arguments = saved
    return made


@detailed(name="istft.overlapped", variants="", gradient="UnfoldBackwardBackward0")
def _overlapped(input: Tensor, length: int, step: int):
    batch, _, size = input.shape
    signals = jax.ShapeDtypeStruct((batch, length), input.dtype)
    (total,) = jax.linear_transpose(functools.partial(_framed, size=size, step=step), signals)(
        input
    )
    return total


def overlapped(input, length, step):
    """The sum of frames in their places: (B, frames, size) -> (B, length)."""
    made = _overlapped(input, length, step)
    if made._node is not None:
        made._node._arguments = {"dim": 1, "size": input.shape[2], "step": step}
    return made


def _no_envelope(call):
    def make(code):
        return RuntimeError(f"{call} window overlap add min: 1\n[ CPUBoolType{{}} ]")

    return make


@detailed(DEFAULT, name="istft.divided", variants="", gradient="DivBackward0", failure=_no_envelope)
def divided(input: Tensor, other: Tensor, call: str):
    """Signals over the sum of squared windows, which must not vanish; `call` is named if it does."""
    vanishes = jnp.abs(other).min() < _LEAST
    return input / other, vanishes.astype(np.int64)
