"""The activations of torch.nn.functional, as users call them; the rows are elsewhere."""

import warnings

from jtorch._messages import warn_user
from jtorch._ops import activations, extremes, gates
from jtorch._ops.activations import gelu, hardshrink, softplus, softshrink
from jtorch._ops.creation import empty_like, zeros_like
from jtorch._ops.gates import log_sigmoid as logsigmoid
from jtorch._ops.gates import prelu, rrelu_
from jtorch._override import overridable

__all__ = [
    "celu", "celu_", "elu", "elu_", "gelu", "glu", "gumbel_softmax", "hardshrink", "hardsigmoid",
    "hardswish", "hardtanh", "hardtanh_", "leaky_relu", "leaky_relu_", "log_softmax", "logsigmoid",
    "mish", "prelu", "relu", "relu6", "relu_", "rrelu", "rrelu_", "selu", "selu_", "sigmoid",
    "silu", "softmax", "softmin", "softplus", "softshrink", "softsign", "tanh", "tanhshrink",
    "threshold", "threshold_",
]  # fmt: skip

relu_ = activations.in_place(extremes.relu)
celu_ = activations.celu_
elu_ = activations.elu_
hardtanh_ = activations.hardtanh_
leaky_relu_ = activations.leaky_relu_
selu_ = activations.selu_
threshold_ = activations.threshold_


@overridable
def _threshold(input, threshold, value, inplace=False):
    """The elements above a threshold; `value` for the others. Source: torch.nn.functional.threshold."""
    if inplace:
        return threshold_(input, threshold, value)
    return activations.threshold(input, threshold, value)


threshold = _threshold


@overridable
def relu(input, inplace=False):
    """The elements, and 0 for those below it. Source: torch.nn.functional.relu."""
    return relu_(input) if inplace else extremes.relu(input)


@overridable
def glu(input, dim=-1):
    """The first half along `dim` times the sigmoid of the second. Source: torch.nn.functional.glu."""
    if not input.dim():
        raise RuntimeError("glu does not support scalars because halving size must be even")
    return gates.glu(input, dim)


@overridable
def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """The elements inside [min_val, max_val], and the limits for those outside.

    Errors:  ValueError if the limits are not in order.
    Source:  torch.nn.functional.hardtanh.
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if inplace:
        return hardtanh_(input, min_val, max_val)
    return activations.hardtanh(input, min_val, max_val)


@overridable
def relu6(input, inplace=False):
    """The elements inside [0, 6], and the limits for those outside. Source: torch.nn.functional."""
    return activations.relu6_(input, 0, 6) if inplace else activations.relu6(input, 0, 6)


@overridable
def elu(input, alpha=1.0, inplace=False):
    """`x` above 0, `alpha * (exp(x) - 1)` below. Source: torch.nn.functional.elu."""
    return elu_(input, alpha) if inplace else activations.elu(input, alpha)


@overridable
def selu(input, inplace=False):
    """`elu` with the numbers that keep mean and variance. Source: torch.nn.functional.selu."""
    return selu_(input) if inplace else activations.selu(input)


@overridable
def celu(input, alpha=1.0, inplace=False):
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below. Source: torch.nn.functional.celu."""
    return celu_(input, alpha) if inplace else activations.celu(input, alpha)


@overridable
def leaky_relu(input, negative_slope=0.01, inplace=False):
    """The elements, those below 0 times `negative_slope`. Source: torch.nn.functional.leaky_relu."""
    if inplace:
        return leaky_relu_(input, negative_slope)
    return activations.leaky_relu(input, negative_slope)


@overridable
def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False):
    """The elements, those below 0 times a slope: in training a random one of [lower, upper).

    Source:  torch.nn.functional.rrelu.
    """
    return (rrelu_ if inplace else gates.rrelu)(input, lower, upper, training)


@overridable
def tanhshrink(input):
    """`x - tanh(x)`. Source: torch.nn.functional.tanhshrink."""
    return input - input.tanh()


@overridable
def softsign(input):
    """`x / (1 + |x|)`. Source: torch.nn.functional.softsign."""
    return input / (input.abs() + 1)


@overridable
def tanh(input):
    """Source: torch.nn.functional.tanh."""
    return input.tanh()


@overridable
def sigmoid(input):
    """Source: torch.nn.functional.sigmoid."""
    return input.sigmoid()


@overridable
def hardsigmoid(input, inplace=False):
    """`x / 6 + 1 / 2`, between 0 and 1. Source: torch.nn.functional.hardsigmoid."""
    return activations.hardsigmoid_(input) if inplace else activations.hardsigmoid(input)


@overridable
def silu(input, inplace=False):
    """`x * sigmoid(x)`. Source: torch.nn.functional.silu."""
    return activations.silu_(input) if inplace else activations.silu(input)


@overridable
def mish(input, inplace=False):
    """`x * tanh(softplus(x))`. Source: torch.nn.functional.mish."""
    return activations.mish_(input) if inplace else activations.mish(input)


@overridable
def hardswish(input, inplace=False):
    """`x * hardsigmoid(x)`. Source: torch.nn.functional.hardswish."""
    return activations.hardswish_(input) if inplace else activations.hardswish(input)


# Along a dim


def _get_softmax_dim(name, ndim, stacklevel):
    """The dim that torch takes where none is given."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument.",
        stacklevel=stacklevel + 1,
    )
    return 0 if ndim in (0, 1, 3) else 1


@overridable
def softmax(input, dim=None, _stacklevel=3, dtype=None):
    """exp(input), scaled so that it sums to 1 along `dim`. Source: torch.nn.functional.softmax."""
    if dim is None:
        dim = _get_softmax_dim("softmax", input.dim(), _stacklevel)
    return input.softmax(dim) if dtype is None else input.softmax(dim, dtype=dtype)


@overridable
def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """`softmax(-input)`. Source: torch.nn.functional.softmin."""
    if dim is None:
        dim = _get_softmax_dim("softmin", input.dim(), _stacklevel)
    return (-input).softmax(dim) if dtype is None else (-input).softmax(dim, dtype=dtype)


@overridable
def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """log(softmax(input)), without overflow. Source: torch.nn.functional.log_softmax."""
    if dim is None:
        dim = _get_softmax_dim("log_softmax", input.dim(), _stacklevel)
    return input.log_softmax(dim) if dtype is None else input.log_softmax(dim, dtype=dtype)


@overridable
def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    """A sample of the Gumbel-Softmax distribution along `dim`; `hard`: one 1, and 0 elsewhere.

    Source:  torch.nn.functional.gumbel_softmax.
    """
    if eps != 1e-10:
        warn_user("`eps` parameter is deprecated and has no effect.")
    noise = -empty_like(logits).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    index = soft.max(dim, keepdim=True)[1]
    chosen = zeros_like(logits).scatter_(dim, index, 1.0)
    return chosen - soft.detach() + soft
