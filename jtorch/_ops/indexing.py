"""`x[index]` and `x[index] = value`: every mixture of integers, slices, None, ..., masks and tensors.

An index is resolved in two steps, as in torch. Integers, slices, None, ... and bools make a window
(a view). What is left are index tensors, one for some dims of that window: they gather, or scatter.
"""

import functools
import operator
import warnings

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes, _shapes
from jtorch._device import CPU
from jtorch._dtypes import INTEGRAL
from jtorch._engine.node import Aval, Kernel, leaf
from jtorch._engine.realize import record
from jtorch._meta import Meta
from jtorch._ops.creation import constant
from jtorch._ops.data import array_of_data
from jtorch._ops.parameters import type_name
from jtorch._ops.writing import on_device, refuse_autograd, refuse_leaf, refuse_overlap
from jtorch._ops.families import composite
from jtorch._ops.view import geometry_of
from jtorch._tensor import Tensor, from_node, node_of, window, write
from jtorch.autograd._modes import mode

_INDEX_DTYPES = (_dtypes.int64, _dtypes.int32, _dtypes.uint8, _dtypes.bool_)


def _as_items(index):
    """The index as a tuple of items; some lists stand for a tuple, as long as torch allows that."""
    if index.__class__ is tuple:
        return index
    if isinstance(index, (list, range)) and len(index) < 32:
        if any(isinstance(each, (Tensor, slice, list, tuple, np.ndarray, str)) or each is None
               or each is Ellipsis for each in index):  # fmt: skip
            warnings.warn(
                "Using a non-tuple sequence for multidimensional indexing is deprecated and will be "
                "changed in pytorch 2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this "
                "will be interpreted as tensor index, x[torch.tensor(seq)], which will result "
                "either in an error or a different result",
                UserWarning,
                stacklevel=4,
            )
            return tuple(index)
    return (index,)


def _dims_taken(item) -> int:
    if item is None or item is Ellipsis or isinstance(item, (bool, np.bool_)):
        return 0
    if isinstance(item, (Tensor, np.ndarray)):
        dtype = item.dtype
        if dtype in (_dtypes.bool_, _dtypes.uint8) or dtype == np.bool_ or dtype == np.uint8:
            return item.ndim
    return 1


def resolve(tensor, index):
    """A view of `tensor`, and its index tensors by dim (None: the whole dim)."""
    items = _as_items(index)
    taken = sum(map(_dims_taken, items))
    geometry = geometry_of(tensor)
    ndim = tensor.ndim
    if not ndim and len(items) == 1 and (kind := items[0].__class__) in (int, slice):
        raise IndexError(
            "slice() cannot be applied to a 0-dim tensor."
            if kind is slice
            else "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
            "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
        )
    if taken > ndim:
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    picks = {}
    dim = 0
    for place, item in enumerate(items):
        kind = item.__class__
        if kind is slice:
            geometry = _sliced(geometry, dim, item)
            dim += 1
        elif item is None:
            geometry = _shapes.unsqueeze(geometry, dim)
            dim += 1
        elif item is Ellipsis:
            dim += ndim - taken
        elif kind is bool or kind is np.bool_:
            geometry = _shapes.unsqueeze(geometry, dim)
            picks[dim] = _constant_index(np.zeros(1 if item else 0, np.int64))
            dim += 1
        elif _is_integer(item):
            # torch names the place in the index, which is the dim unless ... or None came before
            geometry = _selected(geometry, dim, operator.index(item), place)
        else:
            found = _index_tensor(item)
            width = found.ndim if found.dtype in (_dtypes.bool_, _dtypes.uint8) else 1
            if not width:  # a 0-dim mask is a new dim, there or not
                geometry = _shapes.unsqueeze(geometry, dim)
                width = 1
                found = found.reshape(1)
            if dim + width > len(geometry[0]):
                raise IndexError(f"too many indices for tensor of dimension {ndim}")
            picks[dim] = found
            dim += width
    return window(tensor, *geometry), picks


def _is_integer(item):
    if item.__class__ is int:
        return True
    if isinstance(item, Tensor):
        return not item.ndim and item.dtype.category == INTEGRAL and item.dtype is not _dtypes.uint8
    if isinstance(item, (np.ndarray, list, tuple, range, float, str)):
        return isinstance(item, np.ndarray) and not item.ndim and item.dtype.kind in "iu"
    return hasattr(item, "__index__")


