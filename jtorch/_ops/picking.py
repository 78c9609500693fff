"""Index tensors: the elements of a tensor at the places they pick, gathered, or scattered to.

`picks` are index tensors by dim of the tensor they index: of integers, or masks, which stand for as
many dims as they have. Where data alone knows the shape (masks) numpy does it, now; else a kernel.
"""

import functools

import jax
import numpy as np
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import array_of, record
from jtorch._engine.symbolic import says_no_value
from jtorch._messages import warn_user
from jtorch._meta import Meta
from jtorch._ops.bounds import known
from jtorch._ops.cast import cast_array
from jtorch._ops.edges import tracked
from jtorch._ops.history import attach, watch_origins
from jtorch._ops.rebase import assign, dense
from jtorch._ops.refusals import BAREBONES, FLOAT8_TYPES, check_fits, unsupported
from jtorch._ops.windows import window_at
from jtorch._ops.writing import on_device
from jtorch._shapes import (
    InternalOverlap,
    assert_no_overlap,
    has_internal_overlap,
    pointwise_strides,
    view_strides,
)
from jtorch._tensor import from_node, node_of

MASKS = (_dtypes.bool_, _dtypes.uint8)


# What the picks come to


def check_masks(shape, picks):
    """Raise torch's error for a mask that does not have the shape of what it covers."""
    for dim, mask in picks.items():
        if mask.dtype in MASKS:
            for place, extent in enumerate(mask.shape):
                if extent != shape[dim + place]:
                    raise IndexError(
                        f"The shape of the mask {list(mask.shape)} at index {place} does not match "
                        f"the shape of the indexed tensor {list(shape)} at index {dim + place}"
                    )


def _has_mask(picks):
    return any(each.dtype in MASKS for each in picks.values())


def _masks(picks, dims, before):
    """(place among inputs, mask) of masks: `dims` in the order of the inputs, after some others."""
    return [
        (before + dims.index(dim), pick)
        for dim, pick in picks.items()
        if pick.dtype in MASKS and dim in dims
    ]


def tensor_over(array, device=CPU):
    """A tensor of a numpy array that nobody else sees."""
    meta = Meta(array.shape, _dtypes.BY_NUMPY[array.dtype], device)
    return from_node(leaf(on_device(array, device), meta.aval), meta)


def without_masks(picks, device):
    """Masks as one int64 index per dim they cover (this waits for them); others as they are."""
    result = {}
    for dim, pick in picks.items():
        if pick.dtype in MASKS:
            for place, array in enumerate(np.nonzero(_mask_on_host(pick))):
                result[dim + place] = tensor_over(array, device)
        else:
            result[dim] = pick
    return result


def _mask_on_host(mask):
    try:
        return mask._host()
    except RuntimeError as error:
        if not says_no_value(error):
            raise
        raise RuntimeError(
            "vmap: We do not support batching operators that can support dynamic shape. Attempting to "
            "batch over indexing with a boolean mask."
        ) from None


def _common_shape(indices):
    try:
        return np.broadcast_shapes(*[tuple(each.shape) for each in indices])
    except ValueError:
        shapes = ", ".join(str(list(each.shape)) for each in indices)
        raise IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes " + shapes
        ) from None


def _order(dims, ndim):
    """The indexed tensor's dims as the result has them: with those indexed in front if they are apart."""
    adjacent = list(dims) == list(range(dims[0], dims[-1] + 1))
    rest = [dim for dim in range(ndim) if dim not in dims]
    before = dims[0] if adjacent else 0
    return rest[:before], rest[before:]


def _picked_shape(shape, dims, picked):
    before, after = _order(dims, len(shape))
    return (*[shape[dim] for dim in before], *picked, *[shape[dim] for dim in after])


def _picked_stride(meta, dims, indices, picked):
    """The strides of the result: those of an operation of the tensor and its indices, pointwise."""
    before, after = _order(dims, meta.ndim)
    shape = _picked_shape(meta.shape, dims, picked)
    stride = (
        *[meta.stride[dim] for dim in before],
        *[0] * len(picked),
        *[meta.stride[dim] for dim in after],
    )
    operands = [(shape, stride)]
    for each in indices:
        missing = len(picked) - each.ndim
        index_stride = [0] * missing + [
            0 if extent == 1 and wide != 1 else step
            for extent, wide, step in zip(each.shape, picked[missing:], each.stride, strict=True)
        ]
        index_shape = (*[1] * len(before), *picked, *[1] * len(after))
        spread = view_strides(picked, index_stride, index_shape) or (0,) * len(index_shape)
        operands.append((index_shape, spread))
    return pointwise_strides(tuple(operands), shape)


