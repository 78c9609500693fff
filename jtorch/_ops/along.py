"""Rows along dims: `@along` declares what reduces, accumulates or sorts, dims and all.

Parameters annotated `Dim` and `Dims` reach the row's rules and body counted from the front, with
torch's errors for those out of range; a 0-dim tensor answers to dim 0 and -1. No dims at all are
None, and so are those of a 0-dim tensor. Fields besides those of `detailed`:
    typed_out   `out` says the dtype to compute in, where `dtype=` does not; "floating": and it must
                not be of integers
    no_dims     "all" (the default) or "none": what an empty tuple of dims means
    nothing     (input, dim as the user gave it): raises what torch raises for an empty input
    linked      a function of the input, of a result (named as torch's derivative names what it saves)
                and perhaps of the dim, which gives the first result. Its derivative is taken: it
                needs no input again, where finding places took a sort
"""

import functools
import typing

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autocast import SHUT, regions
from jtorch._autograd.modes import mode
from jtorch._dtypes import c_name
from jtorch._engine.node import Kernel
from jtorch._engine.realize import record
from jtorch._ops.declare import return_type
from jtorch._ops.detailed import DetailedRow, detailed, refuse_dtype_of_out
from jtorch._ops.edges import needs_gradient
from jtorch._ops.evaluate import AS_IS, evaluate
from jtorch._ops.history import attach
from jtorch._ops.names import name_for_out
from jtorch._ops.order import pick
from jtorch._ops.parameters import Kind
from jtorch._ops.refusals import unsupported
from jtorch._ops.signatures import Dim, Dims, is_integer
from jtorch._ops.tangents import tangents
from jtorch._ops.ways import Way, key_part
from jtorch._ops.writing import refuse_cast, refuse_gradient_into_out, requires_grad
from jtorch._shapes import reduced_shape, wrap_dim, wrap_dims
from jtorch._tensor import PLAIN, Tensor, from_node, is_recorded, node_of


