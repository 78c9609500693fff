"""The modules of torch.nn; each family adds its names here."""

from jtorch._alias import missing_attribute
from jtorch.nn.modules import (  # noqa: F401
    activation,
    adaptive,
    batchnorm,
    channelshuffle,
    container,
    conv,
    distance,
    dropout,
    flatten,
    fold,
    instancenorm,
    lazy,
    linear,
    linear_cross_entropy_options,
    loss,
    module,
    normalization,
    padding,
    pixelshuffle,
    pooling,
    rnn,
    sparse,
    transformer,
    upsampling,
    utils,
)
from jtorch.nn.modules.activation import *  # noqa: F403
from jtorch.nn.modules.adaptive import *  # noqa: F403
from jtorch.nn.modules.batchnorm import *  # noqa: F403
from jtorch.nn.modules.channelshuffle import *  # noqa: F403
from jtorch.nn.modules.container import *  # noqa: F403
from jtorch.nn.modules.conv import *  # noqa: F403
from jtorch.nn.modules.distance import *  # noqa: F403
from jtorch.nn.modules.dropout import *  # noqa: F403
from jtorch.nn.modules.flatten import *  # noqa: F403
from jtorch.nn.modules.fold import *  # noqa: F403
from jtorch.nn.modules.instancenorm import *  # noqa: F403
from jtorch.nn.modules.linear import *  # noqa: F403
from jtorch.nn.modules.linear_cross_entropy_options import *  # noqa: F403
from jtorch.nn.modules.loss import *  # noqa: F403
from jtorch.nn.modules.module import Module  # noqa: F401 - in `__all__`
from jtorch.nn.modules.normalization import *  # noqa: F403
from jtorch.nn.modules.padding import *  # noqa: F403
from jtorch.nn.modules.pixelshuffle import *  # noqa: F403
from jtorch.nn.modules.pooling import *  # noqa: F403
from jtorch.nn.modules.rnn import *  # noqa: F403
from jtorch.nn.modules.sparse import *  # noqa: F403
from jtorch.nn.modules.transformer import *  # noqa: F403
from jtorch.nn.modules.upsampling import *  # noqa: F403

_FAMILIES = (
    activation,
    adaptive,
    batchnorm,
    channelshuffle,
    container,
    conv,
    distance,
    dropout,
    flatten,
    fold,
    instancenorm,
    linear,
    linear_cross_entropy_options,
    loss,
    normalization,
    padding,
    pixelshuffle,
    pooling,
    rnn,
    sparse,
    transformer,
    upsampling,
)
__all__ = sorted(["Module", *[name for each in _FAMILIES for name in each.__all__]])


def __getattr__(name):
    raise missing_attribute(__name__, name)
