"""Affine maps: `linear`, and `bilinear` of two inputs."""

import math

from jax import numpy as jnp

from jtorch._dtypes import c_name
from jtorch._ops.addmm import addmm
from jtorch._ops.detailed import detailed
from jtorch._ops.edges import tracked
from jtorch._ops.matmul import matmul
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.product import HALF, require_numbers
from jtorch._ops.writing import refuse_gradient_into_out
from jtorch._tensor import Tensor


@offered("(Tensor input, Tensor weight, Tensor? bias = None, *, Tensor? out = None)")
def linear(input, weight, bias=None, *, out=None):
    """`input @ weight.T + bias`, over the last dim of `input`.

    Shape:   (..., n), (m, n), (m) -> (..., m).
    Dtype:   all the same.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.nn.functional.linear.
    """
    require_tensors(input, weight, *(() if bias is None else (bias,)))
    shape = input._meta.shape
    if not shape or not weight._meta.shape:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {len(shape)}D and "
            f"{weight.ndim}D"
        )
    return _linear(input, weight, bias) if out is None else _linear_into(out, input, weight, bias)


def _linear_into(out, input, weight, bias):
    require_tensors(out)
    if tracked((input, weight, bias, out)):
        refuse_gradient_into_out("linear")
    if bias is not None and input.ndim == 2:
        return addmm(bias, input, weight.t(), out=out)
    made = matmul(input, weight.t(), out=out)
    return made if bias is None else made.add_(bias)


def _linear(input, weight, bias):
    """The product, and the bias as torch adds it."""
    shape = input._meta.shape
    transposed = weight.t()
    if bias is None:
        return matmul(input, transposed)
    if len(shape) == 2:
        return addmm(bias, input, transposed)
    if input._meta.is_contiguous and bias.ndim <= 1 and weight.ndim == 2:
        rows = input.view(math.prod(shape[:-1]), shape[-1])
        return addmm(bias, rows, transposed).view(*shape[:-1], weight._meta.shape[0])
    return matmul(input, transposed).add_(bias)


@detailed(
    name="trilinear",
    variants="",
    check=lambda input1: require_numbers("bmm", input1.dtype),
    shape=lambda input1, weight: (input1.shape[0], weight.shape[0]),
    dtype=lambda input1: input1.dtype,
)
def _trilinear(input1: Tensor, weight: Tensor, input2: Tensor):
    wide = jnp.float32 if input1.dtype in HALF else input1.dtype
    left = jnp.einsum("bi,oij->boj", input1, weight, preferred_element_type=wide)
    return jnp.einsum("boj,bj->bo", left, input2.astype(wide), preferred_element_type=wide).astype(
        input1.dtype
    )


def _check_bilinear(input1, input2, weight, bias):
    if input1.ndim != input2.ndim:
        raise RuntimeError(
            f"bilinear(): input dimensions do not match: got {input1.ndim} and {input2.ndim}"
        )
    for dim in range(input1.ndim - 1):
        if input1.shape[dim] != input2.shape[dim]:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {dim}: got "
                f"{input1.shape[dim]} and {input2.shape[dim]}"
            )
    for place, each in enumerate((input1, input2), 1):
        if each.size(-1) != weight.size(place):
            raise RuntimeError(
                f"bilinear(): input{place} size does not match weight size: got "
                f"{each.shape[-1]} but expected {weight.shape[place]}"
            )
    if bias is not None and bias.size(0) != weight.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected "
            f"{weight.shape[0]}"
        )
    given = {"input1": input1, "input2": input2, "weight": weight, "bias": bias}
    known = {name: c_name(each.dtype) for name, each in given.items() if each is not None}
    if len(set(known.values())) > 1:
        texts = [f"{name}: {kind}" for name, kind in known.items()]
        raise RuntimeError(f"All tensors must have the same dtype, got {', '.join(texts)}")


@offered("(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = None)", variants="f")
def bilinear(input1, input2, weight, bias=None):
    """`input1 @ weight[k] @ input2 + bias[k]` for every k.

    Shape:   (..., n), (..., p), (m, n, p), (m) -> (..., m).
    Errors:  RuntimeError if shapes do not fit.
    Source:  torch.nn.functional.bilinear.
    """
    require_tensors(input1, input2, weight, *(() if bias is None else (bias,)))
    _check_bilinear(input1, input2, weight, bias)
    shape = (*input1.shape[:-1], weight.shape[0])
    rows = math.prod(shape[:-1])
    first = input1.reshape(rows, input1.shape[-1])
    second = input2.reshape(rows, input2.shape[-1])
    result = _trilinear(first, weight, second).reshape(shape)
    return result if bias is None else result + bias
