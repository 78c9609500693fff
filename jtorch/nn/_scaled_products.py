"""Products of float8 matrices with scales, as functions: `_ops/scaled_products.py` has the rows."""

import enum

from jtorch import _dtypes
from jtorch._ops.scaled_products import _scaled_mm_v2

__all__ = ["ScalingType", "SwizzleType", "scaled_mm"]


class _ScalingType(enum.Enum):
    """What one scale is of."""

    TensorWise = 0
    RowWise = 1
    BlockWise1x16 = 2
    BlockWise1x32 = 3
    BlockWise1x128 = 4
    BlockWise128x128 = 5

    def __int__(self):
        return self.value

    __index__ = __int__


class _SwizzleType(enum.Enum):
    """In which order scales lie in memory."""

    NO_SWIZZLE = 0
    SWIZZLE_32_4_4 = 1

    def __int__(self):
        return self.value

    __index__ = __int__


ScalingType, SwizzleType = _ScalingType, _SwizzleType


def scaled_mm(mat_a, mat_b, scale_a, scale_recipe_a, scale_b, scale_recipe_b, swizzle_a=None,
              swizzle_b=None, bias=None, output_dtype=_dtypes.bfloat16, contraction_dim=(),
              use_fast_accum=False):  # fmt: skip
    """The product of two float8 matrices, each multiplied by its scales, and a bias.

    Shape:   (m, k), (k, n) -> (m, n).
    Dtype:   `output_dtype`, or that of `mat_a` if it is None.
    Errors:  ValueError for dtypes, shapes, recipes or scales that do not fit.
    Source:  torch.nn.functional.scaled_mm; on the CPU scales of blocks are refused.
    """
    return _scaled_mm_v2(
        mat_a,
        mat_b,
        _listed(scale_a),
        _values(scale_recipe_a),
        _values(swizzle_a),
        _listed(scale_b),
        _values(scale_recipe_b),
        _values(swizzle_b),
        bias,
        output_dtype,
        contraction_dim,
        use_fast_accum,
    )


def _listed(given):
    """A list of what may be one or several, or nothing."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _values(given):
    return [each.value for each in _listed(given)]
