"""Decompositions of low rank, by random projections: Halko, Martinsson and Tropp (2009)."""

from jtorch._dtypes import float16, float32, float64
from jtorch._ops.factor import linalg_qr
from jtorch._ops.matmul import matmul
from jtorch._ops.random import randn
from jtorch._ops.spectrum import linalg_svd
from jtorch._override import overridable

__all__ = ["pca_lowrank", "svd_lowrank"]


def floating_dtype(A):
    """The dtype that a factorization of a real matrix computes in."""
    return A.dtype if A.dtype in (float16, float32, float64) else float32


def get_approximate_basis(A, q: int, niter: int | None = 2, M=None):
    """An orthonormal basis of `q` columns, whose span nearly is that of A (or of A - M).

    Source:  Halko, Martinsson and Tropp, Finding structure with randomness, 2009, algorithm 4.4.
    """
    dtype = A.dtype if A.is_complex() else floating_dtype(A)

    def applied(to, adjoint=False):
        image = matmul(A.mH if adjoint else A, to)
        return image if M is None else image - matmul(M.mH if adjoint else M, to)

    basis = linalg_qr(applied(randn(A.shape[-1], q, dtype=dtype, device=A.device))).Q
    for _ in range(2 if niter is None else niter):
        basis = linalg_qr(applied(basis, adjoint=True)).Q
        basis = linalg_qr(applied(basis)).Q
    return basis


@overridable
def svd_lowrank(A, q: int | None = 6, niter: int | None = 2, M=None):
    """Nearly the `q` greatest singular values of A (or of A - M), and their vectors.

    Shape:   (..., m, n) -> (..., m, q), (..., q), (..., n, q).
    Source:  torch.svd_lowrank; Halko, Martinsson and Tropp, algorithm 5.1.
    """
    return _svd_lowrank(A, q, niter, M)


def _svd_lowrank(A, q=6, niter=2, M=None):
    rows, columns = A.shape[-2:]
    if M is not None:
        M = M.broadcast_to(A.size())
    if rows < columns:
        A, M = A.mH, None if M is None else M.mH
    basis = get_approximate_basis(A, 6 if q is None else q, niter, M)
    small = matmul(basis.mH, A)
    if M is not None:
        small = small - matmul(basis.mH, M)
    U, S, Vh = linalg_svd(small, full_matrices=False)
    U, V = basis.matmul(U), Vh.mH
    return (V, S, U) if rows < columns else (U, S, V)


@overridable
def pca_lowrank(A, q: int | None = None, center: bool = True, niter: int = 2):
    """Nearly the `q` greatest principal components of the rows of A, by `svd_lowrank`.

    Shape:   (..., m, n) -> (..., m, q), (..., q), (..., n, q); q is min(6, m, n) unless said.
    Errors:  ValueError if `q` is greater than a side, or `niter` is negative.
    Source:  torch.pca_lowrank.
    """
    rows, columns = A.shape[-2:]
    least = min(rows, columns)
    if q is None:
        q = min(6, least)
    elif not 0 <= q <= least:
        raise ValueError(
            f"q(={q}) must be non-negative integer and not greater than min(m, n)={least}"
        )
    if not niter >= 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    if center:
        A = A - A.mean(dim=(-2,), keepdim=True)
    return _svd_lowrank(A, q, niter)
