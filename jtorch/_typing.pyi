"""Names that the stubs annotate with: a module of type checkers alone, which does not exist at run time.

Modules and classes of torch have names like `int` and `float` of their own, so Python's are underscored.
"""

import builtins
from collections.abc import Sequence
from types import EllipsisType
from typing import Any, SupportsIndex, TypeAlias

from numpy import ndarray

from jtorch._device import device
from jtorch._dtypes import dtype
from jtorch._layout import layout, memory_format
from jtorch._tensor import Tensor

_device: TypeAlias = device
_dtype: TypeAlias = dtype
_layout: TypeAlias = layout
_memory_format: TypeAlias = memory_format

_bool: TypeAlias = builtins.bool
_int: TypeAlias = builtins.int
_float: TypeAlias = builtins.float
_complex: TypeAlias = builtins.complex
_str: TypeAlias = builtins.str
_slice: TypeAlias = builtins.slice

_Number: TypeAlias = builtins.int | builtins.float | builtins.complex
_Operand: TypeAlias = Tensor | builtins.int | builtins.float | builtins.complex
_Ints: TypeAlias = Sequence[builtins.int]
_Tensors: TypeAlias = tuple[Tensor, ...] | list[Tensor]
_DeviceLike: TypeAlias = device | builtins.str | builtins.int
_OneIndex: TypeAlias = (
    SupportsIndex | builtins.slice | EllipsisType | Tensor | ndarray | list[Any] | None
)
_Index: TypeAlias = _OneIndex | tuple[_OneIndex, ...]
