"""Comparisons: element by element, and of whole tensors."""

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.families import composite, op
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Number, type_name
from jtorch._ops.pointwise import GuardedRow, other_number, pointwise
from jtorch._ops.promotion import ALWAYS_BOOL
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    common_dtype,
    refuses,
    unsupported,
)
from jtorch._tensor import Tensor


def _comparison(operator, *aliases, refused=()):
    return pointwise(
        ALWAYS_BOOL, operator=operator, aliases=aliases, overloads=other_number(),
        gradient=of_operand(
            "other", f"{operator.title()}Backward1", f"{operator.title()}Backward0"
        ),
        check=refuses(f"{operator}_cpu", *refused, binary=True),
    )  # fmt: skip


_UNORDERED = (BAREBONES, COMPLEX_TYPES, FLOAT8_TYPES)


@_comparison("eq")
def eq(input: Tensor, other: Tensor | Number):
    """Whether the elements are equal."""
    return input == other


@_comparison("ne", "not_equal")
def ne(input: Tensor, other: Tensor | Number):
    """Whether the elements differ."""
    return input != other


@_comparison("lt", "less", refused=_UNORDERED)
def lt(input: Tensor, other: Tensor | Number):
    """Whether the element is less than that of `other`."""
    return input < other


@_comparison("le", "less_equal", refused=_UNORDERED)
def le(input: Tensor, other: Tensor | Number):
    """Whether the element is at most that of `other`."""
    return input <= other


@_comparison("gt", "greater", refused=_UNORDERED)
def gt(input: Tensor, other: Tensor | Number):
    """Whether the element is greater than that of `other`."""
    return input > other


@_comparison("ge", "greater_equal", refused=_UNORDERED)
def ge(input: Tensor, other: Tensor | Number):
    """Whether the element is at least that of `other`."""
    return input >= other


# Closeness


def _check_close(input, other):
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{input.dtype.scalar_name} did not match {other.dtype.scalar_name}")


def _tolerances_are_valid(input, other, rtol, atol):
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not isinstance(value, Tensor) and value < 0:
            raise RuntimeError(
                f"{name} must be greater than or equal to zero, but got {_as_cpp(value)}"
            )
    # Without tolerances torch is content with whether they are equal.
    if input.dtype in FLOAT8_TYPES and input.dtype is other.dtype and not rtol == atol == 0:
        raise unsupported("mul_cpu_reduced_float", input.dtype)


def _as_cpp(value):
    """A number as C++ streams write it."""
    return f"{value:g}"


@pointwise(ALWAYS_BOOL, variants="fm", check=_check_close, numbers=_tolerances_are_valid,
           raw_numbers=True, row=GuardedRow)  # fmt: skip
def isclose(
    input: Tensor,
    other: Tensor,
    rtol: Number = 1e-05,
    atol: Number = 1e-08,
    equal_nan: bool = False,
):
    """Whether abs(input - other) <= atol + rtol * abs(other), or both are the same infinity.

    Dtype:   bool.
    Errors:  RuntimeError if the dtypes differ, or a tolerance is negative.
    Source:  torch.isclose.
    """
    close = input == other
    if equal_nan:
        close = close | ((input != input) & (other != other))
    if not jnp.issubdtype(input.dtype, jnp.inexact):
        default = _dtypes.get_default_dtype().numpy
        input, other = input.astype(default), other.astype(default)
    real = input.real.dtype
    allowed = jnp.asarray(atol, real) + jnp.abs(jnp.asarray(rtol, real) * other)
    difference = jnp.abs(input - other)
    near = jnp.isfinite(difference) & (difference <= allowed)
    exact = (jnp.asarray(rtol) == 0) & (jnp.asarray(atol) == 0)
    return close | (near & ~exact)


@composite
def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
):
    """Whether all elements are close; waits for the data.

    Errors:  RuntimeError if the dtypes differ, or a tolerance is negative.
    Source:  torch.allclose.
    """
    return bool(_all(isclose(input, other, rtol, atol, equal_nan)).item())


@op(variants="", shape=lambda: (), dtype=lambda: _dtypes.bool_, name="is_all_true")
def _all(input: Tensor):
    return jnp.all(input)


@composite
def equal(input: Tensor, other: Tensor):
    """Whether both have the same shape and elements; waits for the data.

    Errors:  RuntimeError if they are on different devices.
    Source:  torch.equal.
    """
    if not isinstance(other, Tensor):
        raise TypeError(
            f"equal(): argument 'other' (position 2) must be Tensor, not {type_name(other)}"
        )
    if input.shape != other.shape:
        return False
    return bool(_all(eq(input, other)).item())


# Membership


def _check_isin(elements, test_elements):
    if not isinstance(elements, Tensor) and not isinstance(test_elements, Tensor):
        kinds = ", ".join(type_name(each) for each in (elements, test_elements))
        raise TypeError(
            f"isin() received an invalid combination of arguments - got ({kinds}), but expected "
            "one of:\n * (Tensor elements, Tensor test_elements, *, bool assume_unique = False, "
            "bool invert = False, Tensor out = None)\n * (Number element, Tensor test_elements, "
            "*, bool assume_unique = False, bool invert = False, Tensor out = None)\n * (Tensor "
            "elements, Number test_element, *, bool assume_unique = False, bool invert = False, "
            "Tensor out = None)\n"
        )
    for each in (elements, test_elements):
        if isinstance(each, Tensor) and each.dtype in (*BOOL_TYPES, *COMPLEX_TYPES):
            raise RuntimeError(
                f"Unsupported input type encountered for isin(): {each.dtype.scalar_name}"
            )
    if isinstance(test_elements, Tensor):
        common = common_dtype(elements, test_elements)
        if common in (*BAREBONES, *FLOAT8_TYPES):
            raise unsupported("isin_default_cpu", common)


def _shape_of_isin(elements):
    return elements.shape if isinstance(elements, Tensor) else ()


@op(ALWAYS_BOOL, variants="fo", cast_out=False, check=_check_isin, shape=_shape_of_isin)
def isin(
    elements: Tensor | Number, test_elements: Tensor | Number, *, assume_unique: bool = False,
    invert: bool = False,
):  # fmt: skip
    """Whether each element is among `test_elements`.

    Shape:   that of `elements`.
    Dtype:   bool.
    Errors:  RuntimeError for bool and complex tensors.
    Source:  torch.isin.
    """
    found = _found(elements, test_elements.reshape(-1))
    return ~found if invert else found


def _found(elements, values):
    """Every pair is compared where there are few, else each is looked up among sorted values."""
    if values.size == 0:
        return jnp.zeros(elements.shape, bool)
    if values.size <= 32:
        return (elements[..., None] == values).any(-1)
    values = jnp.sort(values)  # NaN at the end, and equal to nothing
    place = jnp.clip(jnp.searchsorted(values, elements), 0, values.size - 1)
    return values[place] == elements
