"""Hooks around a module's call: how they are registered, for one module or for all, and run."""

import functools
import warnings
import weakref
from collections import OrderedDict

from jtorch._tensor import Tensor
from jtorch.utils.hooks import BackwardHook, RemovableHandle

# Hooks on every module there is.
_global_backward_pre_hooks = OrderedDict()
_global_backward_hooks = OrderedDict()
_global_forward_pre_hooks = OrderedDict()
_global_forward_hooks = OrderedDict()
_global_forward_hooks_always_called = OrderedDict()
_global_forward_hooks_with_kwargs = OrderedDict()
_global_buffer_registration_hooks = OrderedDict()
_global_module_registration_hooks = OrderedDict()
_global_parameter_registration_hooks = OrderedDict()


class _Kind:
    """Whether the backward hooks on every module are full ones; None while there are none."""

    full = None


def registered(hooks, hook, extra=(), prepend=False):
    """Put a hook into a dictionary, and into those of `extra` whose flag is set; its handle."""
    handle = RemovableHandle(hooks, extra_dict=[each for each, _ in extra])
    hooks[handle.id] = hook
    for each, wanted in extra:
        if wanted:
            each[handle.id] = True
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


# On every module


def register_module_buffer_registration_hook(hook):
    """Call `hook(module, name, buffer)` for every buffer registered; what it returns replaces it."""
    return registered(_global_buffer_registration_hooks, hook)


def register_module_module_registration_hook(hook):
    """Call `hook(module, name, submodule)` for every child registered; what it returns replaces it."""
    return registered(_global_module_registration_hooks, hook)


def register_module_parameter_registration_hook(hook):
    """Call `hook(module, name, parameter)` for every parameter registered; what it returns replaces it."""
    return registered(_global_parameter_registration_hooks, hook)


def register_module_forward_pre_hook(hook):
    """`Module.register_forward_pre_hook` for every module. Source: torch.nn.modules.module."""
    return registered(_global_forward_pre_hooks, hook)


def register_module_forward_hook(hook, *, with_kwargs=False, always_call=False):
    """`Module.register_forward_hook` for every module. Source: torch.nn.modules.module."""
    extra = (
        (_global_forward_hooks_with_kwargs, with_kwargs),
        (_global_forward_hooks_always_called, always_call),
    )
    return registered(_global_forward_hooks, hook, extra)


def register_module_backward_hook(hook):
    """`Module.register_backward_hook` for every module. Source: torch.nn.modules.module."""
    return _registered_backward(hook, False)


def register_module_full_backward_pre_hook(hook):
    """`Module.register_full_backward_pre_hook` for every module. Source: torch.nn.modules.module."""
    return registered(_global_backward_pre_hooks, hook)


def register_module_full_backward_hook(hook):
    """`Module.register_full_backward_hook` for every module. Source: torch.nn.modules.module."""
    return _registered_backward(hook, True)


def _registered_backward(hook, full):
    if _Kind.full is (not full):
        raise RuntimeError(
            "Cannot use both regular backward hooks and full backward hooks as a global Module "
            "hook. Please use only one of them."
        )
    _Kind.full = full
    return registered(_global_backward_hooks, hook)


def has_any_global_hook() -> bool:
    """Whether there is a hook on every module."""
    return bool(
        _global_backward_pre_hooks
        or _global_backward_hooks
        or _global_forward_pre_hooks
        or _global_forward_hooks
    )


# On one module; these are methods of Module.


def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
    """Call `hook(module, args)` before `forward`; what it returns replaces the arguments.

    With `with_kwargs` it is `hook(module, args, kwargs)`, and returns both or None.

    Source:  torch.nn.Module.register_forward_pre_hook.
    """
    extra = ((self._forward_pre_hooks_with_kwargs, with_kwargs),)
    return registered(self._forward_pre_hooks, hook, extra, prepend)


def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
    """Call `hook(module, args, output)` after `forward`; what it returns replaces the output.

    With `with_kwargs` it is `hook(module, args, kwargs, output)`; with `always_call` it is called
    even if `forward` raises.

    Source:  torch.nn.Module.register_forward_hook.
    """
    extra = (
        (self._forward_hooks_with_kwargs, with_kwargs),
        (self._forward_hooks_always_called, always_call),
    )
    return registered(self._forward_hooks, hook, extra, prepend)


