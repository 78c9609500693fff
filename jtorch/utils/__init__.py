"""torch.utils: helpers around tensors and modules."""

from jtorch._alias import missing_attribute
from jtorch.utils import checkpoint, data, dlpack, hooks
from jtorch.utils._swapping import swap_tensors

__all__ = ["checkpoint", "data", "dlpack", "hooks", "swap_tensors"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