def _sliced(geometry, dim, item):
    bounds = []
    for each in (item.start, item.stop, item.step):
        if each is not None and not hasattr(each, "__index__"):
            raise TypeError("slice indices must be integers or None or have an __index__ method")
        bounds.append(None if each is None else operator.index(each))
    start, stop, step = bounds
    if step == 0:
        raise ValueError("slice step cannot be zero")
    return _shapes.slice(geometry, dim, start, stop, 1 if step is None else step)


def _selected(geometry, dim, index, place):
    _shapes.check_index(index, place, geometry[0][dim])
    return _shapes.select(geometry, dim, index)


def _constant_index(array):
    meta = Meta(array.shape, _dtypes.int64)
    return from_node(leaf(array, meta.aval), meta)


def _index_tensor(item):
    if isinstance(item, Tensor):
        found = item
    elif isinstance(item, (list, tuple, range, np.ndarray)):
        array, dtype = array_of_data(list(item) if isinstance(item, range) else item)
        if not array.size and not isinstance(item, np.ndarray):
            array, dtype = array.astype(np.int64), _dtypes.int64
        found = from_node(leaf(array, Meta(array.shape, dtype).aval), Meta(array.shape, dtype))
    elif isinstance(item, str):
        raise TypeError(f"new(): invalid data type '{type_name(item)}'")
    else:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {type_name(item)})"
        )
    if found.dtype not in _INDEX_DTYPES:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if found.dtype is _dtypes.uint8 and found.ndim:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
            "instead.",
            UserWarning,
            stacklevel=5,
        )
    return found


# Reading


def getitem(self, index):
    """`self[index]`: a view where no tensor takes part, else a copy."""
    if index.__class__ is int and self._meta.ndim:
        geometry = geometry_of(self)
        _shapes.check_index(index, 0, geometry[0][0])
        return window(self, *_shapes.select(geometry, 0, index))
    view, picks = resolve(self, index)
    if not picks:
        return view
    return gather(view, picks)


def gather(view, picks):
    """The elements of `view` at the places that index tensors pick."""
    if mode.enabled:
        refuse_autograd("index", (view,))
    masked = any(each.dtype in (_dtypes.bool_, _dtypes.uint8) for each in picks.values())
    check_masks(view, picks)
    if masked and view.device is CPU:
        return _gather_on_host(view, picks)
    picks = long_indices(view, picks)
    dims = tuple(sorted(picks))
    indices = [picks[dim] for dim in dims]
    shape = _broadcast_shape(indices)
    if 0 not in view.shape:
        for dim in dims:
            check_bounds_now(picks[dim], dim, view.shape[dim])
    kernel = _gather_kernel(view._meta.aval, dims, tuple(each._meta.aval for each in indices), shape)
    inputs = (node_of(view), *[node_of(each) for each in indices])
    node = record(kernel, inputs, view.device)
    return from_node(node, Meta(kernel.output.shape, view.dtype, view.device))


def check_masks(view, picks):
    for dim, mask in picks.items():
        if mask.dtype in (_dtypes.bool_, _dtypes.uint8):
            for place, extent in enumerate(mask.shape):
                if extent != view.shape[dim + place]:
                    raise IndexError(
                        f"The shape of the mask {list(mask.shape)} at index {place} does not match "
                        f"the shape of the indexed tensor {list(view.shape)} at index {dim + place}"
                    )


def _gather_on_host(view, picks):
    """Masks make a shape that only data knows, so the elements are picked by numpy, now."""
    indices = {dim: node for dim, node in long_indices(view, picks).items()}
    arrays = {dim: each._host() for dim, each in indices.items()}
    _broadcast_shape(list(indices.values()))
    for dim, each in indices.items():
        check_bounds_now(each, dim, view.shape[dim])
    key = tuple(arrays.get(dim, slice(None)) for dim in range(max(arrays) + 1))
    array = np.array(view._host()[key], order="C")
    meta = Meta(array.shape, view.dtype, view.device)
    return from_node(leaf(array, meta.aval), meta)


def long_indices(view, picks):
    """Masks as one int64 index per dim they cover (this waits for them); others as they are."""
    result = {}
    for dim, pick in picks.items():
        if pick.dtype in (_dtypes.bool_, _dtypes.uint8):
            for place, array in enumerate(np.nonzero(pick._host())):
                meta = Meta(array.shape, _dtypes.int64, view.device)
                result[dim + place] = from_node(leaf(on_device(array, view.device), meta.aval), meta)
        else:
            result[dim] = pick
    return result


def _broadcast_shape(indices):
    try:
        return np.broadcast_shapes(*[tuple(each.shape) for each in indices])
    except ValueError:
        shapes = ", ".join(str(list(each.shape)) for each in indices)
        raise IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes " + shapes
        ) from None


