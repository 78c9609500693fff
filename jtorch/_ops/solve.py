"""Solutions of linear equations: by LU, by triangles, and from factors that are there already."""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._messages import warn_once
from jtorch._ops.decompositions import solution
from jtorch._ops.detailed import castable, checked, columns, detailed
from jtorch._ops.matrices import (
    adjoint as adjoint_of,
)
from jtorch._ops.matrices import (
    code_of,
    common_batch,
    failure,
    lu,
    require_inexact,
    require_lapack,
    require_one_dtype,
    require_solvable,
    require_square,
    solved,
    spread,
    triangular,
    unless,
)
from jtorch._ops.parameters import Index
from jtorch._ops.product import product
from jtorch._shapes import contiguous_strides
from jtorch._tensor import Tensor


class _Shaped:
    """A tensor seen in another shape, as far as checks ask."""

    def __init__(self, shape):
        self.shape = tuple(shape)
        self.ndim = len(self.shape)


def _is_vector(A, B):
    """Whether B is a vector, or a batch of vectors, as many as there are matrices."""
    return B.ndim == 1 or (A.ndim - 1 == B.ndim and tuple(B.shape) == tuple(A.shape[:-1]))


def _as_matrices(A, B):
    return (*B.shape, 1) if _is_vector(A, B) else tuple(B.shape)


def _check_solve(A, B, left):
    require_inexact("linalg.solve", A.dtype)
    require_one_dtype("linalg.solve", A, B)
    require_solvable("linalg.solve", A, _Shaped(_as_matrices(A, B)), left)
    common_batch(_as_matrices(A, B), A.shape)
    if not left and _is_vector(A, B):
        raise RuntimeError(
            "linalg.solve: Vector broadcasting of the left hand side is not supported for "
            "left=False. In this case linalg.solve is equivalent to B / A.squeeze(-1)"
        )
    require_lapack("lu_cpu", A.dtype)


def _solve_layout(A, B, left, result):
    return columns(result) if left else contiguous_strides(result)


def _solve(A, B, left):
    """(X, LAPACK's info) for A X = B, or X A = B."""
    vector = _is_vector(A, B)
    B = B[..., None] if vector else B
    wide, matrices = common_batch(B.shape, A.shape)
    info = lu(lax.stop_gradient(A))[3]
    B = spread(B, wide)
    # X A = B is A^T X^T = B^T
    X = solution(A, B) if left else _turned(solution(_turned(A), _turned(B)))
    info = spread(info, matrices[:-2])
    return X[..., 0] if vector else X, info


def _turned(array):
    return jnp.swapaxes(array, -1, -2)


_SOLVER_FAILED = "The solver failed because the input matrix is singular."


@detailed(
    variants="o",
    check=_check_solve,
    failure=failure("torch.linalg.solve", _SOLVER_FAILED),
    gradient="LinalgSolveExBackward0",
    dtype=lambda A: A.dtype,
    layout=_solve_layout,
    cast_out=False,
)
def linalg_solve(A: Tensor, B: Tensor, *, left: bool = True):
    """The solution X of A X = B, or with `left=False` of X A = B.

    Shape:   A (..., n, n); B (..., n, k), or (..., n) where that is A's shape without the last dim.
    Errors:  RuntimeError if shapes or dtypes do not fit; LinAlgError for a singular matrix.
    Source:  torch.linalg.solve.
    """
    X, info = _solve(A, B, left)
    return X, code_of(info)


@detailed(
    variants="o",
    check=_check_solve,
    failure=failure("torch.linalg.solve_ex", _SOLVER_FAILED),
    layout=(_solve_layout, None),
    returns=("result", "info"),
    cast_out=False,
)
def linalg_solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False):
    """`linalg.solve` without its error for singular matrices, and LAPACK's info of each.

    Source:  torch.linalg.solve_ex.
    """
    X, info = _solve(A, B, left)
    return (X, info), unless(check_errors, code_of(info))


def _check_triangular_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"expected scalar type {meta.dtype.scalar_name} but found {target.dtype.scalar_name}"
        )


def _check_triangular(A, B, left):
    require_one_dtype("linalg.solve_triangular", A, B)
    require_solvable("linalg.solve_triangular", A, B, left)
    common_batch(B.shape, A.shape)
    require_lapack("triangular_solve_cpu", A.dtype)


