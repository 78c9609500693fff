"""Trigonometric and hyperbolic functions, element by element."""

import math

from jax import lax
from jax import numpy as jnp

from jtorch._ops.bits import with_sign_of
from jtorch._ops.pointwise import pointwise
from jtorch._ops.powers import inverse_root
from jtorch._ops.promotion import DEFAULT, INT_TO_FLOAT
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
    require,
)
from jtorch._ops.slopes import but, sloped
from jtorch._tensor import Tensor


def _unary(kernel, *aliases):
    return pointwise(INT_TO_FLOAT, aliases=aliases, check=refuses(kernel, FLOAT8_TYPES))


# On a branch cut the sign of a zero says on which side a complex number lies; XLA forgets it.


def _imaginary_side(result, input):
    """A complex result with the sign of the input's imaginary part in its own."""
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return result
    return lax.complex(result.real, with_sign_of(result.imag, input.imag))


def _real_side(result, input):
    """A complex result with the sign of the input's real part in its own."""
    if not jnp.issubdtype(input.dtype, jnp.complexfloating):
        return result
    return lax.complex(with_sign_of(result.real, input.real), result.imag)


@_unary("sin_vml_cpu")
def sin(input: Tensor):
    """The sine, of radians."""
    return jnp.sin(input)


@_unary("cos_vml_cpu")
def cos(input: Tensor):
    """The cosine, of radians."""
    return jnp.cos(input)


@_unary("tan_vml_cpu")
def tan(input: Tensor):
    """The tangent, of radians."""
    return jnp.tan(input)


@_unary("asin_vml_cpu", "arcsin")
def asin(input: Tensor):
    """The inverse of the sine; NaN outside [-1, 1]."""
    return _asin(input)


@sloped(lambda t, x, y: t * inverse_root(1 - x * x))
def _asin(input):
    return _imaginary_side(jnp.arcsin(input), input)


@_unary("acos_vml_cpu", "arccos")
def acos(input: Tensor):
    """The inverse of the cosine; NaN outside [-1, 1]."""
    return _acos(input)


@sloped(lambda t, x, y: -t * inverse_root(1 - x * x))
def _acos(input):
    return _imaginary_side(jnp.arccos(input), -input)


@_unary("atan_vml_cpu", "arctan")
def atan(input: Tensor):
    """The inverse of the tangent."""
    return _atan(input)


@sloped(lambda t, x, y: t / (x * x + 1))
def _atan(input):
    return _real_side(jnp.arctan(input), input)


@_unary("sinh_cpu")
def sinh(input: Tensor):
    """The hyperbolic sine."""
    return _sinh(input)


@sloped(lambda t, x, y: t * _cosh(x))
def _sinh(input):
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.sinh(input)
    # XLA takes exp(x - log 2), whose error grows with x; half of x keeps within range without it.
    less = jnp.expm1(jnp.abs(input) / 2)
    root = less + 1
    return with_sign_of((0.5 * less) * (less + 2) * (1 + 1 / (root * root)), input)


@_unary("cosh_cpu")
def cosh(input: Tensor):
    """The hyperbolic cosine."""
    return _cosh(input)


@sloped(lambda t, x, y: t * _sinh(x))
def _cosh(input):
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        return jnp.cosh(input)
    root = jnp.exp(jnp.abs(input) / 2)
    half = (0.5 * root) * root
    return half + 0.25 / half


@_unary("tanh_vml_cpu")
def tanh(input: Tensor):
    """The hyperbolic tangent."""
    return jnp.tanh(input)


@_unary("asinh_cpu", "arcsinh")
def asinh(input: Tensor):
    """The inverse of the hyperbolic sine."""
    return _asinh(input)


@sloped(lambda t, x, y: t * inverse_root(x * x + 1))
def _asinh(input):
    return _real_side(jnp.arcsinh(input), input)


def _acosh_slope(x):
    if jnp.issubdtype(x.dtype, jnp.complexfloating):
        return inverse_root(x - 1) * inverse_root(x + 1)
    return inverse_root(x * x - 1)


@_unary("acosh_cpu", "arccosh")
def acosh(input: Tensor):
    """The inverse of the hyperbolic cosine; NaN below 1."""
    return _acosh(input)


@sloped(lambda t, x, y: t * _acosh_slope(x))
def _acosh(input):
    return _imaginary_side(jnp.arccosh(input), input)


@_unary("atanh_cpu", "arctanh")
def atanh(input: Tensor):
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""
    return _atanh(input)


@sloped(lambda t, x, y: t / (1 - x * x))
def _atanh(input):
    return _imaginary_side(jnp.arctanh(input), input)


@pointwise(INT_TO_FLOAT, aliases=("arctan2",),
           check=refuses("atan2_cpu", COMPLEX_TYPES, FLOAT8_TYPES, binary=True))  # fmt: skip
def atan2(input: Tensor, other: Tensor):
    """The angle of the point (other, input), in radians."""
    return _atan2(input, other)


def _inverse_square(x, other):
    square = x * x + other * other
    return jnp.where(square == 0, 0, 1 / square)


@sloped(
    lambda t, x, other, y: t * (other * _inverse_square(x, other)),
    lambda t, x, other, y: t * (-x * _inverse_square(x, other)),
)
def _atan2(input, other):
    return jnp.arctan2(input, other)


_NO_HYPOT = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


@pointwise(DEFAULT, check=refuses("hypot_cpu", *_NO_HYPOT, binary=True))
def hypot(input: Tensor, other: Tensor):
    """sqrt(input**2 + other**2), without overflow."""
    return _hypot(input, other)


@sloped(lambda t, x, other, y: t * (x / y), lambda t, x, other, y: t * (other / y))
def _hypot(input, other):
    return jnp.hypot(input, other)


@_unary("sinc_cpu")
def sinc(input: Tensor):
    """sin(pi * input) / (pi * input), and 1 at 0."""
    return _sinc(input)


@sloped(lambda t, x, y: but(x == 0, t, _sinc_slope(x * math.pi)))
def _sinc(input):
    return jnp.sinc(input)


def _sinc_slope(x):
    return (jnp.cos(x) * x - jnp.sin(x)) / (x * x) * math.pi


def _check_angle_unit(name):
    def check(input):
        if input.dtype in COMPLEX_TYPES:
            raise RuntimeError(f"{name} is not supported for complex tensors.")
        require("mul_cpu_reduced_float", FLOAT8_TYPES, input)

    return check


@pointwise(INT_TO_FLOAT, check=_check_angle_unit("deg2rad"))
def deg2rad(input: Tensor):
    """Degrees as radians."""
    return jnp.deg2rad(input)


@pointwise(INT_TO_FLOAT, check=_check_angle_unit("rad2deg"))
def rad2deg(input: Tensor):
    """Radians as degrees."""
    return jnp.rad2deg(input)
