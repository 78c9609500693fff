"""How a kernel calls a row's body: data put in its place, cast, and the result cast back."""

import functools
import inspect

import numpy as np

from jtorch._engine.node import Aval, Kernel
from jtorch._engine.templates import forward
from jtorch._ops.cast import cast_array

PROMOTED, AS_IS, NUMBER, LITERAL, SEQUENCE = "promoted", "as is", "number", "literal", "sequence"
ROUNDED = "rounded"  # to the result's dtype, before it is cast to the one to compute in
NUMBER_KIND = {bool: "i", int: "i", float: "f", complex: "c"}


def evaluate(body, template, compute, result, has_error, raw_numbers, *data):
    """Put data into the template, cast, run the body, cast back."""
    data = iter(data)
    given = []
    for part in template:
        if part is PROMOTED:
            given.append(_cast(next(data), compute))
        elif part is ROUNDED:
            given.append(_cast(_cast(next(data), result), compute))
        elif part is AS_IS:
            given.append(next(data))
        elif part is NUMBER:
            number = next(data)
            given.append(number if raw_numbers else _cast(number, compute))
        elif part.__class__ is tuple and part and part[0] is LITERAL:
            given.append(part[2])
        elif part.__class__ is tuple and part and part[0] is SEQUENCE:
            given.append([_cast(next(data), compute) for _ in range(part[1])])
        else:
            given.append(part)
    code = inspect.unwrap(body).__code__
    positional = code.co_argcount
    names = code.co_varnames[positional : positional + code.co_kwonlyargcount]
    value = body(*given[:positional], **dict(zip(names, given[positional:], strict=True)))
    if has_error:
        value, code = value
        return _cast_result(value, result), code
    return _cast_result(value, result)


def _cast(array, dtype):
    return array if dtype is None else cast_array(array, dtype)


def _cast_result(value, dtype):
    if dtype is None:
        return tuple(value) if isinstance(value, (tuple, list)) else value
    if isinstance(value, (tuple, list)):
        return tuple(_cast(each, dtype) for each in value)
    return _cast(value, dtype)


def promoted_inputs(kernel):
    """The places of inputs that are operands: of whatever dtype, they are cast to a common one."""
    function = kernel.function
    if getattr(function, "func", None) is not evaluate or function.args[2] is None:
        return ()
    places = []
    count = 0
    for part in function.args[1]:
        if part is PROMOTED or part is ROUNDED:
            places.append(count)
        if part.__class__ is tuple and part and part[0] is SEQUENCE:
            places.extend(range(count, count + part[1]))
            count += part[1]
        else:
            count += any(part is each for each in (PROMOTED, ROUNDED, AS_IS, NUMBER))
    return places


def argument_places(kernel, count):
    """The places among its inputs of a row's first arguments, tensors all; -1: one is not given."""
    places, place = [], 0
    for part in kernel.function.args[1][:count]:
        places.append(-1 if part is None else place)
        place += part is not None
    return places


def infer(function, inputs, has_error):
    """The aval of the result, or of each of several, as JAX finds it by tracing the body."""
    _, found = forward(function, tuple(inputs))
    found = found[0] if has_error else found
    if isinstance(found, (tuple, list)):
        return tuple(Aval(each.shape, np.dtype(each.dtype)) for each in found)
    return Aval(found.shape, np.dtype(found.dtype))


_pick_kernels = {}


def pick_kernels(kernel):
    """Kernels that pick the results of a kernel with several apart."""
    outputs = kernel.output
    found = _pick_kernels.get(outputs)
    if found is None:
        found = _pick_kernels[outputs] = [
            Kernel(f"item{i}", functools.partial(_pick, i), (outputs,), aval, takes_numpy=True)
            for i, aval in enumerate(outputs)
        ]
    return found


def _pick(position, values):
    return values[position]
