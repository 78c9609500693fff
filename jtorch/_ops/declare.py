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
import functools
import inspect

from jtorch import _dtypes
from jtorch._autograd.modes import mode
from jtorch._autograd.saving import saving
from jtorch._config import settings
from jtorch._dtypes import FLOATING, c_name
from jtorch._engine.node import Aval, Kernel
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.cast import cast_node
from jtorch._ops.edges import tracked
from jtorch._ops.evaluate import (
    AS_IS,
    LITERAL,
    NUMBER,
    NUMBER_KIND,
    PROMOTED,
    SEQUENCE,
    evaluate,
    infer,
    pick_kernels,
)
from jtorch._ops.history import attach, connect_constant
from jtorch._ops.keeping import as_they_are
from jtorch._ops.names import (
    THROUGH_OUT,
    name_for_out,
    never,
    node_name,
    node_name_in_place,
)
from jtorch._ops.parameters import Kind, Left, Signature, type_name
from jtorch._ops.promotion import ALWAYS_BOOL, compute_and_result, result_type
from jtorch._ops.rebase import assign, refuse_in_place
from jtorch._ops.tangents import refuse_tangent_into_out, tangents
from jtorch._ops.writing import (
    common_device,
    node_on,
    refuse_any_overlap,
    refuse_cast,
    refuse_gradient_into_out,
    refuse_overlap,
    requires_grad,
    resize_out,
)
from jtorch._override import dispatch_function, dispatch_method, overloaded, state
from jtorch._shapes import assert_no_internal_overlap
from jtorch._tensor import Tensor, from_node, write

rows = {}  # name -> Row, every row there is


class Entry:
    """What a call with known metas and static parameters comes to."""

    __slots__ = ("device", "differentiable", "items", "kernel", "meta", "result_dtype")

    def __init__(self, kernel, meta, items, result_dtype):
        self.kernel = kernel
        self.meta = meta  # of the result; a tuple of them where there are several
        self.items = items  # None, or the kernels that pick the results of a tuple apart
        metas = (meta,) if items is None else meta
        self.device = metas[0].device
        self.differentiable = any(each.dtype.category >= FLOATING for each in metas)
        self.result_dtype = result_dtype

    def nodes(self, inputs):
        node = record(self.kernel, inputs, self.device)
        if self.items is None:
            return node
        return [record(item, (node,), self.device) for item in self.items]


