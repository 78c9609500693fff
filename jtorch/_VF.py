"""torch._VF: the functions of the package by name, as older programs call them."""

from jtorch._alias import missing_attribute
from jtorch._override import functions as _functions


def __getattr__(name):
    if name in _functions:
        return _functions[name]
    raise missing_attribute(__name__, name)
