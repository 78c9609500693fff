"""Elements placed in the order of memory: `put` by index, `masked_scatter` by mask."""

import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes, _shapes
from jtorch._ops.bounds import Bounds, indexed, is_long, known, outside
from jtorch._ops.gather import flat_bounds, wrapped
from jtorch._ops.parameters import Index
from jtorch._ops.scatter import setting
from jtorch._ops.view import c_type_name
from jtorch._ops.windows import geometry_of
from jtorch._shapes import broadcast_shapes, like_strides
from jtorch._tensor import Tensor


def _check_put(input, index, source):
    if not is_long(index):
        raise RuntimeError(
            f"put_(): Expected a long tensor for index, but got {index.dtype.scalar_name}"
        )
    if input.dtype is not source.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{input.dtype.scalar_name} and source.dtype = {source.dtype.scalar_name}"
        )
    if index.numel() != source.numel():
        raise IndexError(
            "put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source.numel()}, index.numel() = {index.numel()}"
        )
    if index.numel() and not input.numel():
        raise IndexError("put_(): Tried to put elements into an empty tensor")


@indexed(
    check=_check_put,
    bounds=flat_bounds,
    shape=lambda input: input.shape,
    layout=lambda input: like_strides(input.shape, input.stride()),
    dtype=lambda input: input.dtype,
    variants="fmi",
)
def put(input: Tensor, index: Index, source: Tensor, accumulate: bool = False):
    """Elements of `source` put at these places of the flattened tensor, or added to what is there.

    Errors:  IndexError for a place that is not there; negative ones count from the end.
    Source:  torch.put.
    """
    code = outside(index, -input.size, input.size)
    if not index.size:
        return input, code
    places = wrapped(index.reshape(-1), input.size)
    how = setting("add" if accumulate else None)
    return how(input.reshape(-1), places, source.reshape(-1)).reshape(input.shape), code


def _check_masked_scatter(input, mask, source):
    broadcast_shapes(mask.shape, input.shape)
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError(
            "masked_scatter_ only supports boolean masks, but got mask with dtype "
            f"{mask.dtype.scalar_name}"
        )
    if input.dtype is not source.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{input.dtype.scalar_name} and {source.dtype.scalar_name}"
        )


def _check_masked_target(input, mask):
    _shapes.expand(geometry_of(mask), tuple(input.shape), c_type_name(mask._meta))


class _Enough(Bounds):
    """Bounds of a mask: as many elements as it takes are there."""

    def check(self, index) -> None:
        array = known(index)
        if array is not None and np.count_nonzero(array) * self.low > self.high:
            raise self.error(0)


def _source_bounds(input, mask, source):
    shape = broadcast_shapes(mask.shape, input.shape)
    copies = int(np.prod(shape)) // max(mask.numel(), 1)
    return _Enough(copies, source.numel(), _too_few)


def _too_few(value):
    return RuntimeError("Number of elements of source < number of ones in mask")


@indexed(
    check=_check_masked_scatter,
    in_place_check=_check_masked_target,
    bounds=_source_bounds,
    index_name="mask",
    shape=lambda input, mask: broadcast_shapes(mask.shape, input.shape),
    dtype=lambda input: input.dtype,
    variants="fmi",
)
def masked_scatter(input: Tensor, mask: Index, source: Tensor):
    """The elements of `source`, one after the other, where the mask is true.

    Errors:  RuntimeError if `source` has too few.
    Source:  torch.masked_scatter.
    """
    shape = jnp.broadcast_shapes(input.shape, mask.shape)
    input, mask = jnp.broadcast_to(input, shape), jnp.broadcast_to(mask, shape)
    places = jnp.cumsum(mask.reshape(-1).astype(np.int64))
    wanted = places[-1] if places.size else jnp.int64(0)
    if not source.size:
        return input, jnp.where(wanted > 0, 1, 0)
    taken = jnp.take(source.reshape(-1), jnp.maximum(places - 1, 0), mode="clip").reshape(shape)
    return jnp.where(mask, taken, input), jnp.where(wanted > source.size, 1, 0)
