"""Bits, truth values and common divisors, element by element."""

import operator

from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops import division
from jtorch._ops.families import composite
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import SameOutRow, either_number, pointwise
from jtorch._ops.promotion import ALWAYS_BOOL, NO_OPMATH
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    FLOAT_TYPES,
    refuses,
)
from jtorch._tensor import Tensor

_OPERANDS = either_number(out=False)
_NOT_WHOLE = (FLOAT_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


@pointwise(NO_OPMATH, row=SameOutRow, check=refuses("bitwise_not_cpu", BAREBONES, *_NOT_WHOLE))
def bitwise_not(input: Tensor):
    """The complement of every bit; of bools, not."""
    return ~input


@composite(variants="m", name="__invert__")
def _invert(self):
    """The operator ~."""
    if self.dtype.category > _dtypes.INTEGRAL:
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return bitwise_not(self)


def _by_bits(function, input, other):
    """`function` of two integers as unsigned ones.

    XLA (jaxlib 0.10) crashes on the CPU where it fuses "and" or "or" with two conversions between
    signed integers, such as `x.int() & y.int()`.
    """
    dtype = input.dtype
    if not jnp.issubdtype(dtype, jnp.signedinteger):
        return function(input, other)
    bits = jnp.dtype(f"uint{_bits(dtype)}")
    parts = [lax.bitcast_convert_type(each, bits) for each in (input, other)]
    return lax.bitcast_convert_type(function(*parts), dtype)


def _bits(dtype):
    return 8 * dtype.itemsize


@pointwise(NO_OPMATH, operator="and", overloads=_OPERANDS,
           check=refuses("bitwise_and_cpu", *_NOT_WHOLE, binary=True))  # fmt: skip
def bitwise_and(input: Tensor | Number, other: Tensor | Number):
    """The bits that both have."""
    return _by_bits(operator.and_, input, other)


@pointwise(NO_OPMATH, operator="or", overloads=_OPERANDS,
           check=refuses("bitwise_or_cpu", *_NOT_WHOLE, binary=True))  # fmt: skip
def bitwise_or(input: Tensor | Number, other: Tensor | Number):
    """The bits that one or both have."""
    return _by_bits(operator.or_, input, other)


@pointwise(NO_OPMATH, operator="xor", overloads=_OPERANDS,
           check=refuses("bitwise_xor_cpu", *_NOT_WHOLE, binary=True))  # fmt: skip
def bitwise_xor(input: Tensor | Number, other: Tensor | Number):
    """The bits that one of both has."""
    return input ^ other


_NO_SHIFT = (BOOL_TYPES, BAREBONES, *_NOT_WHOLE)


@pointwise(NO_OPMATH, operator="lshift", overloads=_OPERANDS,
           check=refuses("lshift_cpu", *_NO_SHIFT, binary=True))  # fmt: skip
def bitwise_left_shift(input: Tensor | Number, other: Tensor | Number):
    """The bits, moved up by `other` places; 0 where that is negative or leaves none."""
    input, other = jnp.broadcast_arrays(input, other)
    inside = (other >= 0) & (other < _bits(other.dtype))
    return jnp.where(inside, lax.shift_left(input, jnp.where(inside, other, 0)), 0)


@pointwise(NO_OPMATH, operator="rshift", overloads=_OPERANDS,
           check=refuses("rshift_cpu", *_NO_SHIFT, binary=True))  # fmt: skip
def bitwise_right_shift(input: Tensor | Number, other: Tensor | Number):
    """The bits, moved down by `other` places, the sign kept; by all where that is negative."""
    input, other = jnp.broadcast_arrays(input, other)
    if jnp.issubdtype(input.dtype, jnp.signedinteger):
        last = _bits(other.dtype) - 1
        other = jnp.where((other < 0) | (other > last), last, other)
        return lax.shift_right_arithmetic(input, other)
    inside = other < _bits(other.dtype)
    return jnp.where(inside, lax.shift_right_logical(input, jnp.where(inside, other, 0)), 0)


# Truth values

_NO_TRUTH = (BAREBONES, FLOAT8_TYPES)


@pointwise(ALWAYS_BOOL, check=refuses("logical_not_cpu", *_NO_TRUTH))
def logical_not(input: Tensor):
    """Whether the element is 0."""
    return input == 0


@pointwise(ALWAYS_BOOL, check=refuses("logical_and_cpu", *_NO_TRUTH, binary=True))
def logical_and(input: Tensor, other: Tensor):
    """Whether both elements are other than 0."""
    return (input != 0) & (other != 0)


@pointwise(ALWAYS_BOOL, check=refuses("logical_or_cpu", *_NO_TRUTH, binary=True))
def logical_or(input: Tensor, other: Tensor):
    """Whether an element is other than 0."""
    return (input != 0) | (other != 0)


@pointwise(ALWAYS_BOOL, check=refuses("logical_xor_cpu", *_NO_TRUTH, binary=True))
def logical_xor(input: Tensor, other: Tensor):
    """Whether just one of the elements is other than 0."""
    return (input != 0) != (other != 0)


# Divisors and multiples


def _divisor(a, b):
    """The greatest common divisor by Euclid's way, for all elements at once."""
    a, b = jnp.broadcast_arrays(jnp.abs(a), jnp.abs(b))

    def more(state):
        return jnp.any(state[1] != 0)

    def step(state):
        a, b = state
        done = b == 0
        rest = jnp.where(done, 0, division.remainder(a, jnp.where(done, 1, b)))
        return jnp.where(done, a, b), rest

    return lax.while_loop(more, step, (a, b))[0]


@pointwise(NO_OPMATH, check=refuses("gcd_cpu", *_NO_SHIFT, binary=True))
def gcd(input: Tensor, other: Tensor):
    """The greatest common divisor, not negative; of 0 and 0 it is 0."""
    return _divisor(input, other)


@pointwise(NO_OPMATH, check=refuses("lcm_cpu", *_NO_SHIFT, binary=True))
def lcm(input: Tensor, other: Tensor):
    """The least common multiple, not negative; 0 where an element is 0."""
    if input.dtype.itemsize < 4:  # C computes in int, and the result is cut off at the end
        input, other = input.astype(jnp.int32), other.astype(jnp.int32)
    divisor = _divisor(input, other)
    input, other = jnp.broadcast_arrays(input, other)
    quotient = division.quotient(input, jnp.where(divisor == 0, 1, divisor))
    return jnp.where(divisor == 0, 0, jnp.abs(quotient * other))
