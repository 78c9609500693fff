"""Gradients kept within bounds, as they are: by their norm, or each element."""

import types
import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad
from jtorch._ops.from_data import tensor
from jtorch._ops.join import stack
from jtorch._tensor import Tensor
from jtorch.linalg import vector_norm

__all__ = ["clip_grad_norm", "clip_grad_norm_", "clip_grad_value_"]

_FOREACH_DEVICES = ("cpu", "cuda", "xpu", "mtia", "privateuseone")


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _list_of(tensors):
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _gradients(parameters):
    return [each.grad for each in _list_of(parameters) if each.grad is not None]


def _refuse_foreach(tensors, foreach):
    """torch's error for `foreach` on a device whose tensors it has no kernels for."""
    for each in tensors if foreach else ():
        if each.device.type not in _FOREACH_DEVICES:
            raise RuntimeError(
                "foreach=True was passed, but can't use the foreach API on "
                f"{each.device.type} tensors"
            )


@no_grad()
def get_total_norm(tensors, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """The norm of all elements of some tensors: the norm of their norms.

    Errors:  RuntimeError for a norm that is not finite, if asked.
    Source:  torch.nn.utils.get_total_norm.
    """
    tensors = _list_of(tensors)
    norm_type = float(norm_type)
    if not tensors:
        return tensor(0.0)
    _refuse_foreach(tensors, foreach)
    device = tensors[0].device
    norms = [vector_norm(each, norm_type).to(device) for each in _by_kind(tensors)]
    total_norm = vector_norm(stack(norms), norm_type)
    if error_if_nonfinite and not total_norm.isfinite():
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so "
            "it cannot be clipped. To disable this error and scale the gradients by the non-finite "
            "norm anyway, set `error_if_nonfinite=False`"
        )
    return total_norm


def _by_kind(tensors):
    """Tensors of one device and dtype together, as torch takes them: the sum has that order."""
    groups = {}
    for each in tensors:
        groups.setdefault((each.device, each.dtype), []).append(each)
    return [each for group in groups.values() for each in group]


@no_grad()
def clip_grads_with_norm_(parameters, max_norm, total_norm, foreach=None):
    """Scale the gradients of parameters down, if their norm `total_norm` is above `max_norm`.

    Source:  torch.nn.utils.clip_grads_with_norm_.
    """
    grads = _gradients(parameters)
    max_norm = float(max_norm)
    if not grads:
        return
    _refuse_foreach(grads, foreach)
    factor = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    for grad in grads:
        grad.mul_(factor.to(grad.device))


@no_grad()
def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """Scale the gradients of parameters down to a norm of `max_norm`; gives what it was.

    Errors:  RuntimeError for a norm that is not finite, if asked.
    Source:  torch.nn.utils.clip_grad_norm_.
    """
    is_generator = isinstance(parameters, types.GeneratorType)
    parameters = _list_of(parameters)
    if is_generator and not parameters:
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=3
        )
    total_norm = get_total_norm(_gradients(parameters), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(parameters, max_norm, total_norm, foreach)
    return total_norm


def clip_grad_norm(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """The old name of `clip_grad_norm_`. Source: torch.nn.utils.clip_grad_norm."""
    warnings.warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of "
        "`torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


@no_grad()
def clip_grad_value_(parameters, clip_value, foreach=None):
    """Clip each element of the gradients of parameters to [-clip_value, clip_value].

    Errors:  RuntimeError if none has a gradient.
    Source:  torch.nn.utils.clip_grad_value_.
    """
    clip_value = float(clip_value)
    grads = _gradients(parameters)
    if not grads:
        raise RuntimeError(
            "Expected !nested_tensorlist[0].empty() to be true, but got false.  (Could this error "
            "message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    _refuse_foreach(grads, foreach)
    for grad in grads:
        grad.clamp_(-clip_value, clip_value)
