"""What jtorch saves, torch loads, and the other way; the archives are the same bytes."""

import importlib
import io
import zipfile

import pytest

from compare import SELF, assert_same, freeze, ours, theirs
from jtorch._saving.names import path_of
from saved_objects import MODULES, OTHERS, WEIGHTS
from saved_streams import read, written

pytestmark = [
    pytest.mark.skipif(SELF, reason="compares two libraries' files"),
    pytest.mark.filterwarnings("ignore:TypedStorage is deprecated"),
]


UNREADABLE = ("dtypes", "float8")  # torch does not read its own files of the old format


@pytest.mark.parametrize("archive", [True, False], ids=["archive", "legacy"])
@pytest.mark.parametrize("name", WEIGHTS)
def test_weights(name, archive):
    options = {"_use_new_zipfile_serialization": archive}
    mine, wanted = WEIGHTS[name](ours), WEIGHTS[name](theirs)
    my_file, their_file = written(ours, mine, **options), written(theirs, wanted, **options)
    if name in UNREADABLE and not archive:
        loaded = freeze(wanted)  # as it was
    else:
        loaded = freeze(read(theirs, their_file))
        assert_same(read(theirs, my_file), loaded)
    assert_same(read(ours, their_file), loaded)
    assert_same(read(ours, my_file), loaded)
    assert_same(read(ours, my_file, weights_only=False), loaded)


def records(data):
    """The records of an archive, without the number that identifies it, and where each lies."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [
        (each.filename, each.header_offset, each.flag_bits, archive.read(each))
        for each in archive.infolist()
        if not each.filename.endswith("serialization_id")
    ]


@pytest.mark.parametrize("name", WEIGHTS)
def test_archives_are_the_same_bytes(name):
    mine, wanted = (written(m, WEIGHTS[name](m)) for m in (ours, theirs))

    assert records(mine) == records(wanted)
    assert len(mine) == len(wanted)
    different = sum(a != b for a, b in zip(mine, wanted, strict=True))
    assert different <= 40 + 4 + 4  # the number, and its checksum in two places


@pytest.mark.parametrize("name", WEIGHTS)
def test_sharing(name):
    """Tensors that looked at one storage do so afterwards, and storages are as long as before."""

    def memory(value, found):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            for each in value:
                memory(each, found)
        elif hasattr(value, "untyped_storage"):
            storage = value.untyped_storage()
            found.append((storage.data_ptr() if storage.nbytes() else 0, storage.nbytes()))
        return found

    def numbered(value):
        found = memory(value, [])
        order = list(dict.fromkeys(address for address, _ in found))
        return [(order.index(address), nbytes) for address, nbytes in found]

    data = written(theirs, WEIGHTS[name](theirs))
    assert numbered(read(ours, data)) == numbered(read(theirs, data))


def facts(module, made):
    """What tells two modules apart."""
    state = made.state_dict()
    return [
        repr(made), sorted(vars(made)), made.training, list(dict(made.named_modules())),
        [(k, str(type(v).__name__)) for k, v in state.items()],
        {k: v for k, v in state.items() if not module.nn.parameter.is_lazy(v)},
        [(k, p.requires_grad) for k, p in made.named_parameters()],
        [k for k, _ in made.named_buffers()],
    ]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("archive", [True, False], ids=["archive", "legacy"])
@pytest.mark.filterwarnings(
    "ignore:Lazy modules are a new feature",
    "ignore:enable_nested_tensor",
    "ignore:.*weight_norm. is deprecated",
)
def test_modules(name, archive):
    options = {"_use_new_zipfile_serialization": archive}
    wanted = MODULES[name](theirs)
    mine = written(ours, MODULES[name](ours), **options)
    known = freeze(facts(theirs, wanted))

    assert b"jtorch" not in mine
    assert_same(facts(theirs, read(theirs, mine, weights_only=False)), known)
    data = written(theirs, wanted, **options)
    assert_same(facts(ours, read(ours, data, weights_only=False)), known)
    assert_same(facts(ours, read(ours, mine, weights_only=False)), known)


@pytest.mark.parametrize("name", ["linear", "sequential", "tied"])
def test_loaded_modules_work(name):
    data = written(theirs, MODULES[name](theirs))
    mine, wanted = read(ours, data, weights_only=False), read(theirs, data, weights_only=False)
    features = mine[0].in_features if hasattr(mine, "__getitem__") else mine.in_features

    def run(module, model):
        x = module.arange(2.0 * features).reshape(2, features)
        model(x).square().sum().backward()
        return [model(x), {name: each.grad for name, each in model.named_parameters()}]

    assert_same(run(ours, mine), run(theirs, wanted))


@pytest.mark.parametrize("name", OTHERS)
def test_others(name):
    mine = written(ours, OTHERS[name](ours))
    wanted = OTHERS[name](theirs)

    assert b"jtorch" not in mine
    there = read(theirs, mine, weights_only=False)
    back = read(ours, written(theirs, wanted), weights_only=False)
    again = read(ours, mine, weights_only=False)
    if name == "classes":
        assert there == wanted
        assert back == again == OTHERS[name](ours)
    elif name in ("functions", "methods"):
        x = [-1.0, 2.0]
        for each, their_own, our_own in zip(there, back, again, strict=True):
            arguments = {"dim": 0} if each.__name__ == "softmax" else {}
            more = (1,) if each.__name__ == "add" else ()
            expected = freeze(each(theirs.tensor(x), *more, **arguments))
            assert_same(their_own(ours.tensor(x), *more, **arguments), expected)
            assert_same(our_own(ours.tensor(x), *more, **arguments), expected)
    else:
        assert_same(there, wanted)
        assert_same(back, wanted)
        assert_same(again, wanted)


OFFERING = (
    "", "autograd", "linalg", "nn", "nn.functional", "nn.init", "nn.modules",
    "nn.parameter", "nn.utils", "nn.utils.parametrizations", "nn.utils.rnn", "optim",
    "optim.lr_scheduler", "optim.swa_utils", "serialization", "special", "storage", "utils.data",
)  # fmt: skip
# Functions that torch has in another module, where jtorch offers them as torch does.
ELSEWHERE = ("clip_grads_with_norm_", "get_total_norm", "is_multithreading_enabled", "variable")


@pytest.mark.parametrize("name", OFFERING)
def test_names_in_files_are_torchs(name):
    """Every class and function that both have is called by a path at which torch has it."""
    suffix = name and "." + name
    mine = importlib.import_module("jtorch" + suffix)
    wanted = importlib.import_module("torch" + suffix)
    compared = 0
    for each in sorted(set(dir(mine)) & set(dir(wanted))):
        our_own, their_own = getattr(mine, each), getattr(wanted, each)
        owner = getattr(their_own, "__module__", None) or ""
        if (
            each in ELSEWHERE
            or each[0] == "_"
            or not callable(their_own)
            or not owner.startswith("torch")
        ):
            continue
        module, path = path_of(our_own)
        found = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
        # functions have aliases: any of them will do
        same = found is their_own or (callable(found) and not isinstance(their_own, type))
        assert same, f"{module}.{path} is not {each}"
        compared += 1
    assert compared
