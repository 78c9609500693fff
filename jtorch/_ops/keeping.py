"""What a node keeps of a tensor until backward: its value and its history, or what hooks made of it."""

import weakref

from jtorch._autograd.graph import AccumulateGrad
from jtorch._autograd.modes import mode
from jtorch._autograd.saving import saving
from jtorch._meta import Meta
from jtorch._ops.edges import edge_of, point
from jtorch._ops.tangents import give, tangents, tangents_of
from jtorch._ops.writing import node_on
from jtorch._tensor import Tensor, from_node, node_of


class Saved:
    """A value that a derivative needs, and where its own gradient would go."""

    __slots__ = ("edge", "meta", "node", "tangents")

    def __init__(self, tensor, device, edge, below=None):
        self.node = node_on(tensor, device)
        meta = tensor._meta
        self.meta = meta if not meta.mirrored else meta.replaced()
        self.edge = edge
        self.tangents = _tangents_now(tensor, device, below) if tangents.open else None

    def unpack(self):
        """The tensor as it was."""
        tensor = from_node(self.node, Meta(self.meta.shape, self.meta.dtype, self.meta.device))
        return restored(tensor, self.edge, self.tangents)


class Packed(Saved):
    """The same, as a hook has packed it."""

    __slots__ = ("packed", "unpack_hook")

    def __init__(self, tensor, device, edge, below=None):
        pack, self.unpack_hook = saving.hooks
        self.packed = packed_by(pack, tensor)
        self.meta = tensor._meta
        self.edge = edge
        self.tangents = _tangents_now(tensor, device, below) if tangents.open else None

    @classmethod
    def of(cls, saved, pack, unpack, tensor):
        """What was saved already, packed by hooks; `tensor` is what it stands for."""
        self = object.__new__(cls)
        self.unpack_hook, self.packed = unpack, packed_by(pack, tensor)
        self.meta, self.edge, self.tangents = saved.meta, saved.edge, saved.tangents
        return self

    def unpack(self):
        tensor = unpacked_by(self.unpack_hook, self.packed)
        meta = self.meta
        # the derivative is made for this shape, and this dtype
        if tensor._meta.shape != meta.shape:
            tensor = tensor.expand(meta.shape)
        if tensor._meta.dtype is not meta.dtype:
            tensor = tensor.to(meta.dtype)
        alias = from_node(node_of(tensor), Meta(meta.shape, meta.dtype, tensor._meta.device))
        return restored(alias, self.edge, self.tangents)


def _tangents_now(tensor, device, below):
    """The tangents as they are: a write into the tensor goes into its tangents, too."""
    return {
        level: Saved(each, device, edge_of(each), level)
        for level, each in (tangents_of(tensor, below) or {}).items()
    }


def as_they_are(operands, target, device):
    """The operands for hooks: stand-ins for those in the memory of `target`, which is to be changed."""
    return [
        Saved(each, device, edge_of(each)).unpack()
        if isinstance(each, Tensor) and each._storage is target._storage
        else each
        for each in operands
    ]


def restored(tensor, edge, tangents_by_level):
    """A tensor without a history, which gets the one of a tensor that was saved."""
    if edge is not None:
        point(tensor, *edge)
        if edge[0].__class__ is AccumulateGrad:
            tensor._node, tensor._accumulator = None, weakref.ref(edge[0])
    for level, saved in (tangents_by_level or {}).items():
        if level in tangents.open:
            give(tensor, level, saved.unpack())
    return tensor


def packed_by(pack, tensor):
    """What a hook makes of a tensor that is saved.

    Errors:  RuntimeError if it writes into the tensor.
    """
    version = tensor._version
    before, mode.enabled = mode.enabled, False
    try:
        packed = pack(tensor)
    finally:
        mode.enabled = before
    if tensor._version != version:
        raise RuntimeError(
            "A saved tensor pack hook is modifying its input in place. Tensors provided as input to "
            "pack hook cannot be modified by in-place operations as this can lead to unexpected "
            "side-effects. Please open an issue if you need to perform in-place operations on the "
            "input to a pack hook."
        )
    return packed


def unpacked_by(unpack, packed):
    """The tensor that a hook makes of what was packed. Errors: TypeError if it is none."""
    tensor = unpack(packed)
    if not isinstance(tensor, Tensor):
        raise TypeError(
            "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
            f"{type(tensor).__name__}"
        )
    return tensor
