"""`group_norm`: groups of channels with mean 0 and variance 1."""

import math

from jtorch._ops.detailed import detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._ops.standardized import EPS, affine, check_dtypes, moments, standardized, widened
from jtorch._shapes import is_channels_last, is_channels_last_3d, is_contiguous
from jtorch._tensor import Tensor

_refuse_dtype = refuses(
    "GroupNormKernelImpl", BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES
)


def _check(input, weight, bias):
    check_dtypes(input, weight, bias)
    _refuse_dtype(input)


def _grouped(input, group):
    batch, channels = input.shape[:2]
    size = channels // group * math.prod(input.shape[2:])
    return widened(input).reshape(batch, group, size)


@detailed(
    name="group_norm.channels",
    variants="",
    literals={"eps": EPS},
    gradient="NativeGroupNormBackward0",
    check=_check,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=lambda input, result: kept_format(input, result),
)
def _group_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, eps: Number, group: int):
    made = standardized(_grouped(input, group), eps, (2,)).reshape(input.shape)
    shape = (1, input.shape[1], *[1] * (input.ndim - 2))
    return affine(made, weight, bias, shape).astype(input.dtype)


@detailed(
    name="group_norm.moments",
    variants="",
    literals={"eps": EPS},
    gradient="NativeGroupNormBackward0",
)
def _moments(input: Tensor, eps: Number, group: int, narrow: bool):
    found = moments(_grouped(input, group), eps, (2,))
    found = [each.reshape(each.shape[:2]) for each in found]
    return tuple(each.astype(input.dtype) if narrow else each for each in found)


def _check_shapes(input, num_groups, weight, bias):
    if num_groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {num_groups}")
    if input.size(1) % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of "
            f"shape {list(input.shape)} and num_groups={num_groups}"
        )
    for name, each in (("weight", weight), ("bias", bias)):
        if each is not None and tuple(each.shape) != (input.shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                # torch has the weight's shape here, whichever is wrong
                f"but got {name} of shape {[0] if weight is None else list(weight.shape)} and input "
                f"of shape {list(input.shape)}"
            )


@offered(
    "(Tensor input, int num_groups, Tensor? weight = None, Tensor? bias = None, "
    "float eps = 1e-05, bool cudnn_enabled = True)",
    variants="f",
)
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True):
    """Groups of channels with mean 0 and variance 1, each channel times `weight`, plus `bias`.

    Shape:   (N, C, *), twice (C) -> that of `input`.
    Dtype:   all the same; or float32 parameters with half precision.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.group_norm.
    """
    require_tensors(*[each for each in (input, weight, bias) if each is not None])
    if not hasattr(num_groups, "__index__"):
        raise TypeError("torch has words for this")
    _check_shapes(input, num_groups, weight, bias)
    return _group_norm(input, weight, bias, eps, num_groups.__index__())


def _is_dense(shape, stride):
    """Whether elements lie in the order of a memory format."""
    kinds = (is_contiguous, is_channels_last, is_channels_last_3d)
    return any(each(shape, stride) for each in kinds)


def _require(what, holds):
    if not holds:
        raise RuntimeError(
            f"Expected {what} to be true, but got false.  (Could this error message be improved?  "
            "If so, please report an enhancement request to PyTorch.)"
        )


@offered(
    "(Tensor input, Tensor? weight, Tensor? bias, int N, int C, int HxW, int group, float eps)",
    variants="f",
)
def native_group_norm(input, weight, bias, N, C, HxW, group, eps):
    """(`group_norm`, mean, 1 / deviation). Source: torch.native_group_norm."""
    made = group_norm(input, group, weight, bias, eps)
    _require("X.is_contiguous(memory_format)", _is_dense(input.shape, input.stride()))
    _require("X.numel() == N * C * HxW", input.numel() == N * C * HxW)
    parameters = [each.dtype for each in (weight, bias) if each is not None]
    narrow = not parameters or parameters[0] is input.dtype
    return made, *_moments(input, eps, group, narrow)
