"""torch.nn.utils: what is done to modules and their parameters from outside."""

from jtorch._alias import missing_attribute
from jtorch.nn.utils import rnn, stateless  # noqa: F401
from jtorch.nn.utils.clip_grad import (  # noqa: F401
    clip_grad_norm,
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from jtorch.nn.utils.convert_parameters import (  # noqa: F401
    parameters_to_vector,
    vector_to_parameters,
)


def __getattr__(name):
    raise missing_attribute(__name__, name)
