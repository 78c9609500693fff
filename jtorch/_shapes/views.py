"""What view ops do to a geometry (shape, stride, offset), and the errors they raise.

Named after the torch op. Results count in the elements of the storage; nothing here reads memory.
"""

from jtorch._shapes.basics import Ints, numel, wrap_dim, wrap_dims
from jtorch._shapes.broadcast import infer_size, view

Geometry = tuple[Ints, Ints, int]

INT64_END = 2**63
UINT64_END = 2**64


def select(geometry: Geometry, dim: int, index: int) -> Geometry:
    """Errors:  IndexError if the tensor is 0-dim, or `dim` or `index` is out of range."""
    shape, stride, offset = geometry
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape))
    size = shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(shape)} "
            f"at dimension {dim}"
        )
    start = index + size if index < 0 else index
    return (
        (*shape[:dim], *shape[dim + 1 :]),
        (*stride[:dim], *stride[dim + 1 :]),
        offset + start * stride[dim],
    )


def check_index(index: int, dim: int, size: int) -> int:
    """The integer in `x[index]`, counted from the front; `dim` is the tensor's dim it falls on.

    Errors:  IndexError if it is out of range.
    """
    if not -size <= index < size:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {size}")
    return index + size if index < 0 else index


def slice(geometry: Geometry, dim: int, start=None, end=None, step: int = 1) -> Geometry:
    """Python's slice of one dim: None, negative and too large bounds are allowed.

    Errors:  ValueError if `step` is not positive; IndexError if the tensor is 0-dim.
    """
    shape, stride, offset = geometry
    if not shape:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, len(shape))
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step < 0:
        raise ValueError("step must be greater than zero")
    size = shape[dim]
    start = _clamp(0 if start is None else start, size)
    end = max(start, _clamp(size if end is None else end, size))
    length = -(-(end - start) // step)
    return (
        (*shape[:dim], length, *shape[dim + 1 :]),
        (*stride[:dim], stride[dim] * step, *stride[dim + 1 :]),
        offset + start * stride[dim],
    )


def _clamp(bound: int, size: int) -> int:
    return min(max(bound + size if bound < 0 else bound, 0), size)


def narrow(geometry: Geometry, dim: int, start: int, length: int) -> Geometry:
    """Errors:  RuntimeError or IndexError if the range is not inside the dim."""
    shape = geometry[0]
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    dim = wrap_dim(dim, len(shape))
    size = shape[dim]
    if not -size <= start <= size:
        raise IndexError(
            f"start out of range (expected to be in range of [{-size}, {size}], but got {start})"
        )
    start = start + size if start < 0 else start
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice(geometry, dim, start, start + length)


def transpose(geometry: Geometry, dim0: int, dim1: int) -> Geometry:
    """Errors:  IndexError if a dim is out of range."""
    shape, stride, offset = geometry
    dim0, dim1 = wrap_dim(dim0, len(shape)), wrap_dim(dim1, len(shape))
    if dim0 == dim1:
        return geometry
    order = list(range(len(shape)))
    order[dim0], order[dim1] = dim1, dim0
    return tuple(shape[axis] for axis in order), tuple(stride[axis] for axis in order), offset


swapaxes = swapdims = transpose


def t(geometry: Geometry) -> Geometry:
    """Errors:  RuntimeError if there are more than 2 dims."""
    shape, stride, offset = geometry
    if len(shape) > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {len(shape)}D")
    return shape[::-1], stride[::-1], offset


def permute(geometry: Geometry, dims) -> Geometry:
    """Errors:  RuntimeError unless `dims` has each dim once; IndexError if one is out of range."""
    shape, stride, offset = geometry
    if len(dims) != len(shape):
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            "length of the desired ordering of dimensions i.e. "
            f"input.dim() = {len(shape)} is not equal to len(dims) = {len(dims)}"
        )
    order: list[int] = []
    for dim in dims:
        dim = wrap_dim(dim, len(shape))
        if dim in order:
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        order.append(dim)
    return tuple(shape[axis] for axis in order), tuple(stride[axis] for axis in order), offset


