"""torch.cuda.amp.autocast_mode: old names."""

from jtorch import amp
from jtorch._alias import missing_attribute
from jtorch._dtypes import float16
from jtorch.amp._deprecated import old_autocast, old_function

__all__ = ["autocast", "custom_bwd", "custom_fwd"]

autocast = old_autocast("cuda", float16)
custom_fwd = old_function(amp.custom_fwd, "cuda")
custom_bwd = old_function(amp.custom_bwd, "cuda")


def __getattr__(name):
    raise missing_attribute(__name__, name)
