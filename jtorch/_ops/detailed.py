"""Rows with details of their own: layouts of results, checks of `out` and in-place targets, errors
that data shows; and what composites need to take `out=`.

    layout          the strides of the results: None (contiguous), `columns`, or a function by name
                    of the arguments and `result`, the result's shape; a tuple if there are several
    failure         by name: from the arguments to a function from error code to exception; the
                    body then returns (value, code)
    in_place_check  by name: raises what torch raises for a target of the wrong shape
    out_check       (target, meta of the result): raises torch's words for an `out` of another dtype
    lays_out        which `out` of another shape gets the layout of the result, too: "always", only
                    an "empty" one, or "never"

Static parameters annotated `int`, `bool` or `str` are checked to be that.
"""

import functools
import typing

from jtorch import _dtypes
from jtorch._autocast import SHUT, listed, regions
from jtorch._dtypes import c_name
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.cast import cast_node
from jtorch._ops.declare import Entry, Row, by_name, return_type
from jtorch._ops.edges import tracked
from jtorch._ops.evaluate import pick_kernels
from jtorch._ops.parameters import REQUIRED, Kind, Left, type_name
from jtorch._ops.rebase import refuse_in_place
from jtorch._ops.signatures import Signatures, bind_both, is_integer, of_row, parse, worded
from jtorch._ops.ways import Way, key_part
from jtorch._ops.writing import refuse_cast, refuse_gradient_into_out, resize_out
from jtorch._override import NoAnswerError
from jtorch._shapes import assert_no_internal_overlap, contiguous_strides
from jtorch._tensor import PLAIN, Tensor, from_node, node_of, retarget, write


def detailed(promotion=None, *, row=None, overloads=(), **fields):
    """Declare a row with details, of the class `row`; `overloads` as torch writes them, if several.

    The other fields are those above and those of `Row`.
    """
    return functools.partial(_declare, row or DetailedRow, promotion, overloads, fields)


def _declare(row_class, promotion, overloads, fields, body):
    row = row_class(body, promotion, **fields)
    if "." in row.name:  # one of several behind a name: what calls it has checked the arguments
        function = row.shortened(row.make_function())
        function.row = row
        return function
    signatures = _Signatures(row.name, [parse(text) for text in overloads] or [of_row(row)])
    call = row.call if "o" in row.variants else functools.partial(_without_out, row)
    function, method = worded(call, signatures, documentation=row.__doc__)
    in_place = None
    if "i" in row.variants:
        in_place = in_place_method(row.call_in_place, signatures)
        in_place.__doc__ = row.__doc__
    function, method = [listed(row.name, row.shortened(each)) for each in (function, method)]
    function.row = row
    bind_both(row.name, function, method, row.variants, row.aliases, in_place)
    return function


def _without_out(row, args, kwargs):
    if "out" in kwargs:
        raise TypeError(f"{row.name}() got an unexpected keyword argument 'out'")
    return row.call(args, kwargs)


def _quick(row, function, casting=None):
    """`function`, with a short path for calls with tensors and plain static arguments, in order."""
    count = sum(each.default is REQUIRED for each in row.parameters)
    statics = [each.kind is Kind.STATIC for each in row.parameters[: row.positional]]
    most = len(statics)
    entries = {}
    _dtypes.depend_on_default(entries)
    is_plain = row.is_plain
    gate = SHUT if casting is None else regions

    @functools.wraps(function)
    def quick(*args, **kwargs):
        if gate.open:
            return casting(*args, **kwargs)
        if kwargs or not count <= len(args) <= most:
            return function(*args, **kwargs)
        key = []
        operands = []
        nodes = []
        recorded = False
        for each in args:
            if each.__class__ in PLAIN:
                meta = each._meta
                recorded = recorded or each._requires_grad or each._storage.recorded
                operands.append(each)
                key.append(meta)
            else:
                part = key_part(each)
                if part is None or not (each is None or statics[len(key)]):
                    return function(*args)
                key.append(part)
        key = tuple(key)
        way = entries.get(key)
        if not way or (recorded and not is_plain):
            result = function(*args)
            if way is None:
                found = row.entry(args, {})
                device = found.device
                simple = found.items is None and len(found.kernel.inputs) == len(operands)
                simple = simple and all([each._meta.device is device for each in operands])
                entries[key] = simple and Way(row, found)
            return result
        for each in operands:
            meta = each._meta
            storage = each._storage
            if meta is storage.meta and storage.host is None:
                nodes.append(storage.value)
            else:
                nodes.append(storage.read(meta, each._offset))
        if recorded:
            return way.recorded(operands, tuple(nodes), args, kwargs, function)
        return from_node(record(way.kernel, tuple(nodes), way.device), way.meta)

    quick.gated = lambda casting: _quick(row, function, casting)
    return quick


