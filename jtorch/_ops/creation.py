"""Tensors from data."""

import numpy as np

from jtorch import _dtypes
from jtorch._device import resolve
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._tensor import from_node


def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    array = np.array(data)
    if dtype is None and array.dtype == np.float64:
        dtype = _dtypes.get_default_dtype()
    if dtype is not None:
        array = array.astype(dtype.numpy)
    meta = Meta(array.shape, _dtypes.BY_NUMPY[array.dtype], resolve(device))
    return from_node(leaf(array, meta.aval), meta)
