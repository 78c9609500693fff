"""What a transform of torch.func puts in for the tensors it is given, and takes out again."""

from jtorch._autograd.graph import AccumulateGrad
from jtorch._ops.edges import edge_of, needs_gradient
from jtorch._ops.tangents import give, tangents_of
from jtorch._ops.view import dense_copy
from jtorch._tensor import Tensor


class Inputs:
    """The tensors that a function is differentiated at, put in for those of the user.

    What was put in has a place of its own in the graph, and is connected with the user's tensors
    where these are being differentiated themselves, so that transforms can be nested.
    """

    def __init__(self, tensors):
        self.own = set()  # the leaves of which nobody outside knows
        self.tensors = [self._put_in(each) for each in tensors]

    def _put_in(self, tensor):
        if needs_gradient(tensor):
            return dense_copy(tensor, _stride(tensor))
        leaf = dense_copy(tensor, _stride(tensor)).detach().requires_grad_()
        self.own.add(edge_of(leaf)[0])
        for level, tangent in (tangents_of(tensor) or {}).items():
            give(leaf, level, tangent)
        return leaf

    def take_out(self, tensor):
        """The tensor, without its history if that leads to nothing but what was put in."""
        if not isinstance(tensor, Tensor) or not needs_gradient(tensor):
            return tensor
        if self._reaches_outside(edge_of(tensor)):
            return tensor
        plain = tensor.detach()
        for level, tangent in (tangents_of(tensor) or {}).items():
            give(plain, level, self.take_out(tangent))
        return plain

    def _reaches_outside(self, edge):
        stack = [edge[0]]
        seen = set(stack)
        while stack:
            node = stack.pop()
            if node.__class__ is AccumulateGrad and node not in self.own:
                return True
            for each in node._edges:
                if each is not None and each[0] not in seen:
                    seen.add(each[0])
                    stack.append(each[0])
        return False


def _stride(tensor):
    meta = tensor._meta
    return meta.stride if tensor._storage.meta is meta else None


def require_tensor(value):
    """Raise torch's error for what is no tensor."""
    if not isinstance(value, Tensor):
        raise ValueError(f"Thing passed to transform API must be Tensor, got {type(value)}")
    return value
