"""What torch's pointwise kernels refuse, and its words for it: checks for rows to declare."""

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._ops.promotion import result_type
from jtorch._tensor import Tensor

BOOL_TYPES = (_dtypes.bool_,)
BAREBONES = _dtypes.BAREBONES_UNSIGNED
INTEGER_TYPES = tuple(each for each in _dtypes.ALL if each.category == INTEGRAL)
COMPLEX_TYPES = tuple(each for each in _dtypes.ALL if each.category == COMPLEX)
FLOAT8_TYPES = _dtypes.FLOAT8
FLOAT_TYPES = tuple(
    each for each in _dtypes.ALL if each.category == FLOATING and each not in FLOAT8_TYPES
)
HALF_TYPES = (_dtypes.float16, _dtypes.bfloat16)

_SUBTRACTION_OF_TWO = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. "
    "Use the `^` or `logical_xor()` operator instead."
)
_SUBTRACTION_OF_ONE = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
    "invert a mask, use the `~` or `logical_not()` operator instead."
)


def common_dtype(*operands):
    """The dtype that tensors and Python numbers promote to."""
    return result_type(
        [each._meta if isinstance(each, Tensor) else each.__class__ for each in operands]
    )


def dtype_of(operand):
    """The dtype of a tensor, or the one a Python number becomes."""
    return operand.dtype if isinstance(operand, Tensor) else _dtypes.of_number(operand)


def unsupported(kernel, dtype):
    """torch's error where the kernel of this name has no version for the dtype."""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{dtype.scalar_name}'")


def require(kernel, refused, *operands):
    """Raise if the kernel has no version for the operands' common dtype."""
    common = common_dtype(*operands)
    if common in refused:
        raise unsupported(kernel, common)


def refuses(kernel, *groups, binary=False):
    """A row's check: the kernel has no version for operands of the dtypes in `groups`."""
    refused = frozenset(dtype for group in groups for dtype in group)

    def check(input):
        require(kernel, refused, input)

    def check_both(input, other):
        require(kernel, refused, input, other)

    return check_both if binary else check


def no_bool_subtraction(input, other):
    kinds = [dtype_of(each) is _dtypes.bool_ for each in (input, other)]
    if all(kinds):
        raise RuntimeError(_SUBTRACTION_OF_TWO)
    if any(kinds):
        raise RuntimeError(_SUBTRACTION_OF_ONE)


def check_alpha(alpha, *operands):
    """torch's rules for the factor of `add` and `sub`: of the result's category, or a lower one."""
    common = common_dtype(*operands)
    kind = dtype_of(alpha)
    if kind is _dtypes.bool_ and common is not _dtypes.bool_:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if kind.category == COMPLEX and common.category != COMPLEX:
        raise RuntimeError(
            "For non-complex input tensors, argument alpha must not be a complex number."
        )
    if kind.category >= FLOATING and common.category <= INTEGRAL:
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )


_SCALAR_NAMES = {
    "uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "int64_t",
    "uint16": "uint16_t", "uint32": "uint32_t", "uint64": "uint64_t", "float16": "c10::Half",
    "bfloat16": "c10::BFloat16", "float32": "float", "float64": "double",
    "complex64": "c10::complex<float>",
}  # fmt: skip
_LARGEST = {
    _dtypes.float16: 65504.0,
    _dtypes.bfloat16: 3.3895313892515355e38,
    _dtypes.float32: 3.4028234663852886e38,
    _dtypes.complex64: 3.4028234663852886e38,
}


def check_fits(number, dtype):
    """Raise where torch finds that a Python number cannot be converted to the dtype."""
    if number.__class__ is complex and dtype.category != COMPLEX:
        fits = number.imag == 0 or dtype is _dtypes.bool_
        number = number.real
    else:
        fits = True
    if not fits or not _fits(number, dtype):
        name = _SCALAR_NAMES.get(dtype.name) or f"c10::{dtype.scalar_name}"
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")


def _fits(number, dtype):
    if number.__class__ is complex:
        real = dtype.to_real()
        return _fits(number.real, real) and _fits(number.imag, real)
    if dtype is _dtypes.bool_ or number.__class__ is bool:
        return True
    if dtype.category >= FLOATING:
        if number != number or number in (float("inf"), float("-inf")):
            return True
        return abs(number) <= _LARGEST.get(dtype, float("inf"))
    bits = 8 * dtype.itemsize
    largest = 2 ** (bits - dtype.is_signed) - 1
    if number.__class__ is int and not dtype.is_signed:
        return -largest <= number <= largest  # a negative one wraps around
    lowest = -largest - 1 if dtype.is_signed else 0
    if number.__class__ is float:
        largest = float(largest)  # torch compares as floats: 2.0**63 passes for an int64
    return number == number and lowest <= number <= largest


def check_numbers_fit(number, *operands):
    """Raise if a Python number cannot be converted to the common dtype of the operands."""
    if isinstance(number, Tensor):
        return
    if number.__class__ is complex or not -100 <= number <= 100:
        check_fits(number, common_dtype(*operands))
