"""Sums of products over dims: inner and outer products, contractions, cross products."""

import math

from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._autocast import listed
from jtorch._dtypes import BY_NUMPY, promote_types
from jtorch._messages import warn_once
from jtorch._ops.arithmetic import mul
from jtorch._ops.cast import cast_array
from jtorch._ops.detailed import deliver, detailed
from jtorch._ops.edges import tracked
from jtorch._ops.elements import conj
from jtorch._ops.families import composite, pointwise
from jtorch._ops.matmul import dot, mm, vdot
from jtorch._ops.parameters import Ints
from jtorch._ops.product import product, require_numbers, wide_product
from jtorch._ops.promotion import DEFAULT, NO_OPMATH, compute_and_result
from jtorch._ops.reduce import sum as sum_of
from jtorch._ops.refusals import unsupported
from jtorch._ops.view import permute, reshape
from jtorch._ops.windows import require_tensor
from jtorch._shapes import broadcast_shapes, pointwise_strides, view, wrap_dim, wrap_dims
from jtorch._tensor import Tensor


def _check_inner(input, other):
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input.shape)} and {list(other.shape)}"
        )
    if input.dtype is not other.dtype:
        raise RuntimeError("both inputs should have same dtype")
    _require_numbers(input, other, input.shape[-1])


def _require_numbers(left, right, count):
    """torch takes a dot product where a single number comes out; `count` elements are summed."""
    single = left.numel() == right.numel() == count
    require_numbers("dot" if single else "addmm_impl_cpu_", left.dtype)


def _check_contracted_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"tensordot: Expected the output tensor to have dtype {meta.dtype.scalar_name}, but "
            f"got an output tensor with dtype {target.dtype.scalar_name}"
        )


@pointwise(NO_OPMATH, name="inner.scalar", variants="", gradient="MulBackward0")
def _times(input: Tensor, other: Tensor):
    return input * other


def _products(left, right, left_dims, right_dims):
    """`_contract` of tensors, by the operations that torch's graph shows."""
    kept_left = [dim for dim in range(left.ndim) if dim not in left_dims]
    kept_right = [dim for dim in range(right.ndim) if dim not in right_dims]
    shape = [left.shape[dim] for dim in kept_left] + [right.shape[dim] for dim in kept_right]
    count = math.prod(left.shape[dim] for dim in left_dims)
    left = permute(left, (*kept_left, *left_dims))
    right = permute(right, (*right_dims, *kept_right))
    if left.numel() == right.numel() == count:
        flat = [each if each.ndim == 1 else reshape(each, (-1,)) for each in (left, right)]
        return reshape(dot(*flat), shape)
    rows = math.prod(left.shape[: len(kept_left)])
    columns = math.prod(right.shape[len(left_dims) :])
    return reshape(mm(reshape(left, (rows, count)), reshape(right, (count, columns))), shape)


def _inner_parts(input, other):
    return _products(input, other, (input.ndim - 1,), (other.ndim - 1,))


@detailed(
    name="inner.contraction",
    variants="",
    parts=_inner_parts,
    check=_check_inner,
    shape=lambda input, other: (*input.shape[:-1], *other.shape[:-1]),
    dtype=lambda input: input.dtype,
    out_check=_check_contracted_out,
)
def _inner(input: Tensor, other: Tensor):
    return _contract(input, other, (input.ndim - 1,), (other.ndim - 1,))


_inner_of_matrices = listed("mm", _inner)  # in autocast it is what it is in torch


@composite
def inner(input, other, *, out=None):
    """Sums of products over the last dim of both; a 0-dim operand multiplies the other.

    Shape:   (..., n), (*, n) -> (..., *).
    Errors:  RuntimeError if the last dims or the dtypes differ.
    Source:  torch.inner.
    """
    require_tensor("inner", input)
    require_tensor("inner", other, "other", 2)
    if not input.ndim or not other.ndim:
        return deliver(_times(input, other), out, last="mul")
    if out is None or tracked((input, other, out)):
        made = _inner if input.ndim == other.ndim == 1 else _inner_of_matrices
        return deliver(made(input, other), out)
    return _inner(input, other, out=out)


