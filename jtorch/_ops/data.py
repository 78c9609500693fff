"""Python data as numpy arrays: the dtype and shape of nested sequences, and torch's complaints."""

import operator

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import BOOL, COMPLEX, FLOATING, INTEGRAL
from jtorch._messages import type_name, warn_once
from jtorch._ops.cast import cast_array
from jtorch._tensor import Tensor

_NUMPY_TYPES = (
    "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, "
    "uint16, uint8, and bool"
)
_NUMBERS = frozenset((bool, int, float, complex))
_SAMPLES = {bool: True, int: 1, float: 1.0, complex: 1j}


def array_of_data(data, dtype=None):
    """A fresh numpy array with the elements of `data`, and its torch dtype.

    `data` is a number, a nested sequence of numbers (or of arrays, or of tensors with one element),
    a numpy array, or anything that converts to one.
    """
    if dtype is None and (data.__class__ is float or data.__class__ is bool):
        dtype = _dtypes.of_number(data)
        if dtype.itemsize != 2:
            with np.errstate(over="ignore"):
                return np.array(data, dtype.numpy), dtype
    data = _converted(data)
    if isinstance(data, np.ndarray):
        found = dtype_of_array(data)
        if dtype is None or dtype is found:
            return np.array(data, order="C"), found
        return np.array(cast_array(data, dtype.numpy)), dtype
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type_name(data)}'")
    kinds = _leaf_classes(data)
    if kinds is not None and kinds <= _NUMBERS:
        wanted = dtype or _dtype_of_classes(kinds)
        array = _plain(data, kinds, wanted)
        if array is not None:
            return _cast_numbers(array, wanted), wanted
    shape = _shape_of(data)
    dtype = dtype or infer_dtype(data)
    return _filled(data, shape, dtype), dtype


def dtype_of_array(array):
    """The torch dtype of a numpy array; raises torch's errors for those it has none for."""
    if not array.dtype.isnative:
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
        return _dtype_of_number(data)
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (np.ndarray, np.generic)):
        return dtype_of_array(data)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type_name(data)}'")
    if not _is_sequence(data):
        raise RuntimeError(f"Could not infer dtype of {type_name(data)}")
    kinds = set(map(type, data))
    if kinds and kinds <= _NUMBERS:
        return _dtype_of_classes(kinds)
    result = None
    for each in data:
        found = infer_dtype(each)
        result = found if result is None else _dtypes.promote_types(result, found)
    return _dtypes.get_default_dtype() if result is None else result


def _dtype_of_classes(kinds):
    highest = max(kinds, key=lambda kind: _dtypes.number_category(_SAMPLES[kind]), default=float)
    return _dtype_of_number(_SAMPLES[highest])


def _dtype_of_number(value):
    if isinstance(value, complex):
        return _dtypes.dtype_of_complex_data()
    return _dtypes.of_number(value)


def _converted(data):
    """An object with an array interface, as an array; anything else as it is."""
    if isinstance(data, (Tensor, list, tuple, int, float, complex, str, bytes, np.ndarray)):
        return np.asarray(data) if isinstance(data, np.generic) else data
    if isinstance(data, np.generic):
        return np.asarray(data)
    if hasattr(data, "__array__") or hasattr(data, "__array_interface__"):
        return np.asarray(data)
    return data


def _is_sequence(data) -> bool:
    return hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, dict)


def _leaf_classes(data):
    """The classes of the numbers in nested lists; None where there is more than lists in them."""
    kind = type(data)
    if kind in _NUMBERS:
        return {kind}
    if kind not in (list, tuple, range):
        return None
    kinds = {int} if kind is range and len(data) else set(map(type, data))
    if kinds <= _NUMBERS:
        return kinds
    if not kinds <= {list, tuple, range}:
        return None
    found = set()
    for each in data:
        inner = _leaf_classes(each)
        if inner is None:
            return None
        found |= inner
    return found


def _plain(data, kinds, dtype):
    """Nested lists of nothing but Python numbers, converted by numpy; None where it cannot."""
    if float in kinds and int in kinds and dtype.category == INTEGRAL:
        return None  # the integers would be rounded
    try:
        array = np.array(data)
    except (ValueError, OverflowError, TypeError):
        return None  # ragged: `_filled` says what is wrong with it, in torch's words
    if array.dtype.kind not in "biufc" or (
        (array.dtype.kind == "f") != (float in kinds or not kinds) and complex not in kinds
    ):
        return None  # integers too big for numpy
    return array


def _shape_of(data):
    """The shape that the first elements of nested sequences have; a tensor is an element."""
    shape = []
    while _is_sequence(data) and not isinstance(data, Tensor):
        if isinstance(data, str) or len(shape) > 64:
            raise ValueError(f"too many dimensions '{type_name(data)}'")
        shape.append(len(data))
        if not shape[-1]:
            break
        data = data[0]
    return tuple(shape)


