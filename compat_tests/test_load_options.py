"""How files are loaded: where to, mapped, in which byte order, and what names they may use."""

import copy
import io
import mmap
import os
import pickle
import subprocess
import sys
import warnings
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

from compare import SELF, Raised, assert_same, attempt, both, ours, theirs
from processes import ROOT, jtorch
from saved_objects import WEIGHTS

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


def agree(call):
    """`both`, where no error is expected."""
    assert not isinstance(both(call), Raised)


def written(module, value, **options):
    stream = io.BytesIO()
    module.save(value, stream, **options)
    return stream.getvalue()


def read(module, data, **options):
    return module.load(io.BytesIO(data), **options)


# map_location


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


def rebuilt(data, name, change):
    archive, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for each in archive.namelist():
            content = archive.read(each)
            new.writestr(each, change(content) if each.endswith("/" + name) else content)
    return out.getvalue()


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


# mmap


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


# Byte order


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


# Names


class Point:
    def __init__(self, x=0):
        self.x = x


class Slotted:
    __slots__ = ("y",)


class Stateful:
    def __setstate__(self, state):
        self.seen = state


def point(**state):
    made = Point()
    made.__dict__.update(state)
    return made


def slotted():
    made = Slotted()
    made.y = [1]
    return made


def stateful():
    made = Stateful()
    made.z = 5
    return made


def names_allowed(module, value, added):
    serialization = module.serialization
    data = written(module, value)
    before = serialization.get_safe_globals()
    with serialization.safe_globals(added):
        loaded = read(module, data)
    assert set(serialization.get_safe_globals()) == set(before)
    unsafe = sorted(serialization.get_unsafe_globals_in_checkpoint(io.BytesIO(data)))
    with pytest.raises(pickle.UnpicklingError, match="was not an allowed global by default"):
        read(module, data)
    return loaded, unsafe


def test_safe_globals():
    def steps(module):
        model = module.nn.Sequential(OrderedDict(a=module.nn.Linear(1, 2), b=module.nn.ReLU()))
        needed = [module.nn.Sequential, module.nn.Linear, module.nn.ReLU]
        found = []
        one, unsafe = names_allowed(module, point(x=module.ones(2)), [Point])
        found += [one.x, unsafe]
        one, unsafe = names_allowed(module, slotted(), [Slotted])
        found += [one.y, unsafe]
        one, unsafe = names_allowed(module, stateful(), [Stateful])
        found += [one.seen, unsafe]
        one, unsafe = names_allowed(module, model, needed)
        found += [repr(one), unsafe]
        one, unsafe = names_allowed(module, range(3), [(range, "builtins.range")])
        return [*found, one, unsafe]

    agree(steps)


def test_lists_of_safe_globals():
    def steps(module):
        serialization = module.serialization
        before = serialization.get_safe_globals()  # torch has some of its own
        serialization.clear_safe_globals()
        serialization.add_safe_globals([Point])
        serialization.add_safe_globals([Point, Stateful])
        found = [sorted(each.__name__ for each in serialization.get_safe_globals())]
        with serialization.safe_globals([Slotted]):
            found.append(len(serialization.get_safe_globals()))
        serialization.clear_safe_globals()
        found.append(serialization.get_safe_globals())
        serialization.add_safe_globals(before)
        return found

    agree(steps)

    def wrong(module, added):
        with module.serialization.safe_globals(added):
            return read(module, written(module, point()))

    both(lambda m: wrong(m, [(Point, "a", "b")]))
    both(lambda m: wrong(m, [(Point, 3)]))
    both(lambda m: wrong(m, [(os.system, "posix.system")]))


def test_blocked_modules_stay_blocked():
    class Calls:
        def __reduce__(self):
            return os.system, ("true",)

    def steps(module):
        with module.serialization.safe_globals([os.system]):
            return read(module, written(module, Calls()))

    both(steps)


def test_arguments():
    data = written(ours, {"k": ours.ones(1)})
    both(lambda m: read(m, data, pickle_module=pickle))
    both(lambda m: read(m, data, pickle_module=pickle, weights_only=True))
    both(lambda m: read(m, data, weights_only=False, encoding="latin1"))
    with pytest.warns(UserWarning, match="pickle_load_args only works"):
        read(ours, data, encoding="latin1")


def test_the_environment(monkeypatch):
    data = written(ours, point(x=1))

    def loaded(module, **options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = attempt(lambda: read(module, data, **options).x)
        return found, [str(each.message) for each in caught]

    for name in ("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"):
        monkeypatch.setenv(name, "1")
        for options in ({}, {"weights_only": False}, {"weights_only": True}):
            assert loaded(ours, **options) == loaded(theirs, **options)
        if name.endswith("NO_WEIGHTS_ONLY_LOAD"):
            monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "1")
            assert loaded(ours) == loaded(theirs)
        monkeypatch.delenv(name)