def _contract(left, right, left_dims, right_dims):
    """Sums over pairs of dims; the dims that remain stand in order, `left`'s first."""
    kept_left = [dim for dim in range(left.ndim) if dim not in left_dims]
    kept_right = [dim for dim in range(right.ndim) if dim not in right_dims]
    rows = [left.shape[dim] for dim in kept_left]
    columns = [right.shape[dim] for dim in kept_right]
    count = math.prod(left.shape[dim] for dim in left_dims)
    left = left.transpose((*kept_left, *left_dims)).reshape(math.prod(rows), count)
    right = right.transpose((*right_dims, *kept_right)).reshape(count, math.prod(columns))
    return product(left, right).reshape(*rows, *columns)


def _check_outer(input, vec2):
    for name, each in (("self", input), ("vec2", vec2)):
        if each.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {each.ndim}-D")


def _outer_parts(input, vec2):
    return mul(reshape(input, (-1, 1)), vec2)


@detailed(
    DEFAULT,
    check=_check_outer,
    parts=_outer_parts,
    shape=lambda input, vec2: (*input.shape, *vec2.shape),
    variants="fmo",
    aliases=("ger",),
)
def outer(input: Tensor, vec2: Tensor):
    """All products of an element of one vector and one of another. Source: torch.outer."""
    return input[:, None] * vec2


def _contracted(a, b, dims):
    """(dims of a, dims of b) that `tensordot` is to sum over."""
    if isinstance(dims, Tensor) and dims.numel() != 1:
        dims = dims.tolist()
    if isinstance(dims, (tuple, list)) and len(dims) == 2:
        first, second = dims
        first = list(first) if isinstance(first, (tuple, list)) else [first]
        second = list(second) if isinstance(second, (tuple, list)) else [second]
        return first, second
    count = dims.item() if isinstance(dims, Tensor) else dims
    if not isinstance(count, int):
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}"
        )
    if count < 0:
        raise RuntimeError(f"tensordot expects dims >= 0, but got dims={count}")
    if count > min(a.ndim, b.ndim):
        raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={count}")
    return list(range(-count, 0)), list(range(count))


def _check_tensordot(a, b, dims_a, dims_b):
    if len(dims_a) != len(dims_b):
        raise RuntimeError("both dimension lists should have same length")
    if a.dtype is not b.dtype:
        raise RuntimeError("both inputs should have same dtype")
    for first, second in zip(dims_a, dims_b, strict=True):
        m, n = a.size(first), b.size(second)
        if m != n and m != 1 and n != 1:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {m} in dim {first} and "
                f"second has size {n} in dim {second}"
            )
    wrap_dims(dims_a, a.ndim)
    wrap_dims(dims_b, b.ndim)
    _require_numbers(a, b, math.prod(a.shape[dim] for dim in dims_a))


def _tensordot_parts(a, b, dims_a, dims_b):
    dims_a, dims_b = wrap_dims(dims_a, a.ndim), wrap_dims(dims_b, b.ndim)
    for first, second in zip(dims_a, dims_b, strict=True):
        if a.shape[first] != b.shape[second]:
            if b.shape[second] == 1:
                a = sum_of(a, (first,), True)
            else:
                b = sum_of(b, (second,), True)
    return _products(a, b, dims_a, dims_b)


@detailed(
    name="tensordot.dims",
    variants="",
    parts=_tensordot_parts,
    check=_check_tensordot,
    dtype=lambda a: a.dtype,
    out_check=_check_contracted_out,
)
def _tensordot(a: Tensor, b: Tensor, dims_a: Ints, dims_b: Ints):
    dims_a, dims_b = wrap_dims(dims_a, a.ndim), wrap_dims(dims_b, b.ndim)
    for first, second in zip(dims_a, dims_b, strict=True):
        # a dim of extent 1 stands for one of any extent
        if b.shape[second] == 1:
            a = jnp.sum(a, first, keepdims=True, dtype=a.dtype)
        elif a.shape[first] == 1:
            b = jnp.sum(b, second, keepdims=True, dtype=b.dtype)
    return _contract(a, b, dims_a, dims_b)


