"""Singular values and eigenvalues, and what follows from them: pseudoinverse and rank."""

import functools

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.decompositions import (
    eigen,
    eigenvalues,
    hermitian_eigen,
    pseudoinverse_tangent,
    singular,
)
from jtorch._ops.detailed import DetailedRow, castable, checked, columns, deliver, detailed
from jtorch._ops.matrices import (
    adjoint,
    code_of,
    common_batch,
    failure,
    require_inexact,
    require_lapack,
    require_matrix,
    require_square,
)
from jtorch._ops.parameters import Number
from jtorch._ops.product import product
from jtorch._ops.rotations import singular_by_rotations
from jtorch._ops.writing import resize_quietly, warn_of_resizing
from jtorch._tensor import Tensor

# Singular values

NOT_FINITE = (
    "The algorithm failed to converge because the input matrix contained non-finite values."
)


def check_svd(A, driver=None):
    require_matrix("linalg.svd", A)
    require_inexact("linalg.svd", A.dtype)
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with "
            "cuSOLVER backend."
        )
    require_lapack("linalg_svd_cpu", A.dtype)


def has_nan(A):
    """LAPACK's info, as far as it is known: 1 for each matrix with NaN in it."""
    return jnp.isnan(A).any((-2, -1)).astype(np.int32)


def svd_of(A, full):
    rows, count = A.shape[-2:]
    if not A.size:
        batch, least = A.shape[:-2], min(rows, count)
        left, right = (rows, count) if full else (least, least)
        U = jnp.broadcast_to(jnp.eye(rows, left, dtype=A.dtype), (*batch, rows, left))
        V = jnp.broadcast_to(jnp.eye(right, count, dtype=A.dtype), (*batch, right, count))
        return U, jnp.zeros((*batch, least), jnp.abs(A).dtype), V
    return singular(A, full)


def singular_values(A):
    if not A.size:
        return jnp.zeros((*A.shape[:-2], min(A.shape[-2:])), jnp.abs(A).dtype)
    return _singular_values(A)


@jax.custom_jvp
def _singular_values(A):
    return lax.platform_dependent(
        A,
        tpu=lambda A: singular_by_rotations(A, False)[1],
        default=lambda A: lax.linalg.svd(A, compute_uv=False),
    )


@_singular_values.defjvp
def _of_singular_values(primals, tangents):
    return jax.jvp(lambda A: singular(A, False)[1], primals, tangents)


@detailed(
    variants="o",
    check=check_svd,
    failure=failure("linalg.svd", NOT_FINITE),
    layout=(columns, None, columns),
    returns=("U", "S", "Vh"),
    cast_out=False,
)
def linalg_svd(A: Tensor, full_matrices: bool = True, *, driver: str | None = None):
    """Orthogonal (unitary) matrices U and Vh, and singular values S: U diag(S) Vh = A.

    Shape:   (..., m, n) -> (..., m, m), (..., k), (..., n, n), k the smaller of m and n; without
             `full_matrices` (..., m, k), (..., k), (..., k, n).
    Errors:  RuntimeError for fewer than 2 dims; LinAlgError for NaN.
    Source:  torch.linalg.svd.
    """
    return svd_of(A, full_matrices), code_of(has_nan(A))


@detailed(
    variants="o",
    check=check_svd,
    failure=failure("linalg.svd", NOT_FINITE),
    parts=lambda A: linalg_svd(A, False)[1],
    shape=lambda A: (*A.shape[:-2], min(A.shape[-2:])),
    dtype=lambda A: A.dtype.to_real(),
    cast_out=False,
)
def linalg_svdvals(A: Tensor, *, driver: str | None = None):
    """The singular values, the largest first. Source: torch.linalg.svdvals."""
    return singular_values(A), code_of(has_nan(A))


def _check_old_svd(input):
    if input.ndim < 2:
        raise RuntimeError(
            "linalg.svd: input should have at least 2 dimensions, but has "
            f"{input.ndim} dimensions instead"
        )
    check_svd(input)


def _columns_of_zeros(compute_uv, result):
    return columns(result) if compute_uv else None


def _adjoint_layout(compute_uv, input, result):
    """V is a view of its adjoint, conjugated if there is something to conjugate."""
    turned = (*result[:-2], result[-1], result[-2])
    if not compute_uv or input.dtype.category == COMPLEX:
        return columns(result)
    stride = columns(turned)
    return (*stride[:-2], stride[-1], stride[-2])


