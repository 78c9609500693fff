"""What loaders are made of: collating, fetching, workers, and how batches travel."""

from jtorch._alias import missing_attribute
from jtorch._utils import ExceptionWrapper
from jtorch.utils.data._utils import collate, fetch, pin_memory, worker
from jtorch.utils.data._utils.worker import MP_STATUS_CHECK_INTERVAL

__all__ = [
    "MP_STATUS_CHECK_INTERVAL",
    "ExceptionWrapper",
    "collate",
    "fetch",
    "pin_memory",
    "worker",
]


def __getattr__(name):
    raise missing_attribute(__name__, name)
