"""Strides of results: PyTorch lets the order of dims in memory follow that of the inputs."""

from functools import lru_cache

from jtorch._shapes.basics import (
    Ints,
    channels_last_strides,
    contiguous_strides,
    is_channels_last,
    is_contiguous,
    is_non_overlapping_and_dense,
)


@lru_cache(maxsize=1 << 14)
def pointwise_strides(operands: tuple[tuple[Ints, Ints], ...], out_shape: Ints) -> Ints:
    """Strides of a pointwise operation's new result.

    `operands` are (shape, stride) of all tensors read, in the operation's order; a Python number
    that torch wraps in a tensor is ((), ()). One that torch casts first (on CPU: whatever is not of
    the common dtype) comes with its `like_strides`. Inputs of one layout hand it on; else the dims
    are sorted by the strides of the inputs.
    """
    if len({shape for shape, _ in operands}) == 1:
        if all(is_contiguous(*operand) for operand in operands):
            return contiguous_strides(out_shape)
        if all(is_channels_last(*operand) for operand in operands):
            return channels_last_strides(out_shape)
        strides = {stride for _, stride in operands}
        if len(strides) == 1 and all(is_non_overlapping_and_dense(*each) for each in operands):
            return next(iter(strides))
    spread = [_spread(shape, stride, out_shape) for shape, stride in operands]
    order = _sort_dims(out_shape, spread)
    if order == list(range(len(out_shape) - 1, -1, -1)):
        return contiguous_strides(out_shape)
    strides, step = [0] * len(out_shape), 1
    for axis in order:
        strides[axis] = step
        step *= out_shape[axis]
    return tuple(strides)


def like_strides(shape: Ints, stride: Ints) -> Ints:
    """Strides of `empty_like` and `clone` when they preserve the format."""
    if is_non_overlapping_and_dense(shape, stride):
        return tuple(stride)
    strides, step = [0] * len(shape), 1
    for axis in _sort_dims(shape, [stride]):
        strides[axis] = step
        step *= max(shape[axis], 1)
    return tuple(strides)


def memory_order(shape: Ints, stride: Ints) -> Ints:
    """The dims from the outermost in memory to the innermost, as torch's `dim_order` has them."""
    if is_contiguous(shape, stride):
        return tuple(range(len(shape)))
    return tuple(reversed(_sort_dims(shape, [stride])))


def _spread(shape, stride, out_shape) -> Ints:
    """The operand's strides over the result's dims: 0 where it repeats."""
    missing = len(out_shape) - len(shape)
    return (0,) * missing + tuple(
        0 if size == 1 and out_size != 1 else step
        for size, step, out_size in zip(shape, stride, out_shape[missing:], strict=True)
    )


def _sort_dims(shape, strides_of_operands) -> list[int]:
    """Dims from innermost to outermost in memory, as the operands have them.

    The sort is by insertion and stops at the first smaller dim. Pairs may be undecided (each
    operand repeats along one of the two); torch's order then is what just this sort makes of it.
    """
    order = list(range(len(shape) - 1, -1, -1))
    for start in range(1, len(order)):
        place = start
        for earlier in range(start - 1, -1, -1):
            decided = _compare(order[earlier], order[place], shape, strides_of_operands)
            if decided < 0:
                break
            if decided > 0:
                order[earlier], order[place] = order[place], order[earlier]
                place = earlier
    return order


def _compare(inner: int, outer: int, shape, strides_of_operands) -> int:
    """Above 0 if the dims are to change places, below 0 if they are in order, 0 if undecided."""
    for strides in strides_of_operands:
        inner_stride, outer_stride = strides[inner], strides[outer]
        if inner_stride == 0 or outer_stride == 0:
            continue
        if inner_stride != outer_stride:
            return inner_stride - outer_stride
        if shape[inner] > shape[outer]:
            return 1
    return 0
