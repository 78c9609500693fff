"""What range checks and error messages need to know of a numpy dtype."""

import functools

import ml_dtypes
import numpy as np

from jtorch._dtypes import BY_NUMPY

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)

_CPP_NAMES = {
    "bool": "bool", "uint8": "unsigned char", "int8": "signed char", "int16": "short int",
    "int32": "int", "int64": "long int", "uint16": "short unsigned int",
    "uint32": "unsigned int", "uint64": "long unsigned int", "float16": "c10::Half",
    "bfloat16": "c10::BFloat16", "float32": "float", "float64": "double",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip

# Whole numbers up to two to this power are exact in a floating dtype.
EXACT_BITS = {np.dtype(np.float16): 11, BFLOAT16: 8, np.dtype("f4"): 24, np.dtype("f8"): 53}


def scalar_name(dtype):
    """The name in messages such as `not implemented for 'Float'`."""
    return BY_NUMPY[dtype].scalar_name


def cpp_name(dtype):
    """The name in messages such as `to is out of bounds for float`."""
    return _CPP_NAMES[dtype.name]


def is_floating(dtype):
    return dtype in EXACT_BITS


@functools.cache
def lowest_and_largest(dtype):
    """The finite range of a real dtype, as Python numbers."""
    if dtype == np.bool_:
        return 0, 1
    if is_floating(dtype):
        largest = float(ml_dtypes.finfo(dtype).max)
        return -largest, largest
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def not_implemented(kernel, dtype):
    return NotImplementedError(f"\"{kernel}\" not implemented for '{scalar_name(dtype)}'")


def require_floating(kernel, dtype):
    if not is_floating(dtype):
        raise not_implemented(kernel, dtype)
