"""Shapes that meet: broadcasting, the unknown size of a view, and which views need no copy."""

from jtorch._shapes.basics import Ints, contiguous_strides, numel


def broadcast_shapes(*shapes) -> Ints:
    """The shape that operands of a pointwise operation broadcast to.

    Errors:  RuntimeError, in the words of torch's operators, if two sizes differ and none is 1.
    """
    result: Ints = ()
    for number, shape in enumerate(shapes):
        shape = tuple(shape)
        result = shape if number == 0 or shape == result else _broadcast(result, shape)
    return result


def _broadcast(first: Ints, second: Ints) -> Ints:
    ndim = max(len(first), len(second))
    first_sizes = (1,) * (ndim - len(first)) + first
    second_sizes = (1,) * (ndim - len(second)) + second
    result = [0] * ndim
    for axis in range(ndim - 1, -1, -1):
        a, b = first_sizes[axis], second_sizes[axis]
        if a != b and a != 1 and b != 1:
            raise RuntimeError(
                f"The size of tensor a ({a}) must match the size of tensor b ({b}) "
                f"at non-singleton dimension {axis}"
            )
        result[axis] = b if a == 1 else a
    return tuple(result)


def broadcast_shapes_op(*shapes) -> Ints:
    """What `torch.broadcast_shapes` answers: an int is a shape of one dim.

    Errors:  RuntimeError, naming the argument, if sizes differ; ValueError if a size is negative.
    """
    given = [(shape,) if isinstance(shape, int) else shape for shape in shapes]
    ndim = max((len(shape) for shape in given), default=0)
    result = [1] * ndim
    for number, shape in enumerate(given):
        for axis in range(-1, -1 - len(shape), -1):
            size = shape[axis]
            if size < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if size in (1, result[axis]):
                continue
            if result[axis] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {size} at {axis}! "
                    f"Mismatching argument at index {number} had {shape}; but expected shape "
                    f"should be broadcastable to {result}"
                )
            result[axis] = size
    return tuple(result)


def check_output_shape(shape, result_shape) -> None:
    """Refuse an in-place operation whose result has another shape than the tensor it writes.

    Errors:  RuntimeError.
    """
    if tuple(shape) != tuple(result_shape):
        raise RuntimeError(
            f"output with shape {list(shape)} doesn't match the broadcast shape "
            f"{list(result_shape)}"
        )


def infer_size(shape, count: int) -> Ints:
    """The shape of a view of `count` elements, with the one -1 worked out.

    Errors:  RuntimeError if the shape cannot hold `count` elements, or -1 cannot be known.
    """
    shape = tuple(shape)
    known, unknown = 1, None
    for axis, size in enumerate(shape):
        if size == -1:
            if unknown is not None:
                raise RuntimeError("only one dimension can be inferred")
            unknown = axis
        elif size < 0:
            raise RuntimeError(
                f"invalid shape dimension {size} at index {axis} of shape {list(shape)}"
            )
        else:
            known *= size
    if unknown is None and known == count:
        return shape
    if unknown is None or (known == 0 and count) or (known and count % known):
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}")
    if known == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
            "unspecified dimension size -1 can be any value and is ambiguous"
        )
    return (*shape[:unknown], count // known, *shape[unknown + 1 :])


def view_strides(shape, stride, new_shape) -> Ints | None:
    """Strides that show the same elements in another shape; None where that takes a copy.

    Dims that continue each other in memory form a run. Each run must be filled exactly by dims of
    the new shape, innermost first.
    """
    if 0 in shape:
        return tuple(stride) if tuple(shape) == tuple(new_shape) else contiguous_strides(new_shape)
    new_stride = [1] * len(new_shape)
    axis = len(new_shape) - 1
    for count, step in _runs(shape, stride):
        filled = 1
        while axis >= 0 and (filled < count or new_shape[axis] == 1):
            new_stride[axis] = filled * step
            filled *= new_shape[axis]
            axis -= 1
        if filled != count:
            return None
    return tuple(new_stride)


def _runs(shape, stride):
    """(elements, stride of the innermost) of each run of dims that continue each other."""
    if not shape:
        return
    count, step = 1, stride[-1]
    for axis in range(len(shape) - 1, -1, -1):
        count *= shape[axis]
        if axis == 0:
            yield count, step
        elif shape[axis - 1] != 1 and stride[axis - 1] != count * step:
            yield count, step
            count, step = 1, stride[axis - 1]


def view(geometry, sizes):
    """The geometry of `tensor.view(sizes)`.

    Errors:  RuntimeError if the sizes do not fit, or the elements do not lie so in memory.
    """
    viewed = reshape(geometry, sizes)
    if viewed is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    return viewed


def reshape(geometry, sizes):
    """The geometry of `tensor.reshape(sizes)` where it is a view; None where it takes a copy.

    Errors:  RuntimeError if the sizes do not fit.
    """
    shape, stride, offset = geometry
    new_shape = infer_size(sizes, numel(shape))
    new_stride = view_strides(shape, stride, new_shape)
    return None if new_stride is None else (new_shape, new_stride, offset)
