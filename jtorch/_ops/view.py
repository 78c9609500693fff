"""Views: other windows onto the same storage. `_shapes` has the rules, this file makes tensors of them."""

import builtins

from jtorch import _dtypes, _shapes
from jtorch._dtypes import COMPLEX
from jtorch._meta import Meta
from jtorch._ops.creation import format_strides
from jtorch._ops.parameters import type_name
from jtorch._ops.families import composite, view as view_op
from jtorch._tensor import Tensor, from_node, node_of, window


def geometry_of(tensor):
    meta = tensor._meta
    return meta.shape, meta.stride, tensor._offset


def alias(tensor):
    """The same window again, as a tensor of its own."""
    return window(tensor, *geometry_of(tensor))


def dense_copy(tensor, stride=None):
    """A tensor of its own with the same elements; contiguous unless `stride` says otherwise."""
    meta = tensor._meta
    return from_node(node_of(tensor), Meta(meta.shape, meta.dtype, meta.device, stride))


def require_tensor(name, value, argument="input", position=1):
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Tensor, "
            f"not {type_name(value)}"
        )


def ints_of(name, argument, values):
    """The variadic integers of `view(2, 3)` or `view((2, 3))`."""
    if len(values) == 1 and not hasattr(values[0], "__index__"):
        if not isinstance(values[0], (list, tuple)):
            raise TypeError(
                f"{name}(): argument '{argument}' (position 1) must be tuple of ints, "
                f"not {type_name(values[0])}"
            )
        values = values[0]
    for position, each in enumerate(values):
        if not hasattr(each, "__index__"):
            raise TypeError(
                f"{name}(): argument '{argument}' (position 1) must be tuple of ints, "
                f"but found element of type {type_name(each)} at pos {position}"
            )
    return tuple(each.__index__() for each in values)


@composite
def clone(input, *, memory_format=None):
    """A copy with memory of its own; strides are kept where they are dense. Source: torch.clone."""
    require_tensor("clone", input)
    meta = input._meta
    stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    return dense_copy(input, stride)


@composite(variants="m")
def contiguous(self, memory_format=None):
    """The tensor itself if its memory is in order, else a copy. Source: torch.Tensor.contiguous."""
    meta = self._meta
    if str(memory_format or "contiguous_format").removeprefix("torch.") == "preserve_format":
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    stride = format_strides(memory_format or "contiguous_format", meta.shape, meta.stride)
    if self.is_contiguous(memory_format=memory_format) if memory_format else meta.is_contiguous:
        return self
    return dense_copy(self, stride)


@view_op(variants="m")
def view(self, *shape, size=None, dtype=None):
    """The elements in another shape, or the bits as another dtype.

    Shape:   as given; one extent may be -1.
    Errors:  RuntimeError if the shape does not fit, or the strides do not allow it.
    Source:  torch.Tensor.view.
    """
    if dtype is None and len(shape) == 1 and shape[0].__class__ is _dtypes.dtype:
        dtype, shape = shape[0], ()
    if dtype is not None:
        return view_dtype(self, dtype)
    shape = ints_of("view", "size", shape if size is None else (size,))
    return window(self, *_shapes.view(geometry_of(self), shape))


def view_dtype(self, dtype):
    """The tensor's bits as elements of another dtype."""
    meta = self._meta
    if dtype is meta.dtype:
        return alias(self)
    result = _shapes.view_dtype(
        geometry_of(self),
        meta.dtype.itemsize,
        dtype.itemsize,
        meta.dtype.scalar_name,
        dtype.scalar_name,
    )
    return window(self, *result, dtype=dtype)


@composite
def reshape(input, *shape):
    """The elements in another shape: a view where strides allow it, else a copy.

    Shape:   as given; one extent may be -1.
    Errors:  RuntimeError if the shape does not fit.
    Source:  torch.reshape.
    """
    require_tensor("reshape", input)
    shape = ints_of("reshape", "shape", shape)
    result = _shapes.reshape(geometry_of(input), shape)
    if result is not None:
        return window(input, *result)
    copy = dense_copy(input)
    return window(copy, *_shapes.view(geometry_of(copy), shape))


@view_op(variants="m")
def view_as(self, other):
    return view(self, other.shape)


@composite(variants="m")
def reshape_as(self, other):
    return reshape(self, other.shape)


@composite(name="_unsafe_view", variants="f")
def _unsafe_view(input, size):
    return reshape(input, size)


