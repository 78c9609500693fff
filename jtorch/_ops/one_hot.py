"""`one_hot`: classes as vectors of zeros and a one."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._ops.creation import zeros
from jtorch._ops.detailed import checked, detailed
from jtorch._ops.parameters import Index

_NEGATIVE, _LARGE = 1, 2  # codes of what can be wrong with a class


def _error(code):
    if code == _NEGATIVE:
        return RuntimeError("Class values must be non-negative.")
    return RuntimeError("Class values must be smaller than num_classes.")


@detailed(
    name="one_hot.classes",
    shape=lambda input, num_classes: (*input.shape, num_classes),
    dtype=lambda input: _dtypes.int64,
    error=_error,
    variants="",
)
def _one_hot(input: Index, num_classes: int):
    hot = input[..., None] == jnp.arange(num_classes)
    wrong = jnp.where((input >= num_classes).any(), _LARGE, 0)
    return hot.astype(np.int64), jnp.where((input < 0).any(), _NEGATIVE, wrong)


@checked("(Tensor input, int num_classes = -1)", variants="")
def one_hot(input, num_classes=-1):
    """Zeros, and a one at the place of each class, along a new last dim.

    Shape:   (*) -> (*, num_classes); -1: as many as the largest class asks for, which waits for it.
    Dtype:   int64.
    Errors:  RuntimeError for another dtype and for a class that is negative or too large.
    Source:  torch.nn.functional.one_hot.
    """
    if input.dtype is not _dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not input.numel():
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return zeros((*input.shape, num_classes), dtype=_dtypes.int64, device=input.device)
    if num_classes == -1:
        num_classes = max(int(input.max()) + 1, 0)
    return _one_hot(input, max(num_classes, 0))
