"""torch.onnx.symbolic_helper: the decorator of functions that are registered for export."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)


def parse_args(*arg_descriptors):
    """A decorator that keeps the function as it is: it is never called, as nothing is exported."""
    return lambda function: function
