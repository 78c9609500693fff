"""What a Function has saved: its inputs as they are, its outputs without their history."""

from jtorch._autograd.saving import saving
from jtorch._ops.edges import edge_of
from jtorch._ops.keeping import packed_by, restored, unpacked_by
from jtorch._ops.recall import refuse_changed, watch
from jtorch._ops.windows import window_at


class SavedTensor:
    """A tensor, or None, that a Function's node has saved. Source: torch._C._autograd.SavedTensor."""

    __module__ = "torch._C._autograd"

    def __init__(self, tensor, owner):
        self._tensor = tensor
        self._place = None  # of an output: which of them it is
        self._edge = None  # None too where the tensor is kept itself
        self._hooks = self._packed = None
        self._is_gone = False
        if tensor is None:
            return
        is_output = tensor.grad_fn is owner
        if is_output:
            # The tensor itself would hold the node, and that what it saves.
            self._place = tensor._output_nr
            self._tensor = window_at(tensor, tensor._meta, tensor._offset)
        self._watched = watch(~self._place if is_output else 0, tensor)
        if saving.hooks is not None:
            self._pack(tensor, *saving.hooks, edge_of(tensor))

    def _pack(self, tensor, pack, unpack, edge):
        self._packed = packed_by(pack, tensor)
        self._hooks = pack, unpack
        self._edge = edge if self._place is None else None
        self._tensor = None

    def register_hooks(self, pack_hook, unpack_hook):
        """Keep what `pack_hook` makes of the tensor; `unpack_hook` gives it back.

        Errors:  RuntimeError for None, for what has hooks already, and after backward.
        """
        if self._hooks is not None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set. Hint: "
                "only one pair of hooks is allowed at a time."
            )
        if self._is_gone:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor after it has been freed. Saved intermediate "
                "values of the graph are freed when you call .backward() or autograd.grad(). Specify "
                "retain_graph=True if you need to backward through the graph a second time or if you "
                "need to access saved variables after calling backward."
            )
        if self._tensor is None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor with value None is forbidden"
            )
        edge = edge_of(self._tensor)
        self._pack(self._tensor.detach(), pack_hook, unpack_hook, edge)

    def forget(self):
        """Backward has been, and keeps no graph."""
        self._tensor = self._packed = None
        self._is_gone = True

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
