"""Matrices as products of two triangles and a permutation."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._messages import warn_once
from jtorch._ops.declare import return_type
from jtorch._ops.detailed import DetailedRow, columns, detailed
from jtorch._ops.families import composite
from jtorch._ops.history import attach, tracked
from jtorch._ops.matrices import code_of, failure, require_lapack, unless
from jtorch._ops.matrices import lu as factored
from jtorch._ops.parameters import Index
from jtorch._ops.solve import permutation_of
from jtorch._tensor import Tensor


def _check_lu(name, A, pivot):
    if A.ndim < 2:
        raise RuntimeError(
            f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(A.shape)} instead"
        )
    if not pivot:
        raise RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU")
    require_lapack("lu_cpu", A.dtype)


_ZERO_PIVOT = (
    "U[{info},{info}] is zero and using it on lu_solve would result in a division by zero. If you "
    "still want to perform the factorization, consider calling linalg.lu(A, pivot) or "
    "linalg.lu_factor_ex(A, pivot)"
)


def _lu_factor(A):
    factors, pivots, _, info = factored(A)
    return factors, (pivots + 1).astype(np.int32), info


@detailed(
    variants="o",
    check=lambda A, pivot: _check_lu("torch.lu_factor", A, pivot),
    failure=failure("torch.linalg.lu_factor", _ZERO_PIVOT, RuntimeError),
    gradient="LinalgLuFactorExBackward0",
    layout=(columns, None),
    returns=("LU", "pivots"),
    cast_out=False,
)
def linalg_lu_factor(A: Tensor, *, pivot: bool = True):
    """L and U in one matrix, and the rows that were exchanged, counted from 1.

    Errors:  RuntimeError for a zero on U's diagonal.
    Source:  torch.linalg.lu_factor.
    """
    factors, pivots, info = _lu_factor(A)
    return (factors, pivots), code_of(info)


@detailed(
    variants="o",
    check=lambda A, pivot: _check_lu("torch.lu_factor", A, pivot),
    failure=failure("torch.linalg.lu_factor_ex", _ZERO_PIVOT, RuntimeError),
    layout=(columns, None, None),
    returns=("LU", "pivots", "info"),
    cast_out=False,
)
def linalg_lu_factor_ex(A: Tensor, *, pivot: bool = True, check_errors: bool = False):
    """`linalg.lu_factor` without its error, and where U's diagonal is zero first, or 0.

    Source:  torch.linalg.lu_factor_ex.
    """
    factors, pivots, info = _lu_factor(A)
    return (factors, pivots, info), unless(check_errors, code_of(info))


def _unpacked(factors):
    """(L, U) of both in one."""
    rows, count = factors.shape[-2:]
    least = min(rows, count)
    identity = jnp.eye(rows, least, dtype=factors.dtype)
    return jnp.tril(factors[..., :least], -1) + identity, jnp.triu(factors[..., :least, :])


class _TrianglesRow(DetailedRow):
    """The results are P, L and U, of which the triangles alone have a history."""

    triangles = None  # the row of these, by the first argument

    def connect(self, name, entry, data, results, values, inputs):
        if results[1].ndim > 1:
            found = self.triangles.row.prepare([values[0]])[0]
            attach(name, found.kernel, data[:1], results[1:], entry.device)


@detailed(name="lu_unpack.triangles", variants="")
def _triangles(LU_data: Tensor):
    return _unpacked(LU_data)


@detailed(name="linalg_lu.triangles", variants="")
def _triangles_of(A: Tensor):
    return _unpacked(factored(A)[0])


class _LuRow(_TrianglesRow):
    triangles = _triangles_of


class _LuUnpackRow(_TrianglesRow):
    triangles = _triangles


def _permutation_matrix(permutation, dtype):
    """P with P L U = A, from the order in which L U has A's rows."""
    places = jnp.arange(permutation.shape[-1], dtype=permutation.dtype)
    return (places[:, None] == permutation[..., None, :]).astype(dtype)


@detailed(
    row=_LuRow,
    variants="o",
    check=lambda A, pivot: _check_lu("linalg.lu", A, pivot),
    returns=("P", "L", "U"),
    cast_out=False,
)
def linalg_lu(A: Tensor, *, pivot: bool = True):
    """A permutation P, a triangle L with ones on its diagonal, and a triangle U: P L U = A.

    Source:  torch.linalg.lu.
    """
    factors, _, permutation, _ = factored(A)
    return _permutation_matrix(permutation, A.dtype), *_unpacked(factors)


def _check_lu_unpack(LU_data, LU_pivots, unpack_pivots):
    if LU_data.ndim < 2:
        if tracked((LU_data,)):
            LU_data.size(-2)  # what torch asks first where it records
        raise RuntimeError(
            "torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: "
            f"{list(LU_data.shape)} instead"
        )
    if unpack_pivots and LU_pivots.dtype is not _dtypes.int32:
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 "
            "dtype.\nNote: this function is intended to be used with the output produced by "
            "torch.linalg.lu_factor"
        )


def _pivots_outside(code):
    return RuntimeError(
        "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive.Did you properly "
        "pass the result of lu_factor?"
    )


@detailed(
    row=_LuUnpackRow,
    variants="fo",
    check=_check_lu_unpack,
    failure=lambda: _pivots_outside,
    returns=("P", "L", "U"),
    cast_out=False,
)
def lu_unpack(LU_data: Tensor, LU_pivots: Index, unpack_data: bool = True,
              unpack_pivots: bool = True):  # fmt: skip
    """P, L and U from what `linalg.lu_factor` gives. Source: torch.lu_unpack."""
    nothing = jnp.zeros(0, LU_data.dtype)
    rows = LU_data.shape[-2]
    L, U = _unpacked(LU_data) if unpack_data else (nothing, nothing)
    if not unpack_pivots:
        return (nothing, L, U), jnp.int64(0)
    wrong = ((LU_pivots < 1) | (LU_pivots > rows)).any()
    P = _permutation_matrix(permutation_of(LU_pivots, rows), LU_data.dtype)
    return (P, L, U), wrong.astype(np.int64)


_WithInfo = return_type("_lu_with_info", ("LU", "pivots", "info"))


@composite(name="lu", variants="m")
def _lu_of(self, pivot=True, get_infos=False):
    """`torch.lu`, whose results have no names. Source: torch.Tensor.lu."""
    found = tuple(linalg_lu_factor_ex(self, pivot=pivot))
    return found if get_infos else found[:2]


@composite(name="lu", variants="f")
def old_lu(A, pivot=True, get_infos=False, out=None):
    """`linalg.lu_factor` of matrices that may be singular, with LAPACK's info if asked for.

    Source:  torch.lu.
    """
    warn_once(
        "torch.lu is deprecated in favor of torch.linalg.lu_factor / torch.linalg.lu_factor_ex and "
        "will be removed in a future PyTorch release.\nLU, pivots = torch.lu(A, compute_pivots)\n"
        "should be replaced with\nLU, pivots = torch.linalg.lu_factor(A, compute_pivots)\nand\n"
        "LU, pivots, info = torch.lu(A, compute_pivots, get_infos=True)\nshould be replaced with\n"
        "LU, pivots, info = torch.linalg.lu_factor_ex(A, compute_pivots)"
    )
    found = linalg_lu_factor_ex(A, pivot=pivot)
    result = _WithInfo(*found) if get_infos else tuple(found)[:2]
    if out is None:
        return result
    if len(out) != len(result):
        raise TypeError(f"expected tuple of {len(result)} elements but got {len(out)}")
    for each, target in zip(result, out, strict=True):
        target.resize_as_(each).copy_(each)
    return out
