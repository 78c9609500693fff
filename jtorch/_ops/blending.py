"""Operations that blend three operands, element by element."""

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING, c_name
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import SameOutByTensorRow, ScaledRow, pointwise
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    FLOAT8_TYPES,
    check_fits,
    check_numbers_fit,
    common_dtype,
    require,
    unsupported,
)
from jtorch._ops.slopes import sloped
from jtorch._tensor import Tensor


def _check_lerp(input, end, weight):
    for name, each in (("end", end), ("weight", weight)):
        if not isinstance(each, Tensor) or each.dtype is input.dtype:
            continue
        if name == "end" or each.ndim:
            raise RuntimeError(
                f"expected dtype {c_name(input.dtype)} for `{name}` but got dtype "
                f"{c_name(each.dtype)}"
            )
    if weight.__class__ is complex:
        check_fits(weight, input.dtype)
    tensors = [each for each in (input, end, weight) if isinstance(each, Tensor)]
    common = common_dtype(*tensors)  # torch does not let a number raise the dtype
    if common.category < FLOATING or common in FLOAT8_TYPES:
        kind = "tensor" if isinstance(weight, Tensor) else "scalar"
        raise unsupported(f"lerp_kernel_{kind}", common)


_NAME = of_operand("weight", "LerpBackward1", "LerpBackward0", place=2)


@pointwise(DEFAULT, row=SameOutByTensorRow, check=_check_lerp, unrounded=("weight",), gradient=_NAME, overloads=(
    "(Tensor input, Tensor end, Tensor weight, *, Tensor? out = None)",
    "(Tensor input, Tensor end, Number weight, *, Tensor? out = None)",
))  # fmt: skip
def lerp(input: Tensor, end: Tensor, weight: Tensor | Number):
    """input + weight * (end - input).

    Shape:   the broadcast shape.
    Dtype:   that of `input`, which `end` and a `weight` with dimensions must share.
    Errors:  RuntimeError if the dtypes differ.
    Source:  torch.lerp.
    """
    return _blended(input, end, weight)


@sloped(
    lambda t, start, end, weight, y: t * (1 - weight),
    lambda t, start, end, weight, y: t * weight,
    lambda t, start, end, weight, y: t * (end - start),
)
def _blended(start, end, weight):
    near = jnp.abs(weight) < 0.5
    step = end - start
    return jnp.where(near, start + weight * step, end - step * (1 - weight))


_NO_PRODUCT = frozenset((*BOOL_TYPES, *BAREBONES, *FLOAT8_TYPES))


def _check_addcmul(input, tensor1, tensor2):
    require("addcmul_cpu_out", _NO_PRODUCT, input, tensor1, tensor2)


def _value_fits(input, tensor1, tensor2, value):
    check_numbers_fit(value, input, tensor1, tensor2)


@pointwise(DEFAULT, row=ScaledRow, unrounded=("value",), check=_check_addcmul, numbers=_value_fits)
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1):
    """input + value * tensor1 * tensor2.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype of the tensors; `value` is converted to it.
    Errors:  RuntimeError if `value` does not fit the dtype.
    Source:  torch.addcmul.
    """
    return input + (tensor1 * tensor2 if isinstance(value, int) else value * tensor1 * tensor2)


def _check_addcdiv(input, tensor1, tensor2):
    if all(each.dtype.category < FLOATING for each in (tensor1, tensor2)):
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release "
            "addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv "
            "behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2))"
            ".to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for "
            "float inputs. The future addcdiv behavior is just the latter implementation: "
            "(input + value * tensor1 / tensor2), for all dtypes."
        )
    require("addcdiv_cpu_out", frozenset(_dtypes.FLOAT8), input, tensor1, tensor2)


@pointwise(DEFAULT, row=ScaledRow, unrounded=("value",), check=_check_addcdiv, numbers=_value_fits)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Number = 1):
    """input + value * tensor1 / tensor2.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype of the tensors; `value` is converted to it.
    Errors:  RuntimeError if both divided tensors are of integers, or `value` does not fit.
    Source:  torch.addcdiv.
    """
    return input + (tensor1 / tensor2 if isinstance(value, int) else value * tensor1 / tensor2)
