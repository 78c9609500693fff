"""Determinants and inverses of square matrices, from their LU factors."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._dtypes import COMPLEX
from jtorch._ops.arithmetic import add
from jtorch._ops.comparison import eq
from jtorch._ops.creation import full
from jtorch._ops.decompositions import determinant, inverse_of, sign_and_logarithm
from jtorch._ops.detailed import columns, detailed
from jtorch._ops.exponential import log
from jtorch._ops.filling import where
from jtorch._ops.matrices import (
    code_of,
    failure,
    lu,
    require_inexact,
    require_lapack,
    require_square,
    unless,
)
from jtorch._tensor import Tensor

# Determinants


def _check_det(A):
    require_square("linalg.det", A)
    require_inexact("linalg.det", A.dtype)
    require_lapack("lu_cpu", A.dtype)


@detailed(
    variants="o",
    check=_check_det,
    shape=lambda A: A.shape[:-2],
    dtype=lambda A: A.dtype,
    cast_out=False,
)
def linalg_det(A: Tensor):
    """The determinants of square matrices.

    Shape:   (..., n, n) -> (...).
    Errors:  RuntimeError unless they are square, of a floating-point or complex dtype.
    Source:  torch.linalg.det.
    """
    return determinant(A)


@detailed(
    variants="fm",
    check=lambda input: _check_det(input),
    shape=lambda input: input.shape[:-2],
    dtype=lambda input: input.dtype,
)
def det(input: Tensor):
    """`linalg.det`. Source: torch.det."""
    return determinant(input)


def _check_slogdet(A):
    require_square("linalg.slogdet", A)
    require_inexact("linalg.slogdet", A.dtype, half=False)


@detailed(variants="o", check=_check_slogdet, returns=("sign", "logabsdet"), cast_out=False)
def linalg_slogdet(A: Tensor):
    """Signs of determinants, and logarithms of their absolute values.

    Errors:  RuntimeError unless the matrices are square, of a floating-point or complex dtype.
    Source:  torch.linalg.slogdet.
    """
    return sign_and_logarithm(A)


@detailed(
    variants="fmo",
    check=lambda input: _check_slogdet(input),
    returns=("sign", "logabsdet"),
    cast_out=False,
)
def slogdet(input: Tensor):
    """`linalg.slogdet`. Source: torch.slogdet."""
    return sign_and_logarithm(input)


def _check_logdet(input):
    require_square("logdet", input)
    require_inexact("logdet", input.dtype, half=False)


def _logdet_parts(input):
    sign, magnitude = linalg_slogdet(input)
    if input.dtype.category == COMPLEX:
        return add(log(sign), magnitude)
    nothing = full((), np.nan, dtype=magnitude.dtype, device=input.device)
    return where(eq(sign, -1), nothing, magnitude)


@detailed(
    variants="fm",
    check=_check_logdet,
    parts=_logdet_parts,
    shape=lambda input: input.shape[:-2],
    dtype=lambda input: input.dtype,
)
def logdet(input: Tensor):
    """Logarithms of determinants: NaN for negative ones. Source: torch.logdet."""
    sign, magnitude = sign_and_logarithm(input)
    if jnp.iscomplexobj(input):
        return lax.complex(magnitude, jnp.angle(sign))
    return jnp.where(sign < 0, jnp.asarray(np.nan, input.dtype), magnitude)


# Inverses

_SINGULAR = (
    "The diagonal element {info} is zero, the inversion could not be completed because the input "
    "matrix is singular."
)


def _check_inv(name):
    def check(A):
        require_square(name, A)
        require_inexact(name, A.dtype, half=False)

    return check


def inverted(A):
    """The inverses, and LAPACK's info."""
    return inverse_of(A), lu(lax.stop_gradient(A))[3]


@detailed(
    variants="o",
    check=_check_inv("linalg.inv"),
    failure=failure("linalg.inv", _SINGULAR),
    gradient="LinalgInvExBackward0",
    shape=lambda A: A.shape,
    dtype=lambda A: A.dtype,
    layout=columns,
    cast_out=False,
)
def linalg_inv(A: Tensor):
    """The inverses of square matrices.

    Errors:  RuntimeError unless they are square, of a floating-point or complex dtype; LinAlgError
             for a singular one.
    Source:  torch.linalg.inv.
    """
    inverse, info = inverted(A)
    return inverse, code_of(info)


@detailed(
    variants="fmo",
    check=lambda input: _check_inv("linalg.inv")(input),
    failure=failure("linalg.inv", _SINGULAR, of="input"),
    gradient="LinalgInvExBackward0",
    shape=lambda input: input.shape,
    dtype=lambda input: input.dtype,
    layout=columns,
    cast_out=False,
)
def inverse(input: Tensor):
    """`linalg.inv`. Source: torch.inverse."""
    result, info = inverted(input)
    return result, code_of(info)


@detailed(
    variants="o",
    check=_check_inv("linalg.inv"),
    failure=failure("linalg.inv_ex", _SINGULAR),
    layout=(columns, None),
    returns=("inverse", "info"),
    cast_out=False,
)
def linalg_inv_ex(A: Tensor, *, check_errors: bool = False):
    """The inverses, and a number for each matrix: 0, or which element of U is zero.

    Source:  torch.linalg.inv_ex.
    """
    result, info = inverted(A)
    return (result, info), unless(check_errors, code_of(info))
