"""Files that are mapped into memory, and the order of their bytes."""

import io
import mmap
import zipfile

import numpy as np
import pytest

from compare import SELF, assert_same, attempt, both, ours, theirs
from saved_objects import WEIGHTS
from saved_streams import agree, read, rebuilt, written

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


@pytest.mark.parametrize("writer", ["ours", "theirs"])
def test_mapped_files(writer, tmp_path):
    module = {"ours": ours, "theirs": theirs}[writer]
    for name in ("views", "dtypes", "shared", "checkpoint", "conjugates", "empty", "float8"):
        path = tmp_path / f"{name}.pt"
        module.save(WEIGHTS[name](module), path)
        loaded = attempt(lambda path=path: theirs.load(path, mmap=True))
        assert_same(attempt(lambda path=path: ours.load(path, mmap=True)), loaded)


def test_writing_to_what_is_mapped(tmp_path):
    """Private maps change nothing in the file, shared ones do."""

    def steps(module):
        path = tmp_path / "x.pt"
        module.save(module.arange(20.0), path)
        found = []
        for flags in (mmap.MAP_PRIVATE, mmap.MAP_SHARED):
            with module.serialization.set_default_mmap_options(flags):
                mapped = module.load(path, mmap=True)
            mapped[3:5] = 50
            mapped += 1
            module.serialization.set_crc32_options(False)  # writing has made them wrong
            found += [mapped, module.load(path), mapped[4].item()]
            module.serialization.set_crc32_options(True)
        return found

    agree(steps)


def test_mmap_refusals(tmp_path):
    both(lambda m: read(m, written(m, 1), mmap=True))
    both(lambda m: read(m, written(m, 1, _use_new_zipfile_serialization=False), mmap=True))
    both(lambda m: m.serialization.set_default_mmap_options(7))
    path = tmp_path / "x.pt"
    path.write_bytes(written(ours, ours.arange(6), _use_new_zipfile_serialization=False))
    both(lambda m: m.load(str(path), mmap=True))


def test_maps_of_files_laid_out_by_others(tmp_path):
    path = tmp_path / "x.pt"
    path.write_bytes(rebuilt(written(ours, ours.arange(6.0)), "data.pkl", lambda content: content))
    assert ours.load(path, mmap=True).tolist() == [0, 1, 2, 3, 4, 5]


def swapped(value, itemsize):
    return np.frombuffer(value, np.uint8).reshape(-1, itemsize)[:, ::-1].tobytes()


KINDS = {"float32": 4, "int64": 8, "int16": 2, "bool": 1, "complex64": 4, "bfloat16": 2, "uint8": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_byte_order(kind, tmp_path):
    data = written(theirs, theirs.arange(6).to(getattr(theirs, kind)))
    data = rebuilt(data, "byteorder", lambda _: b"big")
    data = rebuilt(data, "data/0", lambda content: swapped(content, KINDS[kind]))
    path = tmp_path / "x.pt"
    path.write_bytes(data)
    wanted = list(range(6)) if kind != "bool" else [False] + [True] * 5

    assert ours.load(path).tolist() == theirs.load(path).tolist() == wanted
    assert ours.load(path, mmap=True).tolist() == wanted


def test_files_without_a_byte_order():
    def without(data):
        archive, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for each in archive.namelist():
                if not each.endswith("byteorder"):
                    new.writestr(each, archive.read(each))
        return out.getvalue()

    data = without(written(theirs, theirs.tensor([1], dtype=theirs.int16)))

    def steps(module):
        serialization, found = module.serialization, []
        for name in (None, "BIG", "LITTLE", "NATIVE"):
            wanted = name and getattr(serialization.LoadEndianness, name)
            serialization.set_default_load_endianness(wanted)
            found += [str(serialization.get_default_load_endianness()), read(module, data)]
        serialization.set_default_load_endianness(None)
        return found

    agree(steps)
    both(lambda m: m.serialization.set_default_load_endianness("big"))
