"""What files hold besides tensors: subclasses, storages, generators, modules, pickles of others."""

import copy
import io
import pickle

import pytest

from compare import SELF, attempt, both, ours, theirs
from processes import jtorch
from saved_streams import agree, read, rebuilt, written

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


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
