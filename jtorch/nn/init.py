"""Initial values of parameters. Each writes into the tensor it gets, outside autograd."""

import math
import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import no_grad


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _uniform(tensor, low, high, generator=None):
    with no_grad():
        return tensor.uniform_(low, high, generator=generator)


def _normal(tensor, mean, std, generator=None):
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)
