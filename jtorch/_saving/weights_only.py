"""An unpickler for files that nobody vouches for: it makes tensors and plain data, and nothing else.

It interprets the opcodes that pickles of protocol 2 are made of. A name in a file is looked up in
a list, never imported, and what is not on the list is neither called, made, nor changed.
"""

import pickle
import struct
import warnings
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections import Counter, OrderedDict

from jtorch._rebuilding import _rebuild_tensor
from jtorch._saving import allowed
from jtorch._saving.storages import decoded
from jtorch._tensor import Tensor
from jtorch.nn.parameter import Parameter

UnpicklingError = pickle.UnpicklingError
_NEED_IMPORT = {
    "torch.nested._internal.nested_tensor.NestedTensor": "nested",
    "torch.nested._internal.nested_tensor._rebuild_njt": "nested",
    "torch._dynamo.decorators._DimRange": "nested",
    "torch.distributed.device_mesh.DeviceMesh": "distributed",
    "torch.distributed.tensor._dtensor_spec.DTensorSpec": "distributed",
    "torch.distributed.tensor._dtensor_spec.TensorMeta": "distributed",
    "torch.distributed.tensor.DTensor": "distributed",
    "torch.distributed.tensor.placement_types.Partial": "distributed",
    "torch.distributed.tensor.placement_types.Replicate": "distributed",
    "torch.distributed.tensor.placement_types.Shard": "distributed",
}
_IMPORTS = {
    "nested": "``torch.nested`` and ``torch._dynamo`` must be imported to load nested jagged "
    "tensors (NJTs)",
    "distributed": "``torch.distributed.tensor`` must be imported to load DTensors",
}


class _Source:
    """The bytes of a pickle; it never answers with fewer than were asked for."""

    def __init__(self, stream):
        self._stream = stream

    def take(self, count):
        data = self._stream.read(count) if count else b""
        if len(data) != count:
            raise EOFError("Ran out of input: the pickle ends before it is complete")
        return data

    def unpack(self, form):
        (value,) = struct.unpack(form, self.take(struct.calcsize(form)))
        return value

    def line(self):
        line = self._stream.readline()
        if not line.endswith(b"\n"):
            raise EOFError("Ran out of input: the pickle ends before it is complete")
        return line[:-1].decode("utf-8")

    def path(self):
        """The name of a global, (module, name), as Python 3 calls what Python 2 has named."""
        module, name = self.line(), self.line()
        if (module, name) in NAME_MAPPING:
            return NAME_MAPPING[module, name]
        return IMPORT_MAPPING.get(module, module), name


