"""Choosing between tensors, and putting values into them."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._dtypes import FLOATING, INTEGRAL, c_name
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import array_of, record
from jtorch._messages import warn_once, warn_user
from jtorch._meta import Meta
from jtorch._ops.cast import cast_array, cast_node
from jtorch._ops.constants import constant
from jtorch._ops.edges import tracked
from jtorch._ops.families import Binding, PointwiseRow, bindings
from jtorch._ops.history import attach, connect_constant
from jtorch._ops.names import of_operand
from jtorch._ops.parameters import Index, Number
from jtorch._ops.pointwise import pointwise
from jtorch._ops.promotion import NO_OPMATH
from jtorch._ops.rebase import assign, refuse_in_place
from jtorch._ops.refusals import (
    BAREBONES,
    FLOAT8_TYPES,
    HALF_TYPES,
    check_fits,
    common_dtype,
    unsupported,
)
from jtorch._ops.signatures import Signatures, overloads, parse, worded
from jtorch._ops.windows import opened
from jtorch._ops.writing import on_device, refuse_overlap
from jtorch._shapes import InternalOverlap, broadcast_shapes, has_internal_overlap, like_strides
from jtorch._tensor import Tensor, from_node, node_of


class WhereRow(PointwiseRow):
    """`out` has to have the very dtype of the result."""

    def _refuse_out(self, target, meta):
        if isinstance(target, Tensor) and target.dtype is not meta.dtype:
            raise RuntimeError(
                f"Expected out type to be {meta.dtype.scalar_name} but got "
                f"{target.dtype.scalar_name}"
            )
        super()._refuse_out(target, meta)


def _check_condition(condition):
    if condition.dtype not in (_dtypes.bool_, _dtypes.uint8):
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{condition.dtype.scalar_name}"
        )
    if condition.dtype is _dtypes.uint8:
        warn_once(
            "where received a uint8 condition tensor. This behavior is deprecated and will be "
            "removed in a future version of PyTorch. Use a boolean condition instead."
        )


def _choices_fit(input, other):
    for each in (input, other):
        if each.__class__ not in (int, float) or -100 <= each <= 100:
            continue
        common = common_dtype(input, other)
        if common not in HALF_TYPES:
            check_fits(each, common)


@pointwise(NO_OPMATH, row=WhereRow, variants="o", name="where", check=_check_condition,
           numbers=_choices_fit)  # fmt: skip
def _where(condition: Index, input: Tensor | Number, other: Tensor | Number):
    return jnp.where(condition != 0, input, other)


def _where_of_number(condition, self, other):
    return _where(condition, self, other)


def _chosen_by(self, condition, other):
    return _where(condition, self, other)


def _where_is_true(condition):
    return next(each.function for each in bindings if each.name == "nonzero")(
        condition, as_tuple=True
    )


@overloads(
    ("(Tensor condition)", _where_is_true),
    ("(Tensor condition, Tensor input, Tensor other, *, Tensor? out = None)", _where),
    ("(Tensor condition, Number self, Tensor other)", _where_of_number),
    ("(Tensor condition, Tensor input, Number other)", _where),
    ("(Tensor condition, Number self, Number other)", _where_of_number),
    variants="f",
)
def where():
    """The elements of `input` where the condition is true, else those of `other`.

    With the condition alone: the indices of what is true, as `nonzero(as_tuple=True)`.

    Shape:   the broadcast shape.
    Dtype:   the promoted dtype of `input` and `other`.
    Errors:  RuntimeError if the condition is not of bools (or uint8).
    Source:  torch.where; jnp.where.
    """


@overloads(
    ("(Tensor input, Tensor condition, Tensor other)", _chosen_by),
    ("(Tensor input, Tensor condition, Number other)", _chosen_by),
    variants="m",
)
def where_():
    """`where(condition, self, other)`."""


# masked_fill


class MaskedFillRow(PointwiseRow):
    """The result has the dtype of `input` whatever the value, and lies contiguously."""

    def _dtypes(self, values, arguments):
        return None, values[0].dtype

    def _shape(self, values, arguments):
        return broadcast_shapes(values[1].shape, values[0].shape)

    def call_in_place(self, args, kwargs):
        values = self.bind(args, kwargs, suffix="_")
        if all(isinstance(each, Tensor) for each in values[:2]):
            broadcast_shapes(values[0].shape, values[1].shape)  # torch names them in this order
            if _is_expanded(values[0]):
                _check_masked_fill(*values)
                values[:2] = _once_per_place(*values[:2])
                super().call_in_place(tuple(values), {})
                return args[0]
        return super().call_in_place(args, kwargs)

    def _stride(self, shape, values):
        return None


def _is_expanded(tensor):
    meta = tensor._meta
    return not meta.is_contiguous and (
        has_internal_overlap(meta.shape, meta.stride) is InternalOverlap.YES
    )


def _once_per_place(target, mask):
    """An expanded target as the window where no element comes twice, and where a mask marks those."""
    warn_user(
        "Use of masked_fill_ on expanded tensors is deprecated. Please clone() the tensor before "
        "performing this operation. This also applies to advanced indexing e.g. tensor[mask] = scalar"
    )
    meta = target._meta
    whole = broadcast_shapes(meta.shape, mask.shape)
    if whole != meta.shape:
        raise RuntimeError(
            f"output with shape {list(meta.shape)} doesn't match the broadcast shape {list(whole)}"
        )
    repeated = [dim for dim, step in enumerate(meta.stride) if step == 0 and meta.shape[dim] > 1]
    shape = [1 if dim in repeated else size for dim, size in enumerate(meta.shape)]
    narrowed = Meta(tuple(shape), meta.dtype, meta.device, meta.stride, meta.mirrored)
    once = opened(target, narrowed, target._offset, "as_strided")
    return once, mask.expand(meta.shape).any(dim=repeated, keepdim=True)


def _check_masked_fill(input, mask, value):
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype "
            f"{c_name(mask.dtype)}"
        )
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        if value.dtype.category == _dtypes.COMPLEX and input.dtype.category != _dtypes.COMPLEX:
            check_fits(1j, input.dtype)
    if input.dtype in (*BAREBONES, *FLOAT8_TYPES):
        raise unsupported("masked_fill", input.dtype)


def _masked_value_fits(input, value):
    if not isinstance(value, Tensor):
        check_fits(value, input.dtype)


@pointwise(NO_OPMATH, row=MaskedFillRow, variants="fmi", check=_check_masked_fill,
           gradient=of_operand("value", "MaskedFillBackward1", "MaskedFillBackward0", place=2),
           numbers=_masked_value_fits, overloads=(
               "(Tensor input, Tensor mask, Tensor value)",
               "(Tensor input, Tensor mask, Number value)",
           ))  # fmt: skip
def masked_fill(input: Tensor, mask: Index, value: Tensor | Number):
    """The elements, and `value` where the mask is true.

    Shape:   the broadcast shape.
    Dtype:   that of `input`.
    Errors:  RuntimeError for a mask that is not of bools, a value with dimensions or one that the
             dtype cannot hold.
    Source:  torch.masked_fill; jnp.where.
    """
    return jnp.where(mask, cast_array(value, input.dtype), input)


# fill_, zero_ and copy_ write into a tensor without reading it: nothing that it waited for is kept.


def _fill(input, value, name="FillBackward2", of_tensor="FillBackward3"):
    meta = input._meta
    if not isinstance(value, (Tensor, int, float, complex)):
        raise TypeError("neither a tensor nor a number")
    refuse_in_place(input)
    if not isinstance(value, Tensor):
        check_fits(value, meta.dtype)
        assign(input, constant(meta, value), name)
    elif value.ndim:
        raise RuntimeError(
            f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} "
            "dimensions."
        )
    else:
        assign(input, _spread(value, input, of_tensor), name)
    return input


def _zero(input):
    return _fill(input, 0, "ZeroBackward0")


def _spread(tensor, target, name):
    """The elements of a tensor, broadcast and cast to what `target` can hold. `name` is the node's."""
    meta = target._meta
    node = node_of(tensor)
    if tensor.device is not meta.device:
        node = leaf(on_device(np.array(array_of(node)), meta.device), node.aval)
    kernel = _spread_kernel(node.aval, meta.aval)
    if node.aval.shape != meta.aval.shape:
        node = record(kernel, (node,), meta.device)
    else:
        node = cast_node(node, meta.dtype.numpy, meta.device)
    made = from_node(node, meta)
    if target._base is None and tracked((target, tensor)):
        attach(name, _over_kernel(meta.aval, kernel), [target, tensor], [made], meta.device)
    elif tracked((tensor,)):
        attach(name, kernel, [tensor], [made], meta.device)
    return made


