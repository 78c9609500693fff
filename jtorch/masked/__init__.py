"""`torch.masked`: reductions and normalizations of the elements that a mask of bools leaves.

They take `mask=`; there is no MaskedTensor.
"""

from jtorch._alias import house, missing_attribute
from jtorch.masked._masks import canonical_dim as _canonical_dim  # noqa: F401 - torch's own name
from jtorch.masked._masks import combine as _combine_input_and_mask  # noqa: F401
from jtorch.masked._masks import input_mask as _input_mask  # noqa: F401
from jtorch.masked._masks import output_mask as _output_mask  # noqa: F401
from jtorch.masked._masks import reduction_identity as _reduction_identity  # noqa: F401
from jtorch.masked._normalizations import (
    cumprod,
    cumsum,
    log_softmax,
    normalize,
    softmax,
    softmin,
)
from jtorch.masked._reductions import (
    amax,
    amin,
    argmax,
    argmin,
    logaddexp,
    logsumexp,
    mean,
    median,
    norm,
    prod,
    std,
    sum,
    var,
)

__all__ = [
    "amax",
    "amin",
    "argmax",
    "argmin",
    "cumprod",
    "cumsum",
    "log_softmax",
    "logaddexp",
    "logsumexp",
    "mean",
    "median",
    "norm",
    "normalize",
    "prod",
    "softmax",
    "softmin",
    "std",
    "sum",
    "var",
]

house(__name__, __all__)


def __getattr__(name):
    raise missing_attribute(__name__, name)
