"""Initial values of parameters. Each writes into the tensor it gets, outside autograd."""

import math
import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _uniform(tensor, low, high, generator=None):
    with no_grad():
        return tensor.uniform_(low, high, generator=generator)


def _normal(tensor, mean, std, generator=None):
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def _fill(tensor, value):
    with no_grad():
        return tensor.fill_(value)


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


def uniform_(tensor, a=0.0, b=1.0, generator=None):
    """Numbers of [a, b). Source: torch.nn.init.uniform_."""
    return _uniform(tensor, a, b, generator)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    """Uniform numbers that keep the variance through rectifiers. Source: torch.nn.init."""
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_fan_in_and_fan_out(tensor)[0]
    bound = math.sqrt(3) * math.sqrt(2 / (1 + a**2)) / math.sqrt(fan)
    return _uniform(tensor, -bound, bound, generator)
