"""`x[index]` and `x[index] = value`: every mixture of integers, slices, None, ..., masks and tensors.

An index is resolved in two steps, as in torch. Integers, slices, None, ... and bools make a window
(a view). What is left are index tensors, one for some dims of that window: they gather, or scatter
(see `picking`).
"""

import operator

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, INTEGRAL
from jtorch._engine.symbolic import current_level
from jtorch._messages import type_name, warn_user
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.convert import type_string
from jtorch._ops.data import array_of_data
from jtorch._ops.edges import tracked
from jtorch._ops.picking import MASKS, gather, put, tensor_over
from jtorch._ops.rebase import assign, refuse_in_place
from jtorch._ops.refusals import FLOAT8_TYPES, HALF_TYPES, check_fits
from jtorch._ops.view import expand, view_
from jtorch._ops.windows import opened
from jtorch._ops.writing import refuse_overlap
from jtorch._tensor import Tensor, node_of

_INDEX_DTYPES = (_dtypes.int64, _dtypes.int32, *MASKS)
_INT64_END = 2**63


def _stands_for_a_tuple(index) -> bool:
    kinds = (Tensor, slice, list, tuple, np.ndarray, str)
    return (
        isinstance(index, (list, range))
        and len(index) < 32
        and any(isinstance(each, kinds) or each is None or each is Ellipsis for each in index)
    )


def _as_items(index):
    """The index as a tuple of items; some lists stand for a tuple, as long as torch allows that."""
    if index.__class__ is tuple:
        return index
    if _stands_for_a_tuple(index):
        warn_user(
            "Using a non-tuple sequence for multidimensional indexing is deprecated and will be "
            "changed in pytorch 2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be "
            "interpreted as tensor index, x[torch.tensor(seq)], which will result either in an error "
            "or a different result"
        )
        return tuple(index)
    return (index,)


def _dims_taken(items) -> int:
    """How many dims the items speak of, so that ... stands for the others."""
    taken = 0
    for item in items:
        kind = item.__class__
        if kind is int or kind is slice:
            taken += 1
        elif item is None or item is Ellipsis or kind is bool:
            pass
        elif isinstance(item, (Tensor, np.ndarray)):
            dtype = item.dtype
            is_mask = dtype in MASKS or dtype == np.bool_ or dtype == np.uint8
            taken += item.ndim if is_mask else 1
        else:
            taken += 1
    return taken


def resolve(tensor, items):
    """(meta, offset, picks): a window onto `tensor`, and its index tensors by dim."""
    meta = tensor._meta
    ndim, sizes, strides = meta.ndim, tuple(meta.shape), meta.stride
    taken = _dims_taken(items)
    if not ndim and len(items) == 1:
        _refuse_zero_dim(items[0])
    if taken > ndim:
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    shape, stride, offset = [], [], tensor._offset
    picks = {}
    dim = 0  # of the tensor; what is behind it is in shape and stride
    for place, item in enumerate(items):
        kind = item.__class__
        if kind is slice:
            start, length, step = _span(item, sizes[dim])
            offset += start * strides[dim]
            shape.append(length)
            stride.append(strides[dim] * step)
            dim += 1
        elif kind is int:
            extent = sizes[dim]
            index = item + extent if item < 0 else item
            if not 0 <= index < extent:
                # torch names the place in the index, which is the dim unless ... or None came before
                _from_front(item, extent, place)
            offset += index * strides[dim]
            dim += 1
        elif item is Ellipsis:
            until = dim + ndim - taken
            shape += sizes[dim:until]
            stride += strides[dim:until]
            dim = until
        elif item is not None and kind is not bool and _is_integer(item):
            offset += _from_front(operator.index(item), sizes[dim], place) * strides[dim]
            dim += 1
        else:
            if item is None or kind is bool:
                found, width = None if item is None else _truth(item), 0
            else:
                found = index_tensor(item)
                width = found.ndim if found.dtype in MASKS else 1
                if not width and not found.ndim:  # not the mask itself is kept: torch makes another
                    found = found.reshape(1).clone()
            if found is not None:
                picks[len(shape)] = found
            if not width:
                shape.append(1)
                stride.append(sizes[dim] * strides[dim] if dim < ndim else 1)
            shape += sizes[dim : dim + width]
            stride += strides[dim : dim + width]
            dim += width
    if dim < ndim:
        shape += sizes[dim:]
        stride += strides[dim:]
    return Meta(tuple(shape), meta.dtype, meta.device, tuple(stride), meta.mirrored), offset, picks


def _refuse_zero_dim(item):
    if item.__class__ is int:
        _from_front(item, int(item == 0), 0)
        raise IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in "
            "C++ to convert a 0-dim tensor to a number"
        )
    if item.__class__ is slice:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")


def _is_integer(item):
    if isinstance(item, Tensor):
        if (
            current_level() is not None
            and item._storage.host is None
            and node_of(item).value is None
        ):
            return False  # it may stand for several values: then it picks, as an index tensor does
        return not item.ndim and item.dtype.category == INTEGRAL and item.dtype is not _dtypes.uint8
    if isinstance(item, np.ndarray):
        return not item.ndim and item.dtype.kind in "iu"
    return hasattr(item, "__index__") and not isinstance(item, np.bool_)


