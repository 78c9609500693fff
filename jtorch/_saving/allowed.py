"""The names that a file may call although nobody vouches for it, and what users add to them."""

import pickle
from _codecs import encode
from collections import Counter, OrderedDict

from jtorch import _dtypes, _typed_tensors
from jtorch._device import device
from jtorch._errors import not_provided
from jtorch._saving import names
from jtorch._saving.storages import QUANTIZED_STORAGES, STORAGE_DTYPES, StorageType
from jtorch._size import Size
from jtorch._tensor import Tensor
from jtorch._typed_storage import TypedStorage
from jtorch._untyped_storage import UntypedStorage
from jtorch.nn.parameter import Parameter

# Never allowed, whatever users add.
BLOCKED = frozenset(("sys", "os", "posix", "nt"))
_PLAIN = {
    "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
    "torch.nn.parameter.Parameter": Parameter,
    "torch.Size": Size,
    "torch.Tensor": Tensor,
    "torch.device": device,
    "torch.storage.TypedStorage": TypedStorage,
    "torch.storage.UntypedStorage": UntypedStorage,
    "_codecs.encode": encode,  # pickles of protocol 2 spell bytes with it
    "builtins.bytearray": bytearray,
    "builtins.set": set,
    "builtins.complex": complex,
}
_GENERATOR = ("torch._C", "Generator")
_DEFAULT = (
    _PLAIN
    | {f"torch.{each.name}": each for each in _dtypes.ALL}
    | {
        f"{module}.{name}": StorageType(name)
        for module in ("torch", "torch.cuda")
        for name in STORAGE_DTYPES
    }
    | {f"torch.{name}": each for name, each in _typed_tensors.CPU_TYPES.items()}
    | {f"torch.cuda.{name}": each for name, each in _typed_tensors.CUDA_TYPES.items()}
    | {".".join(path): each for path, each in names.PRIVATE.items() if path != _GENERATOR}
)
_DEFAULT_IDS = frozenset(map(id, _DEFAULT.values()))
# Names that torch allows and jtorch has nothing for.
_MISSING = frozenset(
    [f"torch.{each}" for each in QUANTIZED_STORAGES]
    + [f"torch.{sign}int{bits}" for sign in ("", "u") for bits in range(1, 8)]
    + [f"torch.bits{each}" for each in ("8", "16", "1x8", "2x4", "4x2")]
    + ["torch.float4_e2m1fn_x2", "torch.complex32"]
    + [f"torch.{each}" for each in ("qint8", "qint32", "quint8", "quint4x2", "quint2x4")]
    + [f"torch.per_tensor_{each}" for each in ("affine", "symmetric")]
    + [f"torch.per_channel_{each}" for each in ("affine", "symmetric")]
    + ["torch.per_channel_affine_float_qparams"]
) - set(_DEFAULT)


class _Added:
    """What users have marked as safe: functions and classes, or pairs of one and its path."""

    globals = frozenset()


def add(safe_globals):
    _Added.globals |= set(safe_globals)


def remove(safe_globals):
    _Added.globals -= set(safe_globals)


def clear():
    _Added.globals = frozenset()


def added():
    return list(_Added.globals)


def _added_by_path():
    """Errors: ValueError or TypeError for what cannot have been meant."""
    found = {}
    for each in _Added.globals:
        if not isinstance(each, tuple):
            ours = names.path_of(each)
            path = ".".join(ours) if ours else f"{each.__module__}.{each.__qualname__}"
            found[path] = each
            continue
        if len(each) != 2:
            raise ValueError(
                "Expected tuple of length 2 (global, str of callable full path), but got tuple of "
                f"length: {len(each)}"
            )
        value, path = each
        if type(path) is not str:
            raise TypeError(
                f"Expected second item in tuple to be str of callable full path, but got: "
                f"{type(path)}"
            )
        found[path] = value
    return found


def find(path):
    """What a file may mean by a name; None for a name that it may not use.

    Errors:  NotProvidedError for what torch allows and jtorch does not have.
    """
    found = _DEFAULT.get(path)
    if found is None and _Added.globals:
        found = _added_by_path().get(path)
    if found is None and path in _MISSING:
        raise not_provided(path)
    return found


def paths():
    """All names that files may use."""
    return set(_DEFAULT) | set(_added_by_path()) | _MISSING


def holds(value):
    """Whether a value is one of those that names stand for."""
    return id(value) in _DEFAULT_IDS or any(value is each for each in _added_by_path().values())


def call(function, arguments):
    """What a function that is allowed gives for the arguments of a file.

    Errors:  UnpicklingError where one of the default functions is called as no pickle calls it.
    """
    if id(function) not in _DEFAULT_IDS:
        return function(*arguments)
    if not _sensible(function, arguments):
        raise pickle.UnpicklingError(f"{function!r} cannot be called with {arguments!r}")
    try:
        return function(*arguments)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        name = getattr(function, "__name__", function)
        raise pickle.UnpicklingError(f"{name} cannot be called so: {error}") from None


def _sensible(function, arguments):
    """Whether these functions, which could be asked for much memory or more, are called as usual."""
    kinds = [type(each) for each in arguments]
    if function is encode:
        return kinds == [str, str] and arguments[1] in ("latin1", "utf-8")
    if function is bytearray:
        return kinds in ([], [bytes], [str, str])
    if function is names.PRIVATE["torch._tensor", "_rebuild_from_type_v2"]:
        rebuilding = names.PRIVATE.values()
        return len(arguments) == 4 and any(arguments[0] is each for each in rebuilding)
    return True
