"""Signs, and the make-up of floating-point numbers, element by element."""

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING, c_name
from jtorch._meta import Meta
from jtorch._ops.bits import is_negative, mantissa_and_exponent, with_sign_of
from jtorch._ops.cast import cast_array
from jtorch._ops.detailed import detailed
from jtorch._ops.exponential import two_to_the
from jtorch._ops.families import PointwiseRow
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Index, Number
from jtorch._ops.pointwise import SameOutRow, other_number, pointwise
from jtorch._ops.promotion import (
    ALWAYS_BOOL,
    DEFAULT,
    INT_TO_FLOAT,
    NO_OPMATH,
    compute_and_result,
    result_type,
)
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    common_dtype,
    refuses,
    require,
)
from jtorch._ops.slopes import but, flat, sloped
from jtorch._tensor import Tensor

_NO_SIGN = frozenset((*BAREBONES, *FLOAT8_TYPES))


def _sign_of_real(input):
    """-1, 0 or 1; 0 for NaN."""
    if input.dtype == jnp.bool_:
        return input
    above = (input > 0).astype(input.dtype)
    if jnp.issubdtype(input.dtype, jnp.unsignedinteger):
        return above
    return above - (input < 0).astype(input.dtype)


def _check_sign(input):
    if input.dtype in COMPLEX_TYPES:
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex numbers. "
            "Please use torch.sgn instead."
        )
    require("sign_cpu", _NO_SIGN, input)


@pointwise(NO_OPMATH, row=SameOutRow, check=_check_sign)
def sign(input: Tensor):
    """-1, 0 or 1; 0 for NaN."""
    return _sign_of_real(input)


@pointwise(NO_OPMATH, row=SameOutRow, check=refuses("sign_cpu", BAREBONES, FLOAT8_TYPES))
def sgn(input: Tensor):
    """The sign; of complex numbers that of modulus 1 in their direction, and 0 of 0."""
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return _sign_of_real(input)
    return direction(input)


def _turn(t, x, y):
    """Of a step, what is across the direction of a number, over its modulus."""
    across = t - y * jnp.real(jnp.conj(y) * t)
    return but(x == 0, across, 1 / jnp.abs(x))


@sloped(_turn)
def direction(input):
    modulus = jnp.abs(input)
    zero = modulus == 0
    divisor = jnp.where(zero, 1, modulus)
    if input.dtype == np.complex128:  # part by part: an infinity leaves the other part alone
        return jnp.where(zero, 0, lax.complex(input.real / divisor, input.imag / divisor))
    return jnp.where(zero, 0, input / divisor)


class BoolOutRow(PointwiseRow):
    """torch wants `out` to be of bools, and says so in words of its own."""

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor) and target.dtype is not _dtypes.bool_:
            raise RuntimeError(f"{self.name} does not support non-boolean outputs.")
        super()._refuse_out(target, meta)


def _check_signbit(input):
    if input.dtype in COMPLEX_TYPES:
        raise NotImplementedError("signbit is not implemented for complex tensors.")
    require("signbit_cpu", FLOAT8_TYPES, input)


@pointwise(ALWAYS_BOOL, row=BoolOutRow, variants="fmo", check=_check_signbit)
def signbit(input: Tensor):
    """Whether the sign is negative, of zeros and NaN too."""
    if jnp.issubdtype(input.dtype, jnp.floating):
        return is_negative(input)
    if jnp.issubdtype(input.dtype, jnp.signedinteger):
        return input < 0
    return jnp.zeros(input.shape, bool)


@pointwise(INT_TO_FLOAT, overloads=other_number(),
           gradient=of_operand("other", "CopysignBackward0", "CopysignBackward1"),
           check=refuses("copysign_cpu", COMPLEX_TYPES, FLOAT8_TYPES, binary=True))  # fmt: skip
def copysign(input: Tensor, other: Tensor | Number):
    """The elements of `input` with the signs of `other`."""
    return _copysign(input, other)


@sloped(lambda t, x, other, y: but(x == 0, t, _with_sign(x, other) / x), None)
def _copysign(input, other):
    return with_sign_of(input, other)


@sloped(lambda t, x, other, y: but(x == 0, t, y / x), flat)
def _with_sign(input, other):
    return with_sign_of(input, other)


