"""Poolings: modules that take one value from each window."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module
from jtorch.nn.modules.utils import _pair, _single, _triple

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d",
    "FractionalMaxPool2d", "FractionalMaxPool3d", "LPPool1d", "LPPool2d", "LPPool3d", "MaxPool1d",
    "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d",
]  # fmt: skip


class _MaxPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"]
    return_indices: bool
    ceil_mode: bool

    def __init__(
        self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False,
        ceil_mode=False,
    ):  # fmt: skip
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def extra_repr(self):
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )

    def _pooled_by(self, function, input):
        return function(
            input, self.kernel_size, self.stride, self.padding, self.dilation,
            ceil_mode=self.ceil_mode, return_indices=self.return_indices,
        )  # fmt: skip


class MaxPool1d(_MaxPoolNd):
    """The largest element of each window: (..., C, W) -> (..., C, windows).

    Source:  torch.nn.MaxPool1d.
    """

    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]
    dilation: int | tuple[int]

    def forward(self, input):
        return self._pooled_by(functional.max_pool1d, input)


class MaxPool2d(_MaxPoolNd):
    """The largest element of each window of the last two dims. Source: torch.nn.MaxPool2d."""

    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    dilation: int | tuple[int, int]

    def forward(self, input):
        return self._pooled_by(functional.max_pool2d, input)


class MaxPool3d(_MaxPoolNd):
    """The largest element of each window of the last three dims. Source: torch.nn.MaxPool3d."""

    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]
    dilation: int | tuple[int, int, int]

    def forward(self, input):
        return self._pooled_by(functional.max_pool3d, input)


class _MaxUnpoolNd(Module):
    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"

    def _take_sizes(self, sizes, kernel_size, stride, padding):
        self.kernel_size = sizes(kernel_size)
        self.stride = sizes(stride if stride is not None else kernel_size)
        self.padding = sizes(padding)


class MaxUnpool1d(_MaxUnpoolNd):
    """What `MaxPool1d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool1d."""

    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self._take_sizes(_single, kernel_size, stride, padding)

    def forward(self, input, indices, output_size=None):
        return functional.max_unpool1d(
            input, indices, self.kernel_size, self.stride, self.padding, output_size
        )


class MaxUnpool2d(_MaxUnpoolNd):
    """What `MaxPool2d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool2d."""

    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self._take_sizes(_pair, kernel_size, stride, padding)

    def forward(self, input, indices, output_size=None):
        return functional.max_unpool2d(
            input, indices, self.kernel_size, self.stride, self.padding, output_size
        )


class MaxUnpool3d(_MaxUnpoolNd):
    """What `MaxPool3d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool3d."""

    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self._take_sizes(_triple, kernel_size, stride, padding)

    def forward(self, input, indices, output_size=None):
        return functional.max_unpool3d(
            input, indices, self.kernel_size, self.stride, self.padding, output_size
        )


class _AvgPoolNd(Module):
    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPoolNd):
    """The mean of each window: (..., C, W) -> (..., C, windows). Source: torch.nn.AvgPool1d."""

    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]
    ceil_mode: bool
    count_include_pad: bool

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
    ):
        super().__init__()
        self.kernel_size = _single(kernel_size)
        self.stride = _single(stride if stride is not None else kernel_size)
        self.padding = _single(padding)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input):
        return functional.avg_pool1d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad,
        )  # fmt: skip


class _AvgPoolBy(_AvgPoolNd):
    """A mean of more than one dim, which may be a sum by a number."""

    __constants__ = [*_AvgPoolNd.__constants__, "divisor_override"]

    def _take(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override):
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def _pooled_by(self, function, input):
        return function(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad, self.divisor_override,
        )  # fmt: skip


class AvgPool2d(_AvgPoolBy):
    """The mean of each window of the last two dims. Source: torch.nn.AvgPool2d."""

    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    ceil_mode: bool
    count_include_pad: bool

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
        divisor_override=None,
    ):  # fmt: skip
        super().__init__()
        self._take(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)

    def forward(self, input):
        return self._pooled_by(functional.avg_pool2d, input)


class AvgPool3d(_AvgPoolBy):
    """The mean of each window of the last three dims. Source: torch.nn.AvgPool3d."""

    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]
    ceil_mode: bool
    count_include_pad: bool

    def __init__(
        self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
        divisor_override=None,
    ):  # fmt: skip
        super().__init__()
        self._take(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)

    def forward(self, input):
        return self._pooled_by(functional.avg_pool3d, input)

    def __setstate__(self, state):
        super().__setstate__(state)
        for name, value in (("padding", 0), ("ceil_mode", False), ("count_include_pad", True)):
            self.__dict__.setdefault(name, value)  # of pickles from before there were these


class _FractionalMaxPoolNd(Module):
    __constants__ = ["kernel_size", "return_indices", "output_size", "output_ratio"]
    kernel_size: tuple[int, ...]
    return_indices: bool

    def _take(self, sizes, kernel_size, output_size, output_ratio, return_indices, _random_samples):
        self.kernel_size = sizes(kernel_size)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = sizes(output_size) if output_size is not None else None
        self.output_ratio = sizes(output_ratio) if output_ratio is not None else None
        name = type(self).__name__
        if output_size is None and output_ratio is None:
            raise ValueError(
                f"{name} requires specifying either an output size, or a pooling ratio"
            )
        if output_size is not None and output_ratio is not None:
            raise ValueError("only one of output_size and output_ratio may be specified")
        if self.output_ratio is not None and not all(0 < each < 1 for each in self.output_ratio):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    def _pooled_by(self, function, input):
        return function(
            input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices,
            _random_samples=self._random_samples,
        )  # fmt: skip


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The largest elements of windows at random distances. Source: torch.nn.FractionalMaxPool2d."""

    kernel_size: int | tuple[int, int]
    return_indices: bool
    output_size: int | tuple[int, int]
    output_ratio: float | tuple[float, float]

    def __init__(
        self, kernel_size, output_size=None, output_ratio=None, return_indices=False,
        _random_samples=None,
    ):  # fmt: skip
        super().__init__()
        self._take(_pair, kernel_size, output_size, output_ratio, return_indices, _random_samples)

    def forward(self, input):
        return self._pooled_by(functional.fractional_max_pool2d, input)


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The largest elements of windows at random distances. Source: torch.nn.FractionalMaxPool3d."""

    kernel_size: int | tuple[int, int, int]
    return_indices: bool
    output_size: int | tuple[int, int, int]
    output_ratio: float | tuple[float, float, float]

    def __init__(
        self, kernel_size, output_size=None, output_ratio=None, return_indices=False,
        _random_samples=None,
    ):  # fmt: skip
        super().__init__()
        several = isinstance(kernel_size, (tuple, list))
        if any(each <= 0 for each in (kernel_size if several else (kernel_size,))):
            raise ValueError(f"kernel_size must be greater than 0, but got {kernel_size}")
        self._take(_triple, kernel_size, output_size, output_ratio, return_indices, _random_samples)

    def forward(self, input):
        return self._pooled_by(functional.fractional_max_pool3d, input)


class _LPPoolNd(Module):
    __constants__ = ["norm_type", "kernel_size", "stride", "ceil_mode"]
    norm_type: float
    ceil_mode: bool

    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def extra_repr(self):
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )

    def _pooled_by(self, function, input):
        return function(input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode)


class LPPool1d(_LPPoolNd):
    """(sum of x ** p) ** (1 / p) for each window. Source: torch.nn.LPPool1d."""

    kernel_size: int | tuple[int]
    stride: int | tuple[int]

    def forward(self, input):
        return self._pooled_by(functional.lp_pool1d, input)


class LPPool2d(_LPPoolNd):
    """`LPPool1d` of the last two dims. Source: torch.nn.LPPool2d."""

    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]

    def forward(self, input):
        return self._pooled_by(functional.lp_pool2d, input)


class LPPool3d(_LPPoolNd):
    """`LPPool1d` of the last three dims. Source: torch.nn.LPPool3d."""

    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]

    def forward(self, input):
        return self._pooled_by(functional.lp_pool3d, input)


class _AdaptiveMaxPoolNd(Module):
    __constants__ = ["output_size", "return_indices"]
    return_indices: bool

    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def extra_repr(self):
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The largest elements of `output_size` parts. Source: torch.nn.AdaptiveMaxPool1d."""

    output_size: int | tuple[int]

    def forward(self, input):
        return functional.adaptive_max_pool1d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The largest elements of parts of the last two dims. Source: torch.nn.AdaptiveMaxPool2d."""

    output_size: int | tuple[int | None, int | None] | None

    def forward(self, input):
        return functional.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The largest elements of parts of the last three dims. Source: torch.nn.AdaptiveMaxPool3d."""

    output_size: int | tuple[int | None, int | None, int | None] | None

    def forward(self, input):
        return functional.adaptive_max_pool3d(input, self.output_size, self.return_indices)


class _AdaptiveAvgPoolNd(Module):
    __constants__ = ["output_size"]

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def extra_repr(self):
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPoolNd):
    """The means of `output_size` parts. Source: torch.nn.AdaptiveAvgPool1d."""

    output_size: int | tuple[int]

    def forward(self, input):
        return functional.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPoolNd):
    """The means of parts of the last two dims. Source: torch.nn.AdaptiveAvgPool2d."""

    output_size: int | tuple[int | None, int | None] | None

    def forward(self, input):
        return functional.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptiveAvgPoolNd):
    """The means of parts of the last three dims. Source: torch.nn.AdaptiveAvgPool3d."""

    output_size: int | tuple[int | None, int | None, int | None] | None

    def forward(self, input):
        return functional.adaptive_avg_pool3d(input, self.output_size)
