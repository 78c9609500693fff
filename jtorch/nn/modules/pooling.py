"""Poolings: modules that take one value from each window."""

from jtorch._alias import own
from jtorch.nn import functional
from jtorch.nn.modules.module import Module
from jtorch.nn.modules.utils import _ntuple

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d",
    "FractionalMaxPool2d", "FractionalMaxPool3d", "LPPool1d", "LPPool2d", "LPPool3d", "MaxPool1d",
    "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d",
]  # fmt: skip


class _Pooling(Module):
    """A pooling of the last `_dims` dims, by the function of that name."""

    _dims = None
    _own = ("forward",)  # what each class has of its own in torch, so that errors name the class
    _shown = ()  # the attributes that a representation names

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "_dims" in vars(cls):
            own(cls, *cls._own)

    def extra_repr(self):
        return ", ".join([f"{name}={getattr(self, name)}" for name in self._shown])

    def _pooled_by(self, name, *args, **kwargs):
        return getattr(functional, f"{name}{self._dims}d")(*args, **kwargs)

    def _each(self, size):
        """A size for each dim."""
        return _ntuple(self._dims)(size)


class _MaxPoolNd(_Pooling):
    _shown = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    __constants__ = ["kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"]
    return_indices: bool
    ceil_mode: bool

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding: int | tuple[int, ...] = 0,
        dilation: int | tuple[int, ...] = 1,
        return_indices=False,
        ceil_mode=False,
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input):
        return self._pooled_by(
            "max_pool", input, self.kernel_size, self.stride, self.padding, self.dilation,
            ceil_mode=self.ceil_mode, return_indices=self.return_indices,
        )  # fmt: skip


class MaxPool1d(_MaxPoolNd):
    """The largest element of each window: (..., C, W) -> (..., C, windows).

    Source:  torch.nn.MaxPool1d.
    """

    _dims = 1
    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]
    dilation: int | tuple[int]


class MaxPool2d(_MaxPoolNd):
    """The largest element of each window of the last two dims. Source: torch.nn.MaxPool2d."""

    _dims = 2
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    dilation: int | tuple[int, int]


class MaxPool3d(_MaxPoolNd):
    """The largest element of each window of the last three dims. Source: torch.nn.MaxPool3d."""

    _dims = 3
    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]
    dilation: int | tuple[int, int, int]


class _MaxUnpoolNd(_Pooling):
    _own = ("__init__", "forward")
    _shown = ("kernel_size", "stride", "padding")

    def __init__(self, kernel_size, stride=None, padding: int | tuple[int, ...] = 0):
        super().__init__()
        self.kernel_size = self._each(kernel_size)
        self.stride = self._each(stride if stride is not None else kernel_size)
        self.padding = self._each(padding)

    def forward(self, input, indices, output_size=None):
        return self._pooled_by(
            "max_unpool", input, indices, self.kernel_size, self.stride, self.padding, output_size
        )


class MaxUnpool1d(_MaxUnpoolNd):
    """What `MaxPool1d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool1d."""

    _dims = 1
    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]


class MaxUnpool2d(_MaxUnpoolNd):
    """What `MaxPool2d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool2d."""

    _dims = 2
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]


class MaxUnpool3d(_MaxUnpoolNd):
    """What `MaxPool3d` made the input of, as far as indices tell. Source: torch.nn.MaxUnpool3d."""

    _dims = 3
    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]


class _AvgPoolNd(_Pooling):
    _own = ("__init__", "forward")
    __constants__ = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]
    _shown = ("kernel_size", "stride", "padding")


class AvgPool1d(_AvgPoolNd):
    """The mean of each window: (..., C, W) -> (..., C, windows). Source: torch.nn.AvgPool1d."""

    _dims = 1
    kernel_size: int | tuple[int]
    stride: int | tuple[int]
    padding: int | tuple[int]
    ceil_mode: bool
    count_include_pad: bool

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding: int | tuple[int, ...] = 0,
        ceil_mode=False,
        count_include_pad=True,
    ):
        super().__init__()
        self.kernel_size = self._each(kernel_size)
        self.stride = self._each(stride if stride is not None else kernel_size)
        self.padding = self._each(padding)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input):
        return self._pooled_by(
            "avg_pool", input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad,
        )  # fmt: skip


class _AvgPoolBy(_AvgPoolNd):
    """A mean of more than one dim, which may be a sum by a number."""

    __constants__ = [*_AvgPoolNd.__constants__, "divisor_override"]

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding: int | tuple[int, ...] = 0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input):
        return self._pooled_by(
            "avg_pool", input, self.kernel_size, self.stride, self.padding, self.ceil_mode,
            self.count_include_pad, self.divisor_override,
        )  # fmt: skip


class AvgPool2d(_AvgPoolBy):
    """The mean of each window of the last two dims. Source: torch.nn.AvgPool2d."""

    _dims = 2
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    ceil_mode: bool
    count_include_pad: bool


class AvgPool3d(_AvgPoolBy):
    """The mean of each window of the last three dims. Source: torch.nn.AvgPool3d."""

    _dims = 3
    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]
    padding: int | tuple[int, int, int]
    ceil_mode: bool
    count_include_pad: bool

    def __setstate__(self, state):
        super().__setstate__(state)
        for name, value in (("padding", 0), ("ceil_mode", False), ("count_include_pad", True)):
            self.__dict__.setdefault(name, value)  # of pickles from before there were these