class HeavisideRow(PointwiseRow):
    """A row that wants `out` to be of the dtype of its operands."""

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor) and target.dtype is not meta.dtype:
            raise RuntimeError(_COMPLEX if target.dtype in COMPLEX_TYPES else _OTHER_DTYPES)
        super()._refuse_out(target, meta)


_COMPLEX = "heaviside is not yet implemented for complex tensors."
_OTHER_DTYPES = "heaviside is not yet implemented for tensors with different dtypes."


def _check_heaviside(input, values):
    if input.dtype in COMPLEX_TYPES or values.dtype in COMPLEX_TYPES:
        raise RuntimeError(_COMPLEX)
    if input.dtype is not values.dtype:
        raise RuntimeError(_OTHER_DTYPES)
    require("heaviside_cpu", _NO_SIGN, input)


@pointwise(NO_OPMATH, row=HeavisideRow, check=_check_heaviside)
def heaviside(input: Tensor, values: Tensor):
    """0 below 0, 1 above, and `values` at 0.

    Errors:  RuntimeError if the dtypes differ, or are complex.
    Source:  torch.heaviside.
    """
    return jnp.where(input == 0, values, (input > 0).astype(input.dtype))


# Not a number, infinities


@pointwise(ALWAYS_BOOL, variants="fm")
def isnan(input: Tensor):
    """Whether the element, or a part of it, is not a number."""
    return input != input


@pointwise(ALWAYS_BOOL, variants="fm", check=refuses("isinf", FLOAT8_TYPES))
def isinf(input: Tensor):
    """Whether the element, or a part of it, is infinite."""
    return jnp.isinf(input)


@pointwise(ALWAYS_BOOL, variants="fm", check=refuses("isfinite", FLOAT8_TYPES))
def isfinite(input: Tensor):
    """Whether the element is neither infinite nor NaN."""
    return jnp.isfinite(input)


def _check_infinity(name):
    def check(input):
        if input.dtype in COMPLEX_TYPES:
            raise RuntimeError(f"{name} does not support complex inputs.")
        require(f"{name}_cpu", FLOAT8_TYPES, input)

    return check


def _equals(input, value):
    if not jnp.issubdtype(input.dtype, jnp.floating):
        return jnp.zeros(input.shape, bool)
    return input == jnp.asarray(value, input.dtype)


@pointwise(ALWAYS_BOOL, row=BoolOutRow, variants="fmo", check=_check_infinity("isposinf"))
def isposinf(input: Tensor):
    """Whether the element is infinity."""
    return _equals(input, jnp.inf)


@pointwise(ALWAYS_BOOL, row=BoolOutRow, variants="fmo", check=_check_infinity("isneginf"))
def isneginf(input: Tensor):
    """Whether the element is minus infinity."""
    return _equals(input, -jnp.inf)


@pointwise(ALWAYS_BOOL, variants="fm")
def isreal(input: Tensor):
    """Whether the element has no imaginary part."""
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        return input.imag == 0
    return jnp.ones(input.shape, bool)


class NanToNumRow(PointwiseRow):
    """A row that wants `out` to be of the input's dtype, and says so in words of its own."""

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor) and target.dtype is not meta.dtype:
            raise RuntimeError(
                f"nan_to_num: dtype of out: {target.dtype.scalar_name} should be same as input: "
                f"{meta.dtype.scalar_name}"
            )
        super()._refuse_out(target, meta)


@pointwise(NO_OPMATH, row=NanToNumRow, check=refuses("nan_to_num", FLOAT8_TYPES))
def nan_to_num(
    input: Tensor,
    nan: Number | None = None,
    posinf: Number | None = None,
    neginf: Number | None = None,
):
    """The elements with NaN as `nan` (0), and infinities as `posinf` and `neginf`.

    Dtype:   that of `input`, whose largest and smallest numbers stand for infinities by default.
    Source:  torch.nan_to_num.
    """
    if not jnp.issubdtype(input.dtype, jnp.inexact):
        return input
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        parts = [_finite(part, nan, posinf, neginf) for part in (input.real, input.imag)]
        return lax.complex(*parts)
    return _finite(input, nan, posinf, neginf)


