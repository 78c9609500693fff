"""Views of a tensor in pieces: split, chunk, unbind and their relatives."""

from jtorch import _dtypes, _shapes
from jtorch._ops.signatures import bind_both
from jtorch._ops.windows import ViewsTogether, view
from jtorch._tensor import Tensor


@view("(Tensor input, int split_size, int dim = 0)",
      "(Tensor input, tuple of ints split_size, int dim = 0)", name="split", variants="",
      pieces=True, views=ViewsTogether)  # fmt: skip
def split_into(meta, split_size, dim=0):
    """What the parser of C++ makes of `split`."""
    return _shapes.split(meta.geometry, split_size, dim)


@view("(Tensor input, tuple of ints split_sizes, int dim = 0)", pieces=True, views=ViewsTogether)
def split_with_sizes(meta, split_sizes, dim=0):
    """Pieces of these sizes. Source: torch.split_with_sizes."""
    return _shapes.split_with_sizes(meta.geometry, split_sizes, dim)


# torch has these two in Python, one for the function and one for the method.


def split(tensor, split_size_or_sections, dim=0):
    """Pieces of one size (the last may be smaller), or of the sizes in a list.

    Errors:  RuntimeError for sizes that do not add up or are negative; IndexError for the dim.
    Source:  torch.split.
    """
    return tensor.split(split_size_or_sections, dim)


def _split(self, split_size, dim=0):
    """`torch.split(self, split_size, dim)`."""
    if isinstance(split_size, Tensor) and split_size.numel() == 1:
        split_size = int(split_size)
    if isinstance(split_size, int):
        return split_into(self, split_size, dim)
    return split_with_sizes(self, split_size, dim)


_split.__name__, _split.__qualname__ = "split", "Tensor.split"
bind_both("split", split, _split, "fm")


@view("(Tensor input, int split_size, int dim = 0)", pieces=True, views=ViewsTogether)
def unsafe_split(meta, split_size, dim=0):
    """`split`. Source: torch.unsafe_split."""
    return _shapes.split(meta.geometry, split_size, dim)


@view("(Tensor input, tuple of ints split_sizes, int dim = 0)", pieces=True, views=ViewsTogether)
def unsafe_split_with_sizes(meta, split_sizes, dim=0):
    """`split_with_sizes`. Source: torch.unsafe_split_with_sizes."""
    return _shapes.split_with_sizes(meta.geometry, split_sizes, dim)


class Chunks(ViewsTogether):
    """`chunk`, which has other pieces where there is nothing to divide."""

    def overload(self, name, arguments):
        tensor, _, dim = arguments
        return name if tensor.shape[dim] else "split_with_sizes"

    def note(self, view, arguments):
        chunks, dim = arguments
        size = view._node._kernel.inputs[0].shape[dim]
        view._node._arguments = {"dim": dim, "split_size": -(-size // chunks)}


@view("(Tensor input, int chunks, int dim = 0)", pieces=True, views=Chunks)
def chunk(meta, chunks, dim=0):
    """At most `chunks` pieces of one size, the last may be smaller. Source: torch.chunk."""
    return _shapes.chunk(meta.geometry, chunks, dim)


@view("(Tensor input, int chunks, int dim = 0)", pieces=True, views=ViewsTogether)
def unsafe_chunk(meta, chunks, dim=0):
    """`chunk`. Source: torch.unsafe_chunk."""
    return _shapes.chunk(meta.geometry, chunks, dim)


def _split_points(value):
    if value.dtype is not _dtypes.int64:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
            f"{value.dtype.scalar_name}"
        )
    if value.ndim > 1:
        raise RuntimeError(
            "tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
            f"one-dimensional tensor, but got a tensor with {value.ndim} dims"
        )
    found = value.tolist()
    return tuple(found) if value.ndim else found


@view("(Tensor input, tuple of ints indices, int dim = 0)",
      "(Tensor input, Tensor tensor_indices_or_sections, int dim = 0)",
      "(Tensor input, int sections, int dim = 0)", pieces=True,
      reads={"tensor_indices_or_sections": _split_points})  # fmt: skip
def tensor_split(meta, indices_or_sections, dim=0):
    """Pieces cut at indices, or a number of nearly equal ones. Source: torch.tensor_split."""
    return _shapes.tensor_split(meta.geometry, indices_or_sections, dim)


@view("(Tensor input, int sections)", "(Tensor input, tuple of ints indices)", pieces=True,
      spread=True)  # fmt: skip
def hsplit(meta, indices_or_sections):
    """`tensor_split` of columns (of a vector: its elements). Source: torch.hsplit."""
    return _shapes.hsplit(meta.geometry, indices_or_sections)


@view("(Tensor input, int sections)", "(Tensor input, tuple of ints indices)", pieces=True,
      spread=True)  # fmt: skip
def vsplit(meta, indices_or_sections):
    """`tensor_split` of rows. Source: torch.vsplit."""
    return _shapes.vsplit(meta.geometry, indices_or_sections)


@view("(Tensor input, int sections)", "(Tensor input, tuple of ints indices)", pieces=True,
      spread=True)  # fmt: skip
def dsplit(meta, indices_or_sections):
    """`tensor_split` along the third dim. Source: torch.dsplit."""
    return _shapes.dsplit(meta.geometry, indices_or_sections)


@view("(Tensor input, int dim = 0)", pieces=True, views=ViewsTogether)
def unbind(meta, dim=0):
    """The slices along a dim. Source: torch.unbind."""
    return _shapes.unbind(meta.geometry, dim)
