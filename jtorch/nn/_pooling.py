"""The poolings of torch.nn.functional, as users call them; the rows are elsewhere."""

import functools
import math
from collections.abc import Iterable

from jtorch._ops import adaptive_pooling, average_pooling, max_pooling
from jtorch._ops.adaptive_pooling import adaptive_avg_pool1d
from jtorch._ops.average_pooling import avg_pool1d
from jtorch._ops.extremes import relu
from jtorch._ops.pooling import list_with_default
from jtorch._override import overridable

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices", "adaptive_max_pool2d", "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d", "adaptive_max_pool3d_with_indices", "avg_pool1d", "avg_pool2d",
    "avg_pool3d", "lp_pool1d", "lp_pool2d", "lp_pool3d", "max_pool1d", "max_pool1d_with_indices",
    "max_pool2d", "max_pool2d_with_indices", "max_pool3d", "max_pool3d_with_indices",
]  # fmt: skip

avg_pool2d = average_pooling.avg_pool2d
avg_pool3d = average_pooling.avg_pool3d


def by_return_indices(name, place, with_indices, values):
    """The function `name`: one of two, by the argument `return_indices` at a place."""

    @functools.wraps(values)
    def function(*args, **kwargs):
        wanted = args[place] if len(args) > place else kwargs.get("return_indices", False)
        return with_indices(*args, **kwargs) if wanted else values(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "torch.nn.functional"
    function.__doc__ = with_indices.__doc__
    return function


def named(function, name, doc=None):
    """The function under the name that errors and overriding classes see."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return overridable(function)


def _max_pools(count, dims):
    """(the function, that of both results) for windows of so many dims."""

    def by(row):
        def function(
            input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False,
            return_indices=False,
        ):  # fmt: skip
            stride = () if stride is None else stride
            return row(input, kernel_size, stride, padding, dilation, ceil_mode)

        return function

    name = f"max_pool{count}d"
    doc = f"""The largest element of each window {dims}; with its place if `return_indices`.

    Source:  torch.nn.functional.{name}.
    """
    both = f"{name}_with_indices"
    with_indices = named(by(getattr(max_pooling, both)), both, doc)
    values = named(by(getattr(max_pooling, name)), f"_{name}")
    return by_return_indices(name, 6, with_indices, values), with_indices


max_pool1d, max_pool1d_with_indices = _max_pools(1, "along the last dim")
max_pool2d, max_pool2d_with_indices = _max_pools(2, "of the last two dims")
max_pool3d, max_pool3d_with_indices = _max_pools(3, "of the last three dims")


# Adaptive


@overridable
def adaptive_avg_pool2d(input, output_size):
    """The means of `output_size` parts of the last two dims; None: the dim as it is.

    Source:  torch.nn.functional.adaptive_avg_pool2d.
    """
    sizes = list_with_default(output_size, input.size())
    return adaptive_pooling.adaptive_avg_pool2d(input, sizes)


@overridable
def adaptive_avg_pool3d(input, output_size):
    """The means of `output_size` parts of the last three dims; None: the dim as it is.

    Source:  torch.nn.functional.adaptive_avg_pool3d.
    """
    sizes = list_with_default(output_size, input.size())
    return adaptive_pooling.adaptive_avg_pool3d(input, sizes)


def _largest_of_parts(count):
    def largest(input, output_size):
        sizes = list_with_default(output_size, input.size())
        return adaptive_pooling.adaptive_max_pool(input, sizes, count)

    return largest


def _adaptive_max_pools(count, parts, compute):
    """(the function, that of both results) for parts of so many dims."""

    def with_indices(input, output_size, return_indices=False):
        return compute(input, output_size)

    def values(input, output_size, return_indices=False):
        return compute(input, output_size)[0]

    name = f"adaptive_max_pool{count}d"
    doc = f"""The largest elements of {parts}; with places if `return_indices`.

    Source:  torch.nn.functional.{name}.
    """
    with_indices = named(with_indices, f"{name}_with_indices", doc)
    values = named(values, f"_{name}")
    return by_return_indices(name, 2, with_indices, values), with_indices


adaptive_max_pool1d, adaptive_max_pool1d_with_indices = _adaptive_max_pools(
    1, "`output_size` parts of the last dim", adaptive_pooling.adaptive_max_pool1d
)
adaptive_max_pool2d, adaptive_max_pool2d_with_indices = _adaptive_max_pools(
    2, "parts of the last two dims", _largest_of_parts(2)
)
adaptive_max_pool3d, adaptive_max_pool3d_with_indices = _adaptive_max_pools(
    3, "parts of the last three dims", _largest_of_parts(3)
)


# Powers


def _power_pooled(largest, mean, input, norm_type, kernel_size, stride, ceil_mode, count):
    """The root of the sum of powers, over windows; `count`: what the mean was divided by."""
    if isinstance(norm_type, (int, float)):
        if norm_type == float("inf"):
            return largest(input.abs(), kernel_size, stride, 0, 1, ceil_mode)
        if norm_type == -float("inf"):
            return -largest(-input.abs(), kernel_size, stride, 0, 1, ceil_mode)
    found = mean(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    return (found.sign() * relu(found.abs())).mul(count).pow(1.0 / norm_type)


def _product(kernel_size, dims):
    sizes = tuple(kernel_size) if isinstance(kernel_size, Iterable) else (kernel_size,) * dims
    if len(sizes) != dims:
        few = "not enough" if len(sizes) < dims else "too many"
        got = f", got {len(sizes)}" if len(sizes) < dims else ""
        raise ValueError(f"{few} values to unpack (expected {dims}{got})")
    return math.prod(sizes)


@overridable
def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """(sum of x ** p) ** (1 / p) for each window of the last dim; the largest for infinity.

    Source:  torch.nn.functional.lp_pool1d.
    """
    return _power_pooled(
        max_pool1d, avg_pool1d, input, norm_type, kernel_size, stride, ceil_mode, kernel_size
    )


@overridable
def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """`lp_pool1d` of the last two dims. Source: torch.nn.functional.lp_pool2d."""
    count = _product(kernel_size, 2)
    return _power_pooled(
        max_pool2d, avg_pool2d, input, norm_type, kernel_size, stride, ceil_mode, count
    )


@overridable
def lp_pool3d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """`lp_pool1d` of the last three dims. Source: torch.nn.functional.lp_pool3d."""
    count = _product(kernel_size, 3)
    return _power_pooled(
        max_pool3d, avg_pool3d, input, norm_type, kernel_size, stride, ceil_mode, count
    )
