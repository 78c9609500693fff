"""Containers of modules: a sequence, a list and a dictionary; and those of parameters."""

import itertools
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from jtorch.nn.modules._containing import (
    insert_into,
    numbered,
    pairs_of,
    place_of,
    without_digits,
)
from jtorch.nn.modules._parameter_containers import ParameterDict, ParameterList
from jtorch.nn.modules.module import Module

__all__ = ["Container", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"]


class Container(Module):
    """A module with other modules; deprecated. Source: torch.nn.Container."""

    def __init__(self, **kwargs):
        super().__init__()
        warnings.warn(
            "`nn.Container` is deprecated. All of its functionality is now implemented in "
            "`nn.Module`. Subclass that instead.",
            FutureWarning,
            stacklevel=2,
        )
        for name, module in kwargs.items():
            self.add_module(name, module)


class Sequential(Module):
    """Modules applied one after the other; given one by one or as an OrderedDict.

    Source:  torch.nn.Sequential.
    """

    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            named = args[0].items()
        else:
            named = [(str(number), module) for number, module in enumerate(args)]
        for name, module in named:
            self.add_module(name, module)

    def forward(self, input):
        for module in self._modules.values():
            input = module(input)
        return input

    def _get_item_by_idx(self, iterator, idx):  # subclasses elsewhere ask for it
        return list(iterator)[place_of(idx, len(self))]

    def _name_at(self, index):
        return list(self._modules)[place_of(index, len(self))]

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return self._get_item_by_idx(self._modules.values(), idx)

    def __setitem__(self, idx, module):
        setattr(self, self._name_at(idx), module)

    def __delitem__(self, idx):
        names = list(self._modules)
        for name in names[idx] if isinstance(idx, slice) else [self._name_at(idx)]:
            delattr(self, name)
        self._modules = numbered(self._modules.values())

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def __add__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        joined = Sequential()
        for module in (*self, *other):
            joined.append(module)
        return joined

    def __iadd__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        return self.extend(list(other))

    def _check_factor(self, factor):
        if not isinstance(factor, int):
            raise TypeError(f"unsupported operand type(s) for *: {type(self)} and {type(factor)}")
        if factor <= 0:
            raise ValueError(f"Non-positive multiplication factor {factor} for {type(self)}")

    def __mul__(self, other):
        self._check_factor(other)
        return Sequential(*(list(self) * other))

    __rmul__ = __mul__

    def __imul__(self, other):
        self._check_factor(other)
        return self.extend(list(self) * (other - 1))

    def __dir__(self):
        return without_digits(self)

    def append(self, module):
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, sequential):
        """Add the modules of an iterable at the end."""
        for module in sequential:
            self.append(module)
        return self

    def insert(self, index, module):
        """Put a module before a place. Errors: AssertionError, IndexError."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        count = len(self._modules)
        if not -count <= index <= count:
            raise IndexError(f"Index out of range: {index}")
        insert_into(self, index + count if index < 0 else index, module)
        return self

    def pop(self, key):
        """Take out the module at a place, or those of a slice."""
        taken = self[key]
        del self[key]
        return taken


class ModuleList(Module):
    """A list of modules. Source: torch.nn.ModuleList."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def _get_abs_string_index(self, idx):
        return str(place_of(idx, len(self)))

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])
        return self._modules[self._get_abs_string_index(idx)]

    def __setitem__(self, idx, module):
        setattr(self, self._get_abs_string_index(idx), module)

    def __delitem__(self, idx):
        if isinstance(idx, slice):
            names = [str(number) for number in range(len(self))[idx]]
        else:
            names = [self._get_abs_string_index(idx)]
        for name in names:
            delattr(self, name)
        self._modules = numbered(self._modules.values())

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def __iadd__(self, modules):
        return self.extend(modules)

    def __add__(self, other):
        joined = ModuleList()
        for number, module in enumerate(itertools.chain(self, other)):
            joined.add_module(str(number), module)
        return joined

    def __repr__(self):
        texts = [repr(module) for module in self]
        if not texts:
            return f"{self._get_name()}()"
        lines = []
        first = 0
        for place, text in enumerate(texts):
            if place + 1 < len(texts) and texts[place + 1] == text:
                continue
            count = place - first + 1
            line = f"({first}): {text}" if count == 1 else f"({first}-{place}): {count} x {text}"
            lines.append(line.replace("\n", "\n  "))
            first = place + 1
        return self._get_name() + "(\n  " + "\n  ".join(lines) + "\n)"

    def __dir__(self):
        return without_digits(self)

    def insert(self, index, module):
        """Put a module before a place."""
        insert_into(self, index, module)

    def append(self, module):
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key):
        """Take out the module at a place, or those of a slice."""
        taken = self[key]
        del self[key]
        return taken

    def extend(self, modules):
        """Add the modules of an iterable at the end. Errors: TypeError."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, but got "
                f"{type(modules).__name__}"
            )
        for number, module in enumerate(modules, len(self)):
            self.add_module(str(number), module)
        return self


class ModuleDict(Module):
    """A dictionary of modules. Source: torch.nn.ModuleDict."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        del self._modules[key]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def __contains__(self, key):
        return key in self._modules

    def clear(self):
        """Take out all modules."""
        self._modules.clear()

    def pop(self, key):
        """Take out the module of a key."""
        return self._modules.pop(key)

    def keys(self):
        """The keys."""
        return self._modules.keys()

    def items(self):
        """(key, module)."""
        return self._modules.items()

    def values(self):
        """The modules."""
        return self._modules.values()

    def update(self, modules):
        """Add the modules of a mapping or of pairs. Errors: TypeError, ValueError."""
        if isinstance(modules, (Mapping, ModuleDict)):
            pairs = list(modules.items())
        else:
            pairs = pairs_of(modules, "ModuleDict", "ModuleDict")
        for key, module in pairs:
            self[key] = module
