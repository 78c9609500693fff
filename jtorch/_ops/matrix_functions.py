"""Powers and exponentials of matrices, and tensors taken for matrices."""

import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._ops.chains import multi_dot
from jtorch._ops.detailed import castable, checked, deliver, detailed
from jtorch._ops.exponential import two_to_the
from jtorch._ops.linalg import linalg_inv
from jtorch._ops.matmul import matmul
from jtorch._ops.matrices import require_inexact, require_square
from jtorch._ops.product import HALF, product
from jtorch._ops.solve import linalg_solve
from jtorch._ops.view import clone, flatten, movedim, reshape
from jtorch._tensor import Tensor


@detailed(
    name="matrix_power.identity",
    variants="",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
)
def _identity(input: Tensor):
    return jnp.broadcast_to(jnp.eye(input.shape[-1], dtype=input.dtype), input.shape)


def _power(input, n):
    require_square("linalg.matrix_power", input)
    if n == 0:
        return _identity(input)
    if n < 0:
        input, n = linalg_inv(input), -n
        if n == 1:
            return input
    if n == 1:
        return clone(input)
    if n == 3:
        return matmul(matmul(input, input), input)
    result = None
    square = input
    while n:
        if n & 1:
            result = square if result is None else matmul(result, square)
        n >>= 1
        if n:
            square = matmul(square, square)
    return result


def _delivered(name, result, out, cast=True):
    if out is not None:
        castable(name, "result")(out, result._meta)
    return deliver(result, out, cast=cast, last="matmul" if name == "matrix_power" else None)


@checked("(Tensor input, int n, *, Tensor? out = None)")
def matrix_power(input, n, *, out=None):
    """`linalg.matrix_power`. Source: torch.matrix_power."""
    return _delivered("matrix_power", _power(input, n.__index__()), out, cast=False)


@checked("(Tensor input, int n, *, Tensor? out = None)", variants="")
def linalg_matrix_power(input, n, *, out=None):
    """A square matrix multiplied with itself; negative powers are those of the inverse.

    Errors:  RuntimeError unless matrices are square; LinAlgError for a singular one if n < 0.
    Source:  torch.linalg.matrix_power.
    """
    return _delivered("matrix_power", _power(input, n.__index__()), out, cast=False)


def _check_exp(input):
    require_square("linalg.matrix_exp", input)
    require_inexact("linalg.matrix_exp", input.dtype)


# Below this 1-norm, 18 terms of the series are exact to float64's last bits.
_SMALL_NORM = 1.09
_TERMS = 18


@jax.custom_jvp
def _exponential(A):
    """The series of a matrix scaled down by a power of 2, squared as often."""
    X, halvings = _scaled_series(A)

    def square(step, X):
        return jnp.where((step < halvings)[..., None, None], product(X, X), X)

    return lax.fori_loop(np.int32(0), jnp.max(halvings), square, X)


@_exponential.defjvp
def _of_exponential(primals, tangents):
    return jax.jvp(_exponential_in_steps, primals, tangents)


# Matrices with larger norms than 2 to this power have no derivative worth its name.
_MOST_HALVINGS = 32


def _exponential_in_steps(A):
    """The same with a fixed number of steps, most of them skipped: reverse mode needs that."""
    X, halvings = _scaled_series(A)
    most = jnp.max(halvings)

    def step(X, count):
        def square(X):
            return jnp.where((count < halvings)[..., None, None], product(X, X), X)

        return lax.cond(count < most, square, lambda X: X, X), None

    return lax.scan(step, X, jnp.arange(_MOST_HALVINGS, dtype=np.int32))[0]


