"""Products of vectors and matrices: `@` and its special cases."""

import math

from jax import numpy as jnp

from jtorch import _shapes
from jtorch._ops.detailed import DetailedRow, checked, detailed
from jtorch._ops.names import by_arguments
from jtorch._ops.product import (
    check_batch_dtypes,
    check_batches,
    check_bmm,
    check_dot,
    check_matrices,
    check_mm,
    check_mv,
    check_one_dtype,
    product,
    product_shape,
    require_numbers,
)
from jtorch._ops.writing import resize_out
from jtorch._override import overloaded, state
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor


def _check_matmul(input, other):
    left, right = input.ndim, other.ndim
    if not left or not right:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {left}D and {right}D"
        )
    if left == 1 and right == 1:
        check_dot(input, other)
    elif left == 2 and right == 1:
        check_mv(input, other)
    elif left <= 2 and right == 2:
        rows = (1, input.shape[0]) if left == 1 else input.shape
        _check_folded(rows, input, other.shape, other)
    elif _folds(input, other):
        _check_fold(input, other)
    else:
        _check_broadcast(input, other)


def _check_folded(left, input, right, other):
    check_matrices(left, right)
    check_one_dtype(input, other)
    require_numbers("addmm_impl_cpu_", input.dtype)


def _folds(input, other):
    """Whether torch makes one matrix of the larger operand; its errors then speak of matrices."""
    larger, stride, smaller = input.shape, input.stride(), other.ndim
    if input.ndim < other.ndim:
        larger, stride, _ = _shapes.transpose((other.shape, other.stride(), 0), -2, -1)
        smaller = input.ndim
    if smaller > 2 or input.ndim == 2:
        return False
    return 0 in larger or all(
        stride[axis] == stride[axis + 1] * larger[axis + 1] for axis in range(len(larger) - 2)
    )


def _check_fold(input, other):
    if input.ndim < other.ndim:
        larger, smaller = (*other.shape[:-2], other.shape[-1], other.shape[-2]), input.shape[::-1]
    else:
        larger, smaller = input.shape, other.shape
    rows = math.prod(larger[:-1])
    if len(smaller) == 2:
        _check_folded((rows, larger[-1]), input, smaller, other)
    elif larger[-1] != smaller[0]:
        raise RuntimeError(
            f"size mismatch, got input ({rows}), mat ({rows}x{larger[-1]}), vec ({smaller[0]})"
        )
    elif input.dtype is not other.dtype:
        matrix, vector = (other, input) if input.ndim < other.ndim else (input, other)
        names = vector.dtype.scalar_name, matrix.dtype.scalar_name
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[0]}, {names[1]}, and {names[0]}"
        )
    require_numbers("addmv_impl_cpu", input.dtype)


def _check_broadcast(input, other):
    left = input.shape if input.ndim > 1 else (1, *input.shape)
    right = other.shape if other.ndim > 1 else (*other.shape, 1)
    batch = math.prod(broadcast_shapes(left[:-2], right[:-2]))
    check_batches((batch, *left[-2:]), (batch, *right[-2:]))
    check_batch_dtypes(input.dtype, other.dtype)


def _check_mv_out(target, meta):
    if target.dtype is not meta.dtype:
        names = target.dtype.scalar_name, meta.dtype.scalar_name
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names[0]}, {names[1]}, and {names[1]}"
        )


def _check_dot_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"result dtype {target.dtype.scalar_name} does not match input dtype "
            f"{meta.dtype.scalar_name}"
        )


def _parts(input, other):
    """What torch's graph shows: its products of matrices and vectors are operations of their own."""
    dims = input.ndim, other.ndim
    if dims == (1, 1):
        return dot(input, other)
    if dims == (2, 1):
        return mv(input, other)
    if dims == (2, 2):
        return mm(input, other)
    return _batched(input, other)


def _last_of_several(input, other):
    """The last node that torch has; here it is the only one."""
    if input.ndim == 1 and other.ndim == 2:
        return "SqueezeBackward4"
    if input.ndim == 2 and other.ndim > 2 and input.requires_grad:
        # torch turns its product round, which needs no copy where that moves nothing
        *batch, rows, columns = product_shape(input.shape, other.shape)
        stays = 1 in (rows, columns) or 0 in (*batch, rows, columns)
        return "TransposeBackward0" if stays else "CloneBackward0"
    return "UnsafeViewBackward0"


@detailed(
    name="matmul.batched",
    variants="",
    gradient=by_arguments(_last_of_several, "input", "other"),
    shape=lambda input, other: product_shape(input.shape, other.shape),
    dtype=lambda input: input.dtype,
)
def _batched(input: Tensor, other: Tensor):
    return product(input, other)


class _MatmulRow(DetailedRow):
    """`out` is that of the products which torch does: it says what does not suit, and where it warns."""

    is_plain = True  # but for `out`

    def call(self, args, kwargs):
        if kwargs.get("out") is None or (state.active and overloaded(args, kwargs)):
            return super().call(args, kwargs)
        operands = dict(kwargs)
        out = operands.pop("out")
        values = self.bind(args, operands)
        self._refuse_gradient_into(out, values)
        self.find(values)
        return _into(out, *values)


