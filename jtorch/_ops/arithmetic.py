"""Sums, differences, products, quotients and remainders, element by element."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import INTEGRAL
from jtorch._ops import division
from jtorch._ops.bits import with_sign_of
from jtorch._ops.families import PointwiseRow, composite
from jtorch._ops.names import missing, of_operand
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import (
    SameOutRow,
    ScaledRow,
    either_number,
    is_operand,
    other_number,
    pointwise,
    reflected,
)
from jtorch._ops.promotion import COMPLEX_TO_FLOAT, DEFAULT, INT_TO_FLOAT, NO_OPMATH
from jtorch._ops.rebase import refuse_in_place
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    check_alpha,
    no_bool_subtraction,
    refuses,
    require,
)
from jtorch._ops.signs import direction
from jtorch._ops.slopes import flat, sign_of, sloped
from jtorch._tensor import Tensor

_NO_SUM = frozenset((*BAREBONES, *FLOAT8_TYPES))
_NO_QUOTIENT = (BOOL_TYPES, BAREBONES, COMPLEX_TYPES, FLOAT8_TYPES)


def _check_add(input, other, alpha):
    check_alpha(alpha, input, other)
    require("add_stub", _NO_SUM, input, other)


def _check_sub(input, other, alpha):
    no_bool_subtraction(input, other)
    _check_add(input, other, alpha)


def _times(value, alpha):
    """`value * alpha`, where an `alpha` of 1 is a Python number and costs nothing.

    But to torch a complex 1 is 1+0j, and 0 times infinity is NaN.
    """
    if not isinstance(alpha, int):
        return value * alpha
    if not jnp.issubdtype(value.dtype, jnp.complexfloating):
        return value
    return lax.complex(value.real - 0 * value.imag, value.imag + 0 * value.real)


@pointwise(DEFAULT, row=ScaledRow, operator="add", check=_check_add)
def add(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1):
    """input + alpha * other.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype; `alpha` has to fit it.
    Errors:  RuntimeError if `alpha` is of a higher category than the result.
    Source:  torch.add.
    """
    return input + _times(other, alpha)


reflected(add, "__radd__")


@pointwise(DEFAULT, row=ScaledRow, operator="sub", aliases=("subtract",), check=_check_sub)
def sub(input: Tensor | Number, other: Tensor | Number, *, alpha: Number = 1):
    """input - alpha * other.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype; `alpha` has to fit it.
    Errors:  RuntimeError for bool operands, or if `alpha` is of a higher category than the result.
    Source:  torch.sub.
    """
    return input - _times(other, alpha)


@pointwise(DEFAULT, variants="f", check=_check_sub,
           gradient=of_operand("other", "RsubBackward0", "RsubBackward1"), overloads=(
    "(Tensor input, Tensor other, *, Number alpha = 1)",
    "(Tensor input, Number other, Number alpha = 1)",
))  # fmt: skip
def rsub(input: Tensor, other: Tensor | Number, *, alpha: Number = 1):
    """other - alpha * input."""
    return other - _times(input, alpha)


reflected(rsub, "__rsub__", is_descriptor=False)


def _check_mul(input, other):
    if not isinstance(other, Tensor):
        require("mul_cpu_reduced_float", FLOAT8_TYPES, input, other)


@pointwise(DEFAULT, operator="mul", aliases=("multiply",), unrounded=("other",), check=_check_mul)
def mul(input: Tensor | Number, other: Tensor | Number):
    """input * other."""
    if input.dtype.itemsize == 1 and jnp.issubdtype(input.dtype, jnp.floating):
        return input.astype(jnp.float32) * other.astype(jnp.float32)
    return input * other


reflected(mul, "__rmul__")


# Division


def _zero_division(code):
    return RuntimeError("ZeroDivisionError")


def _is_integral(dtype):
    return dtype.category == INTEGRAL


def _no_zero(input, other):
    """A Python zero as an integer's divisor is refused on the spot, a tensor's when it is run."""
    if isinstance(other, Tensor) or other != 0 or not isinstance(input, Tensor):
        return
    if input.dtype.category <= INTEGRAL and isinstance(other, int) and input.numel():
        raise _zero_division(None)


def _divisor(input, other):
    """(a divisor with 1 for 0, the code of an error if there was a 0)."""
    zero = other == 0
    used = input.size > 0 and other.size > 0
    code = jnp.any(zero).astype(jnp.int32) if used else jnp.zeros((), jnp.int32)
    return jnp.where(zero, jnp.ones((), other.dtype), other), code


def _quotient_of_integers(input, other, rounding_mode):
    other, code = _divisor(input, other)
    input, other = jnp.broadcast_arrays(input, other)
    quotient = division.quotient(input, other)
    if rounding_mode == "floor" and jnp.issubdtype(input.dtype, jnp.signedinteger):
        rest = input - quotient * other
        below = (rest != 0) & ((rest < 0) != (other < 0))
        quotient = quotient - below.astype(quotient.dtype)
    return quotient, code


def _floor_of_floats(input, other):
    """The floor of the exact quotient, as torch finds it: from the remainder, not by rounding."""
    input, other = jnp.broadcast_arrays(input, other)
    rest = lax.rem(input, other)
    quotient = (input - rest) / other
    quotient = jnp.where((rest != 0) & ((other < 0) != (rest < 0)), quotient - 1, quotient)
    floor = jnp.floor(quotient)
    floor = jnp.where(quotient - floor > 0.5, floor + 1, floor)
    ratio = input / other
    zero = with_sign_of(jnp.zeros((), input.dtype), ratio)
    return jnp.where(other == 0, ratio, jnp.where(quotient != 0, floor, zero))


def _rounded_quotient(input, other, rounding_mode):
    if jnp.issubdtype(input.dtype, jnp.integer):
        return _quotient_of_integers(input, other, rounding_mode)
    if rounding_mode == "floor":
        return lax.stop_gradient(_floor_of_floats(input, other))
    return lax.stop_gradient(jnp.trunc(input / other))


class DivRow(PointwiseRow):
    """The dtype rule depends on the rounding mode: a true quotient of integers is a float."""

    def _dtypes(self, values, arguments):
        self.promotion = INT_TO_FLOAT if arguments["rounding_mode"] is None else DEFAULT
        return super()._dtypes(values, arguments)


_no_quotient = frozenset(dtype for group in _NO_QUOTIENT for dtype in group)


def _check_div(input, other, rounding_mode):
    if rounding_mode is None:
        require("div_cpu", FLOAT8_TYPES, input, other)
    elif not isinstance(rounding_mode, str):
        raise TypeError("rounding_mode is a text")
    elif rounding_mode in ("floor", "trunc"):
        require(f"div_{rounding_mode}_cpu", _no_quotient, input, other)
    else:
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )


def _no_zero_if_rounded(input, other, rounding_mode):
    if rounding_mode is not None:
        _no_zero(input, other)


@composite(variants="m", name="__rtruediv__", aliases=("__rdiv__",))
def _reflected_div(self, other):
    """other / self, computed as torch does: by the reciprocal."""
    if isinstance(other, np.ndarray):
        return self.reciprocal() * other  # which numpy does
    return mul(self.reciprocal(), other) if is_operand(other) else NotImplemented


def _name_of_div(args, kwargs):
    return "DivBackward2" if "rounding_mode" in kwargs else "DivBackward0"


_DIV = (
    "(Tensor input, Tensor other, *, Tensor? out = None)",
    "(Tensor input, Tensor other, *, str? rounding_mode, Tensor? out = None)",
    "(Tensor input, Number other, *, str? rounding_mode)",
)
_NO_NUMBER_OUT = (_DIV[0], "(Tensor input, Number other)")


@pointwise(DEFAULT, row=DivRow, unrounded=("other",), operator="truediv", aliases=("divide",),
           check=_check_div, overloads=_DIV, gradient=_name_of_div, numbers=_no_zero_if_rounded,
           error=_zero_division, error_if=_is_integral)  # fmt: skip
def div(input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None):
    """input / other, the quotient rounded by `rounding_mode` if there is one.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype; integers and bool become the default dtype if nothing is rounded.
    Errors:  RuntimeError for an unknown `rounding_mode`; RuntimeError "ZeroDivisionError" where an
             integer is divided by zero and the quotient is rounded.
    Source:  torch.div.
    """
    if rounding_mode is None:
        return _quotient(input, other)
    return _rounded_quotient(input, other, rounding_mode)


def _quotient(input, other):
    """input / other. XLA multiplies by the reciprocal of a single divisor; on the CPU it may not.

    A float32 quotient is rounded from a float64 one, which is exact enough to round as torch does.
    """
    if np.size(other) != 1 or np.size(input) == 1 or input.dtype not in (np.float32, np.float64):
        return input / other

    def exact(input, other):
        if input.dtype == np.float32:
            return (input.astype(np.float64) / other.astype(np.float64)).astype(np.float32)
        return input / lax.optimization_barrier(jnp.broadcast_to(other, input.shape))

    return lax.platform_dependent(input, other, cpu=exact, default=lambda a, b: a / b)


@pointwise(INT_TO_FLOAT, overloads=_NO_NUMBER_OUT, unrounded=("other",),
           check=refuses("div_cpu", FLOAT8_TYPES, binary=True))  # fmt: skip
def true_divide(input: Tensor | Number, other: Tensor | Number):
    """input / other."""
    return input / other


@pointwise(DEFAULT, operator="floordiv", overloads=_NO_NUMBER_OUT, unrounded=("other",),
           check=refuses("div_floor_cpu", *_NO_QUOTIENT, binary=True), numbers=_no_zero,
           error=_zero_division, error_if=_is_integral)  # fmt: skip
def floor_divide(input: Tensor | Number, other: Tensor | Number):
    """input / other, rounded down.

    Errors:  RuntimeError "ZeroDivisionError" where an integer is divided by zero.
    Source:  torch.floor_divide.
    """
    return _rounded_quotient(input, other, "floor")


@pointwise(DEFAULT, operator="mod", overloads=either_number(out=False),
           check=refuses("remainder_cpu", *_NO_QUOTIENT, binary=True), numbers=_no_zero,
           gradient=of_operand(
               "other", "RemainderBackward1", "RemainderBackward0", missing("remainder")
           ),
           error=_zero_division, error_if=_is_integral)  # fmt: skip
def remainder(input: Tensor | Number, other: Tensor | Number):
    """The rest of the division rounded down; it has the sign of `other`.

    Errors:  RuntimeError "ZeroDivisionError" where an integer is divided by zero.
    Source:  torch.remainder.
    """
    integral = jnp.issubdtype(input.dtype, jnp.integer)
    if integral:
        other, code = _divisor(input, other)
    input, other = jnp.broadcast_arrays(input, other)
    rest = _rest(input, other)
    return (rest, code) if integral else rest


@sloped(flat, flat)
def _stepped(input, other):
    return _floor_of_floats(input, other)


@sloped(flat, flat)
def _truncated(input, other):
    return jnp.trunc(input / other)


@sloped(lambda t, x, other, y: t, lambda t, x, other, y: -t * _stepped(x, other))
def _rest(input, other):
    rest = division.remainder(input, other)
    if jnp.issubdtype(input.dtype, jnp.unsignedinteger):
        return rest
    return jnp.where((rest != 0) & ((rest < 0) != (other < 0)), rest + other, rest)


@pointwise(DEFAULT, overloads=other_number(), numbers=_no_zero,
           gradient=of_operand("other", "FmodBackward1", "FmodBackward0"),
           check=refuses("fmod_cpu", *_NO_QUOTIENT, binary=True), error=_zero_division,
           error_if=_is_integral)  # fmt: skip
def fmod(input: Tensor, other: Tensor | Number):
    """The rest of the division rounded to zero; it has the sign of `input`.

    Errors:  RuntimeError "ZeroDivisionError" where an integer is divided by zero.
    Source:  torch.fmod.
    """
    if not jnp.issubdtype(input.dtype, jnp.integer):
        return _rest_to_zero(*jnp.broadcast_arrays(input, other))
    other, code = _divisor(input, other)
    return division.remainder(*jnp.broadcast_arrays(input, other)), code


@sloped(lambda t, x, other, y: t, lambda t, x, other, y: -t * _truncated(x, other))
def _rest_to_zero(input, other):
    return lax.rem(input, other)


@pointwise(INT_TO_FLOAT, check=refuses("reciprocal_cpu", FLOAT8_TYPES))
def reciprocal(input: Tensor):
    """1 / input."""
    return 1 / input


# Signs


def _check_neg(input):
    if input.dtype is _dtypes.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    require("neg_cpu", _NO_SUM, input)


@pointwise(NO_OPMATH, row=SameOutRow, operator="neg", aliases=("negative",), check=_check_neg)
def neg(input: Tensor):
    """-input.

    Errors:  RuntimeError for bool.
    Source:  torch.neg.
    """
    return -input


@composite(operator="pos")
def positive(input: Tensor):
    """The tensor itself.

    Errors:  RuntimeError for bool.
    Source:  torch.positive.
    """
    if input.dtype is _dtypes.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


class AbsRow(SameOutRow):
    """In place, a complex tensor cannot become real; into `out` its moduli are cast."""

    def _into(self, out, entry, inputs):
        if entry.kernel.inputs[0].dtype.kind == "c":
            return PointwiseRow._into(self, out, entry, inputs)
        return super()._into(out, entry, inputs)

    def call_in_place(self, args, kwargs):
        if args and isinstance(args[0], Tensor) and args[0].is_complex():
            refuse_in_place(args[0])
            raise RuntimeError("In-place abs is not supported for complex tensors.")
        return super().call_in_place(args, kwargs)


@pointwise(COMPLEX_TO_FLOAT, row=AbsRow, operator="abs", aliases=("absolute",),
           check=refuses("abs_cpu", BOOL_TYPES, BAREBONES))  # fmt: skip
def abs(input: Tensor):
    """The absolute value; of complex numbers the modulus, which is real."""
    return _modulus(input)


def _along(t, x, y):
    """The step along the direction of a number; at 0 there is none."""
    if not jnp.issubdtype(x.dtype, jnp.complexfloating):
        return t * sign_of(x)
    return jnp.real(jnp.conj(direction(x)) * t)


@sloped(_along)
def _modulus(input):
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.abs(input)
    infinite = jnp.isinf(input.real) | jnp.isinf(input.imag)  # with NaN as the other part, too
    return jnp.where(infinite, jnp.inf, jnp.abs(input))
