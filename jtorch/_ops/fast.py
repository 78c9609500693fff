"""Short call paths of pointwise rows: one look-up by metas, one node, one tensor.

They serve plain tensors on one device and plain numbers; everything else, and the first call with
each pair of metas, goes the general way: `call(args, kwargs)`, which is `Row.call` or more.

A function that has a short path offers two more attributes: `short(slow)`, the path alone, for an
operator, where `slow` takes what the path does not serve; and `gated(casting)`, the same function for
an operation that autocast knows: it is `casting` where a region of autocast is open.
"""

import functools

from jtorch import _dtypes
from jtorch._autocast import SHUT, regions
from jtorch._autograd.modes import mode
from jtorch._dtypes import INTEGRAL
from jtorch._engine.realize import record
from jtorch._ops.ways import Way
from jtorch._tensor import PLAIN, Tensor, from_node, is_recorded

_LARGEST = 2**63 - 1
_NOTHING = {}  # the keywords of calls without any


def _learned(known, key, row, args, result):
    """The result of a call that went the general way, which is remembered under `key`."""
    if result is not NotImplemented:
        known[key] = Way(row, row.entry(args, {}))
    return result


def fast_unary(row, call, casting=None):
    """The function of a row with one tensor: `f(tensor)`."""
    ways = {}
    _dtypes.depend_on_default(ways)
    gate = SHUT if casting is None else regions

    def shortened(slow):
        def short(tensor, *more):
            if (
                (tensor.__class__ is not Tensor and tensor.__class__ not in PLAIN)
                or gate.open
                or more
            ):
                return slow(tensor, *more)
            meta = tensor._meta
            try:
                way = ways[meta]
            except KeyError:
                return _learned(ways, meta, row, (tensor,), slow(tensor))
            storage = tensor._storage
            if meta is storage.meta and storage.host is None:
                node = storage.value
            else:
                node = storage.read(meta, tensor._offset)
            if tensor._requires_grad or storage.recorded:
                operands = (tensor,)
                return way.recorded(operands, (node,), operands, _NOTHING, slow)
            return from_node(record(way.kernel, (node,), way.device), way.meta)

        return short

    short = shortened(casting or (lambda tensor: call((tensor,), {})))

    def function(*args, **kwargs):
        if len(args) == 1 and not kwargs:
            return short(args[0])
        return casting(*args, **kwargs) if gate.open else call(args, kwargs)

    function.short = shortened
    function.gated = lambda casting: fast_unary(row, call, casting)
    return function


def fast_binary(row, call, casting=None):
    """The function of a row with two tensors: `f(tensor, tensor)` and `f(tensor, number)`."""
    ways = {}  # meta of the left operand -> that of the right one, or what kind of number -> Way
    _dtypes.depend_on_default(ways)
    serves, literals = _second_operand(row)
    many = fast_many(row, call)
    gate = SHUT if casting is None else regions

    def first(left, right, key, slow):
        """A call that nothing is known of."""
        result = slow(left, right)
        if not serves(left._meta, right):
            return result
        return _learned(ways.setdefault(left._meta, {}), key, row, (left, right), result)

    shortened = functools.partial(_short_binary, ways, literals, gate, first)
    short = shortened(casting or (lambda left, right: call((left, right), {})))

    def function(*args, **kwargs):
        if len(args) == 2 and not kwargs:
            return short(args[0], args[1])
        return casting(*args, **kwargs) if gate.open else many(*args, **kwargs)

    function.short = shortened
    function.gated = lambda casting: fast_binary(row, call, casting)
    return function


