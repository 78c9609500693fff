"""torch.backends.cuda: TF32 is a matter of matmul precision; all else is XLA's choice."""

import contextlib
import warnings

from jtorch._alias import missing_attribute
from jtorch._device import jax_devices
from jtorch._messages import type_name
from jtorch._settings import attention_kernels as _attention
from jtorch._settings import get_float32_matmul_precision, set_float32_matmul_precision

_KEPT = {
    "allow_fp16_reduced_precision_reduction": True,
    "allow_bf16_reduced_precision_reduction": True,
    "allow_fp16_accumulation": False,
}


def __getattr__(name):
    raise missing_attribute(__name__, name)


class cuBLASModule:
    """`torch.backends.cuda.matmul`: `allow_tf32` says how float32 matrices are multiplied."""

    def __getattr__(self, name):
        if name == "allow_tf32":
            return get_float32_matmul_precision() != "highest"
        if name not in _KEPT:
            raise AttributeError(f"Unknown attribute {name}")
        return _KEPT[name]

    def __setattr__(self, name, value):
        if name == "allow_tf32":
            if value.__class__ is not bool:
                raise RuntimeError(
                    f"set_allow_tf32_cublas expects a bool, but got {type_name(value)}"
                )
            set_float32_matmul_precision("high" if value else "highest")
        elif name in _KEPT:
            _KEPT[name] = value
        else:
            raise AttributeError(f"Unknown attribute {name}")


matmul = cuBLASModule()


def is_built() -> bool:
    """Whether "cuda" can name a device here. Source: torch.backends.cuda.is_built."""
    return bool(jax_devices("cuda"))


def flash_sdp_enabled() -> bool:
    """Source: torch.backends.cuda.flash_sdp_enabled."""
    return _attention["flash"]


def enable_flash_sdp(enabled: bool) -> None:
    """Source: torch.backends.cuda.enable_flash_sdp."""
    _attention["flash"] = bool(enabled)


def mem_efficient_sdp_enabled() -> bool:
    """Source: torch.backends.cuda.mem_efficient_sdp_enabled."""
    return _attention["mem_efficient"]


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Source: torch.backends.cuda.enable_mem_efficient_sdp."""
    _attention["mem_efficient"] = bool(enabled)


def math_sdp_enabled() -> bool:
    """Source: torch.backends.cuda.math_sdp_enabled."""
    return _attention["math"]


def enable_math_sdp(enabled: bool) -> None:
    """Source: torch.backends.cuda.enable_math_sdp."""
    _attention["math"] = bool(enabled)


def cudnn_sdp_enabled() -> bool:
    """Source: torch.backends.cuda.cudnn_sdp_enabled."""
    return _attention["cudnn"]


def enable_cudnn_sdp(enabled: bool) -> None:
    """Source: torch.backends.cuda.enable_cudnn_sdp."""
    _attention["cudnn"] = bool(enabled)


def sdp_kernel(
    enable_flash: bool = True,
    enable_math: bool = True,
    enable_mem_efficient: bool = True,
    enable_cudnn: bool = True,
):
    """The old `nn.attention.sdpa_kernel`, told of each kernel. Source: torch.backends.cuda.sdp_kernel."""
    warnings.warn(
        "`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will "
        "be removed. Please see `torch.nn.attention.sdpa_kernel()` for the new context manager, with "
        "updated signature.",
        FutureWarning,
        stacklevel=1,  # once, wherever it is called: torch names a line of contextlib's
    )
    return _choice(
        flash=enable_flash,
        math=enable_math,
        mem_efficient=enable_mem_efficient,
        cudnn=enable_cudnn,
        overrideable=False,
    )


@contextlib.contextmanager
def _choice(**wanted):
    before = dict(_attention)
    try:
        _attention.update({name: bool(each) for name, each in wanted.items()})
        yield {}
    finally:
        _attention.update(before)