@detailed(
    variants="o",
    check=lambda input, B, left: _check_triangular(input, B, left),
    shape=lambda input, B: common_batch(B.shape, input.shape)[0],
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=_check_triangular_out,
)
def linalg_solve_triangular(input: Tensor, B: Tensor, *, upper: bool, left: bool = True,
                            unitriangular: bool = False):  # fmt: skip
    """The solution X of A X = B (or X A = B) where only a triangle of A counts.

    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.linalg.solve_triangular.
    """
    wide, matrices = common_batch(B.shape, input.shape)
    A, B = spread(input, matrices), spread(B, wide)
    return triangular(A, B, upper=upper, left=left, unit=unitriangular)


def _check_old_matrices(kernel, b, A):
    """The checks that torch's older solvers share."""
    if b.dtype is not A.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {b.dtype.scalar_name} "
            f"and A of type {A.dtype.scalar_name} instead."
        )
    rows, count = A.shape[-2:]
    if rows != count:
        raise RuntimeError(
            f"A must be batches of square matrices, but they are {rows} by {count} matrices"
        )
    if b.shape[-2] != rows:
        raise RuntimeError(
            f"Incompatible matrix sizes for {kernel}: each A matrix is {rows} by {count} but each "
            f"b matrix is {b.shape[-2]} by {b.shape[-1]}"
        )
    common_batch(b.shape, A.shape)


def _check_triangular_solve(b, A):
    for name, each in (("b", b), ("A", A)):
        if each.ndim < 2:
            raise RuntimeError(
                f"torch.triangular_solve: Expected {name} to have at least 2 dimensions, but it "
                f"has {each.ndim} dimensions instead"
            )
    _check_old_matrices("triangular_solve", b, A)
    require_lapack("triangular_solve_cpu", A.dtype)
    warn_once(
        "torch.triangular_solve is deprecated in favor of torch.linalg.solve_triangularand will be "
        "removed in a future PyTorch release.\ntorch.linalg.solve_triangular has its arguments "
        "reversed and does not return a copy of one of the inputs.\n"
        "X = torch.triangular_solve(B, A).solution\nshould be replaced with\n"
        "X = torch.linalg.solve_triangular(A, B)."
    )


@detailed(
    variants="fmo",
    check=lambda input, A: _check_triangular_solve(input, A),
    layout=(columns, columns),
    returns=("solution", "cloned_coefficient"),
    cast_out=False,
)
def triangular_solve(input: Tensor, A: Tensor, upper: bool = True, transpose: bool = False,
                     unitriangular: bool = False):  # fmt: skip
    """The solution of A X = `input` where only a triangle of A counts, and A.

    Source:  torch.triangular_solve.
    """
    wide, matrices = common_batch(input.shape, A.shape)
    A, B = spread(A, matrices), spread(input, wide)
    return triangular(A, B, upper=upper, unit=unitriangular, transpose=transpose), A


def _check_cholesky_solve(B, A):
    for name, each in (("b", B), ("u", A)):
        if each.ndim < 2:
            raise RuntimeError(
                f"{name} should have at least 2 dimensions, but has {each.ndim} dimensions instead"
            )
    _check_old_matrices("cholesky_solve", B, A)
    require_lapack("cholesky_solve_cpu", A.dtype)


@functools.partial(jax.custom_jvp, nondiff_argnums=(2,))
def cholesky_solved(B, L, upper):
    """X with A X = B, where A is L times its adjoint, or with `upper` its adjoint times L."""
    L = adjoint_of(L) if upper else L
    first = triangular(L, B, upper=False)
    return triangular(adjoint_of(L), first, upper=True)


@cholesky_solved.defjvp
def _of_cholesky_solved(upper, primals, tangents):
    """torch's derivative is that of the whole of L, whose other triangle is not read."""
    (B, L), (dB, dL) = primals, tangents
    X = cholesky_solved(B, L, upper)
    identity = spread(jnp.eye(L.shape[-1], dtype=L.dtype), L.shape)
    half = product(adjoint_of(dL), L) if upper else product(dL, adjoint_of(L))
    # by the inverse, which has this rule itself: a solution would have that of the triangle alone
    return X, product(cholesky_solved(identity, L, upper), dB - product(half + adjoint_of(half), X))