def test_python_2_names():
    """Globals under the names that Python 2 had for their modules."""
    content = b"\x80\x02c__builtin__\nset\n]K\x01a\x85R."
    data = rebuilt(written(ours, 1), "data.pkl", lambda _: content)
    both(lambda m: read(m, data))
    both(lambda m: read(m, data, weights_only=False))


def test_old_tensors():
    """What the first versions wrote: no requires_grad, or the tensor's state by itself."""
    storage = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ"
    contents = [
        b"\x80\x02ctorch._utils\n_rebuild_tensor\n(" + storage + b"K\x01K\x02\x85K\x01\x85tR.",
        b"\x80\x02ctorch\nTensor\n)R(" + storage + b"K\x01K\x02\x85K\x01\x85tb.",
        b"\x80\x02ctorch.tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor\nctorch\n"
        b"Tensor\n(" + storage + b"K\x01K\x02\x85K\x01\x85t}tR.",
    ]
    for k, content in enumerate(contents):
        data = rebuilt(written(ours, ours.arange(6.0)), "data.pkl", lambda _, c=content: c)
        for options in ({}, {"weights_only": False}) if k == 0 else ({"weights_only": k == 1},):
            both(lambda m, data=data, options=options: read(m, data, **options))


# Subclasses, storages, generators


class Ours(ours.Tensor):
    pass


class Theirs(theirs.Tensor):
    pass


def test_subclasses():
    def steps(module, kind):
        x = module.arange(4.0).as_subclass(kind)
        x.label = "mine"
        loaded = read(module, written(module, [x, x[1:]]), weights_only=False)
        refused = attempt(lambda: read(module, written(module, x)))
        with module.serialization.safe_globals([kind]):
            allowed = read(module, written(module, x))
        return [
            type(loaded[0]) is kind, loaded[0].label, loaded[1].storage_offset(),
            refused.text.replace(kind.__qualname__, "Kind"), type(allowed) is kind, allowed.label,
        ]  # fmt: skip

    assert steps(ours, Ours) == steps(theirs, Theirs)


@pytest.mark.parametrize("archive", [True, False])
def test_storages(archive):
    def steps(module):
        x = module.arange(3.0)
        options = {"_use_new_zipfile_serialization": archive}
        typed, again, tensor = read(
            module, written(module, [x.storage(), x.storage(), x], **options)
        )
        bytes_ = read(module, written(module, x.untyped_storage(), **options))
        again.fill_(7)
        return [
            type(typed).__name__, typed.dtype, typed.tolist(), tensor, type(bytes_).__name__,
            bytes_.tolist(),
        ]  # fmt: skip

    if archive:
        agree(steps)
    else:  # torch cannot read its own old files of untyped storages
        assert steps(ours)[1:3] + steps(ours)[4:] == [
            ours.float32, [7, 7, 7], "TypedStorage", [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64],
        ]  # fmt: skip


def test_files_of_storages_cross():
    for writer in (ours, theirs):
        data = written(writer, [writer.arange(3.0).storage(), writer.ones(2).untyped_storage()])
        found = [[each.tolist() for each in read(m, data)] for m in (ours, theirs)]
        assert found[0] == found[1]


def test_generators():
    def steps(module):
        generator = module.Generator().manual_seed(5)
        module.rand(3, generator=generator)
        loaded = [
            other.rand(
                2, generator=read(other, written(module, generator), weights_only=False)
            ).tolist()
            for other in (ours, theirs)
        ]
        return [loaded, module.rand(2, generator=generator)]

    agree(steps)


def test_hooks_are_not_saved():
    def steps(module):
        x = module.ones(2, requires_grad=True)
        x.register_hook(lambda gradient: gradient)
        with pytest.warns(UserWarning, match="will not be serialized"):
            data = written(module, x)
        loaded = read(module, data)
        loaded.sum().backward()
        return loaded, loaded.grad

    agree(steps)


def test_loaded_tensors_are_tensors():
    """They can be written to, shared with numpy, differentiated, copied."""
    for options in ({}, {"weights_only": False}):

        def steps(module, options=options):
            x, view, w = read(
                module,
                written(
                    module, [a := module.arange(6.0), a[2:], module.nn.Parameter(module.ones(2))]
                ),
                **options,
            )
            x[3] = 9
            view.mul_(2)
            array = x.numpy()
            array[0] = -1
            (w * 3).sum().backward()
            return [x, view, w.grad, copy.deepcopy([x, view]), w.is_leaf, x._version]

        agree(steps)