class AlongRow(DetailedRow):
    """A row with `Dim` or `Dims` parameters; its first parameter is the tensor they belong to."""

    def __init__(self, body, promotion=None, *, typed_out=False, no_dims="all", nothing=None,
                 linked=None, returns=None, **fields):  # fmt: skip
        super().__init__(body, promotion, **fields)
        if returns is not None:
            name = self.name.partition(".")[0]
            self.returns = return_type(name, returns)
            self.returns_out = return_type(f"{name}_out", returns)
        self.typed_out = typed_out
        self.no_dims = no_dims
        self.nothing = nothing
        self.linked = linked
        self.dims = []
        self.dtype_position = None
        for name, parameter in self.signature.parameters.items():
            parts = typing.get_args(parameter.annotation) or (parameter.annotation,)
            if Dims in parts:
                self.dims.append((self.positions[name], self._wrap_dims))
            elif Dim in parts:
                self.dims.append((self.positions[name], self._wrap_dim))
            elif _dtypes.dtype in parts:
                self.dtype_position = self.positions[name]

    def shortened(self, function):
        others = self.parameters[1:]
        if self.check_numbers:  # each call
            return function
        if any(each.kind not in _PLAIN_KINDS for each in others):
            return super().shortened(function)
        return _by_statics(self, function)

    def bind(self, args, kwargs, suffix=""):
        values = super().bind(args, kwargs, suffix)
        tensor = values[0]
        if isinstance(tensor, Tensor):
            given = values[self.dims[0][0]] if self.dims else None
            for position, wrap in self.dims:
                values[position] = wrap(position, values[position], tensor._meta.ndim)
            if self.nothing is not None and not tensor._meta.numel:
                self.nothing(tensor, given)
        if self.dtype_position is not None:
            dtype = values[self.dtype_position]
            if dtype is not None and dtype.__class__ is not _dtypes.dtype:
                raise self._bad_type(self.dtype_position, dtype, "torch.dtype")
        return values

    def _wrap_dim(self, position, dim, ndim):
        if dim is None and self.parameters[position].optional:
            return None
        return wrap_dim(self._integer(position, dim), ndim)

    def _integer(self, position, dim):
        if dim.__class__ is int:
            return dim
        if not is_integer(dim):
            raise self._bad_type(position, dim, "int")
        return dim.__index__()

    def _wrap_dims(self, position, dim, ndim):
        if dim.__class__ is int:
            dims = (wrap_dim(dim, ndim),)
        elif dim is None:
            if not self.parameters[position].optional:
                raise self._bad_type(position, dim, "tuple of ints")
            return None
        else:
            dims = dim if isinstance(dim, (tuple, list)) else (dim,)
            dims = tuple(sorted(wrap_dims([self._integer(position, each) for each in dims], ndim)))
            if not dims and self.no_dims == "none":
                return dims
        if dims and ndim:
            return dims
        return None if self.parameters[position].optional else ()

    def call(self, args, kwargs):
        if kwargs and kwargs.get("out") is not None:
            kwargs = dict(kwargs)
            if self.typed_out and isinstance(kwargs["out"], Tensor):
                self._take_dtype(args, kwargs)
            return super().call(args, kwargs)
        result = super().call(args, kwargs)
        if self.dtype_position is not None and result.__class__ is Tensor:
            self._refuse_integers(args[0] if args else kwargs["input"], result.dtype)
        return result

    @property
    def is_plain(self):
        kind = type(self)
        plain = kind.call is AlongRow.call and kind.connect is AlongRow.connect
        return plain and self.linked is None

    def _refuse_gradient_into(self, out, values):
        if self.dtype_position is not None and mode.enabled and requires_grad(values, (out,)):
            refuse_gradient_into_out(name_for_out(self.name))
        super()._refuse_gradient_into(out, values)

    def _refuse_integers(self, input, dtype):
        """torch's refusal of a `dtype` that a gradient cannot pass."""
        if dtype.category < _dtypes.FLOATING and mode.enabled and needs_gradient(input):
            raise RuntimeError(f"Autograd not support dtype: {dtype.scalar_name}")

    def connect(self, name, entry, data, results, values, inputs):
        if self.linked is None or tangents.level:
            super().connect(name, entry, data, results, values, inputs)
            return
        dim = values[self.dims[0][0]] if self.dims else None
        source = results[-1]
        avals = data[0]._meta.aval, source._meta.aval
        kernel = _linked_kernel(self.linked, avals, results[0]._meta.aval, dim)
        attach(name, kernel, [data[0], source], results[:1], entry.device)

    def _take_dtype(self, args, kwargs):
        out = kwargs["out"]
        dtype = kwargs.get("dtype")
        if self.typed_out == "floating":
            input = args[0] if args else kwargs["input"]
            alone = len(args) < 2 and "dim" not in kwargs
            if alone and not _dtypes.can_cast(input.dtype, out.dtype):
                raise RuntimeError(
                    f"{self.name}.dtype_out(): input types can't be cast to the desired output "
                    f"type {out.dtype.scalar_name}"
                )
            self.check({"input": input, "dtype": dtype})
            if dtype is None:  # torch sums up in the dtype of `out`, which it then divides
                refuse_cast(_dtypes.get_default_dtype(), out.dtype)
        if dtype is None:
            kwargs["dtype"] = out.dtype
        elif dtype is not out.dtype:
            raise RuntimeError(
                f"Expected out tensor to have dtype {c_name(dtype)}, "
                f"but got {c_name(out.dtype)} instead"
            )

    def _shape(self, values, arguments):
        if self.shape is not None:
            return self.shape(arguments)
        if "keepdim" not in arguments:
            return None
        return lessened(values[0].shape, arguments["dim"], arguments["keepdim"])


@functools.cache
def _linked_kernel(linked, inputs, output, dim):
    count = linked.__code__.co_argcount
    template = (AS_IS, AS_IS, dim)[:count]
    function = functools.partial(evaluate, linked, template, None, None, False, False)
    return Kernel(linked.__name__, function, inputs, output)


def at_places(input, indices, dim):
    """A link: the elements at these places along the dim."""
    if not input.ndim:
        return input
    if indices.ndim < input.ndim:
        return jnp.squeeze(pick(input, jnp.expand_dims(indices, dim), dim), dim)
    return pick(input, indices, dim)


