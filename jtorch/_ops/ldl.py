"""Symmetric and Hermitian matrices as L D L^T, by the pivoting of Bunch and Kaufman (1977).

D has blocks of one and of two rows. As LAPACK's `sytrf` gives them, L and D stand in one triangle, and
the pivots, counted from 1, say which rows were exchanged: those of a block of two are negative.
"""

import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import FLOATING, INTEGRAL
from jtorch._ops.detailed import columns, detailed
from jtorch._ops.matrices import (
    code_of,
    common_batch,
    require_inexact,
    require_lapack,
    require_square,
    spread,
    triangular,
    unless,
)
from jtorch._ops.names import missing
from jtorch._ops.parameters import Index
from jtorch._tensor import Tensor

_ALPHA = (1 + math.sqrt(17)) / 8  # bounds how much elements grow
_BATCH = 2**32  # see `code_of`


def _unknown_code(name):
    def failure():
        def make(code):
            return RuntimeError(
                'false INTERNAL ASSERT FAILED at "/__w/pytorch/pytorch/aten/src/ATen/native/'
                'BatchLinearAlgebra.cpp":1642, please report a bug to PyTorch. '
                f"{name}: Unknown error code: {code % _BATCH}."
            )

        return make

    return failure


def _check_factor(input):
    require_square("torch.linalg.ldl_factor_ex", input)
    require_inexact("torch.linalg.ldl_factor_ex", input.dtype)
    require_lapack("ldl_factor_kernel_cpu", input.dtype)


def _size(array):
    """LAPACK's measure of complex numbers where it looks for pivots."""
    return jnp.abs(array.real) + jnp.abs(array.imag) if jnp.iscomplexobj(array) else jnp.abs(array)


def _turned(array, hermitian):
    return jnp.conj(array) if hermitian else array


def _pivot(S, k, rows, hermitian):
    """(whether the column is zero, the row to exchange with, whether the block has two rows)."""
    below = jnp.where(rows > k, _size(S[:, k]), 0)
    largest, place = below.max(), jnp.argmax(below)
    own = jnp.abs(S[k, k].real) if hermitian else _size(S[k, k])
    zero = (jnp.maximum(own, largest) == 0) | jnp.isnan(own)
    in_row = jnp.where((rows >= k) & (rows != place), _size(S[:, place]), 0).max()
    other = jnp.abs(S[place, place].real) if hermitian else _size(S[place, place])
    stays = zero | (own >= _ALPHA * largest) | (own >= _ALPHA * largest * (largest / in_row))
    two = ~stays & ~(other >= _ALPHA * in_row)
    return zero, jnp.where(stays, k, place), two


def _one_row(S, k, rows, hermitian):
    """(the column of L below, what is left of the matrix) after a block of one row."""
    below = jnp.where(rows > k, S[:, k], 0)
    pivot = S[k, k].real.astype(S.dtype) if hermitian else S[k, k]
    column = below / jnp.where(pivot == 0, 1, pivot)
    return column, S - column[:, None] * _turned(below, hermitian)[None, :]


def _two_rows(S, k, rows, hermitian):
    """(two columns of L below, what is left of the matrix) after a block of two rows."""
    first, second, corner = S[k, k], S[k + 1, k + 1], S[k + 1, k]
    if hermitian:
        first, second = first.real.astype(S.dtype), second.real.astype(S.dtype)
    below = jnp.where((rows > k + 1)[:, None], lax.dynamic_slice_in_dim(S, k, 2, 1), 0)
    corner = jnp.where(corner == 0, 1, corner)
    across = _turned(corner, hermitian)
    by_first, by_second = second / corner, first / across  # so that nothing overflows
    scale = 1 / (by_first * by_second - 1)
    left = scale / across * (by_first * below[:, 0] - below[:, 1])
    right = scale / corner * (by_second * below[:, 1] - below[:, 0])
    if hermitian:
        left = scale / corner * (second / across * below[:, 0] - corner / across * below[:, 1])
        right = scale / across * (first / corner * below[:, 1] - across / corner * below[:, 0])
    made = jnp.stack([left, right], 1)
    return made, S - made @ _turned(below, hermitian).T


