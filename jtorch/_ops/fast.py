"""Short call paths of pointwise rows: one look-up by metas, one node, one tensor.

They serve plain tensors on one device and plain numbers; everything else, and the first call with
each pair of metas, goes the general way of `Row.call`.
"""

from jtorch import _dtypes
from jtorch._engine.realize import record
from jtorch._tensor import Tensor, from_node


def fast_unary(row):
    """The function of a row with one tensor: `f(tensor)`."""
    entries = {}
    _dtypes.depend_on_default(entries)
    call = row.call

    def function(*args, **kwargs):
        if kwargs or len(args) != 1:
            return call(args, kwargs)
        tensor = args[0]
        if tensor.__class__ is not Tensor or tensor._requires_grad:
            return call(args, kwargs)
        meta = tensor._meta
        entry = entries.get(meta)
        if entry is None:
            entry, _ = row.prepare(row.bind(args, kwargs))
            entries[meta] = entry
        storage = tensor._storage
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, tensor._offset)
        return from_node(record(entry.kernel, (node,), entry.device), entry.meta)

    return function


def fast_binary(row):
    """The function of a row with two tensors: `f(tensor, tensor)` and `f(tensor, number)`."""
    entries = {}
    _dtypes.depend_on_default(entries)
    call = row.call
    second = row.parameters[1]
    numbers = () if second.literals or second.kind.name != "OPERAND" else (float, int)
    largest = 2**63 - 1

    def function(*args, **kwargs):
        if kwargs or len(args) != 2:
            return call(args, kwargs)
        left, right = args
        if left.__class__ is not Tensor or left._requires_grad:
            return call(args, kwargs)
        meta = left._meta
        kind = right.__class__
        if kind is Tensor:
            key = (meta, right._meta)
            if right._requires_grad or meta.device is not right._meta.device:
                return call(args, kwargs)
        elif kind in numbers and (kind is float or -largest <= right <= largest):
            key = (meta, kind)
        else:
            return call(args, kwargs)
        entry = entries.get(key)
        if entry is None:
            entry, _ = row.prepare(row.bind(args, kwargs))
            entries[key] = entry
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
        return from_node(record(entry.kernel, (node, right), entry.device), entry.meta)

    return function
