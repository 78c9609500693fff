"""torch.nn.functional: what modules compute, as functions."""

from jtorch._alias import missing_attribute
from jtorch._ops.affine import bilinear as _bilinear
from jtorch._ops.affine import linear
from jtorch._override import functions as _functions
from jtorch._override import overridable as _overridable
from jtorch.nn._activations import (
    celu,
    celu_,
    elu,
    elu_,
    gelu,
    glu,
    gumbel_softmax,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    leaky_relu,
    leaky_relu_,
    log_softmax,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    threshold,
    threshold_,
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


bilinear = _overridable(_bilinear)

# Rows that only this module shows: what subclasses of Tensor hear of is the function here.
_functions.update(
    gelu=gelu, glu=glu, log_sigmoid=logsigmoid, softplus=softplus, softshrink=softshrink
)
