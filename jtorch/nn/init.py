"""Initial values of parameters. Each writes into the tensor it gets, outside autograd."""

import math
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._dtypes import bool_
from jtorch._ops.creation import empty_like, ones_like
from jtorch._ops.factor import linalg_qr
from jtorch._ops.filling import where
from jtorch._ops.random import randperm
from jtorch._override import overridable

__all__ = [
    "calculate_gain", "constant", "constant_", "dirac", "dirac_", "eye", "eye_",
    "kaiming_normal", "kaiming_normal_", "kaiming_uniform", "kaiming_uniform_", "normal",
    "normal_", "ones_", "orthogonal", "orthogonal_", "sparse", "sparse_", "trunc_normal_",
    "uniform", "uniform_", "xavier_normal", "xavier_normal_", "xavier_uniform",
    "xavier_uniform_", "zeros_",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _no_grad_uniform_(tensor, a, b, generator=None):
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def _no_grad_normal_(tensor, mean, std, generator=None):
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def _no_grad_fill_(tensor, val):
    with no_grad():
        return tensor.fill_(val)


def _no_grad_zero_(tensor):
    with no_grad():
        return tensor.zero_()


def _share_below(x):
    """The share of the standard normal distribution below `x`."""
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def _no_grad_trunc_normal_(tensor, mean, std, a, b, generator=None):
    if tensor.is_meta:
        return tensor
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of "
            "values may be incorrect.",
            stacklevel=2,
        )
    with no_grad():
        if _share_below((b - mean) / std) - _share_below((a - mean) / std) > _MOST:
            return _redrawn(tensor, mean, std, a, b, generator)
        return _accepted(tensor, mean, std, a, b, generator)


_MOST = 0.3  # torch draws normal numbers where more than this share of them is inside the limits


def _redrawn(tensor, mean, std, low, high, generator):
    """Normal numbers; those outside the limits are drawn again."""
    tensor.normal_(mean, std, generator=generator)
    while True:
        outside = (tensor < low) | (tensor > high)
        if not outside.any():
            return tensor
        again = empty_like(tensor).normal_(mean, std, generator=generator)
        tensor.copy_(where(outside, again, tensor))


def _accepted(tensor, mean, std, low, high, generator):
    """Uniform numbers inside the limits, accepted as often as the density says."""
    peak = -0.5 * ((max(low, min(mean, high)) - mean) / std) ** 2  # its logarithm, at the mode
    pending = ones_like(tensor, dtype=bool_)
    while pending.any():
        candidates = empty_like(tensor).uniform_(low, high, generator=generator)
        chance = empty_like(tensor).uniform_(generator=generator).log_()
        accepted = pending & (chance <= -0.5 * ((candidates - mean) / std) ** 2 - peak)
        tensor.copy_(where(accepted, candidates, tensor))
        pending = pending & ~accepted
    return tensor


_GAINS = {
    "linear": 1, "conv1d": 1, "conv2d": 1, "conv3d": 1, "conv_transpose1d": 1,
    "conv_transpose2d": 1, "conv_transpose3d": 1, "sigmoid": 1, "tanh": 5.0 / 3,
    "relu": math.sqrt(2.0), "selu": 3.0 / 4,
}  # fmt: skip


def calculate_gain(nonlinearity, param=None):
    """What a nonlinearity wants the deviation of its weights multiplied by.

    `param` is the slope of "leaky_relu" below 0.

    Errors:  ValueError for a name that is not known, or a slope that is no number.
    Source:  torch.nn.init.calculate_gain.
    """
    if nonlinearity in _GAINS:
        return _GAINS[nonlinearity]
    if nonlinearity != "leaky_relu":
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    if param is None:
        slope = 0.01
    elif isinstance(param, (int, float)) and not isinstance(param, bool):
        slope = param
    else:
        raise ValueError(f"negative_slope {param} not a valid number")
    return math.sqrt(2.0 / (1 + slope**2))


@overridable
def uniform_(tensor, a=0.0, b=1.0, generator=None):
    """Numbers of [a, b). Source: torch.nn.init.uniform_."""
    return _no_grad_uniform_(tensor, a, b, generator)


@overridable
def normal_(tensor, mean=0.0, std=1.0, generator=None):
    """Normal numbers of this mean and deviation. Source: torch.nn.init.normal_."""
    return _no_grad_normal_(tensor, mean, std, generator)


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None):
    """Normal numbers, those outside [a, b] left out. Source: torch.nn.init.trunc_normal_."""
    return _no_grad_trunc_normal_(tensor, mean, std, a, b, generator=generator)


@overridable
def constant_(tensor, val):
    """One number everywhere. Source: torch.nn.init.constant_."""
    return _no_grad_fill_(tensor, val)


def ones_(tensor):
    """Ones. Source: torch.nn.init.ones_."""
    return _no_grad_fill_(tensor, 1.0)