def _old_svd_parts(input, some, compute_uv):
    """V is a view of its adjoint; zeros that stand for U and V have no history."""
    if compute_uv:
        U, S, Vh = linalg_svd(input, not some)
        return svd.row.returns(U, S, Vh.mH)
    U, _, V = svd(input.detach(), some, False)
    return svd.row.returns(U, linalg_svdvals(input), V)


class _SvdRow(DetailedRow):
    """torch computes V's adjoint in V's `out`, turned round: so it is laid out, so warnings name it."""

    def _into(self, out, entry, inputs):
        if len(out) == 3:
            for target, meta in zip(out, entry.meta, strict=True):
                self._refuse_out(target, meta)
            V, shape = out[2], entry.meta[2].shape
            turned = (*V.shape[:-2], *V.shape[:-3:-1])
            warn_of_resizing(turned, (*shape[:-2], *shape[:-3:-1]), V)
            resize_quietly(V, shape)
        return super()._into(out, entry, inputs)


@detailed(
    row=_SvdRow,
    variants="fmo",
    check=_check_old_svd,
    parts=_old_svd_parts,
    failure=failure("linalg.svd", NOT_FINITE, of="input"),
    layout=(_columns_of_zeros, None, _adjoint_layout),
    returns=("U", "S", "V"),
    cast_out=False,
)
def svd(input: Tensor, some: bool = True, compute_uv: bool = True):
    """`linalg.svd`, but for V, of which that gives the adjoint. Source: torch.svd."""
    code = code_of(has_nan(input))
    if compute_uv:
        U, S, Vh = svd_of(input, not some)
        return (U, S, adjoint(Vh)), code
    rows, count = input.shape[-2:]
    batch = input.shape[:-2]
    U = jnp.zeros((*batch, rows, rows), input.dtype)
    V = jnp.zeros((*batch, count, count), input.dtype)
    return (U, singular_values(input), V), code


# Eigenvalues


def _check_eigh(input, UPLO):
    require_square("linalg.eigh", input)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    require_lapack("linalg_eigh_cpu", input.dtype)


def _eigh(A, UPLO):
    """(eigenvalues, eigenvectors) of the Hermitian matrices that a triangle of A stands for."""
    if not A.size:
        return jnp.zeros(A.shape[:-1], jnp.abs(A).dtype), A
    return hermitian_eigen(A, UPLO.upper() == "L")


class _EighRow(DetailedRow):
    """torch looks at the `out` of the eigenvectors first."""

    def _into(self, out, entry, inputs):
        if len(out) == 2:
            self._refuse_out(out[1], entry.meta[1])
        return super()._into(out, entry, inputs)


@detailed(
    row=_EighRow,
    variants="o",
    check=_check_eigh,
    layout=(None, columns),
    returns=("eigenvalues", "eigenvectors"),
    cast_out=False,
)
def linalg_eigh(input: Tensor, UPLO: str = "L"):
    """Eigenvalues, the smallest first, and eigenvectors (columns) of Hermitian matrices.

    Only the lower triangle is read, or with "U" the upper one.
    Errors:  RuntimeError unless matrices are square.
    Source:  torch.linalg.eigh.
    """
    return _eigh(input, UPLO)


@detailed(
    variants="o",
    check=_check_eigh,
    parts=lambda input, UPLO: linalg_eigh(input, UPLO)[0],
    shape=lambda input: input.shape[:-1],
    dtype=lambda input: input.dtype.to_real(),
    cast_out=False,
)
def linalg_eigvalsh(input: Tensor, UPLO: str = "L"):
    """The eigenvalues of Hermitian matrices, the smallest first. Source: torch.linalg.eigvalsh."""
    return _eigh(input, UPLO)[0]


def _check_eig(name):
    def check(input):
        require_square(name, input)
        if input.dtype.category < FLOATING:
            input.dtype.to_complex()
        require_lapack("linalg_eig_out_cpu", input.dtype)

    return check


def _unfit(code):
    return RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")


def _not_finite(A):
    return (~jnp.isfinite(A)).any().astype(np.int64)


def _eig(A, vectors):
    kind = jnp.result_type(A.dtype, np.complex64)
    if not A.size:
        values = jnp.zeros(A.shape[:-1], kind)
        return (values, A.astype(kind)) if vectors else values
    # what is not finite raises an error, but LAPACK must not see it
    A = jnp.where(jnp.isfinite(A), A, 0)
    return eigen(A) if vectors else eigenvalues(A)


