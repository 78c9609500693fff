"""Short call paths of pointwise rows: one look-up by metas, one node, one tensor.

They serve plain tensors on one device and plain numbers; everything else, and the first call with
each pair of metas, goes the general way: `call(args, kwargs)`, which is `Row.call` or more.
"""

from jtorch import _dtypes
from jtorch._dtypes import INTEGRAL
from jtorch._engine.realize import record
from jtorch._ops.history import attach
from jtorch._tensor import PLAIN, from_node, is_recorded

_LARGEST = 2**63 - 1


def fast_unary(row, call):
    """The function of a row with one tensor: `f(tensor)`."""
    entries = {}
    _dtypes.depend_on_default(entries)

    def function(*args, **kwargs):
        if kwargs or len(args) != 1:
            return call(args, kwargs)
        tensor = args[0]
        if tensor.__class__ not in PLAIN:
            return call(args, kwargs)
        meta = tensor._meta
        entry = entries.get(meta)
        if entry is None:
            result = call(args, kwargs)
            entries[meta] = row.entry(args, kwargs)
            return result
        recorded = is_recorded(tensor) and entry.differentiable
        if recorded and row.parts is not None:
            return call(args, kwargs)
        storage = tensor._storage
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, tensor._offset)
        result = from_node(record(entry.kernel, (node,), entry.device), entry.meta)
        if recorded:
            attach(row.node_name(args, kwargs), entry.kernel, args, (result,), entry.device)
        return result

    return function


def fast_binary(row, call):
    """The function of a row with two tensors: `f(tensor, tensor)` and `f(tensor, number)`."""
    entries = {}
    _dtypes.depend_on_default(entries)
    numbers, literals, guarded = _second_operand(row)
    many = fast_many(row, call)

    def function(*args, **kwargs):
        if kwargs or len(args) != 2:
            return many(*args, **kwargs)
        left, right = args
        if left.__class__ not in PLAIN:
            return call(args, kwargs)
        meta = left._meta
        kind = right.__class__
        literal = False
        recorded = is_recorded(left)
        if kind in PLAIN:
            key = (meta, right._meta)
            if meta.device is not right._meta.device:
                return call(args, kwargs)
            recorded = recorded or is_recorded(right)
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
        recorded = recorded and entry.differentiable
        if recorded and row.parts is not None:
            return call(args, kwargs)
        storage = left._storage
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, left._offset)
        if kind in PLAIN:
            storage = right._storage
            if right._meta is storage.meta and storage.host is None:
                right = storage.value
            else:
                right = storage.read(right._meta, right._offset)
        inputs = (node,) if literal else (node, right)
        result = from_node(record(entry.kernel, inputs, entry.device), entry.meta)
        if recorded:
            operands = args[:1] if literal else args
            attach(row.node_name(args, kwargs), entry.kernel, operands, (result,), entry.device)
        return result

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
        if target.__class__ not in PLAIN or is_recorded(target):
            return call(args, kwargs)
        meta = target._meta
        storage = target._storage
        entry = entries.get(meta)
        if not entry or meta is not storage.meta or storage.host is not None or target._counter:
            return _slow_in_place(row, call, entries, meta, args, kwargs)
        storage.version += 1
        storage.value = record(entry.kernel, (storage.value,), entry.device)
        return target

    return function


def fast_binary_in_place(row, call):
    """The same with two: a tensor and a number, itself, or one of another storage; and `alpha=`."""
    entries = {}
    _dtypes.depend_on_default(entries)
    numbers, literals, guarded = _second_operand(row)
    keyword = _number_keyword(row)
    many = fast_many_in_place(row, call)

    def function(*args, **kwargs):
        if len(args) != 2:
            return many(*args, **kwargs)
        target, right = args
        if target.__class__ not in PLAIN:
            return call(args, kwargs)
        meta = target._meta
        storage = target._storage
        if meta is not storage.meta or storage.host is not None or target._counter is not None:
            return call(args, kwargs)
        if is_recorded(target):
            return call(args, kwargs)
        kind = right.__class__
        if kind in PLAIN:
            other = right._storage
            given = right._meta
            key = (meta, given)
            if is_recorded(right) or meta.device is not given.device:
                return call(args, kwargs)
            if other is storage and right is not target:
                return call(args, kwargs)
            if given is other.meta and other.host is None:
                right = other.value
            else:
                right = other.read(given, right._offset)
            inputs = (storage.value, right)
        elif kind in numbers and (kind is float or -_LARGEST <= right <= _LARGEST):
            if guarded and meta.dtype.category <= INTEGRAL:
                return call(args, kwargs)
            literal = right in literals
            key = (meta, kind, right) if literal else (meta, kind)
            inputs = (storage.value,) if literal else (storage.value, right)
        else:
            return call(args, kwargs)
        if kwargs:
            number = kwargs.get(keyword)
            if len(kwargs) != 1 or number.__class__ is not float:
                return many(*args, **kwargs)
            key = (key, keyword)
            inputs = (*inputs, number)
        entry = entries.get(key)
        if not entry:
            return _slow_in_place(row, call, entries, key, args, kwargs)
        storage.version += 1
        storage.value = record(entry.kernel, inputs, entry.device)
        return target

    return function


