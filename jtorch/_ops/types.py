"""Questions about dtypes that tensors and numbers answer together."""

import numpy as np

from jtorch._ops.promotion import result_type as type_of_operands
from jtorch._ops.signatures import overloads
from jtorch._tensor import Tensor


def _operand(value):
    if isinstance(value, Tensor):
        return value._meta
    value = value.item() if isinstance(value, np.generic) else value
    return next(each for each in (bool, int, float, complex) if isinstance(value, each))


def _type_of_two(*operands, **named):
    return type_of_operands([_operand(each) for each in (*operands, *named.values())])


@overloads(
    ("(Tensor tensor, Tensor other)", _type_of_two),
    ("(Number scalar, Tensor tensor)", _type_of_two),
    ("(Tensor tensor, Number other)", _type_of_two),
    ("(Number scalar1, Number scalar2)", _type_of_two),
    variants="f",
)
def result_type():
    """The dtype that an operation on these two gives.

    Errors:  RuntimeError where the dtypes do not promote.
    Source:  torch.result_type.
    """
