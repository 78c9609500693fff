"""Norms of layers, groups and neighbouring channels."""

import numbers

from jtorch.nn import functional, init
from jtorch.nn._creation import empty
from jtorch.nn.modules import _cross_map
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter

__all__ = ["CrossMapLRN2d", "GroupNorm", "LayerNorm", "LocalResponseNorm", "RMSNorm"]


class _ResponseNorm(Module):
    """What norms over neighbouring channels have in common."""

    size: int
    alpha: float
    beta: float
    k: float

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def extra_repr(self):
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class LocalResponseNorm(_ResponseNorm):
    """Each element over a power of the mean square of `size` neighbouring channels.

    Shape:   (N, C, *) -> the same.
    Source:  torch.nn.LocalResponseNorm.
    """

    __constants__ = ["size", "alpha", "beta", "k"]

    def forward(self, input):
        return functional.local_response_norm(input, self.size, self.alpha, self.beta, self.k)


class CrossMapLRN2d(_ResponseNorm):
    """`LocalResponseNorm` as older programs have it: (N, C, H, W). Source: torch.nn.CrossMapLRN2d."""

    def __init__(self, size, alpha=1e-4, beta=0.75, k=1):
        super().__init__(size, alpha, beta, k)

    def forward(self, input):
        return _cross_map.CrossMapLRN2d.apply(input, self.size, self.alpha, self.beta, self.k)


def _parameters(module, shape, weight, bias, device, dtype):
    """Give a module the parameters that are wanted; the others are None."""
    for name, wanted in (("weight", weight), ("bias", bias)):
        if wanted:
            setattr(module, name, Parameter(empty(shape, device=device, dtype=dtype)))
        else:
            module.register_parameter(name, None)


def _sizes(normalized_shape):
    if isinstance(normalized_shape, numbers.Integral):
        return (normalized_shape,)
    return tuple(normalized_shape)


class LayerNorm(Module):
    """The last dims with mean 0 and variance 1, times `weight`, plus `bias`.

    Shape:   (*, normalized_shape) -> the same.
    Attributes: weight (normalized_shape), 1 at first, bias (normalized_shape), 0 at first; or None.
    Source:  torch.nn.LayerNorm.
    """

    __constants__ = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    eps: float
    elementwise_affine: bool

    def __init__(
        self,
        normalized_shape,
        eps=1e-5,
        elementwise_affine=True,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.normalized_shape = _sizes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        both = elementwise_affine and bias
        _parameters(self, self.normalized_shape, elementwise_affine, both, device, dtype)
        self.reset_parameters()

    def reset_parameters(self):
        """Give the parameters their initial values."""
        if self.elementwise_affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def forward(self, input):
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class GroupNorm(Module):
    """Groups of channels with mean 0 and variance 1, each channel times `weight`, plus `bias`.

    Shape:   (N, num_channels, *) -> the same.
    Attributes: weight (num_channels), 1 at first, bias (num_channels), 0 at first; or None.
    Errors:  ValueError if the groups are not of one size.
    Source:  torch.nn.GroupNorm.
    """

    __constants__ = ["num_groups", "num_channels", "eps", "affine"]
    num_groups: int
    num_channels: int
    eps: float
    affine: bool

    def __init__(
        self,
        num_groups,
        num_channels,
        eps=1e-5,
        affine=True,
        device=None,
        dtype=None,
        *,
        bias=True,
    ):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        _parameters(self, num_channels, affine, affine and bias, device, dtype)
        self.reset_parameters()

    def reset_parameters(self):
        """Give the parameters their initial values."""
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def forward(self, input):
        return functional.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """The last dims over the root of their mean square, times `weight`.

    Shape:   (*, normalized_shape) -> the same.
    Attributes: weight (normalized_shape), 1 at first, or None.
    Source:  torch.nn.RMSNorm.
    """

    __constants__ = ["normalized_shape", "eps", "elementwise_affine"]
    normalized_shape: tuple[int, ...]
    eps: float | None
    elementwise_affine: bool

    def __init__(
        self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None
    ):
        super().__init__()
        self.normalized_shape = _sizes(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = Parameter(empty(self.normalized_shape, device=device, dtype=dtype))
        else:
            self.register_parameter("weight", None)
        self.reset_parameters()

    def reset_parameters(self):
        """Give the weight its initial value."""
        if self.elementwise_affine:
            init.ones_(self.weight)

    def forward(self, x):
        return functional.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self):
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )
