"""Matrices taken apart, as arrays, with torch's derivatives: eigenvalues, triangles and others.

JAX has other rules for some of these, and none for others. The rules here are torch's formulas in
the direction of tangents, written in functions that have such rules themselves: every order
follows. Where a factor is only known up to a sign or a phase, the rule keeps that of the factor.
"""

import functools

import jax
from jax import lax
from jax import numpy as jnp

from jtorch._ops.matrices import adjoint, lu, parity, solved, spread, triangular
from jtorch._ops.product import product
from jtorch._ops.rotations import singular_by_rotations


def _diagonal(array):
    return jnp.diagonal(array, axis1=-2, axis2=-1)


def _identity(array, rows=None):
    """The identity of a matrix's dtype, with as many columns as it has."""
    return jnp.eye(rows or array.shape[-1], array.shape[-1], dtype=array.dtype)


def _without_diagonal(array):
    return array * (1 - _identity(array))


def _differences(values):
    """values[j] - values[i] at (i, j), and 1 on the diagonal, to divide by."""
    ones = jnp.eye(values.shape[-1], dtype=values.dtype)
    return values[..., None, :] - values[..., :, None] + ones


# Solutions and inverses


@jax.custom_jvp
def solution(A, B):
    """X with A X = B; A's batch dims broadcast to those of B."""
    factors, _, permutation, _ = lu(A)
    batch = B.shape[:-2]
    factors = spread(factors, (*batch, *A.shape[-2:]))
    return solved(factors, spread(permutation, (*batch, A.shape[-1])), B)


@solution.defjvp
def _of_solution(primals, tangents):
    A, B = primals
    dA, dB = tangents
    X = solution(A, B)
    return X, solution(A, dB - product(dA, X))


@jax.custom_jvp
def inverse_of(A):
    return solution(A, spread(_identity(A), A.shape))


@inverse_of.defjvp
def _of_inverse(primals, tangents):
    X = inverse_of(*primals)
    return X, -product(product(X, tangents[0]), X)


# Determinants


@jax.custom_jvp
def determinant(A):
    factors, pivots, _, _ = lu(A)
    return jnp.prod(_diagonal(factors), -1) * parity(pivots).astype(A.dtype)


@determinant.defjvp
def _of_determinant(primals, tangents):
    return determinant(*primals), jnp.sum(_cofactors(*primals) * tangents[0], (-2, -1))


def _cofactors(A):
    """How the determinant grows with each element; also where the matrix is singular."""
    det = determinant(A)
    singular = jnp.abs(det) < 100 * float(jnp.finfo(A.dtype).eps)  # torch's limit
    some = jnp.where(singular[..., None, None], _identity(A), A)
    regular = det[..., None, None] * jnp.swapaxes(inverse_of(some), -1, -2)
    if not A.size:
        return regular

    def all_of(A):
        return jnp.where(singular[..., None, None], _cofactors_of_singular(A), regular)

    return lax.cond(singular.any(), all_of, lambda A: regular, A)


def _cofactors_of_singular(A):
    U, S, Vh = singular(A, False)
    count = S.shape[-1]
    others = jnp.where(jnp.eye(count, dtype=bool), 1, S[..., None, :]).prod(-1)
    turned = (determinant(U) * determinant(Vh))[..., None, None]
    return turned * jnp.conj(product(U * others[..., None, :].astype(A.dtype), Vh))


@jax.custom_jvp
def sign_and_logarithm(A):
    """The determinant's sign (or phase), and the logarithm of its absolute value."""
    factors, pivots, _, _ = lu(A)
    diagonal = _diagonal(factors)
    sign = jnp.prod(jnp.sign(diagonal), -1) * parity(pivots).astype(A.dtype)
    return sign, jnp.sum(jnp.log(jnp.abs(diagonal)), -1)


@sign_and_logarithm.defjvp
def _of_sign_and_logarithm(primals, tangents):
    sign, logarithm = sign_and_logarithm(*primals)
    growth = jnp.sum(_diagonal(solution(primals[0], tangents[0])), -1)
    if not jnp.iscomplexobj(sign):
        return (sign, logarithm), (jnp.zeros_like(sign), growth)
    turning = lax.complex(jnp.zeros_like(growth.imag), growth.imag)
    return (sign, logarithm), (sign * turning, growth.real)


# Triangles


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def lower_factor(A, upper):
    """L with L L^H = A, of which the lower triangle is read, or the upper one."""
    return lax.linalg.cholesky(adjoint(A) if upper else A, symmetrize_input=False)


@lower_factor.defjvp
def _of_lower_factor(upper, primals, tangents):
    L = lower_factor(*primals, upper)
    X = triangular(L, tangents[0], upper=False)
    X = triangular(adjoint(L), X, upper=True, left=False)
    # half of each triangle: the gradient is Hermitian, as torch has it
    return L, product(L, (jnp.tril(X) + jnp.tril(adjoint(X), -1)) / 2)


@jax.custom_jvp
def orthogonal_and_triangle(A):
    """(Q, R) with Q R = A: as many columns and rows as the smaller of A's extents."""
    return tuple(jnp.linalg.qr(A, mode="reduced"))


@orthogonal_and_triangle.defjvp
def _of_orthogonal_and_triangle(primals, tangents):
    (A,), (dA,) = primals, tangents
    Q, R = orthogonal_and_triangle(A)
    rows, count = A.shape[-2:]
    square = R if rows >= count else R[..., :rows]
    moved = dA if rows >= count else dA[..., :rows]
    moved = triangular(square, moved, upper=True, left=False)  # dA R^-1
    X = product(adjoint(Q), moved)
    both = X + adjoint(X)
    upper = jnp.triu(both) - both * _identity(both) / 2  # dR R^-1
    dQ = moved - product(Q, upper)
    if rows >= count:
        return (Q, R), (dQ, product(upper, R))
    return (Q, R), (dQ, product(adjoint(Q), dA) - product(X - upper, R))


