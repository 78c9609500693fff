"""The module that mixes the channels of groups."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module

__all__ = ["ChannelShuffle"]


class ChannelShuffle(Module):
    """The channels of all groups in turn.

    Shape:   (N, C, *size) -> the same.
    Source:  torch.nn.ChannelShuffle.
    """

    __constants__ = ["groups"]
    groups: int

    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, input):
        return functional.channel_shuffle(input, self.groups)

    def extra_repr(self):
        return f"groups={self.groups}"
