"""Activations: modules that apply a function to each element, or along a dim."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module

__all__ = ["ReLU"]


class ReLU(Module):
    """`max(x, 0)`. Source: torch.nn.ReLU."""

    __constants__ = ["inplace"]
    inplace: bool

    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input):
        return functional.relu(input, inplace=self.inplace)

    def extra_repr(self):
        return "inplace=True" if self.inplace else ""
