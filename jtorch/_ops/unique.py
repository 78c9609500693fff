"""Elements, or slices along a dim, without repeats. How many depends on data: on the host."""

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX
from jtorch._ops.edges import point
from jtorch._ops.families import composite, host
from jtorch._ops.parameters import type_name
from jtorch._ops.refusals import unsupported
from jtorch._shapes import contiguous_strides, wrap_dim
from jtorch._tensor import Tensor, window


def _starts(ordered):
    """Where a run of equal elements (or rows) begins. NaN equals nothing, itself included."""
    differs = ordered[1:] != ordered[:-1]
    if ordered.ndim > 1:
        differs = differs.any(axis=tuple(range(1, ordered.ndim)))
    return np.concatenate([np.ones(min(len(ordered), 1), bool), differs])


def _runs(ordered, order):
    """(one of each run, the run of each element before ordering, the lengths of runs)."""
    starts = _starts(ordered)
    first = np.flatnonzero(starts)
    inverse = np.empty(len(ordered), np.int64)
    inverse[order] = np.cumsum(starts) - 1
    counts = np.diff(np.append(first, len(ordered)))
    return ordered[first], inverse, counts.astype(np.int64)


def _comparable(array):
    """The array in a dtype that numpy orders: the narrow floats of ml_dtypes are not."""
    return array if array.dtype.kind in "biuf" else array.astype(np.float32)


@host(name="unique.flat", variants="")
def _unique_flat(input: Tensor):
    flat = np.ascontiguousarray(input).reshape(-1)
    order = np.argsort(_comparable(flat), kind="stable")
    values, inverse, counts = _runs(flat[order], order)
    return values, inverse.reshape(input.shape), counts


@host(name="unique.rows", variants="")
def _unique_rows(input: Tensor, dim: int):
    rows = np.ascontiguousarray(np.moveaxis(input, dim, 0))
    order = np.arange(len(rows))
    if rows.size:
        order = np.lexsort(_comparable(rows.reshape(len(rows), -1)).T[::-1])
    return _runs(rows[order], order)


@host(name="unique_consecutive.flat", variants="")
def _consecutive_flat(input: Tensor):
    flat = np.ascontiguousarray(input).reshape(-1)
    values, inverse, counts = _runs(flat, np.arange(len(flat)))
    return values, inverse.reshape(input.shape), counts


@host(name="unique_consecutive.rows", variants="")
def _consecutive_rows(input: Tensor, dim: int):
    rows = np.ascontiguousarray(np.moveaxis(input, dim, 0))
    return _runs(rows, np.arange(len(rows)))


def _check_arguments(name, input, dim, **flags):
    if not isinstance(input, Tensor):
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}"
        )
    if dim is not None and (isinstance(dim, bool) or not hasattr(dim, "__index__")):
        raise TypeError(f"{name}(): argument 'dim' (position 2) must be int, not {type_name(dim)}")
    for flag, value in flags.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name}(): argument '{flag}' must be bool, not {type_name(value)}")


def _check_dim(kernel, input, dim):
    """The dim, counted from the front."""
    dim = wrap_dim(dim.__index__(), input.ndim, wrap_scalar=False)
    if not input.numel() and any(not size for axis, size in enumerate(input.shape) if axis != dim):
        raise RuntimeError(
            "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"
        )
    _check_dtype(kernel, input)
    return dim


def _check_dtype(kernel, input):
    if input.dtype.category == COMPLEX or input.dtype in _dtypes.FLOAT8:
        raise unsupported(kernel, input.dtype)


def _results(found, dim, return_inverse, return_counts):
    values, inverse, counts = found
    if dim:
        # torch shows the slices, which lie one after the other, along `dim`; nothing lies as usual
        shape = list(values.shape)
        stride = list(values.stride())
        for each in (shape, stride):
            each.insert(dim, each.pop(0))
        stride = stride if values.numel() else contiguous_strides(shape)
        shown = window(values, shape, stride, 0)
        if values._node is not None:
            values._node._metas = (shown._meta, *values._node._metas[1:])
            point(shown, values._node)
        values = shown
    if not return_inverse and not return_counts:
        return values
    return (values, *((inverse,) if return_inverse else ()), *((counts,) if return_counts else ()))


@composite
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The elements, or the slices along `dim`, each once and in order; where each went; how many.

    Shape:   (*) -> (k), with the inverse (*) and the counts (k); or (*, n, *) -> (*, k, *).
    Dtype:   the input's, which must not be complex; inverse and counts are int64.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for complex numbers.
    Source:  torch.unique; numpy.unique.
    """
    name = "_unique2" if dim is None else "unique_dim"
    _check_arguments(name, input, dim, sorted=sorted, return_inverse=return_inverse,
                     return_counts=return_counts)  # fmt: skip
    if dim is None:
        _check_dtype("unique", input)
        return _results(_unique_flat(input), 0, return_inverse, return_counts)
    dim = _check_dim("unique_dim", input, dim)
    return _results(_unique_rows(input, dim), dim, return_inverse, return_counts)


@composite
def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """The elements, or the slices along `dim`, without those equal to the one before.

    Shape:   (*) -> (k), with the inverse (*) and the counts (k); or (*, n, *) -> (*, k, *).
    Dtype:   the input's, which must not be complex; inverse and counts are int64.
    Errors:  IndexError if `dim` is out of range; NotImplementedError for complex numbers.
    Source:  torch.unique_consecutive.
    """
    _check_arguments("unique_consecutive", input, None, return_inverse=return_inverse,
                     return_counts=return_counts)  # fmt: skip
    if dim is None:
        _check_dtype("unique", input)
        return _results(_consecutive_flat(input), 0, return_inverse, return_counts)
    dim = _check_dim("unique_dim", input, dim)
    return _results(_consecutive_rows(input, dim), dim, return_inverse, return_counts)
