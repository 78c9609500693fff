"""Hooks on tensors and on nodes: what users want to happen, and change, while gradients pass."""

import weakref
from collections import OrderedDict


class Hooks:
    """What is to happen at a node besides its own work."""

    __slots__ = ("after", "before", "notes", "retained", "tensors")

    def __init__(self):
        self.tensors = {}  # place of a result -> hooks on its gradient
        self.retained = {}  # place of a result -> weak reference to the tensor that keeps its gradient
        self.before = OrderedDict()
        self.after = OrderedDict()
        self.notes = {}

    def on_tensor(self, place):
        """The hooks on one result, made when they are first asked for."""
        return self.tensors.setdefault(place, OrderedDict())


class RemovableHandle:
    """What registering a hook gives: `remove()` takes it away again.

    `extra_dict` are dictionaries that may know the hook, too.

    Source:  torch.utils.hooks.RemovableHandle.
    """

    __module__ = "jtorch.utils.hooks"
    next_id = 0

    def __init__(self, hooks_dict, *, extra_dict=None):
        self.hooks_dict_ref = weakref.ref(hooks_dict)
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        extra = () if extra_dict is None else extra_dict
        self.extra_dict_ref = tuple(
            [
                weakref.ref(each)
                for each in (extra if isinstance(extra, (list, tuple)) else (extra,))
            ]
        )

    def remove(self):
        """Take the hook away."""
        for reference in (self.hooks_dict_ref, *self.extra_dict_ref):
            hooks = reference()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __getstate__(self):
        return (self.hooks_dict_ref(), self.id, tuple([each() for each in self.extra_dict_ref]))

    def __setstate__(self, state):
        hooks, self.id, extra = state if len(state) == 3 else (*state, None)
        # a dictionary of its own stands for one that is gone
        self.hooks_dict_ref = weakref.ref(OrderedDict() if hooks is None else hooks)
        RemovableHandle.next_id = max(RemovableHandle.next_id, self.id + 1)
        self.extra_dict_ref = tuple(
            [weakref.ref(OrderedDict() if each is None else each) for each in extra or ()]
        )

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.remove()


def add(hooks, hook):
    """Put a hook into a dictionary of them; its handle."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


# Calls


def of_tensors(hooks, gradients, metas):
    """The gradients of results, as hooks on them have changed them; some tensors keep theirs."""
    gradients = list(gradients)
    for place, known in hooks.tensors.items():
        for hook in list(known.values()):
            changed = hook(gradients[place])
            if changed is not None:
                _require_tensor(changed)
                _require_like(changed, metas[place], hook)
                gradients[place] = changed
    for place, keeper in hooks.retained.items():
        tensor, gradient = keeper(), gradients[place]
        if tensor is not None and gradient is not None:
            tensor._grad = gradient.clone() if tensor._grad is None else tensor._grad + gradient
    return gradients


def before_node(hooks, gradients):
    """The gradients of results, as hooks that run before the node have changed them."""
    for hook in list(hooks.before.values()):
        changed = hook(tuple(gradients))
        if changed is not None:
            changed = changed if isinstance(changed, tuple) else (changed,)
            gradients = _checked(changed, gradients, hook)
    return gradients


def after_node(hooks, given, gradients):
    """The gradients of inputs, as hooks that run after the node have changed them."""
    for hook in list(hooks.after.values()):
        changed = hook(tuple(given), tuple(gradients))
        if changed is not None:
            if not isinstance(changed, tuple):
                raise TypeError(f"expected tuple, but hook returned '{type(changed).__name__}'")
            given = _checked(changed, given, hook)
    return given


def after_leaf(hooks, leaf):
    """Call the hooks of a leaf whose `grad` is complete."""
    for hook in list(hooks.values()):
        changed = hook(leaf)
        if changed is not None:
            _require_tensor(changed)


def _checked(changed, before, hook):
    if len(changed) != len(before):
        raise RuntimeError(
            f"hook '{_name(hook)}' has returned an incorrect number of values (got {len(changed)}, but "
            f"expected {len(before)})"
        )
    for new, old in zip(changed, before, strict=True):
        if new is not None:
            _require_tensor(new)
            if old is not None:
                _require_like(new, old._meta, hook)
    return list(changed)


def _require_tensor(value):
    if not hasattr(value, "_meta"):
        raise TypeError(f"expected Variable, but hook returned '{type(value).__name__}'")


def _require_like(changed, meta, hook):
    given = changed._meta
    if given.dtype is not meta.dtype:
        names = [f"torch.{each.scalar_name}Tensor" for each in (meta.dtype, given.dtype)]
        raise RuntimeError(
            f"hook '{_name(hook)}' has changed the type of value (was {names[0]} got {names[1]})"
        )
    if given.shape != meta.shape:
        raise RuntimeError(f"hook '{_name(hook)}' has changed the size of value")


def _name(hook):
    return getattr(hook, "__name__", "<unknown>")
