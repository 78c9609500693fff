"""Sizes, strides and dims of one tensor: counting, wrapping, memory formats."""

from math import prod

Ints = tuple[int, ...]

MAX_DIMS = 64  # torch keeps sets of dims in a 64-bit word


def numel(shape) -> int:
    return prod(shape)


def contiguous_strides(shape) -> Ints:
    """Row-major strides; a dim of size 0 counts as 1, so that strides stay positive."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 1, 0, -1):
        strides[axis - 1] = strides[axis] * max(shape[axis], 1)
    return tuple(strides)


def wrap_dim(dim: int, ndim: int, wrap_scalar: bool = True) -> int:
    """A dim counted from the front; a 0-dim tensor has dims 0 and -1 unless `wrap_scalar` is false.

    Errors:  IndexError if `dim` is outside [-ndim, ndim).
    """
    limit = ndim
    if not ndim:
        if not wrap_scalar:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        limit = 1
    if not -limit <= dim < limit:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], "
            f"but got {dim})"
        )
    return dim + limit if dim < 0 else dim


def wrap_dims(dims, ndim: int) -> Ints:
    """Dims counted from the front, in the order given.

    Errors:  IndexError as `wrap_dim`; RuntimeError if a dim is there twice.
    """
    if ndim > MAX_DIMS:
        raise RuntimeError(f"only tensors with up to {MAX_DIMS} dims are supported")
    wrapped = []
    for dim in dims:
        dim = wrap_dim(dim, ndim)
        if dim in wrapped:
            raise RuntimeError(f"dim {dim} appears multiple times in the list of dims")
        wrapped.append(dim)
    return tuple(wrapped)


def reduced_shape(shape, dims, keepdim: bool) -> Ints:
    """The shape after reducing over a dim or several; None and an empty list mean all dims."""
    if isinstance(dims, int):
        dims = (dims,)
    gone = wrap_dims(dims, len(shape)) if dims else range(len(shape))
    if keepdim:
        return tuple(1 if axis in gone else size for axis, size in enumerate(shape))
    return tuple(size for axis, size in enumerate(shape) if axis not in gone)


def _fills(shape, stride, axes) -> bool:
    """Whether the axes, innermost first, lie in memory one around the other without gaps."""
    expected = 1
    for axis in axes:
        if shape[axis] != 1:
            if stride[axis] != expected:
                return False
            expected *= shape[axis]
    return True


def is_contiguous(shape, stride) -> bool:
    return 0 in shape or _fills(shape, stride, range(len(shape) - 1, -1, -1))


# The order of dims in memory, innermost first, of the formats that keep channels together.
_CHANNELS_LAST = {4: (1, 3, 2, 0), 3: (0, 2, 1)}
_CHANNELS_LAST_3D = {5: (1, 4, 3, 2, 0), 4: (0, 3, 2, 1)}


def is_channels_last(shape, stride) -> bool:
    """Whether a (N, C, H, W) tensor is dense with its channels innermost."""
    return len(shape) == 4 and _fills(shape, stride, _CHANNELS_LAST[4])


def is_channels_last_3d(shape, stride) -> bool:
    """Whether a (N, C, D, H, W) tensor is dense with its channels innermost."""
    return len(shape) == 5 and _fills(shape, stride, _CHANNELS_LAST_3D[5])


def _strides_in_order(shape, order) -> Ints:
    strides, step = [0] * len(shape), 1
    for axis in order:
        strides[axis] = step
        step *= shape[axis]
    return tuple(strides)


def channels_last_strides(shape) -> Ints:
    """Strides of a (N, C, H, W) tensor with its channels innermost.

    Errors:  RuntimeError unless there are 4 dims.
    """
    if len(shape) != 4:
        raise RuntimeError("required rank 4 tensor to use channels_last format")
    return _strides_in_order(shape, _CHANNELS_LAST[4])


def channels_last_3d_strides(shape) -> Ints:
    """Strides of a (N, C, D, H, W) tensor with its channels innermost.

    Errors:  RuntimeError unless there are 5 dims.
    """
    if len(shape) != 5:
        raise RuntimeError("required rank 5 tensor to use channels_last_3d format")
    return _strides_in_order(shape, _CHANNELS_LAST_3D[5])


def suggested_format(shape, stride) -> str:
    """The memory format the strides look like, which torch's `cat` and `conv` give their results.

    "contiguous", "channels_last" or "channels_last_3d". Strides that fit two count as contiguous.
    """
    if len(shape) == 4 and _looks_channels_last(shape, stride, _CHANNELS_LAST[4]):
        return "channels_last"
    if len(shape) == 5 and _looks_channels_last(shape, stride, _CHANNELS_LAST_3D[5]):
        return "channels_last_3d"
    return "contiguous"


def _looks_channels_last(shape, stride, order) -> bool:
    if stride[1] == 0 or 0 in shape:
        return False
    least = 0
    for axis in order:
        if stride[axis] < least:
            return False
        # (N, 1, 1, 1) with equal strides is as much contiguous as it is channels last.
        if axis == 0 and least == stride[1]:
            return False
        least = stride[axis] * max(shape[axis], 1)
    return True


def is_non_overlapping_and_dense(shape, stride) -> bool:
    """Whether the elements fill a stretch of memory, each place once, in whatever order of dims."""
    if is_contiguous(shape, stride):
        return True
    axes = [axis for axis in range(len(shape)) if shape[axis] != 1]
    return _fills(shape, stride, sorted(axes, key=lambda axis: stride[axis]))
