"""Powers and roots, element by element."""

from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, INTEGRAL
from jtorch._ops.bits import with_sign_of
from jtorch._ops.families import PointwiseRow
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import either_number, pointwise
from jtorch._ops.promotion import BOOL_TO_LONG, DEFAULT, INT_TO_FLOAT
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    FLOAT8_TYPES,
    check_fits,
    common_dtype,
    dtype_of,
    refuses,
    require,
)
from jtorch._ops.slopes import but, flat, sloped
from jtorch._tensor import Tensor

_NO_POWER = frozenset((*BOOL_TYPES, *BAREBONES, *FLOAT8_TYPES))


# Whole powers: each gives its derivative by the one before, as torch does, down to one that is 0 and
# yet a derivative, so that a program may ask for it.


@sloped(flat)
def _zeroth(base):
    return jnp.ones_like(base)


@sloped(lambda t, x, y: t * _zeroth(x))
def _first(base):
    return +base


@sloped(lambda t, x, y: t * (2 * _first(x)))
def _second(base):
    return base * base


@sloped(lambda t, x, y: t * (3 * _second(x)))
def _third(base):
    return base * base * base


# Exponents that have a formula of their own; it is torch's, where it matters what is rounded.
_FORMULAS = {0: jnp.ones_like, 1: _first, 2: _second, 3: _third}
_FRACTIONS = {
    0.5: lambda base: _square_root(base),
    -0.5: lambda base: 1 / _square_root(base),
    -1: lambda base: 1 / base,
    -2: lambda base: 1 / (base * base),
}


_NAME = of_operand("exponent", "PowBackward1", "PowBackward0", "PowBackward2")


def _check_pow(input, exponent):
    trivial = exponent.__class__ in (int, float, bool) and exponent in (0, 1)
    if not trivial and not (input.__class__ in (int, float) and input == 1):
        require("pow", _NO_POWER, input, exponent)


def _check_exponent(input, exponent):
    """torch refuses a negative Python exponent of integers, and one that the dtype cannot hold."""
    if not isinstance(exponent, int) or -1 < exponent < 128 or not isinstance(input, Tensor):
        return
    if input.dtype.category > INTEGRAL:
        return
    if exponent < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    check_fits(exponent, common_dtype(input, exponent))


@pointwise(DEFAULT, operator="pow", check=_check_pow, numbers=_check_exponent,
           overloads=either_number("exponent"), gradient=_NAME,
           literals={"exponent": (*_FORMULAS, *_FRACTIONS)})  # fmt: skip
def pow(input: Tensor | Number, exponent: Tensor | Number):
    """input to the power of exponent.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype.
    Errors:  RuntimeError for a Python exponent below 0 where the base is of integers.
    Source:  torch.pow.
    """
    integral = not jnp.issubdtype(input.dtype, jnp.inexact)
    if isinstance(exponent, (int, float)):
        formula = _FORMULAS.get(exponent) or (None if integral else _FRACTIONS.get(exponent))
        return formula(input)
    if integral:
        return _integer_power(input, exponent)
    return _power(input, exponent)


def _by_base(t, x, exponent, y):
    return but(exponent == 0, t, exponent * _power(x, exponent - 1))


def _by_exponent(t, x, exponent, y):
    """torch takes the logarithm of no zero, where the exponent leaves one."""
    if jnp.issubdtype(exponent.dtype, jnp.complexfloating):
        flat = (x == 0) & (exponent.imag == 0) & (exponent.real >= 0)
    else:
        flat = (x == 0) & (exponent >= 0)
    return but(flat, t, y * jnp.log(x))


@sloped(_by_base, _by_exponent)
def _power(input, exponent):
    return jnp.power(input, exponent)


def _integer_power(base, exponent):
    """By squaring; below an exponent of 0 only 1 and -1 leave anything."""
    base, exponent = jnp.broadcast_arrays(base, exponent)
    one = jnp.ones_like(base)
    if base.dtype == jnp.bool_:
        return base | ~exponent

    def more(state):
        return jnp.any(state[2] > 0)

    def step(state):
        product, square, rest = state
        product = jnp.where(rest & 1 == 1, product * square, product)
        return product, square * square, rest >> 1

    power = lax.while_loop(more, step, (one, base, exponent))[0]
    if jnp.issubdtype(base.dtype, jnp.unsignedinteger):
        return power
    sign = jnp.where(exponent & 1 == 1, -one, one)
    small = jnp.where(base == 1, one, jnp.where(base == -1, sign, 0))
    return jnp.where(exponent < 0, small, power)


def _wide_dtype(*operands):
    kinds = [dtype_of(each).category for each in operands]
    return _dtypes.complex128 if COMPLEX in kinds else _dtypes.float64


class FloatPowerRow(PointwiseRow):
    """Everything is computed, and given, in double precision; in-place and out must have it."""

    def _dtypes(self, values, arguments):
        wide = _wide_dtype(*values[:2])
        return wide, wide

    def call_in_place(self, args, kwargs):
        entry = self.entry(args, kwargs)
        self._want(args[0].dtype, entry.meta.dtype, "the base given to float_power_")
        return super().call_in_place(args, kwargs)

    def _refuse_out(self, target, meta):
        self._want(target.dtype, meta.dtype, "the output given to float_power")
        super()._refuse_out(target, meta)

    def _want(self, given, wanted, what):
        if given is not wanted:
            raise RuntimeError(
                f"{what} has dtype {given.scalar_name} but the operation's result requires dtype "
                f"{wanted.scalar_name}"
            )


def _float_power_parts(input, exponent):
    dtype = _wide_dtype(input, exponent)
    return pow(*[
        each.to(dtype) if isinstance(each, Tensor) else each for each in (input, exponent)
    ])  # fmt: skip


@pointwise(DEFAULT, row=FloatPowerRow, overloads=either_number("exponent"),
           parts=_float_power_parts,
           literals={"exponent": (*_FORMULAS, *_FRACTIONS)})  # fmt: skip
def float_power(input: Tensor | Number, exponent: Tensor | Number):
    """input to the power of exponent, in double precision.

    Errors:  RuntimeError if the output, or in place the tensor itself, is not of that precision.
    Source:  torch.float_power.
    """
    return _body_of_pow(input, exponent)


_body_of_pow = pow.row.body


@pointwise(BOOL_TO_LONG, check=refuses("pow", BAREBONES, FLOAT8_TYPES))
def square(input: Tensor):
    """input * input."""
    return _second(input)


@pointwise(INT_TO_FLOAT, check=refuses("sqrt_vml_cpu", FLOAT8_TYPES))
def sqrt(input: Tensor):
    """The square root; NaN below 0."""
    return _square_root(input)


@sloped(lambda t, x, y: t / (2 * y))
def _square_root(input):
    root = jnp.sqrt(input)
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return root
    return lax.complex(root.real, with_sign_of(root.imag, input.imag))  # XLA forgets a -0 there


@pointwise(INT_TO_FLOAT, check=refuses("rsqrt_cpu", FLOAT8_TYPES))
def rsqrt(input: Tensor):
    """1 / sqrt(input)."""
    return inverse_root(input)


@sloped(lambda t, x, y: -0.5 * t * (y * y * y))
def inverse_root(input):
    """1 / sqrt(input)."""
    return 1 / _square_root(input)
