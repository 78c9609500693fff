"""Settings of the process that torch has functions for: precision, determinism, threads."""

import os
import warnings

import jax

from jtorch._errors import CompatWarning
from jtorch._messages import Always, type_name

# How float32 matrices are multiplied on accelerators, in JAX's words.
_PRECISIONS = {"highest": "highest", "high": "high", "medium": "default"}


# Which kernels of attention may be chosen, as torch.backends.cuda says.
attention_kernels = {
    "cudnn": True, "flash": True, "mem_efficient": True, "math": True, "overrideable": True,
}  # fmt: skip


class _State:
    precision = "highest"
    deterministic = 0  # 0, 1 for warnings, 2 for errors
    threads_told = False


def get_float32_matmul_precision() -> str:
    """Source: torch.get_float32_matmul_precision."""
    return _State.precision


def set_float32_matmul_precision(precision: str) -> None:
    """How exactly accelerators multiply float32 matrices: "highest" (float32), "high", "medium".

    Source:  torch.set_float32_matmul_precision.
    """
    if precision not in _PRECISIONS:
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the current"
            "setFloat32MatmulPrecision call has no effect. (Triggered internally at "
            "/__w/pytorch/pytorch/aten/src/ATen/Context.cpp:458.)",
            UserWarning,
            stacklevel=1,  # a line of torch's there, too
        )
        return
    _State.precision = precision
    jax.config.update("jax_default_matmul_precision", _PRECISIONS[precision])


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for deterministic algorithms. On CPU and TPU XLA has no others.

    On a GPU that takes the flag `--xla_gpu_deterministic_ops=true` in XLA_FLAGS before the start.

    Source:  torch.use_deterministic_algorithms.
    """
    _State.deterministic = (1 if warn_only else 2) if mode else 0
    flagged = "--xla_gpu_deterministic_ops=true" in os.environ.get("XLA_FLAGS", "")
    if mode and not flagged and jax.default_backend() == "gpu":
        warnings.warn(
            "on a GPU, deterministic algorithms take XLA_FLAGS=--xla_gpu_deterministic_ops=true, "
            "set before the program starts",
            CompatWarning,
            stacklevel=2,
        )


def are_deterministic_algorithms_enabled() -> bool:
    """Source: torch.are_deterministic_algorithms_enabled."""
    return _State.deterministic > 0


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Source: torch.is_deterministic_algorithms_warn_only_enabled."""
    return _State.deterministic == 1


_DEBUG_MODES = {"default": 0, "warn": 1, "error": 2}


def get_deterministic_debug_mode() -> int:
    """Source: torch.get_deterministic_debug_mode."""
    return _State.deterministic


def set_deterministic_debug_mode(debug_mode) -> None:
    """`use_deterministic_algorithms` by a number or a name.

    Errors:  RuntimeError for other names and numbers; TypeError for what is neither.
    Source:  torch.set_deterministic_debug_mode.
    """
    if not isinstance(debug_mode, (int, str)):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode)}")
    if isinstance(debug_mode, str):
        if debug_mode not in _DEBUG_MODES:
            raise RuntimeError(
                "invalid value of debug_mode, expected one of `default`, `warn`, `error`, but got "
                f"{debug_mode}"
            )
        debug_mode = _DEBUG_MODES[debug_mode]
    if debug_mode not in (0, 1, 2):
        raise RuntimeError(
            f"invalid value of debug_mode, expected 0, 1, or 2, but got {debug_mode}"
        )
    use_deterministic_algorithms(debug_mode > 0, warn_only=debug_mode == 1)


def is_warn_always_enabled() -> bool:
    """Source: torch.is_warn_always_enabled."""
    return Always.on


def set_warn_always(b: bool, /) -> None:
    """Whether warnings that are heard once are to be heard always.

    Source:  torch.set_warn_always.
    """
    Always.on = bool(b)


def get_num_threads() -> int:
    """How many threads XLA computes with: one per CPU of the process.

    Source:  torch.get_num_threads.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


get_num_interop_threads = get_num_threads


def _check_threads(name, count):
    if not isinstance(count, int):
        raise RuntimeError(f"{name} expects an int, but got {type_name(count)}")
    if count <= 0:
        raise RuntimeError(f"{name} expects a positive integer")
    if count != get_num_threads() and not _State.threads_told:
        _State.threads_told = True
        warnings.warn(
            f"{name}: XLA uses the CPUs that the process may use; to limit it, limit those (as by "
            "`taskset`) before the program starts",
            CompatWarning,
            stacklevel=3,
        )


def set_num_threads(int, /) -> None:
    """XLA's threads are as many as the process has CPUs; a warning says so, once.

    Errors:  RuntimeError for what is no positive integer.
    Source:  torch.set_num_threads.
    """
    _check_threads("set_num_threads", int)


def set_num_interop_threads(int, /) -> None:
    """As `set_num_threads`. Source: torch.set_num_interop_threads."""
    _check_threads("set_num_interop_threads", int)


def set_flush_denormal(mode: bool, /) -> bool:
    """Whether the mode could be set: XLA flushes subnormal numbers always.

    Source:  torch.set_flush_denormal.
    """
    return bool(mode)
