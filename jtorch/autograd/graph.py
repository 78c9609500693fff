"""torch.autograd.graph: nodes and edges of the graph, and hooks on what it saves."""

import contextlib
import threading
import weakref

from jtorch._alias import missing_attribute
from jtorch._autograd.graph import GradientEdge, Node, running
from jtorch._autograd.hooks import RemovableHandle
from jtorch._autograd.saving import saving
from jtorch._ops.edges import edge_of, needs_gradient
from jtorch._tensor import Tensor, from_node, node_of

__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]


def get_gradient_edge(tensor):
    """Where the gradient of a tensor goes; `backward` and `grad` take it in the tensor's place.

    Errors:  RuntimeError for a tensor that does not require grad.
    Source:  torch.autograd.graph.get_gradient_edge.
    """
    edge = edge_of(tensor)
    if edge is None:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require gradients"
        )
    return GradientEdge(*edge)


def increment_version(tensor):
    """Count a change of one tensor, or of each of several, that was made behind its back.

    Errors:  RuntimeError for what is no tensor.
    Source:  torch.autograd.graph.increment_version.
    """
    if isinstance(tensor, Tensor):
        tensor = (tensor,)
    if not hasattr(tensor, "__iter__"):
        raise RuntimeError("increment_version expect a Iterable[Tensor] as input")
    for each in tensor:
        if not isinstance(each, Tensor):
            raise RuntimeError(
                "increment_version expects each element of the iterable to be a tensor"
            )
        (each._counter or each._storage).version += 1


# Hooks on saved tensors


class saved_tensors_hooks:
    """Inside, what is saved for backward is what `pack_hook` makes of it; `unpack_hook` undoes that.

    Errors:  RuntimeError where hooks have been disabled.
    Source:  torch.autograd.graph.saved_tensors_hooks.
    """

    def __init__(self, pack_hook, unpack_hook):
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self):
        if saving.refusal is not None:
            raise RuntimeError(saving.refusal)
        saving.enter(self.pack_hook, self.unpack_hook)

    def __exit__(self, *exception):
        saving.exit()


class save_on_cpu(saved_tensors_hooks):
    """Inside, what is saved for backward waits for it in the memory of the CPU.

    Source:  torch.autograd.graph.save_on_cpu.
    """

    def __init__(self, pin_memory=False, device_type="cuda"):
        super().__init__(
            lambda tensor: (tensor.device, tensor.cpu()),
            lambda packed: packed[1].to(packed[0], non_blocking=pin_memory),
        )


@contextlib.contextmanager
def disable_saved_tensors_hooks(error_message):
    """Inside, `saved_tensors_hooks` raises a RuntimeError with this message.

    Errors:  RuntimeError with this message where there are hooks already.
    Source:  torch.autograd.graph.disable_saved_tensors_hooks.
    """
    if saving.hooks is not None:
        raise RuntimeError(error_message)
    before, saving.refusal = saving.refusal, error_message
    try:
        yield
    finally:
        saving.refusal = before


class _AllowMutationOnSavedContext:
    """What `allow_mutation_on_saved_tensors` keeps: whether saved tensors may still be asked for."""

    def __init__(self):
        self._period = object()

    def clear(self):
        """Forget what has been saved so far."""
        self._period = object()

    def _pack(self, tensor):
        # a value never changes, whatever becomes of the tensor
        return self._period, from_node(node_of(tensor), tensor._meta.replaced())

    def _unpack(self, packed):
        period, tensor = packed
        if period is not self._period:
            raise AssertionError(
                "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context"
                "in which the graph was originally recorded."
            )
        return tensor


class _Mutation(threading.local):
    allowed = False


_mutation = _Mutation()


@contextlib.contextmanager
def allow_mutation_on_saved_tensors():
    """Inside, tensors may be changed in place after they were saved: backward sees them as they were.

    Errors:  RuntimeError inside another such context; AssertionError for a backward outside.
    Source:  torch.autograd.graph.allow_mutation_on_saved_tensors.
    """
    if _mutation.allowed:
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    context = _AllowMutationOnSavedContext()
    with saved_tensors_hooks(context._pack, context._unpack):
        _mutation.allowed = True
        try:
            yield context
        finally:
            _mutation.allowed = False
            context.clear()


# Hooks on several tensors


class _MultiHandle(RemovableHandle):
    """The handles of several hooks as one."""

    def __init__(self, handles):
        self.handles = tuple(handles)

    def remove(self):
        for each in self.handles:
            each.remove()


def register_multi_grad_hook(tensors, fn, *, mode="all"):
    """Call `fn` with the gradients of several tensors, in each backward that has one of them.

    mode "all": once, when those that backward comes to are known, with a list (None for the others);
    "any": once, with the first that is known.

    Errors:  ValueError for another mode.
    Source:  torch.autograd.graph.register_multi_grad_hook.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    make = _all_hooks if mode == "all" else _any_hooks
    return _MultiHandle(make(list(tensors), fn))


def _all_hooks(tensors, fn):
    edges = [edge_of(each) for each in tensors]
    if None in edges:
        raise AssertionError("Expected gradient function to be set")
    lock = threading.Lock()
    found = weakref.WeakKeyDictionary()  # walk -> [gradients, how many are to come]

    def hook(gradient, place):
        walk = running.walk
        with lock:
            known = found.get(walk)
            if known is None:
                count = sum(walk.executes(node) for node, _ in edges)
                known = found[walk] = [[None] * len(edges), count]
            known[0][place] = gradient
            known[1] -= 1
            done = not known[1]
            if done:
                del found[walk]
        if done:
            fn(known[0])

    return [
        each.register_hook(lambda gradient, place=place: hook(gradient, place))
        for place, each in enumerate(tensors)
    ]


def _any_hooks(tensors, fn):
    lock = threading.Lock()
    last = lambda: None  # noqa: E731 - a weak reference to the walk that has called `fn` last

    def hook(gradient):
        nonlocal last
        with lock:
            first = last() is not running.walk
            last = weakref.ref(running.walk)
        if first:
            fn(gradient)

    return [each.register_hook(hook) for each in tensors if needs_gradient(each)]


def __getattr__(name):
    raise missing_attribute(__name__, name)
