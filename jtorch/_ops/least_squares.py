"""Least squares: the solution that comes nearest, where there is none or more than one."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING
from jtorch._ops.bounds import tensor_of
from jtorch._ops.declare import return_type
from jtorch._ops.decompositions import pseudoinverse_tangent
from jtorch._ops.detailed import castable, checked, columns, deliver, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.history import attach
from jtorch._ops.matrices import adjoint, common_batch, spread
from jtorch._ops.parameters import Number
from jtorch._ops.product import product
from jtorch._ops.spectrum import pseudoinverse, real_of, svd_of
from jtorch._ops.writing import resize_quietly
from jtorch._tensor import Tensor, window

_DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _check_lstsq(input, b, driver):
    name = "torch.linalg.lstsq"
    if input.ndim < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if not b.ndim:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    if input.dtype is not b.dtype:
        raise RuntimeError(
            f"{name}: Expected input and other to have the same dtype, but got input's dtype "
            f"{input.dtype.scalar_name} and other's dtype {b.dtype.scalar_name}"
        )
    if not 0 <= input.ndim - b.ndim <= 1:
        raise RuntimeError(
            f"{name}: input.dim() must be greater or equal to other.dim() and (input.dim() - "
            "other.dim()) <= 1"
        )
    _check_rhs(name, input, b)
    if input.dtype.category < FLOATING or input.dtype.itemsize < 4:
        raise RuntimeError("This function doesn't handle types other than float and double")
    if driver not in (None, *_DRIVERS):
        raise RuntimeError(
            f"{name}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"
        )


def _check_rhs(name, input, b):
    dim = -1 if b.ndim == 1 or tuple(b.shape) == tuple(input.shape[:-1]) else -2
    if input.shape[-2] != b.shape[dim]:
        raise RuntimeError(f"{name}: input.size(-2) should match other.size({dim})")
    shape = (*b.shape, 1) if _is_vector(input, b) else tuple(b.shape)
    common_batch(input.shape, shape)


def _is_vector(A, B):
    return A.ndim - 1 == B.ndim


@detailed(
    name="linalg_lstsq.all",
    variants="",
    layout=(columns, None, None, None),
)
def _lstsq(input: Tensor, b: Tensor, rcond: Number | None):
    """(solution with room for b's rows, residuals, rank, singular values)"""
    B = b[..., None] if _is_vector(input, b) else b
    wide, matrices = common_batch(B.shape, input.shape)
    A, B = spread(input, matrices), spread(B, wide)
    rows, count = A.shape[-2:]
    limit = np.finfo(A.dtype).eps * max(rows, count) if rcond is None else rcond
    X, residuals, rank, S = _least_squares(A, B, real_of(limit, A.real.dtype))
    padding = [(0, 0)] * (X.ndim - 2) + [(0, max(rows, count) - count), (0, 0)]
    return jnp.pad(X, padding), residuals, rank, S


@detailed(
    name="linalg_lstsq.derivative",
    variants="",
)
def _differentiable(input: Tensor, b: Tensor, with_residuals: bool):
    """What `lstsq` gives, for the derivative: (solution, residuals)"""
    B = b[..., None] if _is_vector(input, b) else b
    wide, matrices = common_batch(B.shape, input.shape)
    A, B = spread(input, matrices), spread(B, wide)
    X, residuals = _solved(A, B)
    X = X[..., 0] if _is_vector(input, b) else X
    return X, residuals if with_residuals else jnp.zeros(0, residuals.dtype)


def _least_squares(A, B, limit):
    """(X, residuals, rank, singular values), where small singular values count as 0."""
    U, S, Vh = svd_of(A, False)
    largest = S.max(-1, keepdims=True) if S.shape[-1] else S
    kept = limit * largest < S
    inverse = jnp.where(kept, 1 / jnp.where(kept, S, 1), 0).astype(A.dtype)
    X = product(adjoint(Vh), inverse[..., None] * product(adjoint(U), B))
    residuals = jnp.sum(jnp.abs(B - product(A, X)) ** 2, -2)
    return X, residuals, jnp.sum(kept, -1, dtype=np.int64), S


@jax.custom_jvp
def _solved(A, B):
    """(X, residuals); torch's derivative goes by the pseudoinverse, and takes X for constant in
    the residuals."""
    X = product(pseudoinverse(A), B)
    return X, jnp.sum(jnp.abs(B - product(A, X)) ** 2, -2)


@_solved.defjvp
def _of_solved(primals, tangents):
    (A, B), (dA, dB) = primals, tangents
    P = pseudoinverse(A)
    X, residuals = _solved(A, B)
    dX = product(pseudoinverse_tangent(A, P, dA), B) + product(P, dB)
    error = product(A, X) - B
    moved = jnp.sum(jnp.conj(error) * (product(dA, X) - dB), -2).real
    return (X, residuals), (dX, 2 * moved)


_FIELDS = ("solution", "residuals", "rank", "singular_values")
_Solution = return_type("linalg_lstsq", _FIELDS)
_SolutionInto = return_type("linalg_lstsq_out", _FIELDS)


@checked(
    "(Tensor input, Tensor b, float? rcond = None, *, str? driver = None, "
    "tuple of Tensors? out = None)",
    variants="",
)
def linalg_lstsq(input, b, rcond=None, *, driver=None, out=None):
    """The X that makes the norm of A X - B smallest, and among those the smallest X.

    The results are the solution, residuals (sums of squares, where A has full rank and more rows
    than columns), rank and singular values, as far as the driver gives them.
    Source:  torch.linalg.lstsq; by singular values, whatever the driver.
    """
    _check_lstsq(input, b, driver)
    driver = driver or "gelsy"
    operands = input, b
    input, b = input.detach(), b.detach()  # what has a history is made below
    rows, count = input.shape[-2:]
    padded, residuals, rank, S = _lstsq(input, b, None if driver == "gels" else rcond)
    shape, stride = list(padded.shape), list(padded.stride())
    shape[-2] = count
    if _is_vector(input, b):
        del shape[-1], stride[-1]
    solution = window(padded, shape, stride, 0)
    nothing = functools.partial(_nothing, input)
    known = driver != "gelsy" and rows > count
    known = known and (driver == "gels" or not (rank._host() != count).any())
    if not known:
        residuals = nothing(input.dtype.to_real())
    if driver == "gels":
        rank = nothing(_dtypes.int64)
    if driver not in ("gelsd", "gelss"):
        S = nothing(input.dtype.to_real())
    if tracked(operands):
        entry, _, data = _differentiable.row.prepare([*operands, known])
        attach("LinalgLstsqBackward0", entry.kernel, data, [solution, residuals], entry.device)
    found = _Solution(solution, residuals, rank, S)
    return found if out is None else _delivered(found, out)


def _delivered(found, out):
    """Results in the tensors that were given for them."""
    if len(out) != len(found):
        raise TypeError(f"expected tuple of {len(found)} elements but got {len(out)}")
    for name, each, target in zip(found._fields, found, out, strict=True):
        castable("torch.linalg.lstsq", name)(target, each._meta)
    _lay_out(out[0], found.solution)
    for each, target in zip(found, out, strict=True):
        deliver(each, target, last="linalg_lstsq")
    return _SolutionInto(*out)


def _lay_out(target, solution):
    """torch computes in an empty `out`, which keeps the memory of the longer right-hand side."""
    if not target.numel() and target.dtype is solution.dtype:
        resize_quietly(target, solution.shape, solution.stride())
        target._storage.reserve(solution.untyped_storage().nbytes())


def _nothing(like, dtype):
    return tensor_of(np.empty(0, dtype.numpy), like.device)
