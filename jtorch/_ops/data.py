"""Python data as numpy arrays: which dtype and shape nested sequences have, and torch's complaints."""

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._ops.parameters import type_name
from jtorch._tensor import Tensor

_NUMPY_TYPES = (
    "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, "
    "uint16, uint8, and bool"
)


def array_of_data(data, dtype=None):
    """A fresh numpy array with the elements of `data`, and its torch dtype.

    `data` is a number, a nested sequence of numbers (or of arrays, or of tensors with one element),
    a numpy array, or anything that converts to one.
    """
    data = _converted(data)
    if isinstance(data, np.ndarray):
        found = dtype_of_array(data)
        if dtype is None or dtype is found:
            return np.array(data, order="C"), found
        return cast_host(data, dtype), dtype
    if dtype is None:
        dtype = infer_dtype(data)
    array = _plain(data)
    if array is None:
        array = _filled(data, dtype)
    return _cast_numbers(array, dtype), dtype


def dtype_of_array(array):
    """The torch dtype of a numpy array; raises torch's errors for those it has none for."""
    if array.dtype.byteorder not in "=|" and not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion "
            "between byte orders is currently not supported."
        )
    found = _dtypes.BY_NUMPY.get(array.dtype)
    if found is None:
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{array.dtype.type.__name__}. "
            f"The only supported types are: {_NUMPY_TYPES}."
        )
    return found


def infer_dtype(data):
    """The dtype torch gives to data: of its elements, promoted; the default dtype where empty."""
    data = _converted(data)
    if isinstance(data, (bool, int, float, complex)) and not isinstance(data, np.generic):
        return _dtypes.of_number(data)
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (np.ndarray, np.generic)):
        return dtype_of_array(data)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type_name(data)}'")
    if not _is_sequence(data):
        raise RuntimeError(f"Could not infer dtype of {type_name(data)}")
    kinds = set(map(type, data))
    if kinds <= {bool, int, float, complex} and kinds:
        samples = {bool: True, int: 1, float: 1.0, complex: 1j}
        found = [_dtypes.of_number(samples[kind]) for kind in kinds]
    else:
        found = [infer_dtype(each) for each in data]
    result = found[0] if found else _dtypes.get_default_dtype()
    for each in found[1:]:
        result = _dtypes.promote_types(result, each)
    return result


def _converted(data):
    """An object with an array interface, as an array; anything else as it is."""
    if isinstance(data, (Tensor, list, tuple, int, float, complex, str, bytes, np.ndarray)):
        return data
    if isinstance(data, np.generic):
        return np.asarray(data)
    if hasattr(data, "__array__") or hasattr(data, "__array_interface__"):
        return np.asarray(data)
    return data


def _is_sequence(data) -> bool:
    return hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, dict)


def _plain(data):
    """Nested lists of nothing but Python numbers, converted by numpy; None where it finds more."""
    if isinstance(data, (bool, int, float, complex)):
        return np.array(data)
    probe = data
    while isinstance(probe, (list, tuple, range)) and len(probe):
        probe = probe[0]
    if not isinstance(probe, (bool, int, float, complex, list, tuple)):
        return None
    try:
        array = np.array(data)
    except (ValueError, OverflowError, TypeError):
        return None  # ragged or mixed: `_filled` says what is wrong with it, in torch's words
    return array if array.dtype.kind in "biufc" else None


def _filled(data, dtype):
    """Nested sequences element by element, with torch's checks of lengths and types."""
    shape = _shape_of(data)
    array = np.empty(shape, object)
    _fill(array, (), data, shape)
    if not array.size:
        return array.astype(np.float64)
    numbers = array.reshape(-1).tolist()
    if dtype.category <= INTEGRAL and not any(isinstance(each, (float, complex)) for each in numbers):
        for each in numbers:
            if not -(2**63) <= each < 2**64:
                raise ValueError("Overflow when unpacking long long")
        return array
    return array.astype(np.complex128 if dtype.category == COMPLEX else np.float64)


def _shape_of(data):
    shape = []
    while True:
        if isinstance(data, (Tensor, np.ndarray)):
            return (*shape, *data.shape)
        if isinstance(data, (str, bytes)) or not _is_sequence(data):
            return tuple(shape)
        shape.append(len(data))
        if not len(data):
            return tuple(shape)
        data = _converted(data[0])


def _fill(array, place, data, shape):
    data = _converted(data)
    depth = len(place)
    if depth == len(shape):
        array[place] = _one_number(data)
        return
    if isinstance(data, Tensor) and data.ndim == 0 or not _is_sequence(data):
        raise TypeError("not a sequence")
    if len(data) != shape[depth]:
        raise ValueError(
            f"expected sequence of length {shape[depth]} at dim {depth} (got {len(data)})"
        )
    for position, each in enumerate(data):
        _fill(array, (*place, position), each, shape)


def _one_number(data):
    if isinstance(data, Tensor):
        if data.numel() != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return data.item()
    if isinstance(data, np.ndarray):
        return data.item()
    if isinstance(data, (bool, int, float, complex)):
        return data
    if isinstance(data, (list, tuple)):
        raise TypeError(f"'{type_name(data)}' object cannot be interpreted as an integer")
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type_name(data)}'")
    raise TypeError(f"must be real number, not {type_name(data)}")


def _cast_numbers(array, dtype):
    """Python numbers (as numpy has them) in `dtype`; those that it cannot hold are refused."""
    target = dtype.numpy
    kind = array.dtype.kind
    if kind == "c" and dtype.category != COMPLEX:
        if (array.imag != 0).any() or dtype.category <= FLOATING:
            raise TypeError("must be real number, not complex")
        array = array.real
    if dtype.category == INTEGRAL and kind != "b":
        _refuse_overflow(array, dtype)
        if target.kind == "u" and array.dtype != object and kind in "if":
            array = array.astype(np.int64) if kind == "f" and target != np.uint64 else array
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(array.astype(target)).reshape(array.shape)


def _refuse_overflow(array, dtype):
    limits = np.iinfo(dtype.numpy)
    # an unsigned dtype takes negative numbers and wraps them
    low = -limits.max - 1 if limits.min == 0 else limits.min
    if not array.size:
        return
    smallest, largest = array.min(), array.max()
    if not (smallest >= low and largest <= limits.max):
        if array.dtype.kind == "O" or array.dtype.kind in "iu":
            if largest >= 2**63 and dtype.name == "int64":
                raise ValueError("Overflow when unpacking long long")
        raise RuntimeError(f"value cannot be converted to type {dtype.name} without overflow")


def cast_host(array, dtype):
    """A numpy array in another dtype by torch's rules (see `cast.cast_array`)."""
    if dtype.category == _dtypes.BOOL:
        return np.ascontiguousarray(array != 0).reshape(array.shape)
    if array.dtype.kind == "c" and dtype.category != COMPLEX:
        array = array.real
    with np.errstate(all="ignore"):
        if dtype.category == INTEGRAL and array.dtype.kind not in "biu":
            wide = np.int32 if dtype.name == "int32" else np.int64
            array = array.astype(np.float64 if array.dtype == np.float64 else np.float32)
            if dtype.name != "uint64":
                array = array.astype(wide)
        return np.ascontiguousarray(array.astype(dtype.numpy)).reshape(array.shape)
