"""Views in another shape or order, and parts of a tensor: rules of `_shapes` under torch's names.

Also the copies that only reshape. What a view of a view is follows from shape, strides and offset.
"""

from jtorch import _dtypes, _shapes
from jtorch._messages import warn_once
from jtorch._meta import Meta
from jtorch._ops.convert import is_in_format, type_string
from jtorch._ops.creation import format_strides
from jtorch._ops.detailed import checked
from jtorch._ops.edges import point, tracked
from jtorch._ops.elements import bits_of, conj
from jtorch._ops.history import renamed
from jtorch._ops.rebase import dense
from jtorch._ops.tangents import tangents
from jtorch._ops.windows import (
    SAME,
    Copy,
    Views,
    ViewsOfPlace,
    attribute,
    copied,
    geometry_of,
    opened,
    view,
    window_at,
)
from jtorch._ops.writing import refuse_gradient_into_out, resize_quietly
from jtorch._shapes import wrap_dim
from jtorch._tensor import from_node, node_of


def alias(tensor):
    """The same window again, as a tensor of its own."""
    return opened(tensor, tensor._meta, tensor._offset, "alias", lambda it: (None, 0))


def dense_copy(tensor, stride=None):
    """A tensor of its own with the same elements; contiguous unless `stride` says otherwise."""
    meta = tensor._meta
    return copied(tensor, Meta(meta.shape, meta.dtype, meta.device, stride))


def copy_of(view):
    """What a view shows, in contiguous memory of its own, with the view's place in the graph."""
    if view._node is None or tangents.level:
        return dense_copy(view)
    copy = dense_copy(from_node(node_of(view), dense(view._meta)))
    point(copy, renamed(view._node, f"{view._node.name()}_copy"), view.output_nr)
    return copy


# Copies


@checked("(Tensor input, *, torch.memory_format? memory_format = None)")
def clone(input, *, memory_format=None):
    """A copy with memory of its own; strides are kept where they are dense. Source: torch.clone."""
    meta = input._meta
    stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    return dense_copy(input, stride)


@checked(
    "(Tensor input, *, torch.memory_format memory_format = torch.contiguous_format)", variants="m"
)
def contiguous(self, *, memory_format="contiguous_format"):
    """The tensor itself if its memory is in order, else a copy. Source: torch.Tensor.contiguous."""
    meta = self._meta
    name = str(memory_format).removeprefix("torch.")
    if meta.is_contiguous if name == "contiguous_format" else is_in_format(self, name):
        return self
    if name == "preserve_format":
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return dense_copy(self, format_strides(name, meta.shape, meta.stride))


@checked("(Tensor input, int dim, Tensor start, int length, *, Tensor? out = None)",
         "(Tensor input, int dim, int start, int length, *, Tensor? out = None)")  # fmt: skip
def narrow_copy(input, dim, start, length, *, out=None):
    """A copy of `length` places of one dim from `start` on. Source: torch.narrow_copy."""
    if input.ndim and dim >= input.ndim:
        raise RuntimeError(
            "Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an enhancement request "
            "to PyTorch.)"
        )
    if length < 0 and input.ndim:
        extent = input.shape[wrap_dim(dim, input.ndim)]
        start = start + extent if start < 0 else start
        raise RuntimeError(
            f"start ({int(start)}) + length ({length}) exceeds dimension size ({extent})."
        )
    copy = clone(narrow(input, dim, start, length))
    if out is not None:
        return _narrow_into(out, copy)
    if copy._node is not None:
        renamed(copy._node, "NarrowCopyBackward0")
    return copy