def _into(out, left, right):
    dims = left.ndim, right.ndim
    if dims == (1, 1):
        return dot(left, right, out=out)
    if dims == (2, 1):
        return mv(left, right, out=out)
    if dims == (2, 2):
        return mm(left, right, out=out)
    if dims == (1, 2):
        return mm(left.unsqueeze(0), right, out=out).squeeze_(0)
    resize_out(out, product_shape(left.shape, right.shape))
    made = _folded_into(out, left, right) if _folds(left, right) else _bmm_into(out, left, right)
    if made._storage is not out._storage:
        out.copy_(made)
    return out


def _folded_into(out, left, right):
    """One product, into `out` as a matrix or a vector: a copy, if its strides do not give a view."""
    larger, smaller = (left, right) if left.ndim > right.ndim else (right.mT, left)
    rows = math.prod(larger.shape[:-1])
    multiplied = mv if smaller.ndim == 1 else mm
    return multiplied(
        larger.reshape(rows, larger.shape[-1]),
        smaller,
        out=out.reshape(rows, *smaller.shape[1:]),
    )


def _bmm_into(out, left, right):
    left = left.unsqueeze(0) if left.ndim == 1 else left
    right = right.unsqueeze(1) if right.ndim == 1 else right
    batch = broadcast_shapes(left.shape[:-2], right.shape[:-2])
    left, right = [
        each.expand(*batch, *each.shape[-2:]).reshape(math.prod(batch), *each.shape[-2:])
        for each in (left, right)
    ]
    place = out.reshape(math.prod(batch), left.shape[1], right.shape[2])
    return bmm(left, right, out=place).view(out.shape)


@detailed(
    row=_MatmulRow,
    check=_check_matmul,
    parts=_parts,
    shape=lambda input, other: product_shape(input.shape, other.shape),
    dtype=lambda input: input.dtype,
    variants="fmo",
)
def matmul(input: Tensor, other: Tensor):
    """The product of vectors, matrices and batches of matrices, as `@`.

    Shape:   (n) @ (n) -> (); (..., m, n) @ (n) -> (..., m); (n) @ (..., n, p) -> (..., p);
             (..., m, n) @ (..., n, p) -> (..., m, p), where ... broadcasts.
    Dtype:   both the same, and the result; half precision is accumulated in float32.
    Errors:  RuntimeError if shapes or dtypes do not fit; NotImplementedError for bool.
    Source:  torch.matmul; jnp.matmul.
    """
    return product(input, other)


@checked("(Tensor input, Tensor other, *, Tensor? out = None)", variants="")
def linalg_matmul(input, other, *, out=None):
    """`matmul`. Source: torch.linalg.matmul."""
    return matmul(input, other) if out is None else matmul(input, other, out=out)


def _matmul_operator(self, other):
    return matmul(self, other) if isinstance(other, Tensor) else NotImplemented


def _reflected_matmul_operator(self, other):
    both = isinstance(self, Tensor) and isinstance(other, Tensor)
    return matmul(other, self) if both else NotImplemented


Tensor.__matmul__ = _matmul_operator
Tensor.__rmatmul__ = _reflected_matmul_operator


@detailed(
    check=lambda input, mat2: check_mm(input, mat2),
    shape=lambda input, mat2: (input.shape[0], mat2.shape[1]),
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
)
def mm(input: Tensor, mat2: Tensor):
    """The product of two matrices. Source: torch.mm."""
    return product(input, mat2)


@detailed(
    check=lambda input, mat2: check_bmm(input, mat2),
    shape=lambda input, mat2: (*input.shape[:2], mat2.shape[2]),
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
)
def bmm(input: Tensor, mat2: Tensor):
    """The products of two batches of matrices; nothing broadcasts. Source: torch.bmm."""
    return product(input, mat2)


@detailed(
    check=lambda input, vec: check_mv(input, vec),
    shape=lambda input: input.shape[:1],
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
    out_check=_check_mv_out,
)
def mv(input: Tensor, vec: Tensor):
    """A matrix times a vector. Source: torch.mv."""
    return product(input, vec)


@detailed(
    check=lambda input, tensor: check_dot(input, tensor),
    shape=lambda: (),
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
    out_check=_check_dot_out,
)
def dot(input: Tensor, tensor: Tensor):
    """The sum of the products of two vectors' elements. Source: torch.dot."""
    return product(input, tensor)


@detailed(
    check=lambda input, other: check_dot(input, other),
    shape=lambda: (),
    dtype=lambda input: input.dtype,
    variants="fmo",
    cast_out=False,
    out_check=_check_dot_out,
)
def vdot(input: Tensor, other: Tensor):
    """The dot product with the first vector conjugated. Source: torch.vdot."""
    return product(jnp.conj(input), other)
