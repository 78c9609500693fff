"""Files as memory of the CPU: read when they are looked at, and written to only if that is wanted."""

import mmap
import os

import numpy as np

from jtorch import _dtypes
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._storage import Storage, new_storage, storage_of_memory

ALIGNMENT = 64


class MappedFile:
    """The first `nbytes` bytes of a file (None: all of them).

    Where it is shared, tensors over it write to the file; a file that is shorter grows, and one that
    is not there is made. Otherwise what they write stays theirs.

    Errors:  RuntimeError in torch's words for a file that is not there, or too short.
    """

    def __init__(self, path, shared, nbytes=None):
        path = os.fspath(path)
        mode = os.O_RDWR | os.O_CREAT if shared else os.O_RDONLY
        try:
            number = os.open(path, mode, 0o666)
        except OSError as error:
            how = "read-write mode" if shared else "read-only mode"
            raise RuntimeError(
                f"unable to open file <{os.fsdecode(path)}> in {how}: {error.strerror} "
                f"({error.errno})"
            ) from None
        try:
            size = os.fstat(number).st_size
            nbytes = size if nbytes is None else nbytes
            if nbytes > size and not shared:
                raise RuntimeError(
                    f"file <{os.fsdecode(path)}> size <{size}> is smaller than the required mapping "
                    f"size <{nbytes}>"
                )
            if nbytes > size:
                os.ftruncate(number, nbytes)
            access = mmap.ACCESS_WRITE if shared else mmap.ACCESS_READ
            content = mmap.mmap(number, nbytes, access=access) if nbytes else b""
        finally:
            os.close(number)
        self._shared = shared
        self._bytes = np.frombuffer(content, np.uint8)

    def storage(self, start=0, nbytes=None) -> Storage:
        """The memory of a part of the file."""
        part = self._bytes[start : None if nbytes is None else start + nbytes]
        meta = Meta(part.shape, _dtypes.uint8)
        address = part.__array_interface__["data"][0]
        if self._shared and part.size:
            return storage_of_memory(part, address, True, meta)
        if address % ALIGNMENT:  # XLA has no use for it where it lies
            part = part.copy()
        return new_storage(leaf(part, meta.aval), meta)