def _narrow_into(out, copy):
    if tracked((copy, out)):
        refuse_gradient_into_out("narrow_copy")
    if out.dtype is not copy.dtype:
        raise RuntimeError(
            "Expected self.dtype() == output.dtype() to be true, but got false.  (Could this error "
            "message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    resize_quietly(out, copy.shape)
    return out.copy_(copy)


# In another shape


class _ShapeOrBits(Views):
    """`view` with a dtype is another view than with a shape."""

    def answer(self, tensor, arguments):
        if isinstance(arguments[0], _dtypes.dtype):
            meta, offset = bits_of(tensor, arguments[0])
            return meta, offset - tensor._offset
        return super().answer(tensor, arguments)

    def view_of(self, tensor, found, arguments, name=None):
        meta, distance = found
        if meta is not None and meta.dtype is not tensor.dtype:
            return window_at(tensor, meta, tensor._offset + distance)  # bits have no gradient
        return super().view_of(tensor, found, arguments, name)


@view("(Tensor input, torch.dtype dtype)", "(Tensor input, tuple of ints size)", name="view",
      variants="m", shape=True, views=_ShapeOrBits)  # fmt: skip
def view_(meta, size):
    """The elements in another shape, or the bits as another dtype.

    Shape:   as given; one extent may be -1.
    Errors:  RuntimeError if the shape does not fit, or the strides do not allow it.
    Source:  torch.Tensor.view.
    """
    return _shapes.view(meta.geometry, size)


class Reshapes(Views):
    """Views in another shape; torch names them after how the memory is laid out."""

    def view_of(self, tensor, found, arguments, name=None):
        if not tensor._meta.is_contiguous:
            name = "_reshape_alias"
        return super().view_of(tensor, found, arguments, name)


@view("(Tensor input, tuple of ints shape)", shape=True, views=Reshapes)
def reshape(meta, shape):
    """The elements in another shape: a view where strides allow it, else a copy.

    Shape:   as given; one extent may be -1.
    Errors:  RuntimeError if the shape does not fit.
    Source:  torch.reshape.
    """
    geometry = _shapes.reshape(meta.geometry, shape)
    return geometry or Copy(_shapes.infer_size(shape, meta.numel))


@checked("(Tensor input, Tensor other)", variants="m")
def view_as(self, other):
    """`self.view(other.shape)`. Source: torch.Tensor.view_as."""
    return view_(self, other.shape)


@checked("(Tensor input, Tensor other)", variants="m")
def reshape_as(self, other):
    """`self.reshape(other.shape)`. Source: torch.Tensor.reshape_as."""
    return reshape(self, other.shape)


@view("(Tensor input, int start_dim = 0, int end_dim = -1)", views=Reshapes)
def flatten(meta, start_dim=0, end_dim=-1):
    """The dims from `start_dim` to `end_dim` in one. Source: torch.flatten."""
    shape = _shapes.flatten_shape(tuple(meta.shape), start_dim, end_dim)
    if shape == meta.shape:
        return SAME
    return _shapes.reshape(meta.geometry, shape) or Copy(shape)


class Ravels(Views):
    """`ravel`, whose copy is a view of a contiguous one."""

    def view_of(self, tensor, found, arguments, name=None):
        if found[1] is None:
            return view_(dense_copy(tensor), (-1,))
        return super().view_of(tensor, found, arguments, name)


@view("(Tensor input)", views=Ravels)
def ravel(meta):
    """One dim: a view where the tensor is contiguous, else a copy. Source: torch.ravel."""
    return _shapes.view(meta.geometry, (-1,)) if meta.is_contiguous else Copy((meta.numel,))


@view("(Tensor input, int dim, tuple of ints sizes)")
def unflatten(meta, dim, sizes):
    """One dim in several. Source: torch.unflatten."""
    return _shapes.unflatten(meta.geometry, dim, sizes)


class Squeezes(Views):
    """`squeeze`, whose overloads have nodes of their own."""

    def overload(self, name, arguments):
        dim = arguments[0] if arguments else None
        return name if dim is None else f"{name}.dim{'s' * (dim.__class__ is tuple)}"


@view("(Tensor input)", "(Tensor input, int dim)", "(Tensor input, tuple of ints dim)",
      in_place=True, spread=True, views=Squeezes)  # fmt: skip
def squeeze(meta, dim=None):
    """Without dims of extent 1: all of them, or those of `dim`. Source: torch.squeeze."""
    return _shapes.squeeze(meta.geometry, dim)


@view("(Tensor input, int dim)", in_place=True)
def unsqueeze(meta, dim):
    """With a dim of extent 1 at `dim`. Errors: IndexError out of range. Source: torch.unsqueeze."""
    return _shapes.unsqueeze(meta.geometry, dim)


# Types of which there were classes before there were dtypes.
_OLD_TYPES = frozenset(("Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double"))


def c_type_name(meta):
    """The name that C++ has for a tensor's type."""
    name, place = meta.dtype.scalar_name, meta.device.type
    if name in _OLD_TYPES and place in ("cpu", "cuda"):
        return type_string(meta.dtype, meta.device)
    return f"{'Meta' if place == 'meta' else place.upper()}{name}Type"


@view("(Tensor input, tuple of ints size, *, bool implicit = False)", variants="m", shape=True)
def expand(meta, size, implicit=False):
    """Dims of extent 1 repeated without copying. Source: torch.Tensor.expand."""
    return _shapes.expand(meta.geometry, size, c_type_name(meta))


@view("(Tensor input, tuple of ints size)", shape=True)
def broadcast_to(meta, size):
    """`input.expand(size)`. Source: torch.broadcast_to."""
    return _shapes.expand(meta.geometry, size, c_type_name(meta))


@checked("(Tensor input, Tensor other)", variants="m")
def expand_as(self, other):
    """`self.expand(other.shape)`. Source: torch.Tensor.expand_as."""
    return expand(self, other.shape)


# In another order


@view("(Tensor input, int dim0, int dim1)", in_place=True)
def transpose(meta, dim0, dim1):
    """Two dims exchanged. Errors: IndexError for a dim out of range. Source: torch.transpose."""
    return _shapes.transpose(meta.geometry, dim0, dim1)


@view("(Tensor input, int axis0, int axis1)", in_place=True)
def swapaxes(meta, axis0, axis1):
    """`transpose` by another name. Source: torch.swapaxes."""
    return _shapes.transpose(meta.geometry, axis0, axis1)


@view("(Tensor input, int dim0, int dim1)", in_place=True)
def swapdims(meta, dim0, dim1):
    """`transpose` by another name. Source: torch.swapdims."""
    return _shapes.transpose(meta.geometry, dim0, dim1)


@view("(Tensor input)", in_place=True)
def t(meta):
    """A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""
    return _shapes.t(meta.geometry)


@view("(Tensor input, tuple of ints dims)", shape=True)
def permute(meta, dims):
    """The dims in another order. Errors: RuntimeError if they are not all named. Source: torch.permute."""
    return _shapes.permute(meta.geometry, dims)


def _movedim(name):
    @view("(Tensor input, int source, int destination)",
          "(Tensor input, tuple of ints source, tuple of ints destination)", name=name)  # fmt: skip
    def moved(meta, source, destination):
        """Dims moved to other places. Source: torch.movedim."""
        return _shapes.movedim(meta.geometry, source, destination)

    return moved


movedim, moveaxis = _movedim("movedim"), _movedim("moveaxis")


def _reversed_dims(self):
    """The dims in reverse order."""
    if self.ndim == 0:
        warn_once(
            "Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases."
        )
    elif self.ndim != 2:
        warn_once(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to transpose "
            "batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the "
            "dimensions of a tensor."
        )
    return permute(self, tuple(range(self.ndim - 1, -1, -1)))


def _matrices_transposed(tensor, name, instead):
    """The last two dims exchanged; `instead`: what to use on tensors without dims."""
    if tensor.ndim == 1:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. "
            f"Got {tensor.ndim}-D tensor."
        )
    if tensor.ndim == 0:
        warn_once(instead)
        return tensor
    return transpose(tensor, -2, -1)


def _matrix_transposed(self):
    """The last two dims exchanged."""
    text = "Tensor.mT is deprecated on 0-D tensors. This function is the identity in these cases."
    return _matrices_transposed(self, "mT", text)


def _matrix_adjoint(self):
    """The last two dims exchanged, and conjugated."""
    text = "Tensor.mH is deprecated on 0-D tensors. Consider using x.conj()."
    return conj(_matrices_transposed(self, "mH", text))


@checked("(Tensor input)")
def adjoint(input):
    """The last two dims exchanged, and conjugated. Source: torch.adjoint."""
    text = "adjoint() is deprecated on 0-D tensors. Consider using x.conj()."
    return conj(_matrices_transposed(input, "adjoint()", text))


def _hermitian(self):
    """A matrix, transposed and conjugated."""
    if self.ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if self.ndim > 2 else "")
        )
    if self.ndim == 0:
        warn_once("Tensor.H is deprecated on 0-D tensors. Consider using x.conj().")
    return conj(transpose(self, 0, 1) if self.ndim else self)


for _name, _get in (("T", _reversed_dims), ("mT", _matrix_transposed), ("H", _hermitian),
                    ("mH", _matrix_adjoint)):  # fmt: skip
    attribute(_name, _get)


# Parts


@view("(Tensor input, int dim, int index)")
def select(meta, dim, index):
    """The slice at `index` of one dim. Source: torch.select."""
    return _shapes.select(meta.geometry, dim, index)


def _start(value):
    if value.ndim or value.dtype.category != _dtypes.INTEGRAL:
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    return int(value)


class Narrows(Views):
    """`narrow`, which torch makes of a slice."""

    def note(self, view, arguments):
        dim, start, length = arguments
        view._node._arguments = {"dim": dim, "start": start, "end": start + length, "step": 1}


@view("(Tensor input, int dim, Tensor start, int length)",
      "(Tensor input, int dim, int start, int length)", reads={"start": _start},
      views=Narrows)  # fmt: skip
def narrow(meta, dim, start, length):
    """`length` places of one dim from `start` on. Source: torch.narrow."""
    return _shapes.narrow(meta.geometry, dim, start, length)


@view("(Tensor input, int dim = 0, int? start = None, int? end = None, int step = 1)", name="slice",
      variants="")  # fmt: skip
def slice_of(meta, dim=0, start=None, end=None, step=1):
    """Python's slice of one dim. Source: torch.ops.aten.slice."""
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    return _shapes.slice(meta.geometry, dim, start, end, step)


@view("(Tensor input, int offset = 0, int dim1 = 0, int dim2 = 1)")
def diagonal(meta, offset=0, dim1=0, dim2=1):
    """A diagonal of two dims, as the last dim. Source: torch.diagonal."""
    return _shapes.diagonal(meta.geometry, offset, dim1, dim2)


@view("(Tensor input, int dimension, int size, int step)", variants="m")
def unfold(meta, dimension, size, step):
    """Windows of `size` every `step` along a dim. Source: torch.Tensor.unfold."""
    return _shapes.unfold(meta.geometry, dimension, size, step)


@view("(Tensor input, tuple of ints size, tuple of ints stride, int? storage_offset = None)",
      in_place="function", views=ViewsOfPlace)  # fmt: skip
def as_strided(input, size, stride, storage_offset=None):
    """Any window onto the storage. Source: torch.as_strided."""
    meta = input._meta
    base = input._storage.meta
    shape, stride, offset = _shapes.as_strided(
        geometry_of(input),
        size,
        stride,
        storage_offset,
        itemsize=meta.dtype.itemsize,
        storage_nbytes=base.numel * base.dtype.itemsize,
    )
    return Meta(shape, meta.dtype, meta.device, stride, meta.mirrored), offset
