"""Samples of determinants, inverses, solutions and decompositions of matrices.

A decomposition is unique only up to signs or phases; what is compared is what it defines: the
product of its factors and the values that are unique.
"""

import numpy as np

from samples.spec import S, T, V, row

SOLVE = (2e-4, 1e-4)
WHY = "an ill-conditioned random system loses float32 digits, in torch as here"

REGULAR = V([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]])
REGULAR_WIDE = V([[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 5.0]], "float64")
SKEW = V([[1.0, 2.0, 0.0], [-1.0, 0.5, 3.0], [2.0, 1.0, 1.0]])
SINGULAR = V([[1.0, 2.0], [2.0, 4.0]])
COMPLEX = V([[2 + 0j, 1 + 1j], [1 - 1j, 3 + 0j]], "complex64")
BATCH = V([[[2.0, 1.0], [1.0, 3.0]], [[1.0, 0.5], [0.5, 2.0]]])
SQUARE = [S(REGULAR), S(REGULAR_WIDE), S(SKEW), S(BATCH), S(COMPLEX), S(SKEW.t()), S(T(0, 0))]
SYMMETRIC = [S(REGULAR), S(REGULAR_WIDE), S(BATCH), S(COMPLEX)]
NOT_SQUARE = [S(T(2, 3)), S(T(3)), S(T(3, 3, dtype="int64"))]


def adjoint(matrix):
    return np.conj(np.swapaxes(matrix, -1, -2))


def of_eigen(values):
    """Eigenvalues, and the matrix they and the vectors stand for."""
    numbers, vectors = values
    return [numbers, vectors * numbers[..., None, :] @ adjoint(vectors)]


def of_svd(values):
    """Singular values, and the matrix the factors stand for."""
    left, numbers, right = values
    count = numbers.shape[-1]
    return [numbers, left[..., :count] * numbers[..., None, :] @ right[..., :count, :]]


def of_old_svd(values):
    left, numbers, right = values
    return of_svd([left, numbers, adjoint(right)])


def of_qr(values):
    """The product, the size of each entry of the triangular factor, and whether q is orthogonal."""
    left, right = values
    return [left @ right, abs(right), adjoint(left) @ left]


def of_spectrum(values):
    """Eigenvalues in a fixed order."""
    return [np.sort_complex(np.round(values[0], 4))]


def of_first(values):
    """Only the solution: residuals and ranks of a least-squares problem depend on the driver."""
    return values[:1]


MEASURES = [
    row("det", SQUARE, S(SINGULAR), aliases=("linalg.det",), errors=NOT_SQUARE),
    row("logdet", SQUARE[:4], S(V([[1.0, 2.0], [3.0, 4.0]])), errors=NOT_SQUARE[:1]),
    row("slogdet", SQUARE, S(SINGULAR), aliases=("linalg.slogdet",), errors=NOT_SQUARE[:1]),
    row(
        "linalg.cond",
        S(REGULAR),
        S(REGULAR, 1),
        S(REGULAR, "fro"),
        forms="fo",
        tolerance=SOLVE,
        reason=WHY,
    ),
    row(
        "linalg.matrix_rank",
        S(REGULAR),
        S(SINGULAR),
        S(T(2, 3)),
        S(BATCH),
        S(REGULAR, hermitian=True),
        forms="fo",
    ),
]

