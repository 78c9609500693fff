"""torch.utils: helpers around tensors and modules."""

from jtorch._alias import missing_attribute
from jtorch.utils import dlpack

__all__ = ["dlpack"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
