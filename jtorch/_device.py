"""torch.device: names of devices, and the JAX devices they stand for."""

import functools
import re
import threading
from collections.abc import Callable
from typing import Any, Self, TypeVar

import jax
import numpy as np

from jtorch._config import settings
from jtorch._messages import invalid_combination, type_name

TYPES = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga",
    "maia", "xla", "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone",
)  # fmt: skip
OURS = "tpu"  # the one name that torch does not know
_Function = TypeVar("_Function", bound=Callable[..., Any])
_PATTERN = re.compile(r"([a-zA-Z_]+)(?::(0|[1-9][0-9]*))?")


class device:
    """Where a tensor lives: `device("cpu")`, `device("cuda:1")`, `device("cuda", 1)`, `device(1)`.

    Errors:  RuntimeError for a name torch does not know, or a string that does not parse.
    Source:  torch.device.
    """

    __slots__ = ("index", "type")
    __module__ = "torch"
    type: str
    index: int | Any  # or None; Any: so that type checkers let programs use it as an int, unasked

    def __new__(cls, *args, **kwargs) -> Self:
        type, index = _arguments(args, kwargs)
        if type.__class__ is device:
            return type
        if type.__class__ is int:
            if accelerator_type() is None:
                raise RuntimeError("Cannot access accelerator device when none is available.")
            if type < 0:
                raise RuntimeError("Device index must not be negative")
            type, index = accelerator_type(), type
        elif index is None:
            type, index = _parse(type)
        elif ":" in type:
            raise RuntimeError(
                "type (string) must not include an index because index was passed explicitly: "
                f"{type}"
            )
        elif index < 0:
            raise RuntimeError("Device index must not be negative")
        else:
            type, _ = _parse(type)
        return _make(type, index)

    def __setattr__(self, name, value):
        raise AttributeError(f"attribute '{name}' of 'torch.device' objects is not writable")

    def __repr__(self):
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __reduce__(self):
        return _make, (self.type, self.index)

    def __enter__(self):
        _stack.append(_Default.device)
        _Default.device = canonical(self)
        return self

    def __exit__(self, *exception):
        _Default.device = _stack.pop()

    def __call__(self, function: _Function) -> _Function:
        """As a decorator: the function runs with this device as the default."""

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        return wrapped


_SIGNATURES = ("torch.device device", "str type, int index = -1")


def _arguments(args, kwargs):
    """(type, index) of a call of `device`, in torch's two forms.

    Errors:  TypeError for other calls.
    """
    given = dict(zip(("type", "index"), args, strict=False)) | kwargs
    type = given.pop("device", None) if "device" in given and not args else given.get("type")
    index = given.get("index")
    known = len(args) <= 2 and given.keys() <= {"type", "index"}
    if not known or (not isinstance(type, (device, str)) and type.__class__ is not int):
        raise invalid_combination("device", _SIGNATURES, args, kwargs)
    if index is not None and not isinstance(type, str):
        raise TypeError(
            f"device(): argument 'type' (position 1) must be str, not {type_name(type)}"
        )
    if index is not None and index.__class__ is not int:
        raise TypeError(
            f"device(): argument 'index' (position 2) must be int, not {type_name(index)}"
        )
    return type, index


@functools.cache
def _make(type, index) -> device:
    self = object.__new__(device)
    object.__setattr__(self, "type", type)
    object.__setattr__(self, "index", index)
    return self


@functools.cache
def _parse(text):
    if not text:
        raise RuntimeError("Device string must not be empty")
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise RuntimeError(f"Invalid device string: '{text}'")
    name = match[1]
    if name not in TYPES and name != OURS:
        raise RuntimeError(
            f"Expected one of {', '.join(TYPES)} device type at start of device string: {name}"
        )
    return name, None if match[2] is None else int(match[2])


CPU = _make("cpu", None)
_stack = []


class _Default:
    """The default device; `None` in `chosen` until the environment has been looked at."""

    device = CPU


@functools.cache
def jax_devices(type: str) -> tuple:
    """The JAX devices a torch device type stands for; empty where the machine has none."""
    if type == "cpu":
        return tuple(jax.devices("cpu"))
    if type == "cuda":
        found = _platform("gpu")
        if found or settings.cuda_is == "gpu":
            return found
        if settings.cuda_is == "cpu":
            # A second virtual CPU device stands for an accelerator, to test without one.
            return tuple(jax.devices("cpu")[1:])
        return _platform("tpu")
    return _platform("tpu") if type == OURS else ()


def _platform(name: str) -> tuple:
    try:
        return tuple(jax.devices(name))
    except RuntimeError:  # JAX's way of saying that there is no such backend
        return ()


@functools.cache
def accelerator_type() -> str | None:
    """`"cuda"` or `"tpu"` where the machine has one, else None."""
    if jax_devices("cuda"):
        return "cuda"
    return OURS if jax_devices(OURS) else None


class _Current(threading.local):
    """The accelerator that this thread means when it names none."""

    index = 0


_current = _Current()


def current_index() -> int:
    return _current.index


def set_current_index(index: int) -> None:
    """Make `index` what "cuda" stands for in this thread; it must be one there is."""
    canonical(_make(accelerator_type() or "cuda", index))
    _current.index = index


def canonical(wanted: device) -> device:
    """The device a tensor reports: accelerators always carry an index, the CPU never does."""
    if wanted.type == "cpu":
        return CPU
    if wanted.index is None:
        wanted = _make(wanted.type, _current.index)
    return _canonical(wanted)


@functools.cache
def _canonical(wanted: device) -> device:
    if wanted.type == "meta":
        return _make("meta", None)
    found = jax_devices(wanted.type)
    if not found:
        raise _unavailable(wanted)
    if wanted.index >= len(found):
        raise RuntimeError(
            "CUDA error: invalid device ordinal\n"
            f"device {wanted} was asked for, and this machine has {len(found)}"
        )
    return wanted


def _unavailable(wanted: device) -> Exception:
    if wanted.type == "cuda":
        return AssertionError("Torch not compiled with CUDA enabled")
    return RuntimeError(f"jtorch finds no '{wanted.type}' device: JAX reports none on this machine")


@functools.cache
def jax_device(of: device):
    """The JAX device of a canonical torch device."""
    return jax_devices(of.type)[of.index or 0]


def placed(array, device):
    """An array on a device, in the way that programs leave their results there.

    That is, not committed to it: JAX compiles a program once more when some of its arguments are.
    """
    with jax.default_device(jax_device(device)):
        return jax.device_put(np.asarray(array))


@functools.cache
def of_jax(jax_dev) -> device:
    """The torch device of a JAX device."""
    for type in ("cpu", "cuda", OURS):
        found = jax_devices(type)
        if jax_dev in found:
            return CPU if type == "cpu" else _make(type, found.index(jax_dev))
    raise RuntimeError(f"jtorch has no name for the JAX device {jax_dev}")


def get_default_device() -> device:
    """The device of tensors made without `device=`. Source: torch.get_default_device."""
    return _Default.device


def set_default_device(device) -> None:
    """Set the default device; None is the CPU. Source: torch.set_default_device."""
    _Default.device = CPU if device is None else resolve(device)


def resolve(given) -> device:
    """A device argument (None, str, int, device) as a canonical device."""
    if given is None:
        return _Default.device
    return canonical(given if given.__class__ is device else device(given))


def use_configured_default() -> None:
    """Apply JTORCH_DEFAULT_DEVICE; called once, when the package is imported."""
    if settings.default_device:
        set_default_device(settings.default_device)
