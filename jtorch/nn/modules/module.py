"""Module: what has parameters, buffers and modules below it, and computes something of its inputs."""

import inspect
import types
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from jtorch._alias import house
from jtorch._ops.protocol import typename
from jtorch._tensor import Tensor
from jtorch.nn.modules import _conversions, _hooks, _states, _walks
from jtorch.nn.modules._hooks import (  # noqa: F401 - names that programs look for here
    _global_backward_hooks,
    _global_backward_pre_hooks,
    _global_buffer_registration_hooks,
    _global_forward_hooks,
    _global_forward_hooks_always_called,
    _global_forward_hooks_with_kwargs,
    _global_forward_pre_hooks,
    _global_module_registration_hooks,
    _global_parameter_registration_hooks,
    _WrappedHook,
    register_module_backward_hook,
    register_module_buffer_registration_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from jtorch.nn.modules._hooks import has_any_global_hook as _has_any_global_hook  # noqa: F401
from jtorch.nn.modules._states import (  # noqa: F401
    _EXTRA_STATE_KEY_SUFFIX,
    _IncompatibleKeys,
)
from jtorch.nn.parameter import Buffer, Parameter

__all__ = [
    "Module",
    "register_module_backward_hook",
    "register_module_buffer_registration_hook",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
    "register_module_module_registration_hook",
    "register_module_parameter_registration_hook",
]

house(__name__, (*(name for name in __all__ if name in globals()), "_IncompatibleKeys"))


def _forward_unimplemented(self, *input):
    """What the module computes; every subclass says it. Errors: NotImplementedError."""
    raise NotImplementedError(
        f'Module [{type(self).__name__}] is missing the required "forward" function'
    )


_ORDERED = (
    "_backward_pre_hooks", "_backward_hooks", "_is_full_backward_hook", "_forward_hooks",
    "_forward_hooks_with_kwargs", "_forward_hooks_always_called", "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs", "_state_dict_hooks", "_state_dict_pre_hooks",
    "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
)  # fmt: skip


class Module:
    """The base class of all neural network modules.

    A parameter, a module or a buffer that is assigned to an attribute is registered under its name.

    Attributes: training (bool): set by `train` and `eval`.
    Source:  torch.nn.Module.
    """

    T_destination = TypeVar("T_destination", bound=dict[str, Any])
    dump_patches = False
    _version = 1
    call_super_init = False
    _compiled_call_impl = None
    _parameters: dict
    _buffers: dict
    _modules: dict
    training: bool

    def __init__(self, *args, **kwargs):
        if not self.call_super_init:
            name = type(self).__name__
            if kwargs:
                raise TypeError(
                    f"{name}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
                )
            if args:
                raise TypeError(
                    f"{name}.__init__() takes 1 positional argument but {len(args) + 1} were given"
                )
        own = self.__dict__
        own["training"] = True
        own["_parameters"] = {}
        own["_buffers"] = {}
        own["_non_persistent_buffers_set"] = set()
        for name in _ORDERED:
            own[name] = OrderedDict()
        own["_is_full_backward_hook"] = None
        own["_modules"] = {}
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    forward: Callable[..., Any] = _forward_unimplemented

    # Calls

    def _wrapped_call_impl(self, *args, **kwargs):
        if self._compiled_call_impl is not None:
            return self._compiled_call_impl(*args, **kwargs)
        if (
            self._backward_hooks
            or self._backward_pre_hooks
            or self._forward_hooks
            or self._forward_pre_hooks
            or _global_forward_hooks
            or _global_forward_pre_hooks
            or _global_backward_hooks
            or _global_backward_pre_hooks
        ):
            return self._call_impl(*args, **kwargs)
        return self.forward(*args, **kwargs)

    __call__ = _wrapped_call_impl
    _call_impl = _hooks.call_with_hooks

    def compile(self, *args, **kwargs):
        """Nothing to do: what a call records is compiled anyway. Source: torch.nn.Module.compile."""
        self._compiled_call_impl = self._call_impl

    # Attributes

    def __getattr__(self, name):
        own = self.__dict__
        if "_parameters" in own:
            members = own["_parameters"]
            if name in members:
                return members[name]
            members = own["_modules"]
            if name in members:
                return members[name]
            members = own["_buffers"]
            if name in members:
                return members[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name, value):
        own = self.__dict__
        parameters = own.get("_parameters")
        if isinstance(value, Tensor) and isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            _forget(self, name, own, self._buffers, self._modules)
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as parameter '{name}' "
                    "(torch.nn.Parameter or None expected)"
                )
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if parameters is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            _forget(self, name, own, parameters, self._buffers)
            self._modules[name] = _registered_child(self, name, value)
        elif parameters is not None and name in own["_modules"]:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as child module '{name}' "
                    "(torch.nn.Module or None expected)"
                )
            self._modules[name] = _registered_child(self, name, value)
        elif (parameters is not None and name in own["_buffers"]) or (
            isinstance(value, Tensor) and isinstance(value, Buffer)
        ):
            _set_buffer(self, name, value)
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name):
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            object.__delattr__(self, name)

    def __dir__(self):
        names = [*dir(type(self)), *self.__dict__, *self._parameters, *self._modules]
        return sorted(name for name in [*names, *self._buffers] if not name[0].isdigit())

    # Registration

    def register_parameter(self, name, param):
        """Have a parameter, or None in its place, under a name.

        Errors:  KeyError for a name that is taken or cannot be one, TypeError for no parameter.
        Source:  torch.nn.Module.register_parameter.
        """
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        _check_name("parameter", name)
        if hasattr(self, name) and name not in self._parameters:
            raise KeyError(f"attribute '{name}' already exists")
        if param is not None:
            if not isinstance(param, Parameter):
                raise TypeError(
                    f"cannot assign '{typename(param)}' object to parameter '{name}' "
                    "(torch.nn.Parameter or None required)"
                )
            if param.grad_fn is not None:
                raise ValueError(
                    f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must "
                    f"be created explicitly. To express '{name}' as a function of another Tensor, "
                    "compute the value in the forward() method."
                )
            param = _answered(_global_parameter_registration_hooks, self, name, param)
        self._parameters[name] = param

    def register_buffer(self, name, tensor, persistent=True):
        """Have a tensor that is no parameter under a name; with `persistent` the state dict has it.

        Errors:  KeyError for a name that is taken or cannot be one, TypeError for no tensor.
        Source:  torch.nn.Module.register_buffer.
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        _check_name("buffer", name)
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"attribute '{name}' already exists")
        if not (tensor is None or _is_tensor(tensor)):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        self._buffers[name] = _answered(_global_buffer_registration_hooks, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name, module):
        """Have a module, or None in its place, under a name.

        Errors:  KeyError for a name that is taken or cannot be one, TypeError for no module.
        Source:  torch.nn.Module.add_module.
        """
        if not (module is None or isinstance(module, Module)):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        if not isinstance(name, str):
            raise TypeError(f"module name should be a string. Got {typename(name)}")
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = _registered_child(self, name, module)

    def register_module(self, name, module):
        """`add_module`. Source: torch.nn.Module.register_module."""
        self.add_module(name, module)

    def get_submodule(self, target):
        """The module below at a path like "net.0". Errors: AttributeError. Source: torch.nn.Module."""
        if target == "":
            return self
        module = self
        for name in target.split("."):
            if not hasattr(module, name):
                raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
            module = getattr(module, name)
            if not isinstance(module, Module):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return module

    def set_submodule(self, target, module, strict=False):
        """Put a module at a path; with `strict` there has to be one already.

        Errors:  ValueError, AttributeError.
        Source:  torch.nn.Module.set_submodule.
        """
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        *path, name = target.split(".")
        if not isinstance(module, Module):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        parent = self if not path else self.get_submodule(".".join(path))
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
        if hasattr(parent, name) and not isinstance(getattr(parent, name), Module):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target):
        """The parameter at a path. Errors: AttributeError. Source: torch.nn.Module.get_parameter."""
        module, name = _owner_of(self, target)
        found = getattr(module, name)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return found

    def get_buffer(self, target):
        """The buffer at a path. Errors: AttributeError. Source: torch.nn.Module.get_buffer."""
        module, name = _owner_of(self, target)
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return getattr(module, name)

    # Pickles and text

    def __getstate__(self):
        state = self.__dict__.copy()
        state.pop("_compiled_call_impl", None)
        return state

    def __setstate__(self, state):
        own = self.__dict__
        own.update(state)
        for name in _ORDERED:
            if name not in own:  # of a pickle older than the attribute
                own[name] = None if name == "_is_full_backward_hook" else OrderedDict()
        own.setdefault("_non_persistent_buffers_set", set())

    def _get_name(self):
        return type(self).__name__

    def extra_repr(self):
        """What the text of the module says besides its class. Source: torch.nn.Module.extra_repr."""
        return ""

    def __repr__(self):
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        below = [f"({name}): {_addindent(repr(each), 2)}" for name, each in self._modules.items()]
        if len(lines) == 1 and not below:
            return f"{self._get_name()}({lines[0]})"
        lines += below
        if not lines:
            return f"{self._get_name()}()"
        return self._get_name() + "(\n  " + "\n  ".join(lines) + "\n)"

    def _replicate_for_data_parallel(self):
        replica = self.__new__(type(self))
        replica.__dict__ = self.__dict__.copy()
        replica._parameters = {}
        replica._buffers = replica._buffers.copy()
        replica._modules = replica._modules.copy()
        replica._is_replica = True
        return replica

    # What stands in files of its own

    register_forward_pre_hook = _hooks.register_forward_pre_hook
    register_forward_hook = _hooks.register_forward_hook
    register_full_backward_pre_hook = _hooks.register_full_backward_pre_hook
    register_full_backward_hook = _hooks.register_full_backward_hook
    register_backward_hook = _hooks.register_backward_hook
    _get_backward_hooks = _hooks._get_backward_hooks
    _get_backward_pre_hooks = _hooks._get_backward_pre_hooks

    state_dict = _states.state_dict
    _save_to_state_dict = _states._save_to_state_dict
    get_extra_state = _states.get_extra_state
    set_extra_state = _states.set_extra_state
    load_state_dict = _states.load_state_dict
    _load_from_state_dict = _states._load_from_state_dict
    _register_state_dict_hook = _states._register_state_dict_hook
    register_state_dict_post_hook = _states.register_state_dict_post_hook
    register_state_dict_pre_hook = _states.register_state_dict_pre_hook
    _register_load_state_dict_pre_hook = _states._register_load_state_dict_pre_hook
    register_load_state_dict_pre_hook = _states.register_load_state_dict_pre_hook
    register_load_state_dict_post_hook = _states.register_load_state_dict_post_hook

    _named_members = _walks.named_members
    parameters = _walks.parameters
    named_parameters = _walks.named_parameters
    buffers = _walks.buffers
    named_buffers = _walks.named_buffers
    children = _walks.children
    named_children = _walks.named_children
    modules = _walks.modules
    named_modules = _walks.named_modules
    apply = _walks.apply
    train = _walks.train
    eval = _walks.eval
    requires_grad_ = _walks.requires_grad_

    _apply = _conversions._apply
    to = _conversions.to
    to_empty = _conversions.to_empty
    type = _conversions.type
    float = _conversions.float
    double = _conversions.double
    half = _conversions.half
    bfloat16 = _conversions.bfloat16
    cuda = _conversions.cuda
    cpu = _conversions.cpu
    ipu = _conversions.ipu
    xpu = _conversions.xpu
    mtia = _conversions.mtia
    share_memory = _conversions.share_memory
    zero_grad = _conversions.zero_grad


def _check_name(kind, name):
    if not isinstance(name, str):
        raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
    if "." in name:
        raise KeyError(f'{kind} name can\'t contain "."')
    if name == "":
        raise KeyError(f'{kind} name can\'t be empty string ""')


def _is_tensor(value):
    return isinstance(value, Tensor) or hasattr(value, "__torch_function__")


def _answered(hooks, module, name, value):
    """What the hooks on registrations make of a value."""
    for hook in hooks.values():
        answer = hook(module, name, value)
        if answer is not None:
            value = answer
    return value


def _registered_child(module, name, child):
    return _answered(_global_module_registration_hooks, module, name, child)


def _addindent(s_, numSpaces):
    """The text with its lines after the first moved to the right."""
    return s_.replace("\n", "\n" + " " * numSpaces)


def _forget(module, name, *places):
    for members in places:
        if name in members:
            del members[name]
    module._non_persistent_buffers_set.discard(name)


def _set_buffer(module, name, value):
    if not (value is None or _is_tensor(value)):
        raise TypeError(
            f"cannot assign '{typename(value)}' as buffer '{name}' "
            "(torch.nn.Buffer, torch.Tensor or None expected)"
        )
    if isinstance(value, Buffer):
        persistent = value.persistent
    else:
        persistent = name not in module._non_persistent_buffers_set
    register = type(module).register_buffer
    if register is Module.register_buffer or "persistent" in inspect.signature(register).parameters:
        module.register_buffer(name, value, persistent)
    elif not persistent:
        raise RuntimeError(
            "Registering a non-persistent buffer on a Module subclass that implements "
            "register_buffer() without the persistent argument is not allowed."
        )
    else:
        module.register_buffer(name, value)


def _owner_of(module, target):
    path, _, name = target.rpartition(".")
    module = module.get_submodule(path)
    if not hasattr(module, name):
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    return module, name


for _name, _method in vars(Module).items():
    if isinstance(_method, types.FunctionType) and "." not in _method.__qualname__:
        _method.__qualname__ = f"Module.{_name}"  # Python's errors name it
