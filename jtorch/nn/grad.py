"""torch.nn.grad: the gradients of convolutions, by input and by weight."""

from collections.abc import Callable

from jtorch._alias import missing_attribute
from jtorch._ops.convolution_gradients import gradient_by_input, gradient_by_weight
from jtorch._tensor import Tensor
from jtorch.nn.modules.utils import _ntuple


def _by_input(dims) -> Callable[..., Tensor]:
    each = _ntuple(dims)

    def by_input(input_size, weight, grad_output, stride=1, padding=0, dilation=1, groups=1):
        return gradient_by_input(
            input_size, weight, grad_output, each(stride), each(padding), each(dilation), groups
        )

    return _named(by_input, f"conv{dims}d_input", "input, which has size `input_size`")


def _by_weight(dims) -> Callable[..., Tensor]:
    each = _ntuple(dims)

    def by_weight(input, weight_size, grad_output, stride=1, padding=0, dilation=1, groups=1):
        return gradient_by_weight(
            input, weight_size, grad_output, each(stride), each(padding), each(dilation), groups
        )

    return _named(by_weight, f"conv{dims}d_weight", "weight, which has size `weight_size`")


def _named(function, name, what):
    function.__name__ = function.__qualname__ = name
    function.__module__ = "torch.nn.grad"
    function.__doc__ = f"""The gradient of `conv{name[4]}d` by its {what}.

    Errors:  RuntimeError if shapes or settings do not fit.
    Source:  torch.nn.grad.{name}.
    """
    return function


conv1d_input, conv2d_input, conv3d_input = map(_by_input, (1, 2, 3))
conv1d_weight, conv2d_weight, conv3d_weight = map(_by_weight, (1, 2, 3))


def __getattr__(name):
    raise missing_attribute(__name__, name)
