"""The dtype in which an operation computes, and of its result: torch's six kinds of promotion."""

import enum

from jtorch import _dtypes
from jtorch._dtypes import BOOL, COMPLEX, FLOATING


class Promotion(enum.Enum):
    DEFAULT = "the common dtype; half precision is computed in float32"
    NO_OPMATH = "the common dtype, and computed in it"
    INT_TO_FLOAT = "the common dtype; integers and bool become the default dtype"
    ALWAYS_BOOL = "computed in the common dtype, the result is bool"
    COMPLEX_TO_FLOAT = "the common dtype; a complex result is given in its real dtype"
    BOOL_TO_LONG = "the common dtype; bool becomes int64"


DEFAULT, NO_OPMATH, INT_TO_FLOAT, ALWAYS_BOOL, COMPLEX_TO_FLOAT, BOOL_TO_LONG = Promotion


def result_type(operands):
    """torch's result dtype for operands given as Meta (tensors) or as classes of Python numbers."""
    first = None
    for each in operands:
        if each.__class__ is type:
            break
        if first is None:
            first = each.dtype
        elif each.dtype is not first:
            break
    else:
        return first
    dimensioned, zero_dim, categories = [], [], []
    for each in operands:
        if each.__class__ is type:
            categories.append(_CATEGORY[each])
        elif each.ndim:
            dimensioned.append(each.dtype)
        else:
            zero_dim.append(each.dtype)
    return _dtypes.combine_categories(dimensioned, zero_dim, categories)


_CATEGORY = {bool: BOOL, int: _dtypes.INTEGRAL, float: FLOATING, complex: COMPLEX}


def compute_and_result(promotion, common):
    """(dtype to compute in, dtype of the result) for a common dtype."""
    compute = result = common
    if promotion is INT_TO_FLOAT:
        if common.category < FLOATING:
            compute = result = _dtypes.get_default_dtype()
    elif promotion is ALWAYS_BOOL:
        return common, _dtypes.bool_
    elif promotion is BOOL_TO_LONG:
        if common is _dtypes.bool_:
            compute = result = _dtypes.int64
    elif promotion is COMPLEX_TO_FLOAT and common.category == COMPLEX:
        return common, common.to_real()
    if promotion is not NO_OPMATH and compute in _HALF:
        compute = _dtypes.float32
    return compute, result


_HALF = (_dtypes.float16, _dtypes.bfloat16)