def _scaled_series(A):
    """(the series of a matrix scaled down, how often it was halved)"""
    norm = jnp.max(jnp.sum(jnp.abs(lax.stop_gradient(A)), -2), -1)
    finite = jnp.where(jnp.isfinite(norm) & (norm > 0), norm, 1)
    halvings = jnp.maximum(jnp.ceil(jnp.log2(finite / _SMALL_NORM)), 0).astype(np.int32)
    scale = two_to_the(-halvings.astype(norm.dtype))[..., None, None].astype(A.dtype)
    return _series(A * scale), halvings


def _series(A):
    """The first terms of the exponential series, grouped so that few products are taken."""
    identity = jnp.broadcast_to(jnp.eye(A.shape[-1], dtype=A.dtype), A.shape)
    powers = [identity, A, product(A, A)]
    powers.append(product(powers[2], A))
    step = product(powers[3], A)
    factors = [1 / math.factorial(term) for term in range(_TERMS + 2)]
    groups = [
        sum(factors[start + place] * powers[place] for place in range(4))
        for start in range(0, _TERMS + 2, 4)
    ]
    result = groups.pop()
    while groups:
        result = product(result, step) + groups.pop()
    return result


def _exp(input):
    if not input.size:
        return input
    wide = input.astype(np.float32) if input.dtype in HALF else input
    return _exponential(wide).astype(input.dtype)


@detailed(
    variants="fm",
    check=_check_exp,
    gradient="LinalgMatrixExpBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
)
def matrix_exp(input: Tensor):
    """The sum of A^k / k! over all k. Errors: RuntimeError unless matrices are square.

    Source:  torch.matrix_exp; by scaling, a series of 19 terms, and squaring.
    """
    return _exp(input)


@detailed(
    variants="o",
    check=_check_exp,
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def linalg_matrix_exp(input: Tensor):
    """`matrix_exp`. Source: torch.linalg.matrix_exp."""
    return _exp(input)


@checked("(Tensor input, int ind = 2, *, Tensor? out = None)", variants="")
def linalg_tensorinv(input, ind=2, *, out=None):
    """The inverse of a tensor taken for a matrix: its first `ind` dims for the rows.

    Errors:  RuntimeError unless that is a square matrix; LinAlgError if it is singular.
    Source:  torch.linalg.tensorinv.
    """
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    if ind > input.ndim:
        raise RuntimeError(f"ArrayRef: invalid slice, N = {ind}; size = {input.ndim}")
    rows, count = input.shape[:ind], input.shape[ind:]
    m, n = math.prod(rows), math.prod(count)
    if m != n:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {n} != {m}"
        )
    result = reshape(linalg_inv(reshape(input, (n, m))), (*count, *rows))
    return _delivered("tensorinv", result, out)


@checked(
    "(Tensor input, Tensor other, tuple of ints? dims = None, *, Tensor? out = None)", variants=""
)
def linalg_tensorsolve(input, other, dims=None, *, out=None):
    """The X with `tensordot(A, X, X.ndim) = B`, after `dims` of A have gone to its end.

    Errors:  RuntimeError unless A is a square matrix so; LinAlgError if it is singular.
    Source:  torch.linalg.tensorsolve.
    """
    moved = input
    if dims is not None:
        count = len(dims)
        moved = movedim(input, tuple(dims), tuple(range(input.ndim - count, input.ndim)))
    shape = moved.shape[other.ndim :]
    m, n = math.prod(moved.shape[: other.ndim]), math.prod(shape)
    if m != n:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {n} != {m}"
        )
    solution = linalg_solve(reshape(moved, (n, n)), flatten(other))
    return _delivered("tensorsolve", reshape(solution, shape), out)


@checked("(tuple of Tensors tensors, *, Tensor? out = None)", variants="")
def linalg_multi_dot(tensors, *, out=None):
    """The product of two or more matrices, in the order that takes the fewest multiplications.

    Shape:   the first may be a vector (a row), the last too (a column).
    Errors:  RuntimeError if there are fewer than two, or neighbours do not fit.
    Source:  torch.linalg.multi_dot.
    """
    return multi_dot(tensors, out=out)
