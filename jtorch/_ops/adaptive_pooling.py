"""Adaptive pooling: windows that divide each dim into as many parts as the result is to have."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints
from jtorch._ops.pooling import check_line, several
from jtorch._ops.product import HALF
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._ops.sliding import evenly, largest_with_places, sums
from jtorch._shapes import (
    channels_last_3d_strides,
    channels_last_strides,
    suggested_format,
)
from jtorch._tensor import Tensor

_NO_FLOATS = (BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)
_LAYOUTS = {2: kept_format, 3: None}
_KERNELS = {2: "", 3: "_cpu"}


def _windows(input, output_size):
    first = input.ndim - len(output_size)
    return tuple(
        (first + place, evenly(input.shape[first + place], output_size[place]))
        for place in reversed(range(len(output_size)))
    )


def _result(input, output_size):
    return (*input.shape[: len(input.shape) - len(output_size)], *output_size)


# Means


def _check_mean(count):
    name = f"adaptive_avg_pool{count}d"
    refuse = refuses(name + _KERNELS[count], *_NO_FLOATS)

    def check(input, output_size):
        if input.ndim not in (count + 1, count + 2):
            raise RuntimeError(
                f"{name}(): Expected {count + 1}D or {count + 2}D tensor, but got "
                f"{list(input.shape)}"
            )
        for dim in range(input.ndim - 2 if count == 2 else 1, input.ndim):
            _require_size(name, input, dim)
        refuse(input)

    return check


def _require_size(name, input, dim):
    if not input.shape[dim]:
        raise RuntimeError(
            f"{name}(): Expected input to have non-zero size for non-batch dimensions, but input "
            f"has sizes {list(input.shape)} with dimension {dim} being empty"
        )


def _mean(input: Tensor, output_size: Ints):
    if 0 in output_size:
        return jnp.zeros(_result(input, output_size), input.dtype)
    windows = _windows(input, output_size)
    total = sums(input.astype(np.float32) if input.dtype in HALF else input, windows)
    lengths = []
    for dim, window in windows:
        shape = [1] * input.ndim
        shape[dim] = window.count
        lengths.append(window.inside.sum(1).reshape(shape))
    counts = functools.reduce(np.multiply, lengths)
    return (total / counts.astype(total.dtype)).astype(input.dtype)


def _mean_row(count):
    return detailed(
        name=f"_adaptive_avg_pool{count}d",
        variants="",
        check=_check_mean(count),
        shape=_result,
        dtype=lambda input: input.dtype,
        layout=_LAYOUTS[count],
        gradient=f"AdaptiveAvgPool{count}DBackward0",
    )(_mean)


_mean_rows = {2: _mean_row(2), 3: _mean_row(3)}
_LAST = {"channels_last": channels_last_strides, "channels_last_3d": channels_last_3d_strides}
_MARKS = {2: (", ",), 3: (", ", ",")}  # torch forgets a space


def _averaged(input, output_size, count):
    name = f"adaptive_avg_pool{count}d"
    sizes = several(output_size)
    if len(sizes) == 1 and not isinstance(output_size, (tuple, list)):
        sizes *= count
    if len(sizes) != count:
        raise RuntimeError(f"{name}: output_size must be {count}")
    if min(sizes) < 0:
        marks = (*_MARKS[count], "")
        text = "".join(f"{size}{mark}" for size, mark in zip(sizes, marks, strict=True))
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received "
            f"{{{text}}}"
        )
    if sizes != (1,) * count:
        return _mean_rows[count](input, sizes)
    found = input.mean(tuple(range(-count, 0)), keepdim=True)
    strides = _LAST.get(suggested_format(input.shape, input.stride()))
    if strides is not None and found.ndim == count + 2:
        found.as_strided_(found.shape, strides(found.shape))
    return found


@offered("(Tensor input, tuple of ints output_size)")
def adaptive_avg_pool2d(input, output_size):
    """The means of parts of the last two dims. Source: torch.nn.functional.adaptive_avg_pool2d."""
    require_tensors(input)
    return _averaged(input, output_size, 2)


@offered("(Tensor input, tuple of ints output_size)")
def adaptive_avg_pool3d(input, output_size):
    """The means of parts of the last three dims. Source: torch.nn.functional.adaptive_avg_pool3d."""
    require_tensors(input)
    return _averaged(input, output_size, 3)


@offered("(Tensor input, tuple of ints output_size)", variants="f")
def adaptive_avg_pool1d(input, output_size):
    """The means of `output_size` parts of the last dim.

    Shape:   (N, C, W) or (C, W) -> with `output_size` for W.
    Errors:  RuntimeError if the sizes do not suit; NotImplementedError for integers.
    Source:  torch.adaptive_avg_pool1d.
    """
    require_tensors(input)
    size = _given(output_size)
    check_line("adaptive_avg_pool1d", input, output_size=size)
    return _averaged(input.unsqueeze(2 if input.ndim == 3 else -2), (1, *size), 2).squeeze(-2)


def _given(output_size):
    if output_size is None:
        raise TypeError("torch has words for this")
    return several(output_size)


# Maxima


def _check_largest(count):
    name = f"adaptive_max_pool{count}d"
    refuse = refuses(name + _KERNELS[count], *_NO_FLOATS)

    def check(input, output_size):
        if input.ndim not in (count + 1, count + 2):
            raise RuntimeError(
                f"{name}(): Expected {count + 1}D or {count + 2}D tensor, but got: "
                f"{list(input.shape)}"
            )
        for dim in range(1, input.ndim):
            _require_size(name, input, dim)
        if len(output_size) != count:
            raise RuntimeError(f"{name}(): internal error: output_size.size() must be {count}")
        if min(output_size) < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {min(output_size)}: "
                f"{list(_result(input, output_size))}"
            )
        refuse(input)

    return check


def _largest_with_places(input: Tensor, output_size: Ints):
    if 0 in output_size:
        shape = _result(input, output_size)
        return jnp.zeros(shape, input.dtype), jnp.zeros(shape, np.int64)
    return largest_with_places(input, _windows(input, output_size))


def _largest_row(count):
    return detailed(
        name=f"adaptive_max_pool{count}d",
        variants="",
        check=_check_largest(count),
        layout=(_LAYOUTS[count],) * 2,
        gradient=f"AdaptiveMaxPool{count}DBackward0",
    )(_largest_with_places)


_largest_rows = {2: _largest_row(2), 3: _largest_row(3)}


def adaptive_max_pool(input, output_size, count):
    """(the largest elements of parts of the last `count` dims, their places in the plane)."""
    if not isinstance(output_size, (tuple, list)):
        output_size = (output_size,) * count
    return _largest_rows[count](input, output_size)


@offered("(Tensor input, tuple of ints output_size)", variants="f")
def adaptive_max_pool1d(input, output_size):
    """(the largest elements of `output_size` parts of the last dim, their places).

    Shape:   (N, C, W) or (C, W) -> with `output_size` for W.
    Errors:  RuntimeError if the sizes do not suit; NotImplementedError for integers.
    Source:  torch.adaptive_max_pool1d.
    """
    require_tensors(input)
    size = _given(output_size)
    check_line("adaptive_max_pool1d", input, output_size=size)
    for dim in range(1, input.ndim):
        _require_size("adaptive_max_pool1d", input, dim)
    found = adaptive_max_pool(input.unsqueeze(-2), (1, *size), 2)
    return tuple([each.squeeze(-2) for each in found])