def register_full_backward_pre_hook(self, hook, prepend=False):
    """Call `hook(module, grad_output)` before the module's backward; what it returns replaces them.

    Source:  torch.nn.Module.register_full_backward_pre_hook.
    """
    return registered(self._backward_pre_hooks, hook, (), prepend)


def register_full_backward_hook(self, hook, prepend=False):
    """Call `hook(module, grad_input, grad_output)` when the gradients of the inputs are known.

    What it returns replaces the gradients of the inputs.

    Errors:  RuntimeError if the module has a hook by `register_backward_hook`.
    Source:  torch.nn.Module.register_full_backward_hook.
    """
    _refuse_both(self, True)
    return registered(self._backward_hooks, hook, (), prepend)


def register_backward_hook(self, hook):
    """The old backward hook, which sees the last operation only; better use the full one.

    Source:  torch.nn.Module.register_backward_hook.
    """
    _refuse_both(self, False)
    return registered(self._backward_hooks, hook)


def _refuse_both(module, full):
    if module._is_full_backward_hook is (not full):
        raise RuntimeError(
            "Cannot use both regular backward hooks and full backward hooks on a single Module. "
            "Please use only one of them."
        )
    module._is_full_backward_hook = full


def _get_backward_hooks(self):
    """(the full backward hooks, those of the old kind) on this module, with those on every one."""
    full, old = [], []
    if _Kind.full is True:
        full += _global_backward_hooks.values()
    if self._is_full_backward_hook is True:
        full += self._backward_hooks.values()
    if _Kind.full is False:
        old += _global_backward_hooks.values()
    if self._is_full_backward_hook is False:
        old += self._backward_hooks.values()
    return full, old


def _get_backward_pre_hooks(self):
    return [*_global_backward_pre_hooks.values(), *self._backward_pre_hooks.values()]


# The call


def call_with_hooks(self, *args, **kwargs):
    """What calling a module does, where there may be hooks."""
    called = set()
    result = None
    try:
        full, old = _get_backward_hooks(self)
        before = _get_backward_pre_hooks(self)
        args, kwargs = _after_forward_pre_hooks(self, args, kwargs)
        backward = None
        if full or before:
            backward = BackwardHook(self, full, before)
            args = backward.setup_input_hook(args)
        result = self.forward(*args, **kwargs)
        for number, hook in (*_global_forward_hooks.items(), *self._forward_hooks.items()):
            if _is_always_called(self, number):
                called.add(number)
            answer = _call_forward_hook(self, number, hook, args, kwargs, result)
            if answer is not None:
                result = answer
        if backward is not None:
            if not isinstance(result, (Tensor, tuple)):
                warnings.warn(
                    "For backward hooks to be called, module output should be a Tensor or a tuple "
                    f"of Tensors but received {type(result)}",
                    stacklevel=3,
                )
            result = backward.setup_output_hook(result)
        if old:
            _hook_last_node(self, old, args, result)
    except Exception:
        _call_remaining(self, called, args, kwargs, result)
        raise
    return result


def _after_forward_pre_hooks(module, args, kwargs):
    for number, hook in (*_global_forward_pre_hooks.items(), *module._forward_pre_hooks.items()):
        if number in module._forward_pre_hooks_with_kwargs:
            answer = hook(module, args, kwargs)
            if answer is None:
                continue
            if not (isinstance(answer, tuple) and len(answer) == 2):
                raise RuntimeError(
                    "forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
                    f"but got {answer}."
                )
            args, kwargs = answer
        else:
            answer = hook(module, args)
            if answer is not None:
                args = answer if isinstance(answer, tuple) else (answer,)
    return args, kwargs


def _is_always_called(module, number):
    return (
        number in module._forward_hooks_always_called
        or number in _global_forward_hooks_always_called
    )


def _call_forward_hook(module, number, hook, args, kwargs, result):
    if number in module._forward_hooks_with_kwargs or number in _global_forward_hooks_with_kwargs:
        return hook(module, args, kwargs, result)
    return hook(module, args, result)