def _factor_one(A, hermitian):
    """(L and D in one triangle, pivots, the first zero on the diagonal, from 1)."""
    size = A.shape[-1]
    rows = jnp.arange(size)
    lower = jnp.tril(A, -1)
    S = jnp.tril(A) + _turned(lower, hermitian).T
    if hermitian:
        S = S - jnp.diag(1j * jnp.diagonal(S).imag).astype(S.dtype)

    def step(state):
        k, S, LD, pivots, info = state
        zero, other, two = _pivot(S, k, rows, hermitian)
        kept = k + two
        order = jnp.where(rows == kept, other, jnp.where(rows == other, kept, rows))
        S = S[order][:, order]
        column, single = _one_row(S, k, rows, hermitian)
        pair, double = _two_rows(S, jnp.minimum(k, max(size - 2, 0)), rows, hermitian)
        first = jnp.where(two, pair[:, 0], jnp.where(zero, 0, column))
        first = jnp.where(two & (rows == k + 1), S[:, k], jnp.where(rows == k, S[k, k], first))
        LD = jnp.where((rows == k)[None, :], first[:, None], LD)
        after = jnp.where(rows == k + 1, S[:, kept], pair[:, 1])
        LD = jnp.where(two & (rows == k + 1)[None, :], after[:, None], LD)
        found = jnp.where(two, -(other + 1), other + 1).astype(np.int32)
        pivots = jnp.where((rows == k) | (two & (rows == k + 1)), found, pivots)
        info = jnp.where(zero & (info == 0), k + 1, info).astype(np.int32)
        return k + 1 + two, jnp.where(two, double, jnp.where(zero, S, single)), LD, pivots, info

    start = (
        jnp.int64(0), S, jnp.zeros_like(S), jnp.zeros(size, np.int32), jnp.zeros((), np.int32)
    )  # fmt: skip
    _, _, LD, pivots, info = lax.while_loop(lambda state: state[0] < size, step, start)
    return LD, pivots, info


def _each(function, *arrays, dims):
    """`function` of each element of a batch, whose elements have so many dims."""
    for _ in range(arrays[0].ndim - dims[0]):
        function = jax.vmap(function)
    return function(*arrays)


def _factor(A, hermitian):
    hermitian = hermitian and jnp.iscomplexobj(A)
    if not A.size:
        return A, jnp.zeros(A.shape[:-1], np.int32), jnp.zeros(A.shape[:-2], np.int32)
    if A.shape[-1] == 1:
        pivots = jnp.ones(A.shape[:-1], np.int32)
        return A, pivots, (A[..., 0, 0] == 0).astype(np.int32)
    return _each(lambda each: _factor_one(each, hermitian), A, dims=(2,))


@detailed(
    variants="o",
    check=_check_factor,
    failure=_unknown_code("torch.linalg.ldl_factor"),
    gradient=missing("linalg_ldl_factor_ex"),
    layout=(columns, None),
    returns=("LD", "pivots"),
    cast_out=False,
)
def linalg_ldl_factor(input: Tensor, *, hermitian: bool = False):
    """L and D in one triangle, and the rows that were exchanged; the lower triangle is read.

    Errors:  RuntimeError unless matrices are square; for a zero block of D.
    Source:  torch.linalg.ldl_factor; Bunch and Kaufman, Some stable methods for calculating inertia
             and solving symmetric linear systems, 1977.
    """
    LD, pivots, info = _factor(input, hermitian)
    return (LD, pivots), code_of(info)


@detailed(
    variants="o",
    check=_check_factor,
    failure=_unknown_code("torch.linalg.ldl_factor_ex"),
    gradient=missing("linalg_ldl_factor_ex"),
    layout=(columns, None, None),
    returns=("LD", "pivots", "info"),
    cast_out=False,
)
def linalg_ldl_factor_ex(input: Tensor, *, hermitian: bool = False, check_errors: bool = False):
    """`linalg.ldl_factor` without its error, and where D has a zero first, or 0.

    Source:  torch.linalg.ldl_factor_ex.
    """
    LD, pivots, info = _factor(input, hermitian)
    return (LD, pivots, info), unless(check_errors, code_of(info))


