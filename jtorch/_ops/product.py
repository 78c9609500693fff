"""The product of arrays that all matrix rows are made of, and torch's checks of its operands."""

import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import BOOL, c_name
from jtorch._ops.refusals import unsupported
from jtorch._shapes import broadcast_shapes

HALF = (np.dtype(np.float16), _dtypes.bfloat16.numpy)


def product(left, right):
    """`left @ right` in their dtype; half precision is accumulated in float32 and rounded once."""
    return wide_product(left, right).astype(left.dtype)


def wide_product(left, right):
    """`left @ right`; of half precision in float32.

    How exactly float32 is multiplied, `set_float32_matmul_precision` says for all of JAX.
    """
    if left.ndim > 2 and right.ndim <= 2:
        # as one matrix: the derivative by `right` is then one product, and nothing is turned round
        flat = left.reshape(math.prod(left.shape[:-1]), left.shape[-1])
        return wide_product(flat, right).reshape(*left.shape[:-1], *right.shape[1:])
    if left.dtype in HALF:
        return _product_of_halves(left, right)
    if left.dtype == np.int64:
        return lax.platform_dependent(left, right, tpu=_product_of_integers, default=_plain_product)
    return _plain_product(left, right)


def _plain_product(left, right):
    return jnp.matmul(left, right, preferred_element_type=left.dtype)


def _product_of_integers(left, right):
    """The compiler for TPU has no product of matrices of int64, but sums of products of elements."""
    if left.ndim == right.ndim == 1:
        return jnp.sum(left * right, dtype=left.dtype)
    if left.ndim == 1:
        return _product_of_integers(left[None], right)[..., 0, :]
    if right.ndim == 1:
        return _product_of_integers(left, right[:, None])[..., 0]
    return jnp.sum(left[..., :, :, None] * right[..., None, :, :], -2)


@jax.custom_jvp
def _product_of_halves(left, right):
    return jnp.matmul(left, right, preferred_element_type=np.float32)


@_product_of_halves.defjvp
def _of_product_of_halves(primals, tangents):
    """In reverse mode, gradients are rounded to half precision before they are multiplied: as
    torch's are, and as accelerators multiply them fast."""
    (left, right), (moved_left, moved_right) = primals, tangents
    moved = jnp.matmul(moved_left, right), jnp.matmul(left, moved_right)
    return _product_of_halves(left, right), sum(each.astype(np.float32) for each in moved)


def product_shape(left, right):
    """The shape of `left @ right`, for shapes that fit."""
    if len(left) == 1 and len(right) == 1:
        return ()
    if len(left) == 1:
        return (*right[:-2], right[-1])
    if len(right) == 1:
        return left[:-1]
    return (*broadcast_shapes(left[:-2], right[:-2]), left[-2], right[-1])


def require_numbers(kernel, dtype):
    """torch multiplies no bool and no uint16 to uint64; `kernel` is the product in its error."""
    if dtype.category == BOOL or dtype in _dtypes.BAREBONES_UNSIGNED:
        raise unsupported(kernel, dtype)


def check_mm(left, right):
    """Two matrices. Errors: RuntimeError; NotImplementedError for bool."""
    if len(left.shape) != 2:
        raise RuntimeError("self must be a matrix")
    if len(right.shape) != 2:
        raise RuntimeError("mat2 must be a matrix")
    check_matrices(left.shape, right.shape)
    check_one_dtype(left, right)
    require_numbers("addmm_impl_cpu_", left.dtype)


def check_matrices(left, right):
    if left[1] != right[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({left[0]}x{left[1]} and "
            f"{right[0]}x{right[1]})"
        )


def check_one_dtype(left, right):
    if left.dtype is not right.dtype:
        raise RuntimeError(
            "expected m1 and m2 to have the same dtype, but got: "
            f"{c_name(left.dtype)} != {c_name(right.dtype)}"
        )


def check_mv(matrix, vector, addend=None):
    """A matrix and a vector, and perhaps what is added to their product."""
    if addend is None:
        matrix.size(0)
    ndim = 1 if addend is None else len(addend.shape)
    if ndim > 1 or len(matrix.shape) != 2 or len(vector.shape) != 1:
        raise RuntimeError(
            "vector + matrix @ vector expected, got "
            f"{ndim}, {len(matrix.shape)}, {len(vector.shape)}"
        )
    rows, count = matrix.shape
    given = rows if addend is None or addend.numel() == 1 else addend.shape[0]
    if count != vector.shape[0] or given != rows:
        if addend is not None:
            addend.size(0)
        shown = rows if addend is None else addend.shape[0]
        raise RuntimeError(
            f"size mismatch, got input ({shown}), mat ({rows}x{count}), vec ({vector.shape[0]})"
        )
    first = vector.dtype if addend is None else addend.dtype
    if not first is matrix.dtype is vector.dtype:
        names = ", ".join(each.scalar_name for each in (first, matrix.dtype))
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{names}, and {vector.dtype.scalar_name}"
        )
    require_numbers("addmv_impl_cpu", matrix.dtype)


def check_dot(left, right):
    if len(left.shape) != 1 or len(right.shape) != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {len(left.shape)}D and {len(right.shape)}D tensors"
        )
    if left.dtype is not right.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{left.dtype.scalar_name} and {right.dtype.scalar_name}"
        )
    m, n = left.shape[0], right.shape[0]
    if m != n:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{m}] and src [{n}] to have the same "
            f"number of elements, but got {m} and {n} elements respectively"
        )
    require_numbers("dot", left.dtype)


def check_bmm(left, right):
    check_batches(left.shape, right.shape)
    check_batch_dtypes(left.dtype, right.dtype)


def check_batches(left, right):
    """Shapes of three dims each."""
    if len(left) != 3:
        raise RuntimeError("batch1 must be a 3D tensor")
    if len(right) != 3:
        raise RuntimeError("batch2 must be a 3D tensor")
    if left[0] != right[0] or left[2] != right[1]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{left[0]}, {left[2]}] but got: [{right[0]}, {right[1]}]."
        )


def check_batch_dtypes(left, right):
    require_numbers("bmm", left)
    if left is not right:
        raise RuntimeError(f"expected scalar type {left.scalar_name} but found {right.scalar_name}")


def in_dtype(number, dtype):
    """A Python number, or a traced one, as a scalar of `dtype`; integers lose fractions."""
    if dtype.kind in "iu" and not isinstance(number, (bool, int)):
        number = jnp.trunc(number) if hasattr(number, "dtype") else int(number)
    return jnp.asarray(number).astype(dtype)
