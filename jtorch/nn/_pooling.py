"""The poolings of torch.nn.functional, as users call them; the rows are elsewhere."""

import functools

from jtorch._ops import average_pooling, max_pooling
from jtorch._ops.average_pooling import avg_pool1d
from jtorch._override import overridable

__all__ = [
    "avg_pool1d", "avg_pool2d", "avg_pool3d", "max_pool1d", "max_pool1d_with_indices",
    "max_pool2d", "max_pool2d_with_indices", "max_pool3d", "max_pool3d_with_indices",
]  # fmt: skip

avg_pool2d = average_pooling.avg_pool2d
avg_pool3d = average_pooling.avg_pool3d


def _by_return_indices(name, place, with_indices, values):
    """The function `name`: one of two, by the argument `return_indices` at a place."""

    @functools.wraps(values)
    def function(*args, **kwargs):
        wanted = args[place] if len(args) > place else kwargs.get("return_indices", False)
        return with_indices(*args, **kwargs) if wanted else values(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "torch.nn.functional"
    function.__doc__ = with_indices.__doc__
    return function


def max_pool1d_with_indices(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    """The largest element of each window along the last dim; with its place if `return_indices`.

    Source:  torch.nn.functional.max_pool1d.
    """
    return max_pooling.max_pool1d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def _max_pool1d(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    stride = () if stride is None else stride
    return max_pooling.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d_with_indices(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    """The largest element of each window of the last two dims; with its place if `return_indices`.

    Source:  torch.nn.functional.max_pool2d.
    """
    return max_pooling.max_pool2d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def _max_pool2d(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    stride = () if stride is None else stride
    return max_pooling.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool3d_with_indices(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    """The largest element of each window of the last three dims; with its place if `return_indices`.

    Source:  torch.nn.functional.max_pool3d.
    """
    return max_pooling.max_pool3d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def _max_pool3d(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False
):
    stride = () if stride is None else stride
    return max_pooling.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode)


max_pool1d_with_indices, _max_pool1d, max_pool2d_with_indices, _max_pool2d = map(
    overridable, (max_pool1d_with_indices, _max_pool1d, max_pool2d_with_indices, _max_pool2d)
)
max_pool3d_with_indices, _max_pool3d = map(overridable, (max_pool3d_with_indices, _max_pool3d))
max_pool1d = _by_return_indices("max_pool1d", 6, max_pool1d_with_indices, _max_pool1d)
max_pool2d = _by_return_indices("max_pool2d", 6, max_pool2d_with_indices, _max_pool2d)
max_pool3d = _by_return_indices("max_pool3d", 6, max_pool3d_with_indices, _max_pool3d)
