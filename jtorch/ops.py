"""torch.ops: operators by namespace: those that programs have declared, and a few of torch's own."""

import pathlib

from jtorch._aten import declare_operators as _declare_aten
from jtorch._custom_operators import OpNamespace
from jtorch._torchvision import declare_operators

_namespaces = {}
loaded_libraries = set()
_declare_aten()


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