@detailed(
    variants="fmo",
    check=lambda input, input2: _check_cholesky_solve(input, input2),
    shape=lambda input, input2: common_batch(input.shape, input2.shape)[0],
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=castable("cholesky_solve", "result"),
    lays_out="never",
)
def cholesky_solve(input: Tensor, input2: Tensor, upper: bool = False):
    """The solution of A X = `input`, from `input2`, the Cholesky factor of A.

    Source:  torch.cholesky_solve.
    """
    wide, matrices = common_batch(input.shape, input2.shape)
    return cholesky_solved(spread(input, wide), spread(input2, matrices), upper)


def _check_cholesky_inverse(input):
    require_square("cholesky_inverse", input)
    require_lapack("cholesky_inverse_out_cpu", input.dtype)


@detailed(
    variants="fmo",
    check=_check_cholesky_inverse,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=castable("cholesky_inverse", "result"),
    lays_out="empty",
)
def cholesky_inverse(input: Tensor, upper: bool = False):
    """The inverse of a matrix, from its Cholesky factor. Source: torch.cholesky_inverse."""
    identity = spread(jnp.eye(input.shape[-1], dtype=input.dtype), input.shape)
    return cholesky_solved(identity, input, upper)


# From LU factors


def _check_lu_solve(LU, pivots, B, left):
    require_one_dtype_of_factors(LU, B)
    if pivots.dtype is not _dtypes.int32:
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    require_solvable("linalg.lu_solve", LU, B, left)
    if LU.shape[-1] != pivots.shape[-1]:
        raise RuntimeError(
            "linalg.lu_solve: Number of pivots per batch should be same as the dimension of the "
            "matrix"
        )
    if LU.shape[:-1] != pivots.shape:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got "
            f"pivots with shape {list(pivots.shape)} instead"
        )
    common_batch(B.shape, LU.shape)
    require_lapack("lu_solve_cpu", LU.dtype)


def require_one_dtype_of_factors(LU, B):
    require_inexact("torch.linalg.lu_solve", LU.dtype)
    if LU.dtype is not B.dtype:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type "
            f"{LU.dtype.scalar_name} and B of type {B.dtype.scalar_name} instead"
        )


def permutation_of(pivots, rows):
    """The permutation that row exchanges come to; `pivots` count from 1."""
    return lax.linalg.lu_pivots_to_permutation(pivots - 1, rows)


@detailed(
    variants="o",
    check=_check_lu_solve,
    shape=lambda LU, B: common_batch(B.shape, LU.shape)[0],
    dtype=lambda LU: LU.dtype,
    layout=lambda left, result: columns(result) if left else contiguous_strides(result),
    cast_out=False,
)
def linalg_lu_solve(LU: Tensor, pivots: Index, B: Tensor, *, left: bool = True,
                    adjoint: bool = False):  # fmt: skip
    """The solution of A X = B (or X A = B; of the adjoint of A) from `linalg.lu_factor(A)`.

    Source:  torch.linalg.lu_solve.
    """
    wide, matrices = common_batch(B.shape, LU.shape)
    factors = spread(LU, matrices)
    permutation = spread(permutation_of(pivots, LU.shape[-1]), matrices[:-1])
    B = spread(B, wide)
    if left:
        return solved(factors, permutation, B, adjoint=adjoint)
    # X A = B is A^H X^H = B^H
    return adjoint_of(solved(factors, permutation, adjoint_of(B), adjoint=not adjoint))


@checked("(Tensor input, Tensor LU_data, Tensor LU_pivots, *, Tensor? out = None)")
def lu_solve(input, LU_data, LU_pivots, *, out=None):
    """`linalg.lu_solve` with its arguments reversed. Source: torch.lu_solve."""
    warn_once(
        "torch.lu_solve is deprecated in favor of torch.linalg.lu_solveand will be removed in a "
        "future PyTorch release.\nNote that torch.linalg.lu_solve has its arguments reversed.\n"
        "X = torch.lu_solve(B, LU, pivots)\nshould be replaced with\n"
        "X = torch.linalg.lu_solve(LU, pivots, B)"
    )
    if out is None:
        return linalg_lu_solve(LU_data, LU_pivots, input)
    return linalg_lu_solve(LU_data, LU_pivots, input, out=out)
