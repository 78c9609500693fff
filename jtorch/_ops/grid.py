"""Sampling of images at places of a grid, and the grids of affine maps.

A grid has places for each new element, last dim first, from -1 to 1 over the image.
"""

import functools
import math

import jax
import numpy as np
from jax import numpy as jnp

from jtorch._ops.detailed import detailed
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints, type_name
from jtorch._ops.product import HALF, wide_product
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._ops.signatures import is_integer
from jtorch._ops.slopes import flat, sloped
from jtorch._tensor import Tensor

_BILINEAR, _NEAREST, _BICUBIC = 0, 1, 2
_ZEROS, _BORDER, _REFLECTION = 0, 1, 2


def _check_both(input, grid):
    """torch's check of what images and grids have in common."""
    sizes = f"input with sizes {list(input.shape)} and grid with sizes {list(grid.shape)}"
    if input.shape[0] != grid.shape[0]:
        raise RuntimeError(
            f"grid_sampler(): expected grid and input to have same batch size, but got {sizes}"
        )
    if grid.shape[-1] != input.ndim - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {input.ndim - 2} in last dimension, but "
            f"got grid with sizes {list(grid.shape)}"
        )
    for dim in range(2, input.ndim):
        if not input.shape[dim]:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input "
                f"has sizes {list(input.shape)} with dimension {dim} being empty"
            )


def _check(count, kernel):
    refuse = refuses(kernel, BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)

    def check(input, grid, interpolation_mode):
        _check_both(input, grid)
        if not input.ndim == grid.ndim == count + 2:
            raise RuntimeError(
                f"grid_sampler(): expected {count + 2}D input and grid with same number of "
                f"dimensions, but got input with sizes {list(input.shape)} and grid with sizes "
                f"{list(grid.shape)}"
            )
        if count == 3 and interpolation_mode == _BICUBIC:
            raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
        refuse(input)
        if input.dtype is not grid.dtype:
            raise RuntimeError(
                f"expected scalar type {input.dtype.scalar_name} but found {grid.dtype.scalar_name}"
            )

    return check


# Places


def _unnormalized(place, size, align_corners):
    """Counted in elements, from the middle of the first one."""
    if align_corners:
        return (place + 1) * ((size - 1) / 2)
    return (place + 1) * (size / 2) - 0.5


@sloped(lambda t, x, size, y: jnp.where((x > 0) & (x < size - 1), t, 0), None)
def _clipped(x, size):
    """Within the image; NaN is at its begin."""
    return jnp.minimum(jnp.where(x > 0, x, 0), size - 1)


def _reflected(x, size, align_corners):
    """Mirrored at the middles of the outermost elements, or at their outer ends."""
    low, span = (0, size - 1) if align_corners else (-0.5, size)
    if not span:
        return jnp.zeros_like(x) * x
    distance = jnp.abs(x - low)
    turns = jnp.floor(distance / span)
    extra = distance - turns * span
    return jnp.where(turns % 2 == 0, extra, span - extra) + low


def _brought_in(x, size, padding_mode, align_corners):
    """A place as the padding has it: inside, but for zeros."""
    if padding_mode == _REFLECTION:
        x = _reflected(x, size, align_corners)
    return x if padding_mode == _ZEROS else _clipped(x, size)


@sloped(flat)
def _rounded(x):
    """The nearest integer; the even one of two."""
    return jnp.round(x)


# Elements


def _weighted(planes, taps, sizes):
    """(N, C, P) of planes (N, C, S): sums of elements at whole places, which are 0 outside.

    `taps` are, for each dim, places and weights (K, N, P). One gather fetches all of them, which
    compiles several times as fast as one for each.
    """
    batch = planes.shape[0]
    kind = np.int32 if math.prod(sizes) < 2**31 else np.int64
    count = taps[0][0].shape[-1]
    index = jnp.zeros((1, batch, count), kind)
    weight = jnp.ones((1, batch, count), planes.dtype)
    inside = jnp.ones((1, batch, count), bool)
    for (places, weights), size in zip(taps, sizes, strict=True):
        within = (places >= 0) & (places <= size - 1)  # not NaN, either
        bounded = jnp.where(within, places, 0).astype(kind)
        index = (index[:, None] * size + bounded[None]).reshape(-1, batch, count)
        weight = (weight[:, None] * weights[None]).reshape(-1, batch, count)
        inside = (inside[:, None] & within[None]).reshape(-1, batch, count)
    # all channels of an element lie together: on the CPU that is several times as fast
    rows = jnp.swapaxes(planes, 1, 2)
    found = jax.vmap(lambda row, places: row.at[places].get(mode="promise_in_bounds"), (0, 1))(
        rows, index
    )  # (N, K, P, C)
    inside, weight = (jnp.moveaxis(each, 0, 1)[..., None] for each in (inside, weight))
    found = jnp.where(inside, found, 0) * weight
    total = functools.reduce(jnp.add, [found[:, place] for place in range(found.shape[1])])
    return jnp.swapaxes(total, 1, 2)


def _linear_taps(place):
    """The two elements around each place."""
    low = jnp.floor(place)
    return jnp.stack([low, low + 1]), jnp.stack([low + 1 - place, place - low])


