"""Pickles and copies: tensors, dtypes, sizes, devices and layouts come back as what they were."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from compare import ALL_TYPES, SELF, both, ours
from expressions import lines_of, value_of
from processes import ROOT

not_self = pytest.mark.skipif(SELF, reason="looks into jtorch")


@pytest.mark.parametrize("line", lines_of("pickles"))
def test_pickles(line):
    both(lambda module: value_of(module, line))


NOT_IN_TORCH = ("uint16", "uint32", "uint64")  # torch 2.13 fails to pickle them


@not_self
@pytest.mark.parametrize("kind", [*NOT_IN_TORCH, "float8_e5m2", "float8_e8m0fnu"])
def test_dtypes_that_torch_cannot_pickle(kind):
    tensor = ours.arange(6).reshape(2, 3).to(getattr(ours, kind))
    loaded = there_and_back(tensor)

    assert loaded.dtype is tensor.dtype
    assert loaded.tolist() == tensor.tolist()


def there_and_back(value, protocol=pickle.DEFAULT_PROTOCOL):
    return pickle.loads(pickle.dumps(value, protocol))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", [each for each in ALL_TYPES if each not in NOT_IN_TORCH])
def test_dtypes(kind, protocol):
    def steps(module):
        tensor = module.arange(6).reshape(2, 3).to(getattr(module, kind))
        return [there_and_back(tensor, protocol), there_and_back(tensor.dtype) is tensor.dtype]

    both(steps)


MAKERS = [
    ("transposed", lambda m: m.arange(6.0).reshape(2, 3).t()),
    ("part", lambda m: m.arange(6.0)[2:4]),
    ("strided", lambda m: m.arange(12.0).reshape(3, 4)[:, ::2]),
    ("expanded", lambda m: m.ones(1).expand(3)),
    ("scalar", lambda m: m.tensor(2.5)),
    ("empty", lambda m: m.zeros(0, 3)),
    ("pending", lambda m: m.ones(3) * 2 + 1),
    ("leaf", lambda m: m.ones(2, requires_grad=True)),
    ("meta", lambda m: m.ones(2, 3, device="meta")),
    ("bits", lambda m: m.arange(4.0).view(m.int32)),
    ("numpy", lambda m: m.from_numpy(np.arange(3.0))),
    ("in a dict", lambda m: {"a": m.ones(2), "b": [m.zeros(1), (m.arange(2),)]}),
]


def facts(value):
    """What of a result `freeze` does not look at; a meta tensor has no values to look at."""
    if isinstance(value, (dict, list, tuple)) or value.device.type == "meta":
        return [repr(value)]
    return [value, value.untyped_storage().nbytes(), repr(value)]


@pytest.mark.parametrize("make", [make for _, make in MAKERS], ids=[name for name, _ in MAKERS])
@pytest.mark.parametrize("copied", [there_and_back, copy.deepcopy, copy.copy])
def test_tensors(copied, make):
    both(lambda module: facts(copied(make(module))))


def test_deepcopy_shares_what_was_shared():
    def steps(module):
        base = module.arange(6.0)
        first, second, again = copy.deepcopy([base, base[2:4], base])
        first.zero_()
        second.add_(1)
        return [base, first, second, again is first]

    both(steps)


def test_a_pickle_shares_no_memory_as_in_torch():
    def steps(module):
        base = module.arange(6.0)
        first, second = there_and_back([base, base[2:4]])
        first.zero_()
        return [first, second, second.untyped_storage().nbytes()]

    both(steps)


def test_deepcopy_of_a_storage_and_of_gradients():
    def steps(module):
        tensor = module.ones(2, requires_grad=True)
        tensor.grad = module.full((2,), 3.0)
        made = copy.deepcopy(tensor)
        made.grad.zero_()
        storage = copy.deepcopy(tensor.untyped_storage())
        return [made, made.grad, tensor.grad, storage.tolist()]

    both(steps)


def test_subclasses_and_attributes():
    def steps(module):
        tensor = module.ones(2)
        tensor.name_of_mine = {"a": [1]}
        copied, loaded = copy.deepcopy(tensor), there_and_back(tensor)
        tensor.name_of_mine["a"].append(2)
        return [copied.name_of_mine, loaded.name_of_mine, copy.copy(tensor).name_of_mine]

    both(steps)


CONSTANTS = ["strided", "sparse_coo", "channels_last", "contiguous_format", "float32", "bool"]


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_are_themselves(name):
    value = getattr(ours, name)

    assert there_and_back(value) is value
    assert copy.deepcopy(value) is value
    assert copy.copy(value) is value


def test_others():
    def steps(module):
        values = [module.Size([2, 3]), module.device("cuda:1"), module.device("cpu")]
        return [there_and_back(values), copy.deepcopy(values)]

    both(steps)


@not_self
@pytest.mark.parametrize("alias", [False, True], ids=["jtorch", "as torch"])
def test_another_process_reads_it(tmp_path, alias):
    path = tmp_path / "values.pickle"
    tensor = ours.arange(6.0).reshape(2, 3).t()
    path.write_bytes(pickle.dumps([tensor, ours.float16, ours.Size([4]), ours.device("cpu")]))
    code = (
        "import pickle, sys\n"
        + ("from jtorch import _alias; _alias.install(); import torch\n" if alias else "")
        + "print(pickle.load(open(sys.argv[1], 'rb')))\nprint('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == (
        "[tensor([[0., 3.],\n        [1., 4.],\n        [2., 5.]]), torch.float16, "
        f"torch.Size([4]), device(type='cpu')]\n{alias}\n"
    )
