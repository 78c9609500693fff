"""Norms over the last dims: `layer_norm`, and `rms_norm`, which leaves the mean where it is."""

import operator

import numpy as np

from jtorch import _dtypes
from jtorch._messages import warn_once
from jtorch._ops.detailed import detailed
from jtorch._ops.history import by_number
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number, type_name
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    HALF_TYPES,
    INTEGER_TYPES,
    refuses,
    unsupported,
)
from jtorch._ops.standardized import EPS, affine, check_dtypes, moments, standardized, widened
from jtorch._tensor import Tensor

_refuse_dtype = refuses(
    "LayerNormKernelImpl", BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES
)


def _check(input, weight, bias):
    check_dtypes(input, weight, bias)
    _refuse_dtype(input)


@detailed(
    name="layer_norm.dims",
    variants="",
    literals={"eps": EPS},
    gradient="NativeLayerNormBackward0",
    check=_check,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
)
def _layer_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, eps: Number, count: int):
    dims = tuple(range(input.ndim - count, input.ndim))
    made = standardized(widened(input), eps, dims)
    return affine(made, weight, bias, input.shape[-count:]).astype(input.dtype)


@detailed(
    name="layer_norm.moments",
    variants="",
    literals={"eps": EPS},
    gradient="NativeLayerNormBackward0",
)
def _moments(input: Tensor, eps: Number, count: int, narrow: bool):
    dims = tuple(range(input.ndim - count, input.ndim))
    found = moments(widened(input), eps, dims)
    return tuple(each.astype(input.dtype) if narrow else each for each in found)


def _integers(name, normalized_shape):
    if not isinstance(normalized_shape, (tuple, list)):  # an integer does not mean one dim here
        raise TypeError(
            f"{name}(): argument 'normalized_shape' (position 2) must be tuple of ints, not "
            f"{type_name(normalized_shape)}"
        )
    return [operator.index(each) for each in normalized_shape]


def _check_shapes(input, shape, weight, bias, star="*, "):
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            f"element, but got normalized_shape = {shape}"
        )
    for name, each in (("weight", weight), ("bias", bias)):
        if each is not None and list(each.shape) != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(each.shape)} and normalized_shape = {shape}"
            )
    if list(input.shape[-len(shape) :]) != shape:
        raise RuntimeError(
            f"Given normalized_shape={shape}, expected input with shape "
            f"[{star}{', '.join(map(str, shape))}], but got input of size{list(input.shape)}"
        )


def _given(*tensors):
    require_tensors(*[each for each in tensors if each is not None])


@offered(
    "(Tensor input, tuple of ints normalized_shape, Tensor? weight = None, Tensor? bias = None, "
    "float eps = 1e-05, bool cudnn_enable = True)",
    variants="f",
)
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True):
    """The last dims with mean 0 and variance 1, times `weight`, plus `bias`.

    Shape:   (*, normalized_shape), twice normalized_shape -> that of `input`.
    Dtype:   all the same; or float32 parameters with half precision.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.layer_norm.
    """
    _given(input, weight, bias)
    shape = _integers("layer_norm", normalized_shape)
    _check_shapes(input, shape, weight, bias)
    return _layer_norm(input, weight, bias, eps, len(shape))


@offered(
    "(Tensor input, tuple of ints normalized_shape, Tensor? weight, Tensor? bias, float eps)",
    variants="f",
)
def native_layer_norm(input, normalized_shape, weight, bias, eps):
    """(`layer_norm`, mean, 1 / deviation). Source: torch.native_layer_norm."""
    made = layer_norm(input, normalized_shape, weight, bias, eps)
    parameters = [each.dtype for each in (weight, bias) if each is not None]
    narrow = not parameters or parameters[0] is input.dtype
    found = _moments(input.detach(), eps, len(normalized_shape), narrow)
    return made, *found


# Without the mean


@offered(
    "(Tensor input, tuple of ints normalized_shape, Tensor? weight = None, float? eps = None)",
    variants="f",
)
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dims over the root of their mean square, times `weight`.

    Shape:   (*, normalized_shape), normalized_shape -> that of `input`.
    Errors:  RuntimeError if shapes do not fit.
    Source:  torch.rms_norm; torch's operations, so that nodes are its, too.
    """
    _given(input, weight)
    shape = _integers("rms_norm", normalized_shape)
    _check_shapes(input, shape, weight, None, "*")
    if input.dtype in (*INTEGER_TYPES, *BOOL_TYPES):
        raise unsupported("rms_norm", input.dtype)
    if weight is not None and weight.dtype is not input.dtype:
        warn_once(
            f"Mismatch dtype between input and weight: input dtype = {_dtypes.c_name(input.dtype)}, "
            f"weight dtype = {_dtypes.c_name(weight.dtype)}, Cannot dispatch to fused "
            "implementation. (Triggered internally at "
            "/__w/pytorch/pytorch/aten/src/ATen/native/layer_norm.cpp:346.)"
        )
    wide = input.to(_dtypes.float32) if input.dtype in HALF_TYPES else input
    if eps is None:
        eps = float(np.finfo(wide.dtype.to_real().numpy).eps)
    dims = tuple(range(input.ndim - len(shape), input.ndim))
    square = by_number(wide.pow(2).mean(dims, keepdim=True).add_(eps))
    made = wide * square.rsqrt()
    if weight is not None:
        made = made * weight
    return made.to(input.dtype).contiguous()
