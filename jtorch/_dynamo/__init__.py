"""torch._dynamo: the few names of it that programs use; see `torch.compiler`."""

from jtorch._alias import missing_attribute
from jtorch._compiling import OptimizedModule, list_backends
from jtorch._dynamo import config, utils
from jtorch.compiler import allow_in_graph, assume_constant_result, disable, is_compiling, reset

__all__ = [
    "OptimizedModule", "allow_in_graph", "assume_constant_result", "config", "disable",
    "graph_break", "is_compiling", "list_backends", "mark_dynamic", "mark_static", "reset", "utils",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def graph_break(msg=""):
    """A place where a graph of torch's would end; programs end where values are read."""


def mark_dynamic(tensor, index, *, hint_override=None, min=None, max=None, specialize_on=None):
    """Say that an extent changes from call to call: what it is, is seen at each call."""


def mark_static(tensor, index=None):
    """Say that an extent stays the same: what it is, is seen at each call."""
