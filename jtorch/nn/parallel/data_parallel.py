"""Data parallelism: the same module on several devices, each with a part of the batch."""

from itertools import chain
from typing import Generic, TypeVar

from jtorch._accelerators import count
from jtorch._autograd.modes import is_grad_enabled
from jtorch._device import device as Device
from jtorch.nn.modules.module import Module
from jtorch.nn.parallel.parallel_apply import parallel_apply
from jtorch.nn.parallel.replicate import replicate
from jtorch.nn.parallel.scatter_gather import gather, scatter_kwargs

__all__ = ["DataParallel", "data_parallel"]

T = TypeVar("T", bound=Module)


def _number(place) -> int:
    return place if isinstance(place, int) else Device(place).index or 0


def _require_on(module, place) -> None:
    for each in chain(module.parameters(), module.buffers()):
        if each.device != place:
            raise RuntimeError(
                "module must have its parameters and buffers "
                f"on device {place} (device_ids[0]) but found one of "
                f"them on device: {each.device}"
            )


class DataParallel(Module, Generic[T]):
    """A module whose batches are divided among the accelerators; without any it is that module.

    Shape:   what the module takes and gives; divided, and joined, along `dim`.
    Errors:  RuntimeError if the module is not on the first of the devices.
    Source:  torch.nn.DataParallel.
    """

    def __init__(self, module: T, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        if not count("cuda"):
            self.device_ids = []
            return
        self.dim = dim
        places = range(count("cuda")) if device_ids is None else device_ids
        self.device_ids = [_number(each) for each in places]
        self.output_device = _number(self.device_ids[0] if output_device is None else output_device)
        self.src_device_obj = Device("cuda", self.device_ids[0])
        if len(self.device_ids) == 1:
            self.module.to(self.src_device_obj)

    def forward(self, *inputs, **kwargs):
        if not self.device_ids:
            return self.module(*inputs, **kwargs)
        _require_on(self.module, self.src_device_obj)
        inputs, kwargs = self.scatter(inputs, kwargs, self.device_ids)
        if not inputs and not kwargs:
            inputs, kwargs = ((),), ({},)
        if len(self.device_ids) == 1:
            return self.module(*inputs[0], **kwargs[0])
        replicas = self.replicate(self.module, self.device_ids[: len(inputs)])
        outputs = self.parallel_apply(replicas, inputs, kwargs)
        return self.gather(outputs, self.output_device)

    def replicate(self, module, device_ids):
        return replicate(module, device_ids, not is_grad_enabled())

    def scatter(self, inputs, kwargs, device_ids):
        return scatter_kwargs(inputs, kwargs, device_ids, dim=self.dim)

    def parallel_apply(self, replicas, inputs, kwargs):
        return parallel_apply(replicas, inputs, kwargs, self.device_ids[: len(replicas)])

    def gather(self, outputs, output_device):
        return gather(outputs, output_device, dim=self.dim)


def data_parallel(
    module, inputs, device_ids=None, output_device=None, dim=0, module_kwargs=None
):  # fmt: skip
    """What `DataParallel(module, device_ids, output_device, dim)` makes of inputs.

    Errors:  RuntimeError where there is no accelerator.
    Source:  torch.nn.parallel.data_parallel.
    """
    if not count("cuda"):
        raise RuntimeError("device type could not be determined")
    if not isinstance(inputs, tuple):
        inputs = () if inputs is None else (inputs,)
    parallel = DataParallel(module, device_ids, output_device, dim)
    return parallel(*inputs, **(module_kwargs or {}))
