"""Calls of a module with other tensors in the place of its own."""

import contextlib
import warnings

from jtorch._alias import missing_attribute
from jtorch._tensor import Tensor
from jtorch.nn.modules.module import Module
from jtorch.nn.parallel.data_parallel import DataParallel

__all__ = ["functional_call"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


def functional_call(
    module, parameters_and_buffers, args=None, kwargs=None, *, tie_weights=True, strict=False
):
    """`torch.func.functional_call` by its old name. Source: torch.nn.utils.stateless."""
    warnings.warn(
        "`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be "
        "removed in a future version of PyTorch. Please use `torch.func.functional_call` instead "
        "which is a drop-in replacement.",
        FutureWarning,
        stacklevel=2,
    )
    return _functional_call(
        module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict
    )


def _functional_call(
    module, parameters_and_buffers, args=None, kwargs=None, *, tie_weights=True, strict=False
):
    if isinstance(module, DataParallel):
        raise RuntimeError("The stateless API can't be used with nn.DataParallel module")
    if args is None:
        args = ()
    elif not isinstance(args, tuple):
        args = (args,)
    with _reparametrize_module(
        module, parameters_and_buffers, tie_weights=tie_weights, strict=strict
    ):
        return module(*args, **(kwargs or {}))


@contextlib.contextmanager
def _reparametrize_module(
    module, parameters_and_buffers, tie_weights=False, strict=False, stack_weights=False
):
    """Inside, the module has these tensors; what it replaces them by is put into the dictionary."""
    given = parameters_and_buffers
    if tie_weights:
        given = _untie_named_tensors_map(module, given)
    if strict:
        _check_keys(module, given)
    before = {}
    try:
        for name, tensor in given.items():
            before[name] = _swapped(module, name, tensor)
        yield
    finally:
        names = reversed(list(before)) if stack_weights else before
        for name in names:
            last = _swapped(module, name, before[name])
            if name in parameters_and_buffers and last is not _MISSING:
                parameters_and_buffers[name] = last


def _untie_named_tensors_map(module, given):
    """The tensors for all names of what they are given for: a tensor may have several.

    Errors:  ValueError where different tensors are given for names of one.
    """
    names = {}
    for members in (
        module.named_parameters(remove_duplicate=False),
        module.named_buffers(remove_duplicate=False),
    ):
        for name, tensor in members:
            names.setdefault(tensor, set()).add(name)
    untied = dict(given)
    for tied in names.values():
        known = tied.intersection(given)
        if len(tied) < 2 or not known:
            continue
        if len({id(given[name]) for name in known}) > 1:
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(known)}, which are tied. "
                "Consider using tie_weights=False"
            )
        tensor = given[next(iter(known))]
        untied.update({name: tensor for name in tied - known})
    return untied


def _check_keys(module, given):
    """torch's error where `strict` finds names missing or unexpected."""
    own = {name for name, _ in module.named_parameters(remove_duplicate=False)}
    own |= {name for name, _ in module.named_buffers(remove_duplicate=False)}
    texts = (("Unexpected", set(given) - own), ("Missing", own - set(given)))
    errors = [
        f"{which} key(s): {', '.join(map(repr, sorted(names)))}." for which, names in texts if names
    ]
    if errors:
        name = module._get_name()
        raise RuntimeError(
            "Error(s) in reparametrizing for {}:\n\t{}".format(name, "\n\t".join(errors))
        )


_MISSING = object()


def _swapped(module, path, tensor):
    """Put a tensor at a path, or take what is there away; returns what was there."""
    *modules, name = path.split(".")
    for place, each in enumerate(modules):
        module = _below(module, each, ".".join(modules[: place + 1]))
    if name == "":
        raise KeyError('tensor name can\'t be empty string ""')
    if not (tensor is _MISSING or tensor is None or isinstance(tensor, Tensor)):
        raise TypeError(f"{tensor} is not an instance of torch.Tensor")
    for members in (module._parameters, module._buffers):
        if name in members:
            before, members[name] = members[name], tensor
            return before
    before = getattr(module, name, _MISSING)
    if not (before is _MISSING or isinstance(before, Tensor)):
        raise TypeError(f"attribute `{name}`: {before} is not an instance of torch.Tensor")
    if tensor is _MISSING:
        delattr(module, name)
    else:
        setattr(module, name, tensor)
    return before


def _below(module, name, path):
    try:
        found = getattr(module, name)
    except AttributeError:
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`") from None
    if not isinstance(found, Module):
        raise TypeError(f"submodule `{path}`: {found} is not an instance of torch.nn.Module")
    return found