def _short_binary(ways, literals, gate, first, slow):
    """The short path of `fast_binary`."""

    def short(left, right, *more):
        if (left.__class__ is not Tensor and left.__class__ not in PLAIN) or gate.open or more:
            return slow(left, right, *more)
        meta = left._meta
        kind = right.__class__
        storage = left._storage
        recorded = left._requires_grad or storage.recorded
        if kind is Tensor or kind in PLAIN:
            given = right._meta
            try:
                way = ways[meta][given]
            except KeyError:
                return first(left, right, given, slow)
            other = right._storage
            recorded = recorded or right._requires_grad or other.recorded
            if given is other.meta and other.host is None:
                second = other.value
            else:
                second = other.read(given, right._offset)
        elif kind is float or (kind is int and -_LARGEST <= right <= _LARGEST):
            key = (kind, right) if literals and right in literals else kind
            try:
                way = ways[meta][key]
            except KeyError:
                return first(left, right, key, slow)
            second = right if key is kind else None
        else:
            return slow(left, right)
        if meta is storage.meta and storage.host is None:
            node = storage.value
        else:
            node = storage.read(meta, left._offset)
        inputs = (node,) if second is None else (node, second)
        if recorded:
            operands = (left, right)
            return way.recorded(operands, inputs, operands, _NOTHING, slow)
        return from_node(record(way.kernel, inputs, way.device), way.meta)

    return short


def _second_operand(row):
    """(whether the short path serves a tensor of some meta with an operand, the operand's literals)."""
    second = row.parameters[1]
    takes_numbers = second.kind.name == "OPERAND"
    guarded = row.check_numbers is not None  # numbers are checked at each call

    def serves(meta, right):
        if right.__class__ is float or right.__class__ is int:
            return takes_numbers and not (guarded and meta.dtype.category <= INTEGRAL)
        return meta.device is right._meta.device

    return serves, second.literals


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
    entries = {}  # meta of the target -> that of the other operand, or what kind of number -> Entry
    _dtypes.depend_on_default(entries)
    serves, literals = _second_operand(row)
    keyword = _number_keyword(row)
    many = fast_many_in_place(row, call)

    def first(target, right, number, key, slow):
        """A call that nothing is known of."""
        meta = target._meta
        result = slow(target, right, number)
        if result is not NotImplemented and serves(meta, right):
            given = {} if number is None else {keyword: number}
            kept = _kept(row.entry((target, right), given), meta)
            entries.setdefault(meta, {})[key] = kept
        return result

    def general(target, right, number):
        return call((target, right), {} if number is None else {keyword: number})

    shortened = functools.partial(_short_in_place, entries, literals, first)
    short = shortened(general)

    def function(*args, **kwargs):
        if len(args) == 2:
            if not kwargs:
                return short(args[0], args[1])
            number = kwargs.get(keyword)
            if len(kwargs) == 1 and number.__class__ is float:
                return short(args[0], args[1], number)
        return many(*args, **kwargs)

    function.short = lambda slow: shortened(lambda target, right, number: slow(target, right))
    return function


def _short_in_place(entries, literals, first, slow):
    """The short path of `fast_binary_in_place`; `number` is that of the keyword, if it is given."""

    def short(target, right, number=None):
        if target.__class__ is not Tensor and target.__class__ not in PLAIN:
            return slow(target, right, number)
        meta = target._meta
        storage = target._storage
        kind = right.__class__
        if kind is Tensor or kind in PLAIN:
            key = right._meta
            other = right._storage
            serves = not (
                other.recorded
                or (right._requires_grad and mode.enabled)
                or (other is storage and right is not target)
            )
        else:
            other = None
            serves = kind is float or (kind is int and -_LARGEST <= right <= _LARGEST)
            key = (kind, right) if serves and literals and right in literals else kind
        if (
            not serves
            or meta is not storage.meta
            or storage.host is not None
            or storage.recorded
            or target._counter is not None
            or (target._requires_grad and mode.enabled)
        ):
            return slow(target, right, number)
        known = key if number is None else (key, "number")
        try:
            entry = entries[meta][known]
        except KeyError:
            return first(target, right, number, known, slow)
        if not entry:  # its result cannot take the target's place
            return slow(target, right, number)
        if other is not None:
            whole = key is other.meta and other.host is None
            inputs = (storage.value, other.value if whole else other.read(key, right._offset))
        else:
            inputs = (storage.value, right) if key is kind else (storage.value,)
        if number is not None:
            inputs = (*inputs, number)
        storage.version += 1
        storage.value = record(entry.kernel, inputs, entry.device)
        return target

    return short


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