def check_bounds_now(index, dim, size):
    """Raise at the user's line if the index is known already; else the program checks it."""
    storage = index._storage
    known = storage.value is not None and isinstance(storage.value.value, np.ndarray)
    if not known or storage.host is not None:
        return
    array = index._host()
    wrong = (array < -size) | (array >= size)
    if wrong.any():
        raise _out_of_bounds(int(array[wrong][0]), dim, size)


def _out_of_bounds(index, dim, size):
    return IndexError(f"index {index} is out of bounds for dimension {dim} with size {size}")


def _wrapped(indices, sizes):
    """Indices counted from the front and kept inside, and a code for the first that was outside.

    The code tells which index tensor it was and the index itself: (place + 1) * 2**32 + index.
    """
    code = jnp.int64(0)
    result = []
    for place, (index, size) in enumerate(zip(indices, sizes, strict=True)):
        index = index.astype(np.int64)
        wrong = (index < -size) | (index >= size)
        if index.size:
            flat = wrong.reshape(-1)
            worst = index.reshape(-1)[jnp.argmax(flat)]
            found = jnp.where(flat.any(), (place + 1) * 2**33 + worst, 0)
            code = jnp.where(code != 0, code, found)
        result.append(jnp.clip(jnp.where(index < 0, index + size, index), 0, max(size - 1, 0)))
    return result, code


def _error_of(dims, sizes):
    def error(code):
        place = (code + 2**32) // 2**33 - 1
        return _out_of_bounds(code - (place + 1) * 2**33, dims[place], sizes[place])

    return error


@functools.cache
def _gather_kernel(source, dims, indices, shape):
    sizes = tuple(source.shape[dim] for dim in dims)
    _refuse_empty(source.shape, sizes, _indexed_shape(source.shape, dims, shape))

    def index(array, *given):
        given, code = _wrapped(given, sizes)
        key = [slice(None)] * len(array.shape)
        for dim, each in zip(dims, given, strict=True):
            key[dim] = each
        return array.at[tuple(key)].get(mode="clip"), code

    output = Aval(_indexed_shape(source.shape, dims, shape), source.dtype)
    return Kernel("index", index, (source, *indices), output, _error_of(dims, sizes))


def _refuse_empty(shape, sizes, result):
    """Nothing can be picked from a dim of extent 0; torch looks no further where the result is empty."""
    if 0 in sizes and 0 not in result:
        raise IndexError("index is out of bounds for dimension with size 0")
    return result


def _indexed_shape(shape, dims, picked):
    """The index tensors' common shape stands where they stood, in front if they were apart."""
    rest = [extent for dim, extent in enumerate(shape) if dim not in dims]
    adjacent = list(dims) == list(range(dims[0], dims[-1] + 1))
    place = dims[0] if adjacent else 0
    return (*rest[:place], *picked, *rest[place:])


# Writing


def setitem(self, index, value):
    """`self[index] = value`, broadcast, in the dtype of `self`."""
    refuse_leaf(self)
    if not isinstance(value, (Tensor, bool, int, float, complex, np.generic)):
        raise TypeError(f"can't assign a {_full_type_name(value)} to a {self.type()}")
    if index is False:
        return
    view, picks = resolve(self, index)
    if not picks or index is True:
        _assign(view, value)
        return
    if isinstance(value, Tensor):
        value = _without_leading_ones(value, None)
        if value.dtype is not self.dtype and (value.ndim or value.device is not self.device):
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{self.dtype.scalar_name} for the destination and {value.dtype.scalar_name} for "
                "the source."
            )
    else:
        value = number_tensor(value, self)
    put(view, picks, value, accumulate=False)


def _full_type_name(value):
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _assign(view, value):
    if not isinstance(value, Tensor):
        refuse_overlap(view, ())
        meta = view._meta.replaced(shape=view.shape)
        write(view, node_of(constant(meta, fitting_number(value, meta.dtype))))
        return
    view.copy_(_without_leading_ones(value, view.ndim))


def _without_leading_ones(value, ndim):
    """torch drops leading dims of extent 1 that the place assigned to does not have."""
    if ndim is None or value.ndim <= ndim:
        return value
    extra = 0
    while value.ndim - extra > ndim and value.shape[extra] == 1:
        extra += 1
    return value.reshape(value.shape[extra:])


def number_tensor(value, like):
    """A Python number as a 0-dim tensor of the dtype and device of `like`."""
    return constant(Meta((), like.dtype, like.device), fitting_number(value, like.dtype))


