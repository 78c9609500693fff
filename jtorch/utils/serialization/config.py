"""Settings of torch.save and torch.load: `save.compute_crc32`, `load.mmap` and others."""

import contextlib

from jtorch._alias import house, missing_attribute
from jtorch._saving.options import load, save

__all__ = ["load", "patch", "save"]

house(__name__, ("load", "save"))


def __getattr__(name):
    raise missing_attribute(__name__, name)


@contextlib.contextmanager
def patch(arg1=None, arg2=None, **kwargs):
    """Other settings for a block: `patch("load.mmap", True)`, `patch({"load.mmap": True})`.

    Errors:  AttributeError for a setting that there is not.
    Source:  torch.utils.serialization.config.patch.
    """
    changes = {arg1: arg2} if isinstance(arg1, str) else {**(arg1 or {}), **kwargs}
    before = {name: _get(name) for name in changes}
    try:
        for name, value in changes.items():
            _set(name, value)
        yield
    finally:
        for name, value in before.items():
            _set(name, value)


_GROUPS = {"load": load, "save": save}


def _get(path):
    group, _, name = path.partition(".")
    if group not in _GROUPS or not hasattr(_GROUPS[group], name):
        raise AttributeError(f"torch.utils.serialization.config.{path} does not exist")
    return getattr(_GROUPS[group], name)


def _set(path, value):
    group, _, name = path.partition(".")
    setattr(_GROUPS[group], name, value)
