"""torch._custom_ops: the older names of torch.library, of which there are none."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)