def _check_solve(LD, pivots, B):
    name = "torch.linalg.ldl_solve"
    require_square(name, LD)
    require_inexact(name, LD.dtype)
    if LD.dtype is not B.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type {B.dtype.scalar_name} "
            f"and A of type {LD.dtype.scalar_name} instead."
        )
    if B.size(-2) != LD.size(-2):
        size = LD.shape[-1]
        raise RuntimeError(
            f"Incompatible matrix sizes for {name}: each A matrix is {size} by {size} but each b "
            f"matrix is {B.shape[-2]} by {B.shape[-1]}"
        )
    if tuple(pivots.shape) != tuple(LD.shape[:-1]):
        raise RuntimeError(
            f"{name}: Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with "
            f"shape {list(pivots.shape)} instead"
        )
    if pivots.dtype.category != INTEGRAL:
        came = pivots.dtype.scalar_name
        raise RuntimeError(f"{name}: Expected pivots to be integers. Got {came}")
    require_lapack("ldl_solve_kernel_cpu", LD.dtype)
    assert LD.dtype.category >= FLOATING, "require_inexact has looked"


def _unpacked(LD, pivots):
    """(L of the matrix with its rows in order, that order, where blocks of two rows begin)."""
    size = LD.shape[-1]
    rows = jnp.arange(size)

    def step(k, state):
        L, order, pairs, inside = state
        first = (pivots[k] < 0) & ~inside  # of a block of two rows, whose second one is exchanged
        single = pivots[k] > 0
        kept = jnp.where(first, k + 1, k)
        other = jnp.where(single | first, jnp.abs(pivots[k]) - 1, kept)
        swapped = jnp.where(rows == kept, other, jnp.where(rows == other, kept, rows))
        L = jnp.where((rows < k)[None, :], L[swapped], L)
        return L, order[swapped], jnp.where(rows == k, first, pairs), first

    start = jnp.tril(LD, -1), rows, jnp.zeros(size, bool), jnp.asarray(False)
    L, order, pairs, _ = lax.fori_loop(0, size, step, start)
    corners = jnp.where(pairs[:-1], jnp.diagonal(LD, -1), 0)
    return L - jnp.diag(corners, -1), order, pairs


def _solve_one(LD, pivots, B, hermitian):
    L, order, pairs = _unpacked(LD, pivots)
    L = L + jnp.eye(L.shape[-1], dtype=L.dtype)
    middle = triangular(L, B[order], upper=False, unit=True)
    own = jnp.diagonal(LD)
    own = own.real.astype(LD.dtype) if hermitian else own
    corner = jnp.where(pairs, jnp.append(jnp.diagonal(LD, -1), 0), 0)
    before = jnp.append(False, pairs[:-1])  # the second rows of blocks of two
    # a row of D has, besides its own, the element that joins it to the other one of its block
    joined = jnp.where(pairs, _turned(corner, hermitian), jnp.roll(corner, 1))[:, None]
    partner = jnp.where(pairs, jnp.roll(own, -1), jnp.roll(own, 1))[:, None]
    theirs = jnp.where(pairs[:, None], jnp.roll(middle, -1, 0), jnp.roll(middle, 1, 0))
    in_pair = (pairs | before)[:, None]
    size = jnp.where(in_pair, own[:, None] * partner - joined * _turned(joined, hermitian), 1)
    both = (partner * middle - joined * theirs) / size
    middle = jnp.where(in_pair, both, middle / own[:, None])
    found = triangular(_turned(L, hermitian), middle, upper=False, unit=True, transpose=True)
    return found[jnp.argsort(order)]


@detailed(
    variants="o",
    check=_check_solve,
    gradient=missing("linalg_ldl_solve"),
    layout=columns,
    cast_out=False,
)
def linalg_ldl_solve(LD: Tensor, pivots: Index, B: Tensor, *, hermitian: bool = False):
    """X with A X = B, from what `linalg.ldl_factor` gives of A.

    Errors:  RuntimeError unless shapes and dtypes fit, and pivots are integers.
    Source:  torch.linalg.ldl_solve.
    """
    shape, of_A = common_batch(B.shape, LD.shape)
    B, LD = spread(B, shape), spread(LD, of_A)
    pivots = spread(pivots, of_A[:-1])
    if not B.size:
        return B
    hermitian = hermitian and jnp.iscomplexobj(LD)
    return _each(
        lambda *each: _solve_one(*each, hermitian), LD, pivots.astype(np.int64), B, dims=(2,)
    )