def movedim(geometry: Geometry, source, destination) -> Geometry:
    """Errors:  RuntimeError if the lists differ in length or repeat a dim; IndexError as usual."""
    ndim = len(geometry[0])
    source, destination = _as_list(source), _as_list(destination)
    if len(source) != len(destination):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: "
            f"source ({source} dims) should contain the same number of dims as "
            f"destination ({destination} dims)"
        )
    froms = [wrap_dim(dim, ndim) for dim in source]
    tos = [wrap_dim(dim, ndim) for dim in destination]
    for name, wrapped, given in (("source", froms, source), ("destination", tos, destination)):
        if len(set(wrapped)) != len(wrapped):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({given})")
    if not ndim:
        return geometry
    order: list[int | None] = [None] * ndim
    for start, end in zip(froms, tos, strict=True):
        order[end] = start
    rest = iter(axis for axis in range(ndim) if axis not in froms)
    return permute(geometry, [next(rest) if axis is None else axis for axis in order])


moveaxis = movedim


def _as_list(dims) -> list[int]:
    return [dims] if isinstance(dims, int) else list(dims)


def expand(geometry: Geometry, sizes, type_name: str = "torch.FloatTensor") -> Geometry:
    """`type_name` is the legacy name of the tensor's type, which one of the errors contains.

    Errors:  RuntimeError if a size differs from one that is not 1, or there are too few sizes.
    """
    shape, stride, offset = geometry
    sizes = tuple(sizes)
    if len(sizes) < len(shape):
        raise RuntimeError(
            f"expand({type_name}{{{list(shape)}}}, size={list(sizes)}): the number of sizes "
            f"provided ({len(sizes)}) must be greater or equal to the number of dimensions in the "
            f"tensor ({len(shape)})"
        )
    if not shape:
        return _counted(sizes), (0,) * len(sizes), offset
    missing = len(sizes) - len(shape)
    new_shape, new_stride = list(sizes), [0] * len(sizes)
    for axis in range(len(sizes) - 1, -1, -1):
        leading = axis < missing
        size = 1 if leading else shape[axis - missing]
        target = sizes[axis]
        if target == -1:
            if leading:
                raise RuntimeError(
                    f"The expanded size of the tensor ({target}) isn't allowed in a leading, "
                    f"non-existing dimension {axis}"
                )
            target = size
        if target == size:
            # A new dim of size 1 gets the stride it would have if it had been there.
            new_stride[axis] = (
                new_shape[axis + 1] * new_stride[axis + 1] if leading else stride[axis - missing]
            )
        elif size != 1:
            raise RuntimeError(
                f"The expanded size of the tensor ({target}) must match the existing size "
                f"({size}) at non-singleton dimension {axis}.  Target sizes: {list(sizes)}.  "
                f"Tensor sizes: {list(shape)}"
            )
        new_shape[axis] = target
    return _counted(tuple(new_shape)), tuple(new_stride), offset


def _counted(shape: Ints) -> Ints:
    """The shape, if its elements can be counted: negative sizes look huge to torch."""
    if any(size < 0 for size in shape) or numel(size for size in shape if size) >= INT64_END:
        raise RuntimeError("numel: integer multiplication overflow")
    return shape


def squeeze(geometry: Geometry, dim=None) -> Geometry:
    """Without dims of size 1: all, one, or those of a tuple; dims of other sizes stay.

    Errors:  IndexError if a dim is out of range; RuntimeError if one is there twice.
    """
    shape, stride, offset = geometry
    if dim is None:
        gone = range(len(shape))
    elif isinstance(dim, int):
        gone = (wrap_dim(dim, len(shape)),)
    else:
        gone = wrap_dims(dim, len(shape))
    kept = [axis for axis, size in enumerate(shape) if size != 1 or axis not in gone]
    return tuple(shape[axis] for axis in kept), tuple(stride[axis] for axis in kept), offset


def unsqueeze(geometry: Geometry, dim: int) -> Geometry:
    """Errors:  IndexError if `dim` is outside [-ndim - 1, ndim]."""
    shape, stride, offset = geometry
    dim = wrap_dim(dim, len(shape) + 1)
    step = shape[dim] * stride[dim] if dim < len(shape) else 1
    return (*shape[:dim], 1, *shape[dim:]), (*stride[:dim], step, *stride[dim:]), offset


