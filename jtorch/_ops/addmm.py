"""A product added to a tensor, `beta * input + alpha * (a @ b)`: of matrices, vectors, batches."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes, _shapes
from jtorch._dtypes import c_name
from jtorch._ops.detailed import DetailedRow, detailed, refuse_complex
from jtorch._ops.families import composite
from jtorch._ops.parameters import Number
from jtorch._ops.product import (
    check_batches,
    check_matrices,
    check_mv,
    in_dtype,
    require_numbers,
    wide_product,
)
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.rebase import assign, refuse_in_place
from jtorch._ops.windows import geometry_of
from jtorch._ops.writing import resize_quietly
from jtorch._override import overloaded, state
from jtorch._tensor import Tensor

_ZERO = {"beta": (0,)}  # torch ignores `input`, NaN included, where beta is 0


def _combined(input, product, beta, alpha):
    """`beta * input + alpha * product`, in the product's dtype, as `input`'s."""
    dtype = product.dtype
    if not _is_one(alpha):
        product = in_dtype(alpha, dtype) * product
    if not _is_zero(beta):
        input = input.astype(dtype)
        product = (input if _is_one(beta) else in_dtype(beta, dtype) * input) + product
    return product


def _is_one(number):
    return isinstance(number, (int, float)) and number == 1


def _is_zero(number):
    return isinstance(number, (int, float)) and number == 0


def _refuse_numbers(input, beta, alpha):
    refuse_complex(input.dtype, getattr(beta, "value", beta), getattr(alpha, "value", alpha))


def _check_expands(input, shape):
    _shapes.expand(geometry_of(input), tuple(shape), input.type())


def _check_target(input, shape):
    if tuple(input.shape) != tuple(shape):
        raise RuntimeError(
            f"Bad in-place call: input tensor size {list(input.shape)} and output tensor size "
            f"{list(shape)} should match"
        )


def _check_three_dtypes(input, mat1, mat2):
    if input.dtype is not mat2.dtype:
        raise RuntimeError(
            "self and mat2 must have the same dtype, but got "
            f"{input.dtype.scalar_name} and {mat2.dtype.scalar_name}"
        )
    if mat1.dtype is not mat2.dtype:
        raise RuntimeError(
            "mat1 and mat2 must have the same dtype, but got "
            f"{mat1.dtype.scalar_name} and {mat2.dtype.scalar_name}"
        )


def _check_addmm_operands(input, mat1, mat2):
    _check_three_dtypes(input, mat1, mat2)
    for name, each in (("mat1", mat1), ("mat2", mat2)):
        if each.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {each.ndim}-D tensor")
    check_matrices(mat1.shape, mat2.shape)


def _check_addmm(input, mat1, mat2):
    _check_addmm_operands(input, mat1, mat2)
    _check_expands(input, (mat1.shape[0], mat2.shape[1]))
    require_numbers("addmm_impl_cpu_", mat1.dtype)


def _check_addmm_target(input, mat1, mat2):
    _check_addmm_operands(input, mat1, mat2)
    _check_target(input, (mat1.shape[0], mat2.shape[1]))


@detailed(
    check=_check_addmm,
    in_place_check=_check_addmm_target,
    numbers=_refuse_numbers,
    literals=_ZERO,
    shape=lambda mat1, mat2: (mat1.shape[0], mat2.shape[1]),
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Number = 1, alpha: Number = 1):
    """`beta * input + alpha * (mat1 @ mat2)`.

    Shape:   (m, n) @ (n, p) -> (m, p), to which `input` broadcasts.
    Dtype:   all the same; `beta` and `alpha` become it.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.addmm.
    """
    return _combined(input, wide_product(mat1, mat2), beta, alpha)


def _check_addmv_target(input, mat, vec):
    check_mv(mat, vec, input)
    _check_target(input, mat.shape[:1])


@detailed(
    check=lambda input, mat, vec: check_mv(mat, vec, input),
    in_place_check=_check_addmv_target,
    numbers=_refuse_numbers,
    literals=_ZERO,
    shape=lambda mat: mat.shape[:1],
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Number = 1, alpha: Number = 1):
    """`beta * input + alpha * (mat @ vec)`. Source: torch.addmv."""
    return _combined(input, wide_product(mat, vec), beta, alpha)


@composite(variants="f")
def addmv_(input, mat, vec, *, beta=1, alpha=1):
    """`Tensor.addmv_` as a function. Source: torch.addmv_."""
    return input.addmv_(mat, vec, beta=beta, alpha=alpha)


def _check_vectors(vec1, vec2):
    for name, each in (("vec1", vec1), ("vec2", vec2)):
        if each.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {each.ndim}-D")


def _check_addr(input, vec1, vec2, beta, alpha):
    _check_vectors(vec1, vec2)
    if all(each.dtype.category < _dtypes.FLOATING for each in (input, vec1, vec2)):
        for name, number in (("beta", beta), ("alpha", alpha)):
            if isinstance(number, float):
                raise RuntimeError(
                    f"For integral input tensors, argument {name} must not be a floating point "
                    "number."
                )
    _check_expands(input, (*vec1.shape, *vec2.shape))


def _check_addr_target(input, vec1, vec2):
    _check_vectors(vec1, vec2)
    if input.ndim != 2:
        raise RuntimeError(f"2D tensor expected, got {input.ndim}D tensor for input")
    if tuple(input.shape) != (*vec1.shape, *vec2.shape):
        raise RuntimeError(
            f"size mismatch, input: {list(input.shape)}, v1: {list(vec1.shape)}, "
            f"v2: {list(vec2.shape)}"
        )


@detailed(
    DEFAULT,
    check=_check_addr,
    in_place_check=_check_addr_target,
    numbers=_refuse_numbers,
    literals=_ZERO,
    shape=lambda vec1, vec2: (*vec1.shape, *vec2.shape),
)
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Number = 1, alpha: Number = 1):
    """`beta * input + alpha * outer(vec1, vec2)`. Source: torch.addr."""
    if input.dtype == jnp.bool_:
        outer = vec1[:, None] & vec2 & (in_dtype(alpha, np.dtype(np.int64)) != 0)
        return (
            outer if _is_zero(beta) else (input & (in_dtype(beta, np.dtype(np.int64)) != 0)) | outer
        )
    return _combined(input, vec1[:, None] * vec2, beta, alpha)


def _check_baddbmm_operands(input, batch1, batch2):
    shape = (batch1.size(0), batch1.size(1), batch2.size(2))
    _check_expands(input, shape)
    if input.dtype is not batch1.dtype:
        raise RuntimeError(
            f"Input dtypes must be the same, got: input {c_name(input.dtype)}, batch1: "
            f"{c_name(batch1.dtype)}, batch2: {c_name(batch2.dtype)}"
        )
    check_batches(batch1.shape, batch2.shape)


def _check_baddbmm(input, batch1, batch2):
    _check_baddbmm_operands(input, batch1, batch2)
    if batch1.dtype is not batch2.dtype:
        raise RuntimeError(
            f"expected scalar type {batch1.dtype.scalar_name} but found {batch2.dtype.scalar_name}"
        )
    require_numbers("baddbmm", batch1.dtype)


def _check_baddbmm_target(input, batch1, batch2):
    _check_baddbmm_operands(input, batch1, batch2)
    if input.dtype is not batch2.dtype:
        raise RuntimeError(
            f"Bad in-place call: input tensor dtype {c_name(input.dtype)} and output tensor dtype "
            f"{c_name(batch2.dtype)} should match"
        )
    _check_target(input, (*batch1.shape[:2], batch2.shape[2]))


@detailed(
    check=_check_baddbmm,
    in_place_check=_check_baddbmm_target,
    numbers=_refuse_numbers,
    literals=_ZERO,
    shape=lambda batch1, batch2: (*batch1.shape[:2], batch2.shape[2]),
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1):
    """`beta * input + alpha * bmm(batch1, batch2)`. Source: torch.baddbmm."""
    return _combined(input, wide_product(batch1, batch2), beta, alpha)


def _check_addbmm(input, batch1, batch2):
    _check_expands(input, (batch1.size(1), batch2.size(2)))
    for name, each in (("batch1", batch1), ("batch2", batch2)):
        if each.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    if batch1.shape[0] != batch2.shape[0]:
        raise RuntimeError(
            "batch1 and batch2 must have same number of batches, got "
            f"{batch1.shape[0]} and {batch2.shape[0]}"
        )
    if batch1.shape[2] != batch2.shape[1]:
        raise RuntimeError(
            f"Incompatible matrix sizes for bmm ({batch1.shape[1]}x{batch1.shape[2]} and "
            f"{batch2.shape[1]}x{batch2.shape[2]})"
        )
    _check_three_dtypes(input, batch1, batch2)
    require_numbers("addmm_impl_cpu_", batch1.dtype)


def _check_addbmm_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            "self and mat2 must have the same dtype, but got "
            f"{target.dtype.scalar_name} and {meta.dtype.scalar_name}"
        )


class _AddbmmRow(DetailedRow):
    """torch resizes what it writes to, in place as well, and does not warn of it."""

    def _into(self, out, entry, inputs):
        if isinstance(out, Tensor):
            resize_quietly(out, entry.meta.shape)
        return super()._into(out, entry, inputs)

    def call_in_place(self, args, kwargs):
        if state.active and overloaded(args, kwargs):
            return super().call_in_place(args, kwargs)
        target, *operands = values = self.bind(args, kwargs, suffix="_")
        shape = self.find(values)[0].meta.shape
        if target.shape == shape:
            return super().call_in_place(args, kwargs)
        refuse_in_place(target, operands)
        result = self.call(args, kwargs)
        resize_quietly(target, shape)
        assign(target, result, self.node_name(args, kwargs))
        return target


@detailed(
    row=_AddbmmRow,
    check=_check_addbmm,
    numbers=_refuse_numbers,
    literals=_ZERO,
    shape=lambda batch1, batch2: (batch1.shape[1], batch2.shape[2]),
    dtype=lambda input: input.dtype,
    out_check=_check_addbmm_out,
)
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Number = 1, alpha: Number = 1):
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`. Source: torch.addbmm."""
    rows = batch1.transpose(1, 0, 2).reshape(batch1.shape[1], -1)
    columns = batch2.reshape(-1, batch2.shape[2])
    return _combined(input, wide_product(rows, columns), beta, alpha)
