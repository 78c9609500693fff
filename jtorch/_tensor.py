"""Tensor: a window (Meta, offset) onto a storage. It knows no operation; `_ops.bind` adds those."""

import numpy as np

from jtorch._autograd.modes import inference, mode
from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._engine.symbolic import says_no_value
from jtorch._layout import strided
from jtorch._messages import warn_once
from jtorch._meta import Meta
from jtorch._shared_memory import is_shared
from jtorch._storage import INFERENCE, Storage, Version

_new = object.__new__


class VersionCounter:
    """A version of its own for a tensor that shares memory, but not history (`.data`)."""

    __slots__ = ("version",)

    def __init__(self, version=0):
        self.version = version


def _fixed(name, getter, doc=None):
    """An attribute that torch refuses to set, in its words."""

    def refuse(self, value=None):
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    return property(getter, refuse, refuse, doc)


# Classes whose instances operations treat alike: Tensor, and what adds nothing but a name to it.
PLAIN = set()


class Tensor:
    """A multi-dimensional array of one dtype on one device. Source: torch.Tensor."""

    __module__ = "torch"
    # numpy's operators leave mixed expressions to Tensor
    __array_priority__ = 1000

    # What most tensors never change stands on the class, so that making a tensor stays cheap.
    _counter = None  # None: the storage counts the versions
    _requires_grad = False
    _grad = None
    _node = None  # what made it, in the graph
    _output_nr = 0  # which of the results it was
    _accumulator = None  # weak reference to the node of a leaf
    _base = None  # the tensor that this is a view of
    _made_in = None  # where a view was made that is not to be changed in place
    _reaches_beyond = False  # a window of `as_strided` onto memory that is not its tensor's
    _made_at = 0  # the version that the memory had when a view got its history
    _tangents = None  # of forward mode: level -> tensor
    _tangent_base = (
        None  # whose tangent this one's is a window onto, if not `_base`; False: nobody's
    )
    _grad_dtype = ()  # of a leaf's gradient; (): that of the leaf, None: any
    _leaf_hooks = None
    _post_accumulate_grad_hooks = None
    _backward_hooks = None
    name = None

    shape = _fixed("shape", lambda self: self._meta.shape, "The sizes, as torch.Size.")
    dtype = _fixed("dtype", lambda self: self._meta.dtype, "The torch.dtype.")
    device = _fixed("device", lambda self: self._meta.device, "The torch.device.")
    layout = _fixed("layout", lambda self: strided, "torch.strided.")
    ndim = _fixed("ndim", lambda self: self._meta.ndim, "The number of dimensions.")
    itemsize = _fixed("itemsize", lambda self: self._meta.dtype.itemsize, "Bytes of one element.")
    nbytes = _fixed("nbytes", lambda self: self._meta.numel * self._meta.dtype.itemsize)
    _version = _fixed("_version", lambda self: int((self._counter or self._storage).version))
    is_cpu = _fixed("is_cpu", lambda self: self._meta.device.type == "cpu")
    is_cuda = _fixed("is_cuda", lambda self: self._meta.device.type == "cuda")
    is_meta = _fixed("is_meta", lambda self: self._meta.device.type == "meta")
    is_sparse = is_quantized = is_mkldnn = is_nested = _fixed("is_sparse", lambda self: False)
    is_sparse_csr = is_xpu = is_mps = is_ipu = is_xla = is_maia = is_vulkan = is_mtia = is_sparse

    @property
    def data(self):
        """The same memory as a tensor without history, whose changes this one does not count."""
        view = _new(Tensor)
        view._meta = self._meta
        view._storage = self._storage
        view._offset = self._offset
        if not is_inference(self):
            view._counter = VersionCounter()
        return view

    @data.setter
    def data(self, value):
        if not isinstance(value, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
        if value._meta.device.type != self._meta.device.type:
            raise RuntimeError(
                "Attempted to call `variable.set_data(tensor)`, but `variable` and `tensor` have "
                "incompatible tensor type."
            )
        if self._requires_grad and value._meta.dtype.category < FLOATING:
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex "
                "dtype"
            )
        keep_version(self)
        retarget(self, value._storage, value._meta, value._offset)

    @data.deleter
    def data(self):
        raise RuntimeError("Deleting tensor data is not allowed. Delete tensor instead!")

    def size(self, dim=None):
        """The shape, or the extent of one dimension."""
        shape = self._meta.shape
        if dim is None:
            return shape
        if not hasattr(dim, "__index__"):
            raise TypeError(
                f"size(): argument 'dim' (position 1) must be int, not {type(dim).__name__}"
            )
        if not -len(shape) <= dim < len(shape):
            low, high = -max(len(shape), 1), max(len(shape), 1) - 1
            if not shape:
                raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
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
    _cdata = property(id, doc="A number that tells tensors apart.")

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

    const_data_ptr = data_ptr

    def is_shared(self):
        """Whether other processes can see the memory; on an accelerator, by torch's account."""
        return self.is_cuda or is_shared(self._storage)

    def is_set_to(self, tensor):
        """Whether both are the same window onto the same storage."""
        same = self._storage is tensor._storage and self._offset == tensor._offset
        return (
            same
            and self._meta.shape == tensor._meta.shape
            and self._meta.stride == tensor._meta.stride
        )

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
        if self._meta.device.type == "meta":
            raise RuntimeError("Tensor.item() cannot be called on meta tensors")
        return _python_number(self._host().reshape(())[()], self._meta.dtype)

    def tolist(self):
        """The elements as nested lists of Python numbers, or one number."""
        array = read_memory(self._host)
        if array.dtype.kind not in "biufc":  # the narrow floats of ml_dtypes
            array = array.astype(np.float32)
        return array.tolist()

    def __bool__(self):
        numel = self._meta.numel
        if numel != 1:
            kind = "more than one value" if numel else "no values"
            raise RuntimeError(f"Boolean value of Tensor with {kind} is ambiguous")
        try:
            return bool(self.item())
        except RuntimeError as error:
            if says_no_value(error):
                raise RuntimeError(error.in_condition) from None
            raise

    def _scalar(self):
        if self._meta.numel != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self.item()

    def __int__(self):
        value = self._scalar()
        return int(_no_complex(value, "int64_t"))

    def _number(self):
        if self._requires_grad and mode.enabled:
            warn_once(
                "Converting a tensor with requires_grad=True to a scalar may lead to unexpected "
                "behavior.\nConsider using tensor.detach() first."
            )
        return self._scalar()

    def __float__(self):
        return float(_no_complex(self._number(), "double"))

    def __complex__(self):
        return complex(self._number())

    def __index__(self):
        if self._meta.numel != 1 or self._meta.dtype.category > INTEGRAL:
            raise TypeError("only integer tensors of a single element can be converted to an index")
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


