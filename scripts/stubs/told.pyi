"""What is said by hand: of functions whose declarations say too little, and of tensors' attributes.

Functions of `torch`; in the class Tensor, its methods and attributes; in `functional`, what
`torch.nn.functional` has otherwise than `torch`. Read by told.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Self, TypeVar, overload

from numpy import ndarray
from typing_extensions import TypeIs

from jtorch._generator import Generator
from jtorch._size import Size
from jtorch._typed_storage import TypedStorage
from jtorch._typing import (
    _bool,
    _complex,
    _device,
    _DeviceLike,
    _dtype,
    _float,
    _Index,
    _int,
    _Ints,
    _layout,
    _memory_format,
    _Number,
    _Operand,
    _str,
    _Tensors,
)
from jtorch._untyped_storage import UntypedStorage

_T = TypeVar("_T")

@overload
def rand(
    size: _Ints,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def rand(
    *size: _int,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def randn(
    size: _Ints,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def randn(
    *size: _int,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def randint(
    high: _int,
    size: _Ints,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def randint(
    low: _int,
    high: _int,
    size: _Ints,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def randint_like(
    input: Tensor,
    high: _int | Tensor,
    *,
    generator: Generator | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor: ...
@overload
def randint_like(
    input: Tensor,
    low: _int,
    high: _int,
    *,
    generator: Generator | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor: ...
def rand_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor: ...
def randn_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor: ...
def randperm(
    n: _int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def normal(
    mean: Tensor, std: Tensor, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor: ...
@overload
def normal(
    mean: Tensor, std: _float = 1, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor: ...
@overload
def normal(
    mean: _float, std: Tensor, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor: ...
@overload
def normal(
    mean: _float,
    std: _float,
    size: _Ints,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    requires_grad: _bool | None = False,
    pin_memory: _bool | None = False,
) -> Tensor: ...
@overload
def bernoulli(
    input: Tensor, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor: ...
@overload
def bernoulli(input: Tensor, p: _float, *, generator: Generator | None = None) -> Tensor: ...
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor: ...
def split(
    tensor: Tensor, split_size_or_sections: _int | list[_int] | tuple[_int, ...], dim: _int = 0
) -> tuple[Tensor, ...]: ...
@overload
def atleast_1d(tensor: Tensor, /) -> Tensor: ...
@overload
def atleast_1d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_1d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(tensor: Tensor, /) -> Tensor: ...
@overload
def atleast_2d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(tensor: Tensor, /) -> Tensor: ...
@overload
def atleast_3d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
def block_diag(*tensors: Tensor) -> Tensor: ...
def broadcast_shapes(*shapes: _int | _Ints) -> Size: ...
def broadcast_tensors(*tensors: Tensor | _Tensors) -> tuple[Tensor, ...]: ...
def cartesian_prod(*tensors: Tensor) -> Tensor: ...
def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor: ...
def meshgrid(*tensors: Tensor | _Tensors, indexing: _str | None = None) -> tuple[Tensor, ...]: ...
def combinations(input: Tensor, r: _int = 2, with_replacement: _bool = False) -> Tensor: ...
def einsum(*args: Any) -> Tensor: ...
def from_dlpack(
    ext_tensor: Any, *, device: _DeviceLike | None = None, copy: _bool | None = None
) -> Tensor: ...
def from_jax(array: Any) -> Tensor: ...
def from_jax_function(
    function: Callable[..., Any], name: _str | None = None
) -> Callable[..., Any]: ...
def from_numpy(ndarray: ndarray) -> Tensor: ...
def to_dlpack(tensor: Tensor) -> Any: ...
def to_jax(tensor: Tensor) -> Any: ...
def to_jax_function(function: Callable[..., Any]) -> Callable[..., Any]: ...
def compilations() -> Any: ...
def get_device_module(device: _DeviceLike | None = None) -> Any: ...
def get_autocast_cpu_dtype() -> _dtype: ...
def get_autocast_gpu_dtype() -> _dtype: ...
def get_autocast_ipu_dtype() -> _dtype: ...
def get_autocast_xla_dtype() -> _dtype: ...
def is_autocast_cpu_enabled() -> _bool: ...
def is_autocast_ipu_enabled() -> _bool: ...
def is_autocast_xla_enabled() -> _bool: ...
def set_autocast_cache_enabled(enabled: _bool) -> None: ...
def set_autocast_cpu_dtype(value: _dtype) -> None: ...
def set_autocast_cpu_enabled(value: _bool) -> None: ...
def set_autocast_gpu_dtype(value: _dtype) -> None: ...
def set_autocast_ipu_dtype(value: _dtype) -> None: ...
def set_autocast_ipu_enabled(value: _bool) -> None: ...
def set_autocast_xla_dtype(value: _dtype) -> None: ...
def set_autocast_xla_enabled(value: _bool) -> None: ...
@overload
def isin(
    elements: Tensor,
    test_elements: Tensor,
    *,
    assume_unique: _bool = False,
    invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def isin(
    elements: Tensor,
    test_element: _Number,
    *,
    assume_unique: _bool = False,
    invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def isin(
    element: _Number,
    test_elements: Tensor,
    *,
    assume_unique: _bool = False,
    invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
def is_storage(obj: Any, /) -> _bool: ...
def is_tensor(obj: Any) -> TypeIs[Tensor]: ...
@overload
def lu(
    A: Tensor, pivot: _bool = True, get_infos: Literal[False] = False, out: _Tensors | None = None
) -> tuple[Tensor, Tensor]: ...
@overload
def lu(
    A: Tensor, pivot: _bool = True, *, get_infos: Literal[True], out: _Tensors | None = None
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def lu(
    A: Tensor, pivot: _bool, get_infos: Literal[True], out: _Tensors | None = None
) -> tuple[Tensor, Tensor, Tensor]: ...
def norm(
    input: Tensor,
    p: _float | _str | None = "fro",
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
) -> Tensor: ...
def stft(
    input: Tensor,
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
) -> Tensor: ...
def tensordot(
    a: Tensor, b: Tensor, dims: _int | Tensor | Sequence[_Ints] = 2, out: Tensor | None = None
) -> Tensor: ...
@overload
def tile(input: Tensor, dims: _Ints) -> Tensor: ...
@overload
def tile(input: Tensor, *dims: _int) -> Tensor: ...
def typename(obj: Any, /) -> _str: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: Literal[False] = False,
    *,
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    *,
    return_inverse: Literal[True],
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: _bool = False,
    return_counts: _bool = False,
    dim: _int | None = None,
) -> Any: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[True],
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[False] = False,
    *,
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: Literal[True],
    return_counts: Literal[True],
    dim: _int | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def unique_consecutive(
    input: Tensor,
    return_inverse: _bool = False,
    return_counts: _bool = False,
    dim: _int | None = None,
) -> Any: ...
def unravel_index(indices: Tensor, shape: _int | _Ints) -> tuple[Tensor, ...]: ...
def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: _str = "error",
    *,
    chunk_size: _int | None = None,
) -> Callable[..., Any]: ...
def positive(input: Tensor) -> Tensor: ...
def take_along_dim(
    input: Tensor, indices: Tensor, dim: _int | None = None, *, out: Tensor | None = None
) -> Tensor: ...
@overload
def where(condition: Tensor) -> tuple[Tensor, ...]: ...
@overload
def where(
    condition: Tensor, input: _Operand, other: _Operand, *, out: Tensor | None = None
) -> Tensor: ...
@overload
def nonzero(
    input: Tensor, *, as_tuple: Literal[False] = False, out: Tensor | None = None
) -> Tensor: ...
@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
@overload
def std_mean(
    input: Tensor, dim: _int | _Ints | None, unbiased: _bool = True, keepdim: _bool = False
) -> tuple[Tensor, Tensor]: ...
@overload
def std_mean(
    input: Tensor,
    dim: _int | _Ints | None = None,
    *,
    correction: _Number | None = None,
    keepdim: _bool = False,
) -> tuple[Tensor, Tensor]: ...
@overload
def std_mean(input: Tensor, unbiased: _bool = True) -> tuple[Tensor, Tensor]: ...

class Tensor:
    H: Tensor
    T: Tensor
    mH: Tensor
    mT: Tensor
    real: Tensor
    imag: Tensor
    data: Tensor
    grad: Tensor | Any  # or None; Any: so that programs need not ask whether there is one
    grad_dtype: _dtype | None
    grad_fn: Any
    device: _device
    dtype: _dtype
    layout: _layout
    shape: Size
    ndim: _int
    itemsize: _int
    nbytes: _int
    output_nr: _int
    requires_grad: _bool
    retains_grad: _bool
    is_leaf: _bool
    is_cpu: _bool
    is_cuda: _bool
    is_ipu: _bool
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
    name: _str | None
    __array_priority__: _int
    __cuda_array_interface__: dict[_str, Any]
    _backward_hooks: Any
    _base: Tensor | None
    _cdata: _int
    _grad: Tensor | None
    _version: _int
    def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
    def __array__(self, dtype: Any = None, copy: _bool | None = None) -> ndarray: ...
    def __array_wrap__(
        self, array: ndarray, context: Any = None, return_scalar: _bool = False
    ) -> Tensor: ...
    def __bool__(self) -> _bool: ...
    def __complex__(self) -> _complex: ...
    def __contains__(self, element: Any) -> _bool: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: Any) -> Self: ...
    def __delitem__(self, index: Any) -> None: ...
    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[_int, _int] | None = None,
        dl_device: tuple[Any, _int] | None = None,
        copy: _bool | None = None,
    ) -> Any: ...
    def __dlpack_device__(self) -> tuple[Any, _int]: ...
    def __float__(self) -> _float: ...
    def __format__(self, spec: _str) -> _str: ...
    def __getitem__(self, index: _Index) -> Tensor: ...
    def __hash__(self) -> _int: ...
    def __index__(self) -> _int: ...
    def __int__(self) -> _int: ...
    def __iter__(self) -> Iterator[Tensor]: ...
    def __jax_array__(self) -> Any: ...
    def __len__(self) -> _int: ...
    def __reduce_ex__(self, protocol: Any) -> Any: ...
    def __repr__(self, *, tensor_contents: _str | None = None) -> _str: ...
    def __reversed__(self) -> Tensor: ...
    def __setitem__(self, index: _Index, value: _Operand) -> None: ...
    def __setstate__(self, state: Any) -> None: ...
    def __init_subclass__(cls, **kwargs: Any) -> None: ...
    @classmethod
    def __torch_function__(
        cls,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[_str, Any] | None = None,
    ) -> Any: ...
    @staticmethod
    def _make_subclass(cls: type[_T], data: Tensor, require_grad: _bool = False) -> _T: ...
    def _is_view(self) -> _bool: ...
    def _typed_storage(self) -> TypedStorage: ...
    def allclose(
        self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False
    ) -> _bool: ...
    def equal(self, other: Tensor) -> _bool: ...
    def apply_(self, callable: Callable[..., Any]) -> Self: ...
    def map_(self, other: Tensor, callable: Callable[..., Any]) -> Self: ...
    def map2_(self, x: Tensor, y: Tensor, callable: Callable[..., Any]) -> Self: ...
    def as_subclass(self, cls: type[_T]) -> _T: ...
    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: _bool | None = None,
        create_graph: _bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None: ...
    @overload
    def bernoulli(self, *, generator: Generator | None = None) -> Tensor: ...
    @overload
    def bernoulli(self, p: _float, *, generator: Generator | None = None) -> Tensor: ...
    @overload
    def bernoulli_(self, p: Tensor, *, generator: Generator | None = None) -> Self: ...
    @overload
    def bernoulli_(self, p: _float = 0.5, *, generator: Generator | None = None) -> Self: ...
    def cauchy_(
        self, median: _float = 0, sigma: _float = 1, *, generator: Generator | None = None
    ) -> Self: ...
    def exponential_(self, lambd: _float = 1, *, generator: Generator | None = None) -> Self: ...
    def geometric_(self, p: _float, *, generator: Generator | None = None) -> Self: ...
    def log_normal_(
        self, mean: _float = 1, std: _float = 2, *, generator: Generator | None = None
    ) -> Self: ...
    def normal_(
        self, mean: _float = 0, std: _float = 1, *, generator: Generator | None = None
    ) -> Self: ...
    @overload
    def random_(self, *, generator: Generator | None = None) -> Self: ...
    @overload
    def random_(
        self, from_: _int, to: _int | None, *, generator: Generator | None = None
    ) -> Self: ...
    @overload
    def random_(self, to: _int, *, generator: Generator | None = None) -> Self: ...
    def uniform_(
        self, from_: _float = 0, to: _float = 1, *, generator: Generator | None = None
    ) -> Self: ...
    def const_data_ptr(self) -> _int: ...
    def data_ptr(self) -> _int: ...
    def dense_dim(self) -> _int: ...
    def sparse_dim(self) -> _int: ...
    def dim(self) -> _int: ...
    def ndimension(self) -> _int: ...
    def nelement(self) -> _int: ...
    def numel(self) -> _int: ...
    def dim_order(
        self, *, ambiguity_check: _bool | list[_memory_format] = False
    ) -> tuple[_int, ...]: ...
    def element_size(self) -> _int: ...
    def fill_diagonal_(self, fill_value: _Number, wrap: _bool = False) -> Self: ...
    def get_device(self) -> _int: ...
    def is_coalesced(self) -> _bool: ...
    def is_complex(self) -> _bool: ...
    def is_floating_point(self) -> _bool: ...
    def is_pinned(self, device: _DeviceLike | None = None) -> _bool: ...
    def is_set_to(self, tensor: Tensor) -> _bool: ...
    def is_shared(self) -> _bool: ...
    def is_signed(self) -> _bool: ...
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
    ) -> Tensor: ...
    def item(self) -> Any: ...
    @overload
    def lu(
        self, pivot: _bool = True, get_infos: Literal[False] = False
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def lu(
        self, pivot: _bool = True, *, get_infos: Literal[True]
    ) -> tuple[Tensor, Tensor, Tensor]: ...
    def module_load(self, other: Any, assign: _bool = False) -> Tensor: ...
    def multinomial(
        self, num_samples: _int, replacement: _bool = False, *, generator: Generator | None = None
    ) -> Tensor: ...
    def masked_select(self, mask: Tensor) -> Tensor: ...
    def inner(self, other: Tensor) -> Tensor: ...
    def cross(self, other: Tensor, dim: _int | None = None) -> Tensor: ...
    def new(self, *args: Any, **kwargs: Any) -> Tensor: ...
    def norm(
        self,
        p: _float | _str | None = "fro",
        dim: _int | _Ints | None = None,
        keepdim: _bool = False,
        dtype: _dtype | None = None,
    ) -> Tensor: ...
    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor: ...
    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
    def numpy(self, *, force: _bool = False) -> ndarray: ...
    def pin_memory(self, device: _DeviceLike | None = None) -> Tensor: ...
    def polygamma(self, n: _int) -> Tensor: ...
    def polygamma_(self, n: _int) -> Self: ...
    def record_stream(self, stream: Any) -> None: ...
    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> Any: ...
    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], None]) -> Any: ...
    @overload
    def repeat(self, repeats: _Ints) -> Tensor: ...
    @overload
    def repeat(self, *repeats: _int) -> Tensor: ...
    def requires_grad_(self, requires_grad: _bool = True) -> Self: ...
    def resize(self, *sizes: _int | _Ints) -> Tensor: ...
    def resize_as(self, tensor: Tensor) -> Tensor: ...
    def retain_grad(self) -> None: ...
    def share_memory_(self) -> Self: ...
    @overload
    def size(self, dim: None = None) -> Size: ...
    @overload
    def size(self, dim: _int) -> _int: ...
    def split(
        self, split_size: _int | list[_int] | tuple[_int, ...], dim: _int = 0
    ) -> tuple[Tensor, ...]: ...
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
    ) -> Tensor: ...
    def storage(self) -> TypedStorage: ...
    def storage_offset(self) -> _int: ...
    def storage_type(self) -> type[Any]: ...
    def untyped_storage(self) -> UntypedStorage: ...
    @overload
    def stride(self, dim: None = None) -> tuple[_int, ...]: ...
    @overload
    def stride(self, dim: _int) -> _int: ...
    def sum_to_size(self, *size: _int | _Ints) -> Tensor: ...
    def take_along_dim(self, indices: Tensor, dim: _int | None = None) -> Tensor: ...
    @overload
    def tile(self, dims: _Ints) -> Tensor: ...
    @overload
    def tile(self, *dims: _int) -> Tensor: ...
    def to_dense(
        self, dtype: _dtype | None = None, *, masked_grad: _bool | None = None
    ) -> Tensor: ...
    def tolist(self) -> Any: ...
    @overload
    def type(self, dtype: None = None, non_blocking: _bool = False) -> _str: ...
    @overload
    def type(self, dtype: _str | _dtype | type[Any], non_blocking: _bool = False) -> Tensor: ...
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor: ...
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
    ) -> Tensor: ...
    @overload
    def unique_consecutive(
        self, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None
    ) -> Any: ...
    def where(self, condition: Tensor, other: _Operand) -> Tensor: ...
    def argwhere(self) -> Tensor: ...

class functional:
    def multi_head_attention_forward(
        query: Tensor,
        key: Tensor,
        value: Tensor,
        embed_dim_to_check: _int,
        num_heads: _int,
        in_proj_weight: Tensor | None,
        in_proj_bias: Tensor | None,
        bias_k: Tensor | None,
        bias_v: Tensor | None,
        add_zero_attn: _bool,
        dropout_p: _float,
        out_proj_weight: Tensor,
        out_proj_bias: Tensor | None,
        training: _bool = True,
        key_padding_mask: Tensor | None = None,
        need_weights: _bool = True,
        attn_mask: Tensor | None = None,
        use_separate_proj_weight: _bool = False,
        q_proj_weight: Tensor | None = None,
        k_proj_weight: Tensor | None = None,
        v_proj_weight: Tensor | None = None,
        static_k: Tensor | None = None,
        static_v: Tensor | None = None,
        average_attn_weights: _bool = True,
        is_causal: _bool = False,
    ) -> tuple[Tensor, Tensor | None]: ...
    def batch_norm(
        input: Tensor,
        running_mean: Tensor | None,
        running_var: Tensor | None,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        training: _bool = False,
        momentum: _float = 0.1,
        eps: _float = 1e-05,
    ) -> Tensor: ...
    def handle_torch_function(
        public_api: Callable[..., Any], relevant_args: Iterable[Any], *args: Any, **kwargs: Any
    ) -> Any: ...
    def has_torch_function(relevant_args: Iterable[Any]) -> _bool: ...
    def has_torch_function_unary(tensor: Any) -> _bool: ...
    def has_torch_function_variadic(*args: Any) -> _bool: ...
    def linear_cross_entropy(
        input: Tensor,
        linear_weight: Tensor,
        target: Tensor,
        *,
        linear_bias: Tensor | None = None,
        weight: Tensor | None = None,
        reduction: _str = "mean",
        ignore_index: _int | None = None,
        label_smoothing: _float = 0.0,
        options: Any = None,
    ) -> Tensor: ...
