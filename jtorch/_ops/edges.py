"""Which tensors want gradients, and where in the graph these go."""

import weakref

from jtorch._autograd.graph import AccumulateGrad
from jtorch._autograd.modes import mode
from jtorch._dtypes import FLOATING
from jtorch._ops.tangents import carries, tangents
from jtorch._tensor import Tensor


def needs_gradient(tensor) -> bool:
    """Whether gradients are wanted of a tensor; a view of what wants them wants them, too."""
    if tensor._requires_grad:
        return True
    base = tensor._base
    return base is not None and base._requires_grad and tensor._meta.dtype.category >= FLOATING


def tracked(operands) -> bool:
    """Whether an operation on these is to be recorded: for gradients, or for tangents."""
    for each in operands:
        if isinstance(each, Tensor) and (
            (mode.enabled and needs_gradient(each)) or (tangents.level and carries(each))
        ):
            return True
    return False


def edge_of(tensor):
    """Where the gradient of a tensor goes: (node, place), or None."""
    return wanted_edge_of(tensor) if needs_gradient(tensor) else None


def wanted_edge_of(tensor):
    """The same of a tensor that gradients are wanted of."""
    node = tensor._node if tensor._base is None else tensor.grad_fn
    if node is not None:
        return node, tensor._output_nr
    node = None if tensor._accumulator is None else tensor._accumulator()
    if node is None:
        node = AccumulateGrad(tensor)
        tensor._accumulator = weakref.ref(node)
    return node, 0


def point(tensor, node, place=0):
    """Make a tensor the result `place` of a node."""
    tensor._requires_grad = True
    if tensor._node is not None and tensor._node is not node:
        _move_retained(tensor, node, place)
    tensor._node = node
    tensor._output_nr = place


def _move_retained(tensor, node, place):
    """A tensor that keeps its gradient goes on keeping that of its newest value."""
    hooks = tensor._node._hooks
    if hooks is not None:
        keeper = hooks.retained.get(tensor._output_nr)
        if keeper is not None and keeper() is tensor:
            node._own_hooks.retained[place] = hooks.retained.pop(tensor._output_nr)
