"""Modules as functions of their parameters and buffers."""

from collections.abc import Sequence

from jtorch._ops.join import stack
from jtorch.nn.modules.batchnorm import _BatchNorm
from jtorch.nn.utils.stateless import _functional_call


def functional_call(
    module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False
):
    """The module called with these tensors in the place of its own, by name.

    Errors:  ValueError where a name stands in two dictionaries; RuntimeError where `strict` finds
             names missing or unexpected.
    Source:  torch.func.functional_call.
    """
    given = parameter_and_buffer_dicts
    if isinstance(given, Sequence):
        given = _merged(given)
    elif not isinstance(given, dict):
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got "
            f"{type(given)}"
        )
    return _functional_call(module, given, args, kwargs, tie_weights=tie_weights, strict=strict)


def _merged(dictionaries):
    if not all(isinstance(each, dict) for each in dictionaries):
        raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
    names = [name for each in dictionaries for name in each]
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        raise ValueError(
            f"{repeated} appeared in multiple dictionaries; behavior of functional call is "
            "ambiguous"
        )
    return {name: tensor for each in dictionaries for name, tensor in each.items()}


def stack_module_state(models):
    """The parameters, and the buffers, of several modules of one class, stacked by name.

    Errors:  RuntimeError where the modules are not alike.
    Source:  torch.func.stack_module_state.
    """
    if len(models) == 0:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({each.training for each in models}) > 1:
        raise RuntimeError(
            "stack_module_state: Expected all models to have the same training/eval mode."
        )
    if any(type(each) is not type(models[0]) for each in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = _stacked([dict(each.named_parameters()) for each in models])
    buffers = _stacked([dict(each.named_buffers()) for each in models])
    return parameters, buffers


def replace_all_batch_norm_modules_(root):
    """The module, whose batch norms keep no running statistics from now on.

    Source:  torch.func.replace_all_batch_norm_modules_.
    """
    for each in root.modules():
        if isinstance(each, _BatchNorm) and each.track_running_stats:
            each.running_mean = each.running_var = each.num_batches_tracked = None
            each.track_running_stats = False
    return root


def _stacked(members):
    return {name: _stacked_leaf([each[name] for each in members], name) for name in members[0]}


def _stacked_leaf(tensors, name):
    wanted = {each.requires_grad for each in tensors}
    if len(wanted) > 1:
        raise RuntimeError(f"Expected {name} from each model to have the same .requires_grad")
    made = stack(tensors)
    return made.detach().requires_grad_() if wanted == {True} else made
