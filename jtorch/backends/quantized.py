"""torch.backends.quantized: there are no engines for quantized tensors."""

from jtorch._alias import missing_attribute

engine = "none"
supported_engines = ["none"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