_tensordot_of_matrices = listed("mm", _tensordot)  # in autocast it is what it is in torch


@composite(variants="f")
def tensordot(a, b, dims=2, out=None):
    """Sums of products over several dims of both.

    Shape:   `dims` a number: the last ones of `a` and the first ones of `b`; or a list of dims for
             each. The dims that remain stand in order, those of `a` first.
    Errors:  RuntimeError if extents or dtypes differ.
    Source:  torch.tensordot.
    """
    dims_a, dims_b = _contracted(a, b, dims)
    if out is None or tracked((a, b, out)):
        keeps = len(dims_a) < a.ndim or len(dims_b) < b.ndim
        made = _tensordot_of_matrices if keeps else _tensordot
        return deliver(made(a, b, dims_a, dims_b), out)
    return _tensordot(a, b, dims_a, dims_b, out=out)


def _doubled(input, other):
    """The shapes of both with twice as many dims: every second one has extent 1."""
    ndim = max(input.ndim, other.ndim)
    shapes = []
    for each, before in ((input, 0), (other, 1)):
        extents = (1,) * (ndim - each.ndim) + tuple(each.shape)
        shapes.append(sum([(1, extent) if before else (extent, 1) for extent in extents], ()))
    return shapes


def _kron_blocks(input, other):
    """(shape, stride) of the product before its pairs of dims are made one."""
    layouts = [
        view((each.shape, each.stride(), 0), shape)[:2]
        for each, shape in zip((input, other), _doubled(input, other), strict=True)
    ]
    shape = broadcast_shapes(layouts[0][0], layouts[1][0])
    return shape, pointwise_strides(tuple(layouts), shape)


def _merged(shape):
    return tuple(m * n for m, n in zip(shape[::2], shape[1::2], strict=True))


def _kron_layout(input, other):
    shape, stride = _kron_blocks(input, other)
    return view((shape, stride, 0), _merged(shape))[1]


@detailed(name="unsafe_view.size", variants="", gradient="UnsafeViewBackward0")
def _reshaped(input: Tensor, size: Ints):
    return input.reshape(size)


def _kron_parts(input, other):
    first, second = _doubled(input, other)
    blocks = mul(_reshaped(input, first), _reshaped(other, second))
    return _reshaped(blocks, _merged(blocks.shape))


@detailed(
    dtype=lambda input, other: promote_types(input.dtype, other.dtype),
    shape=lambda input, other: _merged(_kron_blocks(input, other)[0]),
    layout=_kron_layout,
    parts=_kron_parts,
    variants="fmo",
)
def kron(input: Tensor, other: Tensor):
    """Kronecker's product: each element of `input` times the whole of `other`.

    Source:  torch.kron.
    """
    ndim = max(input.ndim, other.ndim)
    left = input.reshape((1,) * (ndim - input.ndim) + input.shape)
    right = other.reshape((1,) * (ndim - other.ndim) + other.shape)
    common = promote_types(BY_NUMPY[left.dtype], BY_NUMPY[right.dtype])
    wide = compute_and_result(DEFAULT, common)[0].numpy
    left, right = cast_array(left, wide), cast_array(right, wide)
    odd, even = range(1, 2 * ndim, 2), range(0, 2 * ndim, 2)
    blocks = jnp.expand_dims(left, odd) * jnp.expand_dims(right, even)
    return blocks.reshape(_merged(blocks.shape))


def _check_trace(input):
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    if input.dtype is _dtypes.bool_:
        raise unsupported("trace", input.dtype)


@detailed(
    check=_check_trace,
    shape=lambda: (),
    dtype=lambda input: _dtypes.int64 if input.dtype.category <= 1 else input.dtype,
    variants="fm",
)
def trace(input: Tensor):
    """The sum of a matrix's diagonal; of integers as int64. Source: torch.trace."""
    diagonal = jnp.diagonal(input)
    if diagonal.dtype.kind in "iu":
        return jnp.sum(diagonal.astype(jnp.int64))
    return wide_product(diagonal, jnp.ones_like(diagonal))


