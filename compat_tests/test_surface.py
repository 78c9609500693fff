"""Names, signatures and classes of torch.nn, torch.optim, torch.utils.data and torch.serialization.

All of torch's are looked at; what jtorch has otherwise stands in `surface.toml`, what it lacks in
`jtorch/_check/absent.toml`, and the lists are exact: what appears must leave them.
"""

import inspect
import json
import pkgutil
import subprocess
import sys
import types

import pytest

import surface
from compare import neutral, ours, theirs
from surface import (
    MODULES,
    PACKAGES,
    has,
    listed,
    load,
    names_of,
    offered,
    own_methods,
    parameters,
    shown,
)


def pairs():
    """(path, torch's, ours) of everything but modules that both have, once."""
    seen = set()
    for path in MODULES:
        mine, their = load(ours.__name__, path), load("torch", path)
        for name in sorted(names_of(their)):
            value = getattr(their, name)
            if has(mine, name) and id(value) not in seen and not inspect.ismodule(value):
                seen.add(id(value))
                yield f"{path}.{name}", value, getattr(mine, name)


PAIRS = list(pairs())
CLASSES = [
    (path, their, mine)
    for path, their, mine in PAIRS
    if isinstance(their, type)
    and not issubclass(their, (theirs.Tensor, Exception))
    # of old names of a dtype all that counts is what a call and isinstance give: test_sparse.py
    and type(their) is not type(theirs.FloatTensor)
]


def differing(kind, found):
    """Assert that what was found is what is listed, both ways."""
    known = listed(kind)
    more = {name: each for name, each in found.items() if name not in known}
    assert not more, f"not in surface.toml or absent.toml, {kind}:\n" + "\n".join(
        f"{name}: {each}" for name, each in more.items()
    )
    gone = sorted(known.keys() - found.keys())
    assert not gone, f"no difference any more, take it out of its list, {kind}: {gone}"


def test_there_is_something_to_compare():
    assert len(PAIRS) > 500
    assert len(CLASSES) > 200


def test_modules():
    lacking = {}
    for package in PACKAGES:
        folder = load("torch", package).__path__
        for each in pkgutil.iter_modules(folder):
            path = f"{package}.{each.name}"
            if each.name.startswith("_") or path in MODULES:
                continue
            try:
                load(ours.__name__, path)
            except ModuleNotFoundError:
                lacking[path] = "no module"
            else:
                pytest.fail(f"{path} is there and belongs into MODULES")
    differing("modules", lacking)


def test_names():
    lacking = {
        f"{path}.{name}": "not there"
        for path in MODULES
        for name in names_of(load("torch", path))
        if not has(load(ours.__name__, path), name)
    }
    differing("names", lacking)


@pytest.mark.parametrize("path", MODULES)
def test_all(path):
    their, mine = offered(load("torch", path)), getattr(load(ours.__name__, path), "__all__", None)
    if their:
        missing = {name.rpartition(".")[2] for name in listed("names") if name in
                   [f"{path}.{each}" for each in their]}  # fmt: skip
        assert sorted(mine) == sorted({*their} - missing)
    if mine:
        assert len({*mine}) == len(mine)
        assert all(has(load(ours.__name__, path), name) for name in mine)


def test_values():
    differing("values", {
        path: (shown(mine), shown(their))
        for path, their, mine in PAIRS
        if callable(mine) != callable(their) or isinstance(mine, type) != isinstance(their, type)
        or (not callable(their) and shown(mine) != shown(their))
    })  # fmt: skip


def test_annotations_of_sizes():
    """The names of nn.common_types that programs annotate with."""
    mine, their = (load(each, "nn.common_types") for each in (ours.__name__, "torch"))
    names = [name for name in vars(their) if name.endswith("_t")]

    assert len(names) > 20
    assert [shown(getattr(mine, name)) for name in names] == [
        shown(getattr(their, name)) for name in names
    ]


def test_signatures():
    differing("signatures", {
        path: (parameters(mine), parameters(their))
        for path, their, mine in PAIRS
        if callable(their) and parameters(their) is not None
        and parameters(mine) != parameters(their)
    })  # fmt: skip


def test_homes():
    """Functions of C say in torch that they are torch._C's; the others are compared."""
    found = {}
    for path, their, mine in PAIRS:
        if not isinstance(their, (type, types.FunctionType)):
            continue
        for field in ("__module__", "__qualname__"):
            texts = [neutral(str(getattr(each, field, None))) for each in (mine, their)]
            if texts[0] != texts[1]:
                found[path] = texts
    differing("homes", found)


def test_methods():
    found = {}
    for path, their, mine in CLASSES:
        own = own_methods(mine)
        for name, method in own_methods(their).items():
            if name not in own:
                found[f"{path}.{name}"] = "not there"
            elif parameters(own[name])[1:] != parameters(method)[1:]:
                found[f"{path}.{name}"] = (parameters(own[name]), parameters(method))
    differing("methods", found)


def test_members():
    found = {}
    for path, their, mine in CLASSES:
        for name in {*dir(their)} ^ {*dir(mine)}:
            if not name.startswith("_"):
                found[f"{path}.{name}"] = "ours" if hasattr(mine, name) else "torch's"
        constants = [getattr(each, "__constants__", None) for each in (mine, their)]
        if constants[0] != constants[1]:
            found[f"{path}.__constants__"] = constants
    differing("members", found)


def test_bases():
    """Classes inherit from those that torch's inherit from, in that order."""
    found = {}
    for path, their, mine in CLASSES:
        lists = [[base.__name__ for base in each.__mro__] for each in (mine, their)]
        missing = [name for name in lists[1] if name not in lists[0]]
        if missing or [name for name in lists[0] if name in lists[1]] != lists[1]:
            found[path] = lists
    differing("bases", found)


def test_homes_under_the_alias():
    """Under the alias no public function or class says that it is jtorch's."""
    program = (
        "import importlib, json, sys\n"
        "wrong = []\n"
        "for path in json.loads(sys.argv[1]):\n"
        "    module = importlib.import_module('torch.' + path)\n"
        "    for name in getattr(module, '__all__', ()):\n"
        "        each = getattr(module, name)\n"
        "        if (getattr(each, '__module__', None) or '').startswith('jtorch'):\n"
        "            wrong.append(path + '.' + name + ' of ' + each.__module__)\n"
        "print(json.dumps(wrong))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "jtorch", "-c", program, json.dumps(MODULES)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout) == []


def test_a_difference_is_seen(monkeypatch):
    monkeypatch.setattr(surface, "_LISTS", {"names": {"a reason that is long enough": "a b"}})
    differing("names", {"a": 1, "b": 2})
    with pytest.raises(AssertionError, match="not in surface"):
        differing("names", {"a": 1, "b": 2, "c": 3})
    with pytest.raises(AssertionError, match="take it out"):
        differing("names", {"a": 1})
