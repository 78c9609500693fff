"""torch.optim: optimizers and schedules of their learning rates."""

from jtorch._alias import missing_attribute
from jtorch.optim.adam import Adam
from jtorch.optim.adamw import AdamW
from jtorch.optim.optimizer import Optimizer
from jtorch.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
