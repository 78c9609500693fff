"""torch.backends.cpu: what the CPU can do is known to XLA alone."""

from jtorch._alias import missing_attribute


def __getattr__(name):
    raise missing_attribute(__name__, name)
