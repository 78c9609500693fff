"""Sampling of images, as torch.nn.functional has it; and their resizing."""

import warnings

from jtorch._ops import grid as grids
from jtorch._override import overridable
from jtorch.nn._resizing import interpolate, upsample, upsample_bilinear, upsample_nearest

__all__ = [
    "GRID_SAMPLE_INTERPOLATION_MODES", "GRID_SAMPLE_PADDING_MODES", "affine_grid", "grid_sample",
    "interpolate", "upsample", "upsample_bilinear", "upsample_nearest",
]  # fmt: skip

GRID_SAMPLE_INTERPOLATION_MODES = {"bilinear": 0, "nearest": 1, "bicubic": 2}
GRID_SAMPLE_PADDING_MODES = {"zeros": 0, "border": 1, "reflection": 2}


def _warn_of_corners():
    warnings.warn(
        "Default grid_sample and affine_grid behavior has changed to align_corners=False since "
        "1.3.0. Please specify align_corners=True if the old behavior is desired. See the "
        "documentation of grid_sample for details.",
        stacklevel=4,
    )


@overridable
def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    """`input` at the places of a grid, which are from -1 to 1 over the image, last dim first.

    Modes are "bilinear", "nearest" and "bicubic" (4-D only); what is outside is 0, or the nearest of
    the "border", or a "reflection".
    Shape:   (N, C, H, W), (N, H', W', 2) -> (N, C, H', W'); likewise with a depth.
    Errors:  ValueError for other modes; RuntimeError if shapes do not fit.
    Source:  torch.nn.functional.grid_sample.
    """
    if mode not in GRID_SAMPLE_INTERPOLATION_MODES:
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', "
            f"but got: '{mode}'"
        )
    if padding_mode not in GRID_SAMPLE_PADDING_MODES:
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or "
            f"'reflection', but got: '{padding_mode}'"
        )
    if align_corners is None:
        _warn_of_corners()
        align_corners = False
    return grids.grid_sampler(
        input, grid, GRID_SAMPLE_INTERPOLATION_MODES[mode],
        GRID_SAMPLE_PADDING_MODES[padding_mode], align_corners,
    )  # fmt: skip


@overridable
def affine_grid(theta, size, align_corners=None):
    """The grid for `grid_sample` of affine maps: where each element of a result comes from.

    Shape:   (N, 2, 3), size (N, C, H, W) -> (N, H, W, 2); (N, 3, 4) with a depth.
    Errors:  ValueError if shapes do not fit; NotImplementedError for other sizes.
    Source:  torch.nn.functional.affine_grid.
    """
    if align_corners is None:
        _warn_of_corners()
        align_corners = False
    if not theta.is_floating_point():
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    if len(size) not in (4, 5):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
            f"respectively. Got size {size}."
        )
    dims = len(size) - 2
    if theta.dim() != 3 or tuple(theta.shape[-2:]) != (dims, dims + 1):
        raise ValueError(
            f"Expected a batch of {dims}D affine matrices of shape Nx{dims}x{dims + 1} for size "
            f"{size}. Got {theta.shape}."
        )
    if align_corners and min(size[-dims:]) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when "
            "align_corners=True. This is not an intended use case of affine_grid. See the "
            "documentation of affine_grid for details.",
            stacklevel=3,
        )
    elif min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    return grids.affine_grid_generator(theta, size, align_corners)
