"""Objects from PyTorch's zip archives: the pickle, and the storages it refers to, one record each."""

import io
import sys
import warnings

from jtorch._device import device as Device
from jtorch._rebuilding import arrive, mapping_to, send
from jtorch._saving import options
from jtorch._saving.locations import is_meta, restoring
from jtorch._saving.options import LoadEndianness
from jtorch._saving.storages import checked_id, typed, untyped_of
from jtorch._untyped_storage import UntypedStorage, handle


def byte_order_of(archive):
    """ "little" or "big": as the archive says, or as files of that age are taken.

    Errors:  ValueError for another word.
    """
    if "byteorder" in archive:
        found = archive.read("byteorder")
        if found not in (b"little", b"big"):
            raise ValueError("Unknown endianness type: " + found.decode("utf-8", "replace"))
        return found.decode()
    wanted = options.load.endianness
    if wanted is None and sys.byteorder == "big":
        warnings.warn(
            "The default load endianness for checkpoints without a byteorder mark on big endian "
            "machines was changed from 'native' to 'little' endian, to avoid this behavior please "
            "use torch.serialization.set_default_load_endianness to set the desired default load "
            "endianness",
            UserWarning,
            stacklevel=4,
        )
    if wanted is LoadEndianness.NATIVE:
        return sys.byteorder
    return "big" if wanted is LoadEndianness.BIG else "little"


class _Storages:
    """The storages of an archive, each read when the pickle first mentions it."""

    def __init__(self, archive, map_location, mapped):
        self._archive = archive
        self._restore = restoring(map_location)
        self._to_meta = is_meta(map_location)
        # what others bring to its place is brought at once, and raises its own errors
        self._is_known = map_location is None or isinstance(map_location, (str, dict, Device))
        self._mapped = mapped
        self._swap = byte_order_of(archive) != sys.byteorder
        self._loaded = {}

    def persistent_load(self, saved_id):
        dtype, key, location, numel, *_ = checked_id(saved_id)
        found = self._loaded.get(key)
        if found is None:
            found = typed(self._read(f"data/{key}", dtype, numel), dtype)
            self._loaded[key] = found
            if not self._to_meta:
                send(found, lambda untyped: self._restore(untyped, location))
                if not self._is_known:
                    arrive(found)
        return found

    def finish(self):
        """Bring to where they are to be those that no tensor was made of."""
        for each in self._loaded.values():
            arrive(each)

    def _read(self, name, dtype, numel):
        nbytes = numel * dtype.itemsize
        if self._to_meta:
            return UntypedStorage(nbytes, device="meta")
        if options.this_thread.skip_data:
            return UntypedStorage(nbytes)
        self._require_size(name, nbytes)
        return self._content(name, dtype, nbytes)

    def _require_size(self, name, nbytes):
        held = self._archive.size(name)
        if held != nbytes:
            raise RuntimeError(
                f"record size ({held} bytes) does not match expected size ({nbytes} bytes = "
                f"{nbytes} elements * 1 bytes/element) for dtype Byte"
            )

    def _content(self, name, dtype, nbytes):
        if self._mapped is None or (self._swap and dtype.itemsize > 1):
            return untyped_of(self._archive.read_array(name), dtype, self._swap)
        if not self._archive.is_stored(name):
            raise RuntimeError(f"{name} is compressed: it cannot be used where it lies (mmap=True)")
        return handle(self._mapped.storage(self._archive.offset(name), nbytes))


def load(archive, map_location, unpickler_of, mapped=None):
    """The object of an archive. `unpickler_of` makes what reads a pickle that refers to storages."""
    storages = _Storages(archive, map_location, mapped)
    content = io.BytesIO(archive.read("data.pkl"))
    with mapping_to(map_location):
        result = unpickler_of(content, storages.persistent_load).load()
        storages.finish()
    return result
