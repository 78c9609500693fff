"""What a Function has saved: its inputs as they are, its outputs without their history."""

from jtorch._autograd.saving import saving
from jtorch._ops.history import edge_of, packed_by, restored, unpacked_by
from jtorch._ops.recall import FREED, refuse_changed, watch
from jtorch._ops.windows import window_at
from jtorch._tensor import Tensor, from_node, node_of


class Kept:
    """A tensor, or None, that a Function's node has saved. Source: torch._C._autograd.SavedTensor."""

    __module__ = "torch._C._autograd"

    def __init__(self, tensor, owner):
        self._tensor = tensor
        self._place = None  # of an output: which of them it is
        self._edge = None  # None too where the tensor is kept itself
        self._hooks = self._packed = None
        if tensor is None:
            return
        is_output = tensor.grad_fn is owner
        if is_output:
            # The tensor itself would hold the node, and that what it saves.
            self._place = tensor.output_nr
            self._tensor = window_at(tensor, tensor._meta, tensor._offset)
        self._watched = watch(~self._place if is_output else 0, tensor)
        if saving.hooks is not None:
            self._pack(tensor, *saving.hooks)
        elif saving.mutation is not None:
            saving.mutation.remember(self)

    def _pack(self, tensor, pack, unpack):
        self._packed = packed_by(pack, tensor)
        self._hooks = pack, unpack
        self._edge = None if self._place is not None else edge_of(tensor)
        self._tensor = None

    def unpack(self, owner):
        """The tensor as it was.

        Errors:  RuntimeError if it has been changed in place.
        """
        if self._hooks is not None:
            tensor = unpacked_by(self._hooks[1], self._packed)
        else:
            refuse_changed(owner, (self._watched,))
            tensor = self._tensor
            if self._place is None:
                return tensor
        alias = window_at(tensor, tensor._meta, tensor._offset)
        edge = self._edge if self._place is None else (owner, self._place)
        return restored(alias, edge, None)
