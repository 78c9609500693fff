"""What the process does with memory it has freed: it keeps some, where it runs on glibc.

XLA takes one block for all that a program holds for a while, and frees it at the end. glibc gives
such a block back to the system, and the next run finds new pages, each of which the system clears
when it is first touched: 30,000 a step of ResNet-18, which are a seventh of its time. So blocks of
up to some hundred megabytes come from the heap, there is one heap for all threads (others hold no
block that big), and it shrinks only when it has more than that to give back.
"""

import ctypes
import os
import platform

from jtorch._config import settings

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # names of mallopt's parameters
_MOST = 2**31 - 1  # mallopt takes an int


def keep_memory() -> None:
    """Have glibc keep freed memory, unless the user has told it what to do, or wants none kept."""
    size = min(settings.kept_bytes, _MOST)
    if not size or platform.libc_ver()[0] != "glibc" or _is_told():
        return
    mallopt = ctypes.CDLL(None).mallopt
    for parameter, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, size), (_TRIM_THRESHOLD, size)):
        mallopt(parameter, value)


def _is_told() -> bool:
    environment = os.environ
    return (
        any(name.startswith("MALLOC_") for name in environment)
        or "glibc.malloc" in environment.get("GLIBC_TUNABLES", "")
        or "LD_PRELOAD" in environment  # another allocator, it may be
    )
