"""torch.nn.functional: what modules compute, as functions."""

from jtorch._alias import missing_attribute
from jtorch._ops.affine import bilinear as _bilinear
from jtorch._override import functions as _functions
from jtorch.nn._activations import (
    gelu,
    glu,
    logsigmoid,
    softplus,
    softshrink,
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


# Rows that only this module shows: what subclasses of Tensor hear of is the function here.
_functions.update(
    gelu=gelu, glu=glu, log_sigmoid=logsigmoid, softplus=softplus, softshrink=softshrink
)