def _slow_in_place(row, call, entries, key, args, kwargs):
    """The general way; the first time, also what to do the next time (False: the same again)."""
    meta = args[0]._meta
    result = call(args, kwargs)
    if key not in entries:
        entries[key] = _kept(row.entry(args, kwargs), meta)
    return result


def fast_many(row, call):
    """The function of a row with any number of tensors, plain numbers, texts and None."""
    entries = {}
    _dtypes.depend_on_default(entries)
    guarded = row.check_numbers is not None

    def function(*args, **kwargs):
        found = _gathered(args, kwargs)
        if found is None:
            return call(args, kwargs)
        key, inputs, extreme = found
        entry = entries.get(key)
        if not entry:
            if entry is not None:
                return call(args, kwargs)
            result = call(args, kwargs)
            entries[key] = row.entry(args, kwargs) if _in_order(row, args, kwargs) else False
            return result
        if guarded and extreme is not None and not _harmless(entry, extreme):
            return call(args, kwargs)
        return from_node(record(entry.kernel, inputs, entry.device), entry.meta)

    return function


def fast_many_in_place(row, call):
    """The in-place method of such a row, for targets that have their storage whole."""
    entries = {}
    _dtypes.depend_on_default(entries)
    guarded = row.check_numbers is not None

    def function(*args, **kwargs):
        found = _gathered(args, kwargs)
        if found is None:
            return call(args, kwargs)
        target = args[0]
        storage = target._storage
        meta = target._meta
        if (
            meta is not storage.meta
            or storage.host is not None
            or target._counter is not None
            or _shared(storage, target, args)
            or _shared(storage, target, kwargs.values())
        ):
            return call(args, kwargs)
        key, inputs, extreme = found
        entry = entries.get(key)
        if not entry:
            if entry is not None:
                return call(args, kwargs)
            result = call(args, kwargs)
            found = row.entry(args, kwargs) if _in_order(row, args, kwargs) else None
            entries[key] = found is not None and _kept(found, meta)
            return result
        if guarded and extreme is not None and not _harmless(entry, extreme):
            return call(args, kwargs)
        storage.version += 1
        storage.value = record(entry.kernel, inputs, entry.device)
        return target

    return function


def _gathered(args, kwargs):
    """(key, nodes and numbers, the number farthest from 0 or None); None for what is not plain."""
    key = []
    inputs = []
    device = None
    extreme = None
    if not args or args[0].__class__ not in PLAIN or "out" in kwargs:
        return None
    for each in (*args, *kwargs.values()) if kwargs else args:
        kind = each.__class__
        if kind in PLAIN:
            meta = each._meta
            if is_recorded(each) or (device or meta.device) is not meta.device:
                return None
            device = meta.device
            key.append(meta)
            storage = each._storage
            if meta is storage.meta and storage.host is None:
                inputs.append(storage.value)
            else:
                inputs.append(storage.read(meta, each._offset))
        elif kind is float or (kind is int and -_LARGEST <= each <= _LARGEST):
            key.append(kind)
            inputs.append(each)
            if extreme is None or not -abs(extreme) <= each <= abs(extreme):
                extreme = each
        elif kind is str or each is None:
            key.append(each)
        else:
            return None
    if kwargs:
        key.extend(kwargs)
    return tuple(key), tuple(inputs), extreme


def _in_order(row, args, kwargs):
    """Whether keywords come in the parameters' order, and no number is part of the program."""
    places = [row.positions.get(name, -1) for name in kwargs]
    if len(args) > row.positional or places != sorted(places) or -1 in places:
        return False
    given = zip((*range(len(args)), *places), (*args, *kwargs.values()), strict=True)
    return all(_is_data(row.parameters[place], each) for place, each in given)


def _is_data(parameter, given):
    """Whether what is given for a parameter is no number, or one that programs get as an input."""
    if parameter.literals:
        return False
    return given.__class__ not in (int, float) or parameter.kind.name in ("OPERAND", "NUMBER")


def _harmless(entry, number):
    """Whether a number this far from 0 passes every check for the dtype of the result."""
    if not -100 <= number <= 100:
        return False
    return number.__class__ is int or entry.meta.dtype.category > INTEGRAL


def _shared(storage, target, values):
    """Whether another tensor looks at the same storage."""
    return any(
        each.__class__ in PLAIN and each._storage is storage and each is not target
        for each in values
    )


def _number_keyword(row):
    """The name of the one number that is given by keyword, if there is one."""
    names = [parameter.name for parameter in row.parameters if parameter.keyword_only]
    only = len(names) == 1 and row.parameters[-1].kind.name == "NUMBER"
    return names[0] if only and row.positional == 2 else None


def _kept(entry, meta):
    """The entry if its result can take the place of a value with this meta as it is, else False."""
    fits = entry.meta.dtype is meta.dtype and entry.meta.shape == meta.shape
    return entry if fits else False
