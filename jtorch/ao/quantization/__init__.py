"""torch.ao.quantization: the places where a module would be quantized, which it never is here."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules.module import Module

__all__ = ["DeQuantStub", "QuantStub"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class QuantStub(Module):
    """Gives its input, until a conversion replaces it. Source: torch.ao.quantization.QuantStub."""

    def __init__(self, qconfig=None):
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x):
        return x


class DeQuantStub(QuantStub):
    """Gives its input, until a conversion replaces it. Source: torch.ao.quantization.DeQuantStub."""
