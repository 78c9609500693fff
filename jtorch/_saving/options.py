"""What `torch.utils.serialization.config` says of saving and loading, and what a thread is about."""

import sys
import threading
from enum import Enum


class LoadEndianness(Enum):
    """The byte order of files that do not say theirs. Source: torch.serialization."""

    NATIVE = 1
    LITTLE = 2
    BIG = 3


class load:
    """How files are read."""

    mmap = False
    endianness = None
    mmap_flags = None if sys.platform == "win32" else 2  # MAP_PRIVATE
    calculate_storage_offsets = False


class save:
    """How files are written."""

    compute_crc32 = True
    use_pinned_memory_for_d2h = False
    storage_alignment = 64


class _ThisThread(threading.local):
    skip_data = False


this_thread = _ThisThread()
