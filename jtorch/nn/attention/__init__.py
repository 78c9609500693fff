"""torch.nn.attention: which kernels `scaled_dot_product_attention` may be computed by.

On the CPU the choice decides what the graph shows and what raises, as in torch; XLA's programs are
the same but for rounding.
"""

import contextlib
import enum

from jtorch._alias import missing_attribute
from jtorch._settings import attention_kernels

__all__ = ["SDPBackend", "sdpa_kernel"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class SDPBackend(enum.Enum):
    """The kernels of attention. Source: torch.nn.attention.SDPBackend."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    def __int__(self):
        return self.value

    __index__ = __int__


_BACKENDS = {
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "flash": SDPBackend.FLASH_ATTENTION,
    "mem_efficient": SDPBackend.EFFICIENT_ATTENTION,
    "math": SDPBackend.MATH,
    "overrideable": SDPBackend.OVERRIDEABLE,
}


@contextlib.contextmanager
def sdpa_kernel(backends, set_priority=False):
    """Inside, only these kernels of attention may be chosen; which goes first is XLA's business.

    Errors:  AssertionError for what is no SDPBackend and no list of them.
    Source:  torch.nn.attention.sdpa_kernel.
    """
    if not isinstance(backends, (list, SDPBackend)):
        raise AssertionError(
            "Backend must be an instance of SDPBackend or a list of SDPBackend instances, got "
            f"{type(backends).__name__}"
        )
    wanted = [backends] if isinstance(backends, SDPBackend) else backends
    before = dict(attention_kernels)
    try:
        attention_kernels.update({name: each in wanted for name, each in _BACKENDS.items()})
        yield {}
    finally:
        attention_kernels.update(before)