def _call_remaining(module, called, args, kwargs, result):
    """After an error: the hooks that are always called and have not been yet."""
    kinds = (
        ("global module", _global_forward_hooks, _global_forward_hooks_always_called),
        ("module", module._forward_hooks, module._forward_hooks_always_called),
    )
    for which, hooks, always in kinds:
        for number, hook in hooks.items():
            if number not in always or number in called:
                continue
            try:
                answer = _call_forward_hook(module, number, hook, args, kwargs, result)
                if answer is not None:
                    result = answer
            except Exception as error:
                warnings.warn(
                    f"{which} forward hook with ``always_call=True`` raised an exception that was "
                    f"silenced as another error was raised in forward: {error!s}",
                    stacklevel=3,
                )


class _WrappedHook:
    """A hook, called with its module first where there is one; it does not keep the module."""

    def __init__(self, hook, module=None):
        self.hook = hook
        functools.update_wrapper(self, hook)
        self.with_module = module is not None
        if self.with_module:
            self.module = weakref.ref(module)

    def __call__(self, *args, **kwargs):
        if not self.with_module:
            return self.hook(*args, **kwargs)
        module = self.module()
        if module is None:
            raise RuntimeError("You are trying to call the hook of a dead Module!")
        return self.hook(module, *args, **kwargs)

    def __getstate__(self):
        state = {"hook": self.hook, "with_module": self.with_module}
        if self.with_module:
            state["module"] = self.module()
        return state

    def __setstate__(self, state):
        self.hook = state["hook"]
        self.with_module = state["with_module"]
        if self.with_module:
            if state["module"] is None:
                raise RuntimeError("You are trying to revive the hook of a dead Module!")
            self.module = weakref.ref(state["module"])


def _hook_last_node(module, hooks, inputs, result):
    """The old kind of backward hook: on the node that has made the first tensor of the result."""
    tensor = result
    while not isinstance(tensor, Tensor):
        if isinstance(tensor, dict):
            tensor = next(each for each in tensor.values() if isinstance(each, Tensor))
        else:
            tensor = tensor[0]
    node = tensor.grad_fn
    if node is not None:
        for hook in hooks:
            node.register_hook(_WrappedHook(hook, module))
        _warn_of_missing(inputs, result, node)


_INSTEAD = "Please use register_full_backward_hook to get the documented behavior."
_DEPRECATED = "is deprecated and will be removed in future versions. This hook will be missing some"


def _warn_of_missing(inputs, result, node):
    """torch's warnings of what an old backward hook does not get to see."""
    text = None
    if not isinstance(result, Tensor) and not _are_tensors(result):
        text = (
            "Using non-full backward hooks on a Module that does not return a single Tensor or a "
            f"tuple of Tensors {_DEPRECATED} of the grad_output. {_INSTEAD}"
        )
    elif not isinstance(inputs, Tensor) and not _are_tensors(inputs):
        text = (
            "Using non-full backward hooks on a Module that does not take as input a single Tensor "
            f"or a tuple of Tensors {_DEPRECATED} of the grad_input. {_INSTEAD}"
        )
    else:
        text = _what_is_missing(inputs, result, node)
    if text is not None:
        warnings.warn(text, FutureWarning, stacklevel=4)


def _what_is_missing(inputs, result, node):
    outputs = (result,) if isinstance(result, Tensor) else result
    given = (inputs,) if isinstance(inputs, Tensor) else inputs
    nodes = {each.grad_fn for each in outputs if each.grad_fn is not None}
    if len(nodes) > 1 or (nodes and node not in nodes):
        return (
            "Using a non-full backward hook when outputs are generated by different autograd Nodes "
            f"{_DEPRECATED} grad_output. {_INSTEAD}"
        )
    input_nodes = {each.grad_fn for each in given if each.grad_fn is not None}
    next_nodes = {each[0] for each in node.next_functions}
    if input_nodes != next_nodes:
        return (
            "Using a non-full backward hook when the forward contains multiple autograd Nodes "
            f"{_DEPRECATED} grad_input. {_INSTEAD}"
        )
    return None


def _are_tensors(value):
    return isinstance(value, tuple) and all(isinstance(each, Tensor) for each in value)
