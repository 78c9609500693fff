"""A channel: how parcels travel between a loader and one of its workers.

A small parcel goes through the connection. Of a big one only the descriptor of memory without a
name does, into which the sender has copied it and which the receiver maps: nothing is left behind,
whoever is killed when, and nothing depends on the size of /dev/shm. Where the system gives no such
memory, the parcel goes through the connection, too.
"""

import math
import mmap
import os
import pickle
import socket
import weakref

from jtorch._shared_memory import new_memory
from jtorch.utils.data._utils._parcel import BIG

try:
    import resource
except ImportError:  # no POSIX: then there are no descriptors to pass either
    resource = None

__all__ = ["Channel"]

_ALIGNMENT = 64  # of arrays, so that JAX uses them where they are
_SHARED, _WHOLE = b"S", b"W"
_mapped = weakref.WeakSet()  # memory taken over and still in use; each has a descriptor of its own

_TOO_MANY = (
    "Too many open files. Communication with the workers is no longer possible. Please increase "
    "the limit using `ulimit -n` in the shell or change the sharing strategy by calling "
    "`torch.multiprocessing.set_sharing_strategy('file_system')` at the beginning of your code"
)


class Channel:
    """One end of a duplex connection."""

    def __init__(self, connection):
        self.connection = connection
        self._socket = None

    def __getstate__(self):
        return self.connection

    def __setstate__(self, connection):
        self.__init__(connection)

    def _descriptors(self):
        """The connection as a socket, which passes descriptors; None where there are none."""
        if self._socket is None and hasattr(socket, "send_fds"):
            self._socket = socket.fromfd(
                self.connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM
            )
        return self._socket

    def send(self, parcel) -> None:
        """Send what `packed` gave. Errors: OSError if the other side has gone."""
        pickled, buffers = parcel
        parts = [pickled, *buffers]
        sizes = pickle.dumps([part.nbytes for part in parts])
        if self._passes(parts):
            self.connection.send_bytes(sizes)
            return
        self.connection.send_bytes(sizes)
        for part in parts:
            self.connection.send_bytes(part)

    def _passes(self, parts) -> bool:
        """Say how the parcel comes; whether that is in memory, whose descriptor is then sent."""
        passing = self._descriptors()
        if passing is None:
            return False
        descriptor = None
        if sum(part.nbytes for part in parts) >= BIG:
            descriptor = _filled_memory(parts)
        if descriptor is not None:
            try:
                socket.send_fds(passing, [_SHARED], [descriptor])
                return True
            except BrokenPipeError:
                raise
            except OSError:  # too many are on their way
                pass
            finally:
                os.close(descriptor)
        passing.sendall(_WHOLE)
        return False

    def receive(self):
        """The next parcel, for `unpacked`.

        Errors:  EOFError or OSError if the other side has gone; RuntimeError if this process may
                 not open another file.
        """
        kind, descriptors = _WHOLE, []
        passing = self._descriptors()
        if passing is not None:
            kind, descriptors, _, _ = socket.recv_fds(passing, 1, 1)
            if not kind:
                raise EOFError
        sizes = pickle.loads(self.connection.recv_bytes())
        if kind == _WHOLE:
            pickled, *buffers = [bytearray(self.connection.recv_bytes()) for _ in sizes]
        elif descriptors:
            pickled, *buffers = _parts_of(descriptors[0], sizes)
        else:  # the kernel has dropped it
            raise RuntimeError(_TOO_MANY)
        return pickled, buffers

    def close(self):
        """Let the other side read to its end, and then see that nobody is here."""
        self.connection.close()
        if self._socket is not None:
            self._socket.close()


def _filled_memory(parts):
    """A descriptor of memory with these parts in it; None where the system gives none."""
    places, size = _places([part.nbytes for part in parts])
    try:
        descriptor = new_memory(size)
    except OSError:
        return None
    try:
        for place, part in zip(places, parts, strict=True):
            _write(descriptor, part, place)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _places(sizes):
    """Where parts of these sizes begin, and the size of the whole."""
    places, end = [], 0
    for size in sizes:
        places.append(end)
        end += math.ceil(size / _ALIGNMENT) * _ALIGNMENT
    return places, end


def _write(descriptor, part, place):
    done = 0
    while done < part.nbytes:
        done += os.pwrite(descriptor, part[done:], place + done)


def _parts_of(descriptor, sizes):
    """The parts in memory that was passed, which is mapped as long as one of them is in use."""
    places, whole = _places(sizes)
    try:
        if len(_mapped) < _most_mappings():
            memory = mmap.mmap(descriptor, whole)
            _mapped.add(memory)
        else:
            memory = _copied(descriptor, whole)
    finally:
        os.close(descriptor)
    view = memoryview(memory)
    return [view[place : place + size] for place, size in zip(places, sizes, strict=True)]


def _copied(descriptor, size):
    memory = bytearray(size)
    rest = memoryview(memory)
    while rest:
        rest = rest[os.preadv(descriptor, [rest], size - len(rest)) :]
    return memory


def _most_mappings():
    """How many descriptors may be held for mapped memory; what comes beyond is copied."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return math.inf if limit == resource.RLIM_INFINITY else limit // 4