class Unpickler:
    """Reads one object of a stream; `persistent_load` gives the storages it refers to.

    Errors:  UnpicklingError for what is not allowed or is no pickle; EOFError where it ends early.
    """

    def __init__(self, stream, persistent_load=None, *, encoding="bytes"):
        self._source = _Source(stream)
        self._persistent_load = persistent_load
        self._encoding = encoding
        self._memo = {}
        self._stack, self._outer = [], []

    def load(self):
        """The object."""
        try:
            while True:
                code = self._source.take(1)[0]
                if code == pickle.STOP[0]:
                    return self._stack.pop()
                step = _STEPS.get(code)
                if step is None:
                    raise UnpicklingError(f"Unsupported operand {code}")
                step(self)
        except (IndexError, KeyError, UnicodeDecodeError) as error:
            # an empty stack, an empty memo, a text that is none
            raise UnpicklingError(f"the pickle is damaged ({error!r})") from None

    # Names, calls and what changes an object

    def _global(self):
        module, name = self._source.path()
        path = f"{module}.{name}"
        if module in allowed.BLOCKED:
            raise UnpicklingError(
                f"Trying to load unsupported GLOBAL {path} whose module {module} is blocked."
            )
        found = allowed.find(path)
        if found is None:
            raise _refusal(path)
        self._stack.append(found)

    def _new(self):
        arguments, kind = self._stack.pop(), self._stack.pop()
        if kind is Parameter:
            self._stack.append(Parameter(*arguments))
        elif isinstance(kind, type) and allowed.holds(kind):
            self._stack.append(kind.__new__(kind, *arguments))
        else:
            raise UnpicklingError(
                "Can only create new object for nn.Parameter or classes allowlisted via "
                f"`add_safe_globals` but got {kind}"
            )

    def _reduce(self):
        arguments, function = self._stack.pop(), self._stack[-1]
        if not allowed.holds(function):
            text = f"Trying to call reduce for unrecognized function {function}"
            if hasattr(function, "__self__"):
                text += f" which belongs to {function.__self__}"
            raise UnpicklingError(text)
        if not isinstance(arguments, tuple):
            raise UnpicklingError(f"a call's arguments are a tuple, not {type(arguments)}")
        self._stack[-1] = allowed.call(function, arguments)

    def _build(self):
        state, made = self._stack.pop(), self._stack[-1]
        kind = type(made)
        if kind is Tensor:  # of a pickle from before there were rebuilding functions
            made.data = allowed.call(_rebuild_tensor, state)
        elif kind is Parameter:
            made.__setstate__(state)
        elif kind is OrderedDict:
            _set_plain_state(made, state)
        elif not allowed.holds(kind):
            raise UnpicklingError(
                "Can only build Tensor, Parameter, OrderedDict or types allowlisted via "
                f"`add_safe_globals`, but got {kind}"
            )
        elif hasattr(made, "__setstate__"):
            made.__setstate__(state)
        else:
            _set_plain_state(made, state)

    def _append(self):
        item = self._stack.pop()
        self._list("append to").append(item)

    def _extend(self):
        items = self._marked()
        self._list("extend").extend(items)

    def _list(self, what):
        if type(self._stack[-1]) is not list:
            raise UnpicklingError(f"Can only {what} lists, but got {type(self._stack[-1])}")
        return self._stack[-1]

    def _set_item(self):
        value, key = self._stack.pop(), self._stack.pop()
        _put(self._dict("SETITEM"), key, value)

    def _set_items(self):
        items = self._marked()
        if len(items) % 2:
            raise UnpicklingError("odd number of items for SETITEMS")
        target = self._dict("SETITEMS")
        for key, value in zip(items[::2], items[1::2], strict=True):
            _put(target, key, value)

    def _dict(self, what):
        if type(self._stack[-1]) not in (dict, OrderedDict, Counter):
            raise UnpicklingError(
                f"Can only {what} for dict, collections.OrderedDict, collections.Counter, but got "
                f"{type(self._stack[-1])}"
            )
        return self._stack[-1]

    # Stack and memo

    def _mark(self):
        self._outer.append(self._stack)
        self._stack = []

    def _marked(self):
        items = self._stack
        self._stack = self._outer.pop()
        return items

    def _tuple(self):
        items = self._marked()
        self._stack.append(tuple(items))

    def _tuple_of(self, count):
        items = [self._stack.pop() for _ in range(count)]
        self._stack.append(tuple(reversed(items)))

    def _get(self, form):
        self._stack.append(self._memo[self._source.unpack(form)])

    def _put(self, form):
        self._memo[self._source.unpack(form)] = self._stack[-1]

    # Values

    def _unicode(self):
        length = self._source.unpack("<I")
        self._stack.append(str(self._source.take(length), "utf-8", "surrogatepass"))

    def _short_string(self):
        data = self._source.take(self._source.unpack("<B"))
        if self._encoding != "bytes":
            data = data.decode(self._encoding, "strict")
        self._stack.append(data)

    def _long(self):
        data = self._source.take(self._source.unpack("<B"))
        self._stack.append(pickle.decode_long(data))

    def _persistent(self):
        saved_id = self._stack.pop()
        if type(saved_id) not in (tuple, int):
            raise UnpicklingError(
                f"persistent_load id must be tuple or int, but got {type(saved_id)}"
            )
        if type(saved_id) is tuple and saved_id and decoded(saved_id[0]) != "storage":
            raise UnpicklingError(
                f"Only persistent_load of storage is allowed, but got {type(saved_id[0])}"
            )
        if self._persistent_load is None:
            raise UnpicklingError("this pickle refers to storages, and has none")
        self._stack.append(self._persistent_load(saved_id))

    def _protocol(self):
        protocol = self._source.unpack("<B")
        if protocol != 2:
            warnings.warn(
                f"Detected pickle protocol {protocol} in the checkpoint, which was not the default "
                "pickle protocol used by `torch.load` (2). The weights_only Unpickler might not "
                "support all instructions implemented by this protocol, please file an issue for "
                "adding support if you encounter this.",
                stacklevel=2,
            )


