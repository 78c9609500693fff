"""torch.utils.dlpack: memory exchanged with other libraries."""

from jtorch._alias import missing_attribute
from jtorch._dlpack import DLDeviceType
from jtorch._interop import from_dlpack, to_dlpack

__all__ = ["DLDeviceType", "from_dlpack", "to_dlpack"]


def __getattr__(name):
    raise missing_attribute(__name__, name)
