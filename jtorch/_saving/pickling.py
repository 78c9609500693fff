"""Pickles as PyTorch's: the classes in them are named by torch's paths, storages are kept apart.

`save_global` is Python's to override, not C's: so the pickler is the one that is written in Python.
"""

import pickle
import sys
from types import FunctionType

from jtorch import _generator, _layout, _rebuilding, _size
from jtorch._device import device
from jtorch._dtypes import dtype
from jtorch._saving import names
from jtorch._tensor import Tensor


def _size_reduction(value):
    return _size.Size, (tuple(value),)


def _device_reduction(value):
    return device, ((value.type,) if value.index is None else (value.type, value.index))


def _layout_reduction(value):
    return names.get_layout, (repr(value),)


def _generator_reduction(value):
    seed = value.initial_seed()
    return _generator.Generator, (value.device,), (seed, None, value.get_state())


def _refuse(value):
    # torch 2.13 cannot either: it takes them for attributes of a module
    raise TypeError(f"cannot pickle '{type(value).__name__}' object")


_REDUCTIONS = {
    _size.Size: _size_reduction,
    device: _device_reduction,
    _layout.layout: _layout_reduction,
    _layout.memory_format: _refuse,
    _generator.Generator: _generator_reduction,
}


class _TorchNames:
    """What makes a pickler of Python's write torch's names."""

    def reducer_override(self, value):
        kind = value.__class__
        if kind is Tensor:
            return _with_class(value.__reduce_ex__(self.proto))
        if kind is dtype:
            return value.name
        if kind.__module__ == "torch.return_types":
            return kind, (tuple(value), {})  # as C's named tuples are
        made = _REDUCTIONS.get(kind)
        return NotImplemented if made is None else made(value)

    def save_global(self, obj, name=None):
        path = names.path_of(obj)
        if path is None:
            super().save_global(obj, name)
            return
        module, name = path
        if "." in name and self.proto < 4:
            owner, _, name = name.rpartition(".")
            self.save_reduce(getattr, (names.find(module, owner), name), obj=obj)
            return
        self._write_global(module, name)
        self.memoize(obj)

    def _write_global(self, module, name):
        if self.proto >= 4:
            self.save(module)
            self.save(name)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(pickle.GLOBAL + f"{module}\n{name}\n".encode())


def _save_function(pickler, function):
    if names.path_of(function) is None:
        pickler.save_other_function(function)
    else:
        pickler.save_global(function)


def _with_class(reduction):
    """A tensor's reduction with Tensor's name, which plain pickles leave out."""
    function, arguments, *rest = reduction
    if function is _rebuilding._rebuild_from_type_v2:
        arguments = (arguments[0], Tensor, *arguments[2:])
    return (function, arguments, *rest)


# Calls of Python that one level of an object takes, where C's pickler takes one.
_CALLS = 6


def dump(obj, module, stream, protocol, persistent_id):
    """Write a pickle by `module`, of torch's names; `persistent_id` is asked first of every object.

    Errors:  TypeError for a module whose pickler is not written in Python and cannot be taught them.
    """
    kind = module._Pickler if module is pickle else module.Pickler
    if not issubclass(kind, pickle._Pickler):
        raise TypeError(
            f"jtorch cannot save with pickle_module={module.__name__!r}: its Pickler is not made of "
            "Python's own pickle._Pickler, so it cannot write the names that torch gives to classes"
        )

    class Pickler(_TorchNames, kind):
        dispatch = {**kind.dispatch, FunctionType: _save_function}
        save_other_function = kind.dispatch[FunctionType]

        def persistent_id(self, obj):
            return persistent_id(obj)

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_CALLS * before)
    try:
        Pickler(stream, protocol=protocol).dump(obj)
    finally:
        sys.setrecursionlimit(before)
