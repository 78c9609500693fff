"""`torch.testing`: assertions that values are close, and tensors of random numbers to try things on."""

from jtorch._alias import house, missing_attribute
from jtorch.testing._closeness import assert_allclose, assert_close
from jtorch.testing._making import make_tensor

__all__ = ["assert_allclose", "assert_close", "make_tensor"]

house(__name__, __all__)


def __getattr__(name):
    raise missing_attribute(__name__, name)
