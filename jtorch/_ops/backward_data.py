"""Formulas of derivatives that torch has as operations: softmax, dropout and maxima of windows."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.detailed import deliver, detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number
from jtorch._ops.pooling import Shape
from jtorch._ops.refusals import FLOAT_TYPES, HALF_TYPES, unsupported
from jtorch._ops.standardized import widened
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor

_SOFTMAX, _LOG_SOFTMAX = "_softmax_backward_data", "_log_softmax_backward_data"


def _refuse_scalar(wanted, found):
    raise RuntimeError(f"expected scalar type {wanted.scalar_name} but found {found.scalar_name}")


def _check_softmax(name, grad, output, dim, input_dtype):
    """`dim`, counted from the front."""
    kernel = name.removesuffix("_data").strip("_")
    dim = wrap_dim(dim, grad.ndim)
    if grad.shape != output.shape:
        raise RuntimeError(
            "Expected tensor for argument #1 'grad' to have same size as tensor for argument #2 "
            f"'output'; but {list(grad.shape)} does not equal {list(output.shape)} (while checking "
            f"arguments for {kernel})"
        )
    if grad.dtype not in FLOAT_TYPES:
        place = "lastdim_kernel" if dim >= grad.ndim - 1 else "kernel"
        raise unsupported(f"{kernel}_{place}_impl", grad.dtype)
    if output.dtype is not grad.dtype:
        _refuse_scalar(grad.dtype, output.dtype)
    if input_dtype is not grad.dtype and input_dtype in HALF_TYPES:
        _refuse_scalar(grad.dtype, input_dtype)
    return dim


def _backward_row(name, node):
    return detailed(
        name=f"{name}.values",
        variants="",
        gradient=node,
        shape=lambda grad: grad.shape,
        dtype=lambda grad: grad.dtype,
    )


@_backward_row(_SOFTMAX, "SoftmaxBackwardDataBackward0")
def _softmax_values(grad: Tensor, output: Tensor, dim: int):
    wide, share = widened(grad), widened(output)
    axis = dim if grad.ndim else None
    return ((wide - jnp.sum(wide * share, axis, keepdims=True)) * share).astype(grad.dtype)


@_backward_row(_LOG_SOFTMAX, "LogSoftmaxBackwardDataBackward0")
def _log_softmax_values(grad: Tensor, output: Tensor, dim: int):
    wide, axis = widened(grad), dim if grad.ndim else None
    total = jnp.sum(wide, axis, keepdims=True)
    return (wide - jnp.exp(widened(output)) * total).astype(grad.dtype)


@offered(
    "(Tensor grad_output, Tensor output, int dim, torch.dtype input_dtype, *, "
    "Tensor? grad_input = None)",
    variants="f",
    name=_SOFTMAX,
)
def _softmax_backward_data(grad_output, output, dim, input_dtype, *, grad_input=None):
    """The gradient of a softmax's input, from that of its output and the output.

    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch._softmax_backward_data.
    """
    require_tensors(grad_output, output)
    dim = _check_softmax(_SOFTMAX, grad_output, output, dim, input_dtype)
    return deliver(_softmax_values(grad_output, output, dim), grad_input, last=_SOFTMAX)


@offered(
    "(Tensor grad_output, Tensor output, int dim, torch.dtype input_dtype, *, Tensor? out = None)",
    variants="f",
    name=_LOG_SOFTMAX,
)
def _log_softmax_backward_data(grad_output, output, dim, input_dtype, *, out=None):
    """The gradient of a log_softmax's input, from that of its output and the output.

    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch._log_softmax_backward_data.
    """
    require_tensors(grad_output, output)
    dim = _check_softmax(_LOG_SOFTMAX, grad_output, output, dim, input_dtype)
    return deliver(_log_softmax_values(grad_output, output, dim), out, last=_LOG_SOFTMAX)


def _dtype_of_product(grad_output):
    kind = grad_output.dtype
    return kind if kind.category >= FLOATING else _dtypes.get_default_dtype()


@detailed(
    name="native_dropout_backward.values",
    variants="",
    gradient="NativeDropoutBackwardBackward0",
    dtype=_dtype_of_product,
)
def _dropout_values(grad_output: Tensor, mask: Index, scale: Number, dtype: _dtypes.dtype):
    kind = dtype.numpy
    factor = mask.astype(grad_output.dtype).astype(kind) * scale.astype(kind)
    return grad_output.astype(kind) * factor


def native_dropout_backward(grad_output, mask, scale, *, out=None):
    """The gradient of dropout's input: that of its output, where `mask` kept it, times `scale`.

    Dtype:   that of `grad_output`; the default one for integers.
    Source:  torch.ops.aten.native_dropout_backward.
    """
    require_tensors(grad_output, mask)
    made = _dropout_values(grad_output, mask, float(scale), _dtype_of_product(grad_output))
    return deliver(made, out, last="native_dropout_backward")


def _check_pooled(grad_output, input, indices, shape):
    if grad_output.dtype is not input.dtype:
        raise RuntimeError(
            f"expected dtype {_dtypes.c_name(input.dtype)} for `gradOutput` but got dtype "
            f"{_dtypes.c_name(grad_output.dtype)}"
        )
    count = len(shape)
    for tensor in (grad_output, indices):
        for dim in range(count - 3, count):
            found = tensor.shape[dim] if tensor.ndim == count else None
            if found != shape[dim]:
                raise RuntimeError(
                    f"Expected a tensor of dimension {count} and tensor.size[{dim}] == "
                    f"{shape[dim]} but got: dimension {tensor.ndim} and tensor.size[{dim}] = "
                    f"{found}"
                )
    if indices.dtype is not _dtypes.int64:
        _refuse_scalar(_dtypes.int64, indices.dtype)
    if input.dtype not in FLOAT_TYPES:
        raise unsupported("max_pool2d_backward", input.dtype)


@detailed(
    name="max_pool2d_with_indices_backward.values",
    variants="",
    gradient="MaxPool2DWithIndicesBackwardBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=lambda input, result: kept_format(input, result),
)
def _max_pool2d_values(grad_output: Tensor, input: Tensor, indices: Index):
    planes = int(np.prod(input.shape[:-2]))
    places = indices.reshape(planes, -1)
    zeros = jnp.zeros((planes, input.shape[-2] * input.shape[-1]), input.dtype)
    rows = jnp.arange(planes)[:, None]
    return zeros.at[rows, places].add(grad_output.reshape(planes, -1)).reshape(input.shape)


def max_pool2d_with_indices_backward(
    grad_output, input, kernel_size, stride, padding, dilation, ceil_mode, indices, *,
    grad_input=None,
):  # fmt: skip
    """The gradient of a pooling's input: that of its output, at the places of the maxima.

    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.ops.aten.max_pool2d_with_indices_backward.
    """
    require_tensors(grad_output, input, indices)
    kernel_size, stride, padding, dilation = [
        each if isinstance(each, (tuple, list)) else (each,)
        for each in (kernel_size, stride, padding, dilation)
    ]
    shape = Shape(input, 2, kernel_size, stride, padding, dilation, ceil_mode)
    _check_pooled(grad_output, input, indices, shape.result)
    made = _max_pool2d_values(grad_output, input, indices)
    return deliver(made, grad_input, last="max_pool2d_with_indices_backward")


__all__ = [
    "_log_softmax_backward_data",
    "_softmax_backward_data",
    "max_pool2d_with_indices_backward",
    "native_dropout_backward",
]
