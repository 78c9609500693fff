"""Files of safetensors, which is an optional package: both ways, and by its module for torch."""

import builtins
import json
import struct

import pytest

from compare import SELF, assert_same, both, freeze, ours, theirs
from processes import jtorch, python

pytestmark = pytest.mark.skipif(SELF, reason="compares two libraries' files")
safetensors = pytest.importorskip("safetensors.torch")
KINDS = (
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
    "uint16", "uint32", "uint64", "complex64", "float8_e4m3fn", "float8_e5m2",
)  # fmt: skip


def test_torch_load(tmp_path):
    path = tmp_path / "x.safetensors"
    tensors = {k: theirs.arange(4).to(theirs.float32).to(getattr(theirs, k)) for k in KINDS}
    tensors |= {"scalar": theirs.tensor(2.0), "empty": theirs.zeros(0, 3), "b": theirs.ones(2, 2)}
    safetensors.save_file(tensors, path)

    loaded = ours.load(path)
    assert_same(dict(sorted(loaded.items())), freeze(dict(sorted(theirs.load(path).items()))))
    assert ours.load(str(path), map_location="meta")["b"].device.type == "meta"
    both(lambda m: m.load(path, map_location={"cpu": "meta"}))
    both(lambda m: m.load(path, map_location=lambda storage, location: storage))


def test_without_the_package(tmp_path, monkeypatch):
    def refuse(name, *arguments, original=builtins.__import__):
        if name.partition(".")[0] == "safetensors":
            raise ImportError("no such package in this test")
        return original(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", refuse)
    both(lambda m: m.load(str(tmp_path / "x.safetensors")))


def header(**tensors):
    text = json.dumps(tensors).encode()
    return struct.pack("<Q", len(text)) + text


DAMAGED = {
    "empty": b"",
    "short": b"\x01",
    "huge header": struct.pack("<Q", 2**60),
    "no json": struct.pack("<Q", 3) + b"abc",
    "beyond": header(a={"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}) + bytes(8),
    "other size": header(a={"dtype": "F32", "shape": [3], "data_offsets": [0, 16]}) + bytes(16),
    "unknown dtype": header(a={"dtype": "Q1", "shape": [1], "data_offsets": [0, 1]}) + bytes(1),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files(name, tmp_path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(DAMAGED[name])
    with pytest.raises(Exception, match="deserializ") as caught:
        ours.load(path)
    assert type(caught.value).__name__ == "SafetensorError"


PROGRAM = """
import torch
from safetensors import safe_open
from safetensors.torch import load, load_file, load_model, save, save_file, save_model

torch.manual_seed(0)
tensors = {
    "w": torch.arange(6.0).reshape(2, 3), "half": torch.ones(2).to(torch.bfloat16),
    "i": torch.tensor([1, 2]), "flags": torch.tensor([True, False]),
    "one": torch.tensor(3.0), "none": torch.zeros(0), "sum": torch.ones(3) + 1,
}
save_file(tensors, FILE, metadata={"format": "pt"})
print(sorted(load_file(FILE).items()))
print(sorted(load(save(tensors)).items()))
with safe_open(FILE, "pt") as file:
    print(file.keys(), file.metadata(), file.get_tensor("w"), file.get_slice("w")[:, 1:])
model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
model[1].weight = model[0].weight
save_model(model, "model.safetensors")
other = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 2))
other[1].weight = other[0].weight
print(load_model(other, "model.safetensors"), torch.equal(other[0].weight, model[0].weight))
for bad in ({"a": tensors["w"].t()}, {"a": tensors["w"], "b": tensors["w"]}, {"a": 3}):
    try:
        save_file(bad, "bad.safetensors")
    except (RuntimeError, ValueError) as error:
        print(type(error).__name__, str(error)[:60])
"""


def test_the_module_for_torch_under_the_alias(tmp_path):
    """It reads tensors' memory by their addresses, for which it asks jtorch here."""
    outputs = {}
    for name, run in (("ours", jtorch), ("theirs", python)):
        program = tmp_path / f"{name}.py"
        program.write_text(PROGRAM.replace("FILE", repr(f"{name}.safetensors")))
        done = run(program, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        outputs[name] = done.stdout
    assert outputs["ours"] == outputs["theirs"]
    assert (tmp_path / "ours.safetensors").read_bytes() == (
        tmp_path / "theirs.safetensors"
    ).read_bytes()


def test_storages_of_files(tmp_path):
    path = tmp_path / "bytes"
    path.write_bytes(bytes(range(16)))

    def steps(module):
        private = module.UntypedStorage.from_file(str(path), False, 16)
        window = module.asarray(private[4:8], dtype=module.uint8)
        ints = module.asarray(private[8:16], dtype=module.int32)
        private[0] = 9
        shared = module.UntypedStorage.from_file(str(path), True, 20)
        shared[19] = 7
        found = [window, ints, private.tolist(), shared.tolist(), path.read_bytes()]
        path.write_bytes(bytes(range(16)))
        return found

    both(steps)
    both(lambda m: m.UntypedStorage.from_file(str(tmp_path / "none"), False, 4))
