"""torch.optim: optimizers and schedules of their learning rates."""

from jtorch._alias import missing_attribute

__all__ = []


def __getattr__(name):
    raise missing_attribute(__name__, name)