@jax.custom_jvp
def reflected(A, tau):
    """The first columns of the product of the reflections below A's diagonal, with factors tau."""
    return lax.linalg.householder_product(A, tau)


@reflected.defjvp
def _of_reflected(primals, tangents):
    return jax.jvp(_reflected_one_by_one, primals, tangents)


def _reflected_one_by_one(A, tau):
    rows, count = A.shape[-2:]
    vectors = jnp.tril(A, -1) + jnp.eye(rows, count, dtype=A.dtype)
    vectors = jnp.moveaxis(vectors[..., : tau.shape[-1]], -1, 0)
    start = jnp.broadcast_to(jnp.eye(rows, count, dtype=A.dtype), A.shape)

    def reflect(Q, of):
        vector, factor = of[0][..., None], of[1][..., None, None]
        return Q - factor * product(vector, product(adjoint(vector), Q)), None

    return lax.scan(reflect, start, (vectors, jnp.moveaxis(tau, -1, 0)), reverse=True)[0]


# Eigenvalues


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def hermitian_eigen(A, lower):
    """(eigenvalues, eigenvectors) of Hermitian matrices, of which one triangle is read."""
    vectors, values = lax.linalg.eigh(A, lower=lower, symmetrize_input=False)
    return values, vectors


@hermitian_eigen.defjvp
def _of_hermitian_eigen(lower, primals, tangents):
    values, V = hermitian_eigen(*primals, lower)
    X = product(product(adjoint(V), tangents[0]), V)
    turning = _without_diagonal((X + adjoint(X)) / 2) / _differences(values).astype(X.dtype)
    return (values, V), (_diagonal(X).real, product(V, turning))


@jax.custom_jvp
def eigen(A):
    """(eigenvalues, eigenvectors), complex; the vectors have length 1."""
    return tuple(lax.linalg.eig(A, compute_left_eigenvectors=False))


@eigen.defjvp
def _of_eigen(primals, tangents):
    values, V = eigen(*primals)
    X = solution(V, product(tangents[0].astype(V.dtype), V))
    turning = product(V, _without_diagonal(X) / _differences(values))
    # what would make the vectors longer is taken away
    longer = jnp.sum(jnp.conj(V) * turning, -2, keepdims=True).real.astype(V.dtype)
    return (values, V), (_diagonal(X), turning - V * longer)


@jax.custom_jvp
def eigenvalues(A):
    none = {"compute_left_eigenvectors": False, "compute_right_eigenvectors": False}
    return lax.linalg.eig(A, **none)[0]


@eigenvalues.defjvp
def _of_eigenvalues(primals, tangents):
    return jax.jvp(lambda A: eigen(A)[0], primals, tangents)


# Singular values


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def singular(A, full):
    """(U, S, Vh) with U diag(S) Vh = A; `full` for square U and Vh."""
    return lax.platform_dependent(
        A,
        tpu=lambda A: singular_by_rotations(A, full),
        default=lambda A: tuple(lax.linalg.svd(A, full_matrices=full)),
    )


@singular.defjvp
def _of_singular(full, primals, tangents):
    (A,), (dA,) = primals, tangents
    factors = singular(A, full)
    count = factors[1].shape[-1]
    # what fills up the square matrices is arbitrary, and constant for torch
    U, S, Vh = factors[0][..., :count], factors[1], factors[2][..., :count, :]
    moved_left, moved_right = product(adjoint(U), dA), product(dA, adjoint(Vh))
    X = product(moved_left, adjoint(Vh))
    wide = S.astype(A.dtype)
    E = _differences(S * S).astype(A.dtype)
    columns, rows = wide[..., None, :], wide[..., :, None]
    turning_left = _without_diagonal(X * columns + rows * adjoint(X)) / E
    turning_right = _without_diagonal(rows * X + adjoint(X) * columns) / E
    if jnp.iscomplexobj(A):
        phase = (_diagonal(X) - _diagonal(adjoint(X))) / (2 * wide)
        turning_left = turning_left + phase[..., None, :] * _identity(X)
    dU, dVh = product(U, turning_left), product(adjoint(turning_right), Vh)
    if A.shape[-2] > count:
        dU = dU + (moved_right - product(U, product(adjoint(U), moved_right))) / columns
    if A.shape[-1] > count:
        dVh = dVh + (moved_left - product(product(moved_left, adjoint(Vh)), Vh)) / rows
    if full:
        dU = _widened(dU, factors[0].shape)
        dVh = _widened(dVh, factors[2].shape)
    return factors, (dU, _diagonal(X).real, dVh)


def _widened(array, shape):
    """An array with zeros after it, to a shape."""
    widths = [(0, to - extent) for extent, to in zip(array.shape, shape, strict=True)]
    return jnp.pad(array, widths)


def pseudoinverse_tangent(A, P, dA):
    """How the pseudoinverse P of A moves with A; linear in `dA`."""
    dAh, Ph = adjoint(dA), adjoint(P)
    first = product(product(dAh, Ph), P)
    second = product(product(P, Ph), dAh)
    return (
        -product(product(P, dA), P)
        + first - product(P, product(A, first))
        + second - product(product(second, A), P)
    )  # fmt: skip
