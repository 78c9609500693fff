"""Copies and pickles of tensors: `copy.deepcopy` keeps shared memory shared, pickle is torch-free.

A pickled tensor is a storage with dtype, offset, shape and strides, as in PyTorch. `pickle` writes
the bytes of a storage where it stands; `torch.save` keeps them apart, once each (`_saving`).
"""

import copy
import copyreg
import warnings
from collections import OrderedDict

from jtorch import _rebuilding
from jtorch._ops.families import composite
from jtorch._storage import new_storage
from jtorch._tensor import Tensor
from jtorch._typed_storage import TypedStorage
from jtorch._untyped_storage import handle

_MEMO_KEY = "jtorch storages"


def user_state(tensor) -> dict:
    """The attributes that users have set on a tensor."""
    return {name: value for name, value in vars(tensor).items() if name not in _rebuilding.OWN}


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
        found = new_storage(storage.read(storage.meta, 0), storage.meta)
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
    """The pickle of a tensor: a function that rebuilds it, and what it needs, by torch's names."""
    _warn_of_hooks(self)
    state = state_of(self)
    function, arguments = _plain_reduction(self)
    if (type(self) is Tensor or self.is_sparse) and not state:
        return function, arguments
    # Tensor itself is not named: as which module's it is found depends on the process
    kind = None if type(self) is Tensor or self.is_sparse else type(self)
    return _rebuilding._rebuild_from_type_v2, (function, kind, arguments, state)


def _plain_reduction(tensor):
    meta = tensor._meta
    if tensor.is_sparse:
        parts = tensor._indices(), tensor._values(), tensor.shape, tensor.is_coalesced()
        return _rebuilding._rebuild_sparse_tensor, (tensor.layout, parts)
    # Pickles write once what is one object: as in torch, the stride and the bit's name never are.
    size, stride = tuple(meta.shape), (*meta.stride,)
    if meta.device.type == "meta":
        arguments = (meta.dtype, size, stride, tensor._requires_grad)
        return _rebuilding._rebuild_meta_tensor_no_storage, arguments
    storage = handle(tensor._storage)
    bit = b"conj" if meta.dtype.is_complex else b"neg"
    tail = ({bit.decode(): True},) if meta.mirrored else ()
    wants = (tensor._offset, size, stride, tensor.requires_grad, OrderedDict())
    if meta.dtype in _rebuilding.WITHOUT_STORAGE_TYPE:
        return _rebuilding._rebuild_tensor_v3, (storage, *wants, meta.dtype, *tail)
    typed = TypedStorage(wrap_storage=storage, dtype=meta.dtype)
    return _rebuilding._rebuild_tensor_v2, (typed, *wants, *tail)


def _warn_of_hooks(tensor):
    hooks = tensor._leaf_hooks
    for each in () if hooks is None else hooks.tensors.get(0, {}).values():
        if not hasattr(each, "__torch_unserializable__"):
            warnings.warn(
                f"backward hook {each!r} on tensor will not be serialized.  If this is expected, "
                "you can decorate the function with @torch.utils.hooks.unserializable_hook to "
                "suppress this warning",
                stacklevel=2,
            )


def state_of(tensor):
    """What a pickle keeps of the attributes of a tensor: a dict, or a pair with those in slots."""
    state = user_state(tensor)
    slots = {
        name: getattr(tensor, name)
        for name in copyreg._slotnames(type(tensor))
        if hasattr(tensor, name)
    }
    return (state, slots) if slots else state


@composite(name="__setstate__", variants="m")
def _set_state(self, state):
    """Attributes that a pickle carries beside the tensor. Source: torch.Tensor.__setstate__."""
    if not isinstance(state, dict):
        raise RuntimeError("__setstate__ takes the attributes of a tensor, as a dict")
    _rebuilding.set_state(self, state)