@view_op(aliases=("swapaxes", "swapdims"), in_place=True)
def transpose(input, dim0, dim1):
    """Two dims exchanged. Errors: IndexError for a dim out of range. Source: torch.transpose."""
    require_tensor("transpose", input)
    return window(input, *_shapes.transpose(geometry_of(input), dim0, dim1))


@view_op(in_place=True)
def t(input):
    """A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""
    require_tensor("t", input)
    return window(input, *_shapes.t(geometry_of(input)))


@view_op(aliases=())
def permute(input, *dims):
    """The dims in another order. Errors: RuntimeError if they are not all named. Source: torch.permute."""
    require_tensor("permute", input)
    return window(input, *_shapes.permute(geometry_of(input), ints_of("permute", "dims", dims)))


@view_op(aliases=("moveaxis",))
def movedim(input, source, destination):
    """Dims moved to other places. Source: torch.movedim."""
    require_tensor("movedim", input)
    return window(input, *_shapes.movedim(geometry_of(input), source, destination))


@view_op(in_place=True)
def squeeze(input, dim=None):
    """Without dims of extent 1: all of them, or those of `dim`. Source: torch.squeeze."""
    require_tensor("squeeze", input)
    return window(input, *_shapes.squeeze(geometry_of(input), dim))


@view_op(in_place=True)
def unsqueeze(input, dim):
    """With a dim of extent 1 at `dim`. Errors: IndexError out of range. Source: torch.unsqueeze."""
    require_tensor("unsqueeze", input)
    return window(input, *_shapes.unsqueeze(geometry_of(input), dim))


@view_op(variants="m")
def expand(self, *size, implicit=False):
    """Dims of extent 1 repeated without copying. Source: torch.Tensor.expand."""
    size = ints_of("expand", "size", size)
    return window(self, *_shapes.expand(geometry_of(self), size, self.type()))


@view_op(variants="m")
def expand_as(self, other):
    return expand(self, other.shape)


@view_op(variants="f")
def broadcast_to(input, size):
    """`input.expand(size)`. Source: torch.broadcast_to."""
    require_tensor("broadcast_to", input)
    return expand(input, size)


Tensor.broadcast_to = broadcast_to


@composite
def flatten(input, start_dim=0, end_dim=-1):
    """The dims from `start_dim` to `end_dim` in one. Source: torch.flatten."""
    require_tensor("flatten", input)
    shape = _shapes.flatten_shape(input.shape, start_dim, end_dim)
    return input if shape == input.shape and input.ndim else reshape(input, shape)


@view_op
def unflatten(input, dim, sizes):
    """One dim in several. Source: torch.unflatten."""
    require_tensor("unflatten", input)
    return window(input, *_shapes.unflatten(geometry_of(input), dim, sizes))


@composite
def ravel(input):
    """One dim; the tensor itself or a view where it is contiguous. Source: torch.ravel."""
    require_tensor("ravel", input)
    return reshape(input.contiguous(), -1)


@view_op
def select(input, dim, index):
    """The slice at `index` of one dim. Source: torch.select."""
    require_tensor("select", input)
    return window(input, *_shapes.select(geometry_of(input), dim, int(index)))


@view_op
def narrow(input, dim, start, length):
    """`length` places of one dim from `start` on. Source: torch.narrow."""
    require_tensor("narrow", input)
    return window(input, *_shapes.narrow(geometry_of(input), dim, int(start), length))


@composite
def narrow_copy(input, dim, start, length):
    return clone(narrow(input, dim, start, length))


@view_op
def diagonal(input, offset=0, dim1=0, dim2=1):
    """A diagonal of two dims, as the last dim. Source: torch.diagonal."""
    require_tensor("diagonal", input)
    return window(input, *_shapes.diagonal(geometry_of(input), offset, dim1, dim2))


@view_op(variants="m")
def unfold(self, dimension, size, step):
    """Windows of `size` every `step` along a dim. Source: torch.Tensor.unfold."""
    return window(self, *_shapes.unfold(geometry_of(self), dimension, size, step))


@view_op(in_place=True)
def as_strided(input, size, stride, storage_offset=None):
    """Any window onto the storage. Source: torch.as_strided."""
    require_tensor("as_strided", input)
    base = input._storage.meta
    result = _shapes.as_strided(
        geometry_of(input),
        size,
        stride,
        storage_offset,
        itemsize=input.dtype.itemsize,
        storage_nbytes=base.numel * base.dtype.itemsize,
    )
    return window(input, *result)


@view_op(variants="fm")
def view_as_real(input):
    """Complex numbers as pairs, in a last dim of extent 2. Source: torch.view_as_real."""
    if input.dtype.category != COMPLEX:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return window(input, *_shapes.view_as_real(geometry_of(input)), dtype=input.dtype.to_real())


@view_op(variants="fm")
def view_as_complex(input):
    """Pairs in the last dim as complex numbers. Source: torch.view_as_complex."""
    if input.dtype not in (_dtypes.float32, _dtypes.float64, _dtypes.float16):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor "
            f"of scalar type: {input.dtype.scalar_name}"
        )
    result = _shapes.view_as_complex(geometry_of(input))
    return window(input, *result, dtype=input.dtype.to_complex())


@view_op(variants="m", in_place=True)
def detach(self):
    """The same memory, outside of autograd. Source: torch.Tensor.detach."""
    return alias(self)


def _pieces(tensor, geometries):
    return tuple([window(tensor, *each) for each in geometries])


@view_op(variants="fm")
def split(tensor, split_size_or_sections, dim=0):
    """Pieces of one size (the last may be smaller), or of the sizes in a list. Source: torch.split."""
    sections = split_size_or_sections
    if not isinstance(sections, (list, tuple)):
        sections = sections.__index__()
    return _pieces(tensor, _shapes.split(geometry_of(tensor), sections, dim))


@view_op(variants="fm")
def split_with_sizes(input, split_sizes, dim=0):
    return _pieces(input, _shapes.split_with_sizes(geometry_of(input), split_sizes, dim))


@view_op(variants="fm")
def unsafe_split(input, split_size, dim=0):
    return split(input, split_size, dim)


@view_op(variants="fm")
def chunk(input, chunks, dim=0):
    """At most `chunks` pieces of one size, the last may be smaller. Source: torch.chunk."""
    require_tensor("chunk", input)
    return _pieces(input, _shapes.chunk(geometry_of(input), chunks, dim))


@view_op(variants="fm")
def unsafe_chunk(input, chunks, dim=0):
    return chunk(input, chunks, dim)


def _sections(value):
    """Split points given as integers, or as a tensor of them."""
    if isinstance(value, Tensor):
        return value.tolist()
    return value


@view_op(variants="fm")
def tensor_split(input, indices_or_sections, dim=0):
    """Pieces cut at indices, or a number of nearly equal ones. Source: torch.tensor_split."""
    return _pieces(
        input, _shapes.tensor_split(geometry_of(input), _sections(indices_or_sections), dim)
    )


@view_op(variants="fm")
def hsplit(input, indices_or_sections):
    return _pieces(input, _shapes.hsplit(geometry_of(input), indices_or_sections))


@view_op(variants="fm")
def vsplit(input, indices_or_sections):
    return _pieces(input, _shapes.vsplit(geometry_of(input), indices_or_sections))


@view_op(variants="fm")
def dsplit(input, indices_or_sections):
    return _pieces(input, _shapes.dsplit(geometry_of(input), indices_or_sections))


@view_op
def unbind(input, dim=0):
    """The slices along a dim. Source: torch.unbind."""
    require_tensor("unbind", input)
    return _pieces(input, _shapes.unbind(geometry_of(input), dim))


@view_op
def adjoint(input):
    """The last two dims exchanged, and conjugated. Source: torch.adjoint."""
    return _conjugated(transpose(input, -2, -1))


def _conjugated(tensor):
    return tensor.conj() if tensor.is_complex() else tensor


def _reversed_dims(self):
    return permute(self, tuple(builtins.range(self.ndim - 1, -1, -1)))


def _matrix_transposed(self, name):
    if self.ndim < 2:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. "
            f"Got {self.ndim}-D tensor."
        )
    return transpose(self, -2, -1)


def _hermitian(self):
    if self.ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if self.ndim > 2 else "")
        )
    return _conjugated(transpose(self, 0, 1)) if self.ndim else _conjugated(alias(self))


Tensor.T = property(_reversed_dims, doc="The dims in reverse order.")
Tensor.mT = property(lambda self: _matrix_transposed(self, "mT"), doc="The last two dims exchanged.")
Tensor.H = property(_hermitian, doc="A matrix, transposed and conjugated.")
Tensor.mH = property(lambda self: _conjugated(_matrix_transposed(self, "mH")))
