"""The convolutions of torch.nn.functional, as users call them; the rows are elsewhere."""

from jtorch._ops import blocks
from jtorch._ops.convolution import (
    conv1d,
    conv2d,
    conv3d,
    conv_tbc,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from jtorch._ops.shuffles import (
    channel_shuffle,
    native_channel_shuffle,
    pixel_shuffle,
    pixel_unshuffle,
)
from jtorch._override import overridable

__all__ = [
    "channel_shuffle", "conv1d", "conv2d", "conv3d", "conv_tbc", "conv_transpose1d",
    "conv_transpose2d", "conv_transpose3d", "fold", "native_channel_shuffle", "pixel_shuffle",
    "pixel_unshuffle", "unfold",
]  # fmt: skip

unfold = overridable(blocks.unfold)
fold = overridable(blocks.fold)
for _each in (unfold, fold):
    _each.__module__ = "torch.nn.functional"
