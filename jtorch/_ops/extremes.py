"""The larger and the smaller of two, and limits; element by element."""

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Number
from jtorch._ops.pointwise import SameOutByNumberRow, other_number, pointwise
from jtorch._ops.promotion import DEFAULT
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    check_fits,
    common_dtype,
    require,
    unsupported,
)
from jtorch._ops.slopes import flat, sloped
from jtorch._tensor import Tensor

_UNORDERED = frozenset((*BAREBONES, *FLOAT8_TYPES))


# XLA's own maximum and minimum lose NaN on the CPU from 4096 elements on, so comparisons choose.


def _shared(t, lost, tie):
    """A step of one of two: nothing where it has lost, and half at a tie."""
    return jnp.where(lost, 0, jnp.where(tie, t / 2, t))


@sloped(
    lambda t, a, b, y: _shared(t, a < b, a == b),
    lambda t, a, b, y: _shared(t, b < a, a == b),
)
def _larger(a, b):
    """NaN where either is."""
    return jnp.where((a >= b) | (a != a), a, b)


@sloped(
    lambda t, a, b, y: _shared(t, a > b, a == b),
    lambda t, a, b, y: _shared(t, b > a, a == b),
)
def _smaller(a, b):
    return jnp.where((a <= b) | (a != a), a, b)


def _check_order(name, kernel=None):
    kernel = kernel or f"{name}_cpu"

    def check(input, other):
        common = common_dtype(input, other)
        if common in COMPLEX_TYPES:
            raise RuntimeError(f"{name} not implemented for complex tensors.")
        require(kernel if common in BAREBONES else f"{name}_cpu", _UNORDERED, input, other)

    return check


@pointwise(DEFAULT, variants="fmo", check=_check_order("maximum"))
def maximum(input: Tensor, other: Tensor):
    """The larger element; NaN where either is.

    Errors:  RuntimeError for complex tensors.
    Source:  torch.maximum.
    """
    return _larger(input, other)


@pointwise(DEFAULT, variants="fmo", check=_check_order("minimum"))
def minimum(input: Tensor, other: Tensor):
    """The smaller element; NaN where either is.

    Errors:  RuntimeError for complex tensors.
    Source:  torch.minimum.
    """
    return _smaller(input, other)


@pointwise(DEFAULT, variants="fmo", check=_check_order("fmax", "maximum_cpu"))
def fmax(input: Tensor, other: Tensor):
    """The larger element; NaN only where both are."""
    return _chosen(input, other, (input >= other) | (other != other))


@pointwise(DEFAULT, variants="fmo", check=_check_order("fmin", "minimum_cpu"))
def fmin(input: Tensor, other: Tensor):
    """The smaller element; NaN only where both are."""
    return _chosen(input, other, (input <= other) | (other != other))


def _chosen(first, second, choice):
    return jnp.where(choice, first, second)


# Limits

_NO_COMPLEX = "clamp is not supported for complex types"


def _clamp_kernel(min, max):
    """The name of torch's kernel for these bounds."""
    by_tensor = isinstance(max if min is None else min, Tensor)
    if min is None:
        return "minimum_cpu" if by_tensor else "clamp_max_scalar_cpu"
    if max is None:
        return "maximum_cpu" if by_tensor else "clamp_min_scalar_cpu"
    return "clamp_cpu" if by_tensor else "clamp_scalar_cpu"


def _check_clamp(input, min, max):
    given = [each for each in (min, max) if each is not None]
    if not given:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if any(isinstance(each, Tensor) and each.ndim for each in given):
        wrong = next((each for each in given if not isinstance(each, Tensor)), None)
        if wrong is not None:
            raise TypeError("clamp takes two tensors or two numbers")
    _check_bounds(input, min, max)


def _check_bounds(input, min, max):
    given = [each for each in (min, max) if each is not None]
    common = common_dtype(input, *given)
    if common in COMPLEX_TYPES:
        raise NotImplementedError(_NO_COMPLEX)
    kernel = _clamp_kernel(min, max)
    if common in _UNORDERED or ("scalar" in kernel and common is _dtypes.bool_):
        raise unsupported(kernel, common)


def _bounds_fit(input, **bounds):
    for bound in bounds.values():
        if bound is None or isinstance(bound, (Tensor, complex)) or -100 <= bound <= 100:
            continue
        given = [each for each in bounds.values() if each is not None]
        check_fits(bound, common_dtype(input, *given))


def _clamped(input, lower, upper):
    if lower is None:
        return _at_most(input, upper)
    return _at_least(input, lower) if upper is None else _between(input, lower, upper)


# A bound that is met, but not passed, takes no part of a step.


@sloped(
    lambda t, x, lower, y: jnp.where(x >= lower, t, 0),
    lambda t, x, lower, y: jnp.where(x < lower, t, 0),
)
def _at_least(input, lower):
    return _larger(input, lower)