class _Access:
    """What reading or writing at picks of known metas comes to."""

    __slots__ = ("dims", "kernel", "meta", "sizes")

    def __init__(self, dims, sizes, meta, kernel):
        self.dims = dims
        self.sizes = sizes  # of those dims
        self.meta = meta  # of what is read, or has to be written
        self.kernel = kernel

    def check(self, indices):
        """Raise at the user's line for an index that is known already; else the program checks it."""
        if not self.meta.numel:
            return
        for place, (each, size) in enumerate(zip(indices, self.sizes, strict=True)):
            array = known(each)
            if array is None:
                continue
            wrong = (array < -size) | (array >= size)
            if wrong.any():
                raise _out_of_bounds(int(array[wrong][0]), place, size)


def _geometry(meta, picks):
    """(dims, their sizes, common shape of the indices); raises what torch raises for the shapes."""
    dims = tuple(sorted(picks))
    picked = _common_shape([picks[dim] for dim in dims])
    sizes = tuple(meta.shape[dim] for dim in dims)
    if 0 in sizes and 0 not in picked:
        raise IndexError("index is out of bounds for dimension with size 0")
    return dims, sizes, picked


def _node_at(tensor, device):
    """The node of an index, which may be on the CPU for a tensor elsewhere."""
    node = node_of(tensor)
    if tensor._meta.device is device:
        return node
    return leaf(on_device(np.array(array_of(node)), device), node.aval)


# Reading

_gathers = {}  # (meta, picks' dims and metas) -> _Access


def gather(view, picks):
    """The elements of `view` at the places that index tensors pick."""
    check_masks(view.shape, picks)
    given = picks
    if _has_mask(picks):
        picks = without_masks(picks, view.device)
        if view.device is CPU and not tracked((view,)):
            return _gather_on_host(view, picks)
    meta = view._meta
    key = (meta, *[(dim, each._meta) for dim, each in picks.items()])
    access = _gathers.get(key)
    if access is None:
        access = _gathers[key] = _gather_access(meta, picks)
    indices = [picks[dim] for dim in access.dims]
    access.check(indices)
    inputs = (node_of(view), *[_node_at(each, meta.device) for each in indices])
    made = from_node(record(access.kernel, inputs, meta.device), access.meta)
    if tracked((view,)):
        attach("IndexBackward0", access.kernel, [view, *indices], [made], meta.device)
        watch_origins(made, _masks(given, access.dims, 1))
    return made


def _gather_access(meta, picks):
    dims, sizes, picked = _geometry(meta, picks)
    indices = [picks[dim]._meta for dim in dims]
    shape = _picked_shape(meta.shape, dims, picked)
    result = Meta(shape, meta.dtype, meta.device, _picked_stride(meta, dims, indices, picked))
    kernel = _gather_kernel(meta.aval, dims, [each.aval for each in indices], result.aval)
    return _Access(dims, sizes, result, kernel)


def _gather_on_host(view, picks):
    """With masks the shape is known only now, so no program is made for it: numpy picks."""
    meta = view._meta
    access = _gather_access(meta, picks)
    access.check([picks[dim] for dim in access.dims])
    key = tuple(picks[dim]._host() if dim in picks else slice(None) for dim in range(meta.ndim))
    array = np.array(view._host()[key], order="C")
    return from_node(leaf(array, access.meta.aval), access.meta)


def _key(dims, ndim, indices):
    key = [slice(None)] * ndim
    for dim, each in zip(dims, indices, strict=True):
        key[dim] = each
    return tuple(key)


def _gather_kernel(source, dims, indices, output):
    sizes = tuple(source.shape[dim] for dim in dims)

    def index(array, *given):
        given, code = _wrapped(given, sizes, output.size)
        return array.at[_key(dims, array.ndim, given)].get(mode="clip"), code

    return Kernel("index", index, (source, *indices), output, _error_of(sizes))


# Indices are counted from the front and kept inside, and a code says which one was outside.

_ROOM = 2**33  # of each index tensor's own codes; an index beyond 32 bits is still outside