@functools.cache
def _over_kernel(aval, kernel):
    """The kernel as one of what is overwritten, too: its gradient is 0."""

    def spread(old, array):
        return kernel.function(array)

    return Kernel(kernel.name, spread, (aval, *kernel.inputs), kernel.output)


def _spread_kernel(source, target):
    found = _spread_kernels.get((source, target))
    if found is None:
        found = Kernel("copy_", _spreader(target), (source,), target)
        _spread_kernels[source, target] = found
    return found


_spread_kernels = {}


def _spreader(aval):
    def spread(array):
        return jnp.broadcast_to(cast_array(array, aval.dtype), aval.shape)

    return spread


def _copy(self, other, non_blocking=False):
    if not isinstance(other, Tensor):
        if not isinstance(other, (int, float, complex)):
            raise TypeError("copy_ takes a tensor")
        check_fits(other, self.dtype)
        other = constant(Meta((), self.dtype, self.device), other)
    refuse_in_place(self)
    if self is other and not tracked((self,)):
        (self._counter or self._storage).version += 1
        return self
    refuse_overlap(self, (other,))
    shape = broadcast_shapes(self.shape, other.shape)
    if shape != self.shape:
        raise RuntimeError(
            f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(shape)}"
        )
    if other.is_complex() and self.dtype.category in (INTEGRAL, FLOATING):
        warn_once("Casting complex values to real discards the imaginary part")
    assign(self, _spread(other, self, "CopyBackwards"), "CopyBackwards")
    return self


