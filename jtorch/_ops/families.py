"""The decorators that declare rows, a family each, and the functions a row becomes.

`@op`         anything: the shape is inferred by JAX unless `shape=` gives it; results are contiguous
`@pointwise`  broadcasting operations: shape and strides by TensorIterator's rules, fast call paths
`@reduction`  over `dim`: the body gets `dim` as a tuple of dims, all of them where none was named
`@host`       the body is numpy: for results whose shape depends on data; waits for its inputs
`@composite`  a plain function of other operations; nothing of its own is recorded
"""

import dataclasses
import functools

import numpy as np

from jtorch import _dtypes
from jtorch._autocast import listed
from jtorch._engine.node import leaf
from jtorch._engine.symbolic import says_no_value
from jtorch._meta import Meta
from jtorch._ops.declare import Row
from jtorch._ops.evaluate import AS_IS, NUMBER, PROMOTED, ROUNDED
from jtorch._ops.fast import (
    fast_binary,
    fast_binary_in_place,
    fast_many,
    fast_many_in_place,
    fast_unary,
    fast_unary_in_place,
)
from jtorch._ops.parameters import Kind
from jtorch._ops.writing import common_device, on_device, refuse_overlap
from jtorch._shapes import broadcast_shapes, pointwise_strides, reduced_shape, wrap_dims
from jtorch._tensor import Tensor


@dataclasses.dataclass
class Binding:
    """Where `bind` puts a function: variants are f(unction), m(ethod), i(n-place) and o(ut)."""

    name: str
    function: object
    in_place: object = None
    variants: str = "fmio"
    aliases: tuple = ()
    operator: str | None = None


bindings = []


def op(promotion=None, **fields):
    """Declare a row of no special family. The fields are those of `Row`."""
    return functools.partial(_declare, Row, promotion, fields)


def pointwise(promotion, *, row=None, **fields):
    """Declare a broadcasting row, of the class `row` where it has rules of its own."""
    return functools.partial(_declare, row or PointwiseRow, promotion, fields)


def reduction(promotion=None, **fields):
    """Declare a row that reduces `dim` (None or empty: all dims), with an optional `keepdim`."""
    return functools.partial(_declare, ReductionRow, promotion, fields)


def host(promotion=None, **fields):
    """Declare a row whose body takes and gives numpy arrays; it runs at once, on the host."""
    return functools.partial(_declare, HostRow, promotion, fields)


def _declare(row_class, promotion, fields, body):
    row = row_class(body, promotion, **fields)
    function = listed(row.name, _named(row.make_function(), row.name, row))
    in_place = None
    if "i" in row.variants:
        in_place = _named(row.make_in_place(), row.name + "_", row)
    bindings.append(
        Binding(row.name, function, in_place, row.variants, tuple(row.aliases), row.operator)
    )
    return function


def composite(function=None, *, variants="fm", aliases=(), operator=None, name=None):
    """Declare a function of other operations under its own name."""
    if function is None:
        return functools.partial(
            composite, variants=variants, aliases=aliases, operator=operator, name=name
        )
    name = name or function.__name__
    function = listed(name, function)
    bindings.append(Binding(name, function, None, variants, tuple(aliases), operator))
    return function


def _named(function, name, row):
    function.__name__ = name
    function.__qualname__ = name
    function.__doc__ = row.__doc__
    function.__module__ = "torch"
    function.row = row
    return function


class PointwiseRow(Row):
    """A broadcasting row: one or two tensor operands are called by a short path.

    In half precision torch computes in float32, but with numbers and 0-dim tensors that it has
    rounded to half precision first; all but those given for the parameters named by `unrounded`.
    """

    memory_first = True

    def __init__(self, body, promotion=None, *, unrounded=(), **fields):
        super().__init__(body, promotion, **fields)
        self.unrounded = unrounded

    def _kernel(self, template, inputs, compute, result, shape):
        if compute is _dtypes.float32 and result in (_dtypes.float16, _dtypes.bfloat16):
            template = self._rounding(template, inputs, result)
        return super()._kernel(template, inputs, compute, result, shape)

    def _rounding(self, template, inputs, result):
        inputs = iter(inputs)
        marked = []
        for name, part in zip(self.names, template, strict=True):
            if part in (PROMOTED, AS_IS, NUMBER):
                given = next(inputs)
                wide = given.__class__ is str or (not given.shape and given.dtype != result.numpy)
                if wide and part is not AS_IS and name not in self.unrounded:
                    part = ROUNDED
            marked.append(part)
        return marked

    def _shape(self, values, arguments):
        return broadcast_shapes(*[each.shape for each in _tensors(values)])

    def _refuse_overlap_of_out(self, out, values):
        for each in out if isinstance(out, (tuple, list)) else (out,):
            if isinstance(each, Tensor):
                refuse_overlap(each, values)

    def _stride(self, shape, values):
        layouts = [
            (each.shape, each._meta.stride) if isinstance(each, Tensor) else ((), ())
            for each, parameter in zip(values, self.parameters, strict=True)
            if parameter.kind in _READ and each is not None
        ]
        return pointwise_strides(tuple(layouts), shape)

    def make_function(self, call=None):
        """The function; the general way of its calls is `call`, or the row's own."""
        call = call or self.call
        if self.positional == 1:
            return fast_unary(self, call)
        if all(each.kind in _TENSOR_KINDS for each in self.parameters[:2]):
            return fast_binary(self, call)
        return fast_many(self, call)

    def make_in_place(self, call=None):
        call = call or self.call_in_place
        if self.positional == 1:
            return fast_unary_in_place(self, call)
        if all(each.kind in _TENSOR_KINDS for each in self.parameters[:2]):
            return fast_binary_in_place(self, call)
        return fast_many_in_place(self, call)