def _wrapped(indices, sizes, used):
    """The indices from the front on, and the code of the first one that was outside."""
    code = jnp.int64(0)
    result = []
    for place, (index, size) in enumerate(zip(indices, sizes, strict=True)):
        index = index.astype(np.int64)
        if index.size and used:
            flat = index.reshape(-1)
            wrong = (flat < -size) | (flat >= size)
            worst = jnp.clip(flat[jnp.argmax(wrong)], -_ROOM // 2 + 1, _ROOM // 2 - 1)
            found = jnp.where(wrong.any(), (place + 1) * _ROOM + worst, 0)
            code = jnp.where(code != 0, code, found)
        result.append(jnp.clip(jnp.where(index < 0, index + size, index), 0, max(size - 1, 0)))
    return result, code


def _error_of(sizes):
    def error(code):
        place = (code + _ROOM // 2) // _ROOM - 1
        return _out_of_bounds(code - (place + 1) * _ROOM, place, sizes[place])

    return error


def _out_of_bounds(index, place, size):
    # torch numbers the index tensors, not the dims
    return IndexError(f"index {index} is out of bounds for dimension {place} with size {size}")


# Writing

_puts = {}  # (meta, meta of the value, accumulate, picks' dims and metas) -> _Access


def put(view, picks, value, accumulate=False, whole=None, source=None):
    """Write `value` to the places of `view` that index tensors pick; with `accumulate`, add it.

    `whole` is the tensor that `view` is another name of, if there is one; `source` is what `view` is
    a copy of, without its history, if that is to be the history of the result.
    """
    source = view if source is None else source
    check_masks(view.shape, picks)
    if len(picks) == 1 and not accumulate and value.numel() == 1:
        ((dim, mask),) = picks.items()
        if mask.dtype in MASKS:
            _put_where(view, dim, mask, value, source)
            return
    if _is_expanded(view._meta):
        _warn_expanded()
    if value is whole:
        assert_no_overlap(_PLACE, _PLACE)
    for each in (value, *picks.values()):
        if each._storage is view._storage:
            sizes = view.dtype.itemsize, each.dtype.itemsize
            assert_no_overlap(_layout(view), _layout(each), *sizes)
    given, masked = picks, _has_mask(picks)
    picks = without_masks(picks, view.device)
    if _may_overlap(view._meta):
        view, picks = _as_places(view, picks)
        source = view
    if masked and view.device is CPU and not tracked((source, value)):
        _put_on_host(view, picks, value, accumulate)
        return
    meta = view._meta
    key = (meta, value._meta, accumulate, *[(dim, each._meta) for dim, each in picks.items()])
    access = _puts.get(key)
    if access is None:
        access = _put_access(meta, value._meta, picks, accumulate)
        _require_dtype(view, value)
        _puts[key] = access
    indices = [picks[dim] for dim in access.dims]
    access.check(indices)
    inputs = (_node_at(value, meta.device), *[_node_at(each, meta.device) for each in indices])
    made = from_node(record(access.kernel, (node_of(view), *inputs), meta.device), dense(meta))
    operands = (source, value, *indices)
    if tracked(operands):
        attach("IndexPutBackward0", access.kernel, operands, [made], meta.device)
        watch_origins(made, _masks(given, access.dims, 2))
    assign(view, made, "IndexPutBackward0")


_PLACE = ((1,), (1,), 0)  # a tensor always overlaps itself


def _layout(tensor):
    return tuple(tensor.shape), tensor._meta.stride, tensor._offset


def _require_dtype(view, value):
    if value.dtype is not view.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{view.dtype.scalar_name} for the destination and {value.dtype.scalar_name} for the "
            "source."
        )


def _warn_expanded(name="index_put_", what="tensor[indices] = tensor"):
    warn_user(
        f"Use of {name} on expanded tensors is deprecated. Please clone() the tensor before "
        f"performing this operation. This also applies to advanced indexing e.g. {what}"
    )


@functools.lru_cache(maxsize=1 << 12)
def _is_expanded(meta) -> bool:
    return has_internal_overlap(tuple(meta.shape), meta.stride) is InternalOverlap.YES


@functools.lru_cache(maxsize=1 << 12)
def _may_overlap(meta) -> bool:
    """Whether two elements might share a place; never wrong where the answer is no."""
    reach = 0
    dims = [dim for dim in range(meta.ndim) if meta.shape[dim] > 1]
    for dim in sorted(dims, key=lambda dim: meta.stride[dim]):
        if meta.stride[dim] <= reach:
            return True
        reach += (meta.shape[dim] - 1) * meta.stride[dim]
    return False


def _as_places(view, picks):
    """The memory of a view whose elements overlap, and where in it the picks are: what is not picked
    must not be written, since it may be what is picked.
    """
    meta = view._meta
    places = np.full(meta.shape, view._offset, np.int64)
    for dim, (extent, step) in enumerate(zip(meta.shape, meta.stride, strict=True)):
        along = [1] * meta.ndim
        along[dim] = extent
        places += (np.arange(extent) * step).reshape(along)
    base = view._storage.meta
    count = base.numel * base.dtype.itemsize // meta.dtype.itemsize
    memory = Meta((count,), meta.dtype, meta.device, (1,), meta.mirrored)
    return window_at(view, memory, 0), {0: gather(tensor_over(places, meta.device), picks)}


def _put_access(meta, value, picks, accumulate):
    dims, sizes, picked = _geometry(meta, picks)
    shape = _picked_shape(meta.shape, dims, picked)
    _require_value_shape(value.shape, shape)
    indices = [picks[dim]._meta.aval for dim in dims]
    target = Meta(shape, meta.dtype, meta.device)
    kernel = _put_kernel(meta.aval, dims, indices, value.aval, target.aval, accumulate)
    return _Access(dims, sizes, target, kernel)


def _require_value_shape(given, shape):
    try:
        fits = np.broadcast_shapes(tuple(given), shape) == tuple(shape)
    except ValueError:
        fits = False
    if not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(given)} cannot be broadcast to "
            f"indexing result of shape {list(shape)}"
        )


