"""`_chunk_cat`: pieces of several tensors next to one another, a row for each number of a piece."""

from jtorch._ops.join import cat
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.padding import constant_pad_nd
from jtorch._shapes import wrap_dim

_NAME = "_chunk_cat"


def _check(condition, what):
    if not condition:
        raise RuntimeError(f"{_NAME} expects {what}")


def _check_tensors(tensors, dim, num_chunks):
    """The dim, counted from the front."""
    _check(num_chunks >= 1, "positive num_chunks")
    _check(tensors, "a non-empty input tensor list")
    first = tensors[0]
    alike = all(each.ndim == first.ndim for each in tensors)
    for each in tensors:
        _check(each.numel() > 0, "non-empty tensor")
        _check(each.dtype is first.dtype, "all input tensors with the same dtype")
        _check(each.device == first.device, "all input tensors on the same device")
    _check(dim >= 0 or alike, "non-negative dim when input tensors have different ndims")
    if alike:
        dim = wrap_dim(dim, first.ndim)
    fits = all(dim < each.ndim for each in tensors)
    _check(fits, "dim < ndim for all input tensors")
    for each in tensors:
        same = each.shape[:dim] == first.shape[:dim]
        _check(same, "same sizes of 0,...,dim-1 dimensions for all tensors")
    return dim


@offered(
    "(tuple of Tensors tensors, int dim, int num_chunks, *, Tensor? out = None)",
    variants="f",
    name=_NAME,
)
def _chunk_cat(tensors, dim, num_chunks, *, out=None):
    """Each tensor in `num_chunks` pieces along `dim`, filled up with 0, and joined piece by piece.

    Shape:   (*, n, ...) each -> (*, num_chunks, sum of the pieces' elements).
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch._chunk_cat.
    """
    require_tensors(*tensors)
    dim = _check_tensors(tensors, dim, num_chunks)
    rows = []
    for each in tensors:
        missing = -each.shape[dim] % num_chunks
        if missing:
            each = constant_pad_nd(each, [0, 0] * (each.ndim - dim - 1) + [0, missing])
        rows.append(each.reshape(*each.shape[:dim], num_chunks, -1))
    return cat(rows, dim + 1) if out is None else cat(rows, dim + 1, out=out)


__all__ = ["_chunk_cat"]
