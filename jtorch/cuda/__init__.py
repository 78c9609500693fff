"""torch.cuda: what the name "cuda" stands for on this machine (see `_device`), asked of JAX."""

from jtorch._accelerators import capability_of, chosen, count, wait
from jtorch._alias import missing_attribute
from jtorch._device import (
    canonical,
    current_index,
    jax_device,
    set_current_index,
)
from jtorch._device import (
    device as _Device,
)
from jtorch._errors import OutOfMemoryError
from jtorch._typed_tensors import CUDA_TYPES
from jtorch.cuda import amp, memory, random, streams
from jtorch.cuda.memory import (
    empty_cache,
    max_memory_allocated,
    max_memory_cached,
    max_memory_reserved,
    mem_get_info,
    memory_allocated,
    memory_cached,
    memory_reserved,
    memory_stats,
    reset_max_memory_allocated,
    reset_max_memory_cached,
    reset_peak_memory_stats,
)
from jtorch.cuda.random import (
    get_rng_state,
    get_rng_state_all,
    initial_seed,
    manual_seed,
    manual_seed_all,
    seed,
    seed_all,
    set_rng_state,
    set_rng_state_all,
)
from jtorch.cuda.streams import Event, Stream, StreamContext, current_stream, default_stream, stream
from jtorch.storage import CUDA_STORAGES

__all__ = [
    "Event", "OutOfMemoryError", "Stream", "StreamContext", "amp", "can_device_access_peer",
    "current_device", "current_stream", "default_stream", "device", "device_count", "device_of",
    "empty_cache", "get_arch_list", "get_device_capability", "get_device_name",
    "get_device_properties", "get_rng_state", "get_rng_state_all", "init", "initial_seed",
    "ipc_collect", "is_available", "is_bf16_supported", "is_current_stream_capturing",
    "is_initialized", "manual_seed", "manual_seed_all", "max_memory_allocated",
    "max_memory_cached", "max_memory_reserved", "mem_get_info", "memory", "memory_allocated",
    "memory_cached", "memory_reserved", "memory_stats", "random", "reset_max_memory_allocated",
    "reset_max_memory_cached", "reset_peak_memory_stats", "seed", "seed_all", "set_device",
    "set_rng_state", "set_rng_state_all", "stream", "streams", "synchronize",
]  # fmt: skip

globals().update(CUDA_TYPES)
globals().update(CUDA_STORAGES)

has_half = True
has_magma = False


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_available() -> bool:
    """Whether "cuda" names a device of this machine. Source: torch.cuda.is_available."""
    return device_count() > 0


def device_count() -> int:
    """Source: torch.cuda.device_count."""
    return count("cuda")


def is_initialized() -> bool:
    """Source: torch.cuda.is_initialized."""
    return is_available()


def init() -> None:
    """Nothing to do but to find out that there is a device.

    Errors:  AssertionError where there is none.
    Source:  torch.cuda.init.
    """
    canonical(_Device("cuda"))


def current_device() -> int:
    """The index of the device that "cuda" means. Source: torch.cuda.current_device."""
    return canonical(_Device("cuda")).index


def set_device(device) -> None:
    """Choose what "cuda" means in this thread.

    Errors:  ValueError for another type of device; RuntimeError for an index there is not.
    Source:  torch.cuda.set_device.
    """
    index = _index_of(device)
    if index >= 0:
        set_current_index(index)


def _index_of(given) -> int:
    """The index that an argument names; -1, which changes nothing, is torch's."""
    if given.__class__ is int:
        return given
    wanted = given if given.__class__ is _Device else _Device(given)
    if wanted.type != "cuda":
        raise ValueError(f"Expected a cuda device, but got: {wanted}")
    return current_index() if wanted.index is None else wanted.index


class device:
    """Inside, "cuda" means this device; -1 changes nothing. Source: torch.cuda.device."""

    def __init__(self, device):
        self.idx = _index_of(device)
        self.prev_idx = -1

    def __enter__(self):
        self.prev_idx = current_index()
        if self.idx >= 0:
            set_current_index(self.idx)

    def __exit__(self, *exception):
        if self.idx >= 0:
            set_current_index(self.prev_idx)


class device_of(device):
    """Inside, "cuda" means the device of an object, if that is on one.

    Source:  torch.cuda.device_of.
    """

    def __init__(self, obj):
        super().__init__(obj.get_device() if obj.is_cuda else -1)


def get_device_name(device=None) -> str:
    """Source: torch.cuda.get_device_name."""
    return jax_device(chosen(device, "cuda")).device_kind


def get_device_capability(device=None) -> tuple:
    """(major, minor); RuntimeError for what is no GPU. Source: torch.cuda.get_device_capability."""
    return capability_of(chosen(device, "cuda"))


class _Properties:
    """What JAX knows of a device, under torch's names."""

    def __init__(self, of):
        found = jax_device(of)
        self.name = found.device_kind
        capability = getattr(found, "compute_capability", None)
        if capability is not None:
            self.major, self.minor = capability_of(of)
        if getattr(found, "core_count", None) is not None:
            self.multi_processor_count = found.core_count
        statistics = found.memory_stats() or {}
        if "bytes_limit" in statistics:
            # what JAX may allocate, which may be less than the device has
            self.total_memory = statistics["bytes_limit"]

    def __repr__(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"_CudaDeviceProperties({fields})"


def get_device_properties(device=None):
    """Name, capability, memory: as far as JAX knows them.

    Source:  torch.cuda.get_device_properties.
    """
    return _Properties(chosen(device, "cuda"))


def synchronize(device=None) -> None:
    """Run what this thread has recorded, and wait for it. Source: torch.cuda.synchronize."""
    wait(chosen(device, "cuda"))


def ipc_collect() -> None:
    """Nothing to do: no memory is shared between processes. Source: torch.cuda.ipc_collect."""
    canonical(_Device("cuda"))


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """XLA computes bfloat16 on every device it has. Source: torch.cuda.is_bf16_supported."""
    return is_available()


def get_arch_list() -> list:
    """The GPU architectures compiled for ahead of time: none. Source: torch.cuda.get_arch_list."""
    return []


def is_current_stream_capturing() -> bool:
    """False: there are no CUDA graphs. Source: torch.cuda.is_current_stream_capturing."""
    return False


def can_device_access_peer(device, peer_device) -> bool:
    """Whether JAX moves data between two devices: always.

    Source:  torch.cuda.can_device_access_peer.
    """
    chosen(device, "cuda")
    chosen(peer_device, "cuda")
    return True