def in_place_method(call, signatures):
    """`call(args, kwargs)` as a method ending in `_`, whose TypeErrors are torch's."""
    of_method = Signatures(signatures.name + "_", signatures.signatures).of_method()

    def method(*args, **kwargs):
        try:
            return call(args, kwargs)
        except NoAnswerError:
            raise
        except TypeError as error:
            raise of_method.fault(args[1:], kwargs) or error from None

    method.__name__ = method.__qualname__ = signatures.name + "_"
    method.__module__ = "torch"
    method.signatures = of_method.signatures
    return method


def checked(*texts, variants="fm", aliases=()):
    """Declare a composite whose arguments are checked against signatures, as torch writes them.

    The decorated function stays what it is, for the module's own use with arguments that fit; one
    without variants is for a facade, and becomes the one that checks.
    """
    return functools.partial(_declare_checked, texts, variants, aliases)


def _declare_checked(texts, variants, aliases, function):
    function = listed(function.__name__, function)
    signatures = _Signatures(function.__name__, [parse(text) for text in texts])
    plain = _checking(function, signatures, 0)
    if not variants:
        return plain
    method = _checking(function, signatures.of_method(), 1)
    bind_both(function.__name__, plain, method, variants, aliases)
    return function


def _checking(function, signatures, skip):
    """`function`, after a check of each combination of argument classes that is new.

    The class of a sequence is its own with those of its items.
    """
    fitting = set()

    @functools.wraps(function)
    def check(*args, **kwargs):
        key = (*map(_class_of, args), *kwargs, *map(_class_of, kwargs.values()))
        if key not in fitting:
            fault = signatures.fault(args[skip:], kwargs)
            if fault is not None:
                raise fault
            fitting.add(key)
        return function(*args, **kwargs)

    check.signatures = signatures.signatures
    return check


def _class_of(value):
    kind = value.__class__
    return (kind, *map(type, value)) if kind is tuple or kind is list else kind


class _Signatures(Signatures):
    """Overloads of which the parser looks into sequences of tensors before all else."""

    def fault(self, args, kwargs):
        for signature in self.signatures:
            given = dict(zip([each.name for each in signature.arguments], args, strict=False))
            for place, argument in enumerate(signature.arguments):
                value = (given | kwargs).get(argument.name)
                if argument.type == "tuple of Tensors" and isinstance(value, (list, tuple)):
                    for index, each in enumerate(value):
                        if argument.name != "out" and not isinstance(each, Tensor):
                            return TypeError(
                                f"expected Tensor as element {index} in argument {place}, "
                                f"but got {type_name(each)}"
                            )
        return super().fault(args, kwargs)


