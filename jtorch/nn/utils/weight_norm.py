"""Weight norm by a hook, an older way: `parametrizations.weight_norm` is the newer one."""

import warnings

from jtorch._alias import missing_attribute
from jtorch._ops import weight_norm as ops
from jtorch.nn.parameter import Parameter, UninitializedParameter

__all__ = ["WeightNorm", "remove_weight_norm", "weight_norm"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class WeightNorm:
    """The hook that makes a weight of its length and its direction before each forward."""

    def __init__(self, name, dim):
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module):
        """The weight of the module's `NAME_g` and `NAME_v`."""
        length, direction = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return ops.weight_norm(direction, length, self.dim)

    @staticmethod
    def apply(module, name, dim):
        """Put such a hook on a module.

        Errors:  RuntimeError if there is one for that parameter; ValueError if it has no shape yet.
        """
        warnings.warn(
            "`torch.nn.utils.weight_norm` is deprecated in favor of "
            "`torch.nn.utils.parametrizations.weight_norm`.",
            FutureWarning,
            stacklevel=2,
        )
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, WeightNorm) and hook.name == name:
                raise RuntimeError(
                    f"Cannot register two weight_norm hooks on the same parameter {name}"
                )
        made = WeightNorm(name, dim)
        weight = getattr(module, name)
        if isinstance(weight, UninitializedParameter):
            raise ValueError(
                "The module passed to `WeightNorm` can't have uninitialized parameters. Make sure "
                "to run the dummy forward before applying weight normalization"
            )
        del module._parameters[name]
        length = ops.norm_except_dim(weight, 2, made.dim)
        module.register_parameter(name + "_g", Parameter(length.data))
        module.register_parameter(name + "_v", Parameter(weight.data))
        setattr(module, name, made.compute_weight(module))
        module.register_forward_pre_hook(made)
        return made

    def remove(self, module):
        """Make the weight a parameter again."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        del module._parameters[self.name + "_g"]
        del module._parameters[self.name + "_v"]
        setattr(module, self.name, Parameter(weight.data))

    def __call__(self, module, inputs):
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module, name="weight", dim=0):
    """Have a parameter of a module made of a length `NAME_g` and a direction `NAME_v`.

    There is one length for each slice along `dim`, or one for the whole where `dim` is None.

    Source:  torch.nn.utils.weight_norm; Salimans and Kingma, arXiv 1602.07868.
    """
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module, name="weight"):
    """Undo `weight_norm`. Errors: ValueError if there is none. Source: torch.nn.utils."""
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
