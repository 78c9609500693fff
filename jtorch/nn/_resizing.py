"""Resizing of images, as torch.nn.functional has it."""

import math
import warnings

import numpy as np

from jtorch._messages import invalid_combination
from jtorch._ops import resizing
from jtorch._ops.adaptive_pooling import adaptive_avg_pool1d
from jtorch._ops.signatures import is_integer
from jtorch._override import overridable
from jtorch._tensor import Tensor
from jtorch.nn._pooling import adaptive_avg_pool2d, adaptive_avg_pool3d

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]

_INTERPOLATING = "linear | bilinear | bicubic | trilinear"
_PLAIN_MODES = ("nearest", "area", "nearest-exact")
_SMOOTH = {
    ("linear", 3): resizing.linear,
    ("bilinear", 4): resizing.bilinear,
    ("trilinear", 5): resizing.trilinear,
    ("bicubic", 4): resizing.bicubic,
}
_AREA = {3: adaptive_avg_pool1d, 4: adaptive_avg_pool2d, 5: adaptive_avg_pool3d}
_NEEDS = {"linear": 3, "bilinear": 4, "trilinear": 5}
_SCALES = {1: ("scales",), 2: ("scales_h", "scales_w"), 3: ("scales_d", "scales_h", "scales_w")}


def _is_whole(value):
    """Whether torch takes a size for one."""
    if isinstance(value, Tensor):
        return not value.is_floating_point()
    return isinstance(value, (int, np.integer))


def _sizes(input, size, scale_factor):
    """(sizes, None) or (None, factors), for each of the dims that are resized."""
    dims = input.dim() - 2
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is not None:
        if not isinstance(size, (list, tuple)):
            return [size] * max(dims, 0), None
        if len(size) != dims:
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, but got input "
                f"with spatial dimensions of {list(input.shape[2:])} and output size of {size}. "
                "Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in "
                "(o1, o2, ...,oK) format."
            )
        if not all(map(_is_whole, size)):
            raise TypeError(
                "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, "
                f"int, int], but got size with types {[type(each) for each in size]}"
            )
        return size, None
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if not isinstance(scale_factor, (list, tuple)):
        return None, [scale_factor] * max(dims, 0)
    if len(scale_factor) != dims:
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, but got input "
            f"with spatial dimensions of {list(input.shape[2:])} and scale_factor of shape "
            f"{scale_factor}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and "
            "scale_factor in (s1, s2, ...,sK) format."
        )
    return None, scale_factor


def _call(row, input, sizes, factors, *align_corners):
    """The row, with torch's TypeError if sizes or factors are none."""
    good = all(map(is_integer, sizes)) if sizes is not None else all(map(_is_factor, factors))
    if not good:
        more = ", bool align_corners" * len(align_corners)
        scales = ", ".join(f"float {each} = None" for each in _SCALES[input.dim() - 2])
        texts = [
            f"Tensor input, tuple of ints output_size{more}, tuple of floats scale_factors",
            f"Tensor input, tuple of ints output_size{more}, {scales}, *, Tensor out = None",
        ]
        raise invalid_combination(row.row.name, texts, (input, sizes, *align_corners, factors), {})
    if sizes is not None:
        return row(input, tuple([each.__index__() for each in sizes]), *align_corners)
    factors = tuple([float(each) for each in factors])
    sizes = [int(size * factor) for size, factor in zip(input.shape[2:], factors, strict=True)]
    return row(input, sizes, *align_corners, *factors)


def _is_factor(value):
    if isinstance(value, Tensor):
        return not value.ndim and not value.is_complex()
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


@overridable
def interpolate(
    input, size=None, scale_factor=None, mode="nearest", align_corners=None,
    recompute_scale_factor=None, antialias=False,
):  # fmt: skip
    """`input`, resized to `size` or by `scale_factor`.

    Modes are "nearest", "nearest-exact", "area" (all dims), "linear" (3-D input), "bilinear",
    "bicubic" and "lanczos" (4-D), "trilinear" (5-D). `antialias` (4-D) lets the filter grow as the
    result shrinks.
    Shape:   (N, C, sizes) -> (N, C, new sizes).
    Errors:  ValueError for options that do not go together; NotImplementedError for a mode that the
             input has not enough dims for, or too many.
    Source:  torch.nn.functional.interpolate.
    """
    if mode in _PLAIN_MODES:
        if align_corners is not None:
            raise ValueError(
                "align_corners option can only be set with the interpolating modes: "
                f"{_INTERPOLATING}"
            )
    elif align_corners is None:
        align_corners = False
    sizes, factors = _sizes(input, size, scale_factor)
    if recompute_scale_factor and size is not None:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    if recompute_scale_factor or (mode == "area" and sizes is None):
        sizes = [math.trunc(input.size(i + 2) * each) for i, each in enumerate(factors)]
        factors = None
    ndim = input.dim()
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos") and ndim == 4):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires "
            "a 4-D tensor as input"
        )
    if ndim in _AREA:
        if mode == "nearest":
            return _call(resizing.nearest[ndim - 2], input, sizes, factors)
        if mode == "nearest-exact":
            return _call(resizing.nearest_exact[ndim - 2], input, sizes, factors)
        if mode == "area":
            return _AREA[ndim](input, sizes)
    if mode == "lanczos" and ndim == 4:
        if align_corners:
            raise ValueError("Lanczos mode does not support align_corners=True")
        if not antialias:
            raise ValueError("Lanczos mode requires antialias=True")
    if antialias:
        return _call(resizing.antialiased[mode], input, sizes, factors, align_corners)
    row = _SMOOTH.get((mode, ndim))
    if row is not None:
        return _call(row, input, sizes, factors, align_corners)
    if mode in _NEEDS and ndim in _AREA:
        raise NotImplementedError(f"Got {ndim}D input, but {mode} mode needs {_NEEDS[mode]}D input")
    raise NotImplementedError(
        "Input Error: Only 3D, 4D and 5D input Tensors supported "
        f"(got {ndim}D) for the modes: nearest | {_INTERPOLATING} | lanczos | area | nearest-exact "
        f"(got {mode})"
    )


def _warn_deprecated(name):
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` instead.",
        stacklevel=3,
    )


def upsample(input, size=None, scale_factor=None, mode="nearest", align_corners=None):
    """`interpolate`, with a warning. Source: torch.nn.functional.upsample."""
    _warn_deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input, size=None, scale_factor=None):
    """`interpolate` to the nearest, with a warning. Source: torch.nn.functional.upsample_nearest."""
    _warn_deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input, size=None, scale_factor=None):
    """`interpolate` with corners aligned, with a warning.

    Source:  torch.nn.functional.upsample_bilinear.
    """
    _warn_deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)
