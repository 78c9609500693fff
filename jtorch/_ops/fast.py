"""Short call paths of pointwise rows: one look-up by metas, one node, one tensor.

They serve plain tensors on one device and plain numbers; everything else, and the first call with
each pair of metas, goes the general way: `call(args, kwargs)`, which is `Row.call` or more.
"""

from jtorch import _dtypes
from jtorch._dtypes import INTEGRAL
from jtorch._engine.realize import record
from jtorch._tensor import Tensor, from_node
from jtorch.autograd._modes import mode

_LARGEST = 2**63 - 1


def fast_unary(row, call):
    """The function of a row with one tensor: `f(tensor)`."""
    entries = {}
    _dtypes.depend_on_default(entries)

    def function(*args, **kwargs):
        if kwargs or len(args) != 1:
            return call(args, kwargs)
        tensor = args[0]
        if tensor.__class__ is not Tensor or tensor._requires_grad:
            return call(args, kwargs)
        meta = tensor._meta
        entry = entries.get(meta)
        if entry is None:
            result = call(args, kwargs)
            entries[meta] = row.entry(args, kwargs)
            return result
        storage = tensor._storage
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, tensor._offset)
        return from_node(record(entry.kernel, (node,), entry.device), entry.meta)

    return function


def fast_binary(row, call):
    """The function of a row with two tensors: `f(tensor, tensor)` and `f(tensor, number)`."""
    entries = {}
    _dtypes.depend_on_default(entries)
    numbers, literals, guarded = _second_operand(row)

    def function(*args, **kwargs):
        if kwargs or len(args) != 2:
            return call(args, kwargs)
        left, right = args
        if left.__class__ is not Tensor or left._requires_grad:
            return call(args, kwargs)
        meta = left._meta
        kind = right.__class__
        literal = False
        if kind is Tensor:
            key = (meta, right._meta)
            if right._requires_grad or meta.device is not right._meta.device:
                return call(args, kwargs)
        elif kind in numbers and (kind is float or -_LARGEST <= right <= _LARGEST):
            if guarded and meta.dtype.category <= INTEGRAL:
                return call(args, kwargs)
            literal = right in literals
            key = (meta, kind, right) if literal else (meta, kind)
        else:
            return call(args, kwargs)
        entry = entries.get(key)
        if entry is None:
            result = call(args, kwargs)
            entries[key] = row.entry(args, kwargs)
            return result
        storage = left._storage
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, left._offset)
        if kind is Tensor:
            storage = right._storage
            if right._meta is storage.meta and storage.host is None:
                right = storage.value
            else:
                right = storage.read(right._meta, right._offset)
        inputs = (node,) if literal else (node, right)
        return from_node(record(entry.kernel, inputs, entry.device), entry.meta)

    return function


def _second_operand(row):
    """(classes of numbers that may stand second, its literals, whether its value is checked)."""
    second = row.parameters[1]
    numbers = (float, int) if second.kind.name == "OPERAND" else ()
    return numbers, second.literals, row.check_numbers is not None


def fast_unary_in_place(row, call):
    """The in-place method of a row with one tensor, for tensors that have their storage whole."""
    entries = {}
    _dtypes.depend_on_default(entries)

    def function(*args, **kwargs):
        if kwargs or len(args) != 1:
            return call(args, kwargs)
        target = args[0]
        if target.__class__ is not Tensor or (target._requires_grad and mode.enabled):
            return call(args, kwargs)
        meta = target._meta
        storage = target._storage
        entry = entries.get(meta)
        if not entry or meta is not storage.meta or storage.host is not None or target._counter:
            if entry is None:
                result = call(args, kwargs)
                entries[meta] = _kept(row.entry(args, kwargs), meta)
                return result
            return call(args, kwargs)
        storage.version += 1
        storage.value = record(entry.kernel, (storage.value,), entry.device)
        return target

    return function


def fast_binary_in_place(row, call):
    """The in-place method of a row with two tensors, for targets that have their storage whole.

    The second operand is a number, the target itself, or of another storage; one more keyword may
    give a number (`alpha`).
    """
    entries = {}
    _dtypes.depend_on_default(entries)
    numbers, literals, guarded = _second_operand(row)
    keyword = _number_keyword(row)

    def function(*args, **kwargs):
        if len(args) != 2:
            return call(args, kwargs)
        target, right = args
        if target.__class__ is not Tensor:
            return call(args, kwargs)
        meta = target._meta
        storage = target._storage
        grad = mode.enabled
        if (
            meta is not storage.meta
            or storage.host is not None
            or (grad and target._requires_grad)
            or target._counter is not None
        ):
            return call(args, kwargs)
        kind = right.__class__
        if kind is Tensor:
            other = right._storage
            given = right._meta
            key = (meta, given)
            if (
                (grad and right._requires_grad)
                or meta.device is not given.device
                or (other is storage and right is not target)
            ):
                return call(args, kwargs)
            if given is other.meta and other.host is None:
                right = other.value
            else:
                right = other.read(given, right._offset)
            inputs = (storage.value, right)
        elif kind in numbers and (kind is float or -_LARGEST <= right <= _LARGEST):
            if guarded and meta.dtype.category <= INTEGRAL:
                return call(args, kwargs)
            if right in literals:
                key = (meta, kind, right)
                inputs = (storage.value,)
            else:
                key = (meta, kind)
                inputs = (storage.value, right)
        else:
            return call(args, kwargs)
        if kwargs:
            number = kwargs.get(keyword)
            if len(kwargs) != 1 or number.__class__ is not float:
                return call(args, kwargs)
            key = (key, keyword)
            inputs = (*inputs, number)
        entry = entries.get(key)
        if not entry:
            if entry is None:
                result = call(args, kwargs)
                entries[key] = _kept(row.entry(args, kwargs), meta)
                return result
            return call(args, kwargs)
        storage.version += 1
        storage.value = record(entry.kernel, inputs, entry.device)
        return target

    return function


def _number_keyword(row):
    """The name of the one number that is given by keyword, if there is one."""
    names = [parameter.name for parameter in row.parameters if parameter.keyword_only]
    only = len(names) == 1 and row.parameters[-1].kind.name == "NUMBER"
    return names[0] if only and row.positional == 2 else None


def _kept(entry, meta):
    """The entry if its result can take the place of a value with this meta as it is, else False."""
    fits = entry.meta.dtype is meta.dtype and entry.meta.shape == meta.shape
    return entry if fits else False