class _FractionalMaxPoolNd(_Pooling):
    _own = ("__init__", "forward")
    __constants__ = ["kernel_size", "return_indices", "output_size", "output_ratio"]
    kernel_size: tuple[int, ...]
    return_indices: bool

    def __init__(
        self, kernel_size, output_size=None, output_ratio=None, return_indices=False,
        _random_samples=None,
    ):  # fmt: skip
        super().__init__()
        self._check_kernel(kernel_size)
        self.kernel_size = self._each(kernel_size)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = self._each(output_size) if output_size is not None else None
        self.output_ratio = self._each(output_ratio) if output_ratio is not None else None
        name = type(self).__name__
        if output_size is None and output_ratio is None:
            raise ValueError(
                f"{name} requires specifying either an output size, or a pooling ratio"
            )
        if output_size is not None and output_ratio is not None:
            raise ValueError("only one of output_size and output_ratio may be specified")
        if self.output_ratio is not None and not all(0 < each < 1 for each in self.output_ratio):
            raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")

    def _check_kernel(self, kernel_size):
        """torch looks at it in three dims only."""

    def forward(self, input):
        return self._pooled_by(
            "fractional_max_pool", input, self.kernel_size, self.output_size, self.output_ratio,
            self.return_indices, _random_samples=self._random_samples,
        )  # fmt: skip


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The largest elements of windows at random distances. Source: torch.nn.FractionalMaxPool2d."""

    _dims = 2
    kernel_size: int | tuple[int, int]
    return_indices: bool
    output_size: int | tuple[int, int]
    output_ratio: float | tuple[float, float]


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The largest elements of windows at random distances. Source: torch.nn.FractionalMaxPool3d."""

    _dims = 3
    kernel_size: int | tuple[int, int, int]
    return_indices: bool
    output_size: int | tuple[int, int, int]
    output_ratio: float | tuple[float, float, float]

    def _check_kernel(self, kernel_size):
        several = isinstance(kernel_size, (tuple, list))
        if any(each <= 0 for each in (kernel_size if several else (kernel_size,))):
            raise ValueError(f"kernel_size must be greater than 0, but got {kernel_size}")


class _LPPoolNd(_Pooling):
    __constants__ = ["norm_type", "kernel_size", "stride", "ceil_mode"]
    _shown = ("norm_type", "kernel_size", "stride", "ceil_mode")
    norm_type: float
    ceil_mode: bool

    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, input):
        return self._pooled_by(
            "lp_pool", input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode
        )


class LPPool1d(_LPPoolNd):
    """(sum of x ** p) ** (1 / p) for each window. Source: torch.nn.LPPool1d."""

    _dims = 1
    kernel_size: int | tuple[int]
    stride: int | tuple[int]


class LPPool2d(_LPPoolNd):
    """`LPPool1d` of the last two dims. Source: torch.nn.LPPool2d."""

    _dims = 2
    kernel_size: int | tuple[int, int]
    stride: int | tuple[int, int]


class LPPool3d(_LPPoolNd):
    """`LPPool1d` of the last three dims. Source: torch.nn.LPPool3d."""

    _dims = 3
    kernel_size: int | tuple[int, int, int]
    stride: int | tuple[int, int, int]


class _AdaptiveMaxPoolNd(_Pooling):
    __constants__ = ["output_size", "return_indices"]
    _shown = ("output_size",)
    return_indices: bool

    def __init__(self, output_size, return_indices=False):
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def forward(self, input):
        return self._pooled_by("adaptive_max_pool", input, self.output_size, self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPoolNd):
    """The largest elements of `output_size` parts. Source: torch.nn.AdaptiveMaxPool1d."""

    _dims = 1
    output_size: int | tuple[int]


class AdaptiveMaxPool2d(_AdaptiveMaxPoolNd):
    """The largest elements of parts of the last two dims. Source: torch.nn.AdaptiveMaxPool2d."""

    _dims = 2
    output_size: int | tuple[int | None, int | None] | None


class AdaptiveMaxPool3d(_AdaptiveMaxPoolNd):
    """The largest elements of parts of the last three dims. Source: torch.nn.AdaptiveMaxPool3d."""

    _dims = 3
    output_size: int | tuple[int | None, int | None, int | None] | None


class _AdaptiveAvgPoolNd(_Pooling):
    __constants__ = ["output_size"]
    _shown = ("output_size",)

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def forward(self, input):
        return self._pooled_by("adaptive_avg_pool", input, self.output_size)


class AdaptiveAvgPool1d(_AdaptiveAvgPoolNd):
    """The means of `output_size` parts. Source: torch.nn.AdaptiveAvgPool1d."""

    _dims = 1
    output_size: int | tuple[int]


class AdaptiveAvgPool2d(_AdaptiveAvgPoolNd):
    """The means of parts of the last two dims. Source: torch.nn.AdaptiveAvgPool2d."""

    _dims = 2
    output_size: int | tuple[int | None, int | None] | None


class AdaptiveAvgPool3d(_AdaptiveAvgPoolNd):
    """The means of parts of the last three dims. Source: torch.nn.AdaptiveAvgPool3d."""

    _dims = 3
    output_size: int | tuple[int | None, int | None, int | None] | None