def _cubic_taps(place, size, padding_mode, align_corners):
    """The four elements around each place, by Keys' kernel; its slope at distance 1 is -0.75."""
    low = jnp.floor(place)
    around = [
        _brought_in(low + offset, size, padding_mode, align_corners) for offset in (-1, 0, 1, 2)
    ]
    return jnp.stack(around), jnp.stack(_cubic_weights(place - low))


def _cubic_weights(share, a=-0.75):
    def near(x):
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x):
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return far(share + 1), near(share), near(1 - share), far(2 - share)


def _nearest_taps(place):
    near = _rounded(place)
    # a gradient of the grid is asked for, and is 0
    return near[None], jnp.ones_like(near)[None] + _nothing(place)[None]


def _sampled(input, grid, interpolation_mode, padding_mode, align_corners):
    sizes = input.shape[2:]
    batch, channels = input.shape[:2]
    result = (batch, channels, *grid.shape[1:-1])
    if 0 in result:
        return jnp.zeros(result, input.dtype)
    wide = np.float32 if input.dtype in HALF else input.dtype
    planes = input.reshape(batch, channels, math.prod(sizes)).astype(wide)
    grid = grid.reshape(batch, math.prod(grid.shape[1:-1]), len(sizes)).astype(wide)
    taps = []
    for dim, size in enumerate(sizes):
        place = _unnormalized(grid[..., len(sizes) - 1 - dim], size, align_corners)
        if interpolation_mode == _BICUBIC:
            taps.append(_cubic_taps(place, size, padding_mode, align_corners))
            continue
        place = _brought_in(place, size, padding_mode, align_corners)
        taps.append(_nearest_taps(place) if interpolation_mode == _NEAREST else _linear_taps(place))
    return _weighted(planes, taps, sizes).reshape(result).astype(input.dtype)


@sloped(flat)
def _nothing(x):
    return jnp.zeros_like(x)


def _row(count, kernel):
    def body(
        input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int,
        align_corners: bool,
    ):  # fmt: skip
        return _sampled(input, grid, interpolation_mode, padding_mode, align_corners)

    return detailed(
        name=f"grid_sampler_{count}d",
        variants="f",
        check=_check(count, kernel),
        shape=lambda input, grid: (*input.shape[:2], *grid.shape[1:-1]),
        dtype=lambda input: input.dtype,
        gradient=f"GridSampler{count}DBackward0",
    )(body)


grid_sampler_2d = _row(2, "grid_sampler_2d_cpu_kernel_impl")
grid_sampler_3d = _row(3, "grid_sampler3d_cpu")


@offered(
    "(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners)",
    variants="f",
)
def grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners):
    """`input` at the places of a grid; modes by number, as `nn.functional.grid_sample` names them.

    Source:  torch.grid_sampler.
    """
    require_tensors(input, grid)
    if not (is_integer(interpolation_mode) and is_integer(padding_mode)):
        raise TypeError("torch has words for this")
    _check_both(input, grid)
    row = grid_sampler_2d if input.ndim == 4 else grid_sampler_3d
    return row(input, grid, interpolation_mode, padding_mode, align_corners)


# Grids


def _steps(count, align_corners, dtype):
    """The places of `count` elements from -1 to 1: of the outermost, or of their outer ends."""
    if count <= 1:
        return np.zeros(count, dtype)
    steps = np.linspace(-1, 1, count)
    return (steps if align_corners else steps * ((count - 1) / count)).astype(dtype)


def _check_theta(theta, size):
    if len(size) not in (4, 5):
        raise RuntimeError("AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.")
    wanted = [size[0], len(size) - 1]
    if theta.ndim != 3:
        raise RuntimeError("batch2 must be a 3D tensor")
    given = [theta.shape[0], theta.shape[2]]
    if given != wanted:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"{wanted} but got: {given}."
        )


@detailed(
    name="affine_grid_generator",
    variants="",
    check=_check_theta,
    shape=lambda theta, size: (size[0], *size[2:], theta.shape[1]),
    dtype=lambda theta: theta.dtype,
    gradient="AffineGridGeneratorBackward0",
)
def _affine_grid(theta: Tensor, size: Ints, align_corners: bool):
    spatial = size[2:]
    wide = np.float32 if theta.dtype in HALF else theta.dtype
    axes = [_steps(count, align_corners, wide) for count in spatial]
    base = np.stack([*np.meshgrid(*axes, indexing="ij")[::-1], np.ones(spatial, wide)], axis=-1)
    rows = jnp.asarray(base.reshape(-1, len(spatial) + 1))
    found = wide_product(rows, jnp.swapaxes(theta.astype(wide), 1, 2))
    return found.reshape(size[0], *spatial, theta.shape[1]).astype(theta.dtype)


@offered("(Tensor theta, tuple of ints size, bool align_corners)", variants="f")
def affine_grid_generator(theta, size, align_corners):
    """The grid of affine maps. Source: torch.affine_grid_generator."""
    require_tensors(theta)
    if not isinstance(size, (tuple, list)):
        raise TypeError(
            "affine_grid_generator(): argument 'size' (position 2) must be tuple of ints, not "
            f"{type_name(size)}"
        )
    return _affine_grid(theta, size, align_corners)
