"""Files that are damaged, or that want more than to be loaded: a clear error, and nothing done."""

import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest

from compare import SELF, attempt, ours, raised, theirs
from saved_objects import WEIGHTS

pytestmark = pytest.mark.skipif(SELF, reason="looks into jtorch")
CLEAR = (RuntimeError, EOFError, ValueError, pickle.UnpicklingError, AssertionError)


def written(value, **options):
    stream = io.BytesIO()
    ours.save(value, stream, **options)
    return stream.getvalue()


def load(data, **options):
    return ours.load(io.BytesIO(data), **options)


def rebuilt(data, changes=(), **extra):
    """An archive again, with other contents of some records; None takes one away."""
    changes, out = dict(changes), io.BytesIO()
    archive = zipfile.ZipFile(io.BytesIO(data))
    with zipfile.ZipFile(out, "w", **extra) as new:
        for name in archive.namelist():
            content = changes.get(name.partition("/")[2], archive.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def with_pickle(content, **changes):
    """An archive with one storage of 24 bytes, and a pickle of our making."""
    return rebuilt(written(ours.arange(6.0)), {"data.pkl": content, **changes})


class Calls:
    def __init__(self, function, *arguments, state=None):
        self.reduction = (function, arguments, state) if state else (function, arguments)

    def __reduce__(self):
        return self.reduction


def pickled(value):
    return pickle.dumps(value, 2)


REFUSED = {
    "system": Calls(os.system, "touch /tmp/jtorch-was-here"),
    "eval": Calls(eval, "1"),
    "exec": Calls(exec, "1"),
    "getattr": Calls(getattr, "a", "b"),
    "print": Calls(print, "hello"),
    "open": Calls(open, "/etc/passwd"),
    "nested": [{"a": (1, [Calls(os.system, "true")])}],
    "as key": {Calls(os.system, "true"): 1},
    "in bytes": [b"xy", Calls(__import__, "os")],
    "unknown class": io.BytesIO(),
    "numpy": np.ones(2),
    "frozenset": frozenset([1]),
    "range": range(3),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_globals(name):
    """The same words as torch's, and nothing has been called."""
    data = with_pickle(pickled(REFUSED[name]))
    wanted = attempt(lambda: theirs.load(io.BytesIO(data)))

    with pytest.raises(pickle.UnpicklingError) as caught:
        load(data)
    assert raised(caught.value) == wanted
    assert not os.path.exists("/tmp/jtorch-was-here")


STACK = {
    "class of nowhere": b"\x80\x02cno_such_module\nname\n.",
    "torch's private": b"\x80\x02ctorch._C\n_from_dlpack\n.",
    "torch.load": b"\x80\x02ctorch\nload\n.",
    "ours": b"\x80\x02cjtorch._saving.saving\nsave\n.",
    "build of an int": b"\x80\x02K\x01}b.",
    "build of a list": b"\x80\x02]}b.",
    "append to a tuple": b"\x80\x02)K\x01a.",
    "appends to a dict": b"\x80\x02}(K\x01e.",
    "item of a list": b"\x80\x02]K\x01K\x02s.",
    "items of a tuple": b"\x80\x02)(K\x01K\x02u.",
    "reduce of an int": b"\x80\x02K\x05)R.",
    "new of an int": b"\x80\x02K\x05)\x81.",
    "inst": b"\x80\x02(ios\nsystem\n.",
    "obj": b"\x80\x02(cos\nsystem\no.",
    "stack global": b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
    "extension": b"\x80\x02\x82\x01.",
    "text persistent id": b"\x80\x02Pabc\n.",
    "persistent id of a str": b"\x80\x02X\x01\x00\x00\x00aQ.",
    "persistent id of a module": b"\x80\x02X\x06\x00\x00\x00moduleK\x01\x86Q.",
}


@pytest.mark.parametrize("name", STACK)
@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_refused_opcodes(name):
    data = with_pickle(STACK[name])
    wanted = attempt(lambda: theirs.load(io.BytesIO(data)))

    with pytest.raises(pickle.UnpicklingError) as caught:
        load(data)
    assert raised(caught.value) == wanted


DAMAGED = {
    "empty": b"",
    "nothing on the stack": b"\x80\x02.",
    "no mark": b"\x80\x02t.",
    "unknown memo": b"\x80\x02h\x05.",
    "no stop": b"\x80\x02K\x01",
    "huge text": b"\x80\x02X\xff\xff\xff\x7fabc.",
    "text that is none": b"\x80\x02X\x02\x00\x00\x00\xff\xfe.",
    "unhashable key": b"\x80\x02}]K\x01s.",
    "odd items": b"\x80\x02}(K\x01u.",
    "huge bytearray": b"\x80\x02cbuiltins\nbytearray\n\x8a\x06\x00\x00\x00\x00\x00\x7f\x85R.",
    "codec": b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x03\x00\x00\x00hex\x86R.",
    "short id": b"\x80\x02X\x07\x00\x00\x00storage\x85Q.",
    "attributes of a dict": b"\x80\x02ccollections\nOrderedDict\n)RK\x01b.",
    "arguments that are none": b"\x80\x02ccollections\nOrderedDict\nK\x01R.",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_pickles(name):
    with pytest.raises(CLEAR) as caught:
        load(with_pickle(DAMAGED[name]))
    assert str(caught.value)


def storage_id(numel=6, key="0", name="FloatStorage", location="cpu"):
    text = b"".join(b"X" + struct.pack("<I", len(each)) + each.encode() for each in (key, location))
    number = b"\x8a\x08" + struct.pack("<q", numel)
    return b"(X\x07\x00\x00\x00storagectorch\n" + name.encode() + b"\n" + text + number + b"tQ"


def tensor_of(storage, offset, size, stride, rest=b"\x89ccollections\nOrderedDict\n)R"):
    numbers = pickle.dumps((size, stride), 2)[2:-1]
    unpacked = pickle.dumps(size, 2)[2:-1] + pickle.dumps(stride, 2)[2:-1]
    assert numbers
    begin = b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(" + storage
    return begin + pickle.dumps(offset, 2)[2:-1] + unpacked + rest + b"tR."


WINDOWS = {
    "too long": (0, (7,), (1,)),
    "offset": (5, (2,), (1,)),
    "stride": (0, (2, 3), (4, 1)),
    "negative offset": (-1, (2,), (1,)),
    "negative size": (0, (-2,), (1,)),
    "negative stride": (3, (2,), (-1,)),
    "lengths": (0, (2, 3), (1,)),
    "huge": (0, (2**40, 2**40), (0, 1)),
    "float": (0, (2.0,), (1,)),
    "no tuple": (0, 3, (1,)),
}


@pytest.mark.parametrize("name", WINDOWS)
@pytest.mark.parametrize("weights_only", [True, False])
def test_windows_that_memory_does_not_hold(name, weights_only):
    data = with_pickle(tensor_of(storage_id(), *WINDOWS[name]))

    with pytest.raises((*CLEAR, TypeError)) as caught:
        load(data, weights_only=weights_only)
    assert str(caught.value)


def test_a_window_that_fits():
    data = with_pickle(tensor_of(storage_id(), 1, (2, 2), (2, 1)))
    assert load(data).tolist() == [[1, 2], [3, 4]]


STORAGES = {
    "fewer bytes": storage_id(numel=5),
    "more bytes": storage_id(numel=7),
    "huge": storage_id(numel=2**60),
    "negative": storage_id(numel=-1),
    "another dtype": storage_id(name="DoubleStorage"),
    "no record": storage_id(key="1"),
    "path": storage_id(key="../version"),
    "location": storage_id(location="moon"),
}


@pytest.mark.parametrize("name", STORAGES)
@pytest.mark.parametrize("mmap", [False, True])
def test_storages_that_records_do_not_hold(name, mmap, tmp_path):
    path = tmp_path / "x.pt"
    path.write_bytes(with_pickle(tensor_of(STORAGES[name], 0, (1,), (1,))))

    with pytest.raises(CLEAR) as caught:
        ours.load(path, mmap=mmap)
    assert str(caught.value)


RECORDS = {
    "no pickle": {"data.pkl": None},
    "no storage": {"data/0": None},
    "no version": {"version": None},
    "newer": {"version": b"99\n"},
    "older": {"version": b"0\n"},
    "no number": {"version": b"x\n"},
    "short storage": {"data/0": bytes(20)},
    "long storage": {"data/0": bytes(28)},
    "byte order": {"byteorder": b"mixed"},
}


@pytest.mark.parametrize("name", RECORDS)
def test_records(name):
    data = rebuilt(written(ours.arange(6.0)), RECORDS[name])

    with pytest.raises(CLEAR) as caught:
        load(data)
    wanted = attempt(lambda: theirs.load(io.BytesIO(data)))
    if "enforce fail" not in wanted.text:
        assert str(caught.value) == wanted.text


def test_compressed_archives_load():
    data = rebuilt(written(ours.arange(6.0)), compression=zipfile.ZIP_DEFLATED)
    assert load(data).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_bomb_is_not_blown_up():
    """A record that grows from 1 KB to 1 MB, where the pickle speaks of 24 bytes."""
    data = rebuilt(
        written(ours.arange(6.0)), {"data/0": bytes(1 << 20)}, compression=zipfile.ZIP_DEFLATED
    )
    with pytest.raises(RuntimeError, match=r"record size \(1048576 bytes\)"):
        load(data)


def test_a_record_that_says_it_is_smaller():
    data = bytearray(rebuilt(written(ours.arange(6.0)), {"data/0": bytes(1 << 16)}, compression=8))
    # the directory's size of that record becomes 24
    place = bytes(data).rfind(b"archive/data/0") - 46
    data[place + 24 : place + 28] = struct.pack("<I", 24)
    with pytest.raises(RuntimeError, match="unexpected decompressed size"):
        load(bytes(data))


@pytest.mark.parametrize("archive", [True, False])
def test_every_cut(archive):
    """A file that ends early, at every few bytes, is an error, never half an object."""
    value = {"a": ours.arange(3.0), "b": [ours.ones(2, dtype=ours.bool), "text"]}
    data = written(value, _use_new_zipfile_serialization=archive)
    for length in range(0, len(data), 5):
        with pytest.raises((*CLEAR, IndexError)):
            load(data[:length])


@pytest.mark.parametrize("archive", [True, False])
def test_every_changed_byte(archive):
    """Whatever byte is another one: an object, or a clear error; no crash and no foreign object."""
    data = written([ours.arange(3.0), {"k": 1}], _use_new_zipfile_serialization=archive)
    allowed = (*CLEAR, TypeError, NotImplementedError, OverflowError, MemoryError)
    outcomes = set()
    for place in range(0, len(data), 3):
        for change in (0xFF, 0x01):
            changed = bytearray(data)
            changed[place] ^= change
            try:
                loaded = load(bytes(changed), weights_only=True)
                outcomes.add(type(loaded).__name__)
            except allowed:
                outcomes.add("error")
            except Warning:
                outcomes.add("warning")
    assert "error" in outcomes
    assert outcomes <= {"list", "error", "warning", "dict", "tuple", "int", "Tensor", "str"}


def test_checksums():
    data = bytearray(written(ours.arange(6.0)))
    place = bytes(data).find(struct.pack("<6f", *range(6)))
    data[place + 5] ^= 1

    with pytest.raises(RuntimeError, match="CRC-32 check failed"):
        load(bytes(data))


def test_files_without_checksums():
    for module in (ours, theirs):
        module.serialization.set_crc32_options(False)
        try:
            stream = io.BytesIO()
            module.save(module.arange(6.0), stream)
        finally:
            module.serialization.set_crc32_options(True)
        assert load(stream.getvalue()).tolist() == [0, 1, 2, 3, 4, 5]
        stream.seek(0)
        assert theirs.load(stream).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_state_cannot_change_what_a_tensor_is():
    class Odd:
        def __reduce__(self):
            state = {"_offset": 10**9}
            rebuild = ours._rebuilding._rebuild_from_type_v2
            one = (
                ours._rebuilding._rebuild_meta_tensor_no_storage,
                (ours.float32, (2,), (1,), False),
            )
            return rebuild, (one[0], ours.Tensor, one[1], state)

    for weights_only in (True, False):
        with pytest.raises(RuntimeError, match="cannot set its attribute '_offset'"):
            load(written(Odd()), weights_only=weights_only)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"hello", bytes(64)]
)
def test_what_is_no_file_of_ours(data):
    with pytest.raises((RuntimeError, EOFError, pickle.UnpicklingError)):
        load(data)


def test_all_of_the_objects_are_allowed():
    for make in WEIGHTS.values():
        assert (
            ours.serialization.get_unsafe_globals_in_checkpoint(io.BytesIO(written(make(ours))))
            == []
        )