def _span(item, extent):
    """(start, length, step) of a slice of a dim."""
    start, stop, step = item.indices(extent)
    if step == 1:
        return start, stop - start if stop > start else 0, 1
    if step < 0:
        raise ValueError("step must be greater than zero")
    return start, max(stop - start + step - 1, 0) // step, step


def _from_front(index, extent, place):
    if not -_INT64_END <= index < _INT64_END:
        raise ValueError("Overflow when unpacking long long")
    if not -extent <= index < extent:
        raise IndexError(f"index {index} is out of bounds for dimension {place} with size {extent}")
    return index + extent if index < 0 else index


_TRUTHS = {}


def _truth(value):
    """The index tensor of True, which picks a new dim of extent 1, or of False."""
    if value not in _TRUTHS:
        _TRUTHS[value] = tensor_over(np.zeros(1 if value else 0, np.int64))
    return _TRUTHS[value]


def index_tensor(item):
    """What stands in an index for a tensor, as one."""
    if isinstance(item, Tensor):
        found = item
    elif isinstance(item, (list, tuple, range, np.ndarray)):
        found = tensor_over(_index_array(item))
    elif isinstance(item, str):
        raise TypeError(f"new(): invalid data type '{type_name(item)}'")
    else:
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {_numpy_name(item)})"
        )
    if found.dtype not in _INDEX_DTYPES:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if found.dtype is _dtypes.uint8 and found.ndim:
        warn_user(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
            "instead."
        )
    return found


def _index_array(data):
    """Data as numbers or truths to index with; other numbers become int64, as torch makes them."""
    array, dtype = array_of_data(list(data) if isinstance(data, range) else data)
    if dtype in MASKS:
        return array
    if dtype.category == COMPLEX:
        raise TypeError("'complex' object cannot be interpreted as an integer")
    return array.astype(np.int64)


def _numpy_name(value):
    """The name of a class with its module, as torch gives it for classes that are not built in."""
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


# Reading

_rows = {}  # meta -> (meta of `x[i]`, extent, step)
_spans = {}  # (meta, length, step) -> meta of `x[i:j:step]`


def _row(meta):
    found = Meta(
        tuple(meta.shape[1:]), meta.dtype, meta.device, meta.stride[1:], meta.mirrored
    ), meta.shape[0], meta.stride[0]  # fmt: skip
    _rows[meta] = found
    return found


def _rows_from(meta, length, step):
    found = _spans.get((meta, length, step))
    if found is None:
        shape = (length, *meta.shape[1:])
        stride = (meta.stride[0] * step, *meta.stride[1:])
        found = Meta(shape, meta.dtype, meta.device, stride, meta.mirrored)
        _spans[meta, length, step] = found
    return found


def getitem(self, index):
    """`self[index]`: a view where no tensor takes part, else a copy."""
    meta = self._meta
    kind = index.__class__
    if meta.ndim:
        if kind is int:
            row, extent, step = _rows.get(meta) or _row(meta)
            place = index
            if -extent <= index < 0:
                place += extent
            elif not 0 <= index < extent:
                _from_front(index, extent, 0)
            view = opened(
                self, row, self._offset + place * step, "select", lambda it: _again(it, (index,))
            )
            if view._node is not None:
                _note(view, "select", 0, index)
            return view
        if kind is slice:
            start, length, step = _span(index, meta.shape[0])
            rows = _rows_from(meta, length, step)
            view = opened(
                self, rows, self._offset + start * meta.stride[0], "slice",
                lambda it: _again(it, (index,)),
            )  # fmt: skip
            if view._node is not None:
                _note(view, "slice", 0, index)
            return view
    items = index if kind is tuple else _as_items(index)
    if tracked((self,)):
        return _step_by_step(self, items)
    found, offset, picks = resolve(self, items)
    view = opened(self, found, offset, "alias", lambda it: _again(it, items))
    return gather(view, picks) if picks else view


def _again(tensor, items):
    """What the items come to for another tensor of the same shape: (meta, distance)."""
    meta, offset, _ = resolve(tensor, items)
    return meta, offset - tensor._offset


def _note(view, name, dim, item):
    """Let the node of a view know what it did, for its attributes (`_saved_dim`)."""
    known = {"dim": dim}
    if name == "select":
        known["index"] = int(item)
    elif name == "slice":
        known["start"] = 0 if item.start is None else int(item.start)
        known["end"] = _INT64_END - 1 if item.stop is None else int(item.stop)
        known["step"] = 1 if item.step is None else int(item.step)
    view._node._arguments = known


