"""Where files are written to: paths, streams, and what is left when writing fails."""

import errno
import gzip
import io
import os
import pickle
import stat
import sys
import zipfile

import pytest

from compare import SELF, Raised, both, ours, theirs
from jtorch._saving.zip_writer import ZipWriter
from processes import python

pytestmark = pytest.mark.skipif(SELF, reason="compares two libraries' files")
NAMES = ["model.pt", "a.b.c.pt", "model", "ünïcode.pt", "with space.pth", "archive.tar.gz"]


def agree(call):
    """`both`, where no error is expected."""
    assert not isinstance(both(call), Raised)


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_in_an_archive_is_the_name_of_the_file(name, tmp_path):
    names = []
    for module in (ours, theirs):
        path = tmp_path / module.__name__ / name
        path.parent.mkdir()
        module.save(module.ones(1), path)
        names.append(zipfile.ZipFile(path).namelist())
        assert ours.load(path).tolist() == theirs.load(str(path)).tolist() == [1]
        assert os.listdir(path.parent) == [name]  # nothing is left beside it
    assert names[0] == names[1]


def test_names_that_are_none(tmp_path):
    for module in (ours, theirs):
        with pytest.raises(RuntimeError, match="invalid file name"):
            module.save(1, tmp_path / ".pt")
        with pytest.raises(RuntimeError, match=r"Parent directory .*none does not exist\."):
            module.save(1, tmp_path / "none" / "x.pt")
        with pytest.raises(RuntimeError, match="Is a directory"):
            module.save(1, tmp_path)
    with pytest.raises(FileNotFoundError):
        ours.load(tmp_path / "none.pt")


def test_a_name_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours.save([1], "here.pt")
    assert theirs.load("here.pt") == [1]


class Stream(io.RawIOBase):
    """A stream that can only be written to, a few bytes at a time, and counts its flushes."""

    def __init__(self):
        self.pieces, self.flushed = [], 0

    def writable(self):
        return True

    def write(self, data):
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self):
        self.flushed += 1


def test_a_stream_that_cannot_seek():
    stream = Stream()
    ours.save(ours.arange(4), stream)
    assert stream.flushed
    assert theirs.load(io.BytesIO(b"".join(stream.pieces))).tolist() == [0, 1, 2, 3]


def test_open_files_and_what_stands_before(tmp_path):
    for archive in (True, False):
        for module in (ours, theirs):
            path = tmp_path / "x.pt"
            with open(path, "wb") as stream:
                stream.write(b"before")
                module.save(module.arange(3), stream, _use_new_zipfile_serialization=archive)
            for other in (ours, theirs):
                with open(path, "rb") as stream:
                    stream.seek(6)
                    assert other.load(stream).tolist() == [0, 1, 2]


def test_compressed_streams(tmp_path):
    path = tmp_path / "x.pt.gz"
    with gzip.open(path, "wb") as stream:
        ours.save(ours.arange(3), stream)
    for module in (ours, theirs):
        with gzip.open(path, "rb") as stream:
            assert module.load(stream).tolist() == [0, 1, 2]


@pytest.mark.parametrize("archive", [True, False])
def test_several_legacy_files_in_one_stream(archive):
    def steps(module):
        stream = io.BytesIO()
        for value in (1, "two", [module.ones(2)]):
            module.save(value, stream, _use_new_zipfile_serialization=False)
        stream.seek(0)
        return [module.load(stream) for _ in range(3)]

    agree(steps)


class NoSeek:
    def __init__(self, stream):
        self.read = stream.read


class Unseekable(io.RawIOBase):
    def readable(self):
        return True


class OnlyWriteAttribute:
    write = None


def test_what_is_no_stream():
    for value in (3, None, [], NoSeek(io.BytesIO()), Unseekable()):
        both(lambda module, value=value: module.load(value))
    for value in (3, None, [], NoSeek(io.BytesIO())):
        both(lambda module, value=value: module.save(1, value))

    def save_to_attribute(module):
        try:
            module.save(1, OnlyWriteAttribute())
        except TypeError as error:
            return str(error)

    both(save_to_attribute)


# What a failure leaves


class Refuses:
    def __reduce__(self):
        raise ValueError("this object is not to be saved")


