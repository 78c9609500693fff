"""`torch.sparse`: operations on sparse tensors, whose gradients are sparse as well."""

import functools

from jtorch import _dtypes
from jtorch._alias import missing_attribute
from jtorch._layout import LAYOUTS
from jtorch._messages import warn_once
from jtorch._override import overridable
from jtorch._sparse import products, reductions
from jtorch._sparse.construct import invariants, sparse_coo_tensor
from jtorch._tensor import Tensor
from jtorch._typed_tensors import tensortype

__all__ = ["addmm", "check_sparse_tensor_invariants", "log_softmax", "mm", "softmax", "sum"]


@overridable
def addmm(mat, mat1, mat2, *, beta=1.0, alpha=1.0):
    """beta * mat + alpha * (mat1 @ mat2) with a sparse `mat1`, whose gradient has its places.

    Shape:   (n, k), (n, m), (m, k) -> (n, k).
    Errors:  RuntimeError for matrices that do not fit, or of two dtypes.
    Source:  torch.sparse.addmm.
    """
    return products.sparse_addmm(mat, mat1, mat2, beta=beta, alpha=alpha)


@overridable
def mm(mat1, mat2):
    """mat1 @ mat2 with a sparse `mat1`; sparse if both are.

    Shape:   (n, m), (m, k) -> (n, k).
    Errors:  RuntimeError for matrices that do not fit, or of two dtypes.
    Source:  torch.sparse.mm.
    """
    return products.sparse_mm(mat1, mat2)


@overridable
def sum(input, dim=None, dtype=None):
    """The sum of a sparse tensor: of all, a strided number; along dims, a sparse tensor.

    Source:  torch.sparse.sum.
    """
    return reductions.sparse_sum(input, dim, dtype)


@overridable
def softmax(input, dim, *, dtype=None):
    """Softmax along a dim, where what is not there counts as minus infinity.

    Source:  torch.sparse.softmax.
    """
    return reductions.softmax(input, dim, dtype=dtype)


@overridable
def log_softmax(input, dim, *, dtype=None):
    """The logarithm of `softmax`. Source: torch.sparse.log_softmax."""
    return reductions.log_softmax(input, dim, dtype=dtype)


class check_sparse_tensor_invariants:
    """Whether places are looked at when sparse tensors are made: for a `with`, a function, or for good.

    Errors:  RuntimeError where one object is entered twice.
    Source:  torch.sparse.check_sparse_tensor_invariants.
    """

    def __init__(self, enable=True):
        self.state = enable
        self.saved_state = None

    @staticmethod
    def is_enabled():
        """Whether they are looked at."""
        return bool(invariants.enabled)

    @staticmethod
    def enable():
        """Look at them from here on."""
        invariants.enabled = True

    @staticmethod
    def disable():
        """Do not look at them from here on."""
        invariants.enabled = False

    def __enter__(self):
        if self.saved_state is not None:
            raise RuntimeError(
                "This context manager instance is already activated. Use a different context "
                "manager instance for context nesting."
            )
        self.saved_state = self.is_enabled()
        invariants.enabled = bool(self.state)

    def __exit__(self, type, value, traceback):
        invariants.enabled = self.saved_state
        self.saved_state = None

    def __call__(self, mth):
        @functools.wraps(mth)
        def checked(*args, **kwargs):
            with check_sparse_tensor_invariants(self.state):
                return mth(*args, **kwargs)

        return checked


class _SparseType(tensortype):
    """The class of torch.sparse.FloatTensor and its siblings: old names of a dtype."""

    __module__ = "torch"

    def __instancecheck__(cls, value):
        return isinstance(value, Tensor) and value.is_sparse and value.dtype is cls.dtype

    def __call__(cls, *args, device=None):
        tensors = bool(args) and isinstance(args[0], Tensor)
        shape = "shape, " if not tensors or len(args) == 3 else ""
        parts = "indices, values, " if tensors else ""
        there = ", device=" if args else ""
        old = f"{parts}{shape}*, device=" if args else ""
        new = f"{parts}{shape}dtype={there}" if args else "(0,), dtype="
        warn_once(
            f"torch.sparse.SparseTensor({old}) is deprecated.  Please use "
            f"torch.sparse_coo_tensor({new})."
        )
        if tensors:
            if args[0].dtype is not _dtypes.int64:
                raise RuntimeError("indices must be an int64 tensor")
            return sparse_coo_tensor(*args, device=device, check_invariants=False)
        size = args[0] if len(args) == 1 and isinstance(args[0], tuple) else args or (0,)
        return sparse_coo_tensor(size, dtype=cls.dtype, device=device)


_SparseType.__name__ = _SparseType.__qualname__ = "tensortype"


def _old_type(name, dtype):
    fields = {
        "__module__": "torch.sparse",
        "__doc__": f"The old name of sparse {dtype} tensors.",
        "dtype": dtype,
        "is_cuda": False,
        "is_sparse": True,
        "layout": LAYOUTS["sparse_coo"],
    }
    return _SparseType(name, (), fields)


FloatTensor = _old_type("FloatTensor", _dtypes.float32)
DoubleTensor = _old_type("DoubleTensor", _dtypes.float64)
HalfTensor = _old_type("HalfTensor", _dtypes.float16)
BFloat16Tensor = _old_type("BFloat16Tensor", _dtypes.bfloat16)
ByteTensor = _old_type("ByteTensor", _dtypes.uint8)
CharTensor = _old_type("CharTensor", _dtypes.int8)
ShortTensor = _old_type("ShortTensor", _dtypes.int16)
IntTensor = _old_type("IntTensor", _dtypes.int32)
LongTensor = _old_type("LongTensor", _dtypes.int64)


def __getattr__(name):
    raise missing_attribute(__name__, name)
