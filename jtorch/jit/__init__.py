"""torch.jit: functions and modules as they are; jtorch compiles what they record."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