def test_an_error_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.pt"
    ours.save({"old": ours.ones(3)}, path)
    before = path.read_bytes()
    for archive in (True, False):
        with pytest.raises(ValueError, match="not to be saved"):
            ours.save([ours.ones(2), Refuses()], path, _use_new_zipfile_serialization=archive)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["x.pt"]


TOO_BIG = """
import resource, signal, sys
import jtorch
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
jtorch.save({"old": jtorch.arange(3)}, sys.argv[1])
value = jtorch.zeros(100_000)
value.tolist()
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for archive in (True, False):
    try:
        jtorch.save(value, sys.argv[1], _use_new_zipfile_serialization=archive)
    except OSError as error:
        print(error.errno)
print(jtorch.load(sys.argv[1]))
"""


def test_a_full_disk_leaves_the_old_file(tmp_path):
    """The disk is a limit on the size of files, which every system has."""
    done = python("-c", TOO_BIG, tmp_path / "x.pt", folder=tmp_path)
    assert done.stdout.split("\n")[:3] == [
        str(errno.EFBIG), str(errno.EFBIG), "{'old': tensor([0, 1, 2])}",
    ], done.stderr  # fmt: skip
    assert os.listdir(tmp_path) == ["x.pt"]


@pytest.mark.skipif(not os.path.isdir("/dev/full") and not os.path.exists("/dev/full"), reason="")
def test_devices_are_written_to_directly():
    with pytest.raises(OSError, match="No space left"):
        ours.save(ours.ones(3), "/dev/full")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    ours.save(ours.ones(3), "/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_permissions_stay(tmp_path):
    path = tmp_path / "x.pt"
    mask = os.umask(0o027)
    try:
        ours.save(1, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        ours.save(2, path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert ours.load(path) == 2


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target.pt", tmp_path / "link.pt"
    ours.save(1, target)
    link.symlink_to(target)
    ours.save(2, link)
    assert link.is_symlink()
    assert ours.load(target) == 2
    assert zipfile.ZipFile(target).namelist()[0] == "link/data.pkl"


def test_a_reader_of_the_old_file_keeps_it(tmp_path):
    path = tmp_path / "x.pt"
    ours.save(ours.arange(20_000), path)
    mapped = ours.load(path, mmap=True)
    ours.save(ours.zeros(20_000, dtype=ours.int64), path)
    assert mapped.sum().item() == sum(range(20_000))
    assert ours.load(path).sum().item() == 0


# Arguments


def test_protocols():
    for protocol in (2, 3, 4, 5):

        def steps(module, protocol=protocol):
            stream = io.BytesIO()
            value = {"a": module.arange(3.0), "b": [module.nn.Linear(1, 1).eval(), b"xy"]}
            module.save(value, stream, pickle_protocol=protocol)
            loaded = [
                other.load(io.BytesIO(stream.getvalue()), weights_only=False)
                for other in (ours, theirs)
            ]
            return [[each["a"].tolist(), repr(each["b"])] for each in loaded]

        agree(steps)


def test_protocol_of_a_pickle():
    def steps(module):
        stream = io.BytesIO()
        module.save([module.arange(3)], stream, pickle_protocol=4)
        stream.seek(0)
        module.load(stream)

    both(steps)


class Named:
    """A module of pickles as programs bring their own."""

    __name__ = "named"
    Pickler = pickle._Pickler
    Unpickler = pickle.Unpickler
    dump, load = staticmethod(pickle.dump), staticmethod(pickle.load)


def test_pickle_module():
    for archive in (True, False):
        stream = io.BytesIO()
        ours.save([ours.ones(2)], stream, Named, _use_new_zipfile_serialization=archive)
        for module in (ours, theirs):
            stream.seek(0)
            assert module.load(stream, pickle_module=Named)[0].tolist() == [1, 1]
    both(lambda m: m.load(io.BytesIO(), pickle_module=Named, weights_only=True))


def test_a_pickler_that_cannot_be_taught():
    class InC(Named):
        Pickler = pickle.Pickler

    with pytest.raises(TypeError, match=r"pickle\._Pickler"):
        ours.save(1, io.BytesIO(), InC)


def test_the_byte_order_record_comes_late():
    def steps(module):
        stream = io.BytesIO()
        module.save(module.ones(2), stream, _disable_byteorder_record=True)
        names = zipfile.ZipFile(stream).namelist()
        stream.seek(0)
        return names, module.load(stream)

    agree(steps)


def test_skip_data(tmp_path):
    def steps(module):
        stream = io.BytesIO()
        with module.serialization.skip_data():
            module.save([module.ones(2, 3), module.ones(4, dtype=module.bool)], stream)
        size = len(stream.getvalue())
        stream.seek(0)
        loaded = module.load(stream)
        module.save(module.ones(2), full := io.BytesIO())
        full.seek(0)
        with module.serialization.skip_data():
            shape = module.load(full).shape
        return [size, loaded, shape]

    agree(steps)

    def legacy(module):
        with module.serialization.skip_data():
            module.save(1, io.BytesIO(), _use_new_zipfile_serialization=False)

    both(legacy)


def test_alignment_and_checksums():
    def steps(module, alignment, crc):
        config = module.serialization
        before = config.get_crc32_options()
        config.set_crc32_options(crc)
        try:
            stream = io.BytesIO()
            module.save([module.arange(6), module.ones(1)], stream)
        finally:
            config.set_crc32_options(before)
        return [
            (each.filename, each.header_offset, each.CRC)
            for each in zipfile.ZipFile(stream).infolist()
            if "serialization_id" not in each.filename
        ]

    for crc in (True, False):
        assert steps(ours, 64, crc) == steps(theirs, 64, crc)


def test_dtypes_over_one_memory():
    def steps(module, archive):
        x = module.arange(4.0)
        module.save([x, x.view(module.int32)], io.BytesIO(), _use_new_zipfile_serialization=archive)

    both(lambda m: steps(m, True))
    both(lambda m: steps(m, False))


def test_many_records():
    """More than the old end of a zip archive can count; without tensors, which would take longer."""
    count = 66_000
    stream = io.BytesIO()
    value = [ours.tensor([k], dtype=ours.uint8) for k in range(4)]
    writer = ZipWriter(stream, "archive", with_crc=False)
    content = io.BytesIO()
    ours.save(value, content)
    inner = zipfile.ZipFile(content)
    for each in inner.namelist():
        name = each.partition("/")[2]
        if name not in ("version", ".data/serialization_id"):
            writer.write(name, inner.read(each))
    for k in range(count):
        writer.write(f"more/{k}", b"")
    writer.close()
    for module in (ours, theirs):
        stream.seek(0)
        assert [each.item() for each in module.load(stream)] == [0, 1, 2, 3]


class Sparse:
    """A file in which long runs of zeros take up no room."""

    def __init__(self, file):
        self.file = file

    def write(self, data):
        if len(data) >= 1 << 20:  # only `leave_room` writes so much at once here
            self.file.seek(len(data), os.SEEK_CUR)
        else:
            self.file.write(data)


def test_records_beyond_4_gib(tmp_path):
    """Sizes and places that 32 bits do not hold; torch writes and reads them in the same way."""
    path, inner = tmp_path / "big.pt", io.BytesIO()
    ours.save([ours.arange(5.0), "end"], inner)
    archive = zipfile.ZipFile(inner)
    with open(path, "wb") as file:
        writer = ZipWriter(Sparse(file), "big", with_crc=False)
        writer.write("data.pkl", archive.read("archive/data.pkl"))
        writer.write("byteorder", b"little")
        writer.leave_room("more", (1 << 32) + 4096)
        writer.write("data/0", archive.read("archive/data/0"))
        writer.close()

    assert zipfile.ZipFile(path).getinfo("big/data/0").header_offset > 1 << 32
    for module in (ours, theirs):
        for mapped in (False, True):
            tensor, end = module.load(path, mmap=mapped)
            assert tensor.tolist() == [0, 1, 2, 3, 4]
            assert end == "end"
    path.unlink()


class Endless:
    def __reduce__(self):
        return Endless, (Endless(),)


def test_deep_objects():
    """As deep as C's pickler goes; and where an object never ends, torch's error."""

    def steps(module):
        value = module.ones(1)
        for _ in range(300):
            value = [value]
        model = module.nn.Linear(1, 1)
        for _ in range(40):
            model = module.nn.Sequential(model)
        found = []
        for each in (value, model):
            stream = io.BytesIO()
            module.save(each, stream)
            stream.seek(0)
            found.append(len(repr(module.load(stream, weights_only=False))))
        return found

    agree(steps)

    before = sys.getrecursionlimit()
    for module in (ours, theirs):
        with pytest.raises(RecursionError):
            module.save(Endless(), io.BytesIO())
    assert sys.getrecursionlimit() == before
