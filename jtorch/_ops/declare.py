"""Rows: one decorated function declares an operation, and everything else follows from it.

The function's name is torch's, its signature is torch's, and its body is plain JAX on arrays: it is
run once per combination of shapes, dtypes and static parameters, to learn the result's shape, and
again inside the programs that use it. What it raises is raised at the user's line.

A parameter's annotation says what it is:
    Tensor            an array; takes part in type promotion
    Tensor | Number   the same, or a Python number
    Index             a tensor that does not take part in promotion (an index, a mask, a condition)
    Tensors           a sequence of tensors; they take part in promotion
    Number            a Python number (or 0-dim tensor); data, never part of a program
    Ints              integers: `f(x, (1, 2))` and, as the last positional ones, `f(x, 1, 2)`
    anything else     static: part of the program (dims, flags, modes)
`| None` makes any of them optional.
"""

import collections
import enum
import functools
import inspect
import types
import typing
import warnings

import jax
import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU, jax_device
from jtorch._engine.node import Aval, Kernel, leaf
from jtorch._engine.realize import array_of, record
from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._ops.cast import cast_array, cast_node
from jtorch._ops.promotion import compute_and_result, result_type
from jtorch._shapes import assert_no_internal_overlap, assert_no_partial_overlap
from jtorch._tensor import Tensor, from_node, node_of, retarget, write
from jtorch.autograd._modes import mode


class Number:
    """Annotation of a parameter that is a Python number."""


class Index(Tensor):
    """Annotation of a tensor parameter that takes no part in type promotion."""


class Tensors:
    """Annotation of a parameter that is a sequence of tensors."""


class Ints:
    """Annotation of a parameter that is a sequence of integers."""


class Kind(enum.Enum):
    TENSOR = enum.auto()
    OPERAND = enum.auto()
    INDEX = enum.auto()
    TENSORS = enum.auto()
    NUMBER = enum.auto()
    INTS = enum.auto()
    STATIC = enum.auto()


REQUIRED = inspect.Parameter.empty
# NumPy's names for torch's parameters, which torch accepts too.
_NUMPY_NAMES = {"axis": "dim", "axes": "dim", "keepdims": "keepdim", "x": "input", "a": "input",
                "x1": "input", "x2": "other"}  # fmt: skip

rows = {}  # name -> Row, every row there is


class Entry:
    """What a call with known metas and static parameters comes to."""

    __slots__ = ("device", "items", "kernel", "meta", "result_dtype")

    def __init__(self, kernel, meta, items, result_dtype):
        self.kernel = kernel
        self.meta = meta  # of the result; a tuple of them where there are several
        self.items = items  # None, or the kernels that pick the results of a tuple apart
        self.device = meta[0].device if items is not None else meta.device
        self.result_dtype = result_dtype

    def nodes(self, inputs):
        node = record(self.kernel, inputs, self.device)
        if self.items is None:
            return node
        return [record(item, (node,), self.device) for item in self.items]