def _filled(data, shape, dtype):
    """Nested sequences element by element, with torch's checks of lengths and types."""
    if 0 in shape:
        return np.empty(shape, dtype.numpy)
    wide = {FLOATING: np.float64, COMPLEX: np.complex128}.get(dtype.category, object)
    array = np.empty(shape, wide)
    _fill(array, (), data, dtype)
    if wide is object and array.ndim == 0:
        array = np.array(array.item(), object)
    return _cast_numbers(array, dtype)


def _fill(array, place, data, dtype):
    depth = len(place)
    if depth == array.ndim:
        array[place] = _stored(data, dtype)
        return
    if not _is_sequence(data) or (isinstance(data, Tensor) and not data.ndim):
        raise TypeError("not a sequence")
    if len(data) != array.shape[depth]:
        raise ValueError(
            f"expected sequence of length {array.shape[depth]} at dim {depth} (got {len(data)})"
        )
    if isinstance(data, np.ndarray):
        if place:
            _warn_of_arrays()
        if data.shape == array.shape[depth:] and _takes(dtype, data.dtype.kind):
            array[place] = data
            return
    for position, each in enumerate(data):
        _fill(array, (*place, position), each, dtype)


def _warn_of_arrays():
    warn_once(
        "Creating a tensor from a list of numpy.ndarrays is extremely slow. Please consider "
        "converting the list to a single numpy.ndarray with numpy.array() before converting to a "
        "tensor."
    )


def _takes(dtype, kind) -> bool:
    """Whether all elements of an array of this kind may be stored as they are."""
    return kind in {FLOATING: "biuf", COMPLEX: "biufc"}.get(dtype.category, "biu")


def _stored(value, dtype):
    """One element as the Python number that torch makes of it for a dtype."""
    category = dtype.category
    if isinstance(value, np.ndarray):
        _warn_of_arrays()
    if category <= INTEGRAL:
        if category == BOOL and isinstance(value, (bool, int, float, complex, np.bool_)):
            return bool(value)
        if dtype is _dtypes.uint64 and not isinstance(value, int):
            raise TypeError("an integer is required")
        if isinstance(value, float):
            return float(value)
        return operator.index(value)
    if isinstance(value, (str, bytes, list, tuple, dict)) or not any(
        hasattr(value, name) for name in ("__float__", "__index__", "__complex__")
    ):
        raise TypeError(f"must be real number, not {type_name(value)}")
    if category == COMPLEX:
        return complex(value)
    if isinstance(value, complex):
        raise TypeError(f"must be real number, not {type_name(value)}")
    return float(value)


def _cast_numbers(array, dtype):
    """Python numbers (as numpy has them) in `dtype`; those that it cannot hold are refused."""
    target = dtype.numpy
    if array.dtype == target:
        return array
    kind = array.dtype.kind
    if kind == "c" and dtype.category in (INTEGRAL, FLOATING):
        if dtype is _dtypes.uint64:
            raise TypeError("an integer is required")
        if dtype.category == INTEGRAL:
            raise TypeError("'complex' object cannot be interpreted as an integer")
        raise TypeError("must be real number, not complex")
    if dtype.category == INTEGRAL and kind != "b":
        array = _integers(array, dtype)
    elif dtype.category == BOOL:
        return np.array(array != 0, bool).reshape(array.shape)
    elif target.itemsize <= 2:  # torch has no other way to a narrow float
        with np.errstate(all="ignore"):
            return np.array(cast_array(array.astype(np.float32), target)).reshape(array.shape)
    with np.errstate(all="ignore"):
        return np.array(array.astype(target), order="C").reshape(array.shape)


def _integers(array, dtype):
    """Numbers as integers that fit the dtype; an unsigned one wraps negative ones."""
    if not array.size:
        return array
    if array.dtype.kind == "O":
        numbers = [_fitting(each, dtype) for each in array.reshape(-1).tolist()]
        return np.array(numbers, dtype.numpy).reshape(array.shape)
    if array.dtype.kind == "f":
        if dtype is _dtypes.uint64:
            raise TypeError("an integer is required")
        for each in (array.min(), array.max()):
            _fitting(float(each), dtype)
        return np.trunc(array)
    for each in (array.min(), array.max()):
        _fitting(int(each), dtype)
    return array


def _fitting(number, dtype):
    limits = np.iinfo(dtype.numpy)
    largest = int(limits.max)
    if number.__class__ is float:
        if not int(limits.min) <= number <= float(largest):
            raise RuntimeError(f"value cannot be converted to type {dtype.name} without overflow")
        # 2.0**63 compares as if it fitted; the conversion wraps it
        number = int(number)
        return number if number <= largest else int(limits.min)
    if dtype is _dtypes.uint64:
        if number < 0:
            raise OverflowError("can't convert negative int to unsigned")
        if number > largest:
            raise OverflowError("int too big to convert")
        return number
    if not -(2**63) <= number < 2**63:
        raise ValueError("Overflow when unpacking long long")
    lowest = -largest if limits.min == 0 else int(limits.min)
    if not lowest <= number <= largest:
        raise RuntimeError(f"value cannot be converted to type {dtype.name} without overflow")
    return number & largest if limits.min == 0 else number
