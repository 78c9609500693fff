"""Average pooling: the mean of each window, or its sum by a number."""

import functools

import numpy as np
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.division import quotient
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints
from jtorch._ops.pooling import (
    SIZES_ROWS,
    Shape,
    check_counts,
    check_line,
    check_shape,
    require_bools,
    several,
)
from jtorch._ops.product import HALF
from jtorch._ops.refusals import (
    BAREBONES,
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    HALF_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._ops.sliding import sums
from jtorch._tensor import Tensor

_INTEGERS_BUT_LONG = tuple(each for each in INTEGER_TYPES if each.name != "int64")
_REFUSED = (BOOL_TYPES, _INTEGERS_BUT_LONG, COMPLEX_TYPES, FLOAT8_TYPES, BAREBONES)
_refuse_planes = refuses("avg_pool2d", *_REFUSED)
_refuse_volumes = refuses("avg_pool3d_out_frame", HALF_TYPES, *_REFUSED)


def _shape_of(input, count, kernel_size, stride, padding, ceil_mode):
    return Shape(input, count, kernel_size, stride, padding, (1,), ceil_mode)


def _check_divisor(divisor_override):
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")


def _check_planes(input, kernel_size, stride, padding, ceil_mode, divisor_override):
    check_counts("avg_pool2d", 2, kernel_size, stride, padding)
    _check_divisor(divisor_override)
    input.size(-3)
    check_shape(_shape_of(input, 2, kernel_size, stride, padding, ceil_mode))
    _refuse_planes(input)


def _check_volumes(input, kernel_size, stride, padding, ceil_mode, divisor_override):
    check_counts("avg_pool3d", 3, kernel_size, stride, padding, either=False)
    if input.ndim not in (4, 5):
        raise RuntimeError("non-empty 4D or 5D (batch mode) tensor expected for input")
    _check_divisor(divisor_override)
    shape = _shape_of(input, 3, kernel_size, stride, padding, ceil_mode)
    check_shape(shape, "avg_pool3d()", fits_kernel=True)
    _refuse_volumes(input)


def _counted(window, count_include_pad):
    """How many elements of each window count: those inside, or within the borders, too."""
    if count_include_pad:
        within = window.places < window.size + window.before
        return within.sum(1)
    return window.inside.sum(1)


def _divisors(windows, count_include_pad, ndim):
    """What the sums are divided by: a number, or an array where windows differ."""
    factors = []
    for dim, window in windows:
        shape = [1] * ndim
        shape[dim] = window.count
        factors.append(_counted(window, count_include_pad).reshape(shape))
    divisors = functools.reduce(np.multiply, factors)
    # what no window reads would divide by 0
    divisors = np.maximum(divisors, 1)
    return int(divisors.flat[0]) if (divisors == divisors.flat[0]).all() else divisors


def _mean(count):
    def body(
        input: Tensor,
        kernel_size: Ints,
        stride: Ints | None = (),
        padding: Ints = (0,),
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ):
        windows = _shape_of(input, count, kernel_size, stride, padding, ceil_mode).windows()
        wide = input.astype(np.float32) if input.dtype in HALF else input
        total = sums(wide, windows)
        divisors = divisor_override
        if divisors is None:
            divisors = _divisors(windows, count_include_pad, input.ndim)
        divisors = jnp.asarray(divisors).astype(total.dtype)
        if jnp.issubdtype(total.dtype, np.integer):
            return quotient(total, jnp.broadcast_to(divisors, total.shape))  # towards 0
        return (total / divisors).astype(input.dtype)

    return body


def _row(count, check, layout):
    def result(input, kernel_size, stride, padding, ceil_mode):
        return _shape_of(input, count, kernel_size, stride, padding, ceil_mode).result

    return detailed(
        name=f"avg_pool{count}d",
        row=SIZES_ROWS[count],
        variants="o",
        check=check,
        shape=result,
        dtype=lambda input: input.dtype,
        layout=layout,
        gradient=f"AvgPool{count}DBackward0",
        cast_out=False,
    )(_mean(count))


avg_pool2d = _row(2, _check_planes, kept_format)
avg_pool3d = _row(3, _check_volumes, None)


@offered(
    "(Tensor input, tuple of ints kernel_size, tuple of ints? stride = None, tuple of ints padding "
    "= 0, bool ceil_mode = False, bool count_include_pad = True)",
    variants="f",
)
def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The mean of each window along the last dim.

    Shape:   (N, C, W) or (C, W) -> with the number of windows for W.
    Errors:  RuntimeError if the sizes do not suit; NotImplementedError for integers but int64.
    Source:  torch.avg_pool1d.
    """
    require_tensors(input)
    require_bools(ceil_mode, count_include_pad)
    kernel, stride, pad = map(several, (kernel_size, stride, padding))
    check_line("avg_pool1d", input, kernel_size=kernel, stride=stride, padding=pad)
    found = avg_pool2d(
        input.unsqueeze(-2), (1, *kernel), (1, *(stride or kernel)), (0, *pad), ceil_mode,
        count_include_pad,
    )  # fmt: skip
    return found.squeeze(-2)
