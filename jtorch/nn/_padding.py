"""Padding, as torch.nn.functional has it."""

from jtorch._ops import padding
from jtorch._override import overridable

__all__ = ["pad"]


@overridable
def pad(input, pad, mode="constant", value=None):
    """`input` with borders: `pad` is (before, after) of the last dim, of the one before it, ...

    Modes are "constant" (with `value`, or 0), "reflect", "replicate" and "circular"; all but the first
    pad the last one, two or three dims of an image, batched or not.
    Errors:  RuntimeError if the pads do not suit the shape; NotImplementedError for other modes.
    Source:  torch.nn.functional.pad.
    """
    return padding.pad(input, pad, mode, value)


pad.__module__ = "torch.nn.functional"
