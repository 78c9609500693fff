"""Copies and pickles of tensors: `copy.deepcopy` keeps shared memory shared, pickle is torch-free.

A pickled tensor is the bytes of its storage with dtype, offset, shape and strides, as in PyTorch;
`torch.save` has a format of its own, elsewhere.
"""

import copy

import numpy as np

from jtorch._device import device as Device
from jtorch._device import resolve
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.families import composite
from jtorch._ops.writing import on_device
from jtorch._storage import Storage
from jtorch._tensor import Tensor

_MEMO_KEY = "jtorch storages"
# Attributes that are the tensor itself; all others in its __dict__ are the user's.
_OWN = frozenset(
    """_meta _storage _offset _counter _requires_grad _grad _grad_dtype _node _output_nr
    _accumulator _base _made_in _made_at _reaches_beyond _tangents _tangent_base _leaf_hooks
    _post_accumulate_grad_hooks _backward_hooks""".split()  # noqa: SIM905
)


def user_state(tensor) -> dict:
    """The attributes that users have set on a tensor."""
    return {name: value for name, value in vars(tensor).items() if name not in _OWN}


@composite(name="__deepcopy__", variants="m")
def _deepcopy(self, memo):
    """A copy with memory of its own, shared with the copies of those that share it now.

    Errors:  RuntimeError for a tensor that autograd has computed.
    Source:  torch.Tensor.__deepcopy__.
    """
    if id(self) in memo:
        return memo[id(self)]
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
            "protocol at the moment.  If you were attempting to deepcopy a module, this may be "
            "because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    made = object.__new__(type(self))
    made._storage = _copied_storage(self._storage, memo)
    made._meta, made._offset = self._meta, self._offset
    made._requires_grad = self._requires_grad
    memo[id(self)] = made
    if self._grad is not None:
        made._grad = copy.deepcopy(self._grad, memo)
    made.__dict__.update(copy.deepcopy(user_state(self), memo))
    return made


def _copied_storage(storage, memo):
    known = memo.setdefault(_MEMO_KEY, {})
    found = known.get(id(storage))
    if found is None:
        # a value never changes, so the copy may begin with the same one
        found = Storage(storage.read(storage.meta, 0), storage.meta)
        known[id(storage)] = found
        memo.setdefault(id(memo), []).append(storage)  # keeps its id from being used again
    return found


@composite(name="__copy__", variants="m")
def _shallow(self):
    """`copy.copy`: another object over the same memory, with the same attributes."""
    made = object.__new__(type(self))
    made._meta, made._storage, made._offset = self._meta, self._storage, self._offset
    made._requires_grad = self._requires_grad
    if self._counter is not None:
        made._counter = self._counter
    made.__dict__.update(user_state(self))
    return made


@composite(name="__reduce_ex__", variants="m")
def _reduce(self, protocol):
    """The pickle of a tensor: a function that rebuilds it, and what it needs."""
    meta = self._meta
    # Tensor itself is not named: as which module's it is found depends on the process
    kind = None if type(self) is Tensor else type(self)
    state = user_state(self)
    window = (tuple(meta.shape), tuple(meta.stride), self._offset)
    if meta.device.type == "meta":
        memory = None
    else:
        memory = _bytes_of(self._storage)
    arguments = (
        kind, memory, meta.dtype, str(meta.device), window, self._requires_grad, state or None,
    )  # fmt: skip
    return rebuild, arguments


def _bytes_of(storage) -> bytes:
    base = storage.meta
    flat = Meta((base.numel,), base.dtype, base.device)
    return np.ascontiguousarray(storage.host_read(flat, 0)).tobytes()


def rebuild(kind, memory, dtype, where, window, requires_grad, state):
    """The tensor of a pickle."""
    shape, stride, offset = window
    device = resolve(Device(where))
    meta = Meta(shape, dtype, device, stride)
    made = object.__new__(Tensor if kind is None else kind)
    if memory is None:
        made._storage = constant(meta, 0)._storage
    else:
        array = np.frombuffer(bytearray(memory), np.uint8).view(dtype.numpy)
        base = Meta(array.shape, dtype, device)
        made._storage = Storage(leaf(on_device(array, device), base.aval), base)
    made._meta, made._offset = meta, offset
    made._requires_grad = requires_grad
    if state:
        made.__dict__.update(state)
    return made


@composite(name="__setstate__", variants="m")
def _set_state(self, state):
    """Attributes that a pickle carries beside the tensor. Source: torch.Tensor.__setstate__."""
    if not isinstance(state, dict):
        raise RuntimeError("__setstate__ takes the attributes of a tensor, as a dict")
    self.__dict__.update(state)
