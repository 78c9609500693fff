"""Dropouts: modules that zero at random in training."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module

__all__ = [
    "AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout",
]  # fmt: skip


class _DropoutNd(Module):
    """What dropouts have in common: a probability, and whether they write into their input.

    Errors:  ValueError if `p` is no probability.
    """

    __constants__ = ["p", "inplace"]
    p: float
    inplace: bool

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self):
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Zeros for elements with probability `p`, the others times 1 / (1 - p), in training.

    Source:  torch.nn.Dropout.
    """

    def forward(self, input):
        return functional.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """`Dropout` of whole channels. Shape: (C, L) or (N, C, L). Source: torch.nn.Dropout1d."""

    def forward(self, input):
        return functional.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """`Dropout` of whole channels. Shape: (N, C, H, W) or (N, C, L). Source: torch.nn.Dropout2d."""

    def forward(self, input):
        return functional.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """`Dropout` of whole channels. Shape: (C, D, H, W) or (N, C, D, H, W).

    Source:  torch.nn.Dropout3d.
    """

    def forward(self, input):
        return functional.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """`Dropout` for `SELU`: keeps mean 0 and variance 1. Source: torch.nn.AlphaDropout."""

    def forward(self, input):
        return functional.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """`AlphaDropout` of whole channels. Source: torch.nn.FeatureAlphaDropout."""

    def forward(self, input):
        return functional.feature_alpha_dropout(input, self.p, self.training)
