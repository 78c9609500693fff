"""torch's old constructors: `Tensor(2, 3)`, `FloatTensor([1, 2])`, `tensor.new(...)`."""

import warnings

from jtorch import _dtypes
from jtorch._device import CPU, canonical, jax_devices, set_default_device
from jtorch._device import device as Device
from jtorch._layout import strided
from jtorch._messages import invalid_combination, type_name
from jtorch._meta import Meta
from jtorch._ops.constants import constant
from jtorch._ops.convert import parse_type
from jtorch._ops.creation import sizes
from jtorch._ops.families import composite
from jtorch._ops.from_data import from_data
from jtorch._size import Size
from jtorch._tensor import Tensor

_SIGNATURES = (
    "*, torch.device device = None",
    "torch.Storage storage",
    "Tensor other",
    "tuple of ints size, *, torch.device device = None",
    "object data, *, torch.device device = None",
)


def legacy(args, kwargs, dtype, where, any_dtype=False):
    """The tensor that `Tensor(*args, **kwargs)` means, of a dtype on a device.

    With `any_dtype`, a tensor or a storage given may be of another dtype.
    """
    given = dict(kwargs)
    wanted = given.pop("device", None)
    if wanted is not None and Device(wanted).type != where.type:
        raise RuntimeError(
            f"legacy constructor expects device type: {where.type} but device type: "
            f"{Device(wanted).type} was passed"
        )
    if (
        len(given) > 1
        or (given and args)
        or not given.keys() <= {"size", "data", "other", "storage"}
    ):
        raise invalid_combination("new", _SIGNATURES, args, kwargs)
    if not args and not given:
        return constant(Meta((0,), dtype, where), 0)
    if "size" in given:
        return _sized((given["size"],), dtype, where)
    first = next(iter(given.values())) if given else args[0]
    if _is_size(first) and not given:
        return _sized(args, dtype, where)
    if len(args) > 1:
        raise invalid_combination("new", _SIGNATURES, args, kwargs)
    if isinstance(first, Tensor):
        return _alias(first, dtype, where, any_dtype)
    if hasattr(first, "_untyped"):
        return _over_storage(first, dtype)
    return _from_data(first, dtype, where)


def _is_size(value) -> bool:
    if isinstance(value, Size):
        return True
    return (
        hasattr(value, "__index__")
        and not isinstance(value, (bool, Tensor))
        and not hasattr(value, "__len__")
    )


def _sized(args, dtype, where):
    return constant(Meta(sizes("new", args), dtype, where), 0)


def _alias(other, dtype, where, any_dtype):
    if not any_dtype and (other.dtype is not dtype or other.device is not where):
        raise TypeError(
            f"expected {_options(dtype, where)} (got {_options(other.dtype, other.device)})"
        )
    return other.detach()


def _options(dtype, where):
    """A dtype and a device as torch's messages write what it calls TensorOptions."""
    return (
        f"TensorOptions(dtype={_dtypes.c_name(dtype)}, device={where}, layout=Strided, "
        "requires_grad=false (default), pinned_memory=false (default), memory_format=(nullopt))"
    )


def _over_storage(source, dtype):
    storage = source._untyped()
    made = constant(Meta((0,), dtype, storage.device), 0)
    return made.set_(storage)


def _from_data(data, dtype, where):
    if not hasattr(data, "__len__"):
        raise TypeError(f"new(): data must be a sequence (got {type_name(data)})")
    return from_data(data, dtype, where)


def _construct(cls, *args, **kwargs):
    """`Tensor(...)` and the subclasses' constructors. Source: torch.Tensor."""
    made = legacy(args, kwargs, _dtypes.get_default_dtype(), CPU, any_dtype=True)
    return made if cls is Tensor else Tensor._make_subclass(cls, made)


Tensor.__new__ = staticmethod(_construct)


@composite(variants="m")
def new(self, *args, **kwargs):
    """A tensor of this dtype and device, from a size, from data or from a tensor of this type.

    Source:  torch.Tensor.new.
    """
    return legacy(args, kwargs, self.dtype, self.device)


class tensortype(type):
    """The class of torch.FloatTensor and its siblings: old names of a dtype on a device."""

    __module__ = "torch"

    def __instancecheck__(cls, value):
        return (
            isinstance(value, Tensor)
            and value.dtype is cls.dtype
            and (value.device.type == "cuda") == cls.is_cuda
            and not value.is_sparse
        )

    def __call__(cls, *args, **kwargs):
        if not cls.is_cuda:
            return legacy(args, kwargs, cls.dtype, CPU)
        if not jax_devices("cuda"):
            raise TypeError(
                f"type {cls.__module__}.{cls.__name__} not available. "
                "Torch not compiled with CUDA enabled."
            )
        return legacy(args, kwargs, cls.dtype, canonical(Device("cuda")))


_NAMES = ("Float", "Double", "Half", "BFloat16", "Byte", "Char", "Short", "Int", "Long", "Bool")
_BY_SCALAR_NAME = {each.scalar_name: each for each in _dtypes.ALL}


def _make(module, is_cuda):
    made = {}
    for name in _NAMES:
        fields = {
            "__module__": module,
            "__doc__": f"The old name of {_BY_SCALAR_NAME[name]} tensors.",
            "dtype": _BY_SCALAR_NAME[name],
            "is_cuda": is_cuda,
            "is_sparse": False,
            "layout": strided,
        }
        made[f"{name}Tensor"] = tensortype(f"{name}Tensor", (), fields)
    return made


CPU_TYPES = _make("torch", False)
CUDA_TYPES = _make("torch.cuda", True)


def set_default_tensor_type(t, /):
    """Set the default dtype and device by an old name of both.

    Errors:  TypeError for types that are not floating-point; ValueError for what names no type.
    Source:  torch.set_default_tensor_type.
    """
    if isinstance(t, str):
        dtype, place = parse_type(t)
        is_cuda = place == "cuda"
    elif isinstance(t, tensortype):
        dtype, is_cuda = t.dtype, t.is_cuda
    else:
        raise TypeError("invalid type object")
    if not dtype.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    warnings.warn(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use "
        "torch.set_default_dtype() and torch.set_default_device() as alternatives.",
        UserWarning,
        stacklevel=2,
    )
    _dtypes.set_default_dtype(dtype)
    set_default_device("cuda" if is_cuda else None)
