"""torch.types: names for annotations."""

import builtins
from collections.abc import Sequence

from jtorch import _device, _dtypes, _layout
from jtorch._alias import missing_attribute
from jtorch._size import Size
from jtorch._tensor import Tensor

__all__ = ["Device", "Number"]

_bool = builtins.bool
_int = builtins.int
_float = builtins.float
_complex = builtins.complex
_dtype = _dtypes.dtype
_device = _device.device
_layout = _layout.layout
_size = Size | list[int] | tuple[int, ...]
Number = int | float | bool
Device = _device | str | int | None
_TensorOrTensors = Tensor | Sequence[Tensor]


def __getattr__(name):
    raise missing_attribute(__name__, name)
