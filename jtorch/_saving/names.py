"""What classes and functions are called in files: by torch's paths, whoever writes or reads them.

torch is never imported to find out: what a file calls `torch.nn.modules.linear.Linear` is jtorch's.
"""

import importlib
import pickle
import sys
from types import FunctionType

from jtorch import _dtypes, _generator, _layout, _rebuilding, _utils
from jtorch._tensor import Tensor
from jtorch.nn import parameter
from jtorch.nn.modules import _hooks

_OWN, _TORCH = "jtorch", "torch"
_REBUILDING = [
    getattr(_rebuilding, name) for name in vars(_rebuilding)
    if name.startswith("_rebuild_") and name not in ("_rebuild_storage", "_rebuild_from_type_v2")
] + [parameter._rebuild_parameter, parameter._rebuild_parameter_with_state]  # fmt: skip


def get_layout(name):
    """The layout of a name: "torch.strided". Errors: KeyError. Source: torch.serialization."""
    return _layout.LAYOUTS[name.removeprefix("torch.")]


# What torch keeps in modules that are private, there or here.
PRIVATE = {("torch._utils", each.__name__): each for each in _REBUILDING} | {
    ("torch._tensor", "_rebuild_from_type_v2"): _rebuilding._rebuild_from_type_v2,
    ("torch.serialization", "_get_layout"): get_layout,
    ("torch._C", "Generator"): _generator.Generator,
    ("torch.nn.modules.module", "_WrappedHook"): _hooks._WrappedHook,
}  # fmt: skip
_PATHS = {each: path for path, each in PRIVATE.items()}
# Under the alias, plain pickles that torch has written find them where they say they are.
vars(_utils).update(
    {name: each for (module, name), each in PRIVATE.items() if module == "torch._utils"}
)
# Modules of functions that are C's in torch, by those of ours that have them.
_IN_C = {"torch._C._nn": "jtorch.nn.functional", "torch._C._VariableFunctions": "jtorch"}
_MOVED = {"torch.tensor": "torch._tensor"}  # pickles of PyTorch 1.8 and before


class VariableFunctions:
    """What `torch._C._VariableFunctionsClass` is in pickles: they take torch's functions from it."""

    def __getattr__(self, name):
        return getattr(importlib.import_module(_OWN), name)


# What torch names in its pickles, and jtorch does not write; `loading` adds to it.
ONLY_READ = {
    ("torch._C", "_VariableFunctionsClass"): VariableFunctions(),
    ("torch._C", "TensorBase"): Tensor,
    ("torch._C", "_TensorBase"): Tensor,
}


def path_of(value):
    """(module, name) of a class, a function or a dtype in a file; None for what is not ours.

    Errors:  PicklingError for what has no name in torch.
    """
    if isinstance(value, _dtypes.dtype):
        return _TORCH, value.name
    known = _PATHS.get(value)
    if known is not None:
        return known
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or module.partition(".")[0] not in (_OWN, _TORCH):
        return None
    for path in _candidates(value, module, name):
        if _is_public(path[0]) and _found(path) is value:
            return path
    raise pickle.PicklingError(
        f"Can't pickle {value!r}: it's not found as {module}.{name}, or has no name in torch"
    )


def _candidates(value, module, name):
    """Where torch may have what is ours: its own module, or one that offers it to users."""
    yield _TORCH + module.removeprefix(_OWN).removeprefix(_TORCH), name
    if isinstance(value, FunctionType):
        yield _TORCH, name
        yield "torch.nn.functional", name
        yield _TORCH, f"Tensor.{name}"
    for own in sorted(each for each in sys.modules if each.partition(".")[0] == _OWN):
        for offered, each in list(vars(sys.modules[own]).items()):
            if each is value:
                yield _TORCH + own.removeprefix(_OWN), offered


def _is_public(module):
    return not any(part.startswith("_") for part in module.split("."))


def _found(path):
    try:
        return find(*path)
    except (ImportError, AttributeError):
        return None


def find(module, name):
    """What a file calls by a name of torch's; None where the name is not one of torch's.

    Errors:  ModuleNotFoundError or AttributeError for what jtorch does not have.
    """
    module = _MOVED.get(module, module)
    if module.partition(".")[0] not in (_TORCH, _OWN):
        return None
    known = PRIVATE.get((module, name))
    if known is not None:
        return known
    if (module, name) in ONLY_READ:
        return ONLY_READ[module, name]
    own = _IN_C.get(module) or _OWN + module.removeprefix(_TORCH).removeprefix(_OWN)
    found = importlib.import_module(own)
    for part in name.split("."):
        found = getattr(found, part)
    return found
