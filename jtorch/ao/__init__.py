"""torch.ao: the names of quantization that libraries take when they are imported."""

from jtorch._alias import missing_attribute
from jtorch.ao import quantization  # noqa: F401


def __getattr__(name):
    raise missing_attribute(__name__, name)