INVERSES = [
    row(
        "inverse",
        SQUARE,
        aliases=("linalg.inv",),
        tolerance=SOLVE,
        reason=WHY,
        errors=[*NOT_SQUARE, S(SINGULAR)],
    ),
    row("pinverse", S(REGULAR), S(T(2, 3)), aliases=("linalg.pinv",), tolerance=SOLVE, reason=WHY),
    row(
        "linalg.solve",
        S(REGULAR, T(3)),
        S(REGULAR, T(3, 2)),
        S(BATCH, T(2, 2, 1)),
        S(COMPLEX, T(2, dtype="complex64")),
        S(REGULAR, T(2, 3), left=False),
        forms="fo",
        tolerance=SOLVE,
        reason=WHY,
        errors=[
            S(SINGULAR, T(2)),
            S(REGULAR, T(2)),
            S(T(2, 3), T(2)),
            S(REGULAR, T(3, dtype="float64")),
        ],
    ),
    row(
        "linalg.solve_triangular",
        S(REGULAR, T(3, 2), upper=True),
        S(REGULAR, T(3, 2), upper=False),
        S(REGULAR, T(3, 2), upper=True, unitriangular=True),
        S(REGULAR, T(2, 3), upper=True, left=False),
        forms="fo",
        tolerance=SOLVE,
        reason=WHY,
    ),
    row(
        "triangular_solve",
        S(T(3, 2), REGULAR),
        S(T(3, 2), REGULAR, upper=False),
        tolerance=SOLVE,
        reason=WHY,
    ),
    row(
        "linalg.lstsq",
        S(T(4, 2), T(4, 1)),
        S(T(3, 2, dtype="float64"), T(3, 2, dtype="float64")),
        forms="f",
        canonical=of_first,
        tolerance=SOLVE,
        reason=WHY,
    ),
    row(
        "cholesky_solve",
        S(T(3, 2), REGULAR),
        S(T(3, 2), REGULAR, upper=True),
        tolerance=SOLVE,
        reason=WHY,
    ),
    row("cholesky_inverse", S(REGULAR), S(REGULAR, upper=True), tolerance=SOLVE, reason=WHY),
]

FACTORS = [
    row(
        "cholesky",
        SYMMETRIC,
        S(REGULAR, upper=True),
        aliases=("linalg.cholesky",),
        errors=[S(T(2, 3)), S(V([[1.0, 2.0], [2.0, 1.0]]))],
    ),
    row("linalg.cholesky_ex", SYMMETRIC, S(REGULAR, upper=True), forms="fo"),
    row(
        "linalg.qr",
        S(T(4, 3)),
        S(T(2, 3)),
        S(SKEW, "complete"),
        S(T(4, 3), "complete"),
        S(T(3, 3, dtype="complex64")),
        forms="f",
        canonical=of_qr,
        errors=[S(T(3)), S(T(2, 3), "bad")],
    ),
    row("qr", S(T(4, 3)), S(SKEW, some=False), canonical=of_qr),
    row(
        "linalg.svd",
        S(T(4, 3)),
        S(T(2, 3)),
        S(SKEW, full_matrices=False),
        S(T(4, 3), False),
        S(BATCH),
        S(COMPLEX),
        forms="f",
        canonical=of_svd,
        errors=[S(T(3)), S(T(2, 3, dtype="int64"))],
    ),
    row("svd", S(T(4, 3)), S(T(2, 3)), canonical=of_old_svd),
    row("linalg.svdvals", S(T(4, 3)), S(BATCH), S(COMPLEX), forms="fo"),
    row(
        "linalg.eigh",
        SYMMETRIC,
        S(REGULAR, UPLO="U"),
        forms="f",
        canonical=of_eigen,
        errors=[S(T(2, 3)), S(REGULAR, "X")],
    ),
    row("linalg.eigvalsh", SYMMETRIC, S(SKEW, UPLO="U"), forms="fo", errors=NOT_SQUARE[:1]),
    row("linalg.eigvals", S(SKEW), S(REGULAR), forms="f", canonical=of_spectrum),
    row("linalg.lu_factor", S(SKEW), S(REGULAR), forms="fo"),
    row("linalg.lu", S(SKEW), S(REGULAR), S(T(4, 3)), forms="f"),
]

POWERS = [
    row(
        "matrix_power",
        S(SKEW, 0),
        S(SKEW, 3),
        S(REGULAR, -1),
        S(BATCH, 2),
        aliases=("linalg.matrix_power",),
        tolerance=(1e-5, 1e-4),
        reason="repeated products grow, and rounding with them",
        errors=[S(T(2, 3), 2)],
    ),
    row(
        "matrix_exp",
        S(V([[0.1, 0.2], [0.3, -0.1]])),
        S(SKEW),
        S(BATCH),
        S(T(0, 0)),
        aliases=("linalg.matrix_exp",),
        tolerance=(1e-5, 1e-4),
        reason="the approximation's degree is the implementation's choice",
        errors=[S(T(2, 3))],
    ),
    row("linalg.vander", S(T(3)), S(T(3), N=4), forms="f"),
]

PIVOTS = V([2, 2, 3], "int32")
LOOSE = {"tolerance": SOLVE, "reason": WHY}

