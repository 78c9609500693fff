"""torch.nn: modules, their parameters, and the functions that they compute."""

from jtorch._alias import missing_attribute
from jtorch.nn import (  # noqa: F401
    attention,
    common_types,
    functional,
    grad,
    init,
    modules,
    parallel,
    parameter,
    utils,
)
from jtorch.nn.modules import *  # noqa: F403

# in the form that says to type checkers: a name of this module
from jtorch.nn.parallel import DataParallel as DataParallel
from jtorch.nn.parameter import Buffer as Buffer
from jtorch.nn.parameter import Parameter as Parameter
from jtorch.nn.parameter import UninitializedBuffer as UninitializedBuffer
from jtorch.nn.parameter import UninitializedParameter as UninitializedParameter

_FACTORY = ("device", "dtype", "memory_format")


def factory_kwargs(kwargs):
    """What of a module's keyword arguments goes to the functions that make its tensors.

    Errors:  TypeError for other names, and for those given twice.
    Source:  torch.nn.factory_kwargs.
    """
    if kwargs is None:
        return {}
    given = {name: value for name, value in kwargs.items() if name in _FACTORY}
    inner = kwargs.get("factory_kwargs", {})
    unknown = kwargs.keys() - {*_FACTORY, "factory_kwargs"}
    if unknown:
        raise TypeError(f"unexpected kwargs {unknown}")
    for name in inner:
        if name in given:
            raise TypeError(f"{name} specified twice, in **kwargs and in factory_kwargs")
    return {**inner, **given}


def __getattr__(name):
    raise missing_attribute(__name__, name)