@detailed(
    variants="o",
    check=_check_eig("linalg.eig"),
    failure=lambda: _unfit,
    layout=(None, columns),
    returns=("eigenvalues", "eigenvectors"),
    out_check=castable("torch.linalg.eig", "eigenvalues"),
    lays_out="empty",
)
def linalg_eig(input: Tensor):
    """Eigenvalues and eigenvectors (columns), complex, in no order.

    Errors:  RuntimeError unless matrices are square and finite.
    Source:  torch.linalg.eig.
    """
    return _eig(input, True), _not_finite(input)


@detailed(
    variants="o",
    check=_check_eig("linalg.eigvals"),
    failure=lambda: _unfit,
    parts=lambda input: linalg_eig(input)[0],
    shape=lambda input: input.shape[:-1],
    dtype=lambda input: input.dtype.to_complex(),
    out_check=castable("torch.linalg.eigvals", "eigenvalues"),
)
def linalg_eigvals(input: Tensor):
    """The eigenvalues, complex, in no order. Source: torch.linalg.eigvals."""
    return _eig(input, False), _not_finite(input)


# Pseudoinverse and rank: what is small counts as zero


def _limits(S, atol, rtol, shape):
    """The value below which singular values of matrices of `shape` count as zero."""
    default = np.finfo(S.dtype).eps * max(shape)
    atol = jnp.zeros((), S.dtype) if atol is None else real_of(atol, S.dtype)
    if rtol is None:
        rtol = jnp.where(atol > 0, 0, jnp.asarray(default, S.dtype))
    largest = S.max(-1) if S.shape[-1] else jnp.zeros(S.shape[:-1], S.dtype)
    return jnp.maximum(atol, real_of(rtol, S.dtype) * largest)


def real_of(value, dtype):
    return jnp.asarray(value).astype(dtype)


def pseudoinverse(A):
    """The pseudoinverse, with the limit for singular values that is torch's default."""
    nothing = jnp.zeros((), A.real.dtype)
    return _pseudoinverse(A, nothing, nothing, False, True, True)


def _check_pinv(input, hermitian):
    if input.ndim < 2 or input.dtype.category < FLOATING or input.dtype.itemsize < 4:
        raise RuntimeError(
            f"linalg.pinv({input.dtype.scalar_name}{{{list(input.shape)}}}): expected a tensor "
            "with 2 or more dimensions of float, double, cfloat or cdouble types"
        )
    if hermitian:
        require_square("linalg.eigh", input)


@detailed(
    name="linalg_pinv.tolerances",
    variants="",
    gradient="LinalgPinvBackward0",
    check=_check_pinv,
    failure=failure("linalg.svd", NOT_FINITE, of="input"),
    shape=lambda input: (*input.shape[:-2], input.shape[-1], input.shape[-2]),
    dtype=lambda input: input.dtype,
)
def _pinv(input: Tensor, atol: Tensor | Number | None, rtol: Tensor | Number | None,
          hermitian: bool):  # fmt: skip
    shape = (*input.shape[:-2], input.shape[-1], input.shape[-2])
    if not input.size:
        return jnp.zeros(shape, input.dtype), jnp.int64(0)
    nothing = jnp.zeros((), input.real.dtype)
    limits = [nothing if each is None else each for each in (atol, rtol)]
    result = _pseudoinverse(input, *limits, hermitian, atol is None, rtol is None)
    return result, jnp.int64(0) if hermitian else code_of(has_nan(input))


@functools.partial(jax.custom_jvp, nondiff_argnums=(3, 4, 5))
def _pseudoinverse(A, atol, rtol, hermitian, default_atol, default_rtol):
    if hermitian:
        values, U = _eigh(A, "L")
        S, Vh = jnp.abs(values), adjoint(U)
    else:
        U, S, Vh = svd_of(A, False)
        values = S
    atol, rtol = None if default_atol else atol, None if default_rtol else rtol
    kept = _limits(S, atol, rtol, A.shape[-2:])[..., None] < S
    inverse = jnp.where(kept, 1 / jnp.where(kept, values, 1), 0).astype(A.dtype)
    return product(adjoint(Vh) * inverse[..., None, :], adjoint(U))


