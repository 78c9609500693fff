"""State dicts of modules: made, loaded, and the hooks around both; these are methods of Module."""

import warnings
from collections import OrderedDict, namedtuple
from collections.abc import Mapping

from jtorch import __future__ as future
from jtorch._autograd.modes import no_grad
from jtorch._tensor import Tensor
from jtorch.nn.modules._hooks import _WrappedHook, registered
from jtorch.nn.parameter import Parameter, is_lazy
from jtorch.overrides import is_tensor_like
from jtorch.utils import swap_tensors

_EXTRA_STATE_KEY_SUFFIX = "_extra_state"


class _IncompatibleKeys(namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])):
    """The keys that `load_state_dict` has missed, and those that it knows nothing of."""

    __slots__ = ()

    def __repr__(self):
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return super().__repr__()

    __str__ = __repr__


# Making one


def state_dict(self, *args, destination=None, prefix="", keep_vars=False):
    """The parameters, the persistent buffers and the extra state, here and below, by name.

    With `keep_vars` they are not detached.

    Source:  torch.nn.Module.state_dict.
    """
    if args:
        warnings.warn(
            "Positional args are being deprecated, use kwargs instead. Refer to "
            "https://pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.state_dict for details.",
            FutureWarning,
            stacklevel=2,
        )
        destination = args[0] if destination is None else destination
        prefix = args[1] if len(args) > 1 and prefix == "" else prefix
        keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()
    metadata = {"version": self._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = metadata
    for hook in self._state_dict_pre_hooks.values():
        hook(self, prefix, keep_vars)
    self._save_to_state_dict(destination, prefix, keep_vars)
    for name, module in self._modules.items():
        if module is not None:
            module.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook in self._state_dict_hooks.values():
        answer = hook(self, destination, prefix, metadata)
        if answer is None:
            continue
        if getattr(hook, "_from_public_api", False):
            raise RuntimeError("state_dict post-hook must return None")
        destination = answer
    return destination


def _save_to_state_dict(self, destination, prefix, keep_vars):
    """Put what belongs to this module alone into a state dict."""
    for name, tensor in persistent_members(self).items():
        destination[prefix + name] = tensor if keep_vars else tensor.detach()
    if has_own(self, "get_extra_state"):
        destination[prefix + _EXTRA_STATE_KEY_SUFFIX] = self.get_extra_state()


def persistent_members(module):
    """The parameters and persistent buffers of a module alone, by name."""
    found = {name: each for name, each in module._parameters.items() if each is not None}
    skipped = module._non_persistent_buffers_set
    for name, each in module._buffers.items():
        if each is not None and name not in skipped:
            found[name] = each
    return found


def has_own(module, name):
    """Whether the class of a module has a method of its own where Module has only a refusal."""
    return not getattr(getattr(type(module), name), "_is_refusal", False)


def get_extra_state(self):
    """What a state dict holds besides tensors; a subclass may have it. Errors: RuntimeError."""
    raise _refusal("get_extra_state")


def set_extra_state(self, state):
    """Take what `get_extra_state` gave; a subclass may have it. Errors: RuntimeError."""
    raise _refusal("set_extra_state")


get_extra_state._is_refusal = set_extra_state._is_refusal = True


def _refusal(name):
    return RuntimeError(
        f"Reached a code path in Module.{name}() that should never be called. Please file an "
        "issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to "
        "report this bug."
    )


def _register_state_dict_hook(self, hook):
    """Call `hook(module, state_dict, prefix, local_metadata)`; what it returns replaces the dict."""
    if getattr(hook, "_from_public_api", False):
        raise RuntimeError(
            "Cannot register the same function as the state dict post hook that was previously "
            "registered via register_state_dict_post_hook"
        )
    return registered(self._state_dict_hooks, hook)


def register_state_dict_post_hook(self, hook):
    """Call `hook(module, state_dict, prefix, local_metadata)` when the dict is made.

    Source:  torch.nn.Module.register_state_dict_post_hook.
    """
    hook._from_public_api = True
    return registered(self._state_dict_hooks, hook)


def register_state_dict_pre_hook(self, hook):
    """Call `hook(module, prefix, keep_vars)` before the dict is made.

    Source:  torch.nn.Module.register_state_dict_pre_hook.
    """
    return registered(self._state_dict_pre_hooks, hook)


# Loading one


def _register_load_state_dict_pre_hook(self, hook, with_module=False):
    """Call `hook(state_dict, prefix, local_metadata, strict, missing, unexpected, errors)` first."""
    return registered(
        self._load_state_dict_pre_hooks, _WrappedHook(hook, self if with_module else None)
    )


def register_load_state_dict_pre_hook(self, hook):
    """The same, with the module as the first argument of `hook`.

    Source:  torch.nn.Module.register_load_state_dict_pre_hook.
    """
    return self._register_load_state_dict_pre_hook(hook, with_module=True)


def register_load_state_dict_post_hook(self, hook):
    """Call `hook(module, incompatible_keys)` when the module and those below are loaded.

    Source:  torch.nn.Module.register_load_state_dict_post_hook.
    """
    return registered(self._load_state_dict_post_hooks, hook)


def load_state_dict(self, state_dict, strict=True, assign=False):
    """Copy a state dict into the parameters and buffers; with `assign`, put its tensors there.

    Returns the missing and the unexpected keys.

    Errors:  RuntimeError if a shape differs, or, with `strict`, if the keys do.
    Source:  torch.nn.Module.load_state_dict.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
    missing, unexpected, errors = [], [], []
    metadata = getattr(state_dict, "_metadata", None)
    state_dict = OrderedDict(state_dict)
    if metadata is not None:
        state_dict._metadata = metadata

    def load(module, state, prefix):
        local = {} if metadata is None else metadata.get(prefix[:-1], {})
        if assign:
            local["assign_to_params_buffers"] = assign
        module._load_from_state_dict(state, prefix, local, True, missing, unexpected, errors)
        for name, child in module._modules.items():
            if child is not None:
                below = f"{prefix}{name}."
                part = {key: value for key, value in state.items() if key.startswith(below)}
                load(child, part, below)
        keys = _IncompatibleKeys(missing, unexpected)
        for hook in module._load_state_dict_post_hooks.values():
            if hook(module, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected "
                    "to return new values, if incompatible_keys need to be modified, it should be "
                    "done inplace."
                )

    load(self, state_dict, "")
    if strict:
        texts = (("Missing", missing), ("Unexpected", unexpected))
        errors[:0] = [
            f"{which} key(s) in state_dict: {', '.join(map(_quoted, keys))}. "
            for which, keys in texts
            if keys
        ]
    if errors:
        name = type(self).__name__
        raise RuntimeError(
            "Error(s) in loading state_dict for {}:\n\t{}".format(name, "\n\t".join(errors))
        )
    return _IncompatibleKeys(missing, unexpected)


def _quoted(key):
    return f'"{key}"'


def _load_from_state_dict(
    self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
):
    """Load what belongs to this module alone; keys and errors are added to the lists."""
    for hook in self._load_state_dict_pre_hooks.values():
        hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
    members = persistent_members(self)
    assign = local_metadata.get("assign_to_params_buffers", False)
    for name, tensor in members.items():
        key = prefix + name
        if key not in state_dict:
            if strict:
                missing_keys.append(key)
            continue
        error = _load_member(self, name, tensor, key, state_dict[key], assign)
        if error is not None:
            error_msgs.append(error)
    extra = prefix + _EXTRA_STATE_KEY_SUFFIX
    if has_own(self, "set_extra_state"):
        if extra in state_dict:
            self.set_extra_state(state_dict[extra])
        elif strict:
            missing_keys.append(extra)
    elif strict and extra in state_dict:
        unexpected_keys.append(extra)
    if strict:
        unexpected_keys += [
            key
            for key in state_dict
            if key.startswith(prefix)
            and key != extra
            and not _is_expected(self, members, key[len(prefix) :])
        ]


def _is_expected(module, members, name):
    first, dot, _ = name.partition(".")
    return first in (module._modules if dot else members)


def _load_member(module, name, tensor, key, given, assign):
    """Load one tensor; returns the text of what is wrong with it, or None."""
    if not is_tensor_like(given):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    if is_lazy(tensor) and is_lazy(given):
        return None
    if not is_lazy(tensor):
        if not tensor.shape and len(given.shape) == 1:
            given = given[0]  # so torch 0.3 saved what has no dims
        if given.shape != tensor.shape:
            return (
                f"size mismatch for {key}: copying a param with shape {given.shape} from "
                f"checkpoint, the shape in current model is {tensor.shape}."
            )
    if tensor.is_meta and not given.is_meta and not assign:
        warnings.warn(
            f"for {key}: copying from a non-meta parameter in the checkpoint to a meta parameter "
            "in the current model, which is a no-op. (Did you mean to pass `assign=True` to assign "
            "items in the state dictionary to their corresponding key in the module instead of "
            "copying them in place?)",
            stacklevel=2,
        )
    swap = future.get_swap_module_params_on_conversion()
    try:
        with no_grad():
            if swap:
                _swap_member(tensor, given, assign)
            elif assign:
                setattr(module, name, _assigned(tensor, given))
            elif not tensor.is_meta:
                tensor.copy_(given)
    except Exception as error:
        return (
            f'While {"swapping" if swap else "copying"} the parameter named "{key}", whose '
            f"dimensions in the model are {tensor.size()} and whose dimensions in the checkpoint "
            f"are {given.size()}, an exception occurred : {error.args}."
        )
    return None


def _assigned(tensor, given):
    """A tensor of the checkpoint as the member of a module in the place of `tensor`."""
    if isinstance(tensor, Parameter):
        if not isinstance(given, Parameter):
            return Parameter(given, requires_grad=tensor.requires_grad)
        return given.requires_grad_(tensor.requires_grad)
    return given


def _swap_member(tensor, given, assign):
    made = module_load(tensor, given, assign)
    if made is tensor or made is given:
        raise RuntimeError(
            "module_load returned one of self or other, please .detach() the result if returning "
            "one of the inputs in module_load"
        )
    if isinstance(tensor, Parameter):
        if isinstance(made, Parameter):
            made.requires_grad_(tensor.requires_grad)
        else:
            made = Parameter(made, requires_grad=tensor.requires_grad)
    swap_tensors(tensor, made)


def module_load(tensor, other, assign=False):
    """What takes the place of `tensor` when `other` is loaded. Source: torch.Tensor.module_load."""
    if assign:
        return other.detach()
    return tensor.detach().copy_(other)


Tensor.module_load = module_load
