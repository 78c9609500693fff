"""torch.linalg. Written by scripts/write_stubs from the table of operations."""

from typing import overload
from jtorch import return_types
from jtorch._tensor import Tensor
from jtorch._typing import _Ints, _Number, _Tensors, _bool, _dtype, _float, _int, _str
from jtorch._errors import LinAlgError as LinAlgError

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]

def cholesky(input: Tensor, *, upper: _bool = False, out: Tensor | None = None) -> Tensor:
    """The triangle L with L L^H = A, or with `upper` its adjoint; one triangle of A is read."""

def cholesky_ex(
    input: Tensor,
    *,
    upper: _bool = False,
    check_errors: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_cholesky_ex:
    """`linalg.cholesky` without its error, and the order of the minor that failed, or 0."""

@overload
def cond(input: Tensor, p: _Number | None = None, *, out: Tensor | None = None) -> Tensor:
    """The condition of matrices: the norm of order `p` times that of the inverse."""

@overload
def cond(input: Tensor, p: _str, *, out: Tensor | None = None) -> Tensor: ...
def cross(input: Tensor, other: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """The cross product of vectors of three, along `dim`; the other dims broadcast."""

def det(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The determinants of square matrices."""

def diagonal(A: Tensor, *, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """The diagonals of matrices, as a view. Source: torch.linalg.diagonal."""

def eig(input: Tensor, *, out: _Tensors | None = None) -> return_types.linalg_eig:
    """Eigenvalues and eigenvectors (columns), complex, in no order."""

def eigh(
    input: Tensor,
    UPLO: _str = "L",
    *,
    out: _Tensors | None = None,
) -> return_types.linalg_eigh:
    """Eigenvalues, the smallest first, and eigenvectors (columns) of Hermitian matrices."""

def eigvals(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues, complex, in no order. Source: torch.linalg.eigvals."""

def eigvalsh(input: Tensor, UPLO: _str = "L", *, out: Tensor | None = None) -> Tensor:
    """The eigenvalues of Hermitian matrices, the smallest first. Source: torch.linalg.eigvalsh."""

def householder_product(input: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first columns of a product of reflections, as `geqrf` gives them."""

def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverses of square matrices."""

def inv_ex(
    A: Tensor,
    *,
    check_errors: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_inv_ex:
    """The inverses, and a number for each matrix: 0, or which element of U is zero."""

def ldl_factor(
    input: Tensor,
    *,
    hermitian: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_ldl_factor:
    """L and D in one triangle, and the rows that were exchanged; the lower triangle is read."""

def ldl_factor_ex(
    input: Tensor,
    *,
    hermitian: _bool = False,
    check_errors: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_ldl_factor_ex:
    """`linalg.ldl_factor` without its error, and where D has a zero first, or 0."""

def ldl_solve(
    LD: Tensor,
    pivots: Tensor,
    B: Tensor,
    *,
    hermitian: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """X with A X = B, from what `linalg.ldl_factor` gives of A."""

def lstsq(
    input: Tensor,
    b: Tensor,
    rcond: _float | None = None,
    *,
    driver: _str | None = None,
    out: _Tensors | None = None,
) -> return_types.linalg_lstsq:
    """The X that makes the norm of A X - B smallest, and among those the smallest X."""

def lu(A: Tensor, *, pivot: _bool = True, out: _Tensors | None = None) -> return_types.linalg_lu:
    """A permutation P, a triangle L with ones on its diagonal, and a triangle U: P L U = A."""

def lu_factor(
    A: Tensor,
    *,
    pivot: _bool = True,
    out: _Tensors | None = None,
) -> return_types.linalg_lu_factor:
    """L and U in one matrix, and the rows that were exchanged, counted from 1."""

def lu_factor_ex(
    A: Tensor,
    *,
    pivot: _bool = True,
    check_errors: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_lu_factor_ex:
    """`linalg.lu_factor` without its error, and where U's diagonal is zero first, or 0."""

def lu_solve(
    LU: Tensor,
    pivots: Tensor,
    B: Tensor,
    *,
    left: _bool = True,
    adjoint: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The solution of A X = B (or X A = B; of the adjoint of A) from `linalg.lu_factor(A)`."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`matmul`. Source: torch.linalg.matmul."""

def matrix_exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`matrix_exp`. Source: torch.linalg.matrix_exp."""

@overload
def matrix_norm(
    input: Tensor,
    ord: _Number,
    dim: _int | _Ints = ...,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def matrix_norm(
    input: Tensor,
    ord: _str = "fro",
    dim: _int | _Ints = ...,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
def matrix_power(input: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """A square matrix multiplied with itself; negative powers are those of the inverse."""

@overload
def matrix_rank(
    input: Tensor,
    *,
    atol: Tensor | None = None,
    rtol: Tensor | None = None,
    hermitian: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """How many singular values are above the greater of `atol` and `rtol` times the largest."""

@overload
def matrix_rank(
    input: Tensor,
    *,
    atol: _float | None = None,
    rtol: _float | None = None,
    hermitian: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def matrix_rank(
    input: Tensor,
    tol: _float,
    hermitian: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def matrix_rank(
    input: Tensor,
    tol: Tensor,
    hermitian: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def multi_dot(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """The product of two or more matrices, in the order that takes the fewest multiplications."""

@overload
def norm(
    input: Tensor,
    ord: _Number | None = None,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The norm of a vector, or with two dims (or an order, of a matrix) that of matrices."""

@overload
def norm(
    input: Tensor,
    ord: _str,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def pinv(
    input: Tensor,
    *,
    atol: Tensor | None = None,
    rtol: Tensor | None = None,
    hermitian: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The pseudoinverse: the inverse where there is one, and of the rest the best there is."""

@overload
def pinv(
    input: Tensor,
    *,
    atol: _float | None = None,
    rtol: _float | None = None,
    hermitian: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def pinv(
    input: Tensor,
    rcond: _float,
    hermitian: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def pinv(
    input: Tensor,
    rcond: Tensor,
    hermitian: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def qr(A: Tensor, mode: _str = "reduced", *, out: _Tensors | None = None) -> return_types.linalg_qr:
    """An orthogonal (unitary) matrix Q and a triangle R with Q R = A."""

def slogdet(A: Tensor, *, out: _Tensors | None = None) -> return_types.linalg_slogdet:
    """Signs of determinants, and logarithms of their absolute values."""

def solve(A: Tensor, B: Tensor, *, left: _bool = True, out: Tensor | None = None) -> Tensor:
    """The solution X of A X = B, or with `left=False` of X A = B."""

def solve_ex(
    A: Tensor,
    B: Tensor,
    *,
    left: _bool = True,
    check_errors: _bool = False,
    out: _Tensors | None = None,
) -> return_types.linalg_solve_ex:
    """`linalg.solve` without its error for singular matrices, and LAPACK's info of each."""

def solve_triangular(
    input: Tensor,
    B: Tensor,
    *,
    upper: _bool,
    left: _bool = True,
    unitriangular: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """The solution X of A X = B (or X A = B) where only a triangle of A counts."""

def svd(
    A: Tensor,
    full_matrices: _bool = True,
    *,
    driver: _str | None = None,
    out: _Tensors | None = None,
) -> return_types.linalg_svd:
    """Orthogonal (unitary) matrices U and Vh, and singular values S: U diag(S) Vh = A."""

def svdvals(A: Tensor, *, driver: _str | None = None, out: Tensor | None = None) -> Tensor:
    """The singular values, the largest first. Source: torch.linalg.svdvals."""

def tensorinv(input: Tensor, ind: _int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of a tensor taken for a matrix: its first `ind` dims for the rows."""

def tensorsolve(
    input: Tensor,
    other: Tensor,
    dims: _int | _Ints | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The X with `tensordot(A, X, X.ndim) = B`, after `dims` of A have gone to its end."""

def vander(x: Tensor, *, N: _int | None = None) -> Tensor:
    """Powers of the elements, the lowest first, along a new last dim."""

def vecdot(x: Tensor, y: Tensor, *, dim: _int = -1, out: Tensor | None = None) -> Tensor:
    """Dot products along one dim, the first operand conjugated; the rest broadcasts."""

def vector_norm(
    input: Tensor,
    ord: _Number = 2,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The `ord`-norm of the elements over `dim`, as of one vector."""
