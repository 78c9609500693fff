"""torch.nn.utils: what is done to modules and their parameters from outside."""

from jtorch._alias import missing_attribute
from jtorch.nn.utils import stateless  # noqa: F401


def __getattr__(name):
    raise missing_attribute(__name__, name)