class Left:
    """A number that the caller left at its default: then its value is part of the program."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Parameter:
    """One parameter of a row."""

    __slots__ = ("default", "keyword_only", "kind", "literals", "name", "optional")

    def __init__(self, parameter, literals):
        self.name = parameter.name
        self.default = parameter.default
        self.keyword_only = parameter.kind is parameter.KEYWORD_ONLY
        self.literals = literals
        parts = typing.get_args(parameter.annotation) or (parameter.annotation,)
        self.optional = types.NoneType in parts or parameter.default is None
        if Tensor in parts:
            self.kind = Kind.OPERAND if Number in parts else Kind.TENSOR
        else:
            known = {Index: Kind.INDEX, Tensors: Kind.TENSORS, Number: Kind.NUMBER, Ints: Kind.INTS}
            self.kind = known.get(parts[0], Kind.STATIC)
        if self.kind is Kind.NUMBER and self.default not in (None, REQUIRED):
            self.default = Left(self.default)


class Row:
    """An operation, as its decorator and its function declare it."""

    def __init__(self, body, promotion=None, *, name=None, aliases=(), operator=None, check=None,
                 numbers=None, shape=None, dtype=None, variants="fmio", returns=None, literals=None,
                 error=None, error_if=None, raw_numbers=False, cast_out=True):  # fmt: skip
        self.body = body
        self.name = name or body.__name__.rstrip("_") or body.__name__
        self.promotion = promotion
        self.aliases = aliases
        self.operator = operator
        self.check = None if check is None else _by_name(check)
        self.check_numbers = None if numbers is None else _by_name(numbers)
        self.shape = None if shape is None else _by_name(shape)
        self.dtype = None if dtype is None else _by_name(dtype)
        self.variants = variants
        self.error = error
        self.error_if = error_if
        self.raw_numbers = raw_numbers
        self.cast_out = cast_out
        self.returns = returns and return_type(self.name, returns)
        self.signature = inspect.signature(body)
        literals = literals or {}
        self.parameters = [
            Parameter(each, literals.get(each.name, ()))
            for each in self.signature.parameters.values()
        ]
        self.names = [each.name for each in self.parameters]
        self.positions = {name: position for position, name in enumerate(self.names)}
        self.positional = sum(not each.keyword_only for each in self.parameters)
        self.entries = {}
        self.kernels = {}
        _dtypes.depend_on_default(self.entries)
        self.__doc__ = inspect.getdoc(body)
        if self.name in rows:
            raise ValueError(f"the row {self.name} is declared twice")
        rows[self.name] = self

    def __repr__(self):
        return f"<row {self.name}{self.signature}>"

    def make_function(self):
        call = self.call

        def function(*args, **kwargs):
            return call(args, kwargs)

        return function

    def make_in_place(self):
        call = self.call_in_place

        def function(*args, **kwargs):
            return call(args, kwargs)

        return function

    # Calls: bind the arguments, find the entry, record.

    def call(self, args, kwargs):
        """The function and the method: a new tensor, or `out`."""
        out = kwargs.pop("out", None) if kwargs and "out" not in self.positions else None
        values = self.bind(args, kwargs)
        entry, inputs = self.prepare(values)
        if out is not None:
            return self._into(out, entry, inputs)
        nodes = entry.nodes(inputs)
        if entry.items is None:
            return from_node(nodes, entry.meta)
        results = [from_node(node, meta) for node, meta in zip(nodes, entry.meta, strict=True)]
        return self.returns(*results) if self.returns else tuple(results)

    def call_in_place(self, args, kwargs):
        """The method ending in `_`: the result goes into the first argument's memory."""
        values = self.bind(args, kwargs, suffix="_")
        target = values[0]
        refuse_leaf(target)
        entry, inputs = self.prepare(values)
        meta = entry.meta
        if meta.shape != target.shape:
            raise RuntimeError(
                f"output with shape {list(target.shape)} doesn't match the broadcast shape "
                f"{list(meta.shape)}"
            )
        refuse_cast(entry.result_dtype, target.dtype)
        refuse_overlap(target, values[1:])
        write(target, cast_node(entry.nodes(inputs), target.dtype.numpy, target.device))
        return target

    def _into(self, out, entry, inputs):
        outs = (out,) if entry.items is None else tuple(out)
        metas = (entry.meta,) if entry.items is None else entry.meta
        if len(outs) != len(metas):
            raise TypeError(f"{self.name}(): out must be a tuple of {len(metas)} tensors")
        for target, meta in zip(outs, metas, strict=True):
            self._refuse_out(target, meta)
        nodes = entry.nodes(inputs)
        nodes = (nodes,) if entry.items is None else nodes
        for target, meta, node in zip(outs, metas, nodes, strict=True):
            resize_out(target, meta.shape)
            write(target, cast_node(node, target.dtype.numpy, target.device))
        return out if entry.items is None or not self.returns else self.returns(*outs)

    def _refuse_out(self, target, meta):
        if not isinstance(target, Tensor):
            raise TypeError(f"{self.name}(): argument 'out' must be Tensor, not {type_name(target)}")
        if target.device != meta.device:
            raise RuntimeError(
                f"Expected all tensors to be on the same device, but found at least two devices, "
                f"{meta.device} and {target.device}!"
            )
        if self.cast_out:
            refuse_cast(meta.dtype, target.dtype)
        elif target.dtype is not meta.dtype:
            raise RuntimeError(
                f"Expected out tensor to have dtype {c_name(meta.dtype)}, "
                f"but got {c_name(target.dtype)} instead"
            )
        assert_no_internal_overlap(target.shape, target.stride())

    def bind(self, args, kwargs, suffix=""):
        """The arguments in the order of the parameters, with defaults."""
        parameters = self.parameters
        given = len(args)
        values = list(args)
        if given > self.positional:
            last = parameters[self.positional - 1]
            if last.kind is not Kind.INTS or last.keyword_only:
                raise TypeError(self._too_many(given, suffix))
            values[self.positional - 1 :] = [tuple(args[self.positional - 1 :])]
        values.extend(each.default for each in parameters[len(values) :])
        for name, value in kwargs.items():
            position = self.positions.get(name)
            if position is None:
                position = self.positions.get(_NUMPY_NAMES.get(name))
            if position is None:
                raise TypeError(f"{self.name}{suffix}() got an unexpected keyword argument '{name}'")
            if position < given:
                raise TypeError(f"{self.name}{suffix}() got multiple values for argument '{name}'")
            values[position] = value
        missing = [p.name for p, v in zip(parameters, values, strict=True) if v is REQUIRED]
        if missing:
            names = ", ".join(f'"{name}"' for name in missing)
            raise TypeError(
                f"{self.name}{suffix}() missing {len(missing)} required positional arguments: {names}"
            )
        return values

    def _too_many(self, given, suffix):
        count = self.positional
        plural = "argument" if count == 1 else "arguments"
        return f"{self.name}{suffix}() takes {count} positional {plural} but {given} were given"

    def prepare(self, values):
        """The entry of a call, and its inputs: nodes and numbers."""
        key = []
        dynamic = []
        for position, parameter in enumerate(self.parameters):
            value = values[position]
            kind = parameter.kind
            if kind is Kind.STATIC or value is None:
                key.append(tuple(value) if value.__class__ is list else value)
                if value is None and not parameter.optional:
                    raise self._bad_type(position, value)
            elif kind is Kind.INTS:
                values[position] = value = self._integers(position, value)
                key.append(value)
            elif kind is Kind.TENSORS:
                values[position] = value = self._sequence(position, value)
                key.append(tuple([each._meta for each in value]))
                dynamic.extend(value)
            elif isinstance(value, Tensor):
                if kind is Kind.NUMBER and value.ndim:
                    raise self._bad_type(position, value)
                key.append(value._meta)
                dynamic.append(value)
            elif value.__class__ is Left:
                key.append(value)
            elif kind is Kind.NUMBER or kind is Kind.OPERAND:
                value = values[position] = self._number(position, value)
                if value in parameter.literals:
                    key.append((value.__class__, value))
                else:
                    key.append(value.__class__)
                    dynamic.append(value)
            else:
                raise self._bad_type(position, value)
        if self.check_numbers is not None:
            self.check_numbers(dict(zip(self.names, values, strict=True)))
        key = tuple(key)
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = self._resolve(key, values)
        if mode.enabled:
            refuse_autograd(self.name, dynamic)
        device = entry.device
        return entry, tuple(
            [node_on(each, device) if isinstance(each, Tensor) else each for each in dynamic]
        )

    def _integers(self, position, value):
        if value.__class__ is tuple and all(each.__class__ is int for each in value):
            return value
        if isinstance(value, (list, tuple)) or hasattr(value, "__len__"):
            try:
                if len(value) == 1 and isinstance(value[0], (list, tuple)):
                    value = value[0]
                return tuple([each.__index__() for each in value])
            except (TypeError, AttributeError):
                bad = next(i for i, each in enumerate(value) if not hasattr(each, "__index__"))
                raise TypeError(
                    f"{self.name}(): argument '{self.names[position]}' (position {position + 1}) "
                    f"must be tuple of ints, but found element of type {type_name(value[bad])} "
                    f"at pos {bad}"
                ) from None
        if hasattr(value, "__index__"):
            return (value.__index__(),)
        raise self._bad_type(position, value, "tuple of ints")

    def _sequence(self, position, value):
        if not isinstance(value, (list, tuple)):
            raise self._bad_type(position, value, "tuple of Tensors")
        for index, each in enumerate(value):
            if not isinstance(each, Tensor):
                raise TypeError(
                    f"expected Tensor as element {index} in argument {position}, "
                    f"but got {type_name(each)}"
                )
        return tuple(value)

    def _number(self, position, value):
        kind = value.__class__
        if kind is float or kind is bool or kind is complex:
            return value
        if kind is int:
            return wrap_integer(value)
        if isinstance(value, (float, complex, bool)):
            return value.__class__.__mro__[1](value) if not isinstance(value, np.generic) else value.item()
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            return value.item()
        if hasattr(value, "__index__"):
            return wrap_integer(value.__index__())
        wanted = "Number" if self.parameters[position].kind is Kind.NUMBER else "Tensor"
        raise self._bad_type(position, value, wanted)

    def _bad_type(self, position, value, wanted="Tensor"):
        parameter = self.parameters[position]
        place = "" if parameter.keyword_only else f" (position {position + 1})"
        return TypeError(
            f"{self.name}(): argument '{parameter.name}'{place} must be {wanted}, "
            f"not {type_name(value)}"
        )

    # The first call with these metas and static parameters.

    def _resolve(self, key, values):
        arguments = self.by_name(values)
        if self.check is not None:
            self.check(arguments)
        compute, result = self._dtypes(values, arguments)
        device = common_device(values)
        template, inputs = self._template(key, values)
        kernel_key = (compute, result, tuple(template), tuple(inputs))
        kernel = self.kernels.get(kernel_key)
        if kernel is None:
            shape = self._shape(values, arguments)
            kernel = self._kernel(template, inputs, compute, result, shape)
            self.kernels[kernel_key] = kernel
        return self._entry(kernel, values, device)

    def by_name(self, values):
        """The arguments by name, as rules and checks want them."""
        plain = [value.value if value.__class__ is Left else value for value in values]
        return dict(zip(self.names, plain, strict=True))

    def _dtypes(self, values, arguments):
        """(dtype to compute in or None, dtype of the result or None: as the body gives it)."""
        if self.promotion is None:
            return None, None if self.dtype is None else self.dtype(arguments)
        operands = []
        for parameter, value in zip(self.parameters, values, strict=True):
            if value is None:
                continue
            if parameter.kind is Kind.TENSORS:
                operands.extend(each._meta for each in value)
            elif parameter.kind in (Kind.TENSOR, Kind.OPERAND):
                operands.append(value._meta if isinstance(value, Tensor) else value.__class__)
        common = result_type(operands)
        compute, result = compute_and_result(self.promotion, common)
        return compute, result if self.dtype is None else self.dtype(arguments)

    def _template(self, key, values):
        """The arguments with a mark where data goes, and the aval or number class of each datum."""
        template = []
        inputs = []
        for parameter, value, part in zip(self.parameters, values, key, strict=True):
            kind = parameter.kind
            promotes = kind in (Kind.TENSOR, Kind.OPERAND, Kind.TENSORS)
            if kind is Kind.STATIC or kind is Kind.INTS or value is None:
                template.append(part)
            elif kind is Kind.TENSORS:
                template.append((_SEQUENCE, len(value)))
                inputs.extend(each._meta.aval for each in value)
            elif isinstance(value, Tensor):
                template.append(_PROMOTED if promotes else _NUMBER if kind is Kind.NUMBER else _AS_IS)
                inputs.append(value._meta.aval)
            elif value.__class__ is Left:
                template.append((_LITERAL, value.value.__class__, value.value))
            elif part.__class__ is tuple:
                template.append((_LITERAL, *part))
            else:
                template.append(_PROMOTED if promotes else _NUMBER)
                inputs.append(_NUMBER_KIND[part])
        return template, inputs

    def _kernel(self, template, inputs, compute, result, shape):
        error = self.error if self.error_if is None or self.error_if(compute) else None
        function = functools.partial(
            _evaluate,
            self.body,
            tuple(template),
            None if compute is None else compute.numpy,
            None if result is None else result.numpy,
            error is not None,
            self.raw_numbers,
        )
        if shape is not None and result is not None:
            output = Aval(tuple(shape), result.numpy)
        else:
            structs = [_struct(each) for each in inputs]
            found = jax.eval_shape(function, *structs)
            found = found[0] if error is not None else found
            if isinstance(found, (tuple, list)):
                output = tuple(Aval(each.shape, np.dtype(each.dtype)) for each in found)
            else:
                output = Aval(found.shape, np.dtype(found.dtype))
        return Kernel(self.name, function, tuple(inputs), output, error)

    def _entry(self, kernel, values, device):
        output = kernel.output
        if output.__class__ is not tuple:
            meta = self._result_meta(output, values, device)
            return Entry(kernel, meta, None, meta.dtype)
        metas = tuple(self._result_meta(each, values, device) for each in output)
        return Entry(kernel, metas, pick_kernels(kernel), None)

    def _result_meta(self, aval, values, device):
        return Meta(
            aval.shape, _dtypes.BY_NUMPY[aval.dtype], device, self._stride(aval.shape, values)
        )

    # What families know better than the default: JAX's inference, and contiguous results.

    def _shape(self, values, arguments):
        """The shape of the one result, or None: then JAX infers it from the body."""
        return None if self.shape is None else self.shape(arguments)

    def _stride(self, shape, values):
        """The strides of a result, or None for contiguous."""
        return None