def _bind_writer(name, write_into, documentation, *signatures, function=True):
    """Bind a function that writes into its first argument, as `NAME` and as a method."""
    found = Signatures(name, [parse(each) for each in signatures])
    made, method = worded(
        lambda args, kwargs: write_into(*args, **kwargs), found, documentation=documentation
    )
    if function:
        bindings.append(Binding(name, made, variants="f"))
    bindings.append(Binding(name, method, variants="m"))


_bind_writer("fill_", _fill, "Put `value`, a number or a 0-dim tensor, into every place.",
             "(Tensor input, Tensor value)", "(Tensor input, Number value)")  # fmt: skip
_bind_writer("zero_", _zero, "Put 0 into every place.", "(Tensor input)")
_bind_writer("copy_", _copy, "Put the elements of `other`, broadcast and cast, into the tensor.",
             "(Tensor input, Tensor other, bool non_blocking = False)", function=False)  # fmt: skip


@overloads(
    ("(Tensor input, Tensor value)", lambda input, value: _filled(input, value)),
    ("(Tensor input, Number value)", lambda input, value: _filled(input, value)),
    variants="f",
)
def fill():
    """A tensor like `input`, filled with `value`."""


def _filled(input, value):
    meta = input._meta
    stride = like_strides(meta.shape, meta.stride)
    made = _fill(constant(Meta(meta.shape, meta.dtype, meta.device, stride), 0), value)
    if not isinstance(value, Tensor):
        connect_constant("FillBackward0", (input,), made)
    elif tracked((input, value)):
        kernel = _over_kernel(meta.aval, _spread_kernel(value._meta.aval, meta.aval))
        attach("FillBackward1", kernel, [input, value], [made], meta.device)
    return made
