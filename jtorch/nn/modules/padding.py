"""Paddings: modules that add a border. Pads are counted from the last dim, or one for all."""

from jtorch.nn import functional
from jtorch.nn.modules.module import Module
from jtorch.nn.modules.utils import _ntuple, _pair, _quadruple

__all__ = [
    "CircularPad1d", "CircularPad2d", "CircularPad3d", "ConstantPad1d", "ConstantPad2d",
    "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d",
    "ReplicationPad2d", "ReplicationPad3d", "ZeroPad1d", "ZeroPad2d", "ZeroPad3d",
]  # fmt: skip

_sextuple = _ntuple(6)


def _only_pads(module):
    """The text of a module that says its pads."""
    return f"{module.padding}"


class _PadNd(Module):
    """What pads by what the input has: `_mode` says how."""

    __constants__ = ["padding"]
    _mode = ""

    def forward(self, input):
        return functional.pad(input, self.padding, self._mode)

    extra_repr = _only_pads


class _CircularPadNd(_PadNd):
    _mode = "circular"

    def _check_input_dim(self, input):
        fewest = len(self.padding) // 2 + 1
        if input.dim() not in (fewest, fewest + 1):
            raise ValueError(
                f"expected {fewest}D or {fewest + 1}D input (got {input.dim()}D input)"
            )

    def forward(self, input):
        self._check_input_dim(input)
        return super().forward(input)


class CircularPad1d(_CircularPadNd):
    """Borders from the other end: (..., W) -> (..., W + pads). Source: torch.nn.CircularPad1d."""

    padding: tuple[int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _pair(padding)


class CircularPad2d(_CircularPadNd):
    """Borders from the other end of the last two dims. Source: torch.nn.CircularPad2d."""

    padding: tuple[int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _quadruple(padding)


class CircularPad3d(_CircularPadNd):
    """Borders from the other end of the last three dims. Source: torch.nn.CircularPad3d."""

    padding: tuple[int, int, int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _sextuple(padding)


class _ConstantPadNd(Module):
    __constants__ = ["padding", "value"]
    value: float

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, input):
        return functional.pad(input, self.padding, "constant", self.value)

    def extra_repr(self):
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """Borders of a value: (..., W) -> (..., W + pads). Source: torch.nn.ConstantPad1d."""

    padding: tuple[int, int]

    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _pair(padding)


class ConstantPad2d(_ConstantPadNd):
    """Borders of a value, of the last two dims. Source: torch.nn.ConstantPad2d."""

    padding: tuple[int, int, int, int]

    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _quadruple(padding)


class ConstantPad3d(_ConstantPadNd):
    """Borders of a value, of the last three dims. Source: torch.nn.ConstantPad3d."""

    padding: tuple[int, int, int, int, int, int]

    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _sextuple(padding)


class _ReflectionPadNd(_PadNd):
    _mode = "reflect"


class ReflectionPad1d(_ReflectionPadNd):
    """Borders mirrored at the ends: (..., W) -> (..., W + pads). Source: torch.nn.ReflectionPad1d."""

    padding: tuple[int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _pair(padding)


class ReflectionPad2d(_ReflectionPadNd):
    """Borders mirrored at the ends of the last two dims. Source: torch.nn.ReflectionPad2d."""

    padding: tuple[int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _quadruple(padding)


class ReflectionPad3d(_ReflectionPadNd):
    """Borders mirrored at the ends of the last three dims. Source: torch.nn.ReflectionPad3d."""

    padding: tuple[int, int, int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _sextuple(padding)


class _ReplicationPadNd(_PadNd):
    _mode = "replicate"


class ReplicationPad1d(_ReplicationPadNd):
    """Borders of the outermost: (..., W) -> (..., W + pads). Source: torch.nn.ReplicationPad1d."""

    padding: tuple[int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _pair(padding)


class ReplicationPad2d(_ReplicationPadNd):
    """Borders of the outermost, of the last two dims. Source: torch.nn.ReplicationPad2d."""

    padding: tuple[int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _quadruple(padding)


class ReplicationPad3d(_ReplicationPadNd):
    """Borders of the outermost, of the last three dims. Source: torch.nn.ReplicationPad3d."""

    padding: tuple[int, int, int, int, int, int]

    def __init__(self, padding):
        super().__init__()
        self.padding = _sextuple(padding)


class ZeroPad1d(ConstantPad1d):
    """Borders of 0: (..., W) -> (..., W + pads). Source: torch.nn.ZeroPad1d."""

    def __init__(self, padding):
        super().__init__(padding, 0.0)

    extra_repr = _only_pads


class ZeroPad2d(ConstantPad2d):
    """Borders of 0, of the last two dims. Source: torch.nn.ZeroPad2d."""

    def __init__(self, padding):
        super().__init__(padding, 0.0)

    extra_repr = _only_pads


class ZeroPad3d(ConstantPad3d):
    """Borders of 0, of the last three dims. Source: torch.nn.ZeroPad3d."""

    def __init__(self, padding):
        super().__init__(padding, 0.0)

    extra_repr = _only_pads
