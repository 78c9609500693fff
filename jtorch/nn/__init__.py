"""torch.nn: modules, their parameters, and the functions that they compute."""

from jtorch._alias import missing_attribute
from jtorch.nn import functional, init, modules, parameter, utils  # noqa: F401
from jtorch.nn.modules import *  # noqa: F403
from jtorch.nn.parameter import (  # noqa: F401
    Buffer,
    Parameter,
    UninitializedBuffer,
    UninitializedParameter,
)


def __getattr__(name):
    raise missing_attribute(__name__, name)
