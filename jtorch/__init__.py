"""jtorch: PyTorch's API on JAX. `import jtorch as torch`, or `python -m jtorch script.py`."""

from jtorch._alias import missing_attribute as _missing_attribute  # isort: skip - checks the install

import math as _math

import jax as _jax

_jax.config.update("jax_enable_x64", True)  # torch's dtypes are 64 bits wide where users say so

from jtorch import (
    _C,
    _VF,
    _custom_ops,
    _device,
    _dtypes,
    _dynamo,
    _layout,
    _serialize,
    accelerator,
    amp,
    ao,
    autograd,
    backends,
    compiler,
    cpu,
    cuda,
    distributed,
    distributions,
    fft,
    func,
    fx,
    hub,
    jit,
    library,
    linalg,
    masked,
    mps,
    multiprocessing,
    nn,
    onnx,
    ops,
    optim,
    overrides,
    profiler,
    random,
    return_types,
    serialization,
    signal,
    sparse,
    special,
    storage,
    testing,
    torch_version,
    types,
    utils,
    version,
    xpu,
)
from jtorch import (
    _printing as _tensor_str,
)
from jtorch._autograd.anomaly import is_anomaly_check_nan_enabled, is_anomaly_enabled
from jtorch._autograd.modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from jtorch._compiling import compile
from jtorch._device import device, get_default_device, set_default_device
from jtorch._door import from_jax, from_jax_function, to_jax, to_jax_function
from jtorch._dtypes import can_cast, dtype, get_default_dtype, promote_types, set_default_dtype
from jtorch._engine.cache import keep_programs as _keep_programs
from jtorch._engine.explain import record as _record
from jtorch._errors import OutOfMemoryError, _assert
from jtorch._generator import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from jtorch._info import finfo, iinfo
from jtorch._layout import layout, memory_format
from jtorch._lobpcg import lobpcg
from jtorch._lowrank import pca_lowrank, svd_lowrank
from jtorch._ops.bind import bind as _bind
from jtorch._printing import set_printoptions
from jtorch._settings import (
    are_deterministic_algorithms_enabled,
    get_deterministic_debug_mode,
    get_float32_matmul_precision,
    get_num_interop_threads,
    get_num_threads,
    is_deterministic_algorithms_warn_only_enabled,
    is_warn_always_enabled,
    set_deterministic_debug_mode,
    set_float32_matmul_precision,
    set_flush_denormal,
    set_num_interop_threads,
    set_num_threads,
    set_warn_always,
    use_deterministic_algorithms,
)
from jtorch._size import Size
from jtorch._tensor import Tensor
from jtorch._typed_tensors import CPU_TYPES as _types
from jtorch._typed_tensors import set_default_tensor_type
from jtorch.amp import autocast
from jtorch.serialization import load, save

_keep_programs()
_device.use_configured_default()
set_float32_matmul_precision("highest")  # torch's; JAX's default rounds to bfloat16 or TF32
globals().update(_bind())
from jtorch import functional  # of the functions that are bound now

globals().update(_dtypes.BY_NAME)
globals().update(_layout.BY_NAME)
globals().update(_types)
globals().update(storage.CPU_STORAGES)
UntypedStorage, TypedStorage = storage.UntypedStorage, storage.TypedStorage
__version__ = version.__version__
e, inf, nan, pi, newaxis = _math.e, _math.inf, _math.nan, _math.pi, None


def get_device_module(device=None):  # noqa: F811 - torch's name for the parameter
    """The module of a type of device: `torch.cuda`, `torch.cpu`.

    Errors:  RuntimeError for a device without a module.
    Source:  torch.get_device_module.
    """
    wanted = accelerator.current_accelerator() if device is None else _device.device(device)
    name = "cpu" if wanted is None else wanted.type
    if name not in ("cpu", "cuda", "mps", "xpu"):
        raise RuntimeError(
            f"Device '{name}' does not have a corresponding module registered as 'torch.{name}'."
        )
    return globals()[name]


def __getattr__(name):
    raise _missing_attribute(__name__, name)


def compilations():
    """Every program compiled so far, with the user's line, the reason, and the cost; printable."""
    return _record
