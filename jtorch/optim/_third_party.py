"""What optimizers of others import from torch.optim.optimizer, though it is torch's own affair."""

from jtorch._ops.elements import view_as_real
from jtorch._tensor import Tensor

__all__ = [
    "_capturable_doc",
    "_default_to_fused_or_foreach",
    "_differentiable_doc",
    "_disable_dynamo_if_unsupported",
    "_foreach_doc",
    "_fused_doc",
    "_get_value",
    "_maximize_doc",
    "_params_doc",
    "_stack_if_compiling",
    "_view_as_real",
]

# Parts of docstrings.
_params_doc = "params (iterable): parameters, named parameters, or groups of them"
_foreach_doc = "foreach (bool, optional): accepted; there is one implementation"
_fused_doc = "fused (bool, optional): accepted; there is one implementation"
_capturable_doc = "capturable (bool, optional): for parameters on an accelerator"
_differentiable_doc = "differentiable (bool, optional): record the step for gradients"
_maximize_doc = "maximize (bool, optional): go up instead of down"


def _get_value(x):
    """The number of a tensor; a number as it is."""
    return x.item() if isinstance(x, Tensor) else x


def _stack_if_compiling(x):
    """The list as it is: nothing is compiled by torch here."""
    return x


def _disable_dynamo_if_unsupported(single_tensor_fn=None):
    """A decorator that leaves a function as it is."""
    return lambda function: function


def _default_to_fused_or_foreach(params, differentiable, use_fused=False):
    """(whether to take the fused way, whether to take that of lists): neither is any faster."""
    return False, False


def _view_as_real(params, *state_and_grads):
    """Put views as real numbers in the place of complex tensors, in all the lists."""
    for place, param in enumerate(params):
        if param.is_complex():
            for each in (params, *state_and_grads):
                each[place] = view_as_real(each[place])
