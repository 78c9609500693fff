"""Indexing where a mask says so: the indices at other places may be out of range."""

from jax import numpy as jnp

from jtorch._dtypes import int32, int64
from jtorch._messages import type_name
from jtorch._ops.detailed import detailed
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number, Tensors
from jtorch._ops.refusals import check_fits
from jtorch._shapes import broadcast_shapes
from jtorch._tensor import Tensor

_READ, _WRITTEN = "_unsafe_masked_index", "_unsafe_masked_index_put_accumulate"


def _check_indices(input, indices):
    for place, each in enumerate(indices):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 2, but got {type_name(each)}"
            )
        if each.dtype not in (int32, int64):
            kind = each.dtype.scalar_name
            raise RuntimeError(f"{_READ} found unexpected index type {kind}")
    if not indices:
        raise IndexError("at least one index must be provided")
    if len(indices) > input.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {input.ndim} (got {len(indices)})"
        )


def _shape_picked(input, indices):
    shape = broadcast_shapes(*[each.shape for each in indices])
    return (*shape, *input.shape[len(indices) :])


def _shape_read(input, mask, indices):
    if not input.numel():  # torch takes all the dims that are left for one of extent 0
        shape = broadcast_shapes(*[each.shape for each in indices])
        return (*shape, 0) if len(indices) < input.ndim else shape
    return broadcast_shapes(mask.shape, _shape_picked(input, indices))


def _fits_within(shape, wanted):
    """Whether a shape broadcasts to another."""
    pairs = zip(reversed(shape), reversed(wanted), strict=False)
    return len(shape) <= len(wanted) and all(m in (1, n) for m, n in pairs)


def _clipped(input, indices):
    sizes = input.shape[: len(indices)]
    return tuple(each.clip(-n, n - 1) for each, n in zip(indices, sizes, strict=True))


@detailed(
    name="_unsafe_masked_index.values",
    variants="",
    gradient="UnsafeMaskedIndexBackward0",
    dtype=lambda input: input.dtype,
    shape=_shape_read,
)
def _read(input: Tensor, mask: Index, indices: Tensors, fill: Number):
    fill = fill.astype(input.dtype)
    if not input.size:
        shape = jnp.broadcast_shapes(*[each.shape for each in indices])
        return jnp.full((*shape, 0) if len(indices) < input.ndim else shape, fill)
    return jnp.where(mask.astype(bool), input[_clipped(input, indices)], fill)


@offered(
    "(Tensor input, Tensor mask, tuple of Tensors indices, Number fill)", variants="f", name=_READ
)
def _unsafe_masked_index(input, mask, indices, fill):
    """`input[indices]` where `mask` is true, and `fill` elsewhere.

    Source:  torch._unsafe_masked_index; indices beyond the ends pick the last elements.
    """
    require_tensors(input, mask)
    _check_indices(input, indices)
    check_fits(fill, input.dtype)
    return _read(input, mask, tuple(indices), fill)


@detailed(
    name="_unsafe_masked_index_put_accumulate.values",
    variants="",
    gradient="UnsafeMaskedIndexPutAccumulateBackward0",
    dtype=lambda input: input.dtype,
    shape=lambda input: input.shape,
)
def _write(input: Tensor, mask: Index, indices: Tensors, values: Tensor):
    if not input.size:
        return input
    shape = jnp.broadcast_shapes(values.shape, mask.shape)
    values = jnp.where(mask.astype(bool), jnp.broadcast_to(values, shape), values.dtype.type(0))
    places = input.at[_clipped(input, indices)]
    return places.max(values) if input.dtype == bool else places.add(values)


@offered(
    "(Tensor input, Tensor mask, tuple of Tensors indices, Tensor values)",
    variants="f",
    name=_WRITTEN,
)
def _unsafe_masked_index_put_accumulate(input, mask, indices, values):
    """A copy of `input` with `values` added at `indices`, those where `mask` is true.

    Source:  torch._unsafe_masked_index_put_accumulate.
    """
    require_tensors(input, mask, values)
    _check_indices(input, indices)
    if values.dtype is not input.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{input.dtype.scalar_name} for the destination and {values.dtype.scalar_name} for the "
            "source."
        )
    taken, picked = broadcast_shapes(values.shape, mask.shape), _shape_picked(input, indices)
    if input.numel() and not _fits_within(taken, picked):
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(taken)} cannot be broadcast to indexing "
            f"result of shape {list(picked)}"
        )
    return _write(input, mask, tuple(indices), values)


__all__ = ["_unsafe_masked_index", "_unsafe_masked_index_put_accumulate"]
