"""The base of all optimizers: groups of parameters, state of each, hooks, saving and loading.

A step ends the trace: when it returns, what was recorded up to here has been started as one program,
and nobody has waited for it.
"""

import functools
import itertools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, Self, TypeAlias

from jtorch import accelerator
from jtorch._alias import missing_attribute
from jtorch._autograd.modes import enable_grad, is_grad_enabled, set_grad_enabled
from jtorch._dtypes import float32
from jtorch._engine.realize import run_all
from jtorch._ops.protocol import typename
from jtorch._tensor import Tensor
from jtorch.autograd.profiler import record_function
from jtorch.optim import _options
from jtorch.optim._options import (  # noqa: F401 - optimizers of others import them from here
    scalar as _to_scalar,
)
from jtorch.optim._options import (  # noqa: F401
    scalar_dtype as _get_scalar_dtype,
)
from jtorch.optim._third_party import *  # noqa: F403
from jtorch.utils.hooks import RemovableHandle

__all__ = [
    "Optimizer",
    "register_optimizer_step_post_hook",
    "register_optimizer_step_pre_hook",
]

ParamsT: TypeAlias = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]

_global_optimizer_pre_hooks = OrderedDict()
_global_optimizer_post_hooks = OrderedDict()
# The attributes that hold the hooks of one optimizer.
_HOOKS = (
    "_optimizer_step_pre_hooks",
    "_optimizer_step_post_hooks",
    "_optimizer_state_dict_pre_hooks",
    "_optimizer_state_dict_post_hooks",
    "_optimizer_load_state_dict_pre_hooks",
    "_optimizer_load_state_dict_post_hooks",
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


class _RequiredParameter:
    """What stands in the defaults for an option that each group has to give."""

    def __repr__(self):
        return "<required parameter>"


required = _RequiredParameter()


def register_optimizer_step_pre_hook(hook):
    """Have `hook(optimizer, args, kwargs)` called before each step of any optimizer.

    Source:  torch.optim.optimizer.register_optimizer_step_pre_hook.
    """
    return _register(_global_optimizer_pre_hooks, hook)


def register_optimizer_step_post_hook(hook):
    """Have `hook(optimizer, args, kwargs)` called after each step of any optimizer.

    Source:  torch.optim.optimizer.register_optimizer_step_post_hook.
    """
    return _register(_global_optimizer_post_hooks, hook)


def _register(hooks, hook, prepend=False):
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


def _use_grad_for_differentiable(step):
    """A `step` that records for gradients only if its optimizer is differentiable."""

    @functools.wraps(step)
    def with_mode(*args, **kwargs):
        before = is_grad_enabled()
        try:
            set_grad_enabled(args[0].defaults["differentiable"])
            return step(*args, **kwargs)
        finally:
            set_grad_enabled(before)

    return with_mode


class Optimizer:
    """Parameters in groups, the options of each group, and the state of each parameter.

    Attributes: param_groups (list of dict), state (parameter -> dict), defaults (dict of options).
    Source:  torch.optim.Optimizer.
    """

    OptimizerPreHook: TypeAlias = Callable[[Self, tuple, dict], tuple[tuple, dict] | None]
    OptimizerPostHook: TypeAlias = Callable[[Self, tuple, dict], None]

    def __init__(self, params, defaults):
        self.defaults = defaults
        for name in _HOOKS:
            setattr(self, name, OrderedDict())
        self._patch_step_function()
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                "but got " + typename(params)
            )
        self.state = defaultdict(dict)
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)
        self._warned_capturable_if_run_uncaptured = True

    def __getstate__(self):
        return {
            "defaults": self.defaults,
            "state": self.state,
            "param_groups": self.param_groups,
        }

    def __setstate__(self, state):
        self.__dict__.update(state)
        for name in _HOOKS:
            self.__dict__.setdefault(name, OrderedDict())
        self._patch_step_function()
        self.defaults.setdefault("differentiable", False)

    def __repr__(self):
        texts = []
        for number, group in enumerate(self.param_groups):
            options = [f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params"]
            texts.append(f"\nParameter Group {number}\n{''.join(options)}")
        return f"{type(self).__name__} ({''.join(texts)})"

    # Steps

    @staticmethod
    def profile_hook_step(func):
        """A `step` with its hooks around it, as a range of the profiler; it ends the trace."""

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            self = args[0]
            with record_function(f"Optimizer.step#{type(self).__name__}.step"):
                for hook in (
                    *_global_optimizer_pre_hooks.values(),
                    *self._optimizer_step_pre_hooks.values(),
                ):
                    result = hook(self, args, kwargs)
                    if result is None:
                        continue
                    if not (isinstance(result, tuple) and len(result) == 2):
                        raise RuntimeError(
                            f"{func} must return None or a tuple of (new_args, new_kwargs), but got "
                            f"{result}."
                        )
                    args, kwargs = result
                out = func(*args, **kwargs)
                self._optimizer_step_code()
                for hook in (
                    *self._optimizer_step_post_hooks.values(),
                    *_global_optimizer_post_hooks.values(),
                ):
                    hook(self, args, kwargs)
            if not self.defaults.get("differentiable"):
                run_all()
            return out

        return wrapper

    def _optimizer_step_code(self):
        """What debuggers may replace to see the end of a step."""

    def _patch_step_function(self):
        name = type(self).__name__
        self._zero_grad_profile_name = f"Optimizer.zero_grad#{name}.zero_grad"
        if not getattr(type(self).step, "hooked", None):
            type(self).step = self.profile_hook_step(type(self).step)
            type(self).step.hooked = True

    def _evaluated(self, closure):
        """The loss, if there is a closure that computes it."""
        if closure is None:
            return None
        with enable_grad():
            return closure()

    def _accelerator_graph_capture_health_check(self):
        """Warn once of `capturable` on an accelerator: no graph is being captured, here as never."""
        found = accelerator.current_accelerator(check_available=True)
        if (
            found is not None
            and found.type in ("cuda", "xpu")
            and not getattr(self, "_warned_capturable_if_run_uncaptured", False)
            and all(group["capturable"] for group in self.param_groups)
        ):
            kind = found.type.upper()
            warnings.warn(
                "This instance was constructed with capturable=True or some of all the param_groups "
                f"came with capturable=True, but step() is running without {kind} graph capture. If "
                "you never intend to graph-capture this instance, capturable=True can impair "
                "performance, and you should set capturable=False.",
                stacklevel=2,
            )
            self._warned_capturable_if_run_uncaptured = True

    def _cuda_graph_capture_health_check(self):
        """The old name of the same."""
        warnings.warn(
            "Use _accelerator_graph_capture_health_check instead", FutureWarning, stacklevel=2
        )
        self._accelerator_graph_capture_health_check()

    @staticmethod
    def _group_tensors_by_device_and_dtype(tensorlistlist, with_indices=False):
        return _options.grouped(tensorlistlist, with_indices)

    def step(self, closure=None):
        """Change the parameters once, by their gradients; gives what `closure` gives."""
        raise NotImplementedError

    def zero_grad(self, set_to_none=True):
        """Drop the gradients of all parameters, or fill them with zeros.

        Source:  torch.optim.Optimizer.zero_grad.
        """
        if not hasattr(self, "_zero_grad_profile_name"):
            self._patch_step_function()
        with record_function(self._zero_grad_profile_name):
            for group in self.param_groups:
                for param in group["params"]:
                    grad = param.grad
                    if grad is None:
                        continue
                    if set_to_none:
                        param.grad = None
                        continue
                    if grad.grad_fn is not None:
                        grad.detach_()
                    else:
                        grad.requires_grad_(False)
                    grad.zero_()

    # Hooks

    def register_step_pre_hook(self, hook):
        """Have `hook(optimizer, args, kwargs)` called before each step; it may change these."""
        return _register(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook):
        """Have `hook(optimizer, args, kwargs)` called after each step."""
        return _register(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False):
        """Have `hook(optimizer)` called before `state_dict`."""
        return _register(self._optimizer_state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook, prepend=False):
        """Have `hook(optimizer, state_dict)` called after `state_dict`; it may give another one."""
        return _register(self._optimizer_state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False):
        """Have `hook(optimizer, state_dict)` called before loading; it may give another one."""
        return _register(self._optimizer_load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook, prepend=False):
        """Have `hook(optimizer)` called after loading."""
        return _register(self._optimizer_load_state_dict_post_hooks, hook, prepend)

    # Saving and loading

    def state_dict(self):
        """The state by number of the parameter, and the groups with numbers for parameters.

        Source:  torch.optim.Optimizer.state_dict.
        """
        for hook in self._optimizer_state_dict_pre_hooks.values():
            hook(self)
        numbers = {}
        groups = []
        start = 0
        for group in self.param_groups:
            packed = {key: value for key, value in group.items() if key != "params"}
            for number, param in enumerate(group["params"], start):
                numbers.setdefault(id(param), number)
            packed["params"] = [numbers[id(param)] for param in group["params"]]
            start += len(group["params"])
            groups.append(packed)
        state = {
            numbers[id(key)] if isinstance(key, Tensor) else key: value
            for key, value in self.state.items()
        }
        result = {"state": state, "param_groups": groups}
        for hook in self._optimizer_state_dict_post_hooks.values():
            changed = hook(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict):
        """Take over the state and the options that `state_dict` of such an optimizer gave.

        Errors:  ValueError if groups or their parameters are not as many.
        Source:  torch.optim.Optimizer.load_state_dict.
        """
        state_dict = state_dict.copy()
        for hook in self._optimizer_load_state_dict_pre_hooks.values():
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved = deepcopy(state_dict["param_groups"])
        if len(self.param_groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        pairs = list(zip(self.param_groups, saved, strict=True))
        if any(len(own["params"]) != len(other["params"]) for own, other in pairs):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group"
            )
        params = {
            number: param
            for own, other in pairs
            for number, param in zip(other["params"], own["params"], strict=True)
        }
        state = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in params:
                groups = state_dict["param_groups"]
                state[params[key]] = _taken_over(params[key], value, key, groups)
            else:
                state[key] = value
        for own, other in pairs:
            other["params"] = own["params"]
            if "param_names" in own and "param_names" not in other:
                other["param_names"] = own["param_names"]
        self.__setstate__({"state": state, "param_groups": saved})
        for hook in self._optimizer_load_state_dict_post_hooks.values():
            hook(self)

    @staticmethod
    def _process_value_according_to_param_policy(param, value, param_id, param_groups, key=None):
        """A tensor of a saved state as the parameter wants it: on its device, of its dtype."""
        if key == "step":
            group = next((each for each in param_groups if param_id in each["params"]), {})
            if group.get("capturable", False) or group.get("fused", False):
                return value.to(dtype=float32, device=param.device)
            return value
        if param.is_floating_point():
            return value.to(dtype=param.dtype, device=param.device)
        return value.to(device=param.device)

    # Groups

    def add_param_group(self, param_group):
        """Add a group: parameters under "params", with or without names, and options.

        Errors:  TypeError, ValueError for parameters that cannot be optimized, or are already.
        Source:  torch.optim.Optimizer.add_param_group.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        _unpack_names(param_group)
        for param in param_group["params"]:
            self._refuse_param(param)
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(
                    f"parameter group didn't specify a value of required optimization parameter {name}"
                )
            param_group.setdefault(name, default)
        params = param_group["params"]
        if len(params) != len(set(params)):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this "
                "will cause an error; see github.com/pytorch/pytorch/issues/40967 for more "
                "information",
                stacklevel=3,
            )
        named = "param_names" in param_group
        for group in self.param_groups:
            if named != ("param_names" in group):
                raise ValueError(
                    "all optimizer param groups should be with/without names. cannot add param group "
                    f"{'with' if named else 'without'} names to the optimizer"
                )
        known = set(itertools.chain.from_iterable(each["params"] for each in self.param_groups))
        if not known.isdisjoint(params):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)
        # The first step is then the same program as the next ones: it has not to make parameters.
        run_all()

    def _refuse_param(self, param):
        if not isinstance(param, Tensor):
            raise TypeError(
                f"optimizer can only optimize Tensors, but one of the params is {typename(param)}"
            )
        if not self.defaults.get("differentiable") and not (param.is_leaf or param.retains_grad):
            raise ValueError("can't optimize a non-leaf Tensor")


def _unpack_names(group):
    """Put the parameters of a group into a list, and names that come with them into another."""
    params = group["params"]
    if isinstance(params, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering of "
            "tensors in sets will change between runs. Please use a list instead."
        )
    params = [params] if isinstance(params, Tensor) else list(params)
    names = [each[0] for each in params if isinstance(each, tuple)]
    group["params"] = [each[1] if isinstance(each, tuple) else each for each in params]
    if names:
        if len(names) != len(params):
            raise ValueError(
                "all optimizer params should be with/without names. Some param names are missing"
            )
        group["param_names"] = names


def _taken_over(param, value, number, groups, key=None):
    """A value of a saved state, with its tensors as the parameter wants them."""
    if isinstance(value, Tensor):
        policy = Optimizer._process_value_according_to_param_policy
        return policy(param, value, number, groups, key)
    if isinstance(value, dict):
        return {
            name: _taken_over(param, each, number, groups, name) for name, each in value.items()
        }
    if isinstance(value, Iterable):
        return type(value)(_taken_over(param, each, number, groups) for each in value)
    return value
