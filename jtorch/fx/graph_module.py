"""torch.fx.graph_module: the class of modules that graphs are made into, and refuses to be."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules.module import Module

_USER_PRESERVED_ATTRIBUTES_KEY = "_user_preserved_attributes"


def __getattr__(name):
    raise missing_attribute(__name__, name)


class GraphModule(Module):
    """Source: torch.fx.GraphModule."""

    def __init__(self, *args, **kwargs):
        raise NotImplementedError("jtorch has no torch.fx: no module is made of a graph")


class _CodeOnlyModule(Module):
    """A module of another one's attributes. Source: torch.fx.graph_module."""

    def __init__(self, body):
        super().__init__()
        self.__dict__ = body


def _copy_attr(from_module, to_module, target):
    """Let a module have what another one has at a dotted name. Source: torch.fx.graph_module."""
    *path, name = target.split(".")
    for each in path:
        inner = getattr(from_module, each)
        if not hasattr(to_module, each):
            setattr(to_module, each, Module())
        from_module, to_module = inner, getattr(to_module, each)
    setattr(to_module, name, getattr(from_module, name))