@_pseudoinverse.defjvp
def _of_pseudoinverse(hermitian, default_atol, default_rtol, primals, tangents):
    P = _pseudoinverse(*primals, hermitian, default_atol, default_rtol)
    return P, pseudoinverse_tangent(primals[0], P, tangents[0])


@checked(
    "(Tensor input, *, Tensor? atol = None, Tensor? rtol = None, bool hermitian = False, "
    "Tensor? out = None)",
    "(Tensor input, *, float? atol = None, float? rtol = None, bool hermitian = False, "
    "Tensor? out = None)",
    "(Tensor input, float rcond, bool hermitian = False, *, Tensor? out = None)",
    "(Tensor input, Tensor rcond, bool hermitian = False, *, Tensor? out = None)",
    variants="",
)
def linalg_pinv(input, rcond=None, hermitian=False, *, atol=None, rtol=None, out=None):
    """The pseudoinverse: the inverse where there is one, and of the rest the best there is.

    Singular values up to the greater of `atol` and `rtol` times the largest count as zero.
    Errors:  RuntimeError for fewer than 2 dims.
    Source:  torch.linalg.pinv.
    """
    rtol = rtol if rcond is None else rcond
    return _delivered("linalg.pinv", _pinv(input, atol, rtol, hermitian), out)


def _delivered(name, result, out):
    if out is not None:
        castable(name, "result")(out, result._meta)
    return deliver(result, out, last="linalg_pinv" if name == "linalg.pinv" else None)


@checked("(Tensor input, float rcond = 1e-15)")
def pinverse(input, rcond=1e-15):
    """`linalg.pinv`. Source: torch.pinverse."""
    return _pinv(input, None, rcond, False)


def _check_rank(input, hermitian):
    require_matrix("torch.linalg.matrix_rank", input, "input")
    if input.dtype.category < FLOATING or input.dtype.itemsize < 4:
        raise RuntimeError("This function doesn't handle types other than float and double")
    if hermitian:
        require_square("linalg.eigh", input)


def _rank_shape(input, atol, rtol):
    batch = tuple(input.shape[:-2])
    for each in (atol, rtol):
        if isinstance(each, Tensor):
            batch = common_batch((*batch, 1, 1), (*each.shape, 1, 1))[0][:-2]
    return batch


def _refuse_complex_limits(atol, rtol):
    for name, each in (("atol", atol), ("rtol", rtol)):
        if isinstance(each, Tensor) and each.dtype.category == COMPLEX:
            raise RuntimeError(
                f"torch.linalg.matrix_rank: {name} tensor of complex type is not supported. Got "
                f"{each.dtype.scalar_name}"
            )


def _check_rank_and_limits(input, atol, rtol, hermitian):
    _check_rank(input, hermitian)
    _refuse_complex_limits(atol, rtol)


@detailed(
    name="linalg_matrix_rank.tolerances",
    variants="",
    check=_check_rank_and_limits,
    failure=failure("linalg.svd", NOT_FINITE, of="input"),
    shape=_rank_shape,
    dtype=lambda: _dtypes.int64,
)
def _matrix_rank(input: Tensor, atol: Tensor | Number | None, rtol: Tensor | Number | None,
                 hermitian: bool):  # fmt: skip
    S = jnp.abs(_eigh(input, "L")[0]) if hermitian else singular_values(input)
    limits = _limits(S, atol, rtol, input.shape[-2:])
    rank = jnp.sum(limits[..., None] < S, -1, dtype=np.int64)
    return rank, jnp.int64(0) if hermitian else code_of(has_nan(input))


@checked(
    "(Tensor input, *, Tensor? atol = None, Tensor? rtol = None, bool hermitian = False, "
    "Tensor? out = None)",
    "(Tensor input, *, float? atol = None, float? rtol = None, bool hermitian = False, "
    "Tensor? out = None)",
    "(Tensor input, float tol, bool hermitian = False, *, Tensor? out = None)",
    "(Tensor input, Tensor tol, bool hermitian = False, *, Tensor? out = None)",
    variants="",
)
def linalg_matrix_rank(input, tol=None, hermitian=False, *, atol=None, rtol=None, out=None):
    """How many singular values are above the greater of `atol` and `rtol` times the largest.

    Errors:  RuntimeError for fewer than 2 dims.
    Source:  torch.linalg.matrix_rank.
    """
    if tol is not None:
        atol, rtol = tol, 0.0
    result = _matrix_rank(input, atol, rtol, hermitian)
    return _delivered("torch.linalg.matrix_rank", result, out)
