"""torch.nn.functional: what modules compute, as functions."""

from jtorch._alias import missing_attribute
from jtorch._ops.affine import bilinear, linear
from jtorch._ops.extremes import relu as _relu


def __getattr__(name):
    raise missing_attribute(__name__, name)


def relu(input, inplace=False):
    """The elements, and 0 for those below it. Source: torch.nn.functional.relu."""
    return input.relu_() if inplace else _relu(input)
