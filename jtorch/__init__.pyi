"""PyTorch's API on JAX. Written by scripts/write_stubs from the table of operations."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, overload
from typing_extensions import TypeIs
from numpy import ndarray
from jtorch._typing import (
    _DeviceLike,
    _Ints,
    _Number,
    _Operand,
    _Tensors,
    _bool,
    _dtype,
    _float,
    _int,
    _layout,
    _memory_format,
    _str,
)

from jtorch import accelerator as accelerator
from jtorch import amp as amp
from jtorch import ao as ao
from jtorch import autograd as autograd
from jtorch import backends as backends
from jtorch import compiler as compiler
from jtorch import cpu as cpu
from jtorch import cuda as cuda
from jtorch import distributed as distributed
from jtorch import distributions as distributions
from jtorch import fft as fft
from jtorch import func as func
from jtorch import functional as functional
from jtorch import fx as fx
from jtorch import hub as hub
from jtorch import jit as jit
from jtorch import library as library
from jtorch import linalg as linalg
from jtorch import masked as masked
from jtorch import mps as mps
from jtorch import multiprocessing as multiprocessing
from jtorch import nn as nn
from jtorch import onnx as onnx
from jtorch import ops as ops
from jtorch import optim as optim
from jtorch import overrides as overrides
from jtorch import profiler as profiler
from jtorch import random as random
from jtorch import return_types as return_types
from jtorch import serialization as serialization
from jtorch import signal as signal
from jtorch import sparse as sparse
from jtorch import special as special
from jtorch import storage as storage
from jtorch import testing as testing
from jtorch import torch_version as torch_version
from jtorch import types as types
from jtorch import utils as utils
from jtorch import version as version
from jtorch import xpu as xpu
from jtorch._autograd.anomaly import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from jtorch._autograd.anomaly import is_anomaly_enabled as is_anomaly_enabled
from jtorch._autograd.modes import enable_grad as enable_grad
from jtorch._autograd.modes import inference_mode as inference_mode
from jtorch._autograd.modes import is_grad_enabled as is_grad_enabled
from jtorch._autograd.modes import is_inference_mode_enabled as is_inference_mode_enabled
from jtorch._autograd.modes import no_grad as no_grad
from jtorch._autograd.modes import set_grad_enabled as set_grad_enabled
from jtorch._compiling import compile as compile
from jtorch._device import device as device
from jtorch._device import get_default_device as get_default_device
from jtorch._device import set_default_device as set_default_device
from jtorch._door import from_jax as from_jax
from jtorch._door import from_jax_function as from_jax_function
from jtorch._door import to_jax as to_jax
from jtorch._door import to_jax_function as to_jax_function
from jtorch._dtypes import can_cast as can_cast
from jtorch._dtypes import dtype as dtype
from jtorch._dtypes import get_default_dtype as get_default_dtype
from jtorch._dtypes import promote_types as promote_types
from jtorch._dtypes import set_default_dtype as set_default_dtype
from jtorch._errors import OutOfMemoryError as OutOfMemoryError
from jtorch._errors import _assert as _assert
from jtorch._generator import Generator as Generator
from jtorch._generator import default_generator as default_generator
from jtorch._generator import get_rng_state as get_rng_state
from jtorch._generator import initial_seed as initial_seed
from jtorch._generator import manual_seed as manual_seed
from jtorch._generator import seed as seed
from jtorch._generator import set_rng_state as set_rng_state
from jtorch._info import finfo as finfo
from jtorch._info import iinfo as iinfo
from jtorch._layout import layout as layout
from jtorch._layout import memory_format as memory_format
from jtorch._lobpcg import lobpcg as lobpcg
from jtorch._lowrank import pca_lowrank as pca_lowrank
from jtorch._lowrank import svd_lowrank as svd_lowrank
from jtorch._printing import set_printoptions as set_printoptions
from jtorch._settings import (
    are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled,
)
from jtorch._settings import (
    is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled,
)
from jtorch._settings import get_deterministic_debug_mode as get_deterministic_debug_mode
from jtorch._settings import get_float32_matmul_precision as get_float32_matmul_precision
from jtorch._settings import get_num_interop_threads as get_num_interop_threads
from jtorch._settings import get_num_threads as get_num_threads
from jtorch._settings import is_warn_always_enabled as is_warn_always_enabled
from jtorch._settings import set_deterministic_debug_mode as set_deterministic_debug_mode
from jtorch._settings import set_float32_matmul_precision as set_float32_matmul_precision
from jtorch._settings import set_flush_denormal as set_flush_denormal
from jtorch._settings import set_num_interop_threads as set_num_interop_threads
from jtorch._settings import set_num_threads as set_num_threads
from jtorch._settings import set_warn_always as set_warn_always
from jtorch._settings import use_deterministic_algorithms as use_deterministic_algorithms
from jtorch._size import Size as Size
from jtorch._tensor import Tensor as Tensor
from jtorch._typed_storage import TypedStorage as TypedStorage
from jtorch._typed_tensors import set_default_tensor_type as set_default_tensor_type
from jtorch._untyped_storage import UntypedStorage as UntypedStorage
from jtorch.amp import autocast as autocast
from jtorch.serialization import load as load
from jtorch.serialization import save as save

__version__: _str

class BFloat16Storage(TypedStorage): ...
class BFloat16Tensor(Tensor): ...
class BoolStorage(TypedStorage): ...
class BoolTensor(Tensor): ...
class ByteStorage(TypedStorage): ...
class ByteTensor(Tensor): ...
class CharStorage(TypedStorage): ...
class CharTensor(Tensor): ...
class ComplexDoubleStorage(TypedStorage): ...
class ComplexFloatStorage(TypedStorage): ...
class DoubleStorage(TypedStorage): ...
class DoubleTensor(Tensor): ...
class FloatStorage(TypedStorage): ...
class FloatTensor(Tensor): ...
class HalfStorage(TypedStorage): ...
class HalfTensor(Tensor): ...
class IntStorage(TypedStorage): ...
class IntTensor(Tensor): ...
class LongStorage(TypedStorage): ...
class LongTensor(Tensor): ...
class ShortStorage(TypedStorage): ...
class ShortTensor(Tensor): ...

bfloat16: _dtype
bool: _dtype
cdouble: _dtype
cfloat: _dtype
channels_last: _memory_format
channels_last_3d: _memory_format
complex128: _dtype
complex64: _dtype
contiguous_format: _memory_format
double: _dtype
e: _float
float: _dtype
float16: _dtype
float32: _dtype
float64: _dtype
float8_e4m3fn: _dtype
float8_e4m3fnuz: _dtype
float8_e5m2: _dtype
float8_e5m2fnuz: _dtype
float8_e8m0fnu: _dtype
half: _dtype
inf: _float
int: _dtype
int16: _dtype
int32: _dtype
int64: _dtype
int8: _dtype
jagged: _layout
long: _dtype
nan: _float
newaxis: None
pi: _float
preserve_format: _memory_format
short: _dtype
sparse_bsc: _layout
sparse_bsr: _layout
sparse_coo: _layout
sparse_csc: _layout
sparse_csr: _layout
strided: _layout
uint16: _dtype
uint32: _dtype
uint64: _dtype
uint8: _dtype

def _amp_foreach_non_finite_check_and_unscale_(
    self: _Tensors, found_inf: Tensor, inv_scale: Tensor
) -> Tensor:
    """Multiply gradients by `inv_scale`, in place; `found_inf` becomes 1 if one was not finite."""

def _amp_update_scale_(
    input: Tensor,
    growth_tracker: Tensor,
    found_inf: Tensor,
    scale_growth_factor: _float,
    scale_backoff_factor: _float,
    growth_interval: _int,
) -> Tensor:
    """Shrink the scale after an infinite gradient; let it grow after so many steps without one."""

def _chunk_cat(
    tensors: _Tensors,
    dim: _int,
    num_chunks: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Each tensor in `num_chunks` pieces along `dim`, filled up with 0, and joined piece by piece."""

def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """How shares move with their concentrations, by 1 - x; `total` is the sum of concentrations."""

