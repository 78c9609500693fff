"""A module's tensors as other dtypes and on other devices; these are methods of Module."""

import warnings
from typing import TypeVar

from jtorch import __future__ as future
from jtorch import _dtypes
from jtorch._autograd.modes import no_grad
from jtorch._device import device as Device
from jtorch._dtypes import COMPLEX, FLOATING
from jtorch._ops.convert import parse_to
from jtorch._ops.creation import empty_like
from jtorch._ops.signatures import Signatures, parse
from jtorch._tensor import keep_version, retarget
from jtorch.nn.parameter import Parameter
from jtorch.utils import swap_tensors

_Module = TypeVar("_Module")  # what a method gives back: the module itself


def _apply(self, fn, recurse=True):
    """Replace each parameter, its gradient, and each buffer by what `fn` makes of it.

    A parameter stays the object it is, as optimizers hold it, where its kind of memory does.
    """
    if recurse:
        for module in self.children():
            module._apply(fn)
    for name, parameter in self._parameters.items():
        if parameter is not None:
            self._parameters[name] = _converted(self, name, parameter, fn)
    for name, buffer in self._buffers.items():
        if buffer is not None:
            self._buffers[name] = fn(buffer)
    return self


def _converted(module, name, parameter, fn):
    with no_grad():
        made = fn(parameter)
    gradient = parameter.grad
    if future.get_swap_module_params_on_conversion():
        return _swapped(module, name, parameter, made, fn)
    if _keeps_object(parameter, made):
        _set_data(parameter, made)
        result = parameter
    else:
        result = Parameter(made, parameter.requires_grad)
    if gradient is not None:
        with no_grad():
            made = fn(gradient)
        if result is parameter and _keeps_object(gradient, made):
            _set_data(gradient, made)
        else:
            result.grad = made.requires_grad_(gradient.requires_grad)
    return result


def _keeps_object(tensor, made):
    """Whether the tensor can take over what has been made of it."""
    both = (tensor._meta.device.type == "meta") == (made._meta.device.type == "meta")
    return both and not future.get_overwrite_module_params_on_conversion()


def _set_data(tensor, made):
    """`tensor.data = made`, from one device to another, too."""
    if made is tensor:
        return
    if tensor._meta.device is made._meta.device:
        tensor.data = made
    else:
        keep_version(tensor)
        retarget(tensor, made._storage, made._meta, made._offset)


def _swapped(module, name, parameter, made, fn):
    try:
        gradient = parameter.grad
        if gradient is not None:
            with no_grad():
                new_gradient = fn(gradient)
            new_gradient.requires_grad_(gradient.requires_grad)
        made = Parameter(made, parameter.requires_grad)
        if gradient is not None:
            made.grad = new_gradient
        swap_tensors(parameter, made)
    except Exception as error:
        raise RuntimeError(f"_apply(): Couldn't swap {module._get_name()}.{name}") from error
    return parameter


def _parse_to_signatures():
    return Signatures(
        "to",
        [
            parse(
                "(torch.device? device = None, torch.dtype? dtype = None, "
                "bool non_blocking = False, bool copy = False, *, "
                "torch.memory_format? memory_format = None)"
            ),
            parse(
                "(torch.dtype dtype, bool non_blocking = False, bool copy = False, *, "
                "torch.memory_format? memory_format = None)"
            ),
            parse(
                "(Tensor tensor, bool non_blocking = False, bool copy = False, *, "
                "torch.memory_format? memory_format = None)"
            ),
        ],
    )


_TO = _parse_to_signatures()


