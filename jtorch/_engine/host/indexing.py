"""Gathers and scatters, in XLA's general form, by numpy's index arrays."""

import numpy as np
from jax import lax

from jtorch._engine.host.plans import plan_of_jaxpr
from jtorch._engine.host.rules import rule

_UFUNCS = {
    "scatter-add": np.add,
    "scatter-sub": np.subtract,
    "scatter-mul": np.multiply,
    "scatter-min": np.minimum,
    "scatter-max": np.maximum,
}


def _coordinates(shape, sizes, indices, start_map, batch, index_batch):
    """(an index array for each dim, which positions are inside): both of shape (*batch, *sizes).

    `indices` has the starts along its last dim. `batch` are the dims of the operand that go with the
    dims `index_batch` of the indices.
    """
    outer, inner = indices.ndim - 1, len(sizes)
    found = []
    inside = np.ones((1,) * (outer + inner), bool)
    for dim, size in enumerate(sizes):
        steps = np.arange(size).reshape([-1 if d == dim else 1 for d in range(inner)])
        if dim in start_map:
            start = indices[..., start_map.index(dim)].astype(np.int64)
            place = start.reshape(start.shape + (1,) * inner)
            inside = inside & (place >= 0) & (place <= shape[dim] - size)
        elif dim in batch:
            at = index_batch[batch.index(dim)]
            place = np.arange(indices.shape[at])
            place = place.reshape([-1 if d == at else 1 for d in range(outer)] + [1] * inner)
        else:
            place = np.zeros((1,) * (outer + inner), np.int64)
        limit = max(shape[dim] - size, 0)
        found.append(np.clip(place, 0, limit) + steps)
    whole = (*indices.shape[:-1], *sizes)
    return [np.broadcast_to(each, whole) for each in found], np.broadcast_to(inside, whole)


@rule("gather")
def _gather(equation):
    params = equation.params
    numbers, sizes = params["dimension_numbers"], params["slice_sizes"]
    fill, fills = params["fill_value"], params["mode"] == lax.GatherScatterMode.FILL_OR_DROP
    aval = equation.outvars[0].aval
    dtype = aval.dtype
    gone = tuple(sorted((*numbers.collapsed_slice_dims, *numbers.operand_batching_dims)))
    if fills and fill is None:
        fill = _nothing(dtype)

    def evaluate(x, indices):
        if not aval.size:  # its slices may have no elements along a dim that goes
            return np.zeros(aval.shape, dtype)
        places, inside = _coordinates(
            x.shape, sizes, indices, numbers.start_index_map, numbers.operand_batching_dims,
            numbers.start_indices_batching_dims,
        )  # fmt: skip
        if x.size:
            made = x[tuple(places)]
        else:
            made = np.zeros(inside.shape, dtype)
        if fills:
            made = np.where(inside, made, np.asarray(fill, dtype))
        outer = indices.ndim - 1
        made = made.squeeze(tuple(outer + dim for dim in gone))
        # the dims of the slices go where the result has them
        return np.moveaxis(made, range(outer, made.ndim), numbers.offset_dims)

    return evaluate


def _nothing(dtype):
    """What JAX fills with where it is not told: NaN, the least integer, the greatest unsigned one."""
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return limits.min if dtype.kind == "i" else limits.max
    return dtype.kind == "b" or np.nan


@rule("scatter", *_UFUNCS)
def _scatter(equation):
    params = equation.params
    numbers = params["dimension_numbers"]
    clips = params["mode"] == lax.GatherScatterMode.CLIP
    ufunc = _UFUNCS.get(equation.primitive.name)
    inserted = tuple(sorted((*numbers.inserted_window_dims, *numbers.operand_batching_dims)))
    if ufunc is None and params.get("update_jaxpr") is not None:
        plan_of_jaxpr(params["update_jaxpr"])  # it must be one the host knows

    def evaluate(x, indices, updates):
        moved = np.moveaxis(
            updates, numbers.update_window_dims, range(indices.ndim - 1, updates.ndim)
        )
        moved = np.expand_dims(moved, tuple(indices.ndim - 1 + dim for dim in inserted))
        sizes = moved.shape[indices.ndim - 1 :]
        places, inside = _coordinates(
            x.shape, sizes, indices, numbers.scatter_dims_to_operand_dims,
            numbers.operand_batching_dims, numbers.scatter_indices_batching_dims,
        )  # fmt: skip
        made = np.array(x)
        if not clips:
            places, moved = [each[inside] for each in places], moved[inside]
        if ufunc is None:
            made[tuple(places)] = moved
        else:
            ufunc.at(made, tuple(places), moved)
        return made

    return evaluate
