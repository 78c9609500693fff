"""Tensor. Written by scripts/write_stubs from the table of operations."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Self, TypeVar, overload
from numpy import ndarray
from jtorch import return_types
from jtorch._generator import Generator
from jtorch._size import Size
from jtorch._typed_storage import TypedStorage
from jtorch._typing import (
    _DeviceLike,
    _Index,
    _Ints,
    _Number,
    _Operand,
    _Tensors,
    _bool,
    _complex,
    _device,
    _dtype,
    _float,
    _int,
    _layout,
    _memory_format,
    _str,
)
from jtorch._untyped_storage import UntypedStorage

_T = TypeVar("_T")

PLAIN: set[type[Tensor]]

class VersionCounter:
    version: Any
    def __init__(self, version: Any = 0) -> None: ...

class Tensor:
    """A multi-dimensional array of one dtype on one device. Source: torch.Tensor."""

    H: Tensor
    T: Tensor
    __array_priority__: _int
    __cuda_array_interface__: dict[_str, Any]
    _backward_hooks: Any
    _base: Tensor | None
    _cdata: _int
    _grad: Tensor | None
    _version: _int
    data: Tensor
    device: _device
    dtype: _dtype
    grad: Tensor | Any
    grad_dtype: _dtype | None
    grad_fn: Any
    imag: Tensor
    is_cpu: _bool
    is_cuda: _bool
    is_ipu: _bool
    is_leaf: _bool
    is_maia: _bool
    is_meta: _bool
    is_mkldnn: _bool
    is_mps: _bool
    is_mtia: _bool
    is_nested: _bool
    is_quantized: _bool
    is_sparse: _bool
    is_sparse_csr: _bool
    is_vulkan: _bool
    is_xla: _bool
    is_xpu: _bool
    itemsize: _int
    layout: _layout
    mH: Tensor
    mT: Tensor
    name: _str | None
    nbytes: _int
    ndim: _int
    output_nr: _int
    real: Tensor
    requires_grad: _bool
    retains_grad: _bool
    shape: Size
    def __abs__(self) -> Tensor: ...
    def __add__(self, other: _Operand) -> Tensor: ...
    def __and__(self, other: _Operand) -> Tensor: ...
    def __array__(self, dtype: Any = None, copy: _bool | None = None) -> ndarray:
        """numpy's way to ask for an array: shared memory unless a copy is wanted or needed."""

    def __array_wrap__(
        self, array: ndarray, context: Any = None, return_scalar: _bool = False
    ) -> Tensor:
        """What numpy's functions of tensors give: a tensor over the result."""

    def __bool__(self) -> _bool: ...
    def __complex__(self) -> _complex: ...
    def __contains__(self, element: Any) -> _bool:
        """Whether some element equals a number, or broadcast to it a tensor."""

    def __copy__(self) -> Self:
        """`copy.copy`: another object over the same memory, with the same attributes."""

    def __deepcopy__(self, memo: Any) -> Self:
        """A copy with memory of its own, shared with the copies of those that share it now."""

    def __delitem__(self, index: Any) -> None:
        """Errors: TypeError always."""

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[_int, _int] | None = None,
        dl_device: tuple[Any, _int] | None = None,
        copy: _bool | None = None,
    ) -> Any:
        """A DLPack capsule. On the CPU it shares memory, elsewhere it is a copy that never changes."""

    def __dlpack_device__(self) -> tuple[Any, _int]:
        """(device type, device id) as DLPack counts them."""

    def __eq__(self, other: _Operand) -> Tensor: ...  # type: ignore[override]
    def __float__(self) -> _float: ...
    def __floordiv__(self, other: _Operand) -> Tensor: ...
    def __format__(self, spec: _str) -> _str: ...
    def __ge__(self, other: _Operand) -> Tensor: ...
    def __getitem__(self, index: _Index) -> Tensor:
        """`self[index]`: a view where no tensor takes part, else a copy."""

    def __gt__(self, other: _Operand) -> Tensor: ...
    def __hash__(self) -> _int:
        """Return hash(self)."""

    def __iadd__(self, other: _Operand) -> Self: ...
    def __iand__(self, other: _Operand) -> Self: ...
    def __ifloordiv__(self, other: _Operand) -> Self: ...
    def __ilshift__(self, other: _Operand) -> Self: ...
    def __imod__(self, other: _Operand) -> Self: ...
    def __imul__(self, other: _Operand) -> Self: ...
    def __index__(self) -> _int: ...
    def __init_subclass__(cls, **kwargs: Any) -> None: ...
    def __int__(self) -> _int: ...
    def __invert__(self) -> Tensor: ...
    def __ior__(self, other: _Operand) -> Self: ...
    def __ipow__(self, other: _Operand) -> Self: ...
    def __irshift__(self, other: _Operand) -> Self: ...
    def __isub__(self, other: _Operand) -> Self: ...
    def __iter__(self) -> Iterator[Tensor]:
        """The slices along the first dim, one by one."""

    def __itruediv__(self, other: _Operand) -> Self: ...
    def __ixor__(self, other: _Operand) -> Self: ...
    def __jax_array__(self) -> Any:
        """JAX's way to ask for an array: `jnp.sin(tensor)`."""

    def __le__(self, other: _Operand) -> Tensor: ...
    def __len__(self) -> _int: ...
    def __lshift__(self, other: _Operand) -> Tensor: ...
    def __lt__(self, other: _Operand) -> Tensor: ...
    def __matmul__(self, other: _Operand) -> Tensor: ...
    def __mod__(self, other: _Operand) -> Tensor: ...
    def __mul__(self, other: _Operand) -> Tensor: ...
    def __ne__(self, other: _Operand) -> Tensor: ...  # type: ignore[override]
    def __neg__(self) -> Tensor: ...
    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """`Tensor(...)` and the subclasses' constructors. Source: torch.Tensor."""

    def __or__(self, other: _Operand) -> Tensor: ...
    def __pos__(self) -> Tensor: ...
    def __pow__(self, other: _Operand) -> Tensor: ...
    def __radd__(self, other: _Operand) -> Tensor: ...
    def __rand__(self, other: _Operand) -> Tensor: ...
    def __rdiv__(self, other: _Operand) -> Tensor: ...
    def __reduce_ex__(self, protocol: Any) -> Any:
        """The pickle of a tensor: a function that rebuilds it, and what it needs, by torch's names."""

    def __repr__(self, *, tensor_contents: _str | None = None) -> _str:
        """The text of the tensor as PyTorch prints it; waits for the values that it shows."""

    def __reversed__(self) -> Tensor: ...
    def __rfloordiv__(self, other: _Operand) -> Tensor: ...
    def __rlshift__(self, other: _Operand) -> Tensor: ...
    def __rmatmul__(self, other: _Operand) -> Tensor: ...
    def __rmod__(self, other: _Operand) -> Tensor: ...
    def __rmul__(self, other: _Operand) -> Tensor: ...
    def __ror__(self, other: _Operand) -> Tensor: ...
    def __rpow__(self, other: _Operand) -> Tensor: ...
    def __rrshift__(self, other: _Operand) -> Tensor: ...
    def __rshift__(self, other: _Operand) -> Tensor: ...
    def __rsub__(self, other: _Operand) -> Tensor: ...
    def __rtruediv__(self, other: _Operand) -> Tensor: ...
    def __rxor__(self, other: _Operand) -> Tensor: ...
    def __setitem__(self, index: _Index, value: _Operand) -> None:
        """`self[index] = value`, broadcast, in the dtype of `self`."""

    def __setstate__(self, state: Any) -> None:
        """Attributes that a pickle carries beside the tensor. Source: torch.Tensor.__setstate__."""

    def __sub__(self, other: _Operand) -> Tensor: ...
    @classmethod
    def __torch_function__(
        cls,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[_str, Any] | None = None,
    ) -> Any:
        """The default: compute as plain tensors do, and give the results this class."""

    def __truediv__(self, other: _Operand) -> Tensor: ...
    def __xor__(self, other: _Operand) -> Tensor: ...
    def _is_view(self) -> _bool:
        """Whether autograd knows this tensor as a view of another."""

    @staticmethod
    def _make_subclass(cls: type[_T], data: Tensor, require_grad: _bool = False) -> _T:
        """An object of a subclass over a tensor's memory: a leaf."""

    def _typed_storage(self) -> TypedStorage: ...
    def abs(self) -> Tensor:
        """The absolute value; of complex numbers the modulus, which is real."""

    def abs_(self) -> Self:
        """The absolute value; of complex numbers the modulus, which is real."""

    def absolute(self) -> Tensor:
        """The absolute value; of complex numbers the modulus, which is real."""

    def absolute_(self) -> Self:
        """The absolute value; of complex numbers the modulus, which is real."""

    def acos(self) -> Tensor:
        """The inverse of the cosine; NaN outside [-1, 1]."""

    def acos_(self) -> Self:
        """The inverse of the cosine; NaN outside [-1, 1]."""

    def acosh(self) -> Tensor:
        """The inverse of the hyperbolic cosine; NaN below 1."""

    def acosh_(self) -> Self:
        """The inverse of the hyperbolic cosine; NaN below 1."""

    def add(self, other: _Operand, *, alpha: _Number = 1) -> Tensor:
        """input + alpha * other."""

    def add_(self, other: _Operand, *, alpha: _Number = 1) -> Self:
        """input + alpha * other."""

    def addbmm(
        self,
        batch1: Tensor,
        batch2: Tensor,
        *,
        beta: _Number = 1,
        alpha: _Number = 1,
    ) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2).sum(0)`. Source: torch.addbmm."""

    def addbmm_(
        self,
        batch1: Tensor,
        batch2: Tensor,
        *,
        beta: _Number = 1,
        alpha: _Number = 1,
    ) -> Self:
        """`beta * input + alpha * bmm(batch1, batch2).sum(0)`. Source: torch.addbmm."""

    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, *, value: _Number = 1) -> Tensor:
        """input + value * tensor1 / tensor2."""

    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: _Number = 1) -> Self:
        """input + value * tensor1 / tensor2."""

    def addcmul(self, tensor1: Tensor, tensor2: Tensor, *, value: _Number = 1) -> Tensor:
        """input + value * tensor1 * tensor2."""

    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: _Number = 1) -> Self:
        """input + value * tensor1 * tensor2."""

    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Tensor:
        """`beta * input + alpha * (mat1 @ mat2)`."""

    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Self:
        """`beta * input + alpha * (mat1 @ mat2)`."""

    def addmv(self, mat: Tensor, vec: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Tensor:
        """`beta * input + alpha * (mat @ vec)`. Source: torch.addmv."""

    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Self:
        """`beta * input + alpha * (mat @ vec)`. Source: torch.addmv."""

    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Tensor:
        """`beta * input + alpha * outer(vec1, vec2)`. Source: torch.addr."""

    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Self:
        """`beta * input + alpha * outer(vec1, vec2)`. Source: torch.addr."""

    def adjoint(self) -> Tensor:
        """The last two dims exchanged, and conjugated. Source: torch.adjoint."""

    def all(self, dim: _int | _Ints | None = None, keepdim: _bool = False) -> Tensor:
        """Whether all elements are not zero, over `dim`; an empty tuple of dims reduces nothing."""

    def allclose(
        self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False
    ) -> _bool:
        """Whether all elements are close; waits for the data."""

    def amax(self, dim: _int | _Ints | None = (), keepdim: _bool = False) -> Tensor:
        """The largest elements over `dim`: an int, several, or none for all."""

    def amin(self, dim: _int | _Ints | None = (), keepdim: _bool = False) -> Tensor:
        """The smallest elements over `dim`: an int, several, or none for all."""

    def aminmax(self, *, dim: _int | None = None, keepdim: _bool = False) -> return_types.aminmax:
        """The smallest and the largest element, of all or along `dim`."""

    def angle(self) -> Tensor:
        """The angle in the complex plane, in radians: of a real number 0 or pi."""

    def any(self, dim: _int | _Ints | None = None, keepdim: _bool = False) -> Tensor:
        """Whether any element is not zero, over `dim`; an empty tuple of dims reduces nothing."""

    def apply_(self, callable: Callable[..., Any]) -> Self:
        """Replace each element by what a Python function makes of it; slow."""

    def arccos(self) -> Tensor:
        """The inverse of the cosine; NaN outside [-1, 1]."""

    def arccos_(self) -> Self:
        """The inverse of the cosine; NaN outside [-1, 1]."""

    def arccosh(self) -> Tensor:
        """The inverse of the hyperbolic cosine; NaN below 1."""

    def arccosh_(self) -> Self:
        """The inverse of the hyperbolic cosine; NaN below 1."""

    def arcsin(self) -> Tensor:
        """The inverse of the sine; NaN outside [-1, 1]."""

    def arcsin_(self) -> Self:
        """The inverse of the sine; NaN outside [-1, 1]."""

    def arcsinh(self) -> Tensor:
        """The inverse of the hyperbolic sine."""

    def arcsinh_(self) -> Self:
        """The inverse of the hyperbolic sine."""

    def arctan(self) -> Tensor:
        """The inverse of the tangent."""

    def arctan2(self, other: Tensor) -> Tensor:
        """The angle of the point (other, input), in radians."""

    def arctan2_(self, other: Tensor) -> Self:
        """The angle of the point (other, input), in radians."""

    def arctan_(self) -> Self:
        """The inverse of the tangent."""

    def arctanh(self) -> Tensor:
        """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

    def arctanh_(self) -> Self:
        """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

    def argmax(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """The first place of the largest element, of all (as if flat) or along `dim`."""

    def argmin(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """The first place of the smallest element, of all (as if flat) or along `dim`."""

    @overload
    def argsort(self, *, stable: _bool | None, dim: _int = -1, descending: _bool = False) -> Tensor:
        """Where the elements, in order along `dim`, came from. The sort is always stable."""

    @overload
    def argsort(self, dim: _int = -1, descending: _bool = False) -> Tensor: ...
    def argwhere(self) -> Tensor:
        """Where elements are not zero, a row for each. Source: torch.argwhere."""

    def as_strided(self, size: _Ints, stride: _Ints, storage_offset: _int | None = None) -> Tensor:
        """Any window onto the storage. Source: torch.as_strided."""

    def as_strided_(self, size: _Ints, stride: _Ints, storage_offset: _int | None = None) -> Self:
        """Any window onto the storage. Source: torch.as_strided."""

    def as_strided_scatter(
        self,
        src: Tensor,
        size: _int | _Ints,
        stride: _int | _Ints,
        storage_offset: _int | None = None,
    ) -> Tensor:
        """A copy of `input` with `src` in any window of it."""

    def as_subclass(self, cls: type[_T]) -> _T:
        """The same memory as an object of a subclass of Tensor. Source: torch.Tensor.as_subclass."""

    def asin(self) -> Tensor:
        """The inverse of the sine; NaN outside [-1, 1]."""

    def asin_(self) -> Self:
        """The inverse of the sine; NaN outside [-1, 1]."""

    def asinh(self) -> Tensor:
        """The inverse of the hyperbolic sine."""

    def asinh_(self) -> Self:
        """The inverse of the hyperbolic sine."""

    def atan(self) -> Tensor:
        """The inverse of the tangent."""

    def atan2(self, other: Tensor) -> Tensor:
        """The angle of the point (other, input), in radians."""

    def atan2_(self, other: Tensor) -> Self:
        """The angle of the point (other, input), in radians."""

    def atan_(self) -> Self:
        """The inverse of the tangent."""

    def atanh(self) -> Tensor:
        """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

    def atanh_(self) -> Self:
        """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: _bool | None = None,
        create_graph: _bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Add the gradient of this tensor to the `grad` of the leaves it was made from."""

    def baddbmm(
        self,
        batch1: Tensor,
        batch2: Tensor,
        *,
        beta: _Number = 1,
        alpha: _Number = 1,
    ) -> Tensor:
        """`beta * input + alpha * bmm(batch1, batch2)`. Source: torch.baddbmm."""

    def baddbmm_(
        self,
        batch1: Tensor,
        batch2: Tensor,
        *,
        beta: _Number = 1,
        alpha: _Number = 1,
    ) -> Self:
        """`beta * input + alpha * bmm(batch1, batch2)`. Source: torch.baddbmm."""

    @overload
    def bernoulli(self, *, generator: Generator | None = None) -> Tensor:
        """Ones with the probabilities in `input` (or `p` for all of them), else zeros."""

    @overload
    def bernoulli(self, p: _float, *, generator: Generator | None = None) -> Tensor: ...
    @overload
    def bernoulli_(self, p: Tensor, *, generator: Generator | None = None) -> Self:
        """Fill with ones of probability `p` (a number, or a tensor that broadcasts), else zeros."""

    @overload
    def bernoulli_(self, p: _float = 0.5, *, generator: Generator | None = None) -> Self: ...
    def bfloat16(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def bincount(self, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
        """How often each integer from 0 on occurs in a vector, or the sum of `weights` where it does."""

    def bitwise_and(self, other: _Operand) -> Tensor:
        """The bits that both have."""

    def bitwise_and_(self, other: _Operand) -> Self:
        """The bits that both have."""

    def bitwise_left_shift(self, other: _Operand) -> Tensor:
        """The bits, moved up by `other` places; 0 where that is negative or leaves none."""

    def bitwise_left_shift_(self, other: _Operand) -> Self:
        """The bits, moved up by `other` places; 0 where that is negative or leaves none."""

    def bitwise_not(self) -> Tensor:
        """The complement of every bit; of bools, not."""

    def bitwise_not_(self) -> Self:
        """The complement of every bit; of bools, not."""

    def bitwise_or(self, other: _Operand) -> Tensor:
        """The bits that one or both have."""

    def bitwise_or_(self, other: _Operand) -> Self:
        """The bits that one or both have."""

    def bitwise_right_shift(self, other: _Operand) -> Tensor:
        """The bits, moved down by `other` places, the sign kept; by all where that is negative."""

    def bitwise_right_shift_(self, other: _Operand) -> Self:
        """The bits, moved down by `other` places, the sign kept; by all where that is negative."""

    def bitwise_xor(self, other: _Operand) -> Tensor:
        """The bits that one of both has."""

    def bitwise_xor_(self, other: _Operand) -> Self:
        """The bits that one of both has."""

    def bmm(self, mat2: Tensor) -> Tensor:
        """The products of two batches of matrices; nothing broadcasts. Source: torch.bmm."""

    def bool(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    @overload
    def broadcast_to(self, size: _Ints) -> Tensor:
        """`input.expand(size)`. Source: torch.broadcast_to."""

    @overload
    def broadcast_to(self, *size: _int) -> Tensor: ...
    def byte(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def cauchy_(
        self,
        median: _float = 0,
        sigma: _float = 1,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with numbers of Cauchy's distribution. Source: torch.Tensor.cauchy_."""

    def cdouble(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def ceil(self) -> Tensor:
        """The smallest whole number not below each element."""

    def ceil_(self) -> Self:
        """The smallest whole number not below each element."""

    def cfloat(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def char(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def cholesky(self, upper: _bool = False) -> Tensor:
        """`linalg.cholesky`. Source: torch.cholesky."""

    def cholesky_inverse(self, upper: _bool = False) -> Tensor:
        """The inverse of a matrix, from its Cholesky factor. Source: torch.cholesky_inverse."""

    def cholesky_solve(self, input2: Tensor, upper: _bool = False) -> Tensor:
        """The solution of A X = `input`, from `input2`, the Cholesky factor of A."""

    def chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """At most `chunks` pieces of one size, the last may be smaller. Source: torch.chunk."""

    def clamp(self, min: _Operand | None = None, max: _Operand | None = None) -> Tensor:
        """The elements, those below `min` raised to it and then those above `max` lowered to that."""

    def clamp_(self, min: _Operand | None = None, max: _Operand | None = None) -> Self:
        """The elements, those below `min` raised to it and then those above `max` lowered to that."""

    def clamp_max(self, max: _Operand) -> Tensor:
        """The elements, those above `max` lowered to it."""

    def clamp_max_(self, max: _Operand) -> Self:
        """The elements, those above `max` lowered to it."""

    def clamp_min(self, min: _Operand) -> Tensor:
        """The elements, those below `min` raised to it."""

    def clamp_min_(self, min: _Operand) -> Self:
        """The elements, those below `min` raised to it."""

    def clip(self, min: _Operand | None = None, max: _Operand | None = None) -> Tensor:
        """The elements, those below `min` raised to it and then those above `max` lowered to that."""

    def clip_(self, min: _Operand | None = None, max: _Operand | None = None) -> Self:
        """The elements, those below `min` raised to it and then those above `max` lowered to that."""

    def clone(self, *, memory_format: _memory_format | None = None) -> Tensor:
        """A copy with memory of its own; strides are kept where they are dense. Source: torch.clone."""

    def coalesce(self) -> Tensor:
        """The same with places in order, each once. Source: torch.Tensor.coalesce."""

    def conj(self) -> Tensor:
        """The conjugates, as a view; a real tensor itself. Source: torch.conj."""

    def conj_physical(self) -> Tensor:
        """The complex conjugates, in memory of their own."""

    def conj_physical_(self) -> Self:
        """The complex conjugates, in memory of their own."""

    def const_data_ptr(self) -> _int:
        """The address of the first element; equal for tensors that begin at the same place."""

    def contiguous(self, *, memory_format: _memory_format = ...) -> Tensor:
        """The tensor itself if its memory is in order, else a copy. Source: torch.Tensor.contiguous."""

    def copy_(self, other: Tensor, non_blocking: _bool = False) -> Self:
        """Put the elements of `other`, broadcast and cast, into the tensor."""

    def copysign(self, other: _Operand) -> Tensor:
        """The elements of `input` with the signs of `other`."""

    def copysign_(self, other: _Operand) -> Self:
        """The elements of `input` with the signs of `other`."""

    def corrcoef(self) -> Tensor:
        """Correlations of the rows of a matrix, over its columns."""

    def cos(self) -> Tensor:
        """The cosine, of radians."""

    def cos_(self) -> Self:
        """The cosine, of radians."""

    def cosh(self) -> Tensor:
        """The hyperbolic cosine."""

    def cosh_(self) -> Self:
        """The hyperbolic cosine."""

    @overload
    def count_nonzero(self, dim: _int | None = None) -> Tensor:
        """How many elements are not zero, over `dim`: an int, several, or None for all."""

    @overload
    def count_nonzero(self, dim: _int | _Ints) -> Tensor: ...
    def cov(
        self,
        *,
        correction: _Number = 1,
        fweights: Tensor | None = None,
        aweights: Tensor | None = None,
    ) -> Tensor:
        """Covariances of the rows of a matrix, over its columns, which may have weights."""

    def cpu(self, *, memory_format: _memory_format | None = None) -> Tensor:
        """The tensor on the CPU. Source: torch.Tensor.cpu."""

    def cross(self, other: Tensor, dim: _int | None = None) -> Tensor:
        """`linalg.cross` along `dim`, or else along the first dim of extent 3. Source: torch.cross."""

    def cuda(
        self,
        device: _DeviceLike | None = None,
        non_blocking: _bool = False,
        *,
        memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The tensor on an accelerator. Source: torch.Tensor.cuda."""

    def cummax(self, dim: _int) -> return_types.cummax:
        """The largest element so far along `dim`, and its place; of equal ones the last."""

    def cummin(self, dim: _int) -> return_types.cummin:
        """The smallest element so far along `dim`, and its place; of equal ones the last."""

    def cumprod(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """Running product along `dim`."""

    def cumprod_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """Running product along `dim`."""

    def cumsum(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """Running sum along `dim`."""

    def cumsum_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """Running sum along `dim`."""

    def data_ptr(self) -> _int:
        """The address of the first element; equal for tensors that begin at the same place."""

    def deg2rad(self) -> Tensor:
        """Degrees as radians."""

    def deg2rad_(self) -> Self:
        """Degrees as radians."""

    def dense_dim(self) -> _int:
        """The number of dense dims: all. Source: torch.Tensor.dense_dim."""

    def det(self) -> Tensor:
        """`linalg.det`. Source: torch.det."""

    def detach(self) -> Tensor:
        """The same memory, outside of autograd. Source: torch.detach."""

    def detach_(self) -> Self:
        """Take the tensor itself out of autograd."""

    def diag(self, diagonal: _int = 0) -> Tensor:
        """A matrix with a vector as its diagonal, or the diagonal of a matrix as a vector."""

    def diag_embed(self, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
        """Matrices with the last dim as their diagonal, and zeros."""

    def diagflat(self, offset: _int = 0) -> Tensor:
        """A matrix with all elements, in order, as its diagonal. Source: torch.diagflat."""

    def diagonal(self, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """A diagonal of two dims, as the last dim. Source: torch.diagonal."""

    def diagonal_scatter(
        self, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1
    ) -> Tensor:
        """A copy of `input` with `src` as its diagonal. Errors: RuntimeError if it does not fit."""

    def diff(
        self,
        n: _int = 1,
        dim: _int = -1,
        prepend: Tensor | None = None,
        append: Tensor | None = None,
    ) -> Tensor:
        """The `n`-th differences along `dim`, with `prepend` and `append` put before and after first."""

    def digamma(self) -> Tensor:
        """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""

    def digamma_(self) -> Self:
        """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""

    def dim(self) -> _int: ...
    def dim_order(
        self,
        *,
        ambiguity_check: _bool | list[_memory_format] = False,
    ) -> tuple[_int, ...]:
        """The dims from the outermost in memory to the innermost. Source: torch.Tensor.dim_order."""

    def dist(self, other: Tensor, p: _Number = 2) -> Tensor:
        """The `p`-norm of `input - other`."""

    @overload
    def div(self, other: _Operand) -> Tensor:
        """input / other, the quotient rounded by `rounding_mode` if there is one."""

    @overload
    def div(self, other: _Operand, *, rounding_mode: _str | None) -> Tensor: ...
    @overload
    def div_(self, other: _Operand) -> Self:
        """input / other, the quotient rounded by `rounding_mode` if there is one."""

    @overload
    def div_(self, other: _Operand, *, rounding_mode: _str | None) -> Self: ...
    @overload
    def divide(self, other: _Operand) -> Tensor:
        """input / other, the quotient rounded by `rounding_mode` if there is one."""

    @overload
    def divide(self, other: _Operand, *, rounding_mode: _str | None) -> Tensor: ...
    @overload
    def divide_(self, other: _Operand) -> Self:
        """input / other, the quotient rounded by `rounding_mode` if there is one."""

    @overload
    def divide_(self, other: _Operand, *, rounding_mode: _str | None) -> Self: ...
    def dot(self, tensor: Tensor) -> Tensor:
        """The sum of the products of two vectors' elements. Source: torch.dot."""

    def double(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    @overload
    def dsplit(self, sections: _int) -> tuple[Tensor, ...]:
        """`tensor_split` along the third dim. Source: torch.dsplit."""

    @overload
    def dsplit(self, indices: _Ints) -> tuple[Tensor, ...]: ...
    @overload
    def dsplit(self, *indices: _int) -> tuple[Tensor, ...]: ...
    def element_size(self) -> _int: ...
    def eq(self, other: _Operand) -> Tensor:
        """Whether the elements are equal."""

    def eq_(self, other: _Operand) -> Self:
        """Whether the elements are equal."""

    def equal(self, other: Tensor) -> _bool:
        """Whether both have the same shape and elements; waits for the data."""

    def erf(self) -> Tensor:
        """The error function."""

    def erf_(self) -> Self:
        """The error function."""

    def erfc(self) -> Tensor:
        """1 - erf(input), precise where that is small."""

    def erfc_(self) -> Self:
        """1 - erf(input), precise where that is small."""

    def erfinv(self) -> Tensor:
        """The inverse of the error function; NaN outside [-1, 1]."""

    def erfinv_(self) -> Self:
        """The inverse of the error function; NaN outside [-1, 1]."""

    def exp(self) -> Tensor:
        """e to the power of each element."""

    def exp2(self) -> Tensor:
        """2 to the power of each element."""

    def exp2_(self) -> Self:
        """2 to the power of each element."""

    def exp_(self) -> Self:
        """e to the power of each element."""

    @overload
    def expand(self, size: _Ints, *, implicit: _bool = False) -> Tensor:
        """Dims of extent 1 repeated without copying. Source: torch.Tensor.expand."""

    @overload
    def expand(self, *size: _int, implicit: _bool = False) -> Tensor: ...
    def expand_as(self, other: Tensor) -> Tensor:
        """`self.expand(other.shape)`. Source: torch.Tensor.expand_as."""

    def expm1(self) -> Tensor:
        """exp(input) - 1, precise near 0."""

    def expm1_(self) -> Self:
        """exp(input) - 1, precise near 0."""

    def exponential_(self, lambd: _float = 1, *, generator: Generator | None = None) -> Self:
        """Fill with waiting times of mean 1 / `lambd`. Source: torch.Tensor.exponential_."""

    @overload
    def fill_(self, value: Tensor) -> Self:
        """Put `value`, a number or a 0-dim tensor, into every place."""

    @overload
    def fill_(self, value: _Number) -> Self: ...
    def fill_diagonal_(self, fill_value: _Number, wrap: _bool = False) -> Self:
        """Fill the main diagonal; with `wrap` a tall matrix's starts again after it ends."""

    def fix(self) -> Tensor:
        """The elements without their fractional parts."""

    def fix_(self) -> Self:
        """The elements without their fractional parts."""

    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        """The dims from `start_dim` to `end_dim` in one. Source: torch.flatten."""

    def flip(self, dims: _int | _Ints) -> Tensor:
        """The elements in reverse order along dims."""

    def fliplr(self) -> Tensor:
        """The columns in reverse order. Source: torch.fliplr."""

    def flipud(self) -> Tensor:
        """The rows in reverse order. Source: torch.flipud."""

    def float(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def float_power(self, exponent: _Operand) -> Tensor:
        """input to the power of exponent, in double precision."""

    def float_power_(self, exponent: _Operand) -> Self:
        """input to the power of exponent, in double precision."""

    def floor(self) -> Tensor:
        """The largest whole number not above each element."""

    def floor_(self) -> Self:
        """The largest whole number not above each element."""

    def floor_divide(self, other: _Operand) -> Tensor:
        """input / other, rounded down."""

    def floor_divide_(self, other: _Operand) -> Self:
        """input / other, rounded down."""

    def fmax(self, other: Tensor) -> Tensor:
        """The larger element; NaN only where both are."""

    def fmin(self, other: Tensor) -> Tensor:
        """The smaller element; NaN only where both are."""

    def fmod(self, other: _Operand) -> Tensor:
        """The rest of the division rounded to zero; it has the sign of `input`."""

    def fmod_(self, other: _Operand) -> Self:
        """The rest of the division rounded to zero; it has the sign of `input`."""

    def frac(self) -> Tensor:
        """The fractional parts, with the sign of the elements."""

    def frac_(self) -> Self:
        """The fractional parts, with the sign of the elements."""

    def frexp(self) -> return_types.frexp:
        """Mantissas in [0.5, 1) and exponents of two: input = mantissa * 2**exponent."""

    def gather(self, dim: _int, index: Tensor, *, sparse_grad: _bool = False) -> Tensor:
        """`out[i][j][k] = input[i][index[i][j][k]][k]`, for dim 1 of three."""

    def gcd(self, other: Tensor) -> Tensor:
        """The greatest common divisor, not negative; of 0 and 0 it is 0."""

    def gcd_(self, other: Tensor) -> Self:
        """The greatest common divisor, not negative; of 0 and 0 it is 0."""

    def ge(self, other: _Operand) -> Tensor:
        """Whether the element is at least that of `other`."""

    def ge_(self, other: _Operand) -> Self:
        """Whether the element is at least that of `other`."""

    def geometric_(self, p: _float, *, generator: Generator | None = None) -> Self: ...
    def geqrf(self) -> return_types.geqrf:
        """R, with the reflections that Q is made of below its diagonal, and their factors."""

    def ger(self, vec2: Tensor) -> Tensor:
        """All products of an element of one vector and one of another. Source: torch.outer."""

    def get_device(self) -> _int: ...
    def greater(self, other: _Operand) -> Tensor:
        """Whether the element is greater than that of `other`."""

    def greater_(self, other: _Operand) -> Self:
        """Whether the element is greater than that of `other`."""

    def greater_equal(self, other: _Operand) -> Tensor:
        """Whether the element is at least that of `other`."""

    def greater_equal_(self, other: _Operand) -> Self:
        """Whether the element is at least that of `other`."""

    def gt(self, other: _Operand) -> Tensor:
        """Whether the element is greater than that of `other`."""

    def gt_(self, other: _Operand) -> Self:
        """Whether the element is greater than that of `other`."""

    def half(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def hardshrink(self, lambd: _Number = 0.5) -> Tensor:
        """The elements, and 0 for those inside [-lambd, lambd]. Source: torch.hardshrink."""

    def hash_tensor(
        self,
        dim: _int | _Ints | None = (),
        *,
        keepdim: _bool = False,
        mode: _int = 0,
    ) -> Tensor:
        """Each element's 64 bits, as float64 or int64, and the exclusive or of them over `dim`."""

    def heaviside(self, values: Tensor) -> Tensor:
        """0 below 0, 1 above, and `values` at 0."""

    def heaviside_(self, values: Tensor) -> Self:
        """0 below 0, 1 above, and `values` at 0."""

    def histc(self, bins: _int = 100, min: _Number = 0, max: _Number = 0) -> Tensor:
        """How many elements lie in each of `bins` bins of equal width from `min` to `max`."""

    @overload
    def histogram(
        self,
        bins: Tensor,
        *,
        weight: Tensor | None = None,
        density: _bool = False,
    ) -> return_types.histogram:
        """How many elements, or how much `weight`, each bin has; `density`: so that the area is 1."""

    @overload
    def histogram(
        self,
        bins: _int = 100,
        *,
        range: Sequence[_float] | None = None,
        weight: Tensor | None = None,
        density: _bool = False,
    ) -> return_types.histogram: ...
    @overload
    def hsplit(self, sections: _int) -> tuple[Tensor, ...]:
        """`tensor_split` of columns (of a vector: its elements). Source: torch.hsplit."""

    @overload
    def hsplit(self, indices: _Ints) -> tuple[Tensor, ...]: ...
    @overload
    def hsplit(self, *indices: _int) -> tuple[Tensor, ...]: ...
    def hypot(self, other: Tensor) -> Tensor:
        """sqrt(input**2 + other**2), without overflow."""

    def hypot_(self, other: Tensor) -> Self:
        """sqrt(input**2 + other**2), without overflow."""

    def i0(self) -> Tensor:
        """The modified Bessel function of the first kind, of order 0."""

    def i0_(self) -> Self:
        """The modified Bessel function of the first kind, of order 0."""

    def igamma(self, other: Tensor) -> Tensor:
        """The regularized lower incomplete gamma function."""

    def igamma_(self, other: Tensor) -> Self:
        """The regularized lower incomplete gamma function."""

    def igammac(self, other: Tensor) -> Tensor:
        """The regularized upper incomplete gamma function."""

    def igammac_(self, other: Tensor) -> Self:
        """The regularized upper incomplete gamma function."""

    def index_add(self, dim: _int, index: Tensor, source: Tensor, *, alpha: _Number = 1) -> Tensor:
        """`alpha` times the slices of `source`, added to those of `input` that `index` names."""

    def index_add_(self, dim: _int, index: Tensor, source: Tensor, *, alpha: _Number = 1) -> Self:
        """`alpha` times the slices of `source`, added to those of `input` that `index` names."""

    def index_copy(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """The slices of `source` in the place of those of `input` that `index` names."""

    def index_copy_(self, dim: _int, index: Tensor, source: Tensor) -> Self:
        """The slices of `source` in the place of those of `input` that `index` names."""

    @overload
    def index_fill(self, dim: _int, index: Tensor, value: Tensor) -> Tensor:
        """The slices of `input` that `index` names filled with one number."""

    @overload
    def index_fill(self, dim: _int, index: Tensor, value: _Number) -> Tensor: ...
    @overload
    def index_fill_(self, dim: _int, index: Tensor, value: Tensor) -> Self:
        """The slices of `input` that `index` names filled with one number."""

    @overload
    def index_fill_(self, dim: _int, index: Tensor, value: _Number) -> Self: ...
    def index_put(self, indices: _Tensors, values: Tensor, accumulate: _bool = False) -> Tensor:
        """A copy of `input` with `values` at the places that `indices` pick. Source: torch.index_put."""

    def index_put_(self, indices: _Tensors, values: Tensor, accumulate: _bool = False) -> Self:
        """Write `values` to the places that `indices`, a tensor per dim, pick."""

    def index_reduce(
        self,
        dim: _int,
        index: Tensor,
        source: Tensor,
        reduce: _str,
        *,
        include_self: _bool = True,
    ) -> Tensor:
        """The slices of `source` reduced into those of `input` that `index` names."""

    def index_reduce_(
        self,
        dim: _int,
        index: Tensor,
        source: Tensor,
        reduce: _str,
        *,
        include_self: _bool = True,
    ) -> Self:
        """The slices of `source` reduced into those of `input` that `index` names."""

    def index_select(self, dim: _int, index: Tensor) -> Tensor:
        """The slices of `dim` that a vector of indices names."""

    def indices(self) -> Tensor:
        """The places of a coalesced tensor. Source: torch.Tensor.indices."""

    def inner(self, other: Tensor) -> Tensor:
        """Sums of products over the last dim of both; a 0-dim operand multiplies the other."""

    def int(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def inverse(self) -> Tensor:
        """`linalg.inv`. Source: torch.inverse."""

    def is_coalesced(self) -> _bool:
        """A question of sparse tensors; this one is dense."""

    def is_complex(self) -> _bool: ...
    def is_conj(self) -> _bool:
        """Whether this is a conjugated view. Source: torch.is_conj."""

    def is_contiguous(self, *, memory_format: _memory_format = ...) -> _bool:
        """Whether the elements lie in memory in the order of the format."""

    def is_distributed(self) -> _bool: ...
    def is_floating_point(self) -> _bool: ...
    def is_inference(self) -> _bool: ...
    def is_neg(self) -> _bool: ...
    def is_nonzero(self) -> _bool:
        """Whether the one element is other than 0; waits for it."""

    def is_pinned(self, device: _DeviceLike | None = None) -> _bool:
        """False: no memory here is page-locked. Source: torch.Tensor.is_pinned."""

    def is_same_size(self, other: Tensor) -> _bool:
        """Whether both have the same shape."""

    def is_set_to(self, tensor: Tensor) -> _bool:
        """Whether both are the same window onto the same storage."""

    def is_shared(self) -> _bool:
        """Whether other processes can see the memory; on an accelerator, by torch's account."""

    def is_signed(self) -> _bool: ...
    def isclose(
        self, other: Tensor, rtol: _Number = 1e-05, atol: _Number = 1e-08, equal_nan: _bool = False
    ) -> Tensor:
        """Whether abs(input - other) <= atol + rtol * abs(other), or both are the same infinity."""

    def isfinite(self) -> Tensor:
        """Whether the element is neither infinite nor NaN."""

    def isinf(self) -> Tensor:
        """Whether the element, or a part of it, is infinite."""

    def isnan(self) -> Tensor:
        """Whether the element, or a part of it, is not a number."""

    def isneginf(self) -> Tensor:
        """Whether the element is minus infinity."""

    def isposinf(self) -> Tensor:
        """Whether the element is infinity."""

    def isreal(self) -> Tensor:
        """Whether the element has no imaginary part."""

    def istft(
        self,
        n_fft: _int,
        hop_length: _int | None = None,
        win_length: _int | None = None,
        window: Tensor | None = None,
        center: _bool = True,
        normalized: _bool = False,
        onesided: _bool | None = None,
        length: _int | None = None,
        return_complex: _bool = False,
    ) -> Tensor:
        """See `torch.istft`."""

    def item(self) -> Any:
        """The one element as a Python number."""

    def kron(self, other: Tensor) -> Tensor:
        """Kronecker's product: each element of `input` times the whole of `other`."""

    def kthvalue(self, k: _int, dim: _int = -1, keepdim: _bool = False) -> return_types.kthvalue:
        """The `k`-th smallest element along `dim`, counted from 1, and its (first) place."""

    def lcm(self, other: Tensor) -> Tensor:
        """The least common multiple, not negative; 0 where an element is 0."""

    def lcm_(self, other: Tensor) -> Self:
        """The least common multiple, not negative; 0 where an element is 0."""

    def ldexp(self, other: Tensor) -> Tensor:
        """input * 2**other."""

    def ldexp_(self, other: Tensor) -> Self:
        """input * 2**other."""

    def le(self, other: _Operand) -> Tensor:
        """Whether the element is at most that of `other`."""

    def le_(self, other: _Operand) -> Self:
        """Whether the element is at most that of `other`."""

    def lerp(self, end: Tensor, weight: _Operand) -> Tensor:
        """input + weight * (end - input)."""

    def lerp_(self, end: Tensor, weight: _Operand) -> Self:
        """input + weight * (end - input)."""

    def less(self, other: _Operand) -> Tensor:
        """Whether the element is less than that of `other`."""

    def less_(self, other: _Operand) -> Self:
        """Whether the element is less than that of `other`."""

    def less_equal(self, other: _Operand) -> Tensor:
        """Whether the element is at most that of `other`."""

    def less_equal_(self, other: _Operand) -> Self:
        """Whether the element is at most that of `other`."""

    def lgamma(self) -> Tensor:
        """The logarithm of the absolute value of the gamma function."""

    def lgamma_(self) -> Self:
        """The logarithm of the absolute value of the gamma function."""

    def log(self) -> Tensor:
        """The natural logarithm; NaN below 0."""

    def log10(self) -> Tensor:
        """The logarithm to base 10."""

    def log10_(self) -> Self:
        """The logarithm to base 10."""

    def log1p(self) -> Tensor:
        """log(1 + input), precise near 0."""

    def log1p_(self) -> Self:
        """log(1 + input), precise near 0."""

    def log2(self) -> Tensor:
        """The logarithm to base 2."""

    def log2_(self) -> Self:
        """The logarithm to base 2."""

    def log_(self) -> Self:
        """The natural logarithm; NaN below 0."""

    def log_normal_(
        self,
        mean: _float = 1,
        std: _float = 2,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with exponentials of normal numbers. Source: torch.Tensor.log_normal_."""

    def log_softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """log(softmax(input)), without overflow."""

    def logaddexp(self, other: Tensor) -> Tensor:
        """log(exp(input) + exp(other)), without overflow."""

    def logaddexp2(self, other: Tensor) -> Tensor:
        """log2(2**input + 2**other), without overflow."""

    def logcumsumexp(self, dim: _int) -> Tensor:
        """Logarithm of the running sum of exponentials along `dim`, without overflow."""

    def logdet(self) -> Tensor:
        """Logarithms of determinants: NaN for negative ones. Source: torch.logdet."""

    def logical_and(self, other: Tensor) -> Tensor:
        """Whether both elements are other than 0."""

    def logical_and_(self, other: Tensor) -> Self:
        """Whether both elements are other than 0."""

    def logical_not(self) -> Tensor:
        """Whether the element is 0."""

    def logical_not_(self) -> Self:
        """Whether the element is 0."""

    def logical_or(self, other: Tensor) -> Tensor:
        """Whether an element is other than 0."""

    def logical_or_(self, other: Tensor) -> Self:
        """Whether an element is other than 0."""

    def logical_xor(self, other: Tensor) -> Tensor:
        """Whether just one of the elements is other than 0."""

    def logical_xor_(self, other: Tensor) -> Self:
        """Whether just one of the elements is other than 0."""

    def logit(self, eps: _Number | None = None) -> Tensor:
        """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps]."""

    def logit_(self, eps: _Number | None = None) -> Self:
        """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps]."""

    def logsumexp(self, dim: _int | _Ints, keepdim: _bool = False) -> Tensor:
        """The logarithm of the sum of exponentials over `dim`, without overflow."""

    def long(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def lt(self, other: _Operand) -> Tensor:
        """Whether the element is less than that of `other`."""

    def lt_(self, other: _Operand) -> Self:
        """Whether the element is less than that of `other`."""

    @overload
    def lu(self, pivot: _bool = True, get_infos: Literal[False] = False) -> tuple[Tensor, Tensor]:
        """`torch.lu`, whose results have no names. Source: torch.Tensor.lu."""

    @overload
    def lu(
        self,
        pivot: _bool = True,
        *,
        get_infos: Literal[True],
    ) -> tuple[Tensor, Tensor, Tensor]: ...
    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """`linalg.lu_solve` with its arguments reversed. Source: torch.lu_solve."""

    def map2_(self, x: Tensor, y: Tensor, callable: Callable[..., Any]) -> Self:
        """`apply_` with a function of three elements. Source: torch.Tensor.map2_."""

    def map_(self, other: Tensor, callable: Callable[..., Any]) -> Self:
        """`apply_` with a function of two elements. Source: torch.Tensor.map_."""

    def masked_fill(self, mask: Tensor, value: _Operand) -> Tensor:
        """The elements, and `value` where the mask is true."""

    def masked_fill_(self, mask: Tensor, value: _Operand) -> Self:
        """The elements, and `value` where the mask is true."""

    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """The elements of `source`, one after the other, where the mask is true."""

    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Self:
        """The elements of `source`, one after the other, where the mask is true."""

    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where the mask is true, as a vector; both broadcast. This waits for the mask."""

    def matmul(self, other: Tensor) -> Tensor:
        """The product of vectors, matrices and batches of matrices, as `@`."""

    def matrix_exp(self) -> Tensor:
        """The sum of A^k / k! over all k. Errors: RuntimeError unless matrices are square."""

    def matrix_power(self, n: _int) -> Tensor:
        """`linalg.matrix_power`. Source: torch.matrix_power."""

    @overload
    def max(self) -> Tensor:
        """The largest element; or those along `dim` with their (first) places; or `maximum` of two."""

    @overload
    def max(self, other: Tensor) -> Tensor: ...
    @overload
    def max(self, dim: _int, keepdim: _bool = False) -> return_types.max: ...
    def maximum(self, other: Tensor) -> Tensor:
        """The larger element; NaN where either is."""

    @overload
    def mean(self, *, dtype: _dtype | None = None) -> Tensor:
        """Mean over `dim`: an int, several, or None for all. Of nothing it is NaN."""

    @overload
    def mean(
        self,
        dim: _int | _Ints | None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor: ...
    @overload
    def median(self) -> Tensor:
        """The middle element, of an even number the lower one; along `dim` with its (first) place."""

    @overload
    def median(self, dim: _int, keepdim: _bool = False) -> return_types.median: ...
    @overload
    def min(self) -> Tensor:
        """The smallest element; or those along `dim` with their (first) places; or `minimum` of two."""

    @overload
    def min(self, other: Tensor) -> Tensor: ...
    @overload
    def min(self, dim: _int, keepdim: _bool = False) -> return_types.min: ...
    def minimum(self, other: Tensor) -> Tensor:
        """The smaller element; NaN where either is."""

    def mm(self, mat2: Tensor) -> Tensor:
        """The product of two matrices. Source: torch.mm."""

    def mode(self, dim: _int = -1, keepdim: _bool = False) -> return_types.mode:
        """The most frequent element along `dim`, of equals the smallest, and its last place."""

    def module_load(self, other: Any, assign: _bool = False) -> Tensor:
        """What takes the place of `tensor` when `other` is loaded. Source: torch.Tensor.module_load."""

    @overload
    def moveaxis(self, source: _int, destination: _int) -> Tensor:
        """Dims moved to other places. Source: torch.movedim."""

    @overload
    def moveaxis(self, source: _Ints, destination: _Ints) -> Tensor: ...
    @overload
    def movedim(self, source: _int, destination: _int) -> Tensor:
        """Dims moved to other places. Source: torch.movedim."""

    @overload
    def movedim(self, source: _Ints, destination: _Ints) -> Tensor: ...
    def msort(self) -> Tensor:
        """The elements in order along the first dim."""

    def mul(self, other: _Operand) -> Tensor:
        """input * other."""

    def mul_(self, other: _Operand) -> Self:
        """input * other."""

    def multinomial(
        self,
        num_samples: _int,
        replacement: _bool = False,
        *,
        generator: Generator | None = None,
    ) -> Tensor:
        """Categories drawn with the weights in each row of `input`."""

    def multiply(self, other: _Operand) -> Tensor:
        """input * other."""

    def multiply_(self, other: _Operand) -> Self:
        """input * other."""

    def mv(self, vec: Tensor) -> Tensor:
        """A matrix times a vector. Source: torch.mv."""

    def mvlgamma(self, p: _int) -> Tensor:
        """The logarithm of the multivariate gamma function of dimension `p`."""

    def mvlgamma_(self, p: _int) -> Self:
        """The logarithm of the multivariate gamma function of dimension `p`."""

    def nan_to_num(
        self,
        nan: _Number | None = None,
        posinf: _Number | None = None,
        neginf: _Number | None = None,
    ) -> Tensor:
        """The elements with NaN as `nan` (0), and infinities as `posinf` and `neginf`."""

    def nan_to_num_(
        self,
        nan: _Number | None = None,
        posinf: _Number | None = None,
        neginf: _Number | None = None,
    ) -> Self:
        """The elements with NaN as `nan` (0), and infinities as `posinf` and `neginf`."""

    def nanmean(
        self,
        dim: _int | _Ints | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Mean of the elements that are not NaN."""

    @overload
    def nanmedian(self) -> Tensor:
        """`median` of the elements that are not NaN."""

    @overload
    def nanmedian(self, dim: _int, keepdim: _bool = False) -> return_types.nanmedian: ...
    @overload
    def nanquantile(
        self,
        q: Tensor,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: _str = "linear",
    ) -> Tensor:
        """`quantile` of the elements that are not NaN."""

    @overload
    def nanquantile(
        self,
        q: _float,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: _str = "linear",
    ) -> Tensor: ...
    def nansum(
        self,
        dim: _int | _Ints | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """`sum` with NaN counted as 0."""

    @overload
    def narrow(self, dim: _int, start: Tensor, length: _int) -> Tensor:
        """`length` places of one dim from `start` on. Source: torch.narrow."""

    @overload
    def narrow(self, dim: _int, start: _int, length: _int) -> Tensor: ...
    @overload
    def narrow_copy(self, dim: _int, start: Tensor, length: _int) -> Tensor:
        """A copy of `length` places of one dim from `start` on. Source: torch.narrow_copy."""

    @overload
    def narrow_copy(self, dim: _int, start: _int, length: _int) -> Tensor: ...
    def ndimension(self) -> _int: ...
    def ne(self, other: _Operand) -> Tensor:
        """Whether the elements differ."""

    def ne_(self, other: _Operand) -> Self:
        """Whether the elements differ."""

    def neg(self) -> Tensor:
        """-input."""

    def neg_(self) -> Self:
        """-input."""

    def negative(self) -> Tensor:
        """-input."""

    def negative_(self) -> Self:
        """-input."""

    def nelement(self) -> _int: ...
    def new(self, *args: Any, **kwargs: Any) -> Tensor:
        """A tensor of this dtype and device, from a size, from data or from a tensor of this type."""

    @overload
    def new_empty(
        self,
        size: _Ints,
        *,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """Unfilled, with the dtype and device of this tensor. Source: torch.Tensor.new_empty."""

    @overload
    def new_empty(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor: ...
    def new_empty_strided(
        self,
        size: _Ints,
        stride: _Ints,
        *,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """Unfilled, with these strides. Source: torch.Tensor.new_empty_strided."""

    def new_full(
        self,
        size: _Ints,
        fill_value: _Number,
        *,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """One value, with the dtype and device of this tensor. Source: torch.Tensor.new_full."""

    @overload
    def new_ones(
        self,
        size: _Ints,
        *,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """Ones with the dtype and device of this tensor. Source: torch.Tensor.new_ones."""

    @overload
    def new_ones(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor: ...
    def new_tensor(
        self,
        data: Any,
        *,
        dtype: _dtype | None = None,
        device: _DeviceLike | None = None,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """A copy of the data with the dtype and device of this tensor."""

    @overload
    def new_zeros(
        self,
        size: _Ints,
        *,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor:
        """Zeros with the dtype and device of this tensor. Source: torch.Tensor.new_zeros."""

    @overload
    def new_zeros(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: _DeviceLike | None = None,
        pin_memory: _bool | None = False,
        requires_grad: _bool | None = False,
    ) -> Tensor: ...
    def nextafter(self, other: Tensor) -> Tensor:
        """The next number of the dtype after `input` in the direction of `other`."""

    def nextafter_(self, other: Tensor) -> Self:
        """The next number of the dtype after `input` in the direction of `other`."""

    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor:
        """Where elements are not zero, a row for each, or with `as_tuple` a vector for each dim."""

    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
    def nonzero_static(self, *, size: _int, fill_value: _int = -1) -> Tensor:
        """The first `size` rows of `nonzero`, filled up with `fill_value`; nothing waits."""

    def norm(
        self,
        p: _float | _str | None = "fro",
        dim: _int | _Ints | None = None,
        keepdim: _bool = False,
        dtype: _dtype | None = None,
    ) -> Tensor: ...
    def normal_(
        self,
        mean: _float = 0,
        std: _float = 1,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with normal numbers of this mean and deviation. Source: torch.Tensor.normal_."""

    def not_equal(self, other: _Operand) -> Tensor:
        """Whether the elements differ."""

    def not_equal_(self, other: _Operand) -> Self:
        """Whether the elements differ."""

    def numel(self) -> _int: ...
    def numpy(self, *, force: _bool = False) -> ndarray:
        """The tensor as a numpy array over the same memory; each sees the other's writes."""

    def orgqr(self, input2: Tensor) -> Tensor:
        """`linalg.householder_product`. Source: torch.orgqr."""

    def ormqr(
        self, input2: Tensor, input3: Tensor, left: _bool = True, transpose: _bool = False
    ) -> Tensor:
        """A matrix times the whole product of reflections, or its adjoint. Source: torch.ormqr."""

    def outer(self, vec2: Tensor) -> Tensor:
        """All products of an element of one vector and one of another. Source: torch.outer."""

    @overload
    def permute(self, dims: _Ints) -> Tensor: ...
    @overload
    def permute(self, *dims: _int) -> Tensor: ...
    def pin_memory(self, device: _DeviceLike | None = None) -> Tensor:
        """A copy in memory from which an accelerator copies fast: here any memory is, so a plain one."""

    def pinverse(self, rcond: _float = 1e-15) -> Tensor:
        """`linalg.pinv`. Source: torch.pinverse."""

    def polygamma(self, n: _int) -> Tensor:
        """`polygamma(n, self)`."""

    def polygamma_(self, n: _int) -> Self:
        """`polygamma(n, self)`, put into the tensor itself."""

    def positive(self) -> Tensor:
        """The tensor itself."""

    def pow(self, exponent: _Operand) -> Tensor:
        """input to the power of exponent."""

    def pow_(self, exponent: _Operand) -> Self:
        """input to the power of exponent."""

    def prelu(self, weight: Tensor) -> Tensor:
        """The elements, those below 0 times the weight of their channel, or the one there is."""

    @overload
    def prod(self, *, dtype: _dtype | None = None) -> Tensor:
        """Product of all elements, or along `dim`."""

    @overload
    def prod(self, dim: _int, keepdim: _bool = False, *, dtype: _dtype | None = None) -> Tensor: ...
    def put(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
        """Elements of `source` put at these places of the flattened tensor, or added to what is there."""

    def put_(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Self:
        """Elements of `source` put at these places of the flattened tensor, or added to what is there."""

    def qr(self, some: _bool = True) -> return_types.qr:
        """`linalg.qr`. Source: torch.qr."""

    @overload
    def quantile(
        self,
        q: Tensor,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: _str = "linear",
    ) -> Tensor:
        """The elements of rank `q` (0: the smallest, 1: the largest), of all or along `dim`."""

    @overload
    def quantile(
        self,
        q: _float,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: _str = "linear",
    ) -> Tensor: ...
    def rad2deg(self) -> Tensor:
        """Radians as degrees."""

    def rad2deg_(self) -> Self:
        """Radians as degrees."""

    @overload
    def random_(self, *, generator: Generator | None = None) -> Self:
        """Fill with integers: all of the dtype, [0, to), or [from, to). Source: torch.Tensor.random_."""

    @overload
    def random_(
        self,
        from_: _int,
        to: _int | None,
        *,
        generator: Generator | None = None,
    ) -> Self: ...
    @overload
    def random_(self, to: _int, *, generator: Generator | None = None) -> Self: ...
    def ravel(self) -> Tensor:
        """One dim: a view where the tensor is contiguous, else a copy. Source: torch.ravel."""

    def reciprocal(self) -> Tensor:
        """1 / input."""

    def reciprocal_(self) -> Self:
        """1 / input."""

    def record_stream(self, stream: Any) -> None:
        """Nothing to do: JAX keeps memory until the work on it is done."""

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Any: ...
    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> Any:
        """Call `hook(tensor)` when backward has added to the `grad` of this leaf."""

    def relu(self) -> Tensor:
        """The elements, and 0 for those below it."""

    def relu_(self) -> Self:
        """The elements, and 0 for those below it."""

    def remainder(self, other: _Operand) -> Tensor:
        """The rest of the division rounded down; it has the sign of `other`."""

    def remainder_(self, other: _Operand) -> Self:
        """The rest of the division rounded down; it has the sign of `other`."""

    def renorm(self, p: _Number, dim: _int, maxnorm: _Number) -> Tensor:
        """The slices along `dim`, made shorter where their `p`-norm is more than `maxnorm`."""

    def renorm_(self, p: _Number, dim: _int, maxnorm: _Number) -> Self:
        """The slices along `dim`, made shorter where their `p`-norm is more than `maxnorm`."""

    @overload
    def repeat(self, repeats: _Ints) -> Tensor:
        """The tensor over and over along each dim; more counts than dims add dims in front."""

    @overload
    def repeat(self, *repeats: _int) -> Tensor: ...
    @overload
    def repeat_interleave(
        self,
        repeats: Tensor,
        dim: _int | None = None,
        *,
        output_size: _int | None = None,
    ) -> Tensor:
        """Each slice of a dim, or each element, several times over."""

    @overload
    def repeat_interleave(self, *, output_size: _int | None = None) -> Tensor: ...
    @overload
    def repeat_interleave(
        self,
        repeats: _int,
        dim: _int | None = None,
        *,
        output_size: _int | None = None,
    ) -> Tensor: ...
    def requires_grad_(self, requires_grad: _bool = True) -> Self:
        """Say whether gradients are wanted of this leaf."""

    @overload
    def reshape(self, shape: _Ints) -> Tensor:
        """The elements in another shape: a view where strides allow it, else a copy."""

    @overload
    def reshape(self, *shape: _int) -> Tensor: ...
    def reshape_as(self, other: Tensor) -> Tensor:
        """`self.reshape(other.shape)`. Source: torch.Tensor.reshape_as."""

    def resize(self, *sizes: _int | _Ints) -> Tensor:
        """A view or a copy of another size; an old name. Source: torch.Tensor.resize."""

    def resize_(self, size: _int | _Ints, *, memory_format: _memory_format | None = None) -> Self:
        """Give this tensor another size in place; its memory keeps what it has, and grows if it must."""

    def resize_as(self, tensor: Tensor) -> Tensor:
        """`resize` to the size of another tensor; an old name. Source: torch.Tensor.resize_as."""

    def resize_as_(
        self,
        the_template: Tensor,
        *,
        memory_format: _memory_format | None = None,
    ) -> Self:
        """`resize_` to the size of another tensor. Source: torch.Tensor.resize_as_."""

    def resolve_conj(self) -> Tensor:
        """The tensor itself, or a copy of it if it is a conjugated view. Source: torch.resolve_conj."""

    def resolve_neg(self) -> Tensor:
        """The tensor itself, or a copy of it if it is a negated view. Source: torch.resolve_neg."""

    def retain_grad(self) -> None:
        """Let this tensor keep its gradient, though it is no leaf."""

    def roll(self, shifts: _int | _Ints, dims: _int | _Ints | None = None) -> Tensor:
        """The elements moved along dims, those that fall off coming in again at the other end."""

    def rot90(self, k: _int = 1, dims: _int | _Ints = ...) -> Tensor:
        """A quarter turn of the plane of two dims, `k` times, from the first towards the second."""

    @overload
    def round(self) -> Tensor:
        """The nearest whole number, or multiple of 10**-decimals; of two, the even one."""

    @overload
    def round(self, *, decimals: _int) -> Tensor: ...
    @overload
    def round_(self) -> Self:
        """The nearest whole number, or multiple of 10**-decimals; of two, the even one."""

    @overload
    def round_(self, *, decimals: _int) -> Self: ...
    def rsqrt(self) -> Tensor:
        """1 / sqrt(input)."""

    def rsqrt_(self) -> Self:
        """1 / sqrt(input)."""

    @overload
    def scatter(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """`out[index[i][j]][j] = src[i][j]`, for dim 0 of two, or a number instead of `src`."""

    @overload
    def scatter(self, dim: _int, index: Tensor, src: Tensor, *, reduce: _str) -> Tensor: ...
    @overload
    def scatter(self, dim: _int, index: Tensor, value: _Number) -> Tensor: ...
    @overload
    def scatter(self, dim: _int, index: Tensor, value: _Number, *, reduce: _str) -> Tensor: ...
    @overload
    def scatter_(self, dim: _int, index: Tensor, src: Tensor) -> Self:
        """`out[index[i][j]][j] = src[i][j]`, for dim 0 of two, or a number instead of `src`."""

    @overload
    def scatter_(self, dim: _int, index: Tensor, src: Tensor, *, reduce: _str) -> Self: ...
    @overload
    def scatter_(self, dim: _int, index: Tensor, value: _Number) -> Self: ...
    @overload
    def scatter_(self, dim: _int, index: Tensor, value: _Number, *, reduce: _str) -> Self: ...
    def scatter_add(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """`out[index[i][j]][j] += src[i][j]`, for dim 0 of two. Errors as `scatter`."""

    def scatter_add_(self, dim: _int, index: Tensor, src: Tensor) -> Self:
        """`out[index[i][j]][j] += src[i][j]`, for dim 0 of two. Errors as `scatter`."""

    def scatter_reduce(
        self,
        dim: _int,
        index: Tensor,
        src: Tensor,
        reduce: _str,
        *,
        include_self: _bool = True,
    ) -> Tensor:
        """The elements of `src` reduced into the places that `index` names, as `scatter` places them."""

    def scatter_reduce_(
        self,
        dim: _int,
        index: Tensor,
        src: Tensor,
        reduce: _str,
        *,
        include_self: _bool = True,
    ) -> Self:
        """The elements of `src` reduced into the places that `index` names, as `scatter` places them."""

    def select(self, dim: _int, index: _int) -> Tensor:
        """The slice at `index` of one dim. Source: torch.select."""

    def select_scatter(self, src: Tensor, dim: _int, index: _int) -> Tensor:
        """A copy of `input` with `src` as the slice at `index`."""

    @overload
    def set_(self) -> Self:
        """Make this tensor a window onto another tensor's memory, or onto a storage."""

    @overload
    def set_(self, source: UntypedStorage | TypedStorage) -> Self: ...
    @overload
    def set_(
        self,
        source: UntypedStorage | TypedStorage,
        storage_offset: _int,
        size: _int | _Ints,
        stride: _int | _Ints | None = None,
    ) -> Self: ...
    @overload
    def set_(self, source: Tensor) -> Self: ...
    @overload
    def set_(
        self,
        source: Tensor,
        storage_offset: _int,
        size: _int | _Ints,
        stride: _int | _Ints | None = None,
    ) -> Self: ...
    def sgn(self) -> Tensor:
        """The sign; of complex numbers that of modulus 1 in their direction, and 0 of 0."""

    def sgn_(self) -> Self:
        """The sign; of complex numbers that of modulus 1 in their direction, and 0 of 0."""

    def share_memory_(self) -> Self:
        """Have the memory where other processes see it; nothing to do on an accelerator."""

    def short(self, *, memory_format: _memory_format | None = None) -> Tensor: ...
    def sigmoid(self) -> Tensor:
        """1 / (1 + exp(-input))."""

    def sigmoid_(self) -> Self:
        """1 / (1 + exp(-input))."""

    def sign(self) -> Tensor:
        """-1, 0 or 1; 0 for NaN."""

    def sign_(self) -> Self:
        """-1, 0 or 1; 0 for NaN."""

    def signbit(self) -> Tensor:
        """Whether the sign is negative, of zeros and NaN too."""

    def sin(self) -> Tensor:
        """The sine, of radians."""

    def sin_(self) -> Self:
        """The sine, of radians."""

    def sinc(self) -> Tensor:
        """sin(pi * input) / (pi * input), and 1 at 0."""

    def sinc_(self) -> Self:
        """sin(pi * input) / (pi * input), and 1 at 0."""

    def sinh(self) -> Tensor:
        """The hyperbolic sine."""

    def sinh_(self) -> Self:
        """The hyperbolic sine."""

    @overload
    def size(self, dim: None = None) -> Size:
        """The shape, or the extent of one dimension."""

    @overload
    def size(self, dim: _int) -> _int: ...
    def slice_scatter(
        self,
        src: Tensor,
        dim: _int = 0,
        start: _int | None = None,
        end: _int | None = None,
        step: _int = 1,
    ) -> Tensor:
        """A copy of `input` with `src` in a slice of `dim`. Errors: RuntimeError if it does not fit."""

    def slogdet(self) -> return_types.slogdet:
        """`linalg.slogdet`. Source: torch.slogdet."""

    def softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """exp(input), scaled so that it sums to 1 along `dim`."""

    @overload
    def sort(
        self,
        *,
        stable: _bool | None,
        dim: _int = -1,
        descending: _bool = False,
    ) -> return_types.sort:
        """The elements in order along `dim`, and where they came from. The sort is always stable."""

    @overload
    def sort(self, dim: _int = -1, descending: _bool = False) -> return_types.sort: ...
    def sparse_dim(self) -> _int:
        """The number of sparse dims: none. Source: torch.Tensor.sparse_dim."""

    def sparse_mask(self, mask: Tensor) -> Tensor:
        """What stands at the places of `mask`, as a sparse tensor with these places."""

    def split(
        self, split_size: _int | list[_int] | tuple[_int, ...], dim: _int = 0
    ) -> tuple[Tensor, ...]:
        """`torch.split(self, split_size, dim)`."""

    def split_with_sizes(self, split_sizes: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
        """Pieces of these sizes. Source: torch.split_with_sizes."""

    def sqrt(self) -> Tensor:
        """The square root; NaN below 0."""

    def sqrt_(self) -> Self:
        """The square root; NaN below 0."""

    def square(self) -> Tensor:
        """input * input."""

    def square_(self) -> Self:
        """input * input."""

    @overload
    def squeeze(self) -> Tensor:
        """Without dims of extent 1: all of them, or those of `dim`. Source: torch.squeeze."""

    @overload
    def squeeze(self, dim: _int) -> Tensor: ...
    @overload
    def squeeze(self, dim: _Ints) -> Tensor: ...
    @overload
    def squeeze(self, *dim: _int) -> Tensor: ...
    @overload
    def squeeze_(self) -> Self:
        """Without dims of extent 1: all of them, or those of `dim`. Source: torch.squeeze."""

    @overload
    def squeeze_(self, dim: _int) -> Self: ...
    @overload
    def squeeze_(self, dim: _Ints) -> Self: ...
    @overload
    def squeeze_(self, *dim: _int) -> Self: ...
    @overload
    def std(
        self, dim: _int | _Ints | None, unbiased: _bool = True, keepdim: _bool = False
    ) -> Tensor:
        """Standard deviation over `dim`: the square root of `var`."""

    @overload
    def std(
        self,
        dim: _int | _Ints | None = None,
        *,
        correction: _Number | None = None,
        keepdim: _bool = False,
    ) -> Tensor: ...
    @overload
    def std(self, unbiased: _bool = True) -> Tensor: ...
    def stft(
        self,
        n_fft: _int,
        hop_length: _int | None = None,
        win_length: _int | None = None,
        window: Tensor | None = None,
        center: _bool = True,
        pad_mode: _str = "reflect",
        normalized: _bool = False,
        onesided: _bool | None = None,
        return_complex: _bool | None = None,
        align_to_window: _bool | None = None,
    ) -> Tensor:
        """Fourier transforms of the frames of a signal, or of several."""

    def storage(self) -> TypedStorage:
        """The memory as elements of this tensor's dtype; an old name. Source: torch.Tensor.storage."""

    def storage_offset(self) -> _int: ...
    def storage_type(self) -> type[Any]:
        """The old class of this tensor's storage. Source: torch.Tensor.storage_type."""

    @overload
    def stride(self, dim: None = None) -> tuple[_int, ...]:
        """The steps in memory, in elements, of all dimensions or of one."""

    @overload
    def stride(self, dim: _int) -> _int: ...
    def sub(self, other: _Operand, *, alpha: _Number = 1) -> Tensor:
        """input - alpha * other."""

    def sub_(self, other: _Operand, *, alpha: _Number = 1) -> Self:
        """input - alpha * other."""

    def subtract(self, other: _Operand, *, alpha: _Number = 1) -> Tensor:
        """input - alpha * other."""

    def subtract_(self, other: _Operand, *, alpha: _Number = 1) -> Self:
        """input - alpha * other."""

    @overload
    def sum(self, *, dtype: _dtype | None = None) -> Tensor:
        """Sum over `dim`: an int, several, or None for all."""

    @overload
    def sum(
        self,
        dim: _int | _Ints | None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor: ...
    def sum_to_size(self, *size: _int | _Ints) -> Tensor:
        """The sum over the dims along which `expand` from this size would repeat."""

    def svd(self, some: _bool = True, compute_uv: _bool = True) -> return_types.svd:
        """`linalg.svd`, but for V, of which that gives the adjoint. Source: torch.svd."""

    def swapaxes(self, axis0: _int, axis1: _int) -> Tensor:
        """`transpose` by another name. Source: torch.swapaxes."""

    def swapaxes_(self, axis0: _int, axis1: _int) -> Self:
        """`transpose` by another name. Source: torch.swapaxes."""

    def swapdims(self, dim0: _int, dim1: _int) -> Tensor:
        """`transpose` by another name. Source: torch.swapdims."""

    def swapdims_(self, dim0: _int, dim1: _int) -> Self:
        """`transpose` by another name. Source: torch.swapdims."""

    def t(self) -> Tensor:
        """A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""

    def t_(self) -> Self:
        """A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""

    def take(self, index: Tensor) -> Tensor:
        """The elements at these places of the flattened tensor; negative ones count from the end."""

    def take_along_dim(self, indices: Tensor, dim: _int | None = None) -> Tensor:
        """`gather` along `dim` where the other dims broadcast; without `dim`, of flattened tensors."""

    def tan(self) -> Tensor:
        """The tangent, of radians."""

    def tan_(self) -> Self:
        """The tangent, of radians."""

    def tanh(self) -> Tensor:
        """The hyperbolic tangent."""

    def tanh_(self) -> Self:
        """The hyperbolic tangent."""

    @overload
    def tensor_split(self, indices: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
        """Pieces cut at indices, or a number of nearly equal ones. Source: torch.tensor_split."""

    @overload
    def tensor_split(
        self, tensor_indices_or_sections: Tensor, dim: _int = 0
    ) -> tuple[Tensor, ...]: ...
    @overload
    def tensor_split(self, sections: _int, dim: _int = 0) -> tuple[Tensor, ...]: ...
    @overload
    def tile(self, dims: _Ints) -> Tensor:
        """`repeat`, where missing counts are 1. Source: torch.tile."""

    @overload
    def tile(self, *dims: _int) -> Tensor: ...
    @overload
    def to(
        self,
        device: _DeviceLike | None = None,
        dtype: _dtype | None = None,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: _memory_format | None = None,
    ) -> Tensor:
        """The tensor as another dtype or on another device; itself where nothing changes."""

    @overload
    def to(
        self,
        dtype: _dtype,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: _memory_format | None = None,
    ) -> Tensor: ...
    @overload
    def to(
        self,
        tensor: Tensor,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: _memory_format | None = None,
    ) -> Tensor: ...
    def to_dense(self, dtype: _dtype | None = None, *, masked_grad: _bool | None = None) -> Tensor:
        """The tensor itself, which is dense; as another dtype if wanted."""

    def to_sparse(self, *args, **kwargs) -> Tensor:
        """The same elements as a sparse tensor: those that are not zero."""

    def to_sparse_bsc(self, *args, **kwargs) -> Tensor:
        """Errors: NotImplementedError always. Source: torch.Tensor.to_sparse_bsc."""

    def to_sparse_bsr(self, *args, **kwargs) -> Tensor:
        """Errors: NotImplementedError always. Source: torch.Tensor.to_sparse_bsr."""

    def to_sparse_coo(self) -> Tensor:
        """`to_sparse()`. Source: torch.Tensor.to_sparse_coo."""

    def to_sparse_csc(self, *args, **kwargs) -> Tensor:
        """Errors: NotImplementedError always. Source: torch.Tensor.to_sparse_csc."""

    def to_sparse_csr(self, *args, **kwargs) -> Tensor:
        """Errors: NotImplementedError always. Source: torch.Tensor.to_sparse_csr."""

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers, or one number."""

    def topk(
        self, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True
    ) -> return_types.topk:
        """The `k` largest (or smallest) elements along `dim`, in order, and their places."""

    def trace(self) -> Tensor:
        """The sum of a matrix's diagonal; of integers as int64. Source: torch.trace."""

    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dims exchanged. Errors: IndexError for a dim out of range. Source: torch.transpose."""

    def transpose_(self, dim0: _int, dim1: _int) -> Self:
        """Two dims exchanged. Errors: IndexError for a dim out of range. Source: torch.transpose."""

    def triangular_solve(
        self, A: Tensor, upper: _bool = True, transpose: _bool = False, unitriangular: _bool = False
    ) -> return_types.triangular_solve:
        """The solution of A X = `input` where only a triangle of A counts, and A."""

    def tril(self, diagonal: _Number = 0) -> Tensor:
        """The lower triangle of matrices, up to the diagonal of this number; zero above it."""

    def tril_(self, diagonal: _Number = 0) -> Self:
        """The lower triangle of matrices, up to the diagonal of this number; zero above it."""

    def triu(self, diagonal: _Number = 0) -> Tensor:
        """The upper triangle of matrices, from the diagonal of this number on; zero below it."""

    def triu_(self, diagonal: _Number = 0) -> Self:
        """The upper triangle of matrices, from the diagonal of this number on; zero below it."""

    def true_divide(self, other: _Operand) -> Tensor:
        """input / other."""

    def true_divide_(self, other: _Operand) -> Self:
        """input / other."""

    def trunc(self) -> Tensor:
        """The elements without their fractional parts."""

    def trunc_(self) -> Self:
        """The elements without their fractional parts."""

    @overload
    def type(self, dtype: None = None, non_blocking: _bool = False) -> _str:
        """The name of the tensor's type; with an argument, the tensor as that type."""

    @overload
    def type(self, dtype: _str | _dtype | type[Any], non_blocking: _bool = False) -> Tensor: ...
    def type_as(self, other: Tensor) -> Tensor:
        """The tensor with the dtype and device of another. Source: torch.Tensor.type_as."""

    def unbind(self, dim: _int = 0) -> tuple[Tensor, ...]:
        """The slices along a dim. Source: torch.unbind."""

    def unflatten(self, dim: _int, sizes: _Ints) -> Tensor:
        """One dim in several. Source: torch.unflatten."""

    def unfold(self, dimension: _int, size: _int, step: _int) -> Tensor:
        """Windows of `size` every `step` along a dim. Source: torch.Tensor.unfold."""

    def uniform_(
        self,
        from_: _float = 0,
        to: _float = 1,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with numbers of [from, to)."""

    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """The elements, or the slices along `dim`, each once and in order; where each went; how many."""

    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: _bool = False,
        return_counts: _bool = False,
        dim: _int | None = None,
    ) -> Any: ...
    @overload
    def unique_consecutive(
        self,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """The elements, or the slices along `dim`, without those equal to the one before."""

    @overload
    def unique_consecutive(
        self, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None
    ) -> Any: ...
    def unsafe_chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """`chunk`. Source: torch.unsafe_chunk."""

    def unsafe_split(self, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """`split`. Source: torch.unsafe_split."""

    def unsafe_split_with_sizes(self, split_sizes: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
        """`split_with_sizes`. Source: torch.unsafe_split_with_sizes."""

    def unsqueeze(self, dim: _int) -> Tensor:
        """With a dim of extent 1 at `dim`. Errors: IndexError out of range. Source: torch.unsqueeze."""

    def unsqueeze_(self, dim: _int) -> Self:
        """With a dim of extent 1 at `dim`. Errors: IndexError out of range. Source: torch.unsqueeze."""

    def untyped_storage(self) -> UntypedStorage:
        """The memory this tensor is a window onto. Source: torch.Tensor.untyped_storage."""

    def values(self) -> Tensor:
        """The values of a coalesced tensor, with their history. Source: torch.Tensor.values."""

    @overload
    def var(
        self, dim: _int | _Ints | None, unbiased: _bool = True, keepdim: _bool = False
    ) -> Tensor:
        """Variance over `dim`, with `correction` (1) taken off the count; `unbiased=False`: with 0."""

    @overload
    def var(
        self,
        dim: _int | _Ints | None = None,
        *,
        correction: _Number | None = None,
        keepdim: _bool = False,
    ) -> Tensor: ...
    @overload
    def var(self, unbiased: _bool = True) -> Tensor: ...
    def vdot(self, other: Tensor) -> Tensor:
        """The dot product with the first vector conjugated. Source: torch.vdot."""

    @overload
    def view(self, dtype: _dtype) -> Tensor:
        """The elements in another shape, or the bits as another dtype."""

    @overload
    def view(self, size: _Ints) -> Tensor: ...
    @overload
    def view(self, *size: _int) -> Tensor: ...
    def view_as(self, other: Tensor) -> Tensor:
        """`self.view(other.shape)`. Source: torch.Tensor.view_as."""

    @overload
    def vsplit(self, sections: _int) -> tuple[Tensor, ...]:
        """`tensor_split` of rows. Source: torch.vsplit."""

    @overload
    def vsplit(self, indices: _Ints) -> tuple[Tensor, ...]: ...
    @overload
    def vsplit(self, *indices: _int) -> tuple[Tensor, ...]: ...
    def where(self, condition: Tensor, other: _Operand) -> Tensor:
        """`where(condition, self, other)`."""

    def xlogy(self, other: _Operand) -> Tensor:
        """input * log(other); 0 where input is 0, NaN where other is."""

    def xlogy_(self, other: _Operand) -> Self:
        """input * log(other); 0 where input is 0, NaN where other is."""

    def zero_(self) -> Self:
        """Put 0 into every place."""

def from_node(node, meta) -> Tensor:
    """A new tensor that owns the value of `node`."""

def is_inference(tensor: Tensor) -> _bool:
    """Whether the tensor's memory was made in inference mode."""

def is_recorded(tensor: Tensor) -> _bool:
    """Whether operations on the tensor may have to be recorded, for gradients or tangents."""

def keep_version(tensor: Tensor) -> None:
    """Let the tensor count its own versions from now on: its memory is about to be another's."""

def node_of(tensor: Tensor) -> Tensor:
    """The node with the tensor's elements, in its logical shape."""

def read_memory(read) -> Tensor:
    """What `read()` gives of a tensor's memory; torch's error where it only stands for values."""

def retarget(tensor: Tensor, storage, meta, offset) -> None:
    """Make `tensor` another window onto another storage, in place: `set_`, `resize_`, `.data =`."""

def version_of(tensor: Tensor) -> Any:
    """What counts the changes of the tensor, as an object that may outlive it."""

def window(
    tensor: Tensor, shape, stride: _int | _Ints, offset, dtype: _dtype | None = None
) -> Tensor:
    """A view: another window onto the storage of `tensor`."""

def write(tensor: Tensor, node) -> None:
    """Put the elements of a node of the tensor's shape and dtype into its memory."""
