"""Zip archives as PyTorch writes them, read: which records there are, and where their bytes lie.

The file is not trusted: whatever it says is compared with what it holds before memory is asked for.
"""

import os
import struct
import zlib

import numpy as np

from jtorch._saving import options

_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<IIQI")
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_MOST_32 = 0xFFFFFFFF
_MOST_16 = 0xFFFF
_STORED, _DEFLATED = 0, 8
_LONGEST_COMMENT = 0xFFFF
_OLDEST, _NEWEST = 1, 10  # versions of the format that torch 2.13 reads
_ADVICE = (
    "This is an internal miniz error. If you are seeing this error, there is a high likelihood "
    "that your checkpoint file is corrupted. This can happen if the checkpoint was not saved "
    "properly, was transferred incorrectly, or the file was modified after saving."
)
ALIGNMENT = 64


def _broken(what, doing="reading zip archive"):
    return RuntimeError(f"PytorchStreamReader failed {doing}: {what}. {_ADVICE}")


class Entry:
    """A record: where its header is, how it is stored, and its sizes there and in memory."""

    __slots__ = ("crc", "header", "method", "packed", "size")

    def __init__(self, header, method, packed, size, crc):
        self.header, self.method = header, method
        self.packed, self.size, self.crc = packed, size, crc


class ZipReader:
    """The archive that begins where `stream` stands and goes on to its end.

    Errors:  RuntimeError in torch's words for what is no archive, or a damaged one.
    """

    def __init__(self, stream):
        self._stream = stream
        self._start = stream.tell()
        self._length = stream.seek(0, os.SEEK_END) - self._start
        entries = self._directory()
        self.folder, _, _ = next(iter(entries), "").partition("/")
        prefix = self.folder + "/"
        self._entries = {
            name.removeprefix(prefix): each
            for name, each in entries.items()
            if name.startswith(prefix)
        }
        self._check_version()

    def names(self):
        """The names of the records, without the folder they all are in."""
        return list(self._entries)

    def __contains__(self, name):
        return name in self._entries

    def read(self, name) -> bytes:
        """The content of a record."""
        return self.read_array(name).tobytes()

    def size(self, name) -> int:
        return self._entry(name).size

    def is_stored(self, name) -> bool:
        """Whether a record lies there as it is, not compressed."""
        return self._entry(name).method == _STORED

    def read_array(self, name) -> np.ndarray:
        """The content as a flat array of bytes that nobody else has, aligned for XLA."""
        entry = self._entry(name)
        start = self.offset(name)
        if entry.method == _STORED:
            data = aligned_bytes(entry.size)
            self._read_into(start, data, name)
        elif entry.method == _DEFLATED:
            data = self._inflated(name, entry, start)
        else:
            raise _broken("unsupported method", f"reading file {name}")
        # Some writers leave the checksum out, among them torch itself if it is told to.
        if entry.crc and options.save.compute_crc32 and zlib.crc32(data) != entry.crc:
            raise RuntimeError(
                f"PytorchStreamReader failed reading file {name}: CRC-32 check failed: the bytes are "
                "not those that were saved. torch.serialization.set_crc32_options(False) has files "
                "loaded without this check."
            )
        return data

    def offset(self, name) -> int:
        """Where in the archive the content of a record begins."""
        entry = self._entry(name)
        local = _unpacked(_LOCAL, self._bytes(entry.header, _LOCAL.size), 0x04034B50)
        start = entry.header + _LOCAL.size + local[9] + local[10]
        if start + entry.packed > self._length:
            raise _broken("invalid header or archive is corrupted", f"reading file {name}")
        return start

    def _entry(self, name):
        found = self._entries.get(name)
        if found is None:
            raise _broken("file not found", f"locating file {name}")
        return found

    def _check_version(self):
        if not self._entries:
            raise _broken("archive does not contain any files")
        name = next((each for each in (".data/version", "version") if each in self), None)
        if name is None:
            raise RuntimeError(
                'Expected hasRecord("version") to be true, but got false.  (Could this error '
                "message be improved?  If so, please report an enhancement request to PyTorch.)"
            )
        text = self.read(name) if self.size(name) < 32 else b""
        try:
            version = int(text)
        except ValueError:
            raise RuntimeError(f"Couldn't parse the version {text!r} as Long Long.") from None
        if version > _NEWEST:
            raise RuntimeError(
                f"Attempted to read a PyTorch file with version {version}, but the maximum "
                f"supported version for reading is {_NEWEST}. The version of your PyTorch "
                "installation may be too old, please upgrade PyTorch to latest version to mitigate "
                "this issue."
            )
        if version < _OLDEST:
            raise RuntimeError(
                f"Attempted to read a PyTorch file with version {version}, but the minimum "
                f"supported version for reading is {_OLDEST}. Your PyTorch script module file is "
                "too old. Please re-export it again."
            )

    # The bytes

    def _bytes(self, start, count):
        if start < 0 or start + count > self._length:
            raise _broken("invalid header or archive is corrupted")
        self._stream.seek(self._start + start)
        pieces = []
        while count:
            piece = self._stream.read(count)
            if not piece:
                raise _broken("file read failed")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def _read_into(self, start, data, name):
        if not hasattr(self._stream, "readinto"):
            data[:] = np.frombuffer(self._bytes(start, len(data)), np.uint8)
            return
        self._stream.seek(self._start + start)
        view = memoryview(data)
        while view:
            count = self._stream.readinto(view)
            if not count:
                raise _broken("file read failed", f"reading file {name}")
            view = view[count:]

    def _inflated(self, name, entry, start):
        # What was announced bounds what is made: a small record cannot become a huge one.
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(self._bytes(start, entry.packed), entry.size + 1)
        except zlib.error:
            raise _broken("decompression failed", f"reading file {name}") from None
        if len(data) != entry.size:
            raise _broken("unexpected decompressed size", f"reading file {name}")
        made = aligned_bytes(entry.size)
        made[:] = np.frombuffer(data, np.uint8)
        return made

    # The directory

    def _directory(self):
        """Every record by its full name, in the order of the directory."""
        start, length, count = self._find_directory()
        data, place, entries = self._bytes(start, length), 0, {}
        for _ in range(count):
            fields = _unpacked(_CENTRAL, data[place : place + _CENTRAL.size], 0x02014B50)
            _, _, _, _, method, _, _, crc, packed, size, *rest = fields
            name_length, extra_length, comment_length, _, _, _, header = rest
            after = place + _CENTRAL.size
            name = data[after : after + name_length]
            extra = data[after + name_length : after + name_length + extra_length]
            place = after + name_length + extra_length + comment_length
            if place > length:
                raise _broken("invalid header or archive is corrupted")
            size, packed, header = _widened(extra, size, packed, header)
            if packed > self._length or (method == _STORED and packed != size):
                raise _broken("invalid header or archive is corrupted")
            entries[name.decode("utf-8", "replace")] = Entry(header, method, packed, size, crc)
        return entries

    def _find_directory(self):
        """(start, length, count of records) of the directory."""
        if self._length < _END.size:
            raise _broken("not a ZIP archive")
        tail_start = max(0, self._length - _END.size - _LONGEST_COMMENT)
        tail = self._bytes(tail_start, self._length - tail_start)
        found = tail.rfind(b"PK\x05\x06", 0, len(tail) - _END.size + 4)
        if found < 0:
            raise _broken("failed finding central directory")
        fields = _END.unpack_from(tail, found)
        count, length, start = fields[4:7]
        if count == _MOST_16 or _MOST_32 in (length, start):
            place = tail_start + found - _LOCATOR_64.size
            locator = _unpacked(_LOCATOR_64, self._bytes(place, _LOCATOR_64.size), 0x07064B50)
            end = _unpacked(_END_64, self._bytes(locator[2], _END_64.size), 0x06064B50)
            count, length, start = end[7:10]
        if start + length > self._length or count * _CENTRAL.size > length:
            raise _broken("invalid header or archive is corrupted")
        return start, length, count


def _unpacked(form, data, signature):
    if len(data) < form.size:
        raise _broken("invalid header or archive is corrupted")
    fields = form.unpack(data)
    if fields[0] != signature:
        raise _broken("invalid header or archive is corrupted")
    return fields


def _widened(extra, size, packed, header):
    """The sizes and the place, those that 32 bits do not hold from the extra field."""
    numbers, place = [], 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        field = extra[place + 4 : place + 4 + length]
        if kind == 1:
            numbers = list(struct.unpack_from(f"<{len(field) // 8}Q", field))
        place += 4 + length
    wide = []
    for each in (size, packed, header):
        if each == _MOST_32:
            if not numbers:
                raise _broken("invalid header or archive is corrupted")
            each = numbers.pop(0)
        wide.append(each)
    return wide


def aligned_bytes(count) -> np.ndarray:
    """Room for bytes, where XLA can use it without a copy."""
    room = np.empty(count + ALIGNMENT, np.uint8)
    skip = -room.__array_interface__["data"][0] % ALIGNMENT
    return room[skip : skip + count]
