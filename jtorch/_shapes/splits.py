"""How ops that cut a tensor in pieces cut it: each answers with the geometries of the pieces."""

from jtorch._shapes.basics import wrap_dim
from jtorch._shapes.views import Geometry, narrow, select
from jtorch._shapes.views import slice as slice_dim

Pieces = tuple[Geometry, ...]


def _need_a_dim(geometry: Geometry, name: str) -> None:
    if not geometry[0]:
        raise RuntimeError(f"{name} expects at least a 1-dimensional tensor")


def split(geometry: Geometry, split_size, dim: int = 0) -> Pieces:
    """Pieces of `split_size`, the last may be smaller; or of the sizes in a list.

    Errors:  RuntimeError if a size is negative, or sizes do not sum up; IndexError as usual.
    """
    if not isinstance(split_size, int):
        return split_with_sizes(geometry, split_size, dim)
    _need_a_dim(geometry, "split")
    if split_size < 0:
        raise RuntimeError(
            f"split expects split_size be non-negative, but got split_size={split_size}"
        )
    size = geometry[0][wrap_dim(dim, len(geometry[0]))]
    if split_size == 0 and size:
        raise RuntimeError(
            f"split_size can only be 0 if dimension size is 0, but got dimension size of {size}"
        )
    starts = range(0, size, split_size) if size else (0,)
    return tuple(slice_dim(geometry, dim, start, start + split_size) for start in starts)


def split_with_sizes(geometry: Geometry, split_sizes, dim: int = 0) -> Pieces:
    """Errors:  RuntimeError if a size is negative, or sizes do not sum up; IndexError as usual."""
    _need_a_dim(geometry, "split")
    split_sizes = list(split_sizes)
    size = geometry[0][wrap_dim(dim, len(geometry[0]))]
    if any(length < 0 for length in split_sizes):
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative entries, "
            f"but got split_sizes={split_sizes}"
        )
    if sum(split_sizes) != size:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {size} "
            f"(input tensor's size at dimension {dim}), but got split_sizes={split_sizes}"
        )
    pieces, start = [], 0
    for length in split_sizes:
        pieces.append(narrow(geometry, dim, start, length))
        start += length
    return tuple(pieces)


def chunk(geometry: Geometry, chunks: int, dim: int = 0) -> Pieces:
    """At most `chunks` pieces of one size, the last may be smaller.

    Errors:  RuntimeError if `chunks` is not positive; IndexError as usual.
    """
    _need_a_dim(geometry, "chunk")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    size = geometry[0][wrap_dim(dim, len(geometry[0]))]
    if not size:
        return split_with_sizes(geometry, [0] * chunks, dim)
    return split(geometry, -(-size // chunks), dim)


def tensor_split(geometry: Geometry, indices_or_sections, dim: int = 0) -> Pieces:
    """So many pieces of almost one size, or pieces that begin at the indices of a list.

    Errors:  RuntimeError if the number of pieces is not positive; IndexError as usual.
    """
    shape = geometry[0]
    if not shape:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    dim = wrap_dim(dim, len(shape))
    if isinstance(indices_or_sections, int):
        sections = indices_or_sections
        if sections <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {sections}")
        small, larger = divmod(shape[dim], sections)
        bounds = [number * small + min(number, larger) for number in range(1, sections)]
    else:
        bounds = list(indices_or_sections)
    return tuple(
        slice_dim(geometry, dim, start, end)
        for start, end in zip([0, *bounds], [*bounds, None], strict=True)
    )


def _split_at(name: str, geometry: Geometry, dim: int, needed: int, indices_or_sections) -> Pieces:
    shape = geometry[0]
    if len(shape) < needed:
        raise RuntimeError(
            f"torch.{name} requires a tensor with at least {needed} dimension, "
            f"but got a tensor with {len(shape)} dimensions!"
        )
    if isinstance(indices_or_sections, int):
        size = shape[dim]
        if indices_or_sections == 0 or size % indices_or_sections:
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {dim}, but the size of the "
                f"dimension {size} is not divisible by the split_size {indices_or_sections}!"
            )
    return tensor_split(geometry, indices_or_sections, dim)


def hsplit(geometry: Geometry, indices_or_sections) -> Pieces:
    """Errors:  RuntimeError if the tensor is 0-dim or does not divide evenly."""
    dim = 0 if len(geometry[0]) == 1 else 1
    return _split_at("hsplit", geometry, dim, 1, indices_or_sections)


def vsplit(geometry: Geometry, indices_or_sections) -> Pieces:
    """Errors:  RuntimeError if there are less than 2 dims or the first does not divide evenly."""
    return _split_at("vsplit", geometry, 0, 2, indices_or_sections)


def dsplit(geometry: Geometry, indices_or_sections) -> Pieces:
    """Errors:  RuntimeError if there are less than 3 dims or the third does not divide evenly."""
    return _split_at("dsplit", geometry, 2, 3, indices_or_sections)


def unbind(geometry: Geometry, dim: int = 0) -> Pieces:
    """Errors:  IndexError if `dim` is out of range or the tensor is 0-dim."""
    shape = geometry[0]
    dim = wrap_dim(wrap_dim(dim, len(shape)), len(shape), wrap_scalar=False)
    return tuple(select(geometry, dim, index) for index in range(shape[dim]))
