"""Singular values by rotations of pairs of columns, for where XLA's own way fails: on TPU.

XLA's (by polar decompositions, `lax.linalg.svd`) makes the compiler for TPU fail or end the process
in 64-bit mode. One-sided Jacobi: columns are turned against each other until all are orthogonal;
their lengths are the singular values. Half as many pairs as there are columns are turned at a time.
It is as exact as LAPACK's, and takes some ten passes over all pairs.

Source:  Golub and Van Loan, Matrix Computations, 8.6.3 and the parallel order of 8.5.5.
"""

import numpy as np
from jax import lax
from jax import numpy as jnp

_PASSES = 30  # more than any finite matrix needs


def singular_by_rotations(A, full):
    """(U, S, Vh) with U diag(S) Vh = A; `full` for square U and Vh."""
    rows, count = A.shape[-2:]
    if rows < count:
        V, S, Uh = singular_by_rotations(_adjoint(A), full)
        return _adjoint(Uh), S, _adjoint(V)
    # as many rows as columns are enough, and a triangle's columns are nearly sorted by length
    Q, R = jnp.linalg.qr(A, mode="complete" if full else "reduced")
    W, V = _orthogonal_columns(R[..., :count, :])
    lengths = _length(W)
    order = jnp.argsort(-lengths, axis=-1)
    W, V = (jnp.take_along_axis(each, order[..., None, :], -1) for each in (W, V))
    # orthogonal columns are their directions times lengths; where a length is 0 any direction serves
    U, diagonal = jnp.linalg.qr(W)
    diagonal = jnp.diagonal(diagonal, axis1=-2, axis2=-1)
    phase = jnp.where(diagonal == 0, 1, diagonal / jnp.where(diagonal == 0, 1, jnp.abs(diagonal)))
    U = U * phase[..., None, :].astype(A.dtype)
    S = jnp.take_along_axis(lengths, order, -1)
    U = jnp.concatenate([_product(Q[..., :count], U), Q[..., count:]], -1)
    return U, S, _adjoint(V)


def _orthogonal_columns(A):
    """(A V, V) for the unitary V that makes the columns of A V orthogonal."""
    count = A.shape[-1]
    eye = jnp.broadcast_to(jnp.eye(count, dtype=A.dtype), A.shape)
    both = jnp.concatenate([A, eye], -2)  # what turns A's columns turns those of the identity
    if count == 1:
        return both[..., :1, :], both[..., 1:, :]
    if count % 2:
        both = jnp.concatenate([both, jnp.zeros_like(both[..., :1])], -1)
    half = both.shape[-1] // 2
    tolerance = jnp.finfo(A.dtype).eps

    def turn(number, state):
        left, right, worst = state
        left, right, cosine = _turned(left, right, count, tolerance)
        # everybody but the first moves on by one place
        moved_left = jnp.concatenate([left[..., :1], right[..., :1], left[..., 1:-1]], -1)
        moved_right = jnp.concatenate([right[..., 1:], left[..., -1:]], -1)
        if half == 1:
            moved_left, moved_right = left, right
        return moved_left, moved_right, jnp.maximum(worst, cosine)

    def one_pass(state):
        passes, left, right, _ = state
        start = (left, right, jnp.zeros((), tolerance.dtype))
        left, right, worst = lax.fori_loop(np.int32(0), np.int32(2 * half - 1), turn, start)
        return passes + 1, left, right, worst

    def unfinished(state):
        return (state[0] < _PASSES) & (state[3] > 4 * tolerance)

    start = (np.int32(0), both[..., :half], both[..., half:], jnp.ones((), tolerance.dtype))
    _, left, right, _ = lax.while_loop(unfinished, one_pass, start)
    # after a whole pass all are where they were
    both = jnp.concatenate([left, right], -1)[..., :count]
    return both[..., :count, :], both[..., count:, :]


def _turned(left, right, count, tolerance):
    """Columns turned in pairs, so that the first `count` rows are orthogonal; the largest cosine."""
    x, y = left[..., :count, :], right[..., :count, :]
    a, b = _squares(x), _squares(y)
    inner = jnp.sum(jnp.conj(x) * y, -2)
    size = jnp.abs(inner)
    wide = jnp.sqrt(a) * jnp.sqrt(b)
    cosine = jnp.where(wide > 0, size / jnp.where(wide > 0, wide, 1), 0)
    needed = cosine > tolerance
    safe = jnp.where(needed, size, 1)
    slope = (b - a) / (2 * safe)
    tangent = jnp.where(slope < 0, -1, 1) / (jnp.abs(slope) + jnp.hypot(1, slope))
    tangent = jnp.where(needed, tangent, 0).astype(a.dtype)
    c = 1 / jnp.sqrt(1 + tangent * tangent)
    s = (c * tangent)[..., None, :].astype(left.dtype)
    c = c[..., None, :].astype(left.dtype)
    phase = jnp.where(needed, inner / safe.astype(left.dtype), 1)[..., None, :]
    right = right * jnp.conj(phase)
    return c * left - s * right, s * left + c * right, jnp.max(cosine, initial=0)


def _squares(columns):
    return (
        jnp.sum(columns.real**2 + columns.imag**2, -2)
        if jnp.iscomplexobj(columns)
        else (jnp.sum(columns**2, -2))
    )


def _length(columns):
    """The lengths of columns, also of very long and very short ones."""
    largest = jnp.max(jnp.abs(columns), -2, initial=0)
    scale = jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1)
    scaled = columns / scale[..., None, :].astype(columns.dtype)
    return scale * jnp.sqrt(_squares(scaled))


def _adjoint(array):
    return jnp.conj(jnp.swapaxes(array, -1, -2))


def _product(left, right):
    return jnp.matmul(left, right, preferred_element_type=left.dtype)