def _refusal(path):
    known = _NEED_IMPORT.get(path)
    if known is not None:
        return UnpicklingError(_IMPORTS[known])
    shown = path.removeprefix("builtins.")
    return UnpicklingError(
        f"Unsupported global: GLOBAL {shown} was not an allowed global by default. Please use "
        f"`torch.serialization.add_safe_globals([{shown}])` or the "
        f"`torch.serialization.safe_globals([{shown}])` context manager to allowlist this global "
        "if you trust this class/function."
    )


def _put(target, key, value):
    try:
        target[key] = value
    except TypeError as error:
        raise UnpicklingError(f"the pickle is damaged ({error})") from None


def _set_plain_state(made, state):
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if not isinstance(state or {}, dict) or not isinstance(slots or {}, dict):
        raise UnpicklingError(f"the state of an object is a dict, not {type(state)}")
    if state:
        made.__dict__.update(state)
    for name, value in (slots or {}).items():
        setattr(made, name, value)


def _value(make):
    return lambda reader: reader._stack.append(make())


def _number(form):
    return lambda reader: reader._stack.append(reader._source.unpack(form))


_STEPS = {
    code[0]: step
    for code, step in {
        pickle.GLOBAL: Unpickler._global,
        pickle.NEWOBJ: Unpickler._new,
        pickle.REDUCE: Unpickler._reduce,
        pickle.BUILD: Unpickler._build,
        pickle.APPEND: Unpickler._append,
        pickle.APPENDS: Unpickler._extend,
        pickle.SETITEM: Unpickler._set_item,
        pickle.SETITEMS: Unpickler._set_items,
        pickle.MARK: Unpickler._mark,
        pickle.TUPLE: Unpickler._tuple,
        pickle.TUPLE1: lambda reader: reader._tuple_of(1),
        pickle.TUPLE2: lambda reader: reader._tuple_of(2),
        pickle.TUPLE3: lambda reader: reader._tuple_of(3),
        pickle.NONE: _value(lambda: None),
        pickle.NEWFALSE: _value(lambda: False),
        pickle.NEWTRUE: _value(lambda: True),
        pickle.EMPTY_TUPLE: _value(tuple),
        pickle.EMPTY_LIST: _value(list),
        pickle.EMPTY_DICT: _value(dict),
        pickle.EMPTY_SET: _value(set),
        pickle.BININT: _number("<i"),
        pickle.BININT1: _number("<B"),
        pickle.BININT2: _number("<H"),
        pickle.BINFLOAT: _number(">d"),
        pickle.BINUNICODE: Unpickler._unicode,
        pickle.SHORT_BINSTRING: Unpickler._short_string,
        pickle.BINPERSID: Unpickler._persistent,
        pickle.BINGET: lambda reader: reader._get("<B"),
        pickle.LONG_BINGET: lambda reader: reader._get("<I"),
        pickle.BINPUT: lambda reader: reader._put("<B"),
        pickle.LONG_BINPUT: lambda reader: reader._put("<I"),
        pickle.LONG1: Unpickler._long,
        pickle.PROTO: Unpickler._protocol,
    }.items()
}


def globals_of(stream):
    """The names of all globals that a pickle mentions, without reading it as one.

    Errors:  UnpicklingError for an opcode that is not interpreted here; EOFError.
    """
    source, found = _Source(stream), set()
    while True:
        code = source.take(1)[0]
        if code == pickle.STOP[0]:
            return found
        if code == pickle.GLOBAL[0]:
            found.add(".".join(source.path()))
        elif code == pickle.BINUNICODE[0]:
            source.take(source.unpack("<I"))
        elif code in (pickle.SHORT_BINSTRING[0], pickle.LONG1[0]):
            source.take(source.unpack("<B"))
        elif code in _STEPS:
            source.take(_OPERANDS.get(code, 0))
        else:
            raise UnpicklingError(f"Unsupported operand {code}")


_OPERANDS = {
    pickle.BININT[0]: 4, pickle.BININT1[0]: 1, pickle.BININT2[0]: 2, pickle.BINFLOAT[0]: 8,
    pickle.BINGET[0]: 1, pickle.LONG_BINGET[0]: 4, pickle.BINPUT[0]: 1, pickle.LONG_BINPUT[0]: 4,
    pickle.PROTO[0]: 1,
}  # fmt: skip