def diagonal(geometry: Geometry, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Geometry:
    """The diagonal `offset` above the main one, as the last dim; it may be empty.

    Errors:  IndexError if a dim is out of range; RuntimeError if the dims are the same.
    """
    shape, stride, start = geometry
    first, second = wrap_dim(dim1, len(shape)), wrap_dim(dim2, len(shape))
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    if offset >= 0:
        length = max(min(shape[first], shape[second] - offset), 0)
    else:
        length = max(min(shape[first] + offset, shape[second]), 0)
    if length:
        start += offset * stride[second] if offset >= 0 else -offset * stride[first]
    kept = [axis for axis in range(len(shape)) if axis not in (first, second)]
    return (
        (*(shape[axis] for axis in kept), length),
        (*(stride[axis] for axis in kept), stride[first] + stride[second]),
        start,
    )


def unfold(geometry: Geometry, dimension: int, size: int, step: int) -> Geometry:
    """Windows of `size` every `step`; the window is the last dim.

    Errors:  RuntimeError if the window does not fit or `step` is not positive.
    """
    shape, stride, offset = geometry
    dimension = wrap_dim(dimension, len(shape))
    length = shape[dimension] if shape else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {dimension} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    if not shape:
        return (size,), (1,), offset
    windows = (length - size) // step + 1
    return (
        (*shape[:dimension], windows, *shape[dimension + 1 :], size),
        (
            *stride[:dimension],
            step * stride[dimension],
            *stride[dimension + 1 :],
            stride[dimension],
        ),
        offset,
    )


def as_strided(
    geometry: Geometry, size, stride, storage_offset=None, *, itemsize: int, storage_nbytes: int
) -> Geometry:
    """Any view of the storage; the offset is the tensor's own unless given.

    Errors:  RuntimeError if it is malformed or reaches outside the storage.
    """
    size, stride = tuple(size), tuple(stride)
    offset = geometry[2] if storage_offset is None else storage_offset
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(step < 0 for step in stride):
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, "
            f"got strides: {list(stride)}"
        )
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    needed = _storage_nbytes(size, stride, offset, itemsize)
    if needed > storage_nbytes:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, "
            f"and itemsize {itemsize} requiring a storage size of {needed} are out of bounds for "
            f"storage of size {storage_nbytes}"
        )
    return _counted(size), stride, offset


def _storage_nbytes(size: Ints, stride: Ints, offset: int, itemsize: int) -> int:
    """The bytes a geometry reaches to, in torch's unsigned arithmetic: a negative size is huge."""
    if 0 in size:
        return 0
    reach = 1 + sum(
        (count - 1) % UINT64_END * step for count, step in zip(size, stride, strict=True)
    )
    needed = itemsize * (offset + reach)
    if needed >= UINT64_END:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} "
            f"and strides={list(stride)}"
        )
    return needed


def flatten_shape(shape, start_dim: int = 0, end_dim: int = -1) -> Ints:
    """The shape of `flatten`; torch returns the tensor itself where the shape stays the same.

    Errors:  IndexError if a dim is out of range; RuntimeError if they come in the wrong order.
    """
    start, end = wrap_dim(start_dim, len(shape)), wrap_dim(end_dim, len(shape))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    return (*shape[:start], numel(shape[start : end + 1]), *shape[end + 1 :])


def unflatten(geometry: Geometry, dim: int, sizes) -> Geometry:
    """One dim in several.

    Errors:  RuntimeError if the sizes do not multiply up to the dim's; IndexError as usual.
    """
    shape = geometry[0]
    sizes = list(sizes)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    wrapped = wrap_dim(dim, len(shape))
    if not shape:
        raise RuntimeError(
            "unflatten got an unexpected error:\n"
            f"Dimension specified as {wrapped} but tensor has no dimensions"
        )
    try:
        inferred = infer_size(sizes, shape[wrapped])
    except RuntimeError as error:
        if "is invalid for input of size" not in str(error):
            raise RuntimeError(f"unflatten got an unexpected error:\n{error}") from None
        raise RuntimeError(
            f"unflatten: Provided sizes {sizes} don't multiply up to the size of "
            f"dim {wrapped} ({shape[wrapped]}) in the input tensor"
        ) from None
    return view(geometry, (*shape[:wrapped], *inferred, *shape[wrapped + 1 :]))
