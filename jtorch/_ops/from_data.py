"""Tensors from Python data, copied: torch.tensor, scalar_tensor, Tensor.new_tensor."""

import warnings

from jtorch import _dtypes
from jtorch._device import resolve
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._ops.creation import checked_dtype, finish
from jtorch._ops.data import array_of_data
from jtorch._ops.writing import on_device
from jtorch._ops.families import composite
from jtorch._tensor import Tensor, from_node


def from_data(data, dtype, device):
    """A tensor with a copy of `data` (no tensor) on a resolved device."""
    array, dtype = array_of_data(data, dtype)
    meta = Meta(array.shape, dtype, device)
    return from_node(leaf(on_device(array, device), meta.aval), meta)


@composite(variants="f")
def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    """A tensor with a copy of the data.

    Shape:   that of the nested sequences.
    Dtype:   inferred from the elements (floats: the default dtype), or `dtype`.
    Errors:  ValueError for ragged sequences; TypeError and RuntimeError for what is no number.
    Source:  torch.tensor.
    """
    dtype = checked_dtype("tensor", dtype)
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() "
            "or sourceTensor.detach().clone().requires_grad_(True), rather than "
            "torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
        return new_from(data, dtype, device, requires_grad)
    return finish(from_data(data, dtype, resolve(device)), requires_grad)


def new_from(data, dtype, device, requires_grad):
    copy = data.detach().clone()
    if dtype is not None or device is not None:
        copy = copy.to(dtype=dtype or data.dtype, device=resolve(device or data.device))
    return finish(copy, requires_grad)


@composite(variants="f")
def scalar_tensor(s, *, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    """A 0-dim tensor of a number, of the default dtype unless `dtype` is given."""
    dtype = dtype or _dtypes.get_default_dtype()
    return finish(from_data(s, dtype, resolve(device)), requires_grad)


@composite(variants="m")
def new_tensor(self, data, *, dtype=None, device=None, requires_grad=False, layout=None,
               pin_memory=False):  # fmt: skip
    """A copy of the data with the dtype and device of this tensor. Source: torch.Tensor.new_tensor."""
    dtype = dtype or self.dtype
    device = self.device if device is None else resolve(device)
    if isinstance(data, Tensor):
        return new_from(data, dtype, device, requires_grad)
    return finish(from_data(data, dtype, device), requires_grad)
