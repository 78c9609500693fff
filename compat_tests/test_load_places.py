"""Where tensors of files are loaded to: map_location, and devices by other names."""

import os
import subprocess
import sys

import pytest

from compare import SELF, attempt, both, ours, theirs
from processes import ROOT
from saved_streams import agree, read, rebuilt, written

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


def tensors(module):
    return {
        "a": module.ones(2),
        "b": module.nn.Parameter(module.zeros(1, 2)),
        "c": module.arange(3),
    }


LOCATIONS = {
    "none": lambda m: None,
    "cpu": lambda m: "cpu",
    "cpu device": lambda m: m.device("cpu"),
    "meta": lambda m: "meta",
    "meta device": lambda m: m.device("meta"),
    "dict": lambda m: {"cpu": "meta"},
    "dict of others": lambda m: {"cuda:0": "cpu"},
    "same": lambda m: lambda storage, location: storage,
    "refuses": lambda m: lambda storage, location: None,
    "clone": lambda m: lambda storage, location: storage.clone(),
    "cuda": lambda m: "cuda",
    "cuda:1": lambda m: "cuda:1",
    "cuda device": lambda m: m.device("cuda"),
    "dict to cuda": lambda m: {"cpu": "cuda:0"},
    "unknown": lambda m: "moon",
    "xpu": lambda m: "xpu",
    "hpu": lambda m: "hpu",
    "bytes": lambda m: b"cpu",
    "number": lambda m: 3,
}


def described(value):
    return [
        (name, type(each).__name__, tuple(each.shape), str(each.device), each.requires_grad,
         "" if each.device.type == "meta" else each.tolist())
        for name, each in value.items()
    ]  # fmt: skip


@pytest.mark.parametrize("name", LOCATIONS)
@pytest.mark.parametrize("archive", [True, False])
def test_map_location(name, archive):
    def steps(module):
        data = written(module, tensors(module), _use_new_zipfile_serialization=archive)
        return described(read(module, data, map_location=LOCATIONS[name](module)))

    if name in ("xpu", "hpu", "bytes"):  # torch says more of these in one build than in another
        try:
            wanted = steps(theirs)
        except Exception as error:
            with pytest.raises(type(error)):
                steps(ours)
        else:
            assert steps(ours) == wanted
    else:
        both(steps)


def test_what_a_map_location_is_called_with():
    def steps(module):
        calls = []

        def place(storage, location):
            calls.append((type(storage).__name__, storage.nbytes(), location, storage.tolist()))
            return storage

        x = module.arange(2, dtype=module.int16)
        read(module, written(module, [x, x[1:], module.ones(1)]), map_location=place)
        return calls

    agree(steps)


def test_files_of_other_devices():
    """Tags that no device of this machine answers to, mapped to those that are there."""
    data = written(ours, [ours.arange(3.0)])
    changed = rebuilt(
        data, "data.pkl", lambda c: c.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
    )

    both(lambda m: read(m, changed))
    both(lambda m: read(m, changed, map_location="cpu"))
    both(lambda m: read(m, changed, map_location={"cuda:0": "cpu"}))
    both(lambda m: read(m, changed, map_location=lambda storage, location: storage))


def test_register_package():
    def steps(module):
        serialization = module.serialization
        asked = []

        def tag(storage):
            asked.append(storage.nbytes())
            return "moon" if storage.nbytes() == 12 else None

        def bring(storage, location):
            return storage if location == "moon" else None

        serialization.register_package(5, tag, bring)
        try:
            data = written(module, [module.ones(3), module.ones(1)])
            loaded = read(module, data)
            place = serialization.location_tag(module.ones(3).untyped_storage())
        finally:
            registry(module).pop(0)
        return [asked, loaded, place, attempt(lambda: read(module, data)).text]

    def registry(module):
        if module is theirs:
            return module.serialization._package_registry
        from jtorch._saving.locations import _registry

        return _registry

    agree(steps)


TWO_DEVICES = """
import io
import jtorch as torch

def there_and_back(value, **options):
    stream = io.BytesIO()
    torch.save(value, stream, **options)
    return stream

def shown(tensor):
    base = tensor._storage.meta
    return str(tensor.device), tensor.tolist(), str(base.device), str(base.dtype), tuple(base.shape)

x = torch.arange(6.).reshape(2, 3)
there = x.to("cuda")
for archive in (True, False):
    options = {"_use_new_zipfile_serialization": archive}
    for value, places in ((x, ("cuda", {"cpu": "cuda:0"}, torch.device("cuda"))), (there, (None, "cpu"))):
        stream = there_and_back([value, value[1:], value.bool()], **options)
        for place in places:
            stream.seek(0)
            for each in torch.load(stream, map_location=place):
                print(*shown(each))
    stream.seek(0)
    a, b, c = torch.load(stream, map_location=lambda storage, location: storage.cuda(0))
    print(*shown(a), b.device, c.device)
    b.fill_(9)
    print(a.tolist())
    layer = torch.nn.Linear(2, 2, device="cuda")
    stream = there_and_back(layer, **options)
    stream.seek(0)
    loaded = torch.load(stream, weights_only=False)
    print(loaded.weight.device, torch.equal(loaded.weight, layer.weight), loaded(torch.ones(1, 2).cuda()).device)
    stream.seek(0)
    print(torch.load(stream, weights_only=False, map_location="cpu").weight.device)
for each in (there.storage(), there.untyped_storage()):
    stream = there_and_back(each)
    stream.seek(0)
    loaded = torch.load(stream)
    print(loaded.device, loaded.nbytes())
try:
    stream.seek(0)
    torch.load(stream, map_location="cuda:7")
except RuntimeError as error:
    print(error)
"""


def test_two_devices(tmp_path):
    """A second virtual CPU device stands for an accelerator."""
    environment = {"JTORCH_CUDA_IS": "cpu", "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    environment |= {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TWO_DEVICES],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    whole = "[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] {0} torch.float32 (2, 3)"
    cuda, cpu = "cuda:0 " + whole.format("cuda:0"), "cpu " + whole.format("cpu")
    assert [lines[k] for k in (0, 3, 6, 9, 12)] == [cuda, cuda, cuda, cuda, cpu]
    assert lines[1] == "cuda:0 [[3.0, 4.0, 5.0]] cuda:0 torch.float32 (2, 3)"
    assert lines[2].startswith("cuda:0 [[False, True, True], [True, True, True]] cuda:0 torch.bool")
    half = (len(lines) - 3) // 2
    assert lines[15].endswith("cuda:0 cuda:0")
    assert lines[16] == "[[0.0, 1.0, 2.0], [9.0, 9.0, 9.0]]"
    assert lines[17:19] == ["cuda:0 True cuda:0", "cpu"]
    without = [
        [line.partition("]] ")[0] for line in part] for part in (lines[:15], lines[half:][:15])
    ]
    assert without[0] == without[1]  # in the old format, too
    assert lines[half + 16 : half + 19] == lines[16:19]
    assert lines[-3:-1] == ["cuda:0 24", "cuda:0 24"]
    assert lines[-1].startswith("Attempting to deserialize object on CUDA device 7 but torch.cuda.")
