"""Hooks of modules: handles that take them away, and the nodes that catch a module's gradients."""

import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.hooks import RemovableHandle
from jtorch._autograd.modes import is_grad_enabled
from jtorch._messages import warn_user
from jtorch._tensor import Tensor
from jtorch.autograd.function import Function

__all__ = ["BackwardHook", "RemovableHandle", "unserializable_hook", "warn_if_has_hooks"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def unserializable_hook(f):
    """Mark a hook as one that is not expected in a pickle. Source: torch.utils.hooks."""
    f.__torch_unserializable__ = True
    return f


def warn_if_has_hooks(tensor):
    """Warn of the hooks on a tensor, which a pickle does not carry. Source: torch.utils.hooks."""
    hooks = tensor._leaf_hooks
    for each in () if hooks is None else hooks.tensors.get(0, {}).values():
        if not hasattr(each, "__torch_unserializable__"):
            warnings.warn(
                f"backward hook {each!r} on tensor will not be serialized.  If this is expected, "
                "you can decorate the function with @torch.utils.hooks.unserializable_hook to "
                "suppress this warning",
                stacklevel=2,
            )


class BackwardHookFunction(Function):
    """The identity: a node of the graph through which the gradients of several tensors go."""

    @staticmethod
    def forward(ctx, *tensors):
        ctx.mark_non_differentiable(*[each for each in tensors if not each.requires_grad])
        return tensors

    @staticmethod
    def backward(ctx, *gradients):
        return gradients


BackwardHookFunction.__module__ = "torch.nn.modules._functions"


class BackwardHook:
    """Calls hooks with the gradients of a module's inputs and outputs, where both are known.

    Values that are no tensors count as None.

    Source:  torch.utils.hooks.BackwardHook.
    """

    def __init__(self, module, user_hooks, user_pre_hooks):
        self.user_hooks = user_hooks
        self.user_pre_hooks = user_pre_hooks
        self.module = module
        self.grad_outputs = None
        self.n_outputs = -1
        self.output_tensors_index = None
        self.n_inputs = -1
        self.input_tensors_index = None

    def setup_input_hook(self, args):
        """The arguments of `forward`, whose gradients the hooks get."""
        found, self.input_tensors_index = self._watched(args, self._after_inputs)
        self.n_inputs = len(args)
        return found

    def setup_output_hook(self, args):
        """What `forward` has given, whose gradients the hooks get."""
        outputs = args if isinstance(args, tuple) else (args,)
        found, self.output_tensors_index = self._watched(outputs, self._after_outputs)
        self.n_outputs = len(outputs)
        return found if isinstance(args, tuple) else found[0]

    def _watched(self, values, hook):
        """The values with their tensors led through a node with the hook; and the tensors' places."""
        places = [i for i, each in enumerate(values) if isinstance(each, Tensor)]
        tensors = [values[i] for i in places]
        if not (is_grad_enabled() and any(each.requires_grad for each in tensors)):
            return values, None
        led = BackwardHookFunction.apply(*tensors)
        if not led:
            raise RuntimeError(
                "Cannot set Module backward hook for a Module with no input Tensors."
            )
        node = next((each.grad_fn for each in led if _is_of_hooks(each.grad_fn)), None)
        if node is None:
            raise RuntimeError(
                "Error while setting up backward hooks. Please open an issue with a code sample to "
                "reproduce this."
            )
        node.register_hook(hook)
        changed = list(values)
        for place, each in zip(places, led, strict=True):
            changed[place] = each
        plain = type(values) is tuple
        return (tuple(changed) if plain else type(values)(*changed)), places

    def _after_inputs(self, grad_inputs, _):
        if self.grad_outputs is None:
            return None  # the gradient came past the outputs
        result = _spread(self.input_tensors_index, grad_inputs, self.n_inputs)
        for hook in self.user_hooks:
            answer = hook(self.module, result, self.grad_outputs)
            if answer is None:
                continue
            if len(answer) != len(result):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, "
                    f"got {len(answer)}, but expected {len(result)}"
                )
            result = answer
        self.grad_outputs = None
        return tuple([result[i] for i in self.input_tensors_index])

    def _after_outputs(self, _, grad_outputs):
        self.grad_outputs = _spread(self.output_tensors_index, grad_outputs, self.n_outputs)
        expected = len(self.grad_outputs)
        for hook in self.user_pre_hooks:
            answer = hook(self.module, self.grad_outputs)
            if answer is None:
                continue
            if len(answer) != expected:
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, "
                    f"got {len(answer)}, but expected {expected}"
                )
            self.grad_outputs = answer
        known = self.grad_outputs
        if self.input_tensors_index is None:
            self._without_inputs()
        return tuple([known[i] for i in self.output_tensors_index])

    def _without_inputs(self):
        """No input wants a gradient: the hooks are called here already."""
        if self.user_hooks:
            warn_user(
                "Full backward hook is firing when gradients are computed with respect to module "
                "outputs since no inputs require gradients. See "
                "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
                "#torch.nn.Module.register_full_backward_hook for more details."
            )
        nothing = _spread([], [], self.n_inputs)
        for hook in self.user_hooks:
            answer = hook(self.module, nothing, self.grad_outputs)
            all_none = isinstance(answer, tuple) and all(each is None for each in answer)
            if answer is not None and not all_none:
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always "
                    "return None or None for all gradients."
                )
        self.grad_outputs = None


def _is_of_hooks(node):
    return node is not None and node.name() == "BackwardHookFunctionBackward"


def _spread(places, values, count):
    """A tuple of `count`, with the values at their places and None elsewhere."""
    spread = [None] * count
    for place, value in zip(places, values, strict=True):
        spread[place] = value
    return tuple(spread)
