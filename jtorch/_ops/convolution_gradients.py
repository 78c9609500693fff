"""The gradients of a convolution as functions: what torch.nn.grad offers."""

from jax import numpy as jnp

from jtorch._meta import Meta
from jtorch._ops.convolution_checks import check_convolution, expanded
from jtorch._ops.convolution_geometry import Geometry, output_sizes
from jtorch._ops.convolution_roles import convolve_transposed, correlate
from jtorch._ops.detailed import detailed
from jtorch._ops.parameters import Ints
from jtorch._ops.product import HALF
from jtorch._tensor import Tensor

_NODE = "ConvolutionBackwardBackward0"


def _prepared(arrays):
    dtype = jnp.float32 if arrays[0].dtype in HALF else arrays[0].dtype
    return [each.astype(dtype) for each in arrays]


@detailed(
    name="convolution.input",
    variants="",
    gradient=_NODE,
    shape=lambda size: size,
    dtype=lambda output: output.dtype,
)
def _by_input(
    output: Tensor, weight: Tensor, size: Ints, stride: Ints, padding: Ints, dilation: Ints,
    groups: int,
):  # fmt: skip
    geometry = Geometry(
        size[2:], weight.shape[2:], output.shape[2:], stride, padding, dilation, groups
    )
    if 0 in (*size, *output.shape):
        return jnp.zeros(size, output.dtype)
    return convolve_transposed(*_prepared((output, weight)), geometry).astype(output.dtype)


@detailed(
    name="convolution.weight",
    variants="",
    gradient=_NODE,
    shape=lambda size: size,
    dtype=lambda output: output.dtype,
)
def _by_weight(
    input: Tensor, output: Tensor, size: Ints, stride: Ints, padding: Ints, dilation: Ints,
    groups: int,
):  # fmt: skip
    narrow = input.dtype == jnp.bfloat16
    geometry = Geometry(
        input.shape[2:], size[2:], output.shape[2:], stride, padding, dilation, groups, narrow
    )
    if 0 in (*input.shape, *output.shape):
        return jnp.zeros(size, output.dtype)
    return correlate(*_prepared((input, output)), geometry).astype(output.dtype)


def gradient_by_input(size, weight, output, stride, padding, dilation, groups):
    """The gradient of a convolution by its input, of this size, where `output` is its result's."""
    input = Meta(tuple(size), output.dtype, output.device)
    settings = _settings(input, weight, output, stride, padding, dilation, groups)
    return _by_input(output, weight, tuple(size), *settings)


def gradient_by_weight(input, size, output, stride, padding, dilation, groups):
    """The gradient of a convolution by its weight, of this size, where `output` is its result's."""
    weight = Meta(tuple(size), output.dtype, output.device)
    settings = _settings(input, weight, output, stride, padding, dilation, groups)
    return _by_weight(input, output, tuple(size), *settings)


def _settings(input, weight, output, stride, padding, dilation, groups):
    dims = len(weight.shape) - 2
    stride, padding, dilation = [
        expanded(each, name, dims)
        for each, name in ((stride, "stride"), (padding, "padding"), (dilation, "dilation"))
    ]
    check_convolution(input, weight, None, stride, padding, dilation, False, (0,) * dims, groups)
    sizes = output_sizes(input.shape[2:], weight.shape[2:], stride, padding, dilation)
    wanted = (input.shape[0], weight.shape[0], *sizes)
    if tuple(output.shape) != wanted:
        raise RuntimeError(
            f"expected the gradient of the result to be of size {list(wanted)}, but got one of size "
            f"{list(output.shape)}"
        )
    return stride, padding, dilation, groups
