"""Derivatives by differences: a function is run with an input moved a little, there and back."""

import numpy as np

from jtorch._engine.node import leaf
from jtorch._ops.writing import on_device
from jtorch._tensor import Tensor, write


def as_tuple(result):
    """What a function gives, as a tuple."""
    if isinstance(result, tuple):
        return result
    return tuple(result) if isinstance(result, list) else (result,)


def difference(function, tensor, step, eps, place=None):
    """How far each output of `function()` moves for each unit that `tensor` moves by `step`.

    The central difference over `eps` both ways: flat arrays, one per output. The tensor is moved in
    its memory, so that a function which does not take it as an argument sees it move, too.
    """
    before = np.array(tensor._host())
    back = _outputs_at(function, tensor, before, -eps * step)
    there = _outputs_at(function, tensor, before, eps * step)
    found = []
    where = "" if place is None else f"on index {place} "
    for (low, shape, dtype), (high, moved_shape, moved_dtype) in zip(back, there, strict=True):
        expected = "Expected `func` to return outputs with the same {} when inputs are perturbed "
        if shape != moved_shape:
            raise AssertionError(
                expected.format("shape")
                + f"{where}by {eps}, but got: shapes {shape} and {moved_shape}."
            )
        if dtype is not moved_dtype:
            raise AssertionError(
                expected.format("dtype")
                + f"{where}by {eps}, but got: dtypes {dtype} and {moved_dtype}."
            )
        if high.dtype.kind == "b":
            low, high = low.astype(np.int8), high.astype(np.int8)
        found.append((high - low) / (2 * eps))
    return found


def _outputs_at(function, tensor, before, step):
    """What `function()` gives while a tensor is elsewhere: (flat array, shape, dtype) per output."""
    wide = np.complex128 if before.dtype.kind == "c" else np.float64
    with np.errstate(over="ignore"):
        moved = (before.astype(wide) + np.reshape(step, before.shape)).astype(before.dtype)
    data = tensor.data
    _put(data, moved)
    try:
        return [
            (each._host().reshape(-1).copy(), each.shape, each.dtype)
            for each in as_tuple(function())
        ]
    finally:
        _put(data, before)


def _put(data, array):
    write(data, leaf(on_device(array.copy(), data.device), data._meta.aval))


def difference_jacobian(function, tensor, eps):
    """The Jacobians of the outputs of `function()` by differences: (elements in, elements out) each.

    Of a complex tensor, the derivative by the real part plus 1j times that by the imaginary part.
    """
    columns = []
    count = tensor.numel()
    for index in range(count):
        unit = np.zeros(count)
        unit[index] = 1
        place = tuple(int(each) for each in np.unravel_index(index, tuple(tensor.shape)))
        found = difference(function, tensor, unit, eps, place)
        if tensor.is_complex():
            across = difference(function, tensor, 1j * unit, eps, place)
            found = [x + 1j * y for x, y in zip(found, across, strict=True)]
        columns.append(found)
    if not columns:
        return [np.zeros((0, each.numel())) for each in as_tuple(function())]
    return [np.stack(each) for each in zip(*columns, strict=True)]


def inexact_tensors(values):
    """Those that are tensors of floating point or complex dtype and want gradients."""
    return [
        each
        for each in values
        if isinstance(each, Tensor)
        and each.requires_grad
        and (each.is_floating_point() or each.is_complex())
    ]
