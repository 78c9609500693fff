"""Where operations and the tape meet: results get nodes, nodes call backward kernels, writes rebase.

The gradient of a recorded kernel is JAX's derivative of it (`autograd._vjp`), recorded like any other
operation: a backward pass is more nodes of the same trace, and can be differentiated itself.
"""

import weakref

from jtorch._engine.realize import record
from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.writing import node_on
from jtorch._shapes import contiguous_strides
from jtorch._storage import read_kernel_of, write_kernel_of
from jtorch._tensor import Tensor, from_node, node_of, write
from jtorch.autograd._graph import AccumulateGrad, Node
from jtorch.autograd._modes import mode
from jtorch.autograd._vjp import backward_of, is_differentiable, needs_of


class Saved:
    """A value that a backward kernel needs, and where its own gradient would go."""

    __slots__ = ("edge", "meta", "node")

    def __init__(self, tensor, device):
        self.node = node_on(tensor, device)
        self.meta = tensor._meta
        self.edge = edge_of(tensor)

    def unpack(self):
        tensor = from_node(self.node, Meta(self.meta.shape, self.meta.dtype, self.meta.device))
        if self.edge is not None:
            point(tensor, *self.edge)
        return tensor


class KernelNode(Node):
    """A recorded kernel: its gradient is the derivative of the kernel at the saved inputs."""

    def __init__(self, name, kernel, operands, metas, device):
        wanted = tuple(i for i, each in enumerate(operands) if needs_gradient(each))
        super().__init__([edge_of(operands[i]) for i in wanted], metas)
        self._name = name
        self._kernel = kernel
        self._wanted = wanted
        self._device = device
        self._saved = {
            i: Saved(each, device) if isinstance(each := operands[i], Tensor) else each
            for i in needs_of(kernel, wanted)
        }
        self._input_metas = [operands[i]._meta for i in wanted]

    def apply(self, gradients):
        if self._saved is None:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or directly access saved "
                "tensors after they have already been freed). Saved intermediate values of the "
                "graph are freed when you call .backward() or autograd.grad(). Specify "
                "retain_graph=True if you need to backward through the graph a second time or if "
                "you need to access saved tensors after calling backward."
            )
        given = tuple(place for place, each in enumerate(gradients) if each is not None)
        backward = backward_of(self._kernel, self._wanted, given)
        saved = [self._saved[i] for i in backward.needs]
        operands = [each.unpack() if each.__class__ is Saved else each for each in saved]
        operands += [gradients[place] for place in given]
        metas = [Meta(each.shape, each.dtype, self._device) for each in self._input_metas]
        name = self._name.replace("Backward", "BackwardBackward")
        results = call_kernel(name, backward.kernel, operands, metas, self._device)
        return tuple(
            _on_device_of(each, meta) for each, meta in zip(results, self._input_metas, strict=True)
        )

    def release(self):
        if self._saved:
            self._saved = None


def _on_device_of(gradient, meta):
    """A 0-dim CPU tensor may be used on an accelerator; its gradient comes home."""
    return gradient if gradient.device == meta.device else gradient.to(meta.device)


class ZeroNode(Node):
    """A value that was overwritten by a constant: it has a history, and no gradient goes further."""

    def __init__(self, name, meta):
        super().__init__((), (meta,))
        self._name = name

    def apply(self, gradients):
        return ()


def needs_gradient(operand) -> bool:
    return (
        isinstance(operand, Tensor)
        and operand._requires_grad
        and is_differentiable(operand._meta.dtype.numpy)
    )


def tracked(operands) -> bool:
    """Whether an operation on these is to be recorded."""
    return mode.enabled and any(
        isinstance(each, Tensor) and each._requires_grad for each in operands
    )


def call_kernel(name, kernel, operands, metas, device):
    """Record a kernel with several results, and its history; `operands` are tensors and numbers."""
    inputs = tuple(
        [node_on(each, device) if isinstance(each, Tensor) else each for each in operands]
    )
    node = record(kernel, inputs, device)
    picks = pick_kernels(kernel)
    results = [
        from_node(record(pick, (node,), device), meta)
        for pick, meta in zip(picks, metas, strict=True)
    ]
    if tracked(operands):
        attach(name, kernel, operands, results, device)
    return results


def attach(name, kernel, operands, results, device):
    """Give results of a kernel their place in the graph."""
    if not any(needs_gradient(each) for each in operands):
        return
    metas = tuple([each._meta for each in results])
    if not any(is_differentiable(meta.dtype.numpy) for meta in metas):
        return
    node = KernelNode(name, kernel, operands, metas, device)
    for place, each in enumerate(results):
        if is_differentiable(each._meta.dtype.numpy):
            point(each, node, place)