def to(self: _Module, *args, **kwargs) -> _Module:
    """The module with its floating-point tensors as a dtype, all of them on a device; itself.

    `to(device, dtype)`, `to(dtype)`, `to(tensor)`, `to(memory_format=...)` for tensors of 4 or 5 dims.

    Errors:  TypeError for an integer dtype; NotImplementedError where a meta tensor has no data.
    Source:  torch.nn.Module.to.
    """
    try:
        dtype, where, _, memory_format = parse_to(args, kwargs)
    except TypeError as error:
        raise _TO.fault(args, kwargs) or error from None
    if dtype is not None:
        if dtype.category < FLOATING:
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={dtype}"
            )
        if dtype.category == COMPLEX:
            warnings.warn(
                "Complex modules are a new feature under active development whose design may "
                "change, and some modules might not work as expected when using complex tensors as "
                "parameters or buffers. Please file an issue at "
                "https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml if a complex "
                "module does not work as expected.",
                stacklevel=2,
            )

    def convert(tensor):
        wanted = dtype if tensor._meta.dtype.category >= FLOATING else None
        if memory_format is not None and tensor.ndim in (4, 5):
            return tensor.to(where, wanted, memory_format=memory_format)
        if tensor.is_meta and where is not None and where.type != "meta":
            raise NotImplementedError(
                "Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() "
                "instead of torch.nn.Module.to() when moving module from meta to a different "
                "device."
            )
        return tensor.to(where, wanted)

    return self._apply(convert)


def to_empty(self: _Module, *, device, recurse=True) -> _Module:
    """The module with its tensors on a device, their values not kept.

    Source:  torch.nn.Module.to_empty.
    """
    return self._apply(lambda tensor: empty_like(tensor, device=device), recurse=recurse)


def type(self, dst_type):
    """Every parameter and buffer as a dtype. Source: torch.nn.Module.type."""
    return self._apply(lambda tensor: tensor.type(dst_type))


def _cast(name, dtype):
    def cast(self: _Module) -> _Module:
        return self._apply(
            lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor
        )

    cast.__name__, cast.__qualname__ = name, f"Module.{name}"
    cast.__doc__ = f"The floating-point tensors as {dtype}. Source: torch.nn.Module.{name}."
    return cast


float = _cast("float", _dtypes.float32)
double = _cast("double", _dtypes.float64)
half = _cast("half", _dtypes.float16)
bfloat16 = _cast("bfloat16", _dtypes.bfloat16)


def cuda(self: _Module, device=None) -> _Module:
    """Every parameter and buffer on an accelerator. Source: torch.nn.Module.cuda."""
    return self._apply(lambda tensor: tensor.cuda(device))


def cpu(self: _Module) -> _Module:
    """Every parameter and buffer on the CPU. Source: torch.nn.Module.cpu."""
    return self._apply(lambda tensor: tensor.cpu())


def _elsewhere(kind):
    def move(self: _Module, device=None) -> _Module:
        index = "" if device is None else f":{Device(kind, device).index}"
        return self._apply(lambda tensor: tensor.to(f"{kind}{index}"))

    move.__name__, move.__qualname__ = kind, f"Module.{kind}"
    move.__doc__ = f"Every parameter and buffer on a device of type {kind}."
    return move


ipu = _elsewhere("ipu")
xpu = _elsewhere("xpu")
mtia = _elsewhere("mtia")


def share_memory(self):
    """Every tensor in memory that other processes see. Source: torch.nn.Module.share_memory."""
    return self._apply(lambda tensor: tensor.share_memory_())


def zero_grad(self, set_to_none=True):
    """Forget the gradients of all parameters, or set them to zero.

    Source:  torch.nn.Module.zero_grad.
    """
    if getattr(self, "_is_replica", False):
        warnings.warn(
            "Calling .zero_grad() from a module created with nn.DataParallel() has no effect. The "
            "parameters are copied (in a differentiable manner) from the original module. This "
            "means they are not leaf nodes in autograd and so don't accumulate gradients. If you "
            "need gradients in your forward method, consider using autograd.grad instead.",
            stacklevel=2,
        )
    for parameter in self.parameters():
        gradient = parameter.grad
        if gradient is None:
            continue
        if set_to_none:
            parameter.grad = None
            continue
        if gradient.grad_fn is not None:
            gradient.detach_()
        else:
            gradient.requires_grad_(False)
        gradient.zero_()