PROGRAM = """
import io, sys
import torch
model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
torch.save(model, "whole.pt")
torch.save(model.state_dict(), "state.pt")
print(torch.load("whole.pt", weights_only=False))
print({k: tuple(v.shape) for k, v in torch.load("state.pt").items()})
print(torch.load("other.pt", weights_only=False))
with torch.serialization.safe_globals([torch.nn.Linear]):
    print(torch.load("linear.pt"))
"""


def test_under_the_alias(tmp_path):
    theirs.save(
        theirs.nn.Sequential(theirs.nn.GELU(), theirs.nn.Bilinear(1, 2, 3)), tmp_path / "other.pt"
    )
    theirs.save(theirs.nn.Linear(1, 2), tmp_path / "linear.pt")
    (tmp_path / "program.py").write_text(PROGRAM)
    done = jtorch("program.py", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    expected = theirs.load(tmp_path / "whole.pt", weights_only=False)
    lines = [
        repr(expected), "{'0.weight': (3, 2), '0.bias': (3,)}",
        repr(theirs.load(tmp_path / "other.pt", weights_only=False)),
        "Linear(in_features=1, out_features=2, bias=True)", "",
    ]  # fmt: skip
    assert done.stdout == "\n".join(lines)
    assert list(theirs.load(tmp_path / "state.pt")) == ["0.weight", "0.bias"]


def test_copies_are_what_they_were():
    layer = ours.nn.Linear(2, 1)
    for made in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert made.weight.tolist() == layer.weight.tolist()
        assert made.weight.data_ptr() != layer.weight.data_ptr()
    before = dict(__import__("copyreg").dispatch_table)
    written(ours, layer)
    assert dict(__import__("copyreg").dispatch_table) == before


PLAIN = """
import io, pickle
import torch

class OnCPU(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "torch.storage" and name == "_load_from_bytes":
            return lambda content: torch.load(io.BytesIO(content), map_location="cpu", weights_only=False)
        return super().find_class(module, name)

with open("plain.pickle", "rb") as file:
    print(pickle.load(file))
    file.seek(0)
    print(OnCPU(file).load())
print(pickle.loads(pickle.dumps(torch.nn.Linear(1, 2))))
"""


def test_plain_pickles_under_the_alias(tmp_path):
    """Those that torch has written name its private functions, and hold storages as files."""
    value = {"a": theirs.arange(3.0), "p": theirs.nn.Parameter(theirs.ones(1)), "n": [1, "x"]}
    (tmp_path / "plain.pickle").write_bytes(pickle.dumps(value))
    (tmp_path / "program.py").write_text(PLAIN)
    done = jtorch("program.py", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{value}\n{value}\nLinear(in_features=1, out_features=2, bias=True)\n"


def test_plain_pickles_in_files():
    """torch.load(weights_only=False) of an object that holds a pickle's storages."""
    stream = io.BytesIO()
    pickle.dump({"a": theirs.arange(3.0)}, stream)
    content = pickle.dumps({"a": theirs.arange(3.0)}, 2)
    data = rebuilt(written(ours, 1), "data.pkl", lambda _: content)
    assert read(ours, data, weights_only=False)["a"].tolist() == [0, 1, 2]
    both(lambda m: read(m, data))


def test_settings():
    import torch.utils.serialization.config as their_config

    import jtorch.utils.serialization.config as our_config

    def steps(module):
        config = our_config if module is ours else their_config
        found = [config.load.mmap, config.save.storage_alignment, config.save.compute_crc32]
        with config.patch("load.mmap", True):
            found.append(attempt(lambda: read(module, written(module, 1))))
        with config.patch({"save.storage_alignment": 256, "save.compute_crc32": False}):
            data = written(module, [module.ones(3)])
            found += [module.serialization.get_crc32_options(), len(data)]
        found += [read(module, data), config.load.mmap]
        return [*found, [each.header_offset for each in zipfile.ZipFile(io.BytesIO(data)).filelist]]

    agree(steps)


MISSING = {
    "compressed": lambda: theirs.eye(2).to_sparse_csr(),
    "quantized": lambda: theirs.quantize_per_tensor(theirs.ones(2), 0.1, 0, theirs.qint8),
    "half complex": lambda: theirs.ones(2, dtype=theirs.complex32),
    "narrow": lambda: theirs.empty(2, dtype=theirs.bits8),
}


@pytest.mark.parametrize("name", MISSING)
@pytest.mark.parametrize("weights_only", [True, False])
@pytest.mark.filterwarnings("ignore")
def test_what_jtorch_has_no_tensors_for(name, weights_only):
    data = written(theirs, [theirs.ones(1), MISSING[name]()])
    with pytest.raises((NotImplementedError, AttributeError), match=r"jtorch (does not|has no)"):
        read(ours, data, weights_only=weights_only)


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
