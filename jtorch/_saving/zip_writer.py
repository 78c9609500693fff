"""Zip archives laid out as PyTorch's: stored records, each beginning at a multiple of 64 bytes.

The bytes are those that PyTorch itself writes, but for the last record, a number that identifies
the content. Nothing is written twice, so a stream that cannot seek will do.
"""

import struct
import sys
import zlib

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END_64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<IIQI")
_MOST_32 = 0xFFFFFFFF
_MOST_16 = 0xFFFF
_UTF_8 = 1 << 11
_SIZES_AFTER_DATA = 1 << 3
_PADDING = b"FB"  # the extra field that only takes up room
_VERSION = b"3\n"


class ZipWriter:
    """Writes records one after the other to `stream`; `close` writes the directory."""

    def __init__(self, stream, folder, *, with_crc=True, alignment=64):
        self._stream = stream
        self._folder = folder
        self._with_crc = with_crc
        self._alignment = alignment
        self._position = 0
        self._entries = []  # (name, where its header is, size, crc, flags)
        self._mixed_names = self._mixed_content = 0

    def write(self, name, data):
        """A record: bytes, or a flat array of them."""
        size = len(data)
        crc = zlib.crc32(data) if self._with_crc and size else 0
        self._begin(name, size, crc)
        self._put(data)
        self._end(size, crc)

    def leave_room(self, name, size):
        """A record of zeros, whose content is to be written by others."""
        self._begin(name, size, 0)
        for start in range(0, size, 1 << 20):
            self._put(bytes(min(1 << 20, size - start)))
        self._end(size, 0)

    def close(self):
        """Write what PyTorch writes last: the records that every archive has, and the directory."""
        self.write("version", _VERSION)
        byte_order = f"{self._folder}/byteorder".encode()
        if all(name != byte_order for name, *_ in self._entries):
            self.write("byteorder", sys.byteorder.encode())
        identity = f"{self._mixed_names:020d}{self._mixed_content:020d}"
        self.write(".data/serialization_id", identity.encode())
        self._write_directory()

    def _put(self, data):
        self._stream.write(data)
        self._position += len(data)

    def _begin(self, name, size, crc):
        full = f"{self._folder}/{name}".encode()
        start = self._position
        flags = _UTF_8 | (_SIZES_AFTER_DATA if size else 0)
        extra = self._big_fields(size, start)
        begun = start + _LOCAL.size + len(full) + len(extra) + 4
        room = -begun % self._alignment
        extra += _PADDING + struct.pack("<H", room) + b"Z" * room
        self._put(_LOCAL.pack(0x04034B50, 0, flags, 0, 0, 0, 0, 0, 0, len(full), len(extra)))
        self._put(full + extra)
        self._entries.append((full, start, size, crc, flags))
        self._mixed_names = _mixed(self._mixed_names, zlib.crc32(name.encode()))
        self._mixed_content = _mixed(self._mixed_content, crc)

    def _end(self, size, crc):
        if not size:
            return
        start = self._entries[-1][1]
        form = "<IIQQ" if max(start, size) >= _MOST_32 else "<IIII"
        self._put(struct.pack(form, 0x08074B50, crc, size, size))

    @staticmethod
    def _big_fields(size, start):
        """The extra field with those of the sizes and of the place that 32 bits cannot hold."""
        if max(size, start) < _MOST_32:
            return b""
        numbers = [size, size] if size >= _MOST_32 else []
        numbers += [start] if start >= _MOST_32 else []
        return struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)

    def _write_directory(self):
        start = self._position
        for name, place, size, crc, flags in self._entries:
            extra = self._big_fields(size, place)
            shown, where = min(size, _MOST_32), min(place, _MOST_32)
            self._put(
                _CENTRAL.pack(
                    0x02014B50, 0, 0, flags, 0, 0, 0, crc, shown, shown, len(name), len(extra),
                    0, 0, 0, 0, where,
                )
            )  # fmt: skip
            self._put(name + extra)
        count, length, end = len(self._entries), self._position - start, self._position
        # PyTorch writes the wide form of the end always, and after it the old one.
        self._put(_END_64.pack(0x06064B50, 44, 0x31E, 45, 0, 0, count, count, length, start))
        self._put(_LOCATOR_64.pack(0x07064B50, 0, end, 1))
        count = min(count, _MOST_16)
        length, start = min(length, _MOST_32), min(start, _MOST_32)
        self._put(_END.pack(0x06054B50, 0, 0, count, count, length, start, 0))


def _mixed(seed, value):
    return (seed ^ (value + 0x9E3779B9 + (seed << 6) + (seed >> 2))) & 0xFFFFFFFFFFFFFFFF
