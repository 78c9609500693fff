"""torch.ops: the operators that programs have declared, by namespace."""

import pathlib

from jtorch._custom_operators import OpNamespace
from jtorch._torchvision import declare_operators

_namespaces = {}
loaded_libraries = set()


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _namespaces.setdefault(name, OpNamespace(name))


def load_library(path) -> None:
    """Refuse a compiled library of PyTorch operators; torchvision's are there without it.

    Errors:  OSError.
    Source:  torch.ops.load_library.
    """
    path = pathlib.Path(path)
    if path.parent.name == "torchvision" and path.name.startswith("_C"):
        declare_operators()
        loaded_libraries.add(str(path))
        return
    raise OSError(f"jtorch cannot load {path}: it is compiled for PyTorch")