along = functools.partial(detailed, row=AlongRow)

_PLAIN_KINDS = (Kind.STATIC, Kind.NUMBER)


def _by_statics(row, function, casting=None):
    """`function`, with a short path for calls with one tensor and plain static arguments."""
    entries = {}
    _dtypes.depend_on_default(entries)
    returns = row.returns
    is_plain = row.is_plain
    gate = SHUT if casting is None else regions

    @functools.wraps(function)
    def quick(*args, **kwargs):
        if gate.open:
            return casting(*args, **kwargs)
        tensor = args[0] if args else None
        if tensor.__class__ not in PLAIN:
            return function(*args, **kwargs)
        if len(args) == 1 and not kwargs:
            key = tensor._meta
        else:
            key = [tensor._meta]
            for each in args[1:]:
                key.append(key_part(each))
            for name, each in kwargs.items():
                key.append(name)
                key.append(key_part(each))
            key = tuple(key)
        entry = entries.get(key)
        recorded = is_recorded(tensor)
        if entry is None:
            result = function(*args, **kwargs)
            if "out" not in kwargs and (key is tensor._meta or None not in key):
                entry = row.entry(args, kwargs)
                if len(entry.kernel.inputs) == 1:  # no number that is data
                    entries[key] = Way(row, entry) if entry.items is None else entry
            return result
        if recorded and not (is_plain and entry.__class__ is Way and entry.differentiable):
            return function(*args, **kwargs)
        inputs = (node_of(tensor),)
        if recorded:
            return entry.recorded((tensor,), inputs, args, kwargs, function)
        if entry.__class__ is Way:
            return from_node(record(entry.kernel, inputs, entry.device), entry.meta)
        nodes = entry.nodes(inputs)
        results = [from_node(*each) for each in zip(nodes, entry.meta, strict=True)]
        return tuple(results) if returns is None else returns(*results)

    quick.gated = lambda casting: _by_statics(row, function, casting)
    return quick


def node_by_dim(name):
    """The name of the node of a function whose overload with a `dim` is torch's second one."""

    def node(args, kwargs):
        return f"{name}Backward{int(len(args) > 1 or 'dim' in kwargs or 'axis' in kwargs)}"

    return node


def lessened(shape, dim, keepdim):
    """The shape without a dim, without a tuple of dims, or (None) without all."""
    if dim == ():
        return shape
    return reduced_shape(shape, (dim,) if dim.__class__ is int else dim, keepdim)


def count_along(shape, dim):
    """How many elements go into one of the result: over a tuple of dims, or (None) over all."""
    count = 1
    for each in range(len(shape)) if dim is None else dim:
        count *= shape[each]
    return count


def one_dtype(target, meta):
    """Check of `out`: exactly the result's dtype, in the words of torch's structured kernels."""
    if target.dtype is not meta.dtype:
        refuse_dtype_of_out(target, meta)


def scalar_type(target, meta):
    """Check of `out`: exactly the result's dtype, in the words of torch's older kernels."""
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"expected scalar_type {meta.dtype.scalar_name} but found {target.dtype.scalar_name}"
        )


def require_length(name, input, dim):
    """torch's refusal to pick an element along a dim that has none."""
    if input.ndim and not input.shape[dim]:
        raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")


def require_kernel(kernel, input, *refused, scalar_too=True):
    """torch's refusal of dtypes, which it has only where there is something to compute."""
    if (
        any(input.dtype in group for group in refused)
        and input.numel()
        and (input.ndim or scalar_too)
    ):
        raise unsupported(kernel, input.dtype)


def require_lengths(name, input, dim):
    """`require_length` for the dims that the user gave: the message has them as they are."""
    for each in dim if isinstance(dim, (tuple, list)) else (dim,):
        require_length(name, input, each)


def same_dtype(input):
    """The dtype rule of what picks elements."""
    return input.dtype


def accumulated(input, dtype):
    """The dtype of a sum or a product: `dtype`, or the input's, but int64 for integers and bool."""
    if dtype is not None:
        return dtype
    return _dtypes.int64 if input.dtype.category <= _dtypes.INTEGRAL else input.dtype