def point(tensor, node, place):
    """Make a tensor the result `place` of a node (or the leaf it accumulates into)."""
    tensor._requires_grad = True
    tensor._edge = (node, place)
    tensor.grad_fn = None if isinstance(node, AccumulateGrad) else node


def edge_of(tensor):
    """Where the gradient of a tensor goes; None where none is wanted."""
    if not tensor._requires_grad:
        return None
    _refresh(tensor)
    if tensor._edge is not None:
        return tensor._edge
    known = tensor._accumulator
    found = None if known is None else known()
    if found is None:
        found = AccumulateGrad(tensor, accumulate)
        tensor._accumulator = weakref.ref(found)
    return found, 0


def accumulate(leaf, gradient):
    """Add a gradient to `leaf.grad`: in place where no graph of the sum is wanted."""
    grad = leaf.grad
    if grad is None:
        leaf.grad = gradient.detach() if not mode.enabled else gradient
    elif mode.enabled and gradient._requires_grad:
        leaf.grad = grad + gradient
    else:
        grad.add_(gradient)


# Views


def record_view(view, tensor):
    """The history of a view: the gradient goes where its elements are in `tensor`."""
    name = "AsStridedBackward0"
    shape, stride, offset = _relative(tensor, view)
    dense = Meta(tensor._meta.shape, tensor._meta.dtype, tensor._meta.device)
    meta = Meta(view._meta.shape, view._meta.dtype, view._meta.device, stride)
    if meta.dtype is not dense.dtype:
        raise not_provided("gradients through a view as another dtype")
    kernel, starts = read_kernel_of(dense, meta, offset)
    attach(name, kernel, [tensor, *starts], [view], view._meta.device)
    view._made_at = _writes(tensor)


def _relative(tensor, view):
    """The view's geometry, were `tensor` dense in its own shape."""
    meta = tensor._meta
    dims = [d for d in range(meta.ndim) if meta.shape[d] > 1 and meta.stride[d]]
    dims.sort(key=lambda d: -meta.stride[d])
    dense = contiguous_strides(meta.shape)

    def decode(distance, bounded):
        result = 0
        for dim in dims:
            count = distance // meta.stride[dim]
            if bounded:
                count = min(count, meta.shape[dim] - 1)
            result += count * dense[dim]
            distance -= count * meta.stride[dim]
        if distance:
            raise not_provided("gradients through a view that reaches outside of its tensor")
        return result

    shape = view._meta.shape
    stride = tuple(
        decode(step, False) if extent > 1 else 0
        for extent, step in zip(shape, view._meta.stride, strict=True)
    )
    return shape, stride, decode(view._offset - tensor._offset, True)


def _writes(tensor):
    """How often the history of the base of a tensor has changed."""
    base = tensor._base
    return (tensor if base is None else base)._rebased


def _refresh(tensor):
    """A view whose base was written since gets its history anew: from the base."""
    base = tensor._base
    if base is not None and tensor._made_at != base._rebased and base._requires_grad:
        record_view(tensor, base)


# Writing in place


def refuse_in_place(tensor):
    """torch's errors for writing to a leaf that wants gradients, or to a view of one."""
    if not mode.enabled:
        return
    if tensor._requires_grad and tensor.is_leaf and tensor._base is None:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    base = tensor._base
    if base is not None and base._requires_grad and base.is_leaf:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation."
        )


def assign(target, value, name="CopySlices"):
    """Write the elements of `value` (same shape and dtype) into `target`, with their history."""
    old = _old_value(target, value)
    write(target, node_of(value))
    if old is None:
        return
    base = target._base
    if base is None:
        if value._requires_grad:
            point(target, *edge_of(value))
        else:
            point(target, ZeroNode(name, target._meta), 0)
        return
    meta = base._meta
    kernel, starts = write_kernel_of(meta, target._meta, target._offset)
    node = KernelNode(name, kernel, [old, value, *starts], (meta,), meta.device)
    node._name = "CopySlices"
    point(base, node, 0)
    base._rebased += 1
    target._requires_grad = True


def _old_value(target, value):
    """The base as it was before a write, if the write has to be recorded; else None."""
    base = target._base
    whole = target if base is None else base
    if not mode.enabled or not (value._requires_grad or whole._requires_grad):
        return None
    if base is not None and base._meta is not base._storage.meta:
        raise not_provided("writing with gradients to a view of a tensor that is not dense itself")
    edge = edge_of(whole)
    old = from_node(node_of(whole), whole._meta)
    if edge is not None:
        point(old, *edge)
    return old
