"""What would make graphs of modules, and refuses to."""


class _Refusing:
    """A class of torch.fx: it can be derived from, and not be made."""

    def __init__(self, *args, **kwargs):
        raise NotImplementedError(
            f"jtorch has no torch.fx.{type(self).__name__}: it does not trace Python into graphs"
        )


class Graph(_Refusing):
    """Source: torch.fx.Graph."""


class Interpreter(_Refusing):
    """Source: torch.fx.Interpreter."""


class Node(_Refusing):
    """Source: torch.fx.Node."""


class Proxy(_Refusing):
    """Source: torch.fx.Proxy."""


class Tracer(_Refusing):
    """Source: torch.fx.Tracer."""


class Transformer(_Refusing):
    """Source: torch.fx.Transformer."""


def symbolic_trace(root, concrete_args=None):
    """Errors: NotImplementedError. Source: torch.fx.symbolic_trace."""
    raise NotImplementedError("jtorch has no torch.fx: it does not trace Python into graphs")
