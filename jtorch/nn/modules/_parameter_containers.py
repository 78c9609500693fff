"""Containers of parameters: a list and a dictionary, of tensors and whatever else."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from jtorch._ops.protocol import typename
from jtorch._tensor import Tensor
from jtorch.nn.modules._containing import pairs_of, place_of, without_digits
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter


def _as_parameter(value):
    if isinstance(value, Tensor) and not isinstance(value, Parameter):
        return Parameter(value)
    return value


def _described(key, value, kind):
    """A line of text about a member of a container; `kind` is what a tensor is called."""
    if not isinstance(value, Tensor):
        return f"  ({key}): Object of type: {type(value).__name__}"
    size = "x".join(map(str, value.size()))
    where = f" (GPU {value.get_device()})" if value.is_cuda else ""
    which = "Parameter" if isinstance(value, Parameter) else "Tensor"
    return f"  ({key}): {which} containing: [{kind(value)} of size {size}{where}]"


class ParameterList(Module):
    """A list of parameters, which tensors become, and of other values.

    Source:  torch.nn.ParameterList.
    """

    __module__ = "jtorch.nn.modules.container"

    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def _get_abs_string_index(self, idx):
        return str(place_of(idx, len(self)))

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            made = type(self)()
            for place in range(*idx.indices(len(self))):
                made.append(self[place])
            return made
        return getattr(self, self._get_abs_string_index(idx))

    def __setitem__(self, idx, param):
        setattr(self, self._get_abs_string_index(idx), _as_parameter(param))

    def __len__(self):
        return self._size

    def __iter__(self):
        return iter([self[place] for place in range(len(self))])

    def __iadd__(self, parameters):
        return self.extend(parameters)

    def __dir__(self):
        return without_digits(self)

    def append(self, value):
        """Add a value at the end."""
        place = len(self)
        self._size += 1
        self[place] = value
        return self

    def extend(self, values):
        """Add the values of an iterable at the end. Errors: TypeError."""
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise TypeError(
                "ParameterList.extend should be called with an iterable, but got "
                f"{type(values).__name__}"
            )
        for value in values:
            self.append(value)
        return self

    def extra_repr(self):
        return "\n".join(
            _described(place, value, lambda each: each.dtype) for place, value in enumerate(self)
        )

    def __call__(self, *args, **kwargs):
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """A dictionary of parameters, which tensors become, and of other values.

    Source:  torch.nn.ParameterDict.
    """

    __module__ = "jtorch.nn.modules.container"

    def __init__(self, parameters=None):
        super().__init__()
        self._keys = {}
        if parameters is not None:
            self.update(parameters)

    def _key_to_attr(self, key):
        if not isinstance(key, str):
            raise TypeError(
                "Index given to ParameterDict cannot be used as a key as it is not a string (type "
                f"is '{type(key).__name__}'). Open an issue on github if you need non-string keys."
            )
        return key

    def __getitem__(self, key):
        return getattr(self, self._key_to_attr(key))

    def __setitem__(self, key, value):
        self._keys[key] = None
        setattr(self, self._key_to_attr(key), _as_parameter(value))

    def __delitem__(self, key):
        del self._keys[key]
        delattr(self, self._key_to_attr(key))

    def __len__(self):
        return len(self._keys)

    def __iter__(self):
        return iter(self._keys)

    def __reversed__(self):
        return reversed(list(self._keys))

    def copy(self):
        """Another dictionary with the same values."""
        return ParameterDict(OrderedDict(self.items()))

    def __contains__(self, key):
        return key in self._keys

    def setdefault(self, key, default=None):
        """The value of a key, which is `default` if there was none."""
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self):
        """Take out all values."""
        for key in self._keys.copy():
            del self[key]

    def pop(self, key):
        """Take out the value of a key."""
        value = self[key]
        del self[key]
        return value

    def popitem(self):
        """Take out the last key with its value."""
        key, _ = self._keys.popitem()
        self._keys[key] = None
        value = self[key]
        del self[key]
        return key, value

    def get(self, key, default=None):
        """The value of a key, or `default`."""
        return self[key] if key in self._keys else default

    def fromkeys(self, keys, default=None):
        """A dictionary of these keys, all with the same value."""
        return ParameterDict([(key, default) for key in keys])

    def keys(self):
        """The keys."""
        return self._keys.keys()

    def items(self):
        """(key, value)."""
        return [(key, self[key]) for key in self._keys]

    def values(self):
        """The values."""
        return [self[key] for key in self._keys]

    def update(self, parameters):
        """Add the values of a mapping or of pairs; a plain mapping's come sorted by key.

        Errors:  TypeError, ValueError.
        """
        if isinstance(parameters, (OrderedDict, ParameterDict)):
            pairs = list(parameters.items())
        elif isinstance(parameters, Mapping):
            pairs = sorted(parameters.items())
        else:
            pairs = pairs_of(parameters, "ParameterDict", "ParametersDict")
        for key, value in pairs:
            self[key] = value

    def extra_repr(self):
        return "\n".join(_described(key, value, typename) for key, value in self.items())

    def __call__(self, input):
        raise RuntimeError("ParameterDict should not be called.")

    def __or__(self, other):
        made = self.copy()
        made.update(other)
        return made

    def __ror__(self, other):
        made = other.copy()
        made.update(self)
        return made

    def __ior__(self, other):
        self.update(other)
        return self
