"""torch.onnx.symbolic_opset11: a name to import; it offers nothing."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)
