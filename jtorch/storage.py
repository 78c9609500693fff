"""torch.storage: the memory of tensors, as bytes (UntypedStorage) or as elements (TypedStorage)."""

from jtorch._alias import missing_attribute
from jtorch._messages import warn_once
from jtorch._ops.families import composite
from jtorch._typed_storage import CPU_STORAGES, CUDA_STORAGES, TypedStorage
from jtorch._untyped_storage import UntypedStorage, handle

__all__ = ["TypedStorage", "UntypedStorage"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


_DEPRECATED = (
    "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the "
    "only storage class. This should only matter to you if you are using storages directly.  To "
    "access UntypedStorage directly, use tensor.untyped_storage() instead of tensor.storage()"
)


@composite(variants="m")
def untyped_storage(self):
    """The memory this tensor is a window onto. Source: torch.Tensor.untyped_storage."""
    return handle(self._storage)


@composite(variants="m")
def _typed_storage(self):
    return TypedStorage(wrap_storage=handle(self._storage), dtype=self.dtype)


@composite(variants="m")
def storage(self):
    """The memory as elements of this tensor's dtype; an old name. Source: torch.Tensor.storage."""
    warn_once(_DEPRECATED)
    return TypedStorage(wrap_storage=handle(self._storage), dtype=self.dtype)


@composite(variants="m")
def storage_type(self):
    """The old class of this tensor's storage. Source: torch.Tensor.storage_type."""
    known = CUDA_STORAGES if self.device.type == "cuda" else CPU_STORAGES
    return known[f"{self.dtype.scalar_name}Storage"]


@composite(variants="f")
def is_storage(obj, /):
    """Whether an object is a storage. Source: torch.is_storage."""
    return isinstance(obj, (UntypedStorage, TypedStorage))
