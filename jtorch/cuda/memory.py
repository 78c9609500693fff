"""torch.cuda.memory: JAX's memory statistics under torch's names."""

import collections
import warnings

from jtorch._accelerators import chosen, count, memory_of
from jtorch._alias import missing_attribute
from jtorch._errors import CompatWarning


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _statistic(device, names) -> int:
    """The first of some statistics that JAX keeps; 0 where there is no device."""
    if not count("cuda"):
        return 0
    of = chosen(device, "cuda")
    known = memory_of(of)
    for name in names:
        if name in known:
            return known[name]
    raise RuntimeError(f"jtorch: JAX does not count {names[0]} of {of}")


def memory_allocated(device=None) -> int:
    """Bytes that arrays use now. Source: torch.cuda.memory_allocated."""
    return _statistic(device, ("bytes_in_use",))


def max_memory_allocated(device=None) -> int:
    """Most bytes that arrays have used since the start. Source: torch.cuda.max_memory_allocated."""
    return _statistic(device, ("peak_bytes_in_use",))


def memory_reserved(device=None) -> int:
    """Bytes that JAX has taken from the device. Source: torch.cuda.memory_reserved."""
    return _statistic(device, ("pool_bytes", "bytes_reserved"))


def max_memory_reserved(device=None) -> int:
    """Most bytes that JAX has taken from the device. Source: torch.cuda.max_memory_reserved."""
    return _statistic(device, ("peak_pool_bytes", "peak_bytes_reserved"))


def memory_cached(device=None) -> int:
    """The old name of `memory_reserved`. Source: torch.cuda.memory_cached."""
    _warn_of_name("memory_cached", "memory_reserved")
    return memory_reserved(device)


def max_memory_cached(device=None) -> int:
    """The old name of `max_memory_reserved`. Source: torch.cuda.max_memory_cached."""
    _warn_of_name("max_memory_cached", "max_memory_reserved")
    return max_memory_reserved(device)


def _warn_of_name(old, new):
    text = f"`torch.cuda.{old}` has been renamed to `torch.cuda.{new}`"
    warnings.warn(text, FutureWarning, stacklevel=3)


def memory_stats(device=None):
    """JAX's own statistics under JAX's names; torch's names are others.

    Source:  torch.cuda.memory_stats.
    """
    if not count("cuda"):
        return collections.OrderedDict()
    return collections.OrderedDict(sorted(memory_of(chosen(device, "cuda")).items()))


def mem_get_info(device=None) -> tuple:
    """(free, total) bytes of what JAX may use of the device. Source: torch.cuda.mem_get_info."""
    of = chosen(device, "cuda")
    known = memory_of(of)
    if "bytes_limit" not in known:
        raise RuntimeError(f"jtorch: JAX does not count bytes_limit of {of}")
    return known["bytes_limit"] - known["bytes_in_use"], known["bytes_limit"]


def reset_peak_memory_stats(device=None) -> None:
    """JAX cannot forget a peak: a warning says so. Source: torch.cuda.reset_peak_memory_stats."""
    chosen(device, "cuda")
    warnings.warn(
        "JAX cannot reset the peak of its memory statistics: max_memory_allocated() goes on to "
        "report the peak since the start of the process",
        CompatWarning,
        stacklevel=2,
    )


def reset_max_memory_allocated(device=None) -> None:
    """The old name of `reset_peak_memory_stats`. Source: torch.cuda.reset_max_memory_allocated."""
    _reset_all("reset_max_memory_allocated", device)


def reset_max_memory_cached(device=None) -> None:
    """Another old name of it. Source: torch.cuda.reset_max_memory_cached."""
    _reset_all("reset_max_memory_cached", device)


def _reset_all(name, device):
    warnings.warn(
        f"torch.cuda.{name} now calls torch.cuda.reset_peak_memory_stats, which resets /all/ peak "
        "memory stats.",
        FutureWarning,
        stacklevel=3,
    )
    reset_peak_memory_stats(device)


def empty_cache() -> None:
    """Nothing to do: JAX gives the memory of an array back to its pool at once, and keeps the pool.

    Source:  torch.cuda.empty_cache.
    """
