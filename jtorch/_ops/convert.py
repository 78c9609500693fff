"""A tensor as another dtype, on another device, in another order: `to` and its relatives."""

import jax
import numpy as np

from jtorch import _dtypes
from jtorch._device import CPU, accelerator_type, canonical, device, jax_device, resolve
from jtorch._dtypes import COMPLEX, FLOATING, INTEGRAL
from jtorch._engine.node import Kernel, leaf
from jtorch._engine.realize import array_of, record
from jtorch._layout import memory_format as MemoryFormat
from jtorch._messages import type_name, warn_once
from jtorch._meta import Meta
from jtorch._ops.cast import cast_kernel, cast_node
from jtorch._ops.creation import format_strides
from jtorch._ops.edges import tracked
from jtorch._ops.families import composite
from jtorch._ops.history import attach
from jtorch._ops.signatures import described
from jtorch._ops.writing import on_device
from jtorch._shapes import is_channels_last, is_channels_last_3d, suggested_format
from jtorch._tensor import Tensor, from_node, node_of


def moved(node, source, target):
    """A node's value on another device."""
    if source is target:
        return node
    if target.type == "meta":
        kernel = Kernel("to", lambda array: array, (node.aval,), node.aval)
        return record(kernel, (node,), target)
    array = array_of(node)
    if source is CPU or target is CPU:
        return leaf(on_device(np.asarray(array), target), node.aval)
    return leaf(jax.device_put(array, jax_device(target)), node.aval)  # not by way of the host


def converted(input, dtype=None, where=None, copy=False, memory_format=None):
    """`input` itself if it is as wanted already, else a copy that is."""
    meta = input._meta
    dtype = meta.dtype if dtype is None else dtype
    where = meta.device if where is None else where
    if memory_format is not None and memory_format.__class__ is not MemoryFormat:
        raise TypeError(
            f"'memory_format' must be torch.memory_format, not {type_name(memory_format)}"
        )
    if memory_format is None and meta.is_contiguous:
        stride = meta.stride
    else:
        stride = format_strides(memory_format or "preserve_format", meta.shape, meta.stride)
    same = dtype is meta.dtype and where is meta.device and not copy
    if same and (memory_format is None or _looks_as(meta, memory_format)):
        return input
    if meta.dtype.category == COMPLEX and dtype.category in (INTEGRAL, FLOATING):
        warn_once("Casting complex values to real discards the imaginary part")
    node = moved(cast_node(node_of(input), dtype.numpy, meta.device), meta.device, where)
    made = from_node(node, Meta(meta.shape, dtype, where, stride))
    if tracked((input,)):
        attach("ToCopyBackward0", cast_kernel(meta.aval, dtype.numpy), [input], [made], where)
    return made


def _looks_as(meta, memory_format) -> bool:
    """Whether torch takes the strides for those of a format; where they fit two, for contiguous."""
    name = str(memory_format).removeprefix("torch.").removesuffix("_format")
    return name in ("preserve", suggested_format(meta.shape, meta.stride))


def is_in_format(tensor, memory_format) -> bool:
    """Whether the tensor's memory is in the order of a format; every order preserves itself."""
    name = str(memory_format).removeprefix("torch.")
    meta = tensor._meta
    if name == "channels_last":
        return is_channels_last(meta.shape, meta.stride)
    if name == "channels_last_3d":
        return is_channels_last_3d(meta.shape, meta.stride)
    return name == "preserve_format" or meta.is_contiguous


_TO = (
    "(Tensor input, torch.device? device = None, torch.dtype? dtype = None, "
    "bool non_blocking = False, bool copy = False, *, torch.memory_format? memory_format = None)",
    "(Tensor input, torch.dtype dtype, bool non_blocking = False, bool copy = False, *, "
    "torch.memory_format? memory_format = None)",
    "(Tensor input, Tensor tensor, bool non_blocking = False, bool copy = False, *, "
    "torch.memory_format? memory_format = None)",
)
_PLACES = ("device", "dtype", "non_blocking", "copy")


@described(*_TO, variants="m")
def to(self, *args, **kwargs):
    """The tensor as another dtype or on another device; itself where nothing changes.

    Errors:  TypeError for arguments that fit none of `to(device, dtype)`, `to(dtype)`, `to(other)`.
    Source:  torch.Tensor.to.
    """
    if len(args) == 1 and not kwargs and args[0].__class__ is _dtypes.dtype:
        return converted(self, args[0])
    dtype, where, copy, memory_format = parse_to(args, kwargs)
    return converted(self, dtype, where, copy, memory_format)


def parse_to(args, kwargs):
    """(dtype, device, copy, memory format) of a call of `to`.

    Errors:  TypeError, without torch's words, where the arguments fit no overload.
    """
    given = dict(kwargs)
    memory_format = given.pop("memory_format", None)
    first = args[0] if args else given.get("tensor")
    if isinstance(first, Tensor):
        names = ("tensor", "non_blocking", "copy")
    elif args and _dtypes.as_dtype(first) is not None:
        names = ("dtype", "non_blocking", "copy")
    elif args and first.__class__ in (float, bool, complex):
        # torch takes a number for a tensor without dimensions
        args = (_dtypes.PYTHON_TYPES[first.__class__], *args[1:])
        names = ("dtype", "non_blocking", "copy")
    else:
        names = _PLACES
    if len(args) > len(names):
        raise TypeError("too many arguments")
    for name, value in zip(names, args, strict=False):
        if name in given:
            raise TypeError(f"two values for {name}")
        given[name] = value
    if not given.keys() <= set(names):
        raise TypeError("unknown keyword")
    copy, non_blocking = given.get("copy", False), given.get("non_blocking", False)
    if copy.__class__ is not bool or non_blocking.__class__ is not bool:
        raise TypeError("not a bool")
    if "tensor" in given:
        return given["tensor"].dtype, given["tensor"].device, copy, memory_format
    dtype, where = given.get("dtype"), given.get("device")
    if dtype is not None:
        dtype = _dtypes.as_dtype(dtype)
        if dtype is None:
            raise TypeError("not a dtype")
    return dtype, None if where is None else resolve(where), copy, memory_format


