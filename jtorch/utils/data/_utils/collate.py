"""Collating: a list of samples becomes a batch, and arrays become tensors, whatever they lie in."""

import collections.abc
import copy
import re

import numpy as np

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._device import CPU
from jtorch._dtypes import float64
from jtorch._engine.node import leaf
from jtorch._meta import Meta
from jtorch._ops.from_data import as_tensor, tensor
from jtorch._ops.join import stack
from jtorch._tensor import Tensor, from_node
from jtorch.utils.data._utils.worker import get_worker_info

__all__ = [
    "collate",
    "collate_float_fn",
    "collate_int_fn",
    "collate_numpy_array_fn",
    "collate_numpy_scalar_fn",
    "collate_str_fn",
    "collate_tensor_fn",
    "default_collate",
    "default_collate_fn_map",
    "default_convert",
]

np_str_obj_array_pattern = re.compile(r"[SaUO]")
default_collate_err_msg_format = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
)


def __getattr__(name):
    raise missing_attribute(__name__, name)


def default_convert(data):
    """numpy's arrays as tensors, however deep they lie in mappings and sequences; the rest stays.

    Source:  torch.utils.data.default_convert.
    """
    kind = type(data)
    if isinstance(data, Tensor):
        return data
    if kind.__module__ == "numpy" and kind.__name__ not in ("str_", "string_"):
        if kind is np.ndarray and np_str_obj_array_pattern.search(data.dtype.str) is not None:
            return data
        return as_tensor(data)
    if isinstance(data, collections.abc.Mapping):
        return mapping_like(data, lambda key: default_convert(data[key]))
    if isinstance(data, tuple):
        items = [default_convert(each) for each in data]
        return kind(*items) if hasattr(data, "_fields") else items
    if isinstance(data, collections.abc.Sequence) and not isinstance(data, (str, bytes)):
        return sequence_like(data, data, default_convert)
    return data


def mapping_like(model, value_of):
    """A mapping of the kind of `model`, with its keys and the values `value_of(key)`.

    A mutable one is copied and filled, for whatever else it may hold; what cannot be made that way
    becomes a dict.
    """
    try:
        if isinstance(model, collections.abc.MutableMapping):
            made = copy.copy(model)
            made.update({key: value_of(key) for key in model})
            return made
        return type(model)({key: value_of(key) for key in model})
    except TypeError:
        return {key: value_of(key) for key in model}


def sequence_like(model, items, change):
    """A sequence of the kind of `model`, of `change(item)`; a list where that cannot be made."""
    try:
        if isinstance(model, collections.abc.MutableSequence):
            made = copy.copy(model)
            for place, each in enumerate(items):
                made[place] = change(each)
            return made
        return type(model)([change(each) for each in items])
    except TypeError:
        return [change(each) for each in items]


def collate(batch, *, collate_fn_map=None):
    """A batch of samples as one: each function of the map has its types, the rest is containers.

    Errors:  TypeError for what nobody collates; RuntimeError for sequences of unequal lengths.
    Source:  torch.utils.data._utils.collate.collate.
    """
    first = batch[0]
    kind = type(first)
    if collate_fn_map is not None:
        function = collate_fn_map.get(kind)
        if function is None:
            function = next(
                (each for types, each in collate_fn_map.items() if isinstance(first, types)), None
            )
        if function is not None:
            return function(batch, collate_fn_map=collate_fn_map)

    def together(samples):
        return collate(samples, collate_fn_map=collate_fn_map)

    if isinstance(first, collections.abc.Mapping):
        return mapping_like(first, lambda key: together([each[key] for each in batch]))
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return kind(*map(together, zip(*batch, strict=False)))
    if isinstance(first, collections.abc.Sequence):
        if any(len(each) != len(first) for each in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        columns = list(zip(*batch, strict=False))
        if isinstance(first, tuple):
            return [together(column) for column in columns]
        return sequence_like(first, columns, together)
    raise TypeError(default_collate_err_msg_format.format(kind))


def collate_tensor_fn(batch, *, collate_fn_map=None):
    """Tensors stacked."""
    first = batch[0]
    if get_worker_info() is not None:
        # There torch stacks into shared memory that is as large as all of the batch.
        if first.numel() * len(batch) > sum(each.numel() for each in batch):
            raise RuntimeError("Trying to resize storage that is not resizable")
        if any(each.dtype is not first.dtype or _is_tracked(each) for each in batch):
            return stack(batch, 0, out=first.new_empty(0))
    if isinstance(batch, (list, tuple)) and all(_is_like(each, first._meta) for each in batch):
        return _stacked(batch)
    return stack(batch, 0)


def _is_like(tensor, meta):
    """Whether a tensor is plain values in the host's memory, of the shape and dtype of `meta`."""
    return (
        type(tensor) is Tensor
        and tensor._meta.shape == meta.shape
        and tensor._meta.dtype is meta.dtype
        and tensor._meta.device is CPU
        and tensor._tangents is None
        and not _is_tracked(tensor)
    )


def _is_tracked(tensor):
    return tensor._requires_grad and is_grad_enabled()


def _stacked(batch):
    """The stack of tensors, made by numpy: a batch has too many inputs for a program."""
    values = _rows(batch)
    if values is None:
        values = np.stack([each._host() for each in batch])
    meta = Meta(values.shape, batch[0].dtype)
    return from_node(leaf(values, meta.aval), meta)


def _rows(batch):
    """The stack of tensors that are rows of one memory, as a dataset of tensors gives; else None."""
    first = batch[0]
    meta, storage, length = first._meta, first._storage, first._meta.numel
    if not length or storage.host is not None or storage.meta.dtype is not meta.dtype:
        return None
    if any(
        each._storage is not storage or each._meta is not meta or each._offset % length
        for each in batch
    ):
        return None
    if not meta.is_contiguous or meta.mirrored:
        return None
    count = storage.meta.numel // length
    memory = storage.host_read(Meta((count, length), meta.dtype), 0)
    return memory[[each._offset // length for each in batch]].reshape(len(batch), *meta.shape)


def collate_numpy_array_fn(batch, *, collate_fn_map=None):
    """numpy's arrays stacked, as tensors."""
    first = batch[0]
    if np_str_obj_array_pattern.search(first.dtype.str) is not None:
        raise TypeError(default_collate_err_msg_format.format(first.dtype))
    return collate([as_tensor(each) for each in batch], collate_fn_map=collate_fn_map)


def collate_numpy_scalar_fn(batch, *, collate_fn_map=None):
    """numpy's scalars as a tensor."""
    return as_tensor(batch)


def collate_float_fn(batch, *, collate_fn_map=None):
    """Python's floats as a tensor of float64."""
    return tensor(batch, dtype=float64)


def collate_int_fn(batch, *, collate_fn_map=None):
    """Python's integers, and bools, as a tensor."""
    return tensor(batch)


def collate_str_fn(batch, *, collate_fn_map=None):
    """Texts as they are."""
    return batch


default_collate_fn_map = {
    Tensor: collate_tensor_fn,
    np.ndarray: collate_numpy_array_fn,
    (np.bool_, np.number, np.object_): collate_numpy_scalar_fn,
    float: collate_float_fn,
    int: collate_int_fn,
    str: collate_str_fn,
    bytes: collate_str_fn,
}


def default_collate(batch):
    """A list of samples as a batch: tensors, arrays and numbers stacked, containers gone through.

    Errors:  TypeError for samples of other kinds; RuntimeError for samples of unequal sizes.
    Source:  torch.utils.data.default_collate.
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)
