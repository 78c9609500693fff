"""torch.nn.functional: what modules compute, as functions; each family of them stands elsewhere."""

from jtorch._alias import house, missing_attribute
from jtorch._ops.affine import bilinear, linear  # noqa: F401 - in `__all__`
from jtorch._ops.one_hot import one_hot  # noqa: F401 - in `__all__`
from jtorch._override import functions as _functions
from jtorch._tensor import Tensor  # noqa: F401 - programs import it from here
from jtorch.nn import (
    _activations,
    _attention,
    _convolution,
    _distances,
    _dropout,
    _embedding,
    _linear_losses,
    _losses,
    _normalization,
    _padding,
    _pooling,
    _scaled_products,
    _unpooling,
    _vision,
)
from jtorch.nn._activations import *  # noqa: F403
from jtorch.nn._activations import (
    _get_softmax_dim,  # noqa: F401 - programs call it
    gelu,
    glu,
    logsigmoid,
    softplus,
    softshrink,
)
from jtorch.nn._attention import *  # noqa: F403
from jtorch.nn._attention import canonical_mask as _canonical_mask  # noqa: F401
from jtorch.nn._attention import check_ndims as _mha_shape_check  # noqa: F401
from jtorch.nn._attention import dtype_of as _none_or_dtype  # noqa: F401
from jtorch.nn._attention import project_apart as _in_projection  # noqa: F401
from jtorch.nn._attention import project_packed as _in_projection_packed  # noqa: F401
from jtorch.nn._convolution import *  # noqa: F403
from jtorch.nn._distances import *  # noqa: F403
from jtorch.nn._dropout import *  # noqa: F403
from jtorch.nn._embedding import *  # noqa: F403
from jtorch.nn._linear_losses import *  # noqa: F403
from jtorch.nn._losses import *  # noqa: F403
from jtorch.nn._normalization import *  # noqa: F403
from jtorch.nn._normalization import _verify_batch_size  # noqa: F401 - programs call it
from jtorch.nn._padding import *  # noqa: F403
from jtorch.nn._pooling import *  # noqa: F403
from jtorch.nn._scaled_products import *  # noqa: F403
from jtorch.nn._unpooling import *  # noqa: F403
from jtorch.nn._vision import *  # noqa: F403
from jtorch.overrides import (  # noqa: F401 - programs import them from here
    handle_torch_function,
    has_torch_function,
    has_torch_function_unary,
    has_torch_function_variadic,
)

_FAMILIES = (
    _activations,
    _attention,
    _convolution,
    _distances,
    _dropout,
    _embedding,
    _linear_losses,
    _losses,
    _normalization,
    _padding,
    _pooling,
    _scaled_products,
    _unpooling,
    _vision,
)
__all__ = sorted(
    ["bilinear", "linear", "one_hot", *[name for each in _FAMILIES for name in each.__all__]]
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


house(__name__, __all__)

# Rows that only this module shows: what subclasses of Tensor hear of is the function here.
_functions.update(
    gelu=gelu, glu=glu, log_sigmoid=logsigmoid, softplus=softplus, softshrink=softshrink
)
