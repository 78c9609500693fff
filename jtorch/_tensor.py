"""Tensor: a window (Meta, offset) onto a storage. It knows no operation; `_ops.bind` adds those."""

import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._meta import Meta
from jtorch._storage import Storage

_new = object.__new__


class VersionCounter:
    """A version of its own for a tensor that shares memory, but not history (`.data`)."""

    __slots__ = ("version",)

    def __init__(self):
        self.version = 0


class Tensor:
    """A multi-dimensional array of one dtype on one device. Source: torch.Tensor."""

    __module__ = "torch"
    # numpy's operators leave mixed expressions to Tensor
    __array_priority__ = 1000

    # What most tensors never change stands on the class, so that making a tensor stays cheap.
    _counter = None  # None: the storage counts the versions
    _requires_grad = False
    _names = None
    grad = None
    grad_fn = None

    shape = property(lambda self: self._meta.shape, doc="The sizes, as torch.Size.")
    dtype = property(lambda self: self._meta.dtype, doc="The torch.dtype.")
    device = property(lambda self: self._meta.device, doc="The torch.device.")
    ndim = property(lambda self: self._meta.ndim, doc="The number of dimensions.")
    itemsize = property(lambda self: self._meta.dtype.itemsize, doc="Bytes of one element.")
    nbytes = property(lambda self: self._meta.numel * self._meta.dtype.itemsize)
    _version = property(lambda self: (self._counter or self._storage).version)
    is_leaf = property(lambda self: self.grad_fn is None)
    is_cpu = property(lambda self: self._meta.device.type == "cpu")
    is_cuda = property(lambda self: self._meta.device.type == "cuda")
    is_meta = property(lambda self: self._meta.device.type == "meta")
    is_sparse = is_quantized = is_mkldnn = is_nested = property(lambda self: False)

    @property
    def requires_grad(self):
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value):
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad=True):
        """Say whether gradients are wanted for this leaf.

        Errors:  RuntimeError for a dtype that has no gradients.
        Source:  torch.Tensor.requires_grad_.
        """
        if requires_grad and self._meta.dtype.category < FLOATING:
            raise RuntimeError(
                "only Tensors of floating point dtype can require gradients"
                if self.grad_fn is None
                else "you can only change requires_grad flags of leaf variables."
            )
        self._requires_grad = bool(requires_grad)
        return self

    def size(self, dim=None):
        """The shape, or the extent of one dimension."""
        shape = self._meta.shape
        if dim is None:
            return shape
        if not -len(shape) <= dim < len(shape):
            low, high = -max(len(shape), 1), max(len(shape), 1) - 1
            if not shape:
                raise IndexError(
                    f"Dimension specified as {dim} but tensor has no dimensions"
                )
            raise IndexError(
                "Dimension out of range (expected to be in range of "
                f"[{low}, {high}], but got {dim})"
            )
        return shape[dim]

    def stride(self, dim=None):
        """The steps in memory, in elements, of all dimensions or of one."""
        stride = self._meta.stride
        if dim is None:
            return stride
        self.size(dim)
        return stride[dim]

    def dim(self):
        return self._meta.ndim

    ndimension = dim

    def numel(self):
        return self._meta.numel

    nelement = numel

    def storage_offset(self):
        return self._offset

    def element_size(self):
        return self._meta.dtype.itemsize

    def is_floating_point(self):
        return self._meta.dtype.category == FLOATING

    def is_complex(self):
        return self._meta.dtype.category == COMPLEX

    def is_signed(self):
        return self._meta.dtype.is_signed

    def get_device(self):
        device = self._meta.device
        return -1 if device.type == "cpu" else device.index

    def data_ptr(self):
        """The address of the first element; equal for tensors that begin at the same place."""
        if not self._meta.numel:
            return 0
        return self._storage.address() + self._offset * self._meta.dtype.itemsize

    def is_shared(self):
        return False

    def is_set_to(self, tensor):
        """Whether both are the same window onto the same storage."""
        same = self._storage is tensor._storage and self._offset == tensor._offset
        return same and self._meta.shape == tensor._meta.shape and self._meta.stride == tensor._meta.stride

    def __len__(self):
        if not self._meta.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self._meta.shape[0]

    def __hash__(self):
        return id(self)

    # From here on: the ways to a Python value. Each waits for the tensor to be computed.

    def _host(self) -> np.ndarray:
        """The elements as numpy, for reading at once."""
        return self._storage.host_read(self._meta, self._offset)

    def item(self):
        """The one element as a Python number.

        Errors:  RuntimeError unless there is exactly one element.
        Source:  torch.Tensor.item.
        """
        if self._meta.numel != 1:
            raise RuntimeError(
                f"a Tensor with {self._meta.numel} elements cannot be converted to Scalar"
            )
        return _python_number(self._host().reshape(())[()], self._meta.dtype)

    def tolist(self):
        """The elements as nested lists of Python numbers, or one number."""
        array = self._host()
        if array.dtype.kind not in "biufc":  # the narrow floats of ml_dtypes
            array = array.astype(np.float32)
        return array.tolist()

    def __bool__(self):
        numel = self._meta.numel
        if numel != 1:
            kind = "more than one value" if numel else "no values"
            raise RuntimeError(f"Boolean value of Tensor with {kind} is ambiguous")
        return bool(self.item())

    def _scalar(self):
        if self._meta.numel != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self.item()

    def __int__(self):
        value = self._scalar()
        return int(_no_complex(value, "int64_t"))

    def __float__(self):
        return float(_no_complex(self._scalar(), "double"))

    def __complex__(self):
        return complex(self._scalar())

    def __index__(self):
        if self._meta.numel != 1 or self._meta.dtype.category > INTEGRAL:
            raise TypeError(
                "only integer tensors of a single element can be converted to an index"
            )
        return int(self.item())

    def __reversed__(self):
        return self.flip(0) if self._meta.ndim else self


