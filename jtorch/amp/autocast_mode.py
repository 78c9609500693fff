"""`autocast`: a region in which operations compute in the dtype that suits each of them.

What is cast, and where, stands in `_autocast` and `_autocast_lists`.
"""

import collections.abc
import functools
import warnings

import numpy as np

from jtorch import _autocast
from jtorch._accelerators import count
from jtorch._alias import missing_attribute
from jtorch._dtypes import bfloat16, float16, float64
from jtorch._messages import type_name
from jtorch._tensor import Tensor

__all__ = ["autocast", "autocast_decorator", "custom_bwd", "custom_fwd", "is_autocast_available"]

_DTYPES = (bfloat16, float16)
_BACKEND = "privateuseone"  # torch's name for a kind of devices that a program brings along


def __getattr__(name):
    raise missing_attribute(__name__, name)


def is_autocast_available(device_type: str) -> bool:
    """Whether there is autocast for a kind of devices.

    Errors:  RuntimeError for a kind that torch does not know.
    Source:  torch.amp.is_autocast_available.
    """
    if not isinstance(device_type, str):
        raise TypeError(
            "_is_autocast_available(): argument 'device_type' (position 1) must be str, "
            f"not {type_name(device_type)}"
        )
    return _autocast.kind_of(device_type) in _autocast.AVAILABLE


def autocast_decorator(autocast_instance, func):
    """`func`, run inside the region. Source: torch.amp.autocast_mode.autocast_decorator."""

    @functools.wraps(func)
    def decorate_autocast(*args, **kwargs):
        with autocast_instance:
            return func(*args, **kwargs)

    decorate_autocast.__script_unsupported = "@autocast() decorator is not supported in script mode"
    return decorate_autocast


class autocast:
    """A region with autocast on (or off, by `enabled`) for a kind of devices; also a decorator.

    Dtype:   `dtype`, or `torch.get_autocast_dtype(device_type)`.
    Errors:  RuntimeError for a kind of devices without autocast; a UserWarning, and no autocast, for
             a dtype that is neither bfloat16 nor float16.
    Source:  torch.autocast.
    """

    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        kind = _autocast.kind_of(device_type)
        self.fast_dtype = _autocast.dtype_for(kind) if dtype is None else dtype
        self.device = device_type
        if kind not in _autocast.AVAILABLE:
            raise RuntimeError(
                f"User specified an unsupported autocast device_type '{self.device}'"
            )
        self.custom_backend_name = _BACKEND
        if device_type == _BACKEND:
            raise AssertionError(_NO_BACKEND)
        self._cache_enabled = (
            _autocast.thread.cache_enabled if cache_enabled is None else cache_enabled
        )
        self._enabled = bool(enabled) and self._is_possible()

    def _is_possible(self):
        """Whether there are such devices, and the dtype is one of those; warns if not."""
        if self.device == "cuda":
            if not count("cuda"):
                warnings.warn(
                    "CUDA is not available or torch_xla is imported. Disabling autocast.",
                    stacklevel=3,
                )
                return False
        elif self.fast_dtype not in _DTYPES:
            name = self.device.upper()
            warnings.warn(
                f"In {name} autocast, but the target dtype is not supported. Disabling autocast.\n"
                f"{name} Autocast only supports dtypes of {', '.join(map(str, _DTYPES))} currently.",
                stacklevel=3,
            )
            return False
        return True

    def __enter__(self):
        kind = _autocast.kind_of(self.device)
        self.prev_cache_enabled = _autocast.thread.cache_enabled
        self.prev = _autocast.is_on(kind)
        self.prev_fastdtype = _autocast.dtype_for(kind)
        _autocast.switch(kind, self._enabled)
        _autocast.set_dtype(kind, self.fast_dtype)
        _autocast.nest(1)
        _autocast.thread.cache_enabled = self._cache_enabled
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        if _autocast.nest(-1) == 0:
            _autocast.clear_cache()
        kind = _autocast.kind_of(self.device)
        _autocast.switch(kind, self.prev)
        _autocast.set_dtype(kind, self.prev_fastdtype)
        _autocast.thread.cache_enabled = self.prev_cache_enabled
        return False

    def __call__(self, func):
        if not callable(func):
            raise TypeError(
                f"autocast()(func) requires a callable, but got {type(func).__name__}. "
                "Did you mean to use autocast as a context manager? For example:\n"
                "    with torch.autocast(device_type=...):\n"
                "        output = model(input)"
            )
        return autocast_decorator(self, func)


_NO_BACKEND = (
    f"Tried to use AMP with the `{_BACKEND}` backend, but the backend has not registered a module "
    "or  the module miss some necessary funcs. The backend should register a module by "
    "`torch._register_device_module`, and the module must have these funcs: \n"
    "`get_amp_supported_dtype() -> List[torch.dtype]`. \n"
)


def _enter_autocast(*vals):
    """Enter a region that no `with` leaves: `_exit_autocast` does."""
    region = autocast(*vals)
    region.__enter__()
    return region


def _exit_autocast(mode):
    """Leave a region that `_enter_autocast` gave."""
    mode.__exit__(None, None, None)


def _cast(value, device_type, dtype):
    """A value with the floating-point tensors in it, but those of float64, in another dtype."""
    if isinstance(value, Tensor):
        is_eligible = (
            value.is_floating_point()
            and value.device.type == device_type
            and value.dtype is not float64
        )
        return value.to(dtype) if is_eligible else value
    if isinstance(value, (str, bytes, np.ndarray)):
        return value
    if isinstance(value, collections.abc.Mapping):
        return {
            _cast(key, device_type, dtype): _cast(each, device_type, dtype)
            for key, each in value.items()
        }
    if isinstance(value, collections.abc.Iterable):
        items = (_cast(each, device_type, dtype) for each in value)
        return type(value)(items) if isinstance(value, (list, tuple)) else items
    return value


def custom_fwd(fwd=None, *, device_type, cast_inputs=None):
    """Have the `forward` of an autograd function remember autocast for its `backward`.

    With `cast_inputs` it gets its inputs in that dtype, and runs with autocast off.

    Source:  torch.amp.custom_fwd.
    """
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)

    @functools.wraps(fwd)
    def decorate_fwd(*args, **kwargs):
        kind = _autocast.kind_of(device_type)
        is_on = _autocast.is_on(kind)
        args[0]._dtype = _autocast.dtype_for(kind)
        args[0]._fwd_used_autocast = is_on and cast_inputs is None
        if cast_inputs is None or not is_on:
            return fwd(*args, **kwargs)
        with autocast(device_type=device_type, enabled=False):
            return fwd(
                *_cast(args, device_type, cast_inputs), **_cast(kwargs, device_type, cast_inputs)
            )

    return decorate_fwd


def custom_bwd(bwd=None, *, device_type):
    """Have the `backward` of an autograd function run with autocast as its `forward` did.

    Source:  torch.amp.custom_bwd.
    """
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def decorate_bwd(*args, **kwargs):
        with autocast(
            device_type=device_type, enabled=args[0]._fwd_used_autocast, dtype=args[0]._dtype
        ):
            return bwd(*args, **kwargs)

    return decorate_bwd
