"""Unpooling and fractional pooling, as torch.nn.functional has them."""

from collections.abc import Iterable

from jtorch._ops import fractional_pooling, unpooling
from jtorch._ops.random import rand
from jtorch._override import overridable
from jtorch.nn._pooling import by_return_indices, named

__all__ = [
    "fractional_max_pool2d", "fractional_max_pool2d_with_indices", "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices", "max_unpool1d", "max_unpool2d", "max_unpool3d",
]  # fmt: skip


def _tuple(value, count):
    return tuple(value) if isinstance(value, Iterable) else (value,) * count


# Unpooling


def _sizes(input, kernel_size, stride, padding, count):
    """The sizes for each dim, and those of the result where none are asked for."""
    kernel = _tuple(kernel_size, count)
    stride = kernel if stride is None else _tuple(stride, count)
    padding = _tuple(padding, count)
    sizes = input.size()[-count:] if input.ndim >= count else input.size()[:0]
    default = [
        (size - 1) * step + length - 2 * pad
        for size, step, length, pad in zip(sizes, stride, kernel, padding, strict=False)
    ]
    return stride, padding, default


def _output_size(default, stride, output_size):
    """The sizes of the result: as asked for, if pooling could have made the input of it."""
    count = len(stride)
    if output_size is None:
        wanted = default
    else:
        wanted = output_size[2:] if len(output_size) == count + 2 else output_size
        if len(wanted) != count:
            raise ValueError(
                f"output_size should be a sequence containing {count} or {count + 2} elements, but "
                f"it has a length of '{len(wanted)}'"
            )
        for dim in range(count):
            least, most = default[dim] - stride[dim], default[dim] + stride[dim]
            if not least < wanted[dim] < most:
                raise ValueError(
                    f'invalid output_size "{wanted}" (dim {dim} must be between {least} and {most})'
                )
    for dim, size in enumerate(wanted):
        if size < 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative spatial dimensions, but got "
                f"output_size[{dim}]={size}"
            )
    return wanted


@overridable
def max_unpool1d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """What `max_pool1d` made `input` of, as far as it tells: 0 but at `indices`.

    Errors:  ValueError if pooling a result of `output_size` could not have made the input;
             RuntimeError if an index is outside.
    Source:  torch.nn.functional.max_unpool1d.
    """
    stride, _, default = _sizes(input, kernel_size, stride, padding, 1)
    size = tuple(_output_size(default, stride, output_size))
    found = unpooling.max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), (*size, 1))
    return found.squeeze(-1)


@overridable
def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """What `max_pool2d` made `input` of, as far as it tells: 0 but at `indices`.

    Errors:  as `max_unpool1d`.
    Source:  torch.nn.functional.max_unpool2d.
    """
    stride, _, default = _sizes(input, kernel_size, stride, padding, 2)
    return unpooling.max_unpool2d(input, indices, _output_size(default, stride, output_size))


@overridable
def max_unpool3d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """What `max_pool3d` made `input` of, as far as it tells: 0 but at `indices`.

    Errors:  as `max_unpool1d`.
    Source:  torch.nn.functional.max_unpool3d.
    """
    stride, padding, default = _sizes(input, kernel_size, stride, padding, 3)
    size = _output_size(default, stride, output_size)
    return unpooling.max_unpool3d(input, indices, size, stride, padding)


# Fractional


def _fractional(count, compute):
    """(the function, that of both results) for windows of so many dims."""
    name = f"fractional_max_pool{count}d"

    def function(
        input, kernel_size, output_size=None, output_ratio=None, return_indices=False,
        _random_samples=None,
    ):  # fmt: skip
        if output_size is None and output_ratio is None:
            raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
        if output_size is None:
            if count == 2 and len(output_ratio) > 2:
                raise ValueError(
                    f"{name} requires output_ratio to either be a single Int or tuple of Ints."
                )
            ratios = _tuple(output_ratio, count)
            output_size = [int(input.size(dim - count) * ratios[dim]) for dim in range(count)]
        if _random_samples is None:
            batch = 1 if input.dim() == count + 1 else input.size(0)
            _random_samples = rand(
                batch, input.size(-count - 1), count, dtype=input.dtype, device=input.device
            )
        return compute(input, kernel_size, output_size, _random_samples)

    def values(
        input, kernel_size, output_size=None, output_ratio=None, return_indices=False,
        _random_samples=None,
    ):  # fmt: skip
        return function(input, kernel_size, output_size, output_ratio, False, _random_samples)[0]

    function.__module__ = "torch.nn.functional"
    doc = f"""The largest elements of windows at random distances, as many as are asked for.

    Either `output_size` or `output_ratio`, of the input's sizes, says how many.
    Source:  torch.nn.functional.{name}.
    """
    with_indices = named(function, f"{name}_with_indices", doc)
    return by_return_indices(name, 4, with_indices, named(values, f"_{name}")), with_indices


fractional_max_pool2d, fractional_max_pool2d_with_indices = _fractional(
    2, fractional_pooling.fractional_max_pool2d
)
fractional_max_pool3d, fractional_max_pool3d_with_indices = _fractional(
    3, fractional_pooling.fractional_max_pool3d
)
