"""Views that change what an element is: conjugates, parts of complex numbers, the bits as another dtype."""

from jtorch import _dtypes, _shapes
from jtorch._dtypes import COMPLEX
from jtorch._errors import not_provided
from jtorch._meta import Meta
from jtorch._ops.detailed import checked
from jtorch._ops.windows import (
    Views,
    ViewsOfPlace,
    attribute,
    copied,
    geometry_of,
    opened,
    view,
    window_at,
)
from jtorch._tensor import is_recorded


def bits_of(tensor, dtype):
    """(meta, offset) of the tensor's bits as elements of another dtype.

    Errors:  RuntimeError for a conjugated tensor, and where the bytes do not divide.
    """
    meta = tensor._meta
    if meta.mirrored:
        kind = "conjugate view tensors" if meta.dtype.category == COMPLEX else (
            "tensors with negative bit set"
        )  # fmt: skip
        raise RuntimeError(
            f"torch.Tensor.view is not supported for {kind} when converting to a different dtype."
        )
    if dtype is meta.dtype:
        return meta, tensor._offset
    shape, stride, offset = _shapes.view_dtype(
        geometry_of(tensor),
        meta.dtype.itemsize,
        dtype.itemsize,
        meta.dtype.scalar_name,
        dtype.scalar_name,
    )
    return Meta(shape, dtype, meta.device, stride), offset


@view("(Tensor input)", variants="f", views=ViewsOfPlace)
def view_as_real(input):
    """Complex numbers as pairs, in a last dim of extent 2. Source: torch.view_as_real."""
    meta = input._meta
    if meta.dtype.category != COMPLEX:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    if meta.mirrored:
        raise RuntimeError(
            "view_as_real doesn't work on unresolved conjugated tensors.  To resolve the conjugate "
            "tensor so you can view it as real, use self.resolve_conj(); however, be warned that the "
            "resulting tensor will NOT alias the original."
        )
    shape, stride, offset = _shapes.view_as_real(geometry_of(input))
    return Meta(shape, meta.dtype.to_real(), meta.device, stride), offset


@view("(Tensor input)", variants="f", views=ViewsOfPlace)
def view_as_complex(input):
    """Pairs in the last dim as complex numbers. Source: torch.view_as_complex."""
    meta = input._meta
    if meta.dtype not in (_dtypes.float32, _dtypes.float64, _dtypes.float16):
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor "
            f"of scalar type: {meta.dtype.scalar_name}"
        )
    shape, stride, offset = _shapes.view_as_complex(geometry_of(input))
    if meta.dtype is _dtypes.float16:
        raise not_provided("complex32, which XLA does not have")
    if meta.mirrored:
        raise not_provided("view_as_complex of a tensor with the negative bit set")
    return Meta(shape, meta.dtype.to_complex(), meta.device, stride), offset


# Conjugates: torch's conj() is a view, whose elements are conjugated as they are read and written.


@checked("(Tensor input)")
def conj(input):
    """The conjugates, as a view; a real tensor itself. Source: torch.conj."""
    meta = input._meta
    if meta.dtype.category != COMPLEX:
        return input
    turned = Meta(tuple(meta.shape), meta.dtype, meta.device, meta.stride, not meta.mirrored)
    return opened(input, turned, input._offset, "conj", _conjugated)


def _conjugated(tensor):
    meta = tensor._meta
    return Meta(tuple(meta.shape), meta.dtype, meta.device, meta.stride, not meta.mirrored), 0


@checked("(Tensor input)")
def is_conj(input):
    """Whether this is a conjugated view. Source: torch.is_conj."""
    return input._meta.mirrored and input._meta.dtype.category == COMPLEX


@checked("(Tensor input)")
def is_neg(input):
    """Whether this is a negated view, as the imaginary part of a conjugate is. Source: torch.is_neg."""
    return input._meta.mirrored and input._meta.dtype.category != COMPLEX


def _resolved(tensor):
    meta = tensor._meta
    stride = _shapes.like_strides(tuple(meta.shape), meta.stride)
    return copied(tensor, Meta(tuple(meta.shape), meta.dtype, meta.device, stride))


@checked("(Tensor input)")
def resolve_conj(input):
    """The tensor itself, or a copy of it if it is a conjugated view. Source: torch.resolve_conj."""
    return _resolved(input) if is_conj(input) else input


@checked("(Tensor input)")
def resolve_neg(input):
    """The tensor itself, or a copy of it if it is a negated view. Source: torch.resolve_neg."""
    return _resolved(input) if is_neg(input) else input


# Parts


def _part(tensor, which):
    """A window onto every second number; of a conjugate, the imaginary parts are mirrored."""
    meta = tensor._meta
    stride = tuple([2 * step for step in meta.stride])
    mirrored = meta.mirrored and which == 1
    part = Meta(tuple(meta.shape), meta.dtype.to_real(), meta.device, stride, mirrored)
    offset = 2 * tensor._offset + which
    if is_recorded(tensor) and not meta.mirrored:
        tensor = view_as_real(tensor)  # torch's graph shows both steps
    return opened(tensor, part, offset, "select")


@checked("(Tensor input)", variants="f")
def real(input):
    """The real parts; a view of a complex tensor, a real tensor itself. Source: torch.real."""
    return _part(input, 0) if input.is_complex() else input


@checked("(Tensor input)", variants="f")
def imag(input):
    """The imaginary parts, as a view.

    Errors:  RuntimeError for a real tensor.
    Source:  torch.imag.
    """
    if not input.is_complex():
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    return _part(input, 1)


def _assigned(part):
    def put(self, value):
        part(self).copy_(value)

    return put


attribute("real", real, _assigned(real))
attribute("imag", imag, _assigned(imag))


# Outside of autograd


class _Detached(Views):
    """The one view without a history."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.deliver = lambda tensor, found, _: window_at(tensor, found[0], tensor._offset)


@view("(Tensor input)", views=_Detached)
def detach(meta):
    """The same memory, outside of autograd. Source: torch.detach."""
    return meta.geometry


@checked("(Tensor input)")
def detach_(input):
    """Take the tensor itself out of autograd.

    Errors:  RuntimeError for a view.
    Source:  torch.detach_.
    """
    if input._base is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using "
            "DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, "
            "gradients are views of DDP buckets, and hence detach_() cannot be called on these "
            "gradients. To fix this error, please refer to the Optimizer.zero_grad() function in "
            "torch/optim/optimizer.py as the solution."
        )
    input._requires_grad = False
    input._node = input._tangents = None
    input._output_nr = 0
    return input
