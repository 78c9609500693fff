"""The modules of torch.nn; each family adds its names here."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules import (  # noqa: F401
    activation,
    container,
    flatten,
    lazy,
    linear,
    module,
    utils,
)
from jtorch.nn.modules.activation import *  # noqa: F403
from jtorch.nn.modules.container import *  # noqa: F403
from jtorch.nn.modules.flatten import *  # noqa: F403
from jtorch.nn.modules.linear import *  # noqa: F403
from jtorch.nn.modules.module import Module  # noqa: F401 - in `__all__`

_FAMILIES = (activation, container, flatten, linear)
__all__ = sorted(["Module", *[name for each in _FAMILIES for name in each.__all__]])


def __getattr__(name):
    raise missing_attribute(__name__, name)