def _check_cross(input, other, dim):
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    if not input.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    m, n = input.size(dim), other.size(dim)
    if m != 3 or n != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {m} and {n}"
        )
    broadcast_shapes(input.shape, other.shape)
    if input.dtype is not other.dtype:
        raise RuntimeError(
            f"expected scalar type {input.dtype.scalar_name} but found {other.dtype.scalar_name}"
        )
    if input.dtype is _dtypes.bool_ or input.dtype in _dtypes.BAREBONES_UNSIGNED:
        raise unsupported("cross", input.dtype)


@detailed(
    variants="o",
    check=_check_cross,
    shape=lambda input, other: broadcast_shapes(input.shape, other.shape),
    dtype=lambda input: input.dtype,
    cast_out=False,
)
def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1):
    """The cross product of vectors of three, along `dim`; the other dims broadcast.

    Errors:  RuntimeError if `dim` has not extent 3.
    Source:  torch.linalg.cross.
    """
    dim = wrap_dim(dim, input.ndim)
    a = [jnp.take(input, index, dim) for index in range(3)]
    b = [jnp.take(other, index, dim) for index in range(3)]
    parts = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return jnp.stack(parts, dim)


@composite
def cross(input, other, dim=None, *, out=None):
    """`linalg.cross` along `dim`, or else along the first dim of extent 3. Source: torch.cross."""
    require_tensor("cross", input)
    require_tensor("cross", other, "other", 2)
    if dim is None:
        warn_once(
            "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass "
            "the dim explicitly or simply use torch.linalg.cross.\nThe default value of dim will "
            "change to agree with that of linalg.cross in a future release."
        )
        dim = next((axis for axis, extent in enumerate(input.shape) if extent == 3), None)
        if dim is None:
            raise RuntimeError("no dimension of size 3 in input")
    if out is None:
        return linalg_cross(input, other, dim=dim)
    return linalg_cross(input, other, dim=dim, out=out)


def _check_vecdot(x, y):
    if x.dtype.category < _dtypes.FLOATING:
        raise RuntimeError(
            "linalg.vecdot: Expected a floating point or complex tensor as input. Got "
            f"{x.dtype.scalar_name}"
        )
    if x.dtype is not y.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
            f"{x.dtype.scalar_name} and y of type {y.dtype.scalar_name} instead"
        )


def _check_vecdot_out(target, meta):
    if target.dtype is not meta.dtype:
        raise RuntimeError(
            f"linalg.vecdot: Expected out of dtype{meta.dtype.scalar_name} but found "
            f"{target.dtype.scalar_name}"
        )


def _vecdot_shape(x, y, dim):
    shape = list(broadcast_shapes(x.shape, y.shape))
    dim = wrap_dim(dim, len(shape))
    return tuple(shape[:dim] + shape[dim + 1 :])


def _vecdot_parts(x, y, dim):
    if x.ndim == y.ndim == 1:
        return vdot(x, y)
    return sum_of(mul(conj(x), y), (dim,))


@detailed(
    variants="o",
    check=_check_vecdot,
    shape=_vecdot_shape,
    parts=_vecdot_parts,
    dtype=lambda x: x.dtype,
    out_check=_check_vecdot_out,
)
def linalg_vecdot(x: Tensor, y: Tensor, *, dim: int = -1):
    """Dot products along one dim, the first operand conjugated; the rest broadcasts.

    Errors:  RuntimeError for integers, and where the dtypes differ.
    Source:  torch.linalg.vecdot.
    """
    x, y = jnp.broadcast_arrays(jnp.conj(x), y)
    if not x.ndim:
        return x * y
    dim = wrap_dim(dim, x.ndim)
    left, right = jnp.moveaxis(x, dim, -1), jnp.moveaxis(y, dim, -1)
    return product(left[..., None, :], right[..., None])[..., 0, 0]
