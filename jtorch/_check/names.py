"""What jtorch has, lacks or does otherwise of torch's names: it looks into itself, and into two lists.

`absent.toml` gives the reasons; `known_differences.toml` is the tests' own list of what differs.
"""

import dataclasses
import functools
import inspect
import pathlib
import tomllib
import types

import jtorch
from jtorch._alias import module_for

_FOLDER = pathlib.Path(__file__).parent
HAS, LACKS, DIFFERS = "has", "lacks", "differs"
# What is below these names is registered by programs and other packages while they run.
_OPEN = ("torch.ops.",)
NO_REASON = "not built yet, or torch 2.13 has no such name either"


@dataclasses.dataclass(frozen=True)
class Status:
    """What is known of a name of torch's."""

    word: str
    reasons: tuple = ()


@functools.cache
def status(name):
    """The `Status` of a dotted name that begins with `torch.`."""
    if name.startswith("torch.Tensor."):
        return _of_method(name)
    if not name.startswith(_OPEN) and not _is_there(name):
        return Status(LACKS, (_reason(name),))
    reasons = _differences().get(name, ())
    return Status(DIFFERS, reasons) if reasons else Status(HAS)


def star(module):
    """The names that `from module import *` brings, those that jtorch lacks among them."""
    own = _module(module)
    names = set(getattr(own, "__all__", ()))
    if isinstance(own, types.ModuleType) and not names:
        names = {name for name in vars(own) if not name.startswith("_")}
    lacking = _reasons("names", "modules")
    return sorted(
        names | {
            name.rpartition(".")[2] for name in lacking if name.rpartition(".")[0] == module
        }
    )  # fmt: skip


def _module(path):
    """jtorch's module in the place of torch's, or None; an object of no module's for one that needs
    a package which is not installed, so that nothing is known of what it holds.
    """
    try:
        return module_for(path)
    except ImportError:
        return object()


def _of_method(name):
    """Methods of tensors: only a name that torch's tensors have is lacking, not one of the user's."""
    found = inspect.getattr_static(jtorch.Tensor, name.split(".")[2], None) is not None
    reason = None if found else _reasons("methods").get(name)
    if reason is not None:
        return Status(LACKS, (reason,))
    reasons = _differences().get(name, ())
    return Status(DIFFERS, reasons) if reasons else Status(HAS)


def _is_there(name):
    """Whether jtorch gives something for the name; what is inside of a function or value is taken so."""
    value, path = jtorch, "torch"
    for part in name.split(".")[1:]:
        if not isinstance(value, types.ModuleType | type):
            return True
        path = f"{path}.{part}"
        found = getattr(value, part, None)
        if found is None and not hasattr(value, part):
            found = _module(path) if isinstance(value, types.ModuleType) else None
            if found is None:
                return False
        elif isinstance(found, types.ModuleType) and _is_our_own(path, found):
            return False
        value = found
    return True


def _is_our_own(path, module):
    """Whether a module is one of jtorch's own, which torch has under no or another meaning."""
    own = "jtorch" + path.removeprefix("torch")
    return module.__name__ == own and _module(path) is None


def _reason(name):
    """Why a name is lacking: by itself, or by the nearest thing around it that has a reason."""
    known = _reasons("names", "modules", "areas")
    while name:
        if name in known:
            return known[name]
        name = name.rpartition(".")[0]
    return NO_REASON


@functools.cache
def _reasons(*kinds):
    """{full name: reason} of kinds of lists."""
    lists = tomllib.loads((_FOLDER / "absent.toml").read_text("utf-8"))
    return {
        ("torch.Tensor." if kind == "methods" else "torch.") + name: reason
        for kind in kinds
        for reason, names in lists[kind].items()
        for name in names.split()
    }


@functools.cache
def _differences():
    """{full name: reasons} of the names whose operations the list of differences names."""
    entries = tomllib.loads((_FOLDER / "known_differences.toml").read_text("utf-8"))
    found = {}
    for entry in entries["difference"]:
        operation = entry["op"].removeprefix("torch.")
        names = [f"torch.{operation}", f"torch.nn.functional.{operation}"]
        # "grad" and "node" are words for parts of autograd, and not functions of torch's
        if not any(callable(_value(name)) for name in names) and not operation.endswith("_"):
            continue
        for name in (*names, f"torch.Tensor.{operation}"):
            reasons = found.setdefault(name, [])
            if entry["reason"] not in reasons:
                reasons.append(entry["reason"])
    return {name: tuple(reasons) for name, reasons in found.items()}


def _value(name):
    value = jtorch
    for part in name.split(".")[1:]:
        value = getattr(value, part, None)
    return value