def _finite(input, nan, posinf, neginf):
    limits = jnp.finfo(input.dtype)

    def number(given, default):
        return jnp.asarray(default if given is None else given.real, input.dtype)

    return _replaced(input, number(nan, 0), number(posinf, limits.max), number(neginf, limits.min))


@sloped(lambda t, x, nan, posinf, neginf, y: t * jnp.isfinite(x), None, None, None)
def _replaced(input, nan, posinf, neginf):
    result = jnp.where(input != input, nan, input)
    result = jnp.where(input == jnp.inf, posinf, result)
    return jnp.where(input == -jnp.inf, neginf, result)


# Mantissa and exponent

_NOT_FLOAT = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


@pointwise(NO_OPMATH, check=refuses("nextafter_cpu", *_NOT_FLOAT, binary=True))
def nextafter(input: Tensor, other: Tensor):
    """The next number of the dtype after `input` in the direction of `other`."""
    return _next(input, other)


@sloped(
    lambda t, x, other, y: jnp.where(x != other, t, 0),
    None,
)
def _next(input, other):
    return jnp.nextafter(input, other)


def _check_frexp(input):
    if input.dtype.category != FLOATING:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    require("frexp_cpu", FLOAT8_TYPES, input)


def _check_frexp_out(target, meta):
    if target.dtype is meta.dtype:
        return
    if meta.dtype is _dtypes.int32:
        raise RuntimeError(
            f"torch.frexp() expects exponent to have int dtype but got {c_name(target.dtype)}"
        )
    raise RuntimeError(
        f"torch.frexp() expects mantissa to have dtype {c_name(meta.dtype)} but got "
        f"{c_name(target.dtype)}"
    )


@detailed(
    returns=("mantissa", "exponent"),
    variants="fmo",
    check=_check_frexp,
    out_check=_check_frexp_out,
)
def frexp(input: Tensor):
    """Mantissas in [0.5, 1) and exponents of two: input = mantissa * 2**exponent.

    Dtype:   that of `input`, and int32.
    Errors:  RuntimeError unless the dtype is a floating-point one.
    Source:  torch.frexp.
    """
    wide = input.astype(jnp.float32) if input.dtype.itemsize < 4 else input
    mantissa, exponent = mantissa_and_exponent(wide)
    return mantissa.astype(input.dtype), exponent.astype(jnp.int32)


def _as_int32(exponent):
    """Exponents of whatever integer dtype, kept where they differ in effect."""
    if exponent.dtype == jnp.bool_:
        return exponent.astype(jnp.int32)
    info = jnp.iinfo(exponent.dtype)
    return jnp.clip(exponent, max(info.min, -2000), min(info.max, 2000)).astype(jnp.int32)


class LdexpRow(PointwiseRow):
    """torch multiplies by `2.0 ** other`, whose dtype is found without regard to `input`."""

    def _dtypes(self, values, arguments):
        input, other = values
        power = Meta(other.shape, common_dtype(other, 2.0))
        return compute_and_result(DEFAULT, result_type([input._meta, power]))

    def call_in_place(self, args, kwargs):
        entry = self.entry(args, kwargs)
        self._refuse_cast(entry.meta, args[0].dtype)
        return super().call_in_place(args, kwargs)

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor):
            self._refuse_cast(meta, target.dtype)
        super()._refuse_out(target, meta)

    def _refuse_cast(self, meta, dtype):
        if not _dtypes.can_cast(meta.dtype, dtype):
            raise RuntimeError(
                f"ldexp can't be cast to the desired output type {dtype.scalar_name}"
            )


def _check_ldexp(other):
    require("pow", FLOAT8_TYPES, other)


@pointwise(DEFAULT, row=LdexpRow, check=_check_ldexp)
def ldexp(input: Tensor, other: Index):
    """input * 2**other.

    Dtype:   that of `input` promoted with that of `2.0 ** other`.
    Source:  torch.ldexp.
    """
    if jnp.issubdtype(other.dtype, jnp.inexact):
        wide = jnp.float32 if other.dtype.itemsize < 4 else other.dtype
        power = two_to_the(other.astype(wide)).astype(other.dtype)
    else:
        one = jnp.ones((), _dtypes.get_default_dtype().numpy)
        power = jnp.ldexp(one, _as_int32(other))
    return input * cast_array(power, input.dtype)