class Row(Signature):
    """An operation, as its decorator and its function declare it."""

    memory_first = False  # whether torch looks for shared memory before shapes and dtypes
    offered = None  # the function that a facade offers, where the package itself has none

    def __init__(self, body, promotion=None, *, name=None, aliases=(), operator=None, check=None,
                 numbers=None, shape=None, dtype=None, variants="fmio", returns=None, literals=None,
                 error=None, error_if=None, raw_numbers=False, cast_out=True, apart=False,
                 gradient=None, parts=None):  # fmt: skip
        self.body = body
        self.name = name or body.__name__.rstrip("_") or body.__name__
        self.promotion = promotion
        self.aliases = aliases
        self.operator = operator
        self.check = None if check is None else by_name(check)
        self.check_numbers = None if numbers is None else by_name(numbers)
        self.shape = None if shape is None else by_name(shape)
        self.dtype = None if dtype is None else by_name(dtype)
        self.variants = variants
        self.error = error
        self.error_if = error_if
        self.raw_numbers = raw_numbers
        self.cast_out = cast_out
        self.apart = apart  # whether torch refuses an `out` that shares memory with an operand
        self.returns = returns and return_type(self.name, returns)
        self.gradient = gradient  # the name of the node, where it is not as the row's
        self.parts = None if parts is None else by_name(parts)
        super().__init__(self.name, body, literals or {})
        self.entries = {}
        self.kernels = {}
        _dtypes.depend_on_default(self.entries)
        self.__doc__ = inspect.getdoc(body)
        if self.name in rows:
            raise ValueError(f"the row {self.name} is declared twice")
        rows[self.name] = self

    def __repr__(self):
        return f"<row {self.name}({', '.join(self.names)})>"

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

    def as_function(self, *args, **kwargs):
        return self.call(args, kwargs)

    # Calls: bind the arguments, find the entry, record.

    def call(self, args, kwargs):
        """The function and the method: a new tensor, or `out`."""
        if state.active and (relevant := overloaded(args, kwargs)):
            function = self.offered or self.as_function
            return dispatch_function(self.name, function, relevant, args, kwargs)
        out = kwargs.pop("out", None) if kwargs and "out" not in self.positions else None
        values = self.bind(args, kwargs)
        if out is not None:
            self._refuse_gradient_into(out, values)
            self._refuse_overlap_of_out(out, values)
        entry, inputs, data = self.prepare(values)
        if out is not None:
            made = self._into(out, entry, inputs)
            if self.name in THROUGH_OUT and tracked(data):
                connect_constant(THROUGH_OUT[self.name], data, out)
            return made
        recorded = entry.differentiable and tracked(data)
        if recorded and self.parts is not None:
            made = self.parts(self.arguments_of(values))
            if made is not None:
                return made
        nodes = entry.nodes(inputs)
        if entry.items is None:
            result = from_node(nodes, entry.meta)
            if recorded:
                self.connect(self.node_name(args, kwargs), entry, data, [result], values, inputs)
            return result
        results = [from_node(node, meta) for node, meta in zip(nodes, entry.meta, strict=True)]
        if recorded:
            self.connect(self.node_name(args, kwargs), entry, data, results, values, inputs)
        return self.returns(*results) if self.returns else tuple(results)

    @property
    def is_plain(self):
        """Whether a call is no more than its kernel and `attach`, so that short paths may record it."""
        kind = type(self)
        return kind.call is Row.call and kind.connect is Row.connect

    def connect(self, name, entry, data, results, values, inputs):
        """Give the results of a call their place in the graph."""
        attach(name, entry.kernel, data, results, entry.device, inputs=inputs)

    def node_name(self, args, kwargs):
        """The name of the node that a call of the function (or the method) gets in the graph."""
        if callable(self.gradient):
            return self.gradient(args, kwargs)
        return self.gradient or node_name(self.name)

    def call_in_place(self, args, kwargs):
        """The method ending in `_`: the result goes into the first argument's memory."""
        if state.active and (relevant := overloaded(args, kwargs)):
            return dispatch_method(self.name + "_", None, relevant, args, kwargs)
        values = self.bind(args, kwargs, suffix="_")
        target = values[0]
        name = node_name_in_place(self.name, self.node_name(args, kwargs))
        if name is not None:
            refuse_in_place(target, values)
        if self.memory_first:
            refuse_overlap(target, values[1:])
        entry, inputs, data = self.prepare(values)
        meta = entry.meta
        if meta.shape != target.shape:
            raise RuntimeError(
                f"output with shape {list(target.shape)} doesn't match the broadcast shape "
                f"{list(meta.shape)}"
            )
        refuse_cast(entry.result_dtype, target.dtype)
        if not self.memory_first:
            refuse_overlap(target, values[1:])
        result = from_node(entry.nodes(inputs), meta)
        if entry.differentiable and tracked(data):
            if saving.hooks is not None:
                data = as_they_are(data, target, entry.device)
            attach(name, entry.kernel, data, [result], entry.device, inputs=inputs)
        made = result._node
        assign(target, result, name, () if entry.differentiable else data)
        if made is not None:
            made._watch_written(target)
        return target

    def _into(self, out, entry, inputs):
        outs = (out,) if entry.items is None else tuple(out)
        metas = (entry.meta,) if entry.items is None else entry.meta
        if len(outs) != len(metas):
            raise TypeError(f"expected tuple of {len(metas)} elements but got {len(outs)}")
        for target, meta in zip(outs, metas, strict=True):
            self._refuse_out(target, meta)
        nodes = entry.nodes(inputs)
        nodes = (nodes,) if entry.items is None else nodes
        for target, meta, node in zip(outs, metas, nodes, strict=True):
            resize_out(target, meta.shape, meta.stride)
            write(target, cast_node(node, target.dtype.numpy, target.device))
        return out if entry.items is None or not self.returns else self.returns(*outs)

    def _refuse_gradient_into(self, out, values):
        """torch's error where a gradient would have to pass through `out`."""
        outs = out if isinstance(out, (tuple, list)) else (out,)
        no_gradient = self.promotion is ALWAYS_BOOL or (
            self.promotion is None and not any(map(_is_floating, outs))
        )
        name = None if self.gradient is never else name_for_out(self.name)
        watched = () if self.name in THROUGH_OUT else values
        if mode.enabled and name and not no_gradient and requires_grad(watched, outs):
            refuse_gradient_into_out(name)
        if tangents.level:
            refuse_tangent_into_out(self.name, *values, *outs)

    def _refuse_overlap_of_out(self, out, values):
        """torch's error where `out` overlaps what is read; most rows take any `out`."""
        if self.apart and isinstance(out, Tensor):
            for each in values:
                refuse_any_overlap(out, each if isinstance(each, (tuple, list)) else (each,))

    def _refuse_out(self, target, meta):
        if not isinstance(target, Tensor):
            raise TypeError(
                f"{self.name}(): argument 'out' must be Tensor, not {type_name(target)}"
            )
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

    def prepare(self, values):
        """The entry of a call, its inputs (nodes and numbers), and these as the call gave them."""
        entry, data = self.find(values)
        device = entry.device
        inputs = [node_on(each, device) if isinstance(each, Tensor) else each for each in data]
        return entry, tuple(inputs), data

    def find(self, values):
        """The entry of a call, and what is data in it: tensors and numbers. Nothing is read yet."""
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
                value = values[position] = self._number(position, value, values)
                if value in parameter.literals:
                    key.append((value.__class__, value))
                else:
                    key.append(value.__class__)
                    dynamic.append(value)
            else:
                raise self._bad_type(position, value)
        if self.check_numbers is not None:
            self.check_numbers(self.arguments_of(values))
        key = tuple(key)
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = self._resolve(key, values)
        return entry, dynamic

    def entry(self, args, kwargs):
        """What a call comes to; raises what it raises."""
        return self.find(self.bind(args, kwargs))[0]

    # The first call with these metas and static parameters.

    def _resolve(self, key, values):
        arguments = self.arguments_of(values)
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

    def arguments_of(self, values):
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
                template.append((SEQUENCE, len(value)))
                inputs.extend(each._meta.aval for each in value)
            elif isinstance(value, Tensor):
                template.append(PROMOTED if promotes else NUMBER if kind is Kind.NUMBER else AS_IS)
                inputs.append(value._meta.aval)
            elif value.__class__ is Left:
                template.append((LITERAL, value.value.__class__, value.value))
            elif part.__class__ is tuple:
                template.append((LITERAL, *part))
            else:
                template.append(PROMOTED if promotes else NUMBER)
                inputs.append(NUMBER_KIND[part])
        return template, inputs

    def _kernel(self, template, inputs, compute, result, shape):
        error = self.error if self.error_if is None or self.error_if(compute) else None
        function = functools.partial(
            evaluate,
            self.body,
            tuple(template),
            None if compute is None else compute.numpy,
            None if result is None else result.numpy,
            error is not None,
            self.raw_numbers,
        )
        inferred = None
        if shape is None or result is None or settings.check_rules:
            inferred = infer(function, inputs, error is not None)
        output = inferred
        if shape is not None and result is not None:
            output = Aval(tuple(shape), result.numpy)
            if inferred not in (None, output):
                raise AssertionError(f"{self.name}: the rule says {output}, JAX infers {inferred}")
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
        return


def _is_floating(tensor):
    return isinstance(tensor, Tensor) and tensor.dtype.category >= FLOATING


def by_name(function):
    """Call `function` with those of the arguments that its parameters name."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    def call(arguments):
        return function(*[arguments[name] for name in names])

    return call


return_types = {}  # name -> named tuple, all of `torch.return_types`


def return_type(name, fields):
    """The named tuple `torch.return_types.NAME`."""
    made = collections.namedtuple(name.split(".")[-1], fields)
    made.__module__ = "torch.return_types"

    def __repr__(self):
        parts = ",\n".join(f"{f}={v!r}" for f, v in zip(self._fields, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n{parts})"

    made.__repr__ = __repr__
    return_types[made.__name__] = made
    return made
