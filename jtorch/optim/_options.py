"""What the optimizers' options mean: learning rates as tensors, and ways to run that torch offers.

`foreach` and `fused` choose among torch's implementations of one rule; here there is one
implementation, which is as fast in any case, so they are checked and otherwise change nothing.
"""

import numpy as np

from jtorch import _dtypes
from jtorch._config import settings
from jtorch._device import CPU, placed
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.elements import view_as_real
from jtorch._ops.from_data import tensor as tensor_of
from jtorch._shapes import is_non_overlapping_and_dense
from jtorch._tensor import Tensor, from_node

_FUSED_DEVICES = ["mps", "cuda", "xpu", "hpu", "cpu", "mtia", "privateuseone"]
_CAPTURABLE_DEVICES = ["cuda", "xpu", "hpu", "privateuseone"]


def scalar(value):
    """A hyperparameter: a tensor of one element without dims, a number as it is."""
    return value.squeeze() if isinstance(value, Tensor) and value.dim() else value


def number(value):
    """A hyperparameter that an update gets as data: a float, or a tensor."""
    return scalar(value) if isinstance(value, Tensor) else float(value)


def number_if_used(value):
    """The same of an option that changes nothing where it is 0: None then."""
    return number(value) if value != 0 else None


def skips(params, grads, fused, grad_scale=None, found_inf=None):
    """Whether there is nothing to do; before that, gradients that were scaled are as they would be.

    `grad_scale` and `found_inf` are what a GradScaler leaves to an optimizer with `fused`.
    """
    if not fused:
        if grad_scale is not None or found_inf is not None:
            raise AssertionError("Expected grad_scale and found_inf to be None")
    elif found_inf is not None and found_inf.item():
        return True
    elif grad_scale is not None:
        for grad in grads:
            grad.div_(grad_scale.to(grad.device))
    return not params


def refuse_tensor_of_many(value, name="lr"):
    if isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError(f"Tensor {name} must be 1-element")


def refuse_outside(text, is_inside, value):
    """torch's error for an option's value."""
    if not is_inside:
        raise ValueError(f"{text}: {value}")


def scalar_dtype(fused=None):
    """The dtype of counts in the state."""
    default = _dtypes.get_default_dtype()
    return _dtypes.float64 if default is _dtypes.float64 and not fused else _dtypes.float32


def new_count(value, param, on_its_device=False, fused=None):
    """A number of a parameter's state, as a 0-dim tensor."""
    device = param.device if on_its_device else CPU
    return tensor_of(float(value), dtype=scalar_dtype(fused), device=device)


def filled_like(tensor, value=0.0):
    """A state tensor like a parameter, all of one value, and computed: no step has to make it.

    So the first step records what the next ones do, and is the same program.
    """
    meta = tensor._meta
    dense = is_non_overlapping_and_dense(meta.shape, meta.stride)
    return _filled(Meta(meta.shape, meta.dtype, meta.device, meta.stride if dense else None), value)


def zeros(shape, tensor):
    """The same of zeros, of another shape."""
    return _filled(Meta(shape, tensor.dtype, tensor.device), 0.0)


def _filled(meta, value):
    if meta.device.type == "meta":
        return constant(meta, value)
    array = np.full(tuple(meta.shape), value, meta.aval.dtype)
    if meta.device is not CPU or array.nbytes >= settings.donate_bytes:
        # What steps write over is JAX's from the beginning.
        array = placed(array, meta.device)
    return from_node(leaf(array, meta.aval), meta)


def grouped(tensorlistlist, with_indices=False):
    """Lists of tensors as lists of those of one device and dtype, by those of the first list."""
    groups = {}
    for place, first in enumerate(tensorlistlist[0]):
        key = first.device, first.dtype
        lists, places = groups.setdefault(key, ([[] for _ in tensorlistlist], []))
        for into, source in zip(lists, tensorlistlist, strict=True):
            if source:
                into.append(source[place])
        if with_indices:
            places.append(place)
    return groups


def refuse_unfusable(param):
    """torch's error where `fused` is asked for a parameter it is not made for."""
    if param.device.type not in _FUSED_DEVICES or not param.is_floating_point():
        raise RuntimeError(
            "`fused=True` requires all the params to be floating point Tensors of supported devices: "
            f"{_FUSED_DEVICES} but {param.dtype} and {param.device.type}"
        )


def refuse_first_unfusable(optimizer, group, params):
    """The same for the first parameter that an optimizer steps with `fused`."""
    if params and group["fused"] and getattr(optimizer, "_need_device_dtype_check_for_fused", True):
        refuse_unfusable(params[0])
        optimizer._need_device_dtype_check_for_fused = False


def refuse_together(fused, foreach, differentiable):
    """torch's errors for options that exclude one another."""
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def refuse_uncapturable(capturable, params, *others, what="params and state_steps", xla=True):
    """torch's error where `capturable` is asked for tensors of the CPU, or of several devices."""
    if not capturable:
        return
    devices = [*_CAPTURABLE_DEVICES, *(["xla"] if xla else [])]
    for together in zip(params, *others, strict=True):
        kinds = {each.device.type for each in together}
        if len(kinds) > 1 or not kinds.issubset(devices):
            raise AssertionError(
                f"If capturable=True, {what} must be on supported devices: {devices}."
            )


def refuse_foreach_of(differentiable, foreach):
    if differentiable and foreach:
        raise AssertionError("_foreach ops don't support autograd")


def refuse_betas(betas):
    for place in (0, 1):
        text = f"Invalid beta parameter at index {place}"
        refuse_outside(text, 0.0 <= betas[place] < 1.0, betas[place])


def decayed(grad, param, decay):
    """A gradient with that of the decay of weights, if there is any."""
    if decay is None:
        return grad
    if isinstance(decay, Tensor) and decay.requires_grad:
        return grad.addcmul(param.clone(), decay)
    return grad.add(param, alpha=decay)


def decay_of(weight_decay, lr, decoupled):
    """(what is kept of a parameter, what its gradient gets of it); None where that is nothing."""
    decay = number_if_used(weight_decay)
    if decoupled and decay is not None:
        return 1 - lr * decay, None
    return None, decay


def truth(value, param):
    """True or False as data of an update: a 0-dim tensor beside the parameter."""
    return tensor_of(value, device=param.device)


def as_real(param, *tensors):
    """A parameter and tensors like it: where it is complex, views of them as real numbers."""
    if not param.is_complex():
        return param, *tensors
    return tuple([None if each is None else view_as_real(each) for each in (param, *tensors)])


def refuse_untensored(steps):
    """torch's error for counts of an older version."""
    if not all(isinstance(each, Tensor) for each in steps):
        raise RuntimeError(
            "API has changed, `state_steps` argument must contain a list of singleton tensors"
        )


def set_defaults(optimizer, **options):
    """Give groups of an older version the options that it did not have."""
    for group in optimizer.param_groups:
        for name, value in options.items():
            group.setdefault(name, value)


def counts_as_tensors(optimizer, names=("step",), on_its_device=False):
    """Make tensors of the counts that an older version kept as numbers."""
    for group in optimizer.param_groups:
        fused = group.get("fused")
        placed = on_its_device or group.get("capturable") or fused
        for param in group["params"]:
            state = optimizer.state.get(param, {})
            for name in names if state else ():
                if not isinstance(state[name], Tensor):
                    state[name] = new_count(state[name], param, placed, fused)
