"""Activations along a dim: softmax and its relatives."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module


def _set_dim(module, state):
    """The state of a pickle, which may come from before there was a dim."""
    Module.__setstate__(module, state)
    module.__dict__.setdefault("dim", None)


def _show_dim(module):
    return f"dim={module.dim}"


class Softmin(Module):
    """`softmax(-x)` along a dim. Source: torch.nn.Softmin."""

    __module__ = "jtorch.nn.modules.activation"
    __constants__ = ["dim"]
    dim: int | None

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    __setstate__ = _set_dim
    extra_repr = _show_dim

    def forward(self, input):
        return functional.softmin(input, self.dim, _stacklevel=4)


class Softmax(Module):
    """exp(x), scaled so that it sums to 1 along a dim. Source: torch.nn.Softmax."""

    __module__ = "jtorch.nn.modules.activation"
    __constants__ = ["dim"]
    dim: int | None

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    __setstate__ = _set_dim
    extra_repr = _show_dim

    def forward(self, input):
        return functional.softmax(input, self.dim, _stacklevel=4)


class Softmax2d(Module):
    """`softmax` over the channels at each place. Shape: (N, C, H, W). Source: torch.nn.Softmax2d."""

    __module__ = "jtorch.nn.modules.activation"

    def forward(self, input):
        if input.dim() not in (3, 4):
            raise ValueError(
                f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead"
            )
        return functional.softmax(input, -3, _stacklevel=4)


class LogSoftmax(Module):
    """log(softmax(x)) along a dim. Source: torch.nn.LogSoftmax."""

    __module__ = "jtorch.nn.modules.activation"
    __constants__ = ["dim"]
    dim: int | None

    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    __setstate__ = _set_dim
    extra_repr = _show_dim

    def forward(self, input):
        return functional.log_softmax(input, self.dim, _stacklevel=4)
