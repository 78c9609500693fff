"""What the rows of linear algebra share: torch's checks of matrices, LU, and solving."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import FLOATING
from jtorch._errors import LinAlgError
from jtorch._ops.product import HALF
from jtorch._ops.refusals import unsupported
from jtorch._shapes import broadcast_shapes

_BATCH = 2**32  # a code is batch element * _BATCH + what LAPACK calls info


def require_matrix(name, tensor, argument="A"):
    if tensor.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor {argument} must have at least 2 dimensions.")


def require_square(name, tensor):
    require_matrix(name, tensor)
    rows, columns = tensor.shape[-2:]
    if rows != columns:
        raise RuntimeError(
            f"{name}: A must be batches of square matrices, but they are {rows} by {columns} "
            "matrices"
        )


def require_inexact(name, dtype, half=True):
    """Floating point or complex; `half` says whether half precision passes this check."""
    if dtype.category < FLOATING:
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got {dtype.scalar_name}"
        )
    if not half and dtype.numpy in HALF:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {dtype.scalar_name}")


def require_lapack(kernel, dtype):
    """LAPACK has float32, float64 and their complex numbers."""
    if dtype.category < FLOATING or dtype.numpy in HALF or dtype.itemsize == 1:
        raise unsupported(kernel, dtype)


def require_one_dtype(name, A, B):
    if A.dtype is not B.dtype:
        raise RuntimeError(
            f"{name}: Expected A and B to have the same dtype, but found A of type "
            f"{A.dtype.scalar_name} and B of type {B.dtype.scalar_name} instead"
        )


def require_solvable(name, A, B, left):
    """A square, and B of matrices that fit it in AX = B or XA = B; `B` needs a shape only."""
    require_square(name, A)
    require_matrix(name, B, "B")
    if A.shape[-1] != B.shape[-2 if left else -1]:
        sizes = [f"{each.shape[-2]}x{each.shape[-1]}" for each in (A, B)]
        raise RuntimeError(
            f"{name}: Incompatible shapes of A and B for the equation "
            f"{'AX = B' if left else 'XA = B'} ({sizes[0]} and {sizes[1]})"
        )


def common_batch(B, A):
    """The shapes of `B` and `A` with the batch dims that both broadcast to."""
    batch = broadcast_shapes(tuple(B[:-2]), tuple(A[:-2]))
    return (*batch, *B[-2:]), (*batch, *A[-2:])


# Errors that data shows


def code_of(info):
    """The error code for LAPACK's info of each matrix: of the first that failed, or 0."""
    info = jnp.asarray(info).reshape(-1).astype(np.int64)
    if not info.size:
        return jnp.int64(0)
    first = jnp.argmax(info != 0)
    return jnp.where(info[first] != 0, first * _BATCH + info[first], 0)


def failure(name, text, error=LinAlgError, of="A"):
    """A row's `failure`: `text` may have `{info}` in it; `of` is the parameter: "A" or "input"."""

    def of_matrices(matrices):
        batched = matrices.ndim > 2

        def make(code):
            element, info = divmod(code, _BATCH)
            where = f"(Batch element {element}): " if batched else ""
            return error(f"{name}: {where}{text.format(info=info)}")

        return make

    def of_A(A):
        return of_matrices(A)

    def of_input(input):
        return of_matrices(input)

    return of_A if of == "A" else of_input


def unless(check_errors, code):
    """The code, if errors are to be raised."""
    return code if check_errors else jnp.int64(0)


# LU


def lu(A):
    """(LU in one, pivots from 0, permutation, info: the first zero on U's diagonal, from 1)."""
    rows, columns = A.shape[-2:]
    least = min(rows, columns)
    if not A.size:
        pivots = jnp.broadcast_to(jnp.arange(least, dtype=np.int32), (*A.shape[:-2], least))
        permutation = jnp.broadcast_to(jnp.arange(rows, dtype=np.int32), (*A.shape[:-2], rows))
        return A, pivots, permutation, jnp.zeros(A.shape[:-2], np.int32)
    factors, pivots, permutation = lax.linalg.lu(A)
    zero = jnp.diagonal(factors, axis1=-2, axis2=-1) == 0
    info = jnp.where(zero.any(-1), jnp.argmax(zero, -1) + 1, 0)
    return factors, pivots, permutation, info.astype(np.int32)


def parity(pivots):
    """-1 for an odd number of row exchanges, else 1."""
    odd = jnp.sum(pivots != jnp.arange(pivots.shape[-1], dtype=pivots.dtype), -1) % 2
    return 1 - 2 * odd


def solved(factors, permutation, B, adjoint=False):
    """X with A X = B (or A^H X = B), from the factors of A; the batch dims are the same."""
    if not B.size:
        return B
    if adjoint:
        conjugate = jnp.iscomplexobj(factors)
        X = _solve(factors, B, lower=False, transpose=True, conjugate=conjugate)
        X = _solve(factors, X, lower=True, unit=True, transpose=True, conjugate=conjugate)
        return jnp.take_along_axis(X, jnp.argsort(permutation, -1)[..., None], -2)
    X = jnp.take_along_axis(B, permutation[..., None], -2)
    X = _solve(factors, X, lower=True, unit=True)
    return _solve(factors, X, lower=False)


def _solve(A, B, *, lower, unit=False, transpose=False, conjugate=False, left=True):
    return lax.linalg.triangular_solve(
        A, B, left_side=left, lower=lower, unit_diagonal=unit, transpose_a=transpose,
        conjugate_a=conjugate,
    )  # fmt: skip


def triangular(A, B, *, upper, left=True, unit=False, transpose=False):
    """X with A X = B, or X A = B, for a triangle of A; the batch dims are the same."""
    if not B.size or not A.size:
        return B
    return _solve(A, B, lower=not upper, unit=unit, transpose=transpose, left=left)


def adjoint(array):
    return jnp.conj(jnp.swapaxes(array, -1, -2))


def spread(array, shape):
    """An array broadcast to a shape; kept as it is where it has it."""
    return array if array.shape == tuple(shape) else jnp.broadcast_to(array, shape)