def _step_by_step(tensor, items):
    """`tensor[items]`, with a view of its own for each item, as torch's graph has them."""
    resolve(tensor, items)  # raises what there is to raise
    picks = {}
    whole, whole_tensor = slice(None), tensor
    taken = _dims_taken(items)
    if len(items) == 1 and (items[0] is Ellipsis or items[0] == () or _is_whole_slice(items[0])):
        name = "alias" if items[0] is Ellipsis else "slice"
        return opened(tensor, tensor._meta, tensor._offset, name, lambda it: (None, 0))
    if not items:
        return opened(tensor, tensor._meta, tensor._offset, "alias", lambda it: (None, 0))
    dim, ndim = 0, tensor.ndim
    for item in items:
        if item is Ellipsis:
            dim += ndim - taken
            continue
        if item.__class__ is slice and _takes_all(item, tensor.shape[dim]):
            dim += 1
            continue
        step = (*[whole] * dim, item)
        meta, offset, found = resolve(tensor, step)
        if item.__class__ is slice:
            name = "slice"
        elif item is None or item.__class__ is bool:
            name = "unsqueeze"
        else:
            name = "select"
        if not found or name == "unsqueeze":
            tensor = opened(tensor, meta, offset, name, lambda it, step=step: _again(it, step))
            if tensor._node is not None:
                _note(tensor, name, dim, item)
        elif meta.shape != tensor.shape:  # a number as an index tensor brings a dim
            tensor = opened(
                tensor, meta, offset, "unsqueeze", lambda it, step=step: _again(it, step)
            )
        for place, each in found.items():
            picks[place] = each
            dim += each.ndim if each.dtype in MASKS else 1
        if not found and name != "select":
            dim += 1
    if picks:
        return gather(tensor, picks)
    if tensor is whole_tensor:
        return opened(tensor, tensor._meta, tensor._offset, "alias", lambda it: (None, 0))
    return tensor


def _is_whole_slice(item):
    return item.__class__ is slice and item == slice(None)


def _takes_all(item, extent):
    """Whether a slice stands for all of a dim, as torch finds it out: from 0 to the end or beyond."""
    return (
        item.start in (None, 0)
        and item.step in (None, 1)
        and (item.stop is None or (item.stop.__class__ is int and item.stop >= extent))
    )


# Writing


def setitem(self, index, value):
    """`self[index] = value`, broadcast, in the dtype of `self`."""
    if not isinstance(value, (Tensor, int, float, complex)):
        value = _plain_number(self, value)
    if index is False:
        return
    if index is True:
        index = None
    items = _as_items(index)
    meta, offset, picks = resolve(self, items)
    view = self
    if meta is not self._meta or offset != self._offset:
        view = opened(self, meta, offset, _name_of_view(items), lambda it: _again(it, items))
    if not isinstance(value, Tensor):
        _require_fit(value, meta.dtype)
        _refuse_leaf_behind(self, view)
        if picks:
            put(view, picks, constant(Meta((), meta.dtype, meta.device), value))
        else:
            _fill(view, value)
    elif picks:
        _refuse_leaf_behind(self, view)
        put(
            view, picks, _without_leading_ones(value), whole=self if _is_whole(view, self) else None
        )
    else:
        if value.shape != view.shape and value.ndim:
            value = expand(_without_leading_ones(value), tuple(view.shape))
        _refuse_leaf_behind(self, view)
        if value.ndim or not view.ndim:
            view.copy_(value)
        else:
            view.fill_(value)


def _refuse_leaf_behind(tensor, view):
    """The error for `tensor[...] = value`; what is the tensor as a whole is no view of it to torch."""
    refuse_in_place(tensor if _is_whole(view, tensor) else view)


def _name_of_view(items):
    """The last view that torch makes of a tensor for these items, as its error calls it."""
    for item in reversed(items):
        if item.__class__ is slice:
            return "slice"
        if item is None or item.__class__ is bool:
            return "unsqueeze"
        if item is not Ellipsis and _is_integer(item):
            return "select"
    return "alias"


def _is_whole(view, tensor):
    return view._meta is tensor._meta and view._offset == tensor._offset


def _plain_number(target, value):
    """An integer of numpy's as Python's; torch takes no other numpy scalar.

    Errors:  TypeError for everything else.
    """
    if isinstance(value, np.integer):
        return int(value)
    raise TypeError(f"can't assign a {_numpy_name(value)} to a {_type_string(target)}")


def _type_string(tensor):
    return type_string(tensor.dtype, tensor.device)


def _require_fit(value, dtype):
    """Raise torch's error for a number that the dtype does not hold."""
    if isinstance(value, int) and not -_INT64_END <= value < _INT64_END:
        raise ValueError("Overflow when unpacking long long")
    if dtype not in HALF_TYPES and dtype not in FLOAT8_TYPES:
        check_fits(value, dtype)
    elif isinstance(value, complex):
        check_fits(value, _dtypes.float64)  # they overflow to infinity, by way of double


def _fill(view, value):
    """Write one number everywhere: as data of the program, so that no value compiles anything."""
    refuse_overlap(view, ())
    assign(view, constant(view._meta.replaced(), value), "FillBackward3")


def _without_leading_ones(value):
    """torch drops leading dims of extent 1 of what it assigns."""
    extra = 0
    while extra < value.ndim and value.shape[extra] == 1:
        extra += 1
    return view_(value, tuple(value.shape[extra:])) if extra else value


Tensor.__getitem__ = getitem
Tensor.__setitem__ = setitem