def fitting_number(value, dtype):
    """A Python number as one that `dtype` holds; torch's error where it holds none such."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, complex) and dtype.category != _dtypes.COMPLEX:
        if value.imag:
            c_type = "int64_t" if dtype.category <= INTEGRAL else dtype.scalar_name.lower()
            raise RuntimeError(f"value cannot be converted to type {c_type} without overflow")
        value = value.real
    if dtype.category == INTEGRAL and isinstance(value, float):
        value = int(value)
    if dtype.category == INTEGRAL:
        info = np.iinfo(dtype.numpy)
        low = -info.max - 1 if info.min == 0 else info.min
        if not low <= value <= info.max:
            raise RuntimeError(
                f"value cannot be converted to type {dtype.name}_t without overflow"
            )
    return value


def put(view, picks, value, accumulate):
    """Write `value` to the places of `view` that index tensors pick; with `accumulate`, add it."""
    check_masks(view, picks)
    refuse_overlap(view, ())
    if len(picks) == 1 and not accumulate and value.numel() == 1:
        ((dim, mask),) = picks.items()
        if mask.dtype in (_dtypes.bool_, _dtypes.uint8):
            _put_where(view, dim, mask, value.reshape(()))
            return
    picks = long_indices(view, picks)
    dims = tuple(sorted(picks))
    indices = [picks[dim] for dim in dims]
    shape = _broadcast_shape(indices)
    target = _indexed_shape(view.shape, dims, shape)
    refuse_value_shape(value, target)
    _refuse_empty(view.shape, [view.shape[dim] for dim in dims], target)
    for dim in dims:
        check_bounds_now(picks[dim], dim, view.shape[dim])
    avals = tuple(each._meta.aval for each in indices)
    kernel = _put_kernel(view._meta.aval, dims, avals, value._meta.aval, target, accumulate)
    inputs = (node_of(view), node_of(value), *[node_of(each) for each in indices])
    write(view, record(kernel, inputs, view.device))


def refuse_value_shape(value, target):
    try:
        fits = np.broadcast_shapes(tuple(value.shape), target) == tuple(target)
    except ValueError:
        fits = False
    if not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value.shape)} cannot be broadcast to "
            f"indexing result of shape {list(target)}"
        )


@functools.cache
def _put_kernel(base, dims, indices, value, target, accumulate):
    sizes = tuple(base.shape[dim] for dim in dims)

    def index_put(array, new, *given):
        given, code = _wrapped(given, sizes)
        key = [slice(None)] * len(array.shape)
        for dim, each in zip(dims, given, strict=True):
            key[dim] = each
        new = jnp.broadcast_to(lax.convert_element_type(new, array.dtype), target)
        place = array.at[tuple(key)]
        if accumulate:
            return (place.add(new) if array.dtype != np.bool_ else place.max(new)), code
        return place.set(new), code

    inputs = (base, value, *indices)
    return Kernel("index_put", index_put, inputs, base, _error_of(dims, sizes))


def _put_where(view, dim, mask, value):
    """One mask and one value need no indices, and so no waiting for the mask."""
    kernel = _where_kernel(view._meta.aval, dim, mask._meta.aval, value._meta.aval)
    write(view, record(kernel, (node_of(view), node_of(mask), node_of(value)), view.device))


@functools.cache
def _where_kernel(base, dim, mask, value):
    shape = (1,) * dim + mask.shape + (1,) * (len(base.shape) - dim - len(mask.shape))

    def masked_put(array, chosen, new):
        chosen = (chosen != 0).reshape(shape)
        return jnp.where(chosen, lax.convert_element_type(new, array.dtype), array)

    return Kernel("index_put", masked_put, (base, mask, value), base)


@composite
def index_put(input, indices, values, accumulate=False):
    """A copy of `input` with `values` at the places that `indices` pick. Source: torch.index_put."""
    return index_put_(input.clone(), indices, values, accumulate)


@composite
def index_put_(input, indices, values, accumulate=False):
    """Write `values` to the places that `indices` (a tensor or None per dim) pick.

    Errors:  IndexError for an index out of range; RuntimeError for another dtype or shape.
    Source:  torch.index_put_.
    """
    refuse_leaf(input)
    if values.dtype is not input.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{input.dtype.scalar_name} for the destination and {values.dtype.scalar_name} for the "
            "source."
        )
    index = tuple(slice(None) if each is None else each for each in indices)
    view, picks = resolve(input, index)
    if picks:
        put(view, picks, values, accumulate)
    return input


Tensor.__getitem__ = getitem
Tensor.__setitem__ = setitem
