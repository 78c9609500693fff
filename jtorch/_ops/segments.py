"""`segment_reduce`: reductions of stretches of a dim that follow one another, each of its length."""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._dtypes import int32, int64
from jtorch._ops.detailed import detailed
from jtorch._ops.families import Binding, bindings
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Index, Number
from jtorch._ops.refusals import FLOAT_TYPES, check_fits, unsupported
from jtorch._shapes import wrap_dim
from jtorch._tensor import Tensor

_SUM, _MEAN, _MAX, _MIN, _PROD = "sum", "mean", "amax", "amin", "prod"
_NAMES = {"sum": _SUM, "mean": _MEAN, "max": _MAX, "min": _MIN, "amax": _MAX, "amin": _MIN,
          "prod": _PROD}  # fmt: skip
_BEGINNINGS = {_SUM: 0.0, _MEAN: 0.0, _MAX: -np.inf, _MIN: np.inf, _PROD: 1.0}
_HOW = {_SUM: "add", _MEAN: "add", _MAX: "max", _MIN: "min", _PROD: "multiply"}
_WISH = (
    "Expected {} to be true, but got false.  (Could this error message be improved?  If so, please "
    "report an enhancement request to PyTorch.)"
)

# What only data shows to be wrong
_NEGATIVE, _NOT_ALL, _BACKWARDS = range(1, 4)


def _error(code):
    if code == _NEGATIVE:
        return RuntimeError("lengths contains negative value!")
    if code == _NOT_ALL:
        return RuntimeError(
            "segment_reduce(): Expected all rows of lengths along axis to sum to "
            "data.size(lengths.dim()-1) when !unsafe."
        )
    return RuntimeError(_WISH.format("segment_length >= 0"))


def _segments_of(bounds, extent):
    """The segment of each place, counted from 1: 0 is before all of them, the count + 1 behind."""
    rows = jnp.arange(bounds.shape[0])[:, None]
    begun = jnp.zeros((bounds.shape[0], extent + 1), np.int64)
    return jnp.cumsum(begun.at[rows, bounds.clip(0, extent)].add(1), 1)[:, :extent]


def _gathered(how, values, places, count, beginning):
    """Values (rows, extent, inner) by segment: (rows, count, inner)."""
    rows, _, inner = values.shape
    start = jnp.full((rows, count + 2, inner), beginning, values.dtype)
    target = start.at[jnp.arange(rows)[:, None], places]
    return getattr(target, how)(values, indices_are_sorted=True)[:, 1 : count + 1]


def _at_places(results, places):
    """What each place has of the results of its segment; those outside have any."""
    if not results.shape[1]:
        return jnp.zeros((*places.shape, results.shape[2]), results.dtype)
    inside = (places - 1).clip(0, results.shape[1] - 1)
    return jnp.take_along_axis(results, inside[:, :, None], 1)


@functools.partial(jax.custom_jvp, nondiff_argnums=(0, 1))
def _reduced(reduce, begins, data, places, lengths, initial):
    found = _gathered(_HOW[reduce], data, places, lengths.shape[1], initial)
    if reduce == _MEAN:
        empty = initial if begins else jnp.nan
        size = jnp.maximum(lengths, 1)[:, :, None].astype(data.dtype)
        found = jnp.where(lengths[:, :, None] > 0, found / size, empty).astype(data.dtype)
    return found


@_reduced.defjvp
def _reduced_slope(reduce, begins, primals, tangents):
    """By torch's formulas: extremes share among those that are equal, NaN among them."""
    data, places, lengths, initial = primals
    results = _reduced(reduce, begins, *primals)
    tangent = tangents[0]
    add = functools.partial(_gathered, "add", places=places, count=lengths.shape[1], beginning=0)
    if reduce == _SUM:
        return results, add(tangent)
    if reduce == _MEAN:
        return results, add(tangent) / jnp.maximum(lengths, 1)[:, :, None].astype(data.dtype)
    if reduce == _PROD:
        return results, add(tangent * _product_of_others(data, places, results, initial))
    hit = ((data == _at_places(results, places)) | jnp.isnan(data)).astype(data.dtype)
    return results, add(tangent * hit) / jnp.maximum(add(hit), 1)


def _product_of_others(data, places, results, initial):
    """The product of each segment without the element at each place."""
    count = results.shape[1]
    zero, nan = data == 0, jnp.isnan(data)
    plain = jnp.where(zero | nan, 1, data)
    others = _at_places(_gathered("multiply", plain, places, count, initial), places)
    for kind, factor in ((zero, 0), (nan, jnp.nan)):
        number = kind.astype(np.int32)
        more = _at_places(_gathered("add", number, places, count, 0), places) > number
        others = jnp.where(more, others * factor, others)
    return jnp.where(zero | nan, others, _at_places(results, places) / data)


def _shape(data, lengths, offsets):
    bounds = lengths if offsets is None else offsets
    axis = bounds.ndim - 1
    count = bounds.shape[axis] - (offsets is not None)
    return (*data.shape[:axis], count, *data.shape[bounds.ndim :])


