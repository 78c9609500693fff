"""Matrices as products of simpler ones: Cholesky, QR, and what is built on reflections."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._messages import warn_once
from jtorch._ops.decompositions import lower_factor, orthogonal_and_triangle, reflected
from jtorch._ops.detailed import DetailedRow, castable, checked, columns, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.matrices import (
    adjoint,
    code_of,
    failure,
    require_inexact,
    require_lapack,
    require_matrix,
    require_square,
    unless,
)
from jtorch._ops.names import Underived, by_arguments, refused
from jtorch._ops.product import product
from jtorch._tensor import Tensor

# Cholesky

_NOT_POSITIVE = (
    "The factorization could not be completed because the input is not positive-definite (the "
    "leading minor of order {info} is not positive-definite)."
)


def _check_cholesky(A):
    require_square("linalg.cholesky", A)
    require_inexact("linalg.cholesky", A.dtype)
    require_lapack("cholesky_cpu", A.dtype)


def _cholesky(A, upper):
    """(the factor, the order of the first leading minor that is not positive, or 0)."""
    if not A.size:
        return A, jnp.zeros(A.shape[:-2], np.int32)
    L = lower_factor(A, upper)
    failed = ~(jnp.diagonal(L, axis1=-2, axis2=-1).real > 0).all(-1)
    unknown = jnp.zeros(failed.shape, np.int32)
    read = lax.stop_gradient(adjoint(A) if upper else A)
    info = lax.cond(failed.any(), lambda: jnp.where(failed, _bad_minor(read), 0), lambda: unknown)
    return (adjoint(L) if upper else L), info


def _bad_minor(A):
    """The order of the first leading minor that is not positive, by elimination."""
    size = A.shape[-1]
    rows = jnp.arange(size)

    def eliminate(step, state):
        A, bad = state
        column = lax.dynamic_index_in_dim(A, step, A.ndim - 1, keepdims=False)
        pivot = lax.dynamic_index_in_dim(column, step, A.ndim - 2, keepdims=False).real
        bad = jnp.where((bad == 0) & ~(pivot > 0), step + 1, bad)
        column = jnp.where(rows > step, column, 0)
        outer = column[..., :, None] * jnp.conj(column[..., None, :])
        return A - outer / pivot[..., None, None].astype(A.dtype), bad

    bad = jnp.zeros(A.shape[:-2], np.int32)
    return lax.fori_loop(np.int32(0), np.int32(size), eliminate, (A, bad))[1]


@detailed(
    variants="o",
    check=lambda input: _check_cholesky(input),
    failure=failure("linalg.cholesky", _NOT_POSITIVE, of="input"),
    gradient="LinalgCholeskyExBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    cast_out=False,
)
def linalg_cholesky(input: Tensor, *, upper: bool = False):
    """The triangle L with L L^H = A, or with `upper` its adjoint; one triangle of A is read.

    Errors:  RuntimeError unless matrices are square; LinAlgError unless they are positive definite.
    Source:  torch.linalg.cholesky.
    """
    L, info = _cholesky(input, upper)
    return L, code_of(info)


@detailed(
    variants="o",
    check=lambda input: _check_cholesky(input),
    failure=failure("linalg.cholesky_ex", _NOT_POSITIVE, of="input"),
    layout=(columns, None),
    returns=("L", "info"),
    cast_out=False,
)
def linalg_cholesky_ex(input: Tensor, *, upper: bool = False, check_errors: bool = False):
    """`linalg.cholesky` without its error, and the order of the minor that failed, or 0.

    The factor of a matrix that is not positive definite is NaN, where LAPACK leaves it half done.
    Source:  torch.linalg.cholesky_ex.
    """
    L, info = _cholesky(input, upper)
    return (L, info), unless(check_errors, code_of(info))


def _check_old_cholesky(input):
    warn_once(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a "
        "future PyTorch release.\nL = torch.cholesky(A)\nshould be replaced with\n"
        "L = torch.linalg.cholesky(A)\nand\nU = torch.cholesky(A, upper=True)\nshould be replaced "
        "with\nU = torch.linalg.cholesky(A).mH\nThis transform will produce equivalent results for "
        "all valid (symmetric positive definite) inputs."
    )
    require_square("cholesky", input)
    require_lapack("cholesky_cpu", input.dtype)


@detailed(
    variants="fmo",
    check=_check_old_cholesky,
    failure=failure("cholesky", _NOT_POSITIVE, of="input"),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=castable("cholesky", "result"),
    lays_out="never",
)
def cholesky(input: Tensor, upper: bool = False):
    """`linalg.cholesky`. Source: torch.cholesky."""
    L, info = _cholesky(input, upper)
    return L, code_of(info)


# QR and reflections


def _check_qr(A, mode):
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', "
            "or 'complete'"
        )
    require_matrix("linalg.qr", A)
    require_inexact("linalg.qr", A.dtype)
    require_lapack("geqrf_cpu", A.dtype)


_NO_Q = (
    "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
    "linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr."
)
_NOT_SQUARE = "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."


def _qr_node(A, mode):
    if mode == "r":
        return Underived("LinalgQrBackward0", RuntimeError(_NO_Q))
    if mode == "complete" and A.shape[-2] > A.shape[-1]:
        return Underived("LinalgQrBackward0", RuntimeError(_NOT_SQUARE))
    return "LinalgQrBackward0"


def _qr(A, mode):
    rows, count = A.shape[-2:]
    batch = A.shape[:-2]
    inner = rows if mode == "complete" else min(rows, count)
    if not A.size:
        Q = jnp.broadcast_to(jnp.eye(rows, inner, dtype=A.dtype), (*batch, rows, inner))
        R = jnp.zeros((*batch, inner, count), A.dtype)
    else:
        Q, R = jnp.linalg.qr(A, mode="complete") if inner > count else orthogonal_and_triangle(A)
    return (jnp.zeros(0, A.dtype) if mode == "r" else Q), R


@detailed(
    variants="o",
    check=_check_qr,
    gradient=by_arguments(_qr_node, "A", mode="reduced"),
    layout=(columns, columns),
    returns=("Q", "R"),
    cast_out=False,
)
def linalg_qr(A: Tensor, mode: str = "reduced"):
    """An orthogonal (unitary) matrix Q and a triangle R with Q R = A.

    Shape:   (..., m, n) -> (..., m, k), (..., k, n), k the smaller of m and n; with "complete" k
             is m; with "r" Q is empty.
    Errors:  RuntimeError for fewer than 2 dims or an unknown mode.
    Source:  torch.linalg.qr.
    """
    return _qr(A, mode)


def _check_old_qr(input):
    warn_once(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future "
        "PyTorch release.\nThe boolean parameter 'some' has been replaced with a string parameter "
        "'mode'.\nQ, R = torch.qr(A, some)\nshould be replaced with\n"
        "Q, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"
    )
    _check_qr(input, "reduced")


@detailed(
    variants="fmo",
    check=_check_old_qr,
    gradient=by_arguments(
        lambda input, some: _qr_node(input, "reduced" if some else "complete"), "input", some=True
    ),
    layout=(columns, columns),
    returns=("Q", "R"),
    cast_out=False,
)
def qr(input: Tensor, some: bool = True):
    """`linalg.qr`. Source: torch.qr."""
    return _qr(input, "reduced" if some else "complete")


def _check_geqrf(input):
    if input.ndim < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 dimensions.")
    require_lapack("geqrf_cpu", input.dtype)


def _geqrf_node(input):
    if input.is_complex():
        raise RuntimeError(
            "geqrf does not support automatic differentiation for outputs with complex dtype."
        )
    return refused("GeqrfBackward0", "geqrf")


@detailed(
    variants="fmo",
    check=_check_geqrf,
    gradient=by_arguments(_geqrf_node, "input"),
    layout=(columns, None),
    returns=("a", "tau"),
    out_check=castable("torch.geqrf", "a"),
    lays_out="empty",
)
def geqrf(input: Tensor):
    """R, with the reflections that Q is made of below its diagonal, and their factors.

    Source:  torch.geqrf.
    """
    rows, count = input.shape[-2:]
    if not input.size:
        return input, jnp.zeros((*input.shape[:-2], min(rows, count)), input.dtype)
    a, tau = jnp.linalg.qr(input, mode="raw")
    return jnp.swapaxes(a, -1, -2), tau


def _check_reflections(name, input, tau):
    if input.ndim < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if input.shape[-2] < input.shape[-1]:
        raise RuntimeError(
            f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]"
        )
    if input.shape[-1] < tau.shape[-1]:
        raise RuntimeError(
            f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]"
        )
    if input.ndim - tau.ndim != 1:
        raise RuntimeError(
            f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal "
            f"to {tau.ndim} and input.ndim is equal to {input.ndim}"
        )
    if input.shape[:-2] != tau.shape[:-1]:
        raise RuntimeError(
            f"{name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got "
            f"{list(tau.shape[:-1])}"
        )
    if tau.dtype is not input.dtype:
        raise RuntimeError(
            f"{name}: tau dtype {tau.dtype.scalar_name} does not match input dtype "
            f"{input.dtype.scalar_name}"
        )
    require_lapack("orgqr_cpu", input.dtype)


class _ReflectionsRow(DetailedRow):
    """torch gives no gradients of reflections without elements; ours would have no elements, or be 0."""

    def connect(self, name, entry, data, results, values, inputs):
        if not all(each.numel() for each in data[:2]):
            others = [data[0].detach(), data[1].detach(), *data[2:]]
            if tracked(others):
                data = others
            else:
                name = Underived(name, None)
        super().connect(name, entry, data, results, values, inputs)


@detailed(
    row=_ReflectionsRow,
    variants="o",
    check=lambda input, tau: _check_reflections("torch.linalg.householder_product", input, tau),
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=castable("torch.linalg.householder_product", "result"),
    lays_out="empty",
)
def linalg_householder_product(input: Tensor, tau: Tensor):
    """The first columns of a product of reflections, as `geqrf` gives them.

    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.linalg.householder_product.
    """
    return reflected(input, tau) if input.size else input


@checked("(Tensor input, Tensor input2, *, Tensor? out = None)")
def orgqr(input, input2, *, out=None):
    """`linalg.householder_product`. Source: torch.orgqr."""
    if out is None:
        return linalg_householder_product(input, input2)
    return linalg_householder_product(input, input2, out=out)


def _check_ormqr_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            "torch.ormqr: Expected input and result to have the same dtype, but input has dtype"
            f"{meta.dtype.scalar_name} and result has dtype {target.dtype.scalar_name}"
        )


def _check_ormqr(input, input2, input3, left):
    name = "torch.ormqr"
    for each, argument in ((input, "input"), (input3, "other")):
        if each.ndim < 2:
            raise RuntimeError(f"{name}: {argument} must have at least 2 dimensions.")
    dim = -2 if left else -1
    if input3.shape[dim] < input2.shape[-1]:
        raise RuntimeError(
            f"{name}: other.shape[{dim}] must be greater than or equal to tau.shape[-1]"
        )
    if input3.shape[dim] != input.shape[-2]:
        raise RuntimeError(f"{name}: other.shape[{dim}] must be equal to input.shape[-2]")
    if input2.shape[-1] != min(input3.shape[dim], input.shape[-1]):
        raise RuntimeError(
            f"{name}: tau.shape[-1] must be equal to min(other.shape[{dim}], input.shape[-1])"
        )
    require_lapack("ormqr_cpu", input.dtype)


@detailed(
    row=_ReflectionsRow,
    variants="fmo",
    check=_check_ormqr,
    shape=lambda input3: input3.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    out_check=_check_ormqr_out,
    lays_out="empty",
)
def ormqr(input: Tensor, input2: Tensor, input3: Tensor, left: bool = True,
          transpose: bool = False):  # fmt: skip
    """A matrix times the whole product of reflections, or its adjoint. Source: torch.ormqr."""
    if not input3.size:
        return input3
    input = input[..., : input2.shape[-1]]  # a column for each reflection
    rows, count = input.shape[-2:]
    wide = jnp.pad(input, [(0, 0)] * (input.ndim - 1) + [(0, rows - count)])
    tau = jnp.pad(input2, [(0, 0)] * (input2.ndim - 1) + [(0, rows - input2.shape[-1])])
    Q = reflected(wide, tau)
    Q = adjoint(Q) if transpose else Q
    return product(Q, input3) if left else product(input3, Q)