PLAIN.add(Tensor)


def read_memory(read):
    """What `read()` gives of a tensor's memory; torch's error where it only stands for values."""
    try:
        return read()
    except RuntimeError as error:
        if says_no_value(error):
            raise RuntimeError(
                "Cannot access data pointer of Tensor that doesn't have storage"
            ) from None
        raise


def is_recorded(tensor) -> bool:
    """Whether operations on the tensor may have to be recorded, for gradients or tangents."""
    return tensor._storage.recorded or (tensor._requires_grad and mode.enabled)


def write(tensor, node) -> None:
    """Put the elements of a node of the tensor's shape and dtype into its memory."""
    storage = tensor._storage
    (tensor._counter or storage).version += 1
    storage.write(tensor._meta, tensor._offset, node)


def version_of(tensor) -> Version:
    """What counts the changes of the tensor, as an object that may outlive it.

    Errors:  RuntimeError for a tensor of inference mode, which counts none.
    """
    holder = tensor._counter or tensor._storage
    version = holder.version
    if version.__class__ is int:
        count, version = version, Version()
        version.count = count
        holder.version = version
    elif version is INFERENCE:
        raise RuntimeError(
            "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
            "inference mode in computation tracked by autograd. To work around this, you can make a "
            "clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead "
            "of `torch.inference_mode()`."
        )
    return version


def is_inference(tensor) -> bool:
    """Whether the tensor's memory was made in inference mode."""
    return tensor._storage.version is INFERENCE


def from_node(node, meta) -> Tensor:
    """A new tensor that owns the value of `node`."""
    storage = Storage()
    storage.value = node
    storage.meta = meta
    storage.version = INFERENCE if inference.open and mode.inference else 0
    storage.host = None
    storage.recorded = False
    tensor = _new(Tensor)
    tensor._meta = meta
    tensor._storage = storage
    tensor._offset = 0
    tensor._requires_grad = False  # the short ways of calls ask: faster than of the class
    return tensor


def window(tensor, shape, stride, offset, dtype=None) -> Tensor:
    """A view: another window onto the storage of `tensor`."""
    meta = tensor._meta
    view = _new(Tensor)
    view._meta = Meta(tuple(shape), dtype or meta.dtype, meta.device, tuple(stride), meta.mirrored)
    view._storage = tensor._storage
    view._offset = offset
    if tensor._counter is not None:
        view._counter = tensor._counter
    return view


def keep_version(tensor) -> None:
    """Let the tensor count its own versions from now on: its memory is about to be another's."""
    tensor._counter = VersionCounter(0 if is_inference(tensor) else tensor._version)


def retarget(tensor, storage, meta, offset) -> None:
    """Make `tensor` another window onto another storage, in place: `set_`, `resize_`, `.data =`.

    Errors:  NotImplementedError for a sparse tensor, which has none.
    """
    if tensor.is_sparse:
        raise NotImplementedError("Cannot access storage of SparseTensorImpl")
    tensor._storage = storage
    tensor._meta = meta
    tensor._offset = offset
