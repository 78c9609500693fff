"""torch.nn.functional: what modules compute, as functions; each family of them stands elsewhere."""

from jtorch._alias import missing_attribute
from jtorch._ops.affine import bilinear, linear  # noqa: F401 - in `__all__`
from jtorch._ops.one_hot import one_hot  # noqa: F401 - in `__all__`
from jtorch._override import functions as _functions
from jtorch.nn import _activations
from jtorch.nn._activations import *  # noqa: F403 - all of its `__all__`
from jtorch.nn._activations import gelu, glu, logsigmoid, softplus, softshrink

__all__ = sorted(["bilinear", "linear", "one_hot", *_activations.__all__])


def __getattr__(name):
    raise missing_attribute(__name__, name)


# Rows that only this module shows: what subclasses of Tensor hear of is the function here.
_functions.update(
    gelu=gelu, glu=glu, log_sigmoid=logsigmoid, softplus=softplus, softshrink=softshrink
)