_TENSOR_KINDS = (Kind.TENSOR, Kind.OPERAND)
_READ = (*_TENSOR_KINDS, Kind.INDEX)  # what TensorIterator sees; a Number it does not


def _tensors(values):
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif value.__class__ is tuple:
            yield from (each for each in value if isinstance(each, Tensor))


class ReductionRow(Row):
    """A row over `input`, `dim` and perhaps `keepdim`."""

    def bind(self, args, kwargs, suffix=""):
        values = super().bind(args, kwargs, suffix)
        position = self.positions["dim"]
        if isinstance(values[0], Tensor):
            values[position] = self._dims(values[position], values[0].ndim)
        return values

    def _dims(self, dim, ndim):
        if dim is None or (dim.__class__ in (tuple, list) and not dim):
            return tuple(range(ndim))
        dims = dim if isinstance(dim, (tuple, list)) else (dim,)
        return tuple(sorted(wrap_dims(dims, ndim)))

    def _shape(self, values, arguments):
        if self.shape is not None:
            return self.shape(arguments)
        return reduced_shape(values[0].shape, arguments["dim"], arguments.get("keepdim", False))


class HostRow(Row):
    """A row that runs on the host, at once: its body computes with numpy."""

    def prepare(self, values):
        """An entry whose results are known already, as leaves."""
        for position, parameter in enumerate(self.parameters):
            values[position] = self._checked(position, parameter, values[position])
        arguments = self.arguments_of(values)
        values = list(arguments.values())
        if self.check is not None:
            self.check(arguments)
        compute, result = self._dtypes(values, arguments)
        device = common_device(values)
        try:
            given = [self._host(value, compute) for value in values]
        except RuntimeError as error:
            raise no_shape_of(self.name, error) from None
        split = self.positional
        names = self.names[split:]
        found = self.body(*given[:split], **dict(zip(names, given[split:], strict=True)))
        several = isinstance(found, tuple)
        nodes, metas = [], []
        for array in found if several else (found,):
            array = np.asarray(array, None if result is None else result.numpy)
            array = array if array.flags.owndata and array.flags.c_contiguous else array.copy()
            meta = Meta(array.shape, _dtypes.BY_NUMPY[array.dtype], device)
            metas.append(meta)
            nodes.append(leaf(on_device(array, device), meta.aval))
        data = tuple(each for each in values if isinstance(each, Tensor))
        return HostEntry(nodes, metas, several), None, data

    def _checked(self, position, parameter, value):
        kind = parameter.kind
        if value is None or kind is Kind.STATIC:
            return value
        if kind is Kind.INTS:
            return self._integers(position, value)
        if kind is Kind.TENSORS:
            return self._sequence(position, value)
        if isinstance(value, Tensor):
            return value
        if kind in (Kind.NUMBER, Kind.OPERAND):
            return self._number(position, value)
        raise self._bad_type(position, value)

    def _host(self, value, compute):
        if value.__class__ is tuple:
            return [self._host(each, compute) for each in value]
        if not isinstance(value, Tensor):
            return value
        array = value._host()
        return array if compute is None else array.astype(compute.numpy)


def no_shape_of(name, error):
    """The error to raise where an operation could not read its input, in place of `error`."""
    if not says_no_value(error):
        return error
    return RuntimeError(
        "vmap: We do not support batching operators that can output dynamic shape. Attempted to vmap over "
        f"aten::{name}. Please file an issue at https://github.com/pytorch/pytorch/issues if you need "
        "this feature."
    )


class HostEntry:
    """What `HostRow.prepare` gives: the results stand already. They have no derivative."""

    kernel = None

    def __init__(self, nodes, metas, several):
        self._nodes = nodes
        self.device = metas[0].device
        self.items = () if several else None
        self.meta = tuple(metas) if several else metas[0]
        self.result_dtype = metas[0].dtype
        self.differentiable = any(each.dtype.category >= _dtypes.FLOATING for each in metas)

    def nodes(self, inputs):
        return self._nodes if self.items is not None else self._nodes[0]