@detailed(
    name="segment_reduce.segments",
    variants="",
    error=_error,
    gradient="SegmentReduceBackward0",
    shape=_shape,
    dtype=lambda data: data.dtype,
)
def _segment_reduce(
    data: Tensor,
    lengths: Index | None,
    offsets: Index | None,
    initial: Number,
    reduce: str,
    axis: int,
    begins: bool,
    unsafe: bool,
):
    shape, is_offsets = _shape(data, lengths, offsets), offsets is not None
    bounds = offsets if is_offsets else lengths
    extent, count = data.shape[axis], bounds.shape[axis] - is_offsets
    rows, inner = int(np.prod(data.shape[:axis])), int(np.prod(data.shape[bounds.ndim :]))
    bounds = bounds.astype(np.int64).reshape(rows, count + is_offsets)
    code = jnp.int64(0)
    if not is_offsets:
        lengths = bounds
        bounds = jnp.concatenate([jnp.zeros((rows, 1), np.int64), jnp.cumsum(lengths, 1)], 1)
        if not unsafe:
            code = jnp.where((bounds[:, -1] != extent).any(), _NOT_ALL, code)
            code = jnp.where((lengths < 0).any(), _NEGATIVE, code)
    lengths = bounds[:, 1:] - bounds[:, :-1]
    if unsafe or is_offsets:
        code = jnp.where((lengths < 0).any(), _BACKWARDS, code)
    found = _reduced(
        _NAMES[reduce], begins, data.reshape(rows, extent, inner), _segments_of(bounds, extent),
        lengths, initial.astype(data.dtype),
    )  # fmt: skip
    return found.reshape(shape), code


def _check_bounds(data, bounds, name, axis, unsafe):
    if data.ndim < bounds.ndim:
        raise RuntimeError(_WISH.format(f"data.dim() >= {name}_value.dim()"))
    if axis != bounds.ndim - 1:
        raise RuntimeError(
            f"segment_reduce(): Expected axis to be the last dimension of {name} but got {axis}."
        )
    if name == "lengths" and not unsafe and not bounds.numel():
        raise RuntimeError(
            "min(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
            "reduction dim with the 'dim' argument."
        )
    if name == "offsets" and not bounds.shape[axis]:
        shape = [*data.shape[:axis], -1, *data.shape[axis + 1 :]]
        raise RuntimeError(f"Trying to create tensor with negative dimension -1: {shape}")
    if data.shape[:axis] != bounds.shape[:axis]:
        raise RuntimeError(
            f"segment_reduce(): {name} of shape {list(bounds.shape)} do not fit data of shape "
            f"{list(data.shape)}"
        )
    if bounds.dtype not in (int32, int64):
        raise unsupported(f"_segment_reduce_{name}_cpu_kernel1", bounds.dtype)
    if data.dtype not in FLOAT_TYPES:
        raise unsupported("_segment_reduce_cpu", data.dtype)


@offered(
    "(Tensor data, str reduce, *, Tensor? lengths = None, Tensor? indices = None, "
    "Tensor? offsets = None, int axis = 0, bool unsafe = False, Number? initial = None)",
    variants="f",
)
def segment_reduce(
    data, reduce, *, lengths=None, indices=None, offsets=None, axis=0, unsafe=False, initial=None
):
    """Each segment of a dim reduced to one element: its sum, mean, max, min or prod.

    The segments are those of these `lengths`, one after another, or those between `offsets`.

    Shape:   (*, n, **), lengths (*, s) or offsets (*, s + 1) -> (*, s, **)
    Dtype:   floating; lengths and offsets int32 or int64.
    Errors:  RuntimeError if lengths are negative or, without `unsafe`, do not add up to n;
             NotImplementedError for other dtypes.
    Source:  torch.segment_reduce; empty segments have `initial`, else 0, NaN, -inf, inf, 1.
    """
    require_tensors(data, *[each for each in (lengths, indices, offsets) if each is not None])
    if not isinstance(reduce, str):
        raise TypeError("torch has words for this")
    axis = wrap_dim(axis, data.ndim)
    if indices is not None:
        raise RuntimeError("segment_reduce(): indices based reduction is not supported yet.")
    if lengths is None and offsets is None:
        raise RuntimeError("segment_reduce(): Either lengths or offsets must be defined.")
    if reduce not in _NAMES:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    name, bounds = ("lengths", lengths) if offsets is None else ("offsets", offsets)
    _check_bounds(data, bounds, name, axis, unsafe)
    begins = initial is not None
    if begins:
        check_fits(initial, data.dtype)
        initial = initial.real
    start = initial if begins else _BEGINNINGS[_NAMES[reduce]]
    lengths = lengths if offsets is None else None
    return _segment_reduce(data, lengths, offsets, start, reduce, axis, begins, unsafe)


bindings.append(Binding("_segment_reduce", segment_reduce, variants="f"))

__all__ = ["segment_reduce"]
