"""torch.save and torch.load: tensors and whatever holds them, in files of PyTorch's own formats."""

import contextlib
import io
import shutil
import tempfile

from jtorch._alias import house, missing_attribute
from jtorch._saving import allowed, options
from jtorch._saving.legacy import MAGIC_NUMBER, PROTOCOL_VERSION  # noqa: F401 - where torch has them
from jtorch._saving.loading import load, opened
from jtorch._saving.locations import (
    default_restore_location,
    location_tag,
    register_package,
    validate_cuda_device,
    validate_hpu_device,
)
from jtorch._saving.messages import UNSAFE_MESSAGE  # noqa: F401 - where torch has it
from jtorch._saving.names import find, get_layout
from jtorch._saving.options import LoadEndianness
from jtorch._saving.saving import DEFAULT_PROTOCOL, save  # noqa: F401 - where torch has it
from jtorch._saving.storages import StorageType
from jtorch._saving.versions import check_module_version_greater_or_equal
from jtorch._saving.weights_only import globals_of
from jtorch._saving.zip_reader import ZipReader

__all__ = [
    "LoadEndianness",
    "SourceChangeWarning",
    "StorageType",
    "add_safe_globals",
    "check_module_version_greater_or_equal",
    "clear_safe_globals",
    "default_restore_location",
    "get_crc32_options",
    "get_default_load_endianness",
    "get_default_mmap_options",
    "get_safe_globals",
    "get_unsafe_globals_in_checkpoint",
    "load",
    "location_tag",
    "mkdtemp",
    "normalize_storage_type",
    "register_package",
    "safe_globals",
    "save",
    "set_crc32_options",
    "set_default_load_endianness",
    "set_default_mmap_options",
    "skip_data",
    "storage_to_tensor_type",
    "validate_cuda_device",
    "validate_hpu_device",
]  # fmt: skip

_get_layout = get_layout  # the name in pickles


def __getattr__(name):
    raise missing_attribute(__name__, name)


house(__name__, (name for name in __all__ if name in globals()))


class SourceChangeWarning(Warning):
    """The source of a class is not what it was when a file was saved; jtorch does not compare it."""


@contextlib.contextmanager
def mkdtemp():
    """A folder that is there as long as the block. Source: torch.serialization.mkdtemp."""
    path = tempfile.mkdtemp()
    try:
        yield path
    finally:
        shutil.rmtree(path)


def get_default_load_endianness():
    """The byte order of files that do not say theirs. Source: torch.serialization."""
    return options.load.endianness


def set_default_load_endianness(endianness):
    """Set that byte order; None is little.

    Errors:  TypeError for what is no LoadEndianness.
    Source:  torch.serialization.set_default_load_endianness.
    """
    if not isinstance(endianness, LoadEndianness) and endianness is not None:
        raise TypeError("Invalid argument type in function set_default_load_endianness")
    options.load.endianness = endianness


def get_crc32_options() -> bool:
    """Whether torch.save writes a checksum of each record. Source: torch.serialization."""
    return options.save.compute_crc32


def set_crc32_options(compute_crc32: bool):
    """Set whether torch.save writes checksums; torch.load checks those that are there.

    Source:  torch.serialization.set_crc32_options.
    """
    options.save.compute_crc32 = compute_crc32


def get_default_mmap_options():
    """The flags of `mmap` for `torch.load(mmap=True)`. Source: torch.serialization."""
    return options.load.mmap_flags


class set_default_mmap_options:
    """Set those flags, for good or for a block: MAP_PRIVATE (2) or MAP_SHARED (1).

    Errors:  ValueError for other flags.
    Source:  torch.serialization.set_default_mmap_options.
    """

    def __init__(self, flags):
        if flags not in (1, 2):
            raise ValueError(
                "Invalid argument in function set_default_mmap_options, expected mmap.MAP_PRIVATE "
                f"or mmap.MAP_SHARED, but got {flags}"
            )
        self.prev = options.load.mmap_flags
        options.load.mmap_flags = flags

    def __enter__(self):
        pass

    def __exit__(self, *exception):
        options.load.mmap_flags = self.prev


def clear_safe_globals() -> None:
    """Forget what has been added. Source: torch.serialization.clear_safe_globals."""
    allowed.clear()


def get_safe_globals() -> list:
    """What has been added. Source: torch.serialization.get_safe_globals."""
    return allowed.added()


def add_safe_globals(safe_globals: list) -> None:
    """Let files name these functions and classes under `weights_only=True`, from now on.

    Each is one, or a pair of one and the path by which files call it.

    Source:  torch.serialization.add_safe_globals.
    """
    allowed.add(safe_globals)


class safe_globals:
    """Let files name these functions and classes for a block. Source: torch.serialization."""

    def __init__(self, safe_globals):
        self.safe_globals = safe_globals

    def __enter__(self):
        allowed.add(self.safe_globals)

    def __exit__(self, *exception):
        allowed.remove(self.safe_globals)


def get_unsafe_globals_in_checkpoint(f) -> list:
    """The names in a file that `weights_only=True` would refuse; the file is not loaded.

    Errors:  ValueError for what torch.save has not written as an archive.
    Source:  torch.serialization.get_unsafe_globals_in_checkpoint.
    """
    with opened(f) as stream:
        start = stream.tell()
        is_zip = stream.read(4) == b"PK\x03\x04"
        stream.seek(start)
        if not is_zip:
            raise ValueError("Expected input to be a checkpoint returned by torch.save")
        archive = ZipReader(stream)
        if "constants.pkl" in archive:
            raise ValueError(
                "Expected input to be a checkpoint returned by torch.save but got a torchscript "
                "checkpoint"
            )
        return list(globals_of(io.BytesIO(archive.read("data.pkl"))) - allowed.paths())


class skip_data:
    """For a block, torch.save leaves room in place of the storages' bytes, and torch.load reads none.

    Source:  torch.serialization.skip_data.
    """

    def __init__(self, materialize_fake_tensors=False):
        self.materialize_fake_tensors = materialize_fake_tensors

    def __enter__(self):
        self._before = options.this_thread.skip_data
        options.this_thread.skip_data = True

    def __exit__(self, *exception):
        options.this_thread.skip_data = self._before


def normalize_storage_type(storage_type):
    """The class of that name that torch itself offers. Source: torch.serialization."""
    return find("torch", storage_type.__name__)


def storage_to_tensor_type(storage):
    """The old class of tensors over a storage. Source: torch.serialization."""
    kind = type(storage)
    return find(kind.__module__, kind.__name__.replace("Storage", "Tensor"))
