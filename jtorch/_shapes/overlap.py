"""Memory that is written while it is read: torch's checks, which answer "too hard" where unsure."""

from enum import Enum

from jtorch._shapes.basics import is_non_overlapping_and_dense, numel


class InternalOverlap(Enum):
    NO = 0
    YES = 1
    TOO_HARD = 2


class Overlap(Enum):
    FULL = 0
    PARTIAL = 1
    NO = 2
    TOO_HARD = 3


def has_internal_overlap(shape, stride) -> InternalOverlap:
    """Whether two elements share a place. Only dims expanded by stride 0 are recognized."""
    if is_non_overlapping_and_dense(shape, stride):
        return InternalOverlap.NO
    if any(size > 1 and step == 0 for size, step in zip(shape, stride, strict=True)):
        return InternalOverlap.YES
    return InternalOverlap.TOO_HARD


def overlap_of_two(a, b, a_itemsize: int = 1, b_itemsize: int = 1) -> Overlap:
    """How two geometries (shape, stride, offset) over one storage share memory.

    Only dense tensors are decided. The itemsizes matter where the two view it as different dtypes.
    """
    (a_shape, a_stride, a_offset), (b_shape, b_stride, b_offset) = a, b
    a_count, b_count = numel(a_shape), numel(b_shape)
    if a_count == 0 or b_count == 0:
        return Overlap.NO
    if not is_non_overlapping_and_dense(a_shape, a_stride):
        return Overlap.TOO_HARD
    if not is_non_overlapping_and_dense(b_shape, b_stride):
        return Overlap.TOO_HARD
    a_begin, b_begin = a_offset * a_itemsize, b_offset * b_itemsize
    a_end, b_end = a_begin + a_count * a_itemsize, b_begin + b_count * b_itemsize
    if (a_begin, a_end) == (b_begin, b_end):
        return Overlap.FULL if tuple(a_stride) == tuple(b_stride) else Overlap.PARTIAL
    return Overlap.PARTIAL if a_begin < b_end and b_begin < a_end else Overlap.NO


def assert_no_internal_overlap(shape, stride) -> None:
    """Errors:  RuntimeError if a tensor that is to be written has two elements in one place."""
    if has_internal_overlap(shape, stride) is InternalOverlap.YES:
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )


def assert_no_partial_overlap(a, b, a_itemsize: int = 1, b_itemsize: int = 1) -> None:
    """Errors:  RuntimeError if a written and a read tensor share memory, but are not the same."""
    if overlap_of_two(a, b, a_itemsize, b_itemsize) is Overlap.PARTIAL:
        _raise_overlap()


def assert_no_overlap(a, b, a_itemsize: int = 1, b_itemsize: int = 1) -> None:
    """Errors:  RuntimeError if a written and a read tensor share memory, even as the same."""
    if overlap_of_two(a, b, a_itemsize, b_itemsize) in (Overlap.PARTIAL, Overlap.FULL):
        _raise_overlap()


def _raise_overlap():
    raise RuntimeError(
        "unsupported operation: some elements of the input tensor and the written-to tensor refer "
        "to a single memory location. Please clone() the tensor before performing the operation."
    )