@described("(Tensor input, Tensor other)", variants="m")
def type_as(self, other):
    """The tensor with the dtype and device of another. Source: torch.Tensor.type_as."""
    if not isinstance(other, Tensor):
        raise TypeError("not a tensor")
    return converted(self, other.dtype, other.device)


def _cast_method(name, dtype):
    @described(
        "(Tensor input, *, torch.memory_format? memory_format = None)", name=name, variants="m"
    )
    def cast(self, *, memory_format=None):
        if memory_format is not None and memory_format.__class__ is not MemoryFormat:
            raise TypeError("not a memory format")
        return converted(self, dtype, memory_format=memory_format)

    cast.__doc__ = f"The tensor as {dtype}. Source: torch.Tensor.{name}."


_CASTS = {
    "float": _dtypes.float32, "double": _dtypes.float64, "half": _dtypes.float16,
    "bfloat16": _dtypes.bfloat16, "int": _dtypes.int32, "long": _dtypes.int64,
    "short": _dtypes.int16, "char": _dtypes.int8, "byte": _dtypes.uint8, "bool": _dtypes.bool_,
    "cfloat": _dtypes.complex64, "cdouble": _dtypes.complex128,
}  # fmt: skip
for _name, _dtype in _CASTS.items():
    _cast_method(_name, _dtype)


@described("(Tensor input, *, torch.memory_format? memory_format = None)", variants="m")
def cpu(self, *, memory_format=None):
    """The tensor on the CPU. Source: torch.Tensor.cpu."""
    return converted(self, where=device("cpu"), memory_format=memory_format)


@described(
    "(Tensor input, torch.device? device = None, bool non_blocking = False, *, "
    "torch.memory_format? memory_format = None)",
    variants="m",
)
def cuda(self, device=None, non_blocking=False, *, memory_format=None):
    """The tensor on an accelerator. Source: torch.Tensor.cuda."""
    return converted(self, where=cuda_device(device), memory_format=memory_format)


def cuda_device(given):
    """The device that an argument of `cuda()` names; the current one where None."""
    wanted = device("cuda") if given is None else device(given)
    if wanted.type != "cuda":
        raise RuntimeError("Invalid device, must be cuda device")
    return canonical(wanted)


def type_string(dtype, of):
    """torch's old name of a dtype on a device: "torch.FloatTensor", "torch.cuda.LongTensor"."""
    place = "" if of.type == "cpu" else f"{of.type}."
    return f"torch.{place}{dtype.scalar_name}Tensor"


_BY_SCALAR_NAME = {each.scalar_name: each for each in _dtypes.ALL}


def parse_type(text):
    """(dtype, device type) of a name like "torch.cuda.FloatTensor".

    Errors:  ValueError for other texts.
    """
    parts = text.split(".")
    name = parts[-1].removesuffix("Tensor")
    if parts[0] != "torch" or not parts[-1].endswith("Tensor") or name not in _BY_SCALAR_NAME:
        raise ValueError(f"invalid type: '{text}'")
    if len(parts) > 3 or (len(parts) == 3 and parts[1] != "cuda"):
        raise ValueError(f"invalid type: '{text}'")
    return _BY_SCALAR_NAME[name], "cuda" if len(parts) == 3 else "cpu"


@composite(variants="m")
def type(self, dtype=None, non_blocking=False):
    """The name of the tensor's type; with an argument, the tensor as that type.

    Errors:  ValueError for a name of no type, TypeError for what names none.
    Source:  torch.Tensor.type.
    """
    meta = self._meta
    if dtype is None:
        return type_string(meta.dtype, meta.device)
    if dtype.__class__ is _dtypes.dtype:
        return converted(self, dtype)
    if isinstance(dtype, str):
        wanted, place = parse_type(dtype)
    elif hasattr(dtype, "dtype") and hasattr(dtype, "is_cuda"):  # torch.FloatTensor and its like
        wanted, place = dtype.dtype, "cuda" if dtype.is_cuda else "cpu"
    elif isinstance(dtype, _CLASS):
        raise ValueError(f"invalid type: '{dtype.__name__}'")
    else:
        raise TypeError("dtype must be a type, str, or dtype object")
    return converted(self, wanted, meta.device if meta.device.type == place else resolve(place))


_CLASS = object.__class__  # `type` is a name of torch's here


@described(
    "(Tensor input, *, torch.memory_format memory_format = torch.contiguous_format)", variants="m"
)
def is_contiguous(self, memory_format=None):
    """Whether the elements lie in memory in the order of the format.

    Source:  torch.Tensor.is_contiguous.
    """
    if memory_format is None:
        return self._meta.is_contiguous
    if memory_format.__class__ is not MemoryFormat:
        raise TypeError("not a memory format")
    if str(memory_format) == "torch.preserve_format":
        return self._meta.is_contiguous
    return is_in_format(self, memory_format)


@composite(variants="m")
def pin_memory(self, device=None):
    """A copy in memory from which an accelerator copies fast: here any memory is, so a plain one.

    Errors:  RuntimeError where there is no accelerator.
    Source:  torch.Tensor.pin_memory.
    """
    if accelerator_type() is None:
        raise RuntimeError("Cannot access accelerator device when none is available.")
    return self.clone()