def _fft_c2c(
    input: Tensor,
    dim: _int | _Ints,
    normalization: _int,
    forward: _bool,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The sums of complex numbers with the roots of unity, along dims."""

def _fft_c2r(
    input: Tensor,
    dim: _int | _Ints,
    normalization: _int,
    last_dim_size: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The real numbers that half of their sums came from, along dims; `last_dim_size` of the last."""

def _fft_r2c(
    input: Tensor,
    dim: _int | _Ints,
    normalization: _int,
    onesided: _bool,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The sums of real numbers with the roots of unity, along dims; of the last one half, or all."""

def _foreach_abs(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_abs."""

def _foreach_abs_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_abs_."""

def _foreach_acos(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_acos."""

def _foreach_acos_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_acos_."""

@overload
def _foreach_add(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_add."""

@overload
def _foreach_add(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_add(self: _Tensors, other: Tensor, *, alpha: _Number = 1) -> tuple[Tensor, ...]: ...
@overload
def _foreach_add(self: _Tensors, other: _Tensors, *, alpha: _Number = 1) -> tuple[Tensor, ...]: ...
@overload
def _foreach_add_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_add_."""

@overload
def _foreach_add_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_add_(self: _Tensors, other: Tensor, *, alpha: _Number = 1) -> _Tensors: ...
@overload
def _foreach_add_(self: _Tensors, other: _Tensors, *, alpha: _Number = 1) -> _Tensors: ...
@overload
def _foreach_addcdiv(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Sequence[_Number]
) -> tuple[Tensor, ...]:
    """Source: torch._foreach_addcdiv."""

@overload
def _foreach_addcdiv(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Tensor
) -> tuple[Tensor, ...]: ...
@overload
def _foreach_addcdiv(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, value: _Number = 1
) -> tuple[Tensor, ...]: ...
@overload
def _foreach_addcdiv_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Sequence[_Number]
) -> _Tensors:
    """Source: torch._foreach_addcdiv_."""

@overload
def _foreach_addcdiv_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Tensor
) -> _Tensors: ...
@overload
def _foreach_addcdiv_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, value: _Number = 1
) -> _Tensors: ...
@overload
def _foreach_addcmul(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Sequence[_Number]
) -> tuple[Tensor, ...]:
    """Source: torch._foreach_addcmul."""

@overload
def _foreach_addcmul(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Tensor
) -> tuple[Tensor, ...]: ...
@overload
def _foreach_addcmul(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, value: _Number = 1
) -> tuple[Tensor, ...]: ...
@overload
def _foreach_addcmul_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Sequence[_Number]
) -> _Tensors:
    """Source: torch._foreach_addcmul_."""

@overload
def _foreach_addcmul_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, scalars: Tensor
) -> _Tensors: ...
@overload
def _foreach_addcmul_(
    self: _Tensors, tensor1: _Tensors, tensor2: _Tensors, value: _Number = 1
) -> _Tensors: ...
def _foreach_asin(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_asin."""

def _foreach_asin_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_asin_."""

def _foreach_atan(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_atan."""

def _foreach_atan_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_atan_."""

def _foreach_ceil(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_ceil."""

def _foreach_ceil_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_ceil_."""

@overload
def _foreach_clamp_max(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_clamp_max."""

@overload
def _foreach_clamp_max(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_clamp_max(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_clamp_max_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_clamp_max_."""

@overload
def _foreach_clamp_max_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_clamp_max_(self: _Tensors, other: _Tensors) -> _Tensors: ...
@overload
def _foreach_clamp_min(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_clamp_min."""

@overload
def _foreach_clamp_min(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_clamp_min(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_clamp_min_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_clamp_min_."""

@overload
def _foreach_clamp_min_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_clamp_min_(self: _Tensors, other: _Tensors) -> _Tensors: ...
def _foreach_clone(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_clone."""

def _foreach_copy_(self: _Tensors, src: _Tensors, non_blocking: _bool = False) -> _Tensors:
    """Source: torch._foreach_copy_."""

def _foreach_cos(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_cos."""

def _foreach_cos_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_cos_."""

def _foreach_cosh(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_cosh."""

def _foreach_cosh_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_cosh_."""

@overload
def _foreach_div(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]:
    """Source: torch._foreach_div."""

@overload
def _foreach_div(self: _Tensors, other: Tensor) -> tuple[Tensor, ...]: ...
@overload
def _foreach_div(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_div(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]: ...
@overload
def _foreach_div_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors:
    """Source: torch._foreach_div_."""

@overload
def _foreach_div_(self: _Tensors, other: Tensor) -> _Tensors: ...
@overload
def _foreach_div_(self: _Tensors, other: _Tensors) -> _Tensors: ...
@overload
def _foreach_div_(self: _Tensors, scalar: _Number) -> _Tensors: ...
def _foreach_erf(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_erf."""

def _foreach_erf_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_erf_."""

def _foreach_erfc(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_erfc."""

def _foreach_erfc_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_erfc_."""

def _foreach_exp(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_exp."""

def _foreach_exp_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_exp_."""

def _foreach_expm1(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_expm1."""

def _foreach_expm1_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_expm1_."""

def _foreach_floor(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_floor."""

def _foreach_floor_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_floor_."""

def _foreach_frac(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_frac."""

def _foreach_frac_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_frac_."""

@overload
def _foreach_lerp(self: _Tensors, tensors1: _Tensors, weight: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_lerp."""

@overload
def _foreach_lerp(
    self: _Tensors, tensors1: _Tensors, weight: Sequence[_Number]
) -> tuple[Tensor, ...]: ...
@overload
def _foreach_lerp(self: _Tensors, tensors1: _Tensors, weights: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_lerp_(self: _Tensors, tensors1: _Tensors, weight: _Number) -> _Tensors:
    """Source: torch._foreach_lerp_."""

@overload
def _foreach_lerp_(self: _Tensors, tensors1: _Tensors, weight: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_lerp_(self: _Tensors, tensors1: _Tensors, weights: _Tensors) -> _Tensors: ...
def _foreach_lgamma(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_lgamma."""

def _foreach_lgamma_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_lgamma_."""

def _foreach_log(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_log."""

def _foreach_log10(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_log10."""

def _foreach_log10_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_log10_."""

def _foreach_log1p(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_log1p."""

def _foreach_log1p_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_log1p_."""

def _foreach_log2(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_log2."""

def _foreach_log2_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_log2_."""

def _foreach_log_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_log_."""

def _foreach_max(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_max."""

@overload
def _foreach_maximum(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_maximum."""

@overload
def _foreach_maximum(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_maximum(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_maximum_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_maximum_."""

@overload
def _foreach_maximum_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_maximum_(self: _Tensors, other: _Tensors) -> _Tensors: ...
@overload
def _foreach_minimum(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_minimum."""

@overload
def _foreach_minimum(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_minimum(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_minimum_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_minimum_."""

@overload
def _foreach_minimum_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_minimum_(self: _Tensors, other: _Tensors) -> _Tensors: ...
def _foreach_mm(self: _Tensors, mat2: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_mm."""

@overload
def _foreach_mul(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]:
    """Source: torch._foreach_mul."""

@overload
def _foreach_mul(self: _Tensors, other: Tensor) -> tuple[Tensor, ...]: ...
@overload
def _foreach_mul(self: _Tensors, other: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_mul(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]: ...
@overload
def _foreach_mul_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors:
    """Source: torch._foreach_mul_."""

@overload
def _foreach_mul_(self: _Tensors, other: Tensor) -> _Tensors: ...
@overload
def _foreach_mul_(self: _Tensors, other: _Tensors) -> _Tensors: ...
@overload
def _foreach_mul_(self: _Tensors, scalar: _Number) -> _Tensors: ...
def _foreach_neg(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_neg."""

def _foreach_neg_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_neg_."""

def _foreach_norm(
    self: _Tensors, ord: _Number = 2, dtype: _dtype | None = None
) -> tuple[Tensor, ...]:
    """Source: torch._foreach_norm."""

@overload
def _foreach_pow(self: _Number, exponent: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_pow."""

@overload
def _foreach_pow(self: _Tensors, exponent: _Number) -> tuple[Tensor, ...]: ...
@overload
def _foreach_pow(self: _Tensors, exponent: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_pow(self: _Tensors, exponent: _Tensors) -> tuple[Tensor, ...]: ...
@overload
def _foreach_pow_(self: _Tensors, exponent: _Number) -> _Tensors:
    """Source: torch._foreach_pow_."""

@overload
def _foreach_pow_(self: _Tensors, exponent: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_pow_(self: _Tensors, exponent: _Tensors) -> _Tensors: ...
def _foreach_powsum(
    self: _Tensors, ord: _Number = 2, dtype: _dtype | None = None
) -> tuple[Tensor, ...]:
    """Source: torch._foreach_powsum."""

def _foreach_reciprocal(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_reciprocal."""

def _foreach_reciprocal_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_reciprocal_."""

def _foreach_round(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_round."""

def _foreach_round_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_round_."""

def _foreach_rsqrt(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_rsqrt."""

def _foreach_rsqrt_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_rsqrt_."""

def _foreach_sigmoid(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sigmoid."""

def _foreach_sigmoid_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_sigmoid_."""

def _foreach_sign(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sign."""

def _foreach_sign_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_sign_."""

def _foreach_sin(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sin."""

def _foreach_sin_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_sin_."""

def _foreach_sinh(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sinh."""

def _foreach_sinh_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_sinh_."""

def _foreach_sqrt(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sqrt."""

def _foreach_sqrt_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_sqrt_."""

@overload
def _foreach_sub(self: _Tensors, scalar: _Number) -> tuple[Tensor, ...]:
    """Source: torch._foreach_sub."""

@overload
def _foreach_sub(self: _Tensors, scalars: Sequence[_Number]) -> tuple[Tensor, ...]: ...
@overload
def _foreach_sub(self: _Tensors, other: _Tensors, *, alpha: _Number = 1) -> tuple[Tensor, ...]: ...
@overload
def _foreach_sub_(self: _Tensors, scalar: _Number) -> _Tensors:
    """Source: torch._foreach_sub_."""

@overload
def _foreach_sub_(self: _Tensors, scalars: Sequence[_Number]) -> _Tensors: ...
@overload
def _foreach_sub_(self: _Tensors, other: _Tensors, *, alpha: _Number = 1) -> _Tensors: ...
def _foreach_tan(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_tan."""

def _foreach_tan_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_tan_."""

def _foreach_tanh(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_tanh."""

def _foreach_tanh_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_tanh_."""

def _foreach_trunc(self: _Tensors) -> tuple[Tensor, ...]:
    """Source: torch._foreach_trunc."""

def _foreach_trunc_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_trunc_."""

def _foreach_zero_(self: _Tensors) -> _Tensors:
    """Source: torch._foreach_zero_."""

def _is_all_true(input: Tensor) -> Tensor:
    """Whether all elements are true, those of every tensor of the batch inside of `vmap`."""

def _is_any_true(input: Tensor) -> Tensor:
    """Whether an element is true, one of any tensor of the batch inside of `vmap`."""

def _log_softmax_backward_data(
    grad_output: Tensor,
    output: Tensor,
    dim: _int,
    input_dtype: _dtype,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The gradient of a log_softmax's input, from that of its output and the output."""

@overload
def _native_batch_norm_legit(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    training: _bool,
    momentum: _float,
    eps: _float,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """`native_batch_norm`, with running statistics or without them."""

@overload
def _native_batch_norm_legit(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    training: _bool,
    momentum: _float,
    eps: _float,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
def _native_batch_norm_legit_no_training(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    momentum: _float,
    eps: _float,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """`native_batch_norm` by the running statistics."""

def _safe_softmax(input: Tensor, dim: _int, dtype: _dtype | None = None) -> Tensor:
    """`softmax`, but 0 where all along `dim` is -infinity. Source: torch._safe_softmax."""

def _sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Shares along the last dim that sum to one, of these concentrations."""

def _scaled_mm(
    input: Tensor,
    mat2: Tensor,
    scale_a: Tensor,
    scale_b: Tensor,
    bias: Tensor | None = None,
    scale_result: Tensor | None = None,
    out_dtype: _dtype | None = None,
    use_fast_accum: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`(scale_a * input) @ (scale_b * mat2) + bias`, of float8 matrices."""

def _scaled_mm_v2(
    input: Tensor,
    mat2: Tensor,
    scale_a: _Tensors,
    recipe_a: _int | _Ints,
    swizzle_a: _int | _Ints,
    scale_b: _Tensors,
    recipe_b: _int | _Ints,
    swizzle_b: _int | _Ints,
    bias: Tensor | None,
    out_dtype: _dtype | None,
    contraction_dim: _int | _Ints = (),
    use_fast_accum: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`_scaled_mm`, whose scales are what recipes say: 0, one for the matrix; 1, one for each row."""

def _segment_reduce(
    data: Tensor,
    reduce: _str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: _int = 0,
    unsafe: _bool = False,
    initial: _Number | None = None,
) -> Tensor:
    """Each segment of a dim reduced to one element: its sum, mean, max, min or prod."""

def _softmax_backward_data(
    grad_output: Tensor,
    output: Tensor,
    dim: _int,
    input_dtype: _dtype,
    *,
    grad_input: Tensor | None = None,
) -> Tensor:
    """The gradient of a softmax's input, from that of its output and the output."""

def _standard_gamma(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Gamma numbers of rate 1 and of these concentrations, with a gradient."""

def _standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """How gamma numbers `output` move with their concentrations `input`."""

def _unsafe_masked_index(input: Tensor, mask: Tensor, indices: _Tensors, fill: _Number) -> Tensor:
    """`input[indices]` where `mask` is true, and `fill` elsewhere."""

def _unsafe_masked_index_put_accumulate(
    input: Tensor, mask: Tensor, indices: _Tensors, values: Tensor
) -> Tensor:
    """A copy of `input` with `values` added at `indices`, those where `mask` is true."""

def _weight_norm(v: Tensor, g: Tensor, dim: _int = 0) -> Tensor:
    """`v` with the lengths of `g` along `dim`. Source: torch._weight_norm."""

def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; of complex numbers the modulus, which is real."""

def abs_(input: Tensor) -> Tensor:
    """The absolute value; of complex numbers the modulus, which is real."""

def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; of complex numbers the modulus, which is real."""

def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the cosine; NaN outside [-1, 1]."""

def acos_(input: Tensor) -> Tensor:
    """The inverse of the cosine; NaN outside [-1, 1]."""

def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine; NaN below 1."""

def acosh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic cosine; NaN below 1."""

def adaptive_avg_pool1d(input: Tensor, output_size: _int | _Ints) -> Tensor:
    """The means of `output_size` parts of the last dim."""

def adaptive_max_pool1d(input: Tensor, output_size: _int | _Ints) -> tuple[Tensor, Tensor]:
    """(the largest elements of `output_size` parts of the last dim, their places)."""

def add(
    input: _Operand,
    other: _Operand,
    *,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """input + alpha * other."""

def addbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: _Number = 1,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2).sum(0)`. Source: torch.addbmm."""

def addcdiv(
    input: Tensor,
    tensor1: Tensor,
    tensor2: Tensor,
    *,
    value: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """input + value * tensor1 / tensor2."""

def addcmul(
    input: Tensor,
    tensor1: Tensor,
    tensor2: Tensor,
    *,
    value: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """input + value * tensor1 * tensor2."""

def addmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *,
    beta: _Number = 1,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * (mat1 @ mat2)`."""

def addmv(
    input: Tensor,
    mat: Tensor,
    vec: Tensor,
    *,
    beta: _Number = 1,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * (mat @ vec)`. Source: torch.addmv."""

def addmv_(input: Tensor, mat, vec: Tensor, *, beta: _Number = 1, alpha: _Number = 1) -> Tensor:
    """`Tensor.addmv_` as a function. Source: torch.addmv_."""

def addr(
    input: Tensor,
    vec1: Tensor,
    vec2: Tensor,
    *,
    beta: _Number = 1,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * outer(vec1, vec2)`. Source: torch.addr."""

def adjoint(input: Tensor) -> Tensor:
    """The last two dims exchanged, and conjugated. Source: torch.adjoint."""

def affine_grid_generator(theta: Tensor, size: _int | _Ints, align_corners: _bool) -> Tensor:
    """The grid of affine maps. Source: torch.affine_grid_generator."""

def alias_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `alias` shows. The same window again, as a tensor of its own."""

def all(
    input: Tensor,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Whether all elements are not zero, over `dim`; an empty tuple of dims reduces nothing."""

def allclose(
    input: Tensor,
    other: Tensor,
    rtol: _float = 1e-05,
    atol: _float = 1e-08,
    equal_nan: _bool = False,
) -> _bool:
    """Whether all elements are close; waits for the data."""

def alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout` that sets elements to the least of `selu`, and keeps mean 0 and variance 1."""

def alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`alpha_dropout`, into `input`. Source: torch.alpha_dropout_."""

def amax(
    input: Tensor,
    dim: _int | _Ints | None = (),
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The largest elements over `dim`: an int, several, or none for all."""

def amin(
    input: Tensor,
    dim: _int | _Ints | None = (),
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The smallest elements over `dim`: an int, several, or none for all."""

def aminmax(
    input: Tensor,
    *,
    dim: _int | None = None,
    keepdim: _bool = False,
    out: _Tensors | None = None,
) -> return_types.aminmax:
    """The smallest and the largest element, of all or along `dim`."""

def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle in the complex plane, in radians: of a real number 0 or pi."""

def any(
    input: Tensor,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Whether any element is not zero, over `dim`; an empty tuple of dims reduces nothing."""

@overload
def arange(
    end: _Number,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """The numbers from `start` up to `end`, `step` apart."""

@overload
def arange(
    start: _Number,
    end: _Number,
    step: _Number = 1,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the cosine; NaN outside [-1, 1]."""

def arccos_(input: Tensor) -> Tensor:
    """The inverse of the cosine; NaN outside [-1, 1]."""

def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine; NaN below 1."""

def arccosh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic cosine; NaN below 1."""

def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the sine; NaN outside [-1, 1]."""

def arcsin_(input: Tensor) -> Tensor:
    """The inverse of the sine; NaN outside [-1, 1]."""

def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine."""

def arcsinh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic sine."""

def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the tangent."""

def arctan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (other, input), in radians."""

def arctan_(input: Tensor) -> Tensor:
    """The inverse of the tangent."""

def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

def arctanh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

def argmax(
    input: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The first place of the largest element, of all (as if flat) or along `dim`."""

def argmin(
    input: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The first place of the smallest element, of all (as if flat) or along `dim`."""

@overload
def argsort(
    input: Tensor,
    *,
    stable: _bool | None,
    dim: _int = -1,
    descending: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Where the elements, in order along `dim`, came from. The sort is always stable."""

@overload
def argsort(input: Tensor, dim: _int = -1, descending: _bool = False) -> Tensor: ...
def argwhere(input: Tensor) -> Tensor:
    """Where elements are not zero, a row for each. Source: torch.argwhere."""

def as_strided(
    input: Tensor, size: _Ints, stride: _Ints, storage_offset: _int | None = None
) -> Tensor:
    """Any window onto the storage. Source: torch.as_strided."""

def as_strided_(
    input: Tensor, size: _Ints, stride: _Ints, storage_offset: _int | None = None
) -> Tensor:
    """Any window onto the storage. Source: torch.as_strided."""

def as_strided_copy(
    input: Tensor,
    size: _Ints,
    stride: _Ints,
    storage_offset: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of what `as_strided` shows. Any window onto the storage. Source: torch.as_strided."""

def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: _int | _Ints,
    stride: _int | _Ints,
    storage_offset: _int | None = None,
) -> Tensor:
    """A copy of `input` with `src` in any window of it."""

def as_tensor(
    data: Any,
    *,
    dtype: _dtype | None = None,
    device: _DeviceLike | None = None,
) -> Tensor:
    """A tensor of the data, which shares memory with a tensor or an array where nothing changes."""

def asarray(
    obj: Any,
    *,
    dtype: _dtype | None = None,
    device: _DeviceLike | None = None,
    copy: _bool | None = None,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor of an object: shared memory if possible; `copy` demands a copy, or forbids one."""

def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the sine; NaN outside [-1, 1]."""

def asin_(input: Tensor) -> Tensor:
    """The inverse of the sine; NaN outside [-1, 1]."""

def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine."""

def asinh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic sine."""

def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the tangent."""

def atan2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point (other, input), in radians."""

def atan_(input: Tensor) -> Tensor:
    """The inverse of the tangent."""

def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

def atanh_(input: Tensor) -> Tensor:
    """The inverse of the hyperbolic tangent; NaN outside [-1, 1]."""

@overload
def atleast_1d(tensor: Tensor, /) -> Tensor:
    """Views with at least one dim. Source: torch.atleast_1d."""

@overload
def atleast_1d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_1d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(tensor: Tensor, /) -> Tensor:
    """Views with at least two dims; new ones in front. Source: torch.atleast_2d."""

@overload
def atleast_2d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_2d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(tensor: Tensor, /) -> Tensor:
    """Views with at least three dims: (n) becomes (1, n, 1), (m, n) becomes (m, n, 1)."""

@overload
def atleast_3d(tensor: Tensor, other: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]: ...
@overload
def atleast_3d(tensors: _Tensors, /) -> tuple[Tensor, ...]: ...
def autocast_decrement_nesting() -> Tensor:
    """Source: torch.autocast_decrement_nesting."""

def autocast_increment_nesting() -> Tensor:
    """Source: torch.autocast_increment_nesting."""

def avg_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    ceil_mode: _bool = False,
    count_include_pad: _bool = True,
) -> Tensor:
    """The mean of each window along the last dim."""

def baddbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *,
    beta: _Number = 1,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`beta * input + alpha * bmm(batch1, batch2)`. Source: torch.baddbmm."""

@overload
def bartlett_window(
    window_length: _int,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A triangle: 0 at the ends, 1 in the middle."""

@overload
def bartlett_window(
    window_length: _int,
    periodic: _bool,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: _bool,
    momentum: _float,
    eps: _float,
    cudnn_enabled: _bool,
) -> Tensor:
    """Channels with mean 0 and variance 1, times `weight`, plus `bias`."""

@overload
def bernoulli(
    input: Tensor,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Ones with the probabilities in `input` (or `p` for all of them), else zeros."""

@overload
def bernoulli(input: Tensor, p: _float, *, generator: Generator | None = None) -> Tensor: ...
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input1 @ weight[k] @ input2 + bias[k]` for every k."""

def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: _int = 0,
) -> Tensor:
    """The same of an input of logits, without overflow. `pos_weight` is the weight of the target."""

def bincount(input: Tensor, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
    """How often each integer from 0 on occurs in a vector, or the sum of `weights` where it does."""

def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """Successes in `count` trials of probability `prob`, tensors both. Source: torch.binomial."""

@overload
def bitwise_and(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The bits that both have."""

@overload
def bitwise_and(self: _Number, other: _Operand) -> Tensor: ...
@overload
def bitwise_left_shift(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The bits, moved up by `other` places; 0 where that is negative or leaves none."""

@overload
def bitwise_left_shift(self: _Number, other: _Operand) -> Tensor: ...
def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complement of every bit; of bools, not."""

@overload
def bitwise_or(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The bits that one or both have."""

@overload
def bitwise_or(self: _Number, other: _Operand) -> Tensor: ...
@overload
def bitwise_right_shift(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The bits, moved down by `other` places, the sign kept; by all where that is negative."""

@overload
def bitwise_right_shift(self: _Number, other: _Operand) -> Tensor: ...
@overload
def bitwise_xor(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The bits that one of both has."""

@overload
def bitwise_xor(self: _Number, other: _Operand) -> Tensor: ...
@overload
def blackman_window(
    window_length: _int,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """Two cosines, of sidelobes below -58 dB. Source: torch.blackman_window."""

@overload
def blackman_window(
    window_length: _int,
    periodic: _bool,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def block_diag(*tensors: Tensor) -> Tensor:
    """A matrix with the given ones along its diagonal, and zeros; vectors count as rows."""

def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products of two batches of matrices; nothing broadcasts. Source: torch.bmm."""

def broadcast_shapes(*shapes: _int | _Ints) -> Size:
    """The shape that tensors of these shapes broadcast to. Source: torch.broadcast_shapes."""

def broadcast_tensors(*tensors: Tensor | _Tensors) -> tuple[Tensor, ...]:
    """The tensors, each expanded to the shape that all broadcast to."""

def broadcast_to(input: Tensor, size: _Ints) -> Tensor:
    """`input.expand(size)`. Source: torch.broadcast_to."""

@overload
def bucketize(
    input: Tensor,
    boundaries: Tensor,
    *,
    out_int32: _bool = False,
    right: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Between which two of the sorted `boundaries` each value lies; `right`: equal ones go after."""

@overload
def bucketize(
    self: _Number,
    boundaries: Tensor,
    *,
    out_int32: _bool = False,
    right: _bool = False,
) -> Tensor: ...
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All tuples of an element of each vector, as rows. Source: torch.cartesian_prod."""

def cat(tensors: _Tensors, dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along `dim`."""

def cdist(
    x1: Tensor,
    x2: Tensor,
    p: _float = 2.0,
    compute_mode: _str = "use_mm_for_euclid_dist_if_necessary",
) -> Tensor:
    """The distance, in the norm of order `p`, of each row of `x1` from each row of `x2`."""

def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest whole number not below each element."""

def ceil_(input: Tensor) -> Tensor:
    """The smallest whole number not below each element."""

def celu(input: Tensor, alpha: _Number = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""

def celu_(input: Tensor, alpha: _Number = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""

def chain_matmul(*matrices: Tensor, out: Tensor | None = None) -> Tensor:
    """The old name of `linalg.multi_dot`, of one matrix or more. Source: torch.chain_matmul."""

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of all groups in turn: the first of each, the second of each, ..."""

def cholesky(input: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """`linalg.cholesky`. Source: torch.cholesky."""

def cholesky_inverse(input: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverse of a matrix, from its Cholesky factor. Source: torch.cholesky_inverse."""

def cholesky_solve(
    input: Tensor,
    input2: Tensor,
    upper: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The solution of A X = `input`, from `input2`, the Cholesky factor of A."""

def chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` pieces of one size, the last may be smaller. Source: torch.chunk."""

def clamp(
    input: Tensor,
    min: _Operand | None = None,
    max: _Operand | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The elements, those below `min` raised to it and then those above `max` lowered to that."""

def clamp_(input: Tensor, min: _Operand | None = None, max: _Operand | None = None) -> Tensor:
    """The elements, those below `min` raised to it and then those above `max` lowered to that."""

def clamp_max(input: Tensor, max: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The elements, those above `max` lowered to it."""

def clamp_max_(input: Tensor, max: _Operand) -> Tensor:
    """The elements, those above `max` lowered to it."""

def clamp_min(input: Tensor, min: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The elements, those below `min` raised to it."""

def clamp_min_(input: Tensor, min: _Operand) -> Tensor:
    """The elements, those below `min` raised to it."""

def clear_autocast_cache() -> Tensor:
    """Forget the casts of leaves. Source: torch.clear_autocast_cache."""

def clip(
    input: Tensor,
    min: _Operand | None = None,
    max: _Operand | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The elements, those below `min` raised to it and then those above `max` lowered to that."""

def clip_(input: Tensor, min: _Operand | None = None, max: _Operand | None = None) -> Tensor:
    """The elements, those below `min` raised to it and then those above `max` lowered to that."""

def clone(input: Tensor, *, memory_format: _memory_format | None = None) -> Tensor:
    """A copy with memory of its own; strides are kept where they are dense. Source: torch.clone."""

def column_stack(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along dim 1; vectors count as columns. Source: torch.column_stack."""

def combinations(input: Tensor, r: _int = 2, with_replacement: _bool = False) -> Tensor:
    """All choices of `r` elements of a vector, in order, as rows. Source: torch.combinations."""

def compilations() -> Any:
    """Every program compiled so far, with the user's line, the reason, and the cost; printable."""

def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers of these parts."""

def concat(tensors: _Tensors, dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along `dim`."""

def concatenate(tensors: _Tensors, dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along `dim`."""

def conj(input: Tensor) -> Tensor:
    """The conjugates, as a view; a real tensor itself. Source: torch.conj."""

def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugates, in memory of their own."""

def conj_physical_(input: Tensor) -> Tensor:
    """The complex conjugates, in memory of their own."""

def constant_pad_nd(input: Tensor, pad: _int | _Ints, value: _Number = 0) -> Tensor:
    """`input` with borders of a value."""

@overload
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 1 dim, with zeros around the input."""

@overload
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
@overload
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 2 dims, with zeros around the input."""

@overload
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
@overload
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 3 dims, with zeros around the input."""

@overload
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A convolution over the first dim. Source: torch.nn.functional.conv_tbc."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 1 dim."""

def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 2 dims."""

def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 3 dims."""

def convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: _int | _Ints,
    padding: _int | _Ints,
    dilation: _int | _Ints,
    transposed: _bool,
    output_padding: _int | _Ints,
    groups: _int,
) -> Tensor:
    """Any convolution of one to three dims, transposed or not. Source: torch.convolution."""

def copysign(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The elements of `input` with the signs of `other`."""

def corrcoef(input: Tensor) -> Tensor:
    """Correlations of the rows of a matrix, over its columns."""

def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The cosine, of radians."""

def cos_(input: Tensor) -> Tensor:
    """The cosine, of radians."""

def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic cosine."""

def cosh_(input: Tensor) -> Tensor:
    """The hyperbolic cosine."""

def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 0
) -> Tensor:
    """1 - cos of two vectors where the target is 1; cos above the margin where it is -1."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along `dim`, whose lengths count as `eps` at least."""

@overload
def count_nonzero(input: Tensor, dim: _int | None = None) -> Tensor:
    """How many elements are not zero, over `dim`: an int, several, or None for all."""

@overload
def count_nonzero(input: Tensor, dim: _int | _Ints) -> Tensor: ...
def cov(
    input: Tensor,
    *,
    correction: _Number = 1,
    fweights: Tensor | None = None,
    aweights: Tensor | None = None,
) -> Tensor:
    """Covariances of the rows of a matrix, over its columns, which may have weights."""

def cross(
    input: Tensor,
    other: Tensor,
    dim: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`linalg.cross` along `dim`, or else along the first dim of extent 3. Source: torch.cross."""

@overload
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: _int | _Ints,
    target_lengths: _int | _Ints,
    blank: _int = 0,
    reduction: _int = ...,
    zero_infinity: _bool = False,
) -> Tensor:
    """Minus the logarithm of how likely sequences of labels are, wherever in time each of them is."""

@overload
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor,
    target_lengths: Tensor,
    blank: _int = 0,
    reduction: _int = ...,
    zero_infinity: _bool = False,
) -> Tensor: ...
def cummax(input: Tensor, dim: _int, *, out: _Tensors | None = None) -> return_types.cummax:
    """The largest element so far along `dim`, and its place; of equal ones the last."""

def cummin(input: Tensor, dim: _int, *, out: _Tensors | None = None) -> return_types.cummin:
    """The smallest element so far along `dim`, and its place; of equal ones the last."""

def cumprod(
    input: Tensor,
    dim: _int,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Running product along `dim`."""

def cumsum(
    input: Tensor,
    dim: _int,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Running sum along `dim`."""

@overload
def cumulative_trapezoid(y: Tensor, x: Tensor, *, dim: _int = -1) -> Tensor:
    """The running integral of `y` along `dim` by the trapezoidal rule."""

@overload
def cumulative_trapezoid(y: Tensor, *, dx: _Number = 1, dim: _int = -1) -> Tensor: ...
def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Degrees as radians."""

def deg2rad_(input: Tensor) -> Tensor:
    """Degrees as radians."""

def det(input: Tensor) -> Tensor:
    """`linalg.det`. Source: torch.det."""

def detach(input: Tensor) -> Tensor:
    """The same memory, outside of autograd. Source: torch.detach."""

def detach_(input: Tensor) -> Tensor:
    """Take the tensor itself out of autograd."""

def detach_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `detach` shows. The same memory, outside of autograd. Source: torch.detach."""

def diag(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """A matrix with a vector as its diagonal, or the diagonal of a matrix as a vector."""

def diag_embed(input: Tensor, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """Matrices with the last dim as their diagonal, and zeros."""

def diagflat(input: Tensor, offset: _int = 0) -> Tensor:
    """A matrix with all elements, in order, as its diagonal. Source: torch.diagflat."""

def diagonal(input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """A diagonal of two dims, as the last dim. Source: torch.diagonal."""

def diagonal_copy(
    input: Tensor,
    offset: _int = 0,
    dim1: _int = 0,
    dim2: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1
) -> Tensor:
    """A copy of `input` with `src` as its diagonal. Errors: RuntimeError if it does not fit."""

def diff(
    input: Tensor,
    n: _int = 1,
    dim: _int = -1,
    prepend: Tensor | None = None,
    append: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The `n`-th differences along `dim`, with `prepend` and `append` put before and after first."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of log(gamma(input)); at 0 an infinity of the other sign, NaN at -1, -2..."""

def dist(input: Tensor, other: Tensor, p: _Number = 2) -> Tensor:
    """The `p`-norm of `input - other`."""

@overload
def div(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input / other, the quotient rounded by `rounding_mode` if there is one."""

@overload
def div(
    input: _Operand,
    other: _Operand,
    *,
    rounding_mode: _str | None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def divide(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input / other, the quotient rounded by `rounding_mode` if there is one."""

@overload
def divide(
    input: _Operand,
    other: _Operand,
    *,
    rounding_mode: _str | None,
    out: Tensor | None = None,
) -> Tensor: ...
def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sum of the products of two vectors' elements. Source: torch.dot."""

def dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """Each element times 0 with probability `p`, else 1 / (1 - p); the input where not `train`."""

def dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout`, into `input`. Source: torch.dropout_."""

def dsmm(input: Tensor, mat2: Tensor) -> Tensor:
    """`torch.mm` by an old name. Source: torch.dsmm."""

@overload
def dsplit(input: Tensor, sections: _int) -> tuple[Tensor, ...]:
    """`tensor_split` along the third dim. Source: torch.dsplit."""

@overload
def dsplit(input: Tensor, indices: _Ints) -> tuple[Tensor, ...]: ...
def dstack(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along dim 2; a matrix counts as a layer. Source: torch.dstack."""

def einsum(*args: Any) -> Tensor: ...
def embedding(
    weight: Tensor,
    indices: Tensor,
    padding_idx: _int = -1,
    scale_grad_by_freq: _bool = False,
    sparse: _bool = False,
) -> Tensor:
    """The rows of `weight` that `indices` name."""

@overload
def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: _bool,
    mode: _int,
    sparse: _bool,
    per_sample_weights: Tensor | None,
    include_last_offset: _bool,
    padding_idx: _int | None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(sums, means or maxima of bags of rows, bag of each index, sizes, rows of the maxima)."""

@overload
def embedding_bag(
    weight: Tensor,
    indices: Tensor,
    offsets: Tensor,
    scale_grad_by_freq: _bool = False,
    mode: _int = 0,
    sparse: _bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: _bool = False,
) -> tuple[Tensor, Tensor, Tensor, Tensor]: ...
def embedding_renorm_(
    input: Tensor, indices: Tensor, max_norm: _float, norm_type: _float
) -> Tensor:
    """The rows that `indices` name, made no longer than `max_norm`, in place."""

@overload
def empty(
    size: _Ints,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """A tensor nobody has filled yet; here it holds zeros. Source: torch.empty."""

@overload
def empty(
    *size: _int,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor: ...
def empty_like(
    input: Tensor,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """Unfilled, with the shape, dtype and device of `input`. Source: torch.empty_like."""

def empty_permuted(
    size: _Ints,
    physical_layout: _Ints,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A dense tensor whose memory has the dims in this order."""

def empty_strided(
    size: _Ints,
    stride: _Ints,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor with these strides, filled by nobody."""

def eq(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the elements are equal."""

def equal(input: Tensor, other: Tensor) -> _bool:
    """Whether both have the same shape and elements; waits for the data."""

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function."""

def erf_(input: Tensor) -> Tensor:
    """The error function."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 - erf(input), precise where that is small."""

def erfc_(input: Tensor) -> Tensor:
    """1 - erf(input), precise where that is small."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function; NaN outside [-1, 1]."""

def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """e to the power of each element."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """2 to the power of each element."""

def exp2_(input: Tensor) -> Tensor:
    """2 to the power of each element."""

def exp_(input: Tensor) -> Tensor:
    """e to the power of each element."""

def expand_copy(
    input: Tensor,
    size: _Ints,
    *,
    implicit: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """exp(input) - 1, precise near 0."""

def expm1_(input: Tensor) -> Tensor:
    """exp(input) - 1, precise near 0."""

@overload
def eye(
    n: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """Ones on the diagonal, zeros elsewhere."""

@overload
def eye(
    n: _int,
    m: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def feature_alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`alpha_dropout` of whole channels. Source: torch.feature_alpha_dropout."""

def feature_alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_alpha_dropout`, into `input`. Source: torch.feature_alpha_dropout_."""

def feature_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout` of whole channels: (N, C, ...). Source: torch.feature_dropout."""

def feature_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_dropout`, into `input`. Source: torch.feature_dropout_."""

@overload
def fill(input: Tensor, value: Tensor) -> Tensor:
    """A tensor like `input`, filled with `value`."""

@overload
def fill(input: Tensor, value: _Number) -> Tensor: ...
@overload
def fill_(input: Tensor, value: Tensor) -> Tensor:
    """Put `value`, a number or a 0-dim tensor, into every place."""

@overload
def fill_(input: Tensor, value: _Number) -> Tensor: ...
def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements without their fractional parts."""

def fix_(input: Tensor) -> Tensor:
    """The elements without their fractional parts."""

def flatten(input: Tensor, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
    """The dims from `start_dim` to `end_dim` in one. Source: torch.flatten."""

def flip(input: Tensor, dims: _int | _Ints) -> Tensor:
    """The elements in reverse order along dims."""

def fliplr(input: Tensor) -> Tensor:
    """The columns in reverse order. Source: torch.fliplr."""

def flipud(input: Tensor) -> Tensor:
    """The rows in reverse order. Source: torch.flipud."""

@overload
def float_power(input: _Operand, exponent: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input to the power of exponent, in double precision."""

@overload
def float_power(self: _Number, exponent: _Operand, *, out: Tensor | None = None) -> Tensor: ...
def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest whole number not above each element."""

def floor_(input: Tensor) -> Tensor:
    """The largest whole number not above each element."""

def floor_divide(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input / other, rounded down."""

def fmax(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger element; NaN only where both are."""

def fmin(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller element; NaN only where both are."""

def fmod(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The rest of the division rounded to zero; it has the sign of `input`."""

def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The fractional parts, with the sign of the elements."""

def frac_(input: Tensor) -> Tensor:
    """The fractional parts, with the sign of the elements."""

def frexp(input: Tensor, *, out: _Tensors | None = None) -> return_types.frexp:
    """Mantissas in [0.5, 1) and exponents of two: input = mantissa * 2**exponent."""

def from_dlpack(
    ext_tensor: Any,
    *,
    device: _DeviceLike | None = None,
    copy: _bool | None = None,
) -> Tensor:
    """A tensor over the memory of an object with `__dlpack__`, or of a capsule."""

def from_numpy(ndarray: ndarray) -> Tensor:
    """A tensor over the memory of a numpy array: each sees what is written through the other."""

def frombuffer(
    buffer: Any,
    *,
    dtype: _dtype,
    count: _int = -1,
    offset: _int = 0,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A one-dimensional tensor over the memory of an object with Python's buffer protocol."""

def full(
    size: _Ints,
    fill_value: _Number,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor of one value."""

def full_like(
    input: Tensor,
    fill_value: _Number,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """One value, with the shape, dtype and device of `input`. Source: torch.full_like."""

def gather(
    input: Tensor,
    dim: _int,
    index: Tensor,
    *,
    sparse_grad: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """`out[i][j][k] = input[i][index[i][j][k]][k]`, for dim 1 of three."""

def gcd(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisor, not negative; of 0 and 0 it is 0."""

def gcd_(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisor, not negative; of 0 and 0 it is 0."""

def ge(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is at least that of `other`."""

def geqrf(input: Tensor, *, out: _Tensors | None = None) -> return_types.geqrf:
    """R, with the reflections that Q is made of below its diagonal, and their factors."""

def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products of an element of one vector and one of another. Source: torch.outer."""

def get_autocast_cpu_dtype() -> _dtype:
    """As `torch.get_autocast_dtype` for 'cpu'. Source: torch.get_autocast_cpu_dtype."""

def get_autocast_dtype(device_type: _str) -> Tensor:
    """The dtype that operations are cast to. Source: torch.get_autocast_dtype."""

def get_autocast_gpu_dtype() -> _dtype:
    """As `torch.get_autocast_dtype` for 'cuda'. Source: torch.get_autocast_gpu_dtype."""

def get_autocast_ipu_dtype() -> _dtype:
    """As `torch.get_autocast_dtype` for 'ipu'. Source: torch.get_autocast_ipu_dtype."""

def get_autocast_xla_dtype() -> _dtype:
    """As `torch.get_autocast_dtype` for 'xla'. Source: torch.get_autocast_xla_dtype."""

def get_device(input: Tensor) -> Tensor: ...
def get_device_module(device: _DeviceLike | None = None) -> Any:
    """The module of a type of device: `torch.cuda`, `torch.cpu`."""

@overload
def gradient(input: Tensor, *, dim: _int | _Ints, edge_order: _int = 1) -> tuple[Tensor, ...]:
    """The slopes of a function along dims, from its values at places that are `spacing` apart."""

@overload
def gradient(
    input: Tensor,
    *,
    spacing: _Number,
    dim: _int | _Ints,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
@overload
def gradient(
    input: Tensor,
    *,
    spacing: _Number | None = None,
    dim: _int | None = None,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
@overload
def gradient(
    input: Tensor,
    *,
    spacing: Sequence[_Number],
    dim: _int | None = None,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
@overload
def gradient(
    input: Tensor,
    *,
    spacing: Sequence[_Number],
    dim: _int | _Ints,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
@overload
def gradient(
    input: Tensor,
    *,
    spacing: _Tensors,
    dim: _int | None = None,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
@overload
def gradient(
    input: Tensor,
    *,
    spacing: _Tensors,
    dim: _int | _Ints,
    edge_order: _int = 1,
) -> tuple[Tensor, ...]: ...
def greater(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is greater than that of `other`."""

def greater_equal(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is at least that of `other`."""

def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool
) -> Tensor:
    """`input` at the places of a grid; modes by number, as `nn.functional.grid_sample` names them."""

def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool
) -> Tensor: ...
def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool
) -> Tensor: ...
def group_norm(
    input: Tensor,
    num_groups: _int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
    cudnn_enabled: _bool = True,
) -> Tensor:
    """Groups of channels with mean 0 and variance 1, each channel times `weight`, plus `bias`."""

@overload
def gru(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
) -> tuple[Tensor, Tensor]:
    """(output, last hidden states) of layers of gated recurrent units. Source: torch.gru."""

@overload
def gru(
    input: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
    batch_first: _bool,
) -> tuple[Tensor, Tensor]: ...
def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """The hidden state after one step of a gated recurrent unit: (N, I), (N, H) -> (N, H)."""

def gt(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is greater than that of `other`."""

@overload
def hamming_window(
    window_length: _int,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """alpha - beta cos(2 pi n / N). Source: torch.hamming_window."""

@overload
def hamming_window(
    window_length: _int,
    periodic: _bool,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def hamming_window(
    window_length: _int,
    periodic: _bool,
    alpha: _float,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def hamming_window(
    window_length: _int,
    periodic: _bool,
    alpha: _float,
    beta: _float,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def hann_window(
    window_length: _int,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A period of a cosine: 0 at the ends, 1 in the middle. Source: torch.hann_window."""

@overload
def hann_window(
    window_length: _int,
    periodic: _bool,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def hardshrink(input: Tensor, lambd: _Number = 0.5, *, out: Tensor | None = None) -> Tensor:
    """The elements, and 0 for those inside [-lambd, lambd]. Source: torch.hardshrink."""

def hash_tensor(
    input: Tensor,
    dim: _int | _Ints | None = (),
    *,
    keepdim: _bool = False,
    mode: _int = 0,
    out: Tensor | None = None,
) -> Tensor:
    """Each element's 64 bits, as float64 or int64, and the exclusive or of them over `dim`."""

def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 below 0, 1 above, and `values` at 0."""

def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: _float = 1.0, reduction: _int = 0
) -> Tensor:
    """`input` where the target is 1; what `input` lacks to the margin where it is -1."""

def histc(
    input: Tensor,
    bins: _int = 100,
    min: _Number = 0,
    max: _Number = 0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """How many elements lie in each of `bins` bins of equal width from `min` to `max`."""

@overload
def histogram(
    input: Tensor,
    bins: Tensor,
    *,
    weight: Tensor | None = None,
    density: _bool = False,
    out: _Tensors | None = None,
) -> return_types.histogram:
    """How many elements, or how much `weight`, each bin has; `density`: so that the area is 1."""

@overload
def histogram(
    input: Tensor,
    bins: _int = 100,
    *,
    range: Sequence[_float] | None = None,
    weight: Tensor | None = None,
    density: _bool = False,
    out: _Tensors | None = None,
) -> return_types.histogram: ...
@overload
def histogramdd(
    input: Tensor,
    bins: _int | _Ints,
    range: Sequence[_float] | None = None,
    weight: Tensor | None = None,
    density: _bool = False,
) -> return_types.histogramdd:
    """The histogram of points in as many dimensions as the last dim of `input` has elements."""

@overload
def histogramdd(
    input: Tensor,
    bins: _Tensors,
    range: Sequence[_float] | None = None,
    weight: Tensor | None = None,
    density: _bool = False,
) -> return_types.histogramdd: ...
@overload
def hsplit(input: Tensor, sections: _int) -> tuple[Tensor, ...]:
    """`tensor_split` of columns (of a vector: its elements). Source: torch.hsplit."""

@overload
def hsplit(input: Tensor, indices: _Ints) -> tuple[Tensor, ...]: ...
def hstack(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along dim 1; vectors along dim 0. Source: torch.hstack."""

def hypot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sqrt(input**2 + other**2), without overflow."""

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind, of order 0."""

def i0_(input: Tensor) -> Tensor:
    """The modified Bessel function of the first kind, of order 0."""

def igamma(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized lower incomplete gamma function."""

def igammac(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The regularized upper incomplete gamma function."""

def imag(input: Tensor) -> Tensor:
    """The imaginary parts, as a view."""

def index_add(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    *,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """`alpha` times the slices of `source`, added to those of `input` that `index` names."""

def index_copy(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The slices of `source` in the place of those of `input` that `index` names."""

def index_fill(input: Tensor, dim: _int, index: Tensor, value: _Operand) -> Tensor:
    """The slices of `input` that `index` names filled with one number."""

def index_put(
    input: Tensor, indices: _Tensors, values: Tensor, accumulate: _bool = False
) -> Tensor:
    """A copy of `input` with `values` at the places that `indices` pick. Source: torch.index_put."""

def index_put_(
    input: Tensor, indices: _Tensors, values: Tensor, accumulate: _bool = False
) -> Tensor:
    """Write `values` to the places that `indices`, a tensor per dim, pick."""

def index_reduce(
    input: Tensor,
    dim: _int,
    index: Tensor,
    source: Tensor,
    reduce: _str,
    *,
    include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """The slices of `source` reduced into those of `input` that `index` names."""

def index_select(input: Tensor, dim: _int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The slices of `dim` that a vector of indices names."""

def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Sums of products over the last dim of both; a 0-dim operand multiplies the other."""

def instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: _bool,
    momentum: _float,
    eps: _float,
    cudnn_enabled: _bool,
) -> Tensor:
    """Channels of each sample with mean 0 and variance 1: `batch_norm` of a batch of one."""

def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`linalg.inv`. Source: torch.inverse."""

def is_autocast_cache_enabled() -> Tensor:
    """Whether casts of leaves are kept until the region ends."""

def is_autocast_cpu_enabled() -> _bool:
    """As `torch.is_autocast_enabled` for 'cpu'. Source: torch.is_autocast_cpu_enabled."""

def is_autocast_enabled(device_type: _str = "cuda") -> Tensor:
    """Whether operations of this thread are cast. Source: torch.is_autocast_enabled."""

def is_autocast_ipu_enabled() -> _bool:
    """As `torch.is_autocast_enabled` for 'ipu'. Source: torch.is_autocast_ipu_enabled."""

def is_autocast_xla_enabled() -> _bool:
    """As `torch.is_autocast_enabled` for 'xla'. Source: torch.is_autocast_xla_enabled."""

def is_complex(input: Tensor) -> _bool:
    """Whether the dtype is complex."""

def is_conj(input: Tensor) -> _bool:
    """Whether this is a conjugated view. Source: torch.is_conj."""

def is_distributed(input: Tensor) -> _bool: ...
def is_floating_point(input: Tensor) -> _bool:
    """Whether the dtype is a floating-point one."""

def is_inference(input: Tensor) -> _bool: ...
def is_neg(input: Tensor) -> _bool: ...
def is_nonzero(input: Tensor) -> _bool:
    """Whether the one element is other than 0; waits for it."""

def is_same_size(input: Tensor, other: Tensor) -> _bool:
    """Whether both have the same shape."""

def is_signed(input: Tensor) -> _bool:
    """Whether the dtype has numbers below 0."""

def is_storage(obj: Any, /) -> _bool:
    """Whether an object is a storage. Source: torch.is_storage."""

def is_tensor(obj: Any) -> TypeIs[Tensor]:
    """Whether `obj` is a tensor."""

def isclose(
    input: Tensor,
    other: Tensor,
    rtol: _Number = 1e-05,
    atol: _Number = 1e-08,
    equal_nan: _bool = False,
) -> Tensor:
    """Whether abs(input - other) <= atol + rtol * abs(other), or both are the same infinity."""

def isfinite(input: Tensor) -> Tensor:
    """Whether the element is neither infinite nor NaN."""

@overload
def isin(
    elements: Tensor,
    test_elements: Tensor,
    *,
    assume_unique: _bool = False,
    invert: _bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """Whether each element is among `test_elements`."""

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
def isinf(input: Tensor) -> Tensor:
    """Whether the element, or a part of it, is infinite."""

def isnan(input: Tensor) -> Tensor:
    """Whether the element, or a part of it, is not a number."""

def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is minus infinity."""

def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is infinity."""

def isreal(input: Tensor) -> Tensor:
    """Whether the element has no imaginary part."""

def istft(
    input: Tensor,
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
    """The signal whose `stft` this is, or comes next to it: frames added up, over their windows."""

@overload
def kaiser_window(
    window_length: _int,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def kaiser_window(
    window_length: _int,
    periodic: _bool,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def kaiser_window(
    window_length: _int,
    periodic: _bool,
    beta: _float,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def kl_div(
    input: Tensor,
    target: Tensor,
    reduction: _int = 0,
    *,
    log_target: _bool = False,
) -> Tensor:
    """`target * (log(target) - input)`, of which the sum is the Kullback-Leibler divergence."""

def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Kronecker's product: each element of `input` times the whole of `other`."""

def kthvalue(
    input: Tensor,
    k: _int,
    dim: _int = -1,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.kthvalue:
    """The `k`-th smallest element along `dim`, counted from 1, and its (first) place."""

def layer_norm(
    input: Tensor,
    normalized_shape: _int | _Ints,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
    cudnn_enable: _bool = True,
) -> Tensor:
    """The last dims with mean 0 and variance 1, times `weight`, plus `bias`."""

def lcm(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The least common multiple, not negative; 0 where an element is 0."""

def lcm_(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiple, not negative; 0 where an element is 0."""

def ldexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input * 2**other."""

def ldexp_(input: Tensor, other: Tensor) -> Tensor:
    """input * 2**other."""

def le(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is at most that of `other`."""

def lerp(input: Tensor, end: Tensor, weight: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input + weight * (end - input)."""

def less(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is less than that of `other`."""

def less_equal(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is at most that of `other`."""

def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""

@overload
def linspace(
    start: Tensor,
    end: Tensor,
    steps: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """`steps` numbers from `start` to `end`, evenly apart."""

@overload
def linspace(
    start: _Number,
    end: Tensor,
    steps: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def linspace(
    start: Tensor,
    end: _Number,
    steps: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def linspace(
    start: _Number,
    end: _Number,
    steps: _int,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm; NaN below 0."""

def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10."""

def log10_(input: Tensor) -> Tensor:
    """The logarithm to base 10."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(1 + input), precise near 0."""

def log1p_(input: Tensor) -> Tensor:
    """log(1 + input), precise near 0."""

def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2."""

def log2_(input: Tensor) -> Tensor:
    """The logarithm to base 2."""

def log_(input: Tensor) -> Tensor:
    """The natural logarithm; NaN below 0."""

def log_softmax(
    input: Tensor,
    dim: _int,
    dtype: _dtype | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """log(softmax(input)), without overflow."""

def logaddexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(exp(input) + exp(other)), without overflow."""

def logaddexp2(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log2(2**input + 2**other), without overflow."""

def logcumsumexp(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """Logarithm of the running sum of exponentials along `dim`, without overflow."""

def logdet(input: Tensor) -> Tensor:
    """Logarithms of determinants: NaN for negative ones. Source: torch.logdet."""

def logical_and(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether both elements are other than 0."""

def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is 0."""

def logical_or(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether an element is other than 0."""

def logical_xor(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether just one of the elements is other than 0."""

def logit(input: Tensor, eps: _Number | None = None, *, out: Tensor | None = None) -> Tensor:
    """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps]."""

def logit_(input: Tensor, eps: _Number | None = None) -> Tensor:
    """log(input / (1 - input)), with the input first kept inside [eps, 1 - eps]."""

@overload
def logspace(
    start: Tensor,
    end: Tensor,
    steps: _int,
    base: _float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """`base` to the powers that `linspace(start, end, steps)` gives."""

@overload
def logspace(
    start: _Number,
    end: Tensor,
    steps: _int,
    base: _float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def logspace(
    start: Tensor,
    end: _Number,
    steps: _int,
    base: _float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
@overload
def logspace(
    start: _Number,
    end: _Number,
    steps: _int,
    base: _float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def logsumexp(
    input: Tensor,
    dim: _int | _Ints,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The logarithm of the sum of exponentials over `dim`, without overflow."""

@overload
def lstm(
    data: Tensor,
    batch_sizes: Tensor,
    hx: _Tensors,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
) -> tuple[Tensor, Tensor, Tensor]:
    """(output, last hidden states, last cells) of layers of long short-term memory."""

@overload
def lstm(
    input: Tensor,
    hx: _Tensors,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
    batch_first: _bool,
) -> tuple[Tensor, Tensor, Tensor]: ...
def lstm_cell(
    input: Tensor,
    hx: _Tensors,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """(hidden state, cell) after one step of long short-term memory."""

def lt(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is less than that of `other`."""

@overload
def lu(
    A: Tensor, pivot: _bool = True, get_infos: Literal[False] = False, out: _Tensors | None = None
) -> tuple[Tensor, Tensor]:
    """`linalg.lu_factor` of matrices that may be singular, with LAPACK's info if asked for."""

@overload
def lu(
    A: Tensor,
    pivot: _bool = True,
    *,
    get_infos: Literal[True],
    out: _Tensors | None = None,
) -> tuple[Tensor, Tensor, Tensor]: ...
@overload
def lu(
    A: Tensor, pivot: _bool, get_infos: Literal[True], out: _Tensors | None = None
) -> tuple[Tensor, Tensor, Tensor]: ...
def lu_solve(
    input: Tensor,
    LU_data: Tensor,
    LU_pivots: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`linalg.lu_solve` with its arguments reversed. Source: torch.lu_solve."""

def lu_unpack(
    LU_data: Tensor,
    LU_pivots: Tensor,
    unpack_data: _bool = True,
    unpack_pivots: _bool = True,
    *,
    out: _Tensors | None = None,
) -> return_types.lu_unpack:
    """P, L and U from what `linalg.lu_factor` gives. Source: torch.lu_unpack."""

def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 0
) -> Tensor:
    """What the first input lacks to be `margin` above the second; below it where the target is -1."""

def masked_fill(input: Tensor, mask: Tensor, value: _Operand) -> Tensor:
    """The elements, and `value` where the mask is true."""

def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The elements of `source`, one after the other, where the mask is true."""

def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where the mask is true, as a vector; both broadcast. This waits for the mask."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of vectors, matrices and batches of matrices, as `@`."""

def matrix_exp(input: Tensor) -> Tensor:
    """The sum of A^k / k! over all k. Errors: RuntimeError unless matrices are square."""

def matrix_power(input: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """`linalg.matrix_power`. Source: torch.matrix_power."""

@overload
def max(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest element; or those along `dim` with their (first) places; or `maximum` of two."""

@overload
def max(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def max(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.max: ...
def max_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
) -> Tensor:
    """The largest element of each window along the last dim; NaN is the largest."""

def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
) -> tuple[Tensor, Tensor]:
    """(the largest element of each window along the last dim, its place there)."""

def max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = (),
    padding: _int | _Ints = (0,),
    dilation: _int | _Ints = (1,),
    ceil_mode: _bool = False,
) -> Tensor: ...
def max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = (),
    padding: _int | _Ints = (0,),
    dilation: _int | _Ints = (1,),
    ceil_mode: _bool = False,
) -> Tensor: ...
def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger element; NaN where either is."""

@overload
def mean(input: Tensor, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """Mean over `dim`: an int, several, or None for all. Of nothing it is NaN."""

@overload
def mean(
    input: Tensor,
    dim: _int | _Ints | None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def median(input: Tensor) -> Tensor:
    """The middle element, of an even number the lower one; along `dim` with its (first) place."""

@overload
def median(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.median: ...
def meshgrid(*tensors: Tensor | _Tensors, indexing: _str | None = None) -> tuple[Tensor, ...]:
    """Vectors spread over the grid that they span, as views."""

@overload
def min(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest element; or those along `dim` with their (first) places; or `minimum` of two."""

@overload
def min(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def min(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.min: ...
def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller element; NaN where either is."""

def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices. Source: torch.mm."""

def mode(
    input: Tensor,
    dim: _int = -1,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.mode:
    """The most frequent element along `dim`, of equals the smallest, and its last place."""

@overload
def moveaxis(input: Tensor, source: _int, destination: _int) -> Tensor:
    """Dims moved to other places. Source: torch.movedim."""

@overload
def moveaxis(input: Tensor, source: _Ints, destination: _Ints) -> Tensor: ...
@overload
def movedim(input: Tensor, source: _int, destination: _int) -> Tensor:
    """Dims moved to other places. Source: torch.movedim."""

@overload
def movedim(input: Tensor, source: _Ints, destination: _Ints) -> Tensor: ...
def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in order along the first dim."""

def mul(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input * other."""

def multinomial(
    input: Tensor,
    num_samples: _int,
    replacement: _bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Categories drawn with the weights in each row of `input`."""

def multiply(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input * other."""

def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A matrix times a vector. Source: torch.mv."""

def mvlgamma(input: Tensor, p: _int) -> Tensor:
    """The logarithm of the multivariate gamma function of dimension `p`."""

def nan_to_num(
    input: Tensor,
    nan: _Number | None = None,
    posinf: _Number | None = None,
    neginf: _Number | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The elements with NaN as `nan` (0), and infinities as `posinf` and `neginf`."""

def nan_to_num_(
    input: Tensor,
    nan: _Number | None = None,
    posinf: _Number | None = None,
    neginf: _Number | None = None,
) -> Tensor:
    """The elements with NaN as `nan` (0), and infinities as `posinf` and `neginf`."""

def nanmean(
    input: Tensor,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Mean of the elements that are not NaN."""

@overload
def nanmedian(input: Tensor) -> Tensor:
    """`median` of the elements that are not NaN."""

@overload
def nanmedian(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.nanmedian: ...
@overload
def nanquantile(
    input: Tensor,
    q: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: _str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """`quantile` of the elements that are not NaN."""

@overload
def nanquantile(
    input: Tensor,
    q: _float,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: _str = "linear",
    out: Tensor | None = None,
) -> Tensor: ...
def nansum(
    input: Tensor,
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`sum` with NaN counted as 0."""

@overload
def narrow(input: Tensor, dim: _int, start: Tensor, length: _int) -> Tensor:
    """`length` places of one dim from `start` on. Source: torch.narrow."""

@overload
def narrow(input: Tensor, dim: _int, start: _int, length: _int) -> Tensor: ...
@overload
def narrow_copy(
    input: Tensor,
    dim: _int,
    start: Tensor,
    length: _int,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of `length` places of one dim from `start` on. Source: torch.narrow_copy."""

@overload
def narrow_copy(
    input: Tensor,
    dim: _int,
    start: _int,
    length: _int,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: _bool,
    momentum: _float,
    eps: _float,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """(`batch_norm`, mean of the batch, 1 / deviation); the latter two empty but in training."""

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """`channel_shuffle`, without gradients. Source: torch.native_channel_shuffle."""

def native_dropout(input: Tensor, p: _float, train: _bool | None) -> tuple[Tensor, Tensor]:
    """(`dropout`, what was kept): the mask is a tensor of bools."""

def native_group_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    N: _int,
    C: _int,
    HxW: _int,
    group: _int,
    eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """(`group_norm`, mean, 1 / deviation). Source: torch.native_group_norm."""

def native_layer_norm(
    input: Tensor,
    normalized_shape: _int | _Ints,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: _float,
) -> tuple[Tensor, Tensor, Tensor]:
    """(`layer_norm`, mean, 1 / deviation). Source: torch.native_layer_norm."""

def ne(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the elements differ."""

def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-input."""

def neg_(input: Tensor) -> Tensor:
    """-input."""

def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-input."""

def negative_(input: Tensor) -> Tensor:
    """-input."""

def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The next number of the dtype after `input` in the direction of `other`."""

@overload
def nonzero(
    input: Tensor,
    *,
    as_tuple: Literal[False] = False,
    out: Tensor | None = None,
) -> Tensor:
    """Where elements are not zero, a row for each, or with `as_tuple` a vector for each dim."""

@overload
def nonzero(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
def nonzero_static(
    input: Tensor,
    *,
    size: _int,
    fill_value: _int = -1,
    out: Tensor | None = None,
) -> Tensor:
    """The first `size` rows of `nonzero`, filled up with `fill_value`; nothing waits."""

def norm(
    input: Tensor,
    p: _float | _str | None = "fro",
    dim: _int | _Ints | None = None,
    keepdim: _bool = False,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
) -> Tensor: ...
def norm_except_dim(v: Tensor, pow: _int = 2, dim: _int = 0) -> Tensor:
    """The norm over all dims but one; over all where `dim` is -1."""

@overload
def normal(
    mean: Tensor,
    std: Tensor,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Normal numbers around `mean` with deviation `std`, of which either may be a tensor."""

@overload
def normal(
    mean: Tensor,
    std: _float = 1,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def normal(
    mean: _float,
    std: Tensor,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
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
def not_equal(input: Tensor, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """Whether the elements differ."""

def numel(input: Tensor) -> _int:
    """The number of elements."""

@overload
def ones(
    size: _Ints,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor of ones of shape `size`. Source: torch.ones."""

@overload
def ones(
    *size: _int,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def ones_like(
    input: Tensor,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """Ones with the shape, dtype and device of `input`. Source: torch.ones_like."""

def orgqr(input: Tensor, input2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`linalg.householder_product`. Source: torch.orgqr."""

def ormqr(
    input: Tensor,
    input2: Tensor,
    input3: Tensor,
    left: _bool = True,
    transpose: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A matrix times the whole product of reflections, or its adjoint. Source: torch.ormqr."""

def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products of an element of one vector and one of another. Source: torch.outer."""

def pack_padded_sequence(input: Tensor, lengths: Tensor, batch_first: _bool) -> Tensor:
    """(elements time by time, how many sequences there are at each time)."""

def pad_packed_sequence(
    data: Tensor,
    batch_sizes: Tensor,
    batch_first: _bool,
    padding_value: _Number,
    total_length: _int,
) -> Tensor:
    """(the sequences side by side, their lengths): what `_pack_padded_sequence` was made of."""

def pairwise_distance(
    x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False
) -> Tensor:
    """The norm of order `p` of `x1 - x2 + eps` along the last dim."""

def pdist(input: Tensor, p: _float = 2.0) -> Tensor:
    """The distance, in the norm of order `p`, of each row from each later one."""

def permute(input: Tensor, dims: _Ints) -> Tensor: ...
def permute_copy(input: Tensor, dims: _Ints, *, out: Tensor | None = None) -> Tensor: ...
def pinverse(input: Tensor, rcond: _float = 1e-15) -> Tensor:
    """`linalg.pinv`. Source: torch.pinverse."""

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """Squares of pixels from channels."""

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """Channels from squares of pixels: what undoes `pixel_shuffle`."""

def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Counts around the rates in `input`. Errors: RuntimeError below 0. Source: torch.poisson."""

def poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: _bool, full: _bool, eps: _float, reduction: _int
) -> Tensor:
    """How unlikely counts are of which an input says the rate, or its logarithm."""

def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers of this modulus and angle."""

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`."""

def positive(input: Tensor) -> Tensor:
    """The tensor itself."""

@overload
def pow(input: _Operand, exponent: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input to the power of exponent."""

@overload
def pow(self: _Number, exponent: _Operand, *, out: Tensor | None = None) -> Tensor: ...
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The elements, those below 0 times the weight of their channel, or the one there is."""

@overload
def prod(input: Tensor, *, dtype: _dtype | None = None) -> Tensor:
    """Product of all elements, or along `dim`."""

@overload
def prod(
    input: Tensor,
    dim: _int,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
    """Elements of `source` put at these places of the flattened tensor, or added to what is there."""

def qr(input: Tensor, some: _bool = True, *, out: _Tensors | None = None) -> return_types.qr:
    """`linalg.qr`. Source: torch.qr."""

@overload
def quantile(
    input: Tensor,
    q: Tensor,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: _str = "linear",
    out: Tensor | None = None,
) -> Tensor:
    """The elements of rank `q` (0: the smallest, 1: the largest), of all or along `dim`."""

@overload
def quantile(
    input: Tensor,
    q: _float,
    dim: _int | None = None,
    keepdim: _bool = False,
    *,
    interpolation: _str = "linear",
    out: Tensor | None = None,
) -> Tensor: ...
def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Radians as degrees."""

def rad2deg_(input: Tensor) -> Tensor:
    """Radians as degrees."""

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
) -> Tensor:
    """Uniform numbers of [0, 1). Shape: `size`. Source: torch.rand."""

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
) -> Tensor:
    """Uniform numbers of [0, 1), shaped like `input`. Source: torch.rand_like."""

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
) -> Tensor:
    """Integers of [low, high): `randint(high, size)`, `randint(low, high, size)`."""

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
) -> Tensor:
    """Integers of [low, high), shaped like `input`. Source: torch.randint_like."""

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
) -> Tensor:
    """Normal numbers of mean 0 and deviation 1. Shape: `size`. Source: torch.randn."""

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
) -> Tensor:
    """Standard normal numbers, shaped like `input`. Source: torch.randn_like."""

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
) -> Tensor:
    """The integers 0 to n - 1 in random order. Dtype: int64, or `dtype`. Source: torch.randperm."""

def range(
    start: _Number,
    end: _Number,
    step: _Number = 1,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """The numbers from `start` to `end`, both included. Deprecated. Source: torch.range."""

def ravel(input: Tensor) -> Tensor:
    """One dim: a view where the tensor is contiguous, else a copy. Source: torch.ravel."""

def real(input: Tensor) -> Tensor:
    """The real parts; a view of a complex tensor, a real tensor itself. Source: torch.real."""

def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / input."""

def reciprocal_(input: Tensor) -> Tensor:
    """1 / input."""

def relu(input: Tensor) -> Tensor:
    """The elements, and 0 for those below it."""

def relu_(input: Tensor) -> Tensor:
    """The elements, and 0 for those below it."""

@overload
def remainder(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """The rest of the division rounded down; it has the sign of `other`."""

@overload
def remainder(self: _Number, other: _Operand) -> Tensor: ...
def renorm(
    input: Tensor,
    p: _Number,
    dim: _int,
    maxnorm: _Number,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The slices along `dim`, made shorter where their `p`-norm is more than `maxnorm`."""

@overload
def repeat_interleave(
    input: Tensor,
    repeats: Tensor,
    dim: _int | None = None,
    *,
    output_size: _int | None = None,
) -> Tensor:
    """Each slice of a dim, or each element, several times over."""

@overload
def repeat_interleave(repeats: Tensor, *, output_size: _int | None = None) -> Tensor: ...
@overload
def repeat_interleave(
    input: Tensor,
    repeats: _int,
    dim: _int | None = None,
    *,
    output_size: _int | None = None,
) -> Tensor: ...
def reshape(input: Tensor, shape: _Ints) -> Tensor:
    """The elements in another shape: a view where strides allow it, else a copy."""

def resize_as_(
    input: Tensor,
    the_template: Tensor,
    *,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """`resize_` to the size of another tensor. Source: torch.Tensor.resize_as_."""

def resolve_conj(input: Tensor) -> Tensor:
    """The tensor itself, or a copy of it if it is a conjugated view. Source: torch.resolve_conj."""

def resolve_neg(input: Tensor) -> Tensor:
    """The tensor itself, or a copy of it if it is a negated view. Source: torch.resolve_neg."""

@overload
def result_type(tensor: Tensor, other: Tensor) -> _dtype:
    """The dtype that an operation on these two gives."""

@overload
def result_type(scalar: _Number, tensor: Tensor) -> _dtype: ...
@overload
def result_type(tensor: Tensor, other: _Number) -> _dtype: ...
@overload
def result_type(scalar1: _Number, scalar2: _Number) -> _dtype: ...
def rms_norm(
    input: Tensor,
    normalized_shape: _int | _Ints,
    weight: Tensor | None = None,
    eps: _float | None = None,
) -> Tensor:
    """The last dims over the root of their mean square, times `weight`."""

@overload
def rnn_relu(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
) -> tuple[Tensor, Tensor]:
    """(output, last hidden states) of layers `relu(W x + V h)`. Source: torch.rnn_relu."""

@overload
def rnn_relu(
    input: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
    batch_first: _bool,
) -> tuple[Tensor, Tensor]: ...
def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """`relu(W x + V h)`: the hidden state after one step. Source: torch.rnn_relu_cell."""

@overload
def rnn_tanh(
    data: Tensor,
    batch_sizes: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
) -> tuple[Tensor, Tensor]:
    """(output, last hidden states) of layers `tanh(W x + V h)`. Source: torch.rnn_tanh."""

@overload
def rnn_tanh(
    input: Tensor,
    hx: Tensor,
    params: _Tensors,
    has_biases: _bool,
    num_layers: _int,
    dropout: _float,
    train: _bool,
    bidirectional: _bool,
    batch_first: _bool,
) -> tuple[Tensor, Tensor]: ...
def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """`tanh(W x + V h)`: the hidden state after one step. Source: torch.rnn_tanh_cell."""

def roll(input: Tensor, shifts: _int | _Ints, dims: _int | _Ints | None = None) -> Tensor:
    """The elements moved along dims, those that fall off coming in again at the other end."""

def rot90(input: Tensor, k: _int = 1, dims: _int | _Ints = ...) -> Tensor:
    """A quarter turn of the plane of two dims, `k` times, from the first towards the second."""

@overload
def round(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The nearest whole number, or multiple of 10**-decimals; of two, the even one."""

@overload
def round(input: Tensor, *, decimals: _int, out: Tensor | None = None) -> Tensor: ...
@overload
def round_(input: Tensor) -> Tensor:
    """The nearest whole number, or multiple of 10**-decimals; of two, the even one."""

@overload
def round_(input: Tensor, *, decimals: _int) -> Tensor: ...
def row_stack(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along dim 0; vectors count as rows. Source: torch.vstack."""

def rrelu(
    input: Tensor,
    lower: _Number = 0.125,
    upper: _Number = 0.3333333333333333,
    training: _bool = False,
    generator: Any = None,
) -> Tensor:
    """The elements, those below 0 times a slope: in training a random one of [lower, upper)."""

def rrelu_(
    input: Tensor,
    lower: _Number = 0.125,
    upper: _Number = 0.3333333333333333,
    training: _bool = False,
    generator: Any = None,
) -> Tensor:
    """`rrelu`, into `input`. Source: torch.rrelu_."""

def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / sqrt(input)."""

def rsqrt_(input: Tensor) -> Tensor:
    """1 / sqrt(input)."""

@overload
def rsub(input: Tensor, other: _Operand, *, alpha: _Number = 1) -> Tensor:
    """other - alpha * input."""

@overload
def rsub(input: Tensor, other: _Number, alpha: _Number = 1) -> Tensor: ...
def scalar_tensor(
    s: _Number,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A 0-dim tensor of a number, of the default dtype unless `dtype` is given."""

@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`out[index[i][j]][j] = src[i][j]`, for dim 0 of two, or a number instead of `src`."""

@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    *,
    reduce: _str,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    value: _Number,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def scatter(
    input: Tensor,
    dim: _int,
    index: Tensor,
    value: _Number,
    *,
    reduce: _str,
    out: Tensor | None = None,
) -> Tensor: ...
def scatter_add(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`out[index[i][j]][j] += src[i][j]`, for dim 0 of two. Errors as `scatter`."""

def scatter_reduce(
    input: Tensor,
    dim: _int,
    index: Tensor,
    src: Tensor,
    reduce: _str,
    *,
    include_self: _bool = True,
    out: Tensor | None = None,
) -> Tensor:
    """The elements of `src` reduced into the places that `index` names, as `scatter` places them."""

@overload
def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor,
    *,
    out_int32: _bool = False,
    right: _bool = False,
    side: _str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Where values would go into sequences sorted along the last dim: `side` of equal elements."""

@overload
def searchsorted(
    sorted_sequence: Tensor,
    self: _Number,
    *,
    out_int32: _bool = False,
    right: _bool = False,
    side: _str | None = None,
    sorter: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
def segment_reduce(
    data: Tensor,
    reduce: _str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: _int = 0,
    unsafe: _bool = False,
    initial: _Number | None = None,
) -> Tensor:
    """Each segment of a dim reduced to one element: its sum, mean, max, min or prod."""

def select(input: Tensor, dim: _int, index: _int) -> Tensor:
    """The slice at `index` of one dim. Source: torch.select."""

def select_copy(input: Tensor, dim: _int, index: _int, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `select` shows. The slice at `index` of one dim. Source: torch.select."""

def select_scatter(input: Tensor, src: Tensor, dim: _int, index: _int) -> Tensor:
    """A copy of `input` with `src` as the slice at `index`."""

def selu(input: Tensor) -> Tensor:
    """`elu` with the numbers that keep mean and variance. Source: torch.selu."""

def selu_(input: Tensor) -> Tensor:
    """`selu`, into `input`. Source: torch.selu_."""

def set_autocast_cache_enabled(enabled: _bool) -> None:
    """Keep casts of leaves until the region ends, or do not."""

def set_autocast_cpu_dtype(value: _dtype) -> None:
    """As `torch.set_autocast_dtype` for 'cpu'. Source: torch.set_autocast_cpu_dtype."""

def set_autocast_cpu_enabled(value: _bool) -> None:
    """As `torch.set_autocast_enabled` for 'cpu'. Source: torch.set_autocast_cpu_enabled."""

def set_autocast_dtype(device_type: _str, dtype: _dtype) -> Tensor:
    """Choose the dtype to cast to, in this thread. Source: torch.set_autocast_dtype."""

@overload
def set_autocast_enabled(device_type: _str, enabled: _bool) -> Tensor:
    """Turn autocast on or off, without a region. Source: torch.set_autocast_enabled."""

@overload
def set_autocast_enabled(enabled: _bool) -> Tensor: ...
def set_autocast_gpu_dtype(value: _dtype) -> None:
    """As `torch.set_autocast_dtype` for 'cuda'. Source: torch.set_autocast_gpu_dtype."""

def set_autocast_ipu_dtype(value: _dtype) -> None:
    """As `torch.set_autocast_dtype` for 'ipu'. Source: torch.set_autocast_ipu_dtype."""

def set_autocast_ipu_enabled(value: _bool) -> None:
    """As `torch.set_autocast_enabled` for 'ipu'. Source: torch.set_autocast_ipu_enabled."""

def set_autocast_xla_dtype(value: _dtype) -> None:
    """As `torch.set_autocast_dtype` for 'xla'. Source: torch.set_autocast_xla_dtype."""

def set_autocast_xla_enabled(value: _bool) -> None:
    """As `torch.set_autocast_enabled` for 'xla'. Source: torch.set_autocast_xla_enabled."""

def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sign; of complex numbers that of modulus 1 in their direction, and 0 of 0."""

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """1 / (1 + exp(-input))."""

def sigmoid_(input: Tensor) -> Tensor:
    """1 / (1 + exp(-input))."""

def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1; 0 for NaN."""

def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the sign is negative, of zeros and NaN too."""

def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sine, of radians."""

def sin_(input: Tensor) -> Tensor:
    """The sine, of radians."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """sin(pi * input) / (pi * input), and 1 at 0."""

def sinc_(input: Tensor) -> Tensor:
    """sin(pi * input) / (pi * input), and 1 at 0."""

def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic sine."""

def sinh_(input: Tensor) -> Tensor:
    """The hyperbolic sine."""

def slice_copy(
    input: Tensor,
    dim: _int = 0,
    start: _int | None = None,
    end: _int | None = None,
    step: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of what `slice` shows. `input[..., start:end:step]` along one dim."""

def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: _int = 0,
    start: _int | None = None,
    end: _int | None = None,
    step: _int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of `input` with `src` in a slice of `dim`. Errors: RuntimeError if it does not fit."""

def slogdet(input: Tensor, *, out: _Tensors | None = None) -> return_types.slogdet:
    """`linalg.slogdet`. Source: torch.slogdet."""

def softmax(
    input: Tensor,
    dim: _int,
    dtype: _dtype | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """exp(input), scaled so that it sums to 1 along `dim`."""

@overload
def sort(
    input: Tensor,
    *,
    stable: _bool | None,
    dim: _int = -1,
    descending: _bool = False,
    out: _Tensors | None = None,
) -> return_types.sort:
    """The elements in order along `dim`, and where they came from. The sort is always stable."""

@overload
def sort(
    input: Tensor,
    dim: _int = -1,
    descending: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.sort: ...
def sparse_coo_tensor(*args, **kwargs) -> Tensor:
    """A sparse tensor of places (sparse dims, n) and values (n, dense dims), or an empty one."""

def split(
    tensor: Tensor, split_size_or_sections: _int | list[_int] | tuple[_int, ...], dim: _int = 0
) -> tuple[Tensor, ...]:
    """Pieces of one size (the last may be smaller), or of the sizes in a list."""

def split_copy(
    input: Tensor,
    split_size: _int,
    dim: _int = 0,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, ...]:
    """A copy of what `split` shows. What the parser of C++ makes of `split`."""

def split_with_sizes(input: Tensor, split_sizes: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
    """Pieces of these sizes. Source: torch.split_with_sizes."""

def split_with_sizes_copy(
    input: Tensor,
    split_sizes: _Ints,
    dim: _int = 0,
    *,
    out: _Tensors | None = None,
) -> tuple[Tensor, ...]: ...
def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    """`torch.mm` by an old name. Source: torch.spmm."""

def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square root; NaN below 0."""

def sqrt_(input: Tensor) -> Tensor:
    """The square root; NaN below 0."""

def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """input * input."""

def square_(input: Tensor) -> Tensor:
    """input * input."""

@overload
def squeeze(input: Tensor) -> Tensor:
    """Without dims of extent 1: all of them, or those of `dim`. Source: torch.squeeze."""

@overload
def squeeze(input: Tensor, dim: _int) -> Tensor: ...
@overload
def squeeze(input: Tensor, dim: _Ints) -> Tensor: ...
@overload
def squeeze_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def squeeze_copy(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor: ...
@overload
def squeeze_copy(input: Tensor, dim: _Ints, *, out: Tensor | None = None) -> Tensor: ...
def stack(tensors: _Tensors, dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape side by side along a new dim."""

@overload
def std(
    input: Tensor,
    dim: _int | _Ints | None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Standard deviation over `dim`: the square root of `var`."""

@overload
def std(
    input: Tensor,
    dim: _int | _Ints | None = None,
    *,
    correction: _Number | None = None,
    keepdim: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def std(input: Tensor, unbiased: _bool = True) -> Tensor: ...
@overload
def std_mean(
    input: Tensor, dim: _int | _Ints | None, unbiased: _bool = True, keepdim: _bool = False
) -> tuple[Tensor, Tensor]:
    """(`std`, `mean`) over `dim`."""

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
) -> Tensor:
    """Fourier transforms of the frames of a signal, or of several."""

def sub(
    input: _Operand,
    other: _Operand,
    *,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """input - alpha * other."""

def subtract(
    input: _Operand,
    other: _Operand,
    *,
    alpha: _Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """input - alpha * other."""

@overload
def sum(input: Tensor, *, dtype: _dtype | None = None) -> Tensor:
    """Sum over `dim`: an int, several, or None for all."""

@overload
def sum(
    input: Tensor,
    dim: _int | _Ints | None,
    keepdim: _bool = False,
    *,
    dtype: _dtype | None = None,
    out: Tensor | None = None,
) -> Tensor: ...
def svd(
    input: Tensor,
    some: _bool = True,
    compute_uv: _bool = True,
    *,
    out: _Tensors | None = None,
) -> return_types.svd:
    """`linalg.svd`, but for V, of which that gives the adjoint. Source: torch.svd."""

def swapaxes(input: Tensor, axis0: _int, axis1: _int) -> Tensor:
    """`transpose` by another name. Source: torch.swapaxes."""

def swapdims(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """`transpose` by another name. Source: torch.swapdims."""

def t(input: Tensor) -> Tensor:
    """A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""

def t_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `t` shows. A matrix transposed; 0-dim and 1-dim as they are. Source: torch.t."""

def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements at these places of the flattened tensor; negative ones count from the end."""

def take_along_dim(
    input: Tensor,
    indices: Tensor,
    dim: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`gather` along `dim` where the other dims broadcast; without `dim`, of flattened tensors."""

def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tangent, of radians."""

def tan_(input: Tensor) -> Tensor:
    """The tangent, of radians."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent."""

def tanh_(input: Tensor) -> Tensor:
    """The hyperbolic tangent."""

def tensor(
    data: Any,
    *,
    dtype: _dtype | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor with a copy of the data."""

@overload
def tensor_split(input: Tensor, indices: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
    """Pieces cut at indices, or a number of nearly equal ones. Source: torch.tensor_split."""

@overload
def tensor_split(
    input: Tensor, tensor_indices_or_sections: Tensor, dim: _int = 0
) -> tuple[Tensor, ...]: ...
@overload
def tensor_split(input: Tensor, sections: _int, dim: _int = 0) -> tuple[Tensor, ...]: ...
def tensordot(
    a: Tensor, b: Tensor, dims: _int | Tensor | Sequence[_Ints] = 2, out: Tensor | None = None
) -> Tensor:
    """Sums of products over several dims of both."""

def threshold(
    input: Tensor,
    threshold: _Number,
    value: _Number,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """The elements above a threshold; `value` for the others. Source: torch.threshold."""

def threshold_(input: Tensor, threshold: _Number, value: _Number) -> Tensor:
    """The elements above a threshold; `value` for the others. Source: torch.threshold."""

@overload
def tile(input: Tensor, dims: _Ints) -> Tensor:
    """`repeat`, where missing counts are 1. Source: torch.tile."""

@overload
def tile(input: Tensor, *dims: _int) -> Tensor: ...
def to_dlpack(tensor: Tensor) -> Any:
    """A DLPack capsule of the tensor. Source: torch.utils.dlpack.to_dlpack."""

def topk(
    input: Tensor,
    k: _int,
    dim: _int = -1,
    largest: _bool = True,
    sorted: _bool = True,
    *,
    out: _Tensors | None = None,
) -> return_types.topk:
    """The `k` largest (or smallest) elements along `dim`, in order, and their places."""

def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal; of integers as int64. Source: torch.trace."""

def transpose(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """Two dims exchanged. Errors: IndexError for a dim out of range. Source: torch.transpose."""

def transpose_copy(
    input: Tensor,
    dim0: _int,
    dim1: _int,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def trapezoid(y: Tensor, x: Tensor, *, dim: _int = -1) -> Tensor:
    """The integral of `y` along `dim` by the trapezoidal rule, over points `x` or `dx` apart."""

@overload
def trapezoid(y: Tensor, *, dx: _Number = 1, dim: _int = -1) -> Tensor: ...
@overload
def trapz(y: Tensor, *, dx: _float = 1, dim: _int = -1) -> Tensor:
    """`trapezoid` by its old name."""

@overload
def trapz(y: Tensor, x: Tensor, *, dim: _int = -1) -> Tensor: ...
def triangular_solve(
    input: Tensor,
    A: Tensor,
    upper: _bool = True,
    transpose: _bool = False,
    unitriangular: _bool = False,
    *,
    out: _Tensors | None = None,
) -> return_types.triangular_solve:
    """The solution of A X = `input` where only a triangle of A counts, and A."""

def tril(input: Tensor, diagonal: _Number = 0, *, out: Tensor | None = None) -> Tensor:
    """The lower triangle of matrices, up to the diagonal of this number; zero above it."""

def tril_indices(
    row: _int,
    col: _int,
    offset: _int = 0,
    *,
    dtype: _dtype | None = ...,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """Rows and columns of the elements of a lower triangle, a row of numbers each."""

def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: _float = 1.0,
    p: _float = 2.0,
    eps: _float = 1e-06,
    swap: _bool = False,
    reduction: _int = 0,
) -> Tensor:
    """What the negative lacks to be `margin` farther from the anchor than the positive is."""

def triu(input: Tensor, diagonal: _Number = 0, *, out: Tensor | None = None) -> Tensor:
    """The upper triangle of matrices, from the diagonal of this number on; zero below it."""

def triu_indices(
    row: _int,
    col: _int,
    offset: _int = 0,
    *,
    dtype: _dtype | None = ...,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """Rows and columns of the elements of an upper triangle. Source: torch.triu_indices."""

def true_divide(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input / other."""

def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements without their fractional parts."""

def trunc_(input: Tensor) -> Tensor:
    """The elements without their fractional parts."""

def typename(obj: Any, /) -> _str: ...
def unbind(input: Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
    """The slices along a dim. Source: torch.unbind."""

def unbind_copy(input: Tensor, dim: _int = 0, *, out: _Tensors | None = None) -> tuple[Tensor, ...]:
    """A copy of what `unbind` shows. The slices along a dim. Source: torch.unbind."""

def unflatten(input: Tensor, dim: _int, sizes: _Ints) -> Tensor:
    """One dim in several. Source: torch.unflatten."""

def unfold_copy(
    input: Tensor,
    dimension: _int,
    size: _int,
    step: _int,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def unique(
    input: Tensor,
    sorted: _bool = True,
    return_inverse: Literal[False] = False,
    return_counts: Literal[False] = False,
    dim: _int | None = None,
) -> Tensor:
    """The elements, or the slices along `dim`, each once and in order; where each went; how many."""

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
) -> Tensor:
    """The elements, or the slices along `dim`, without those equal to the one before."""

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
def unravel_index(indices: Tensor, shape: _int | _Ints) -> tuple[Tensor, ...]:
    """Places in the order of memory as one index per dim of a tensor of this shape."""

def unsafe_chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """`chunk`. Source: torch.unsafe_chunk."""

def unsafe_split(input: Tensor, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """`split`. Source: torch.unsafe_split."""

def unsafe_split_with_sizes(input: Tensor, split_sizes: _Ints, dim: _int = 0) -> tuple[Tensor, ...]:
    """`split_with_sizes`. Source: torch.unsafe_split_with_sizes."""

def unsqueeze(input: Tensor, dim: _int) -> Tensor:
    """With a dim of extent 1 at `dim`. Errors: IndexError out of range. Source: torch.unsqueeze."""

def unsqueeze_copy(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor: ...
def vander(x: Tensor, N: _int | None = None, increasing: _bool = False) -> Tensor:
    """Powers of a vector's elements, a column for each, the highest first. Source: torch.vander."""

@overload
def var(
    input: Tensor,
    dim: _int | _Ints | None,
    unbiased: _bool = True,
    keepdim: _bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Variance over `dim`, with `correction` (1) taken off the count; `unbiased=False`: with 0."""

@overload
def var(
    input: Tensor,
    dim: _int | _Ints | None = None,
    *,
    correction: _Number | None = None,
    keepdim: _bool = False,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def var(input: Tensor, unbiased: _bool = True) -> Tensor: ...
@overload
def var_mean(
    input: Tensor, dim: _int | _Ints | None, unbiased: _bool = True, keepdim: _bool = False
) -> tuple[Tensor, Tensor]:
    """(`var`, `mean`) over `dim`."""

@overload
def var_mean(
    input: Tensor,
    dim: _int | _Ints | None = None,
    *,
    correction: _Number | None = None,
    keepdim: _bool = False,
) -> tuple[Tensor, Tensor]: ...
@overload
def var_mean(input: Tensor, unbiased: _bool = True) -> tuple[Tensor, Tensor]: ...
def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The dot product with the first vector conjugated. Source: torch.vdot."""

def view_as_complex(input: Tensor) -> Tensor:
    """Pairs in the last dim as complex numbers. Source: torch.view_as_complex."""

def view_as_complex_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
def view_as_real(input: Tensor) -> Tensor:
    """Complex numbers as pairs, in a last dim of extent 2. Source: torch.view_as_real."""

def view_as_real_copy(input: Tensor, *, out: Tensor | None = None) -> Tensor: ...
@overload
def view_copy(input: Tensor, dtype: _dtype, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `view` shows. The elements in another shape, or the bits as another dtype."""

@overload
def view_copy(input: Tensor, size: _Ints, *, out: Tensor | None = None) -> Tensor: ...
def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: _str = "error",
    *,
    chunk_size: _int | None = None,
) -> Callable[..., Any]: ...
@overload
def vsplit(input: Tensor, sections: _int) -> tuple[Tensor, ...]:
    """`tensor_split` of rows. Source: torch.vsplit."""

@overload
def vsplit(input: Tensor, indices: _Ints) -> tuple[Tensor, ...]: ...
def vstack(tensors: _Tensors, *, out: Tensor | None = None) -> Tensor:
    """Tensors end to end along dim 0; vectors count as rows. Source: torch.vstack."""

@overload
def where(condition: Tensor) -> tuple[Tensor, ...]:
    """The elements of `input` where the condition is true, else those of `other`."""

@overload
def where(
    condition: Tensor,
    input: _Operand,
    other: _Operand,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
@overload
def xlogy(input: _Operand, other: _Operand, *, out: Tensor | None = None) -> Tensor:
    """input * log(other); 0 where input is 0, NaN where other is."""

@overload
def xlogy(self: _Number, other: _Operand, *, out: Tensor | None = None) -> Tensor: ...
@overload
def xlogy_(input: _Operand, other: _Operand) -> Tensor:
    """input * log(other); 0 where input is 0, NaN where other is."""

@overload
def xlogy_(self: _Number, other: _Operand) -> Tensor: ...
def zero_(input: Tensor) -> Tensor:
    """Put 0 into every place."""

@overload
def zeros(
    size: _Ints,
    *,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor:
    """A tensor of zeros of shape `size`. Source: torch.zeros."""

@overload
def zeros(
    *size: _int,
    out: Tensor | None = None,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
) -> Tensor: ...
def zeros_like(
    input: Tensor,
    *,
    dtype: _dtype | None = None,
    layout: _layout | None = None,
    device: _DeviceLike | None = None,
    pin_memory: _bool | None = False,
    requires_grad: _bool | None = False,
    memory_format: _memory_format | None = None,
) -> Tensor:
    """Zeros with the shape, dtype and device of `input`. Source: torch.zeros_like."""
