"""Questions about dtypes that tensors and numbers answer together."""

import numpy as np

from jtorch._ops.families import composite
from jtorch._ops.parameters import type_name
from jtorch._ops.promotion import result_type as type_of_operands
from jtorch._tensor import Tensor


def _operand(position, name, value):
    if isinstance(value, Tensor):
        return value._meta
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, (bool, int, float, complex)):
        raise TypeError(
            f"result_type(): argument '{name}' (position {position}) must be Tensor, "
            f"not {type_name(value)}"
        )
    return bool if isinstance(value, bool) else value.__class__


@composite(variants="f")
def result_type(tensor1, tensor2):
    """The dtype that an operation on these two gives.

    Errors:  RuntimeError where the dtypes do not promote.
    Source:  torch.result_type.
    """
    return type_of_operands([_operand(1, "tensor1", tensor1), _operand(2, "tensor2", tensor2)])