def zeros_(tensor):
    """Zeros. Source: torch.nn.init.zeros_."""
    return _no_grad_zero_(tensor)


def eye_(tensor):
    """The identity matrix. Errors: ValueError unless 2-dim. Source: torch.nn.init.eye_."""
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        tensor.zero_()
        tensor.diagonal().fill_(1)
    return tensor


def dirac_(tensor, groups=1):
    """The kernel of a convolution that gives its input back, as far as there are channels.

    Errors:  ValueError unless 3- to 5-dim, and dim 0 divisible by `groups`.
    Source:  torch.nn.init.dirac_.
    """
    dims = tensor.ndimension()
    if dims not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    outputs, inputs, *kernel = tensor.size()
    if outputs % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    each = outputs // groups
    middle = tuple([size // 2 for size in kernel])
    with no_grad():
        tensor.zero_()
        for group in range(groups):
            for channel in range(min(each, inputs)):
                tensor[(group * each + channel, channel, *middle)] = 1
    return tensor


def _calculate_fan_in_and_fan_out(tensor):
    """(how many inputs feed an output, how many outputs an input feeds).

    Errors:  ValueError for tensors with fewer than 2 dims.
    """
    if tensor.dim() < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        )
    outputs, inputs, *kernel = tensor.shape
    field = math.prod(kernel)
    return inputs * field, outputs * field


def _calculate_correct_fan(tensor, mode):
    mode = mode.lower()
    known = ["fan_in", "fan_out"]
    if mode not in known:
        raise ValueError(f"Mode {mode} not supported, please use one of {known}")
    return _calculate_fan_in_and_fan_out(tensor)[known.index(mode)]


def xavier_uniform_(tensor, gain=1.0, generator=None):
    """Uniform numbers that keep the variance both ways (Glorot and Bengio, 2010).

    Source:  torch.nn.init.xavier_uniform_.
    """
    bound = math.sqrt(3.0) * _xavier_deviation(tensor, gain)
    return _no_grad_uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None):
    """Normal numbers that keep the variance both ways. Source: torch.nn.init.xavier_normal_."""
    return _no_grad_normal_(tensor, 0.0, _xavier_deviation(tensor, gain), generator)


def _xavier_deviation(tensor, gain):
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return gain * math.sqrt(2.0 / float(fan_in + fan_out))


@overridable
def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    """Uniform numbers that keep the variance through rectifiers (He et al., 2015).

    Source:  torch.nn.init.kaiming_uniform_.
    """
    if 0 in tensor.shape:
        return _nothing_to_do(tensor, 4)
    bound = math.sqrt(3.0) * _kaiming_deviation(tensor, a, mode, nonlinearity)
    with no_grad():
        return tensor.uniform_(-bound, bound, generator=generator)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    """Normal numbers that keep the variance through rectifiers. Source: torch.nn.init."""
    if 0 in tensor.shape:
        return _nothing_to_do(tensor, 3)
    deviation = _kaiming_deviation(tensor, a, mode, nonlinearity)
    with no_grad():
        return tensor.normal_(0, deviation, generator=generator)


def _kaiming_deviation(tensor, a, mode, nonlinearity):
    fan = _calculate_correct_fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _nothing_to_do(tensor, stacklevel):
    warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=stacklevel)
    return tensor


def orthogonal_(tensor, gain=1, generator=None):
    """A matrix with orthogonal rows or columns, times `gain`; dims after the first count as one.

    Errors:  ValueError for tensors with fewer than 2 dims.
    Source:  torch.nn.init.orthogonal_.
    """
    if tensor.ndimension() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.size(0)
    columns = tensor.numel() // rows
    random = tensor.new_empty((rows, columns)).normal_(0, 1, generator=generator)
    if rows < columns:
        random.t_()
    orthogonal, triangular = linalg_qr(random)
    orthogonal *= triangular.diag(0).sign()  # so that it is uniform
    if rows < columns:
        orthogonal.t_()
    with no_grad():
        tensor.view_as(orthogonal).copy_(orthogonal)
        tensor.mul_(gain)
    return tensor


def sparse_(tensor, sparsity, std=0.01, generator=None):
    """Normal numbers, and zeros for a share `sparsity` of each column.

    Errors:  ValueError unless 2-dim.
    Source:  torch.nn.init.sparse_.
    """
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        for column in range(columns):
            tensor[randperm(rows)[:zeros], column] = 0
    return tensor


_Function = TypeVar("_Function", bound=Callable[..., Any])


def _deprecated(function: _Function) -> _Function:
    """The old name of a function, without the underscore."""
    new = function.__name__
    old = new[:-1]

    def deprecated_init(*args, **kwargs):
        warnings.warn(
            f"`nn.init.{old}` is now deprecated in favor of `nn.init.{new}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    deprecated_init.__doc__ = f"`{new}` by its old name. Source: torch.nn.init.{old}."
    deprecated_init.__name__ = old
    return deprecated_init


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)