class DetailedRow(Row):
    """A row with the fields that this module's docstring lists."""

    quick = True  # whether calls may go the short way, past `bind` and `find`

    def __init__(self, body, promotion=None, *, layout=None, failure=None, in_place_check=None,
                 out_check=None, lays_out="always", **fields):  # fmt: skip
        if failure is not None:
            fields["error"] = _no_error_yet
        super().__init__(body, promotion, **fields)
        if self.returns:
            self.returns_out = return_type(f"{self.name}_out", self.returns._fields)
        layouts = layout if isinstance(layout, tuple) else (layout,)
        self.layouts = tuple(each and by_name(each) for each in layouts)
        self.failure = failure and by_name(failure)
        self.in_place_check = in_place_check and by_name(in_place_check)
        self.out_check = out_check
        self.lays_out = lays_out
        self.typed = []
        for position, parameter in enumerate(self.signature.parameters.values()):
            annotation = parameter.annotation
            parts = typing.get_args(annotation) or (annotation,)
            self.typed.extend((position, each) for each in parts if each in (int, bool, str))

    def shortened(self, function):
        """`function`, with a short path for its most frequent calls."""
        return _quick(self, function) if self.quick else function

    def find(self, values):
        for position, kind in self.typed:
            if values[position].__class__ not in (kind, Left):
                values[position] = self._typed(position, kind, values[position])
        return super().find(values)

    def _typed(self, position, kind, value):
        if value is None and self.parameters[position].optional:
            return value
        if kind is int:
            if is_integer(value):
                return value.__index__()
        elif isinstance(value, kind) and kind is not int:
            return value
        raise self._bad_type(position, value, kind.__name__)

    def call_in_place(self, args, kwargs):
        if self.in_place_check is not None:
            values = self.bind(args, kwargs, suffix="_")
            refuse_in_place(values[0])
            self.in_place_check(self.arguments_of(values))
        return super().call_in_place(args, kwargs)

    def _refuse_out(self, target, meta):
        if self.out_check is not None and isinstance(target, Tensor):
            self.out_check(target, meta)
        super()._refuse_out(target, meta)

    def _into(self, out, entry, inputs):
        several = entry.items is not None
        pairs = zip(out, entry.meta, strict=False) if several else ((out, entry.meta),)
        for target, meta in pairs:
            self._refuse_out(target, meta)
            if target.shape != meta.shape:
                kinds = ("always",) if target.numel() else ("always", "empty")
                resize_out(target, meta.shape)
                if target.dtype is meta.dtype and self.lays_out in kinds:
                    retarget(target, target._storage, meta, target._offset)
        result = super()._into(out, entry, inputs)
        return self.returns_out(*result) if several and self.returns else result

    def _entry(self, kernel, values, device):
        arguments = self.arguments_of(values)
        if self.failure is not None and kernel.error is _no_error_yet:
            kernel.error = self.failure(arguments)
        if not any(self.layouts):
            return super()._entry(kernel, values, device)
        several = kernel.output.__class__ is tuple
        avals = kernel.output if several else (kernel.output,)
        metas = []
        for aval, layout in zip(avals, self.layouts, strict=True):
            stride = layout and layout({**arguments, "result": aval.shape})
            metas.append(Meta(aval.shape, _dtypes.BY_NUMPY[aval.dtype], device, stride))
        if several:
            return Entry(kernel, tuple(metas), pick_kernels(kernel), None)
        return Entry(kernel, metas[0], None, metas[0].dtype)


def _no_error_yet(code):
    raise AssertionError("an error before the row's `failure` was asked for it")


def columns(result):
    """Strides of matrices that lie column by column, as LAPACK leaves them."""
    if len(result) < 2:
        return None
    *batch, rows, count = result
    stride = contiguous_strides((*batch, count, rows))
    return (*stride[:-2], stride[-1], stride[-2])


def deliver(result, out, cast=True, last=None):
    """What a composite with `out=` returns: the result, or `out` with the result in it.

    `last` is torch's last operation, if it is that which writes into `out`, and lets no gradient
    through; else torch copies.
    """
    if out is None:
        return result
    recorded = tracked((result, out))
    if recorded and last is not None:
        refuse_gradient_into_out(last)
    if cast:
        refuse_cast(result.dtype, out.dtype)
    elif out.dtype is not result.dtype:
        refuse_dtype_of_out(out, result._meta)
    assert_no_internal_overlap(out.shape, out.stride())
    if recorded:
        refuse_in_place(out)
    resize_out(out, result.shape)
    if recorded:
        return out.copy_(result)
    write(out, cast_node(node_of(result), out.dtype.numpy, out.device))
    return out


def castable(name, what):
    """Check of `out`: the result's dtype can become the target's, in the words of torch.linalg."""

    def check(target, meta):
        if not _dtypes.can_cast(meta.dtype, target.dtype):
            raise RuntimeError(
                f"{name}: Expected {what} to be safely castable from {meta.dtype.scalar_name} "
                f"dtype, but got {what} with dtype {target.dtype.scalar_name}"
            )

    return check


def refuse_dtype_of_out(out, meta):
    raise RuntimeError(
        f"Expected out tensor to have dtype {c_name(meta.dtype)}, but got {c_name(out.dtype)} "
        "instead"
    )


def refuse_complex(dtype, *numbers):
    """torch's refusal of complex Python numbers that a real tensor is to be scaled by."""
    for number in numbers:
        if isinstance(number, complex) and number.imag and dtype.category != _dtypes.COMPLEX:
            name = {"float64": "double", "int64": "int64_t"}.get(dtype.name, c_name(dtype))
            raise RuntimeError(f"value cannot be converted to type {name} without overflow")
