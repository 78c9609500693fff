"""Old names of autocast and its relatives, for one kind of devices each: they warn, and still work."""

import functools
import warnings

from jtorch.amp.autocast_mode import autocast
from jtorch.amp.grad_scaler import GradScaler

__all__ = ["old_autocast", "old_function", "old_scaler"]


def _warn(name, kind, stacklevel, instead=None):
    instead = instead or f"torch.amp.{name}('{kind}', args...)"
    warnings.warn(
        f"`torch.{kind}.amp.{name}(args...)` is deprecated. Please use `{instead}` instead.",
        FutureWarning,
        stacklevel=stacklevel + 1,
    )


def old_autocast(kind, default):
    """`torch.KIND.amp.autocast`, whose regions cast to the dtype `default`."""

    class Old(autocast):
        def __new__(cls, enabled=True, dtype=default, cache_enabled=True):
            if cls is Old:
                _warn("autocast", kind, 2)
            return super().__new__(cls)

        def __init__(self, enabled=True, dtype=default, cache_enabled=True):
            super().__init__(kind, enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)

        def __init_subclass__(cls):
            _warn("autocast", kind, 2)

    return _named(Old, "autocast", kind, "autocast_mode")


def old_scaler(kind):
    """`torch.KIND.amp.GradScaler`."""

    class Old(GradScaler):
        def __init__(self, init_scale=2.0**16, growth_factor=2.0, backoff_factor=0.5,
                     growth_interval=2000, enabled=True):  # fmt: skip
            _warn("GradScaler", kind, 2)
            super().__init__(
                kind, init_scale, growth_factor, backoff_factor, growth_interval, enabled
            )

    return _named(Old, "GradScaler", kind, "grad_scaler")


def old_function(function, kind):
    """`torch.KIND.amp.NAME` for a function that is told the kind of devices by keyword now."""
    name = function.__name__

    @functools.wraps(function)
    def old(*args, **kwargs):
        _warn(name, kind, 2, f"torch.amp.{name}(args..., device_type='{kind}')")
        return function(*args, **kwargs, device_type=kind)

    return old


def _named(made, name, kind, module):
    made.__name__ = made.__qualname__ = name
    made.__module__ = f"jtorch.{kind}.amp.{module}"
    made.__doc__ = f"`torch.amp.{name}` for {kind!r}. Source: torch.{kind}.amp.{name}."
    return made
