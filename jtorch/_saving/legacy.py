"""The format of PyTorch before 1.6: pickles one after the other, then the bytes of the storages."""

import os
import struct
import sys

import numpy as np

from jtorch._rebuilding import bytes_of_storage
from jtorch._saving import options
from jtorch._saving.pickling import dump
from jtorch._saving.storages import (
    SavedStorages,
    checked_id,
    decoded,
    typed,
    untyped_of,
)
from jtorch._saving.zip_reader import aligned_bytes

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
_SIZES = {"short": 2, "int": 4, "long": 4}
_COUNT = struct.Struct("<q")


def write(obj, stream, pickle_module, protocol):
    """Write an object to a stream."""
    storages = SavedStorages()

    def persistent_id(value):
        found = storages.persistent_id(value)
        return None if found is None else (*found, None)  # None: it is no part of another

    system = {
        "protocol_version": PROTOCOL_VERSION,
        "little_endian": sys.byteorder == "little",
        "type_sizes": dict(_SIZES),
    }
    for each in (MAGIC_NUMBER, PROTOCOL_VERSION, system):
        pickle_module.dump(each, stream, protocol=protocol)
    dump(obj, pickle_module, stream, protocol, persistent_id)
    keys = sorted(storages.by_key)
    pickle_module.dump(keys, stream, protocol=protocol)
    stream.flush()
    for key in keys:
        untyped, dtype = storages.by_key[key]
        _write_storage(untyped, dtype, stream)


def _write_storage(untyped, dtype, stream):
    data = bytes_of_storage(untyped._storage)
    stream.write(_COUNT.pack(len(data) // dtype.itemsize))
    if sys.byteorder == "big":
        data = data.reshape(-1, dtype.itemsize)[:, ::-1].reshape(-1)
    stream.write(data)


class LegacyStorages:
    """The storages of a file being read: the pickle refers to them before their bytes come."""

    def __init__(self, restore, room):
        self._restore = restore
        self._room = room  # bytes that the file still has: what storages can take
        self._memory = {}  # key -> (bytes to be filled, untyped storage on the CPU, dtype)
        self._typed = {}

    def persistent_load(self, saved_id):
        if isinstance(saved_id, tuple) and saved_id and decoded(saved_id[0]) == "module":
            return saved_id[1]  # a class, with its source when it was saved
        dtype, key, location, numel, view, *_ = (*checked_id(saved_id), None)
        if key not in self._typed:
            self._typed[key] = typed(self._made(key, dtype, location, numel), dtype)
        if view is not None:
            raise NotImplementedError(
                "jtorch does not read storages that are parts of other storages, which PyTorch "
                "before 0.4 wrote"
            )
        return self._typed[key]

    def _made(self, key, dtype, location, numel):
        nbytes = numel * dtype.itemsize
        self._room -= nbytes
        if self._room < 0:
            raise _ended(-self._room)
        memory = aligned_bytes(nbytes)
        memory[:] = 0
        untyped = untyped_of(memory, dtype)
        restored = self._restore(untyped, location)
        restored = restored._untyped()
        self._memory[key] = memory, untyped, restored, dtype
        return restored

    def fill(self, keys, stream):
        """Read the bytes of the storages."""
        for key in keys:
            if key not in self._memory:
                raise AssertionError(f"storage key {key!r} not found in deserialized_objects")
            memory, untyped, restored, dtype = self._memory[key]
            (count,) = _COUNT.unpack(_read(stream, _COUNT.size))
            if count * dtype.itemsize != len(memory):
                raise RuntimeError(
                    f"storage has wrong byte size: expected {len(memory)} got "
                    f"{count * dtype.itemsize}"
                )
            data = np.frombuffer(_read(stream, len(memory)), np.uint8)
            if sys.byteorder == "big":
                data = data.reshape(-1, dtype.itemsize)[:, ::-1].reshape(-1)
            memory[:] = data
            if restored is not untyped and restored.device.type != "meta":
                restored.copy_(untyped)


def _ended(missing):
    return RuntimeError(
        f"unexpected EOF, expected {missing} more bytes. The file might be corrupted."
    )


def _read(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise _ended(count - len(data))
    return data


def read(stream, restore, unpickler_of, load_pickle):
    """The object of a stream. `unpickler_of` makes what reads a pickle that refers to storages.

    Errors:  RuntimeError for what is not of this format; whatever the pickles raise.
    """
    if load_pickle(stream) != MAGIC_NUMBER:
        raise RuntimeError("Invalid magic number; corrupt file?")
    version = load_pickle(stream)
    if version != PROTOCOL_VERSION:
        raise RuntimeError(f"Invalid protocol version: {version}")
    load_pickle(stream)
    place = stream.tell()
    storages = LegacyStorages(restore, stream.seek(0, os.SEEK_END) - place)
    stream.seek(place)
    result = unpickler_of(stream, storages.persistent_load).load()
    keys = load_pickle(stream)
    if not options.this_thread.skip_data:
        storages.fill(keys, stream)
    return result
