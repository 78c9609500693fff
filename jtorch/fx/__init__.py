"""torch.fx: the names that libraries take from it when they are imported; nothing is traced.

Errors:  NotImplementedError from whatever would make a graph.
"""

from jtorch._alias import missing_attribute
from jtorch.fx.graph_module import GraphModule
from jtorch.fx.tracing import Graph, Interpreter, Node, Proxy, Tracer, Transformer, symbolic_trace

__all__ = [
    "Graph", "GraphModule", "Interpreter", "Node", "Proxy", "Tracer", "Transformer",
    "symbolic_trace", "wrap",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def wrap(fn_or_name):
    """The function or its name: tracers would leave it whole. Source: torch.fx.wrap."""
    return fn_or_name