MORE = [
    row(
        "linalg.inv_ex",
        SQUARE,
        S(SINGULAR),
        forms="fo",
        errors=[S(SINGULAR, check_errors=True)],
        **LOOSE,
    ),
    row("linalg.solve_ex", S(REGULAR, T(3)), S(BATCH, T(2, 2, 1)), forms="fo", **LOOSE),
    row(
        "linalg.lu_factor_ex",
        S(SKEW),
        S(SINGULAR),
        S(BATCH),
        forms="fo",
        errors=[S(SINGULAR, check_errors=True), S(SKEW, pivot=False)],
    ),
    row(
        "linalg.lu_solve",
        S(SKEW, PIVOTS, T(3, 2)),
        S(SKEW, PIVOTS, T(3, 2), adjoint=True),
        S(SKEW, PIVOTS, T(2, 3), left=False),
        forms="fo",
        errors=[
            S(SKEW, PIVOTS, T(3)),
            S(SKEW, V([1, 2, 3], "int64"), T(3, 2)),
            S(SKEW, PIVOTS, T(2, 2)),
        ],
        **LOOSE,
    ),
    row("lu_solve", S(T(3, 2), SKEW, PIVOTS), forms="fmo", **LOOSE),
    row(
        "lu_unpack",
        S(SKEW, PIVOTS),
        S(T(4, 3), PIVOTS),
        S(SKEW, PIVOTS, unpack_data=False),
        S(SKEW, PIVOTS, unpack_pivots=False),
        forms="fo",
        errors=[S(T(3), PIVOTS), S(SKEW, V([1, 2, 3], "int64")), S(SKEW, V([1, 2, 9], "int32"))],
    ),
    row("lu", S(SKEW), S(SINGULAR), forms="fm"),
    row("geqrf", S(T(4, 3)), S(T(2, 4, 3)), forms="fmo", errors=[S(T(3))]),
    row(
        "linalg.householder_product",
        S(T(4, 3, low=-0.5, high=0.5), T(3)),
        S(T(4, 3, low=-0.5, high=0.5), T(2)),
        S(T(2, 4, 3, low=-0.5, high=0.5), T(2, 3)),
        forms="fo",
        errors=[
            S(T(3, 4), T(3)),
            S(T(4), T(3)),
            S(T(4, 3), T(4)),
            S(T(4, 3), T(3, dtype="float64")),
        ],
        **LOOSE,
    ),
    row("orgqr", S(T(4, 3, low=-0.5, high=0.5), T(3)), forms="fmo", **LOOSE),
    row(
        "ormqr",
        S(T(4, 3, low=-0.5, high=0.5), T(3), T(4, 2)),
        S(T(4, 3, low=-0.5, high=0.5), T(3), T(2, 4), left=False),
        S(T(4, 3, low=-0.5, high=0.5), T(3), T(4, 2), transpose=True),
        forms="fmo",
        errors=[S(T(4, 3), T(3), T(3, 2))],
        **LOOSE,
    ),
    row(
        "linalg.eig",
        S(REGULAR),
        forms="f",
        canonical=of_eigen,
        errors=[S(T(2, 3)), S(T(3, 3, dtype="int64"))],
    ),
    row(
        "linalg.tensorinv",
        S(T(2, 3, 6)),
        S(T(6, 2, 3), ind=1),
        forms="fo",
        errors=[S(T(2, 3, 6), ind=0), S(T(2, 3, 5))],
        **LOOSE,
    ),
    row(
        "linalg.tensorsolve",
        S(T(2, 3, 6), T(2, 3)),
        S(T(6, 2, 3), T(2, 3), dims=(0,)),
        forms="fo",
        errors=[S(T(2, 3, 5), T(2, 3))],
        **LOOSE,
    ),
    row(
        "linalg.diagonal",
        S(T(3, 3)),
        S(T(2, 3, 4), offset=1),
        S(T(2, 3, 4), dim1=0, dim2=1),
        forms="f",
    ),
    row(
        "linalg.matmul",
        S(T(2, 3), T(3, 4)),
        S(T(3), T(3, 4)),
        S(T(2, 3), T(3)),
        forms="f",
        errors=[S(T(2, 3), 1)],
    ),
]

ROWS = [*MEASURES, *INVERSES, *FACTORS, *POWERS, *MORE]