_PROMOTED, _AS_IS, _NUMBER, _LITERAL, _SEQUENCE = "promoted", "as is", "number", "literal", "sequence"
_NUMBER_KIND = {bool: "i", int: "i", float: "f", complex: "c"}


def _evaluate(body, template, compute, result, has_error, raw_numbers, *data):
    """Put data into the template, cast, run the body, cast back."""
    data = iter(data)
    given = []
    for part in template:
        if part is _PROMOTED:
            given.append(_cast(next(data), compute))
        elif part is _AS_IS:
            given.append(next(data))
        elif part is _NUMBER:
            number = next(data)
            given.append(number if raw_numbers else _cast(number, compute))
        elif part.__class__ is tuple and part and part[0] is _LITERAL:
            given.append(part[2])
        elif part.__class__ is tuple and part and part[0] is _SEQUENCE:
            given.append([_cast(next(data), compute) for _ in range(part[1])])
        else:
            given.append(part)
    positional = body.__code__.co_argcount
    names = body.__code__.co_varnames[positional : positional + body.__code__.co_kwonlyargcount]
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


_NUMBER_STRUCTS = {
    "f": jax.ShapeDtypeStruct((), np.float64),
    "i": jax.ShapeDtypeStruct((), np.int64),
    "c": jax.ShapeDtypeStruct((), np.complex128),
}