def _put_kernel(base, dims, indices, value, target, accumulate):
    sizes = tuple(base.shape[dim] for dim in dims)

    def index_put(array, new, *given):
        given, code = _wrapped(given, sizes, target.size)
        new = jnp.broadcast_to(new, target.shape)
        key = _key(dims, array.ndim, given)
        if accumulate:
            place = array.at[key]
            return (place.add(new) if array.dtype != np.bool_ else place.max(new)), code
        return _placed(array, new, given, dims), code

    return Kernel("index_put", index_put, (base, value, *indices), base, _error_of(sizes))


@functools.partial(jax.custom_jvp, nondiff_argnums=(3,))
def _placed(array, new, indices, dims):
    """An array with new values at indices; every one of them gets its gradient."""
    return array.at[_key(dims, array.ndim, indices)].set(new)


@_placed.defjvp
def _step_of_placed(dims, arrays, steps):
    array, new, indices = arrays
    step, given, _ = steps
    key = _key(dims, array.ndim, indices)
    untouched = jnp.ones(array.shape, bool).at[key].set(False)
    return _placed(array, new, indices, dims), jnp.where(untouched, step, 0).at[key].add(given)


def _put_on_host(view, picks, value, accumulate):
    """With masks the shape is known only now, so no program is made for it: numpy puts."""
    meta = view._meta
    access = _put_access(meta, value._meta, picks, accumulate)
    _require_dtype(view, value)
    access.check([picks[dim] for dim in access.dims])
    key = tuple(picks[dim]._host() if dim in picks else slice(None) for dim in range(meta.ndim))
    array = np.array(view._host(), order="C")
    new = np.broadcast_to(value._host(), access.meta.shape)
    if accumulate:
        ufunc = np.logical_or if array.dtype == np.bool_ else np.add
        ufunc.at(array, key, new)
    else:
        array[key] = new
    assign(view, from_node(leaf(array, meta.aval), dense(meta)), "IndexPutBackward0")


def _put_where(view, dim, mask, value, source):
    """One mask and one value need no indices, and so no waiting for the mask."""
    if mask.dtype is not _dtypes.bool_:
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype unsigned char"
        )
    if view.dtype in FLOAT8_TYPES or view.dtype in BAREBONES:
        raise unsupported("masked_fill", view.dtype)
    if value.is_complex() and not view.is_complex():
        check_fits(value.item(), view.dtype)
    meta = view._meta
    if _may_overlap(meta):
        _warn_expanded()
        _warn_expanded("masked_fill_", "tensor[mask] = scalar")
        view, picks = _as_places(view, without_masks({dim: mask}, view.device))
        put(view, picks, value.to(view.dtype))
        return
    kernel = _where_kernel(meta.aval, dim, mask._meta.aval, value._meta.aval)
    inputs = (node_of(view), _node_at(value, meta.device), _node_at(mask, meta.device))
    made = from_node(record(kernel, inputs, meta.device), dense(meta))
    if tracked((source, value)):
        attach("IndexPutBackward0", kernel, (source, value, mask), [made], meta.device)
    assign(view, made, "IndexPutBackward0")


@functools.cache
def _where_kernel(base, dim, mask, value):
    shape = (1,) * dim + mask.shape + (1,) * (len(base.shape) - dim - len(mask.shape))

    def masked_put(array, new, chosen):
        return jnp.where(chosen.reshape(shape), cast_array(new.reshape(()), array.dtype), array)

    return Kernel("index_put", masked_put, (base, value, mask), base)
