"""torch.autograd.variable: `Variable`, which tensors were once wrapped in; it gives tensors."""

import warnings

from jtorch._alias import missing_attribute
from jtorch._dtypes import FLOATING
from jtorch._ops.creation import empty
from jtorch._tensor import Tensor

__all__ = ["Variable", "VariableMeta"]


class VariableMeta(type):
    """Takes every tensor for a Variable."""

    __module__ = "torch.autograd.variable"

    def __instancecheck__(cls, other):
        return isinstance(other, Tensor)


class Variable(metaclass=VariableMeta):
    """A new tensor with the memory of `data`, and without a history.

    Errors:  TypeError for what is no tensor; RuntimeError for `requires_grad` and a dtype that has no
             gradients.
    Source:  torch.autograd.Variable.
    """

    __module__ = "torch.autograd.variable"

    def __new__(cls, data=None, requires_grad=False, volatile=False):
        if volatile:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                UserWarning,
                stacklevel=2,
            )
            if requires_grad:
                raise ValueError("Variable can't be volatile and require_grad at the same time!")
        if data is None:
            data = empty((0,))
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        made = data.detach()
        if requires_grad:
            if made.dtype.category < FLOATING:
                raise RuntimeError(
                    "Only Tensors of floating point and complex dtype can require gradients"
                )
            made.requires_grad_()
        return made


def __getattr__(name):
    raise missing_attribute(__name__, name)
