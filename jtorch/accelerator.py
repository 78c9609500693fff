"""torch.accelerator: the accelerator of this machine, whichever it is, asked of JAX."""

import warnings

from jtorch._accelerators import capability_of, chosen, count, memory_of, required, wait
from jtorch._alias import missing_attribute
from jtorch._device import (
    accelerator_type,
    current_index,
    set_current_index,
)
from jtorch._device import (
    device as Device,
)
from jtorch._errors import CompatWarning

__all__ = [
    "current_accelerator", "current_device_idx", "current_device_index", "current_stream",
    "device_count", "device_index", "empty_cache", "get_device_capability", "is_available",
    "max_memory_allocated", "memory_allocated", "memory_stats", "reset_peak_memory_stats",
    "set_device_idx", "set_device_index", "synchronize",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Source: torch.accelerator.is_available."""
    return accelerator_type() is not None


def device_count() -> int:
    """Source: torch.accelerator.device_count."""
    return count(accelerator_type()) if is_available() else 0


def current_accelerator(check_available: bool = False):
    """The accelerator as a device without an index, or None.

    Source:  torch.accelerator.current_accelerator.
    """
    return Device(accelerator_type()) if is_available() else None


def current_device_index() -> int:
    """Source: torch.accelerator.current_device_index."""
    required()
    return current_index()


def current_device_idx() -> int:
    """The old name of `current_device_index`."""
    warnings.warn("Use `current_device_index` instead.", FutureWarning, stacklevel=2)
    return current_device_index()


def set_device_index(device, /) -> None:
    """Choose the device that is meant where none is named.

    Source:  torch.accelerator.set_device_index.
    """
    set_current_index(chosen(device, required()).index)


def set_device_idx(device, /) -> None:
    """The old name of `set_device_index`."""
    warnings.warn("Use `set_device_index` instead.", FutureWarning, stacklevel=2)
    set_device_index(device)


class device_index:
    """Inside, another device is the current one. Source: torch.accelerator.device_index."""

    def __init__(self, device, /):
        self.idx = device
        self.prev_idx = -1

    def __enter__(self):
        if self.idx is not None:
            required()
            self.prev_idx = current_index()
            set_current_index(self.idx)

    def __exit__(self, *exception):
        if self.idx is not None:
            set_current_index(self.prev_idx)


def synchronize(device=None, /) -> None:
    """Run what this thread has recorded, and wait for it. Source: torch.accelerator.synchronize."""
    wait(chosen(device, required()))


def current_stream(device=None, /):
    """The order of a device's work: there is one. Source: torch.accelerator.current_stream."""
    return _Stream(chosen(device, required()))


class _Stream:
    """The one stream of a device."""

    stream_id = 0

    def __init__(self, device):
        self.device = device

    def synchronize(self) -> None:
        wait(self.device)

    def __repr__(self):
        device = self.device
        return f"torch.Stream device_type={device.type}, device_index={device.index}, stream_id=0"


def get_device_capability(device=None, /):
    """The compute capability of a GPU. Source: torch.accelerator.get_device_capability."""
    return capability_of(chosen(device, required()))


def memory_stats(device=None, /) -> dict:
    """JAX's own statistics under JAX's names. Source: torch.accelerator.memory_stats."""
    return dict(sorted(memory_of(chosen(device, required())).items()))


def memory_allocated(device=None, /) -> int:
    """Bytes that arrays use now. Source: torch.accelerator.memory_allocated."""
    return memory_of(chosen(device, required()))["bytes_in_use"]


def max_memory_allocated(device=None, /) -> int:
    """Most bytes that arrays have used. Source: torch.accelerator.max_memory_allocated."""
    return memory_of(chosen(device, required()))["peak_bytes_in_use"]


def reset_peak_memory_stats(device=None, /) -> None:
    """JAX cannot forget a peak: a warning says so.

    Source:  torch.accelerator.reset_peak_memory_stats.
    """
    chosen(device, required())
    warnings.warn("JAX cannot reset the peak of its memory statistics", CompatWarning, stacklevel=2)


def empty_cache() -> None:
    """Nothing to do: JAX keeps its pool. Source: torch.accelerator.empty_cache."""
    required()
