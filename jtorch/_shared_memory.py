"""Memory that processes share: it has no name, only descriptors, so nothing of it is ever left over.

A storage that is shared lives in such memory, as it lives in numpy's when numpy has been given it:
every read copies, and every write lands there at once, whichever process it comes from.
"""

import mmap
import os
import weakref

import numpy as np

from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._storage import Storage, new_storage

__all__ = ["Segment", "is_shared", "new_memory", "segment_of", "share", "storage_over"]

_segments = weakref.WeakKeyDictionary()  # Storage -> Segment
_known = weakref.WeakValueDictionary()  # identity of the memory -> the Storage of this process


def new_memory(nbytes) -> int:
    """A descriptor of new memory. Errors: OSError where the system has none left, or none at all."""
    if not hasattr(os, "memfd_create"):
        raise OSError("this system has no memory that goes by a descriptor")
    descriptor = os.memfd_create("jtorch")
    try:
        os.posix_fallocate(descriptor, 0, max(nbytes, 1))  # now, and not as a fault when written
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


class Segment:
    """Shared memory, mapped here; `descriptor` gives it to others."""

    def __init__(self, descriptor, nbytes):
        self.descriptor = descriptor
        self.nbytes = nbytes
        weakref.finalize(self, os.close, descriptor)
        self.memory = np.frombuffer(mmap.mmap(descriptor, max(nbytes, 1)), np.uint8)[:nbytes]

    @property
    def identity(self):
        """What tells this memory from other memory, in every process."""
        found = os.fstat(self.descriptor)
        return found.st_dev, found.st_ino


def is_shared(storage) -> bool:
    """Whether a storage lives in shared memory."""
    return storage in _segments


def segment_of(storage) -> Segment:
    """The shared memory of a storage, which moves there if it is not there yet."""
    share(storage)
    return _segments[storage]


def share(storage) -> None:
    """Move a storage to shared memory.

    Errors:  NotProvidedError where the system has none; OSError if there is none left.
    """
    if storage in _segments:
        return
    if not hasattr(os, "memfd_create"):
        raise not_provided("memory shared between processes on this system")
    nbytes = storage.meta.numel * storage.meta.dtype.itemsize
    segment = Segment(new_memory(nbytes), nbytes)
    storage.move(segment.memory.view(storage.meta.dtype.numpy))
    _segments[storage] = segment
    _known[segment.identity] = storage


def storage_over(descriptor, shape, dtype) -> Storage:
    """The storage of this process over shared memory; the descriptor is taken over."""
    meta = Meta(shape, dtype)
    segment = Segment(descriptor, meta.numel * dtype.itemsize)
    found = _known.get(segment.identity)
    if found is None:
        found = new_storage(None, meta)
        found.adopt(segment.memory.view(dtype.numpy))
        _segments[found] = segment
        _known[segment.identity] = found
    return found