def _python_number(value, dtype):
    if dtype.category == FLOATING:
        return float(value)
    return value.item()


def _no_complex(value, target):
    if isinstance(value, complex):
        if value.imag != 0:
            raise RuntimeError(f"value cannot be converted to type {target} without overflow")
        return value.real
    return value


def node_of(tensor):
    """The node with the tensor's elements, in its logical shape."""
    storage = tensor._storage
    if tensor._meta is storage.meta and storage.host is None:
        return storage.value
    return storage.read(tensor._meta, tensor._offset)


def write(tensor, node) -> None:
    """Put the elements of a node of the tensor's shape and dtype into its memory."""
    counter = tensor._counter
    if counter is not None:
        counter.version += 1
    storage = tensor._storage
    before = storage.version
    storage.write(tensor._meta, tensor._offset, node)
    if counter is not None:
        storage.version = before


def from_node(node, meta) -> Tensor:
    """A new tensor that owns the value of `node`."""
    tensor = _new(Tensor)
    tensor._meta = meta
    tensor._storage = Storage(node, meta)
    tensor._offset = 0
    return tensor


def window(tensor, shape, stride, offset, dtype=None) -> Tensor:
    """A view: another window onto the storage of `tensor`."""
    meta = tensor._meta
    view = _new(Tensor)
    view._meta = Meta(tuple(shape), dtype or meta.dtype, meta.device, tuple(stride))
    view._storage = tensor._storage
    view._offset = offset
    if tensor._counter is not None:
        view._counter = tensor._counter
    return view


def retarget(tensor, storage, meta, offset) -> None:
    """Make `tensor` another window onto another storage, in place (`set_`, `resize_`, `.data =`)."""
    tensor._storage = storage
    tensor._meta = meta
    tensor._offset = offset


def default_dtype_of(values):
    """The dtype that data of Python numbers gets: of the highest category among them."""
    return _dtypes.combine_categories((), (), [_dtypes.number_category(v) for v in values])