def _struct(each):
    if each.__class__ is str:
        return _NUMBER_STRUCTS[each]
    return jax.ShapeDtypeStruct(each.shape, each.dtype)


_pick_kernels = {}


def pick_kernels(kernel):
    """Kernels that pick the results of a kernel with several apart."""
    outputs = kernel.output
    found = _pick_kernels.get(outputs)
    if found is None:
        found = _pick_kernels[outputs] = [
            Kernel(f"item{i}", functools.partial(_pick, i), (outputs,), aval)
            for i, aval in enumerate(outputs)
        ]
    return found


def _pick(position, values):
    return values[position]


def _by_name(function):
    """Call `function` with those of the arguments that its parameters name."""
    names = list(inspect.signature(function).parameters)

    def call(arguments):
        return function(*[arguments[name] for name in names])

    return call


def return_type(name, fields):
    """The named tuple `torch.return_types.NAME`."""
    made = collections.namedtuple(name.split(".")[-1], fields)
    made.__module__ = "torch.return_types"

    def __repr__(self):
        parts = ",\n".join(f"{f}={v!r}" for f, v in zip(self._fields, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n{parts})"

    made.__repr__ = __repr__
    return made


def common_device(values):
    """The device of the tensors among `values`; 0-dim CPU tensors go anywhere."""
    found = None
    for value in values:
        for each in value if value.__class__ is tuple else (value,):
            if not isinstance(each, Tensor):
                continue
            device = each._meta.device
            if found is None or (found is not device and found is CPU and zero_dim):
                found, zero_dim = device, each._meta.ndim == 0
            elif found is not device and not (device is CPU and each._meta.ndim == 0):
                raise RuntimeError(
                    "Expected all tensors to be on the same device, but found at least two "
                    f"devices, {found} and {device}!"
                )
    return CPU if found is None else found


def node_on(tensor, device):
    """The tensor's node, copied to `device` if it is a 0-dim tensor of the CPU."""
    if tensor._meta.device is device:
        return node_of(tensor)
    return leaf(on_device(np.asarray(array_of(node_of(tensor))), device), tensor._meta.aval)


def on_device(array, device):
    """A numpy array that nobody else sees, on a device: on the CPU it may stay as it is."""
    return array if device is CPU else jax.device_put(array, jax_device(device))


def wrap_integer(value):
    """A Python integer as the int64 with the same low 64 bits, for uint64's sake."""
    if -(2**63) <= value < 2**63:
        return value
    if value < 2**64:
        return value - 2**64
    raise RuntimeError("value cannot be converted to type int64_t without overflow")


def type_name(value):
    return type(value).__name__


_C_NAMES = {
    "float32": "float", "float64": "double", "int64": "long int", "int32": "int", "int16": "short int",
    "int8": "signed char", "uint8": "unsigned char", "bool": "bool", "float16": "c10::Half",
    "bfloat16": "c10::BFloat16", "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}  # fmt: skip


def c_name(dtype):
    """The C++ name of a dtype, which some of torch's messages use."""
    return _C_NAMES.get(dtype.name, dtype.scalar_name)


def refuse_autograd(name, tensors):
    """Until there is a tape, an operation that PyTorch would record for gradients is refused."""
    for each in tensors:
        if each.__class__ is not float and getattr(each, "_requires_grad", False):
            raise not_provided(f"autograd, which `{name}` of a tensor that requires grad needs")


def refuse_leaf(tensor):
    if tensor._requires_grad and mode.enabled:
        raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")


def refuse_cast(result, target):
    if result is not target and not _dtypes.can_cast(result, target):
        raise RuntimeError(
            f"result type {result.scalar_name} can't be cast to the desired output type "
            f"{target.scalar_name}"
        )


def refuse_overlap(target, operands):
    """torch's checks of memory before it writes into `target` while it reads `operands`."""
    meta = target._meta
    if not meta.is_contiguous:
        assert_no_internal_overlap(meta.shape, meta.stride)
    for each in operands:
        if isinstance(each, Tensor) and each._storage is target._storage and each is not target:
            assert_no_partial_overlap(
                (meta.shape, meta.stride, target._offset),
                (each._meta.shape, each._meta.stride, each._offset),
            )


def resize_out(target, shape):
    """Give `out` the shape of the result, with torch's warning if it had elements."""
    if target.shape == shape:
        return
    if target.numel():
        warnings.warn(
            "An output with one or more elements was resized since it had shape "
            f"{list(target.shape)}, which does not match the required output shape {list(shape)}. "
            "This behavior is deprecated, and in a future PyTorch release outputs will not be "
            "resized unless they have zero elements. You can explicitly reuse an out tensor t by "
            "resizing it, inplace, to zero elements with t.resize_(0).",
            UserWarning,
            stacklevel=4,
        )
    meta = Meta(tuple(shape), target.dtype, target.device)
    storage = target._storage
    if target._offset + meta.numel > storage.meta.numel or storage.meta.dtype is not meta.dtype:
        storage.resize(target._offset + meta.numel)
    retarget(target, storage, meta, target._offset)