@sloped(
    lambda t, x, upper, y: jnp.where(x <= upper, t, 0),
    lambda t, x, upper, y: jnp.where(x > upper, t, 0),
)
def _at_most(input, upper):
    return _smaller(input, upper)


@sloped(
    lambda t, x, lower, upper, y: jnp.where((x >= lower) & (x <= upper), t, 0),
    lambda t, x, lower, upper, y: jnp.where((x < lower) & (lower < upper), t, 0),
    lambda t, x, lower, upper, y: jnp.where((x > upper) | (upper < lower), t, 0),
)
def _between(input, lower, upper):
    return _smaller(_larger(input, lower), upper)


def _clamp_bounds_fit(input, min, max):
    if any(isinstance(each, complex) for each in (min, max)):
        raise RuntimeError("value cannot be converted to type double without overflow")
    _bounds_fit(input, min=min, max=max)


class ClampRow(SameOutByNumberRow):
    """In place, bounds of a higher category are refused in words of their own."""

    def call_in_place(self, args, kwargs):
        values = self.bind(args, kwargs, suffix="_")
        bounds = [each for each in values[1:] if each is not None]
        if isinstance(values[0], Tensor) and not any(isinstance(each, Tensor) for each in bounds):
            result, target = self.find(values)[0].result_dtype, values[0].dtype
            if not _dtypes.can_cast(result, target):
                raise RuntimeError(
                    f"result type {result.scalar_name} can't be cast to the desired output type "
                    f"{_dtypes.c_name(target)}"
                )
        return super().call_in_place(args, kwargs)


_CLAMP = (
    "(Tensor input, Tensor? min = None, Tensor? max = None, *, Tensor? out = None)",
    "(Tensor input, Number? min = None, Number? max = None, *, Tensor? out = None)",
)


def _name_of_clamp(args, kwargs):
    bounds = (*args[1:], kwargs.get("min"), kwargs.get("max"))
    by_tensor = any(isinstance(each, Tensor) for each in bounds)
    return "ClampBackward0" if by_tensor else "ClampBackward1"


@pointwise(DEFAULT, row=ClampRow, aliases=("clip",), check=_check_clamp, numbers=_clamp_bounds_fit,
           gradient=_name_of_clamp,
           overloads=_CLAMP)  # fmt: skip
def clamp(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None):
    """The elements, those below `min` raised to it and then those above `max` lowered to that.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype, of the bounds too.
    Errors:  RuntimeError without bounds, or if a Python bound does not fit the dtype;
             NotImplementedError for complex tensors.
    Source:  torch.clamp.
    """
    return _clamped(input, min, max)


def _check_clamp_min(input, min):
    if not isinstance(min, Tensor):
        _check_bounds(input, min, None)
    require("maximum_cpu", _UNORDERED.union(COMPLEX_TYPES), input, min)


def _check_clamp_max(input, max):
    if not isinstance(max, Tensor):
        _check_bounds(input, None, max)
    require("minimum_cpu", _UNORDERED.union(COMPLEX_TYPES), input, max)


def _min_fits(input, min):
    _bounds_fit(input, min=min)


def _max_fits(input, max):
    _bounds_fit(input, max=max)


@pointwise(DEFAULT, row=SameOutByNumberRow, check=_check_clamp_min, numbers=_min_fits,
           overloads=other_number("min"),
           gradient=of_operand("min", "ClampMinBackward1", "ClampMinBackward0"))  # fmt: skip
def clamp_min(input: Tensor, min: Tensor | Number):
    """The elements, those below `min` raised to it."""
    return _at_least(input, min)


@pointwise(DEFAULT, row=SameOutByNumberRow, check=_check_clamp_max, numbers=_max_fits,
           overloads=other_number("max"),
           gradient=of_operand("max", "ClampMaxBackward1", "ClampMaxBackward0"))  # fmt: skip
def clamp_max(input: Tensor, max: Tensor | Number):
    """The elements, those above `max` lowered to it."""
    return _at_most(input, max)


def _check_relu(input):
    if input.dtype in BOOL_TYPES:
        raise RuntimeError("Boolean inputs not supported for relu")
    _check_bounds(input, 0, None)


@sloped(flat)
def _step(x):
    """1, but 0 for what a rectifier holds back; NaN is not."""
    return 1 - (x <= 0).astype(x.dtype)


@pointwise(DEFAULT, variants="fmi", check=_check_relu)
def relu(input: Tensor):
    """The elements, and 0 for those below it.

    Errors:  RuntimeError for bool.
    Source:  torch.relu.
    """
    return _rectified(input)


@sloped(lambda t, x, y: t * _step(x))
def _rectified(input):
    return jnp.where(input < 0, jnp.zeros((), input.dtype), input)  # -0.0 stays
