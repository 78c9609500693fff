"""torch.load: which format a file has, and what reads its pickles."""

import contextlib
import io
import os
import pickle
import tarfile
import warnings

from jtorch import storage
from jtorch._mapped_files import MappedFile
from jtorch._rebuilding import mapping_to
from jtorch._saving import legacy, names, options, safetensors, weights_only, zip_loading
from jtorch._saving.locations import restoring
from jtorch._saving.messages import UNSAFE_MESSAGE, about_weights_only, require_seekable
from jtorch._saving.storages import StorageType
from jtorch._saving.versions import check_dill_version
from jtorch._saving.zip_reader import ZipReader

_ZIP = b"PK\x03\x04"
_TRUE = ("1", "y", "yes", "true")


def load(
    f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args
):
    """The object that torch.save of either side has written to a file.

    By default only tensors and plain data are made; with `weights_only=False` a file can run
    any code.

    Errors:  UnpicklingError for what a file may not name, RuntimeError for a damaged one or a
             device that is not there.
    Source:  torch.load.
    """
    weights_only = _resolved(weights_only, pickle_module)
    if pickle_load_args and weights_only:
        warnings.warn("pickle_load_args only works if `weights_only=False`.", stacklevel=2)
    check_dill_version(pickle_module)
    mmap = options.load.mmap if mmap is None else mmap
    pickle_load_args.setdefault("encoding", "utf-8")
    if isinstance(f, (str, os.PathLike)) and os.fsdecode(os.fspath(f)).endswith(".safetensors"):
        return safetensors.load(os.fsdecode(os.fspath(f)), map_location)
    kind = _Restricted if weights_only else _unpickler_kind(pickle_module or pickle)

    def unpickler_of(stream, persistent_load=None):
        made = kind(stream, **pickle_load_args)
        if persistent_load is not None:
            made.persistent_load = persistent_load
        return made

    with opened(f) as stream:
        try:
            return _load(stream, f, map_location, unpickler_of, mmap, weights_only)
        except pickle.UnpicklingError as error:
            if not weights_only:
                raise
            raise pickle.UnpicklingError(about_weights_only(str(error))) from None


def _resolved(weights_only, pickle_module):
    """Whether only weights are read: as asked, as the environment says, and by default."""
    unset = weights_only is None
    forced, forbidden = (
        os.getenv(f"TORCH_FORCE_{name}_LOAD", "0").lower() in _TRUE
        for name in ("WEIGHTS_ONLY", "NO_WEIGHTS_ONLY")
    )
    if forced and forbidden:
        raise RuntimeError(
            "Only one of `TORCH_FORCE_WEIGHTS_ONLY_LOAD` or `TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD` "
            "should be set, but both were set."
        )
    weights_only = pickle_module is None if unset else bool(weights_only)
    if forced:
        weights_only = True
    elif forbidden and unset:
        warnings.warn(
            "Environment variable TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD detected, since the"
            "`weights_only` argument was not explicitly passed to `torch.load`, forcing "
            "weights_only=False.",
            UserWarning,
            stacklevel=3,
        )
        weights_only = False
    if weights_only and pickle_module is not None:
        raise RuntimeError("Can not safely load weights when explicit pickle_module is specified")
    return weights_only


def _load(stream, f, map_location, unpickler_of, mmap, weights_only):
    is_path = isinstance(f, (str, os.PathLike))
    start = stream.tell()
    is_zip = stream.read(len(_ZIP)) == _ZIP
    stream.seek(start)
    if is_zip:
        archive = ZipReader(stream)
        if "constants.pkl" in archive:
            _refuse_script(weights_only)
        if mmap and not is_path:
            raise ValueError("f must be a file path in order to use the mmap argument")
        # 1: MAP_SHARED
        mapped = MappedFile(f, options.load.mmap_flags == 1) if mmap else None
        return zip_loading.load(archive, map_location, unpickler_of, mapped)
    if mmap:
        name = f"{f}, " if isinstance(f, str) else ""
        raise RuntimeError(
            "mmap can only be used with files saved with "
            f"`torch.save({name}_use_new_zipfile_serialization=True), please torch.save your "
            "checkpoint with this option in order to use mmap."
        )
    if start == 0 and _is_tar(stream):
        raise _tar_refusal(weights_only)
    with mapping_to(map_location):
        return legacy.read(
            stream, restoring(map_location), unpickler_of, lambda file: unpickler_of(file).load()
        )


def _refuse_script(weights_only):
    warnings.warn(
        "'torch.load' received a zip file that looks like a TorchScript archive dispatching to "
        "'torch.jit.load' (call 'torch.jit.load' directly to silence this warning)",
        UserWarning,
        stacklevel=4,
    )
    if weights_only:
        raise RuntimeError(
            "Cannot use ``weights_only=True`` with TorchScript archives passed to ``torch.load``. "
            + UNSAFE_MESSAGE
        )
    raise NotImplementedError(
        "jtorch does not run TorchScript archives: load this file in PyTorch and save its "
        "state_dict with torch.save"
    )


def _is_tar(stream):
    """Whether the stream is a tar archive, the format of PyTorch before 0.1.10; it is rewound."""
    try:
        with contextlib.closing(tarfile.open(fileobj=stream, mode="r:")):
            return True
    except tarfile.TarError:
        return False
    finally:
        stream.seek(0)


def _tar_refusal(weights_only):
    if weights_only:
        return RuntimeError(
            "Cannot use ``weights_only=True`` with files saved in the legacy .tar format. "
            + UNSAFE_MESSAGE
        )
    return NotImplementedError(
        "jtorch does not read the .tar format of PyTorch before 0.1.10: load this file in PyTorch "
        "and save it again with torch.save"
    )


def load_from_bytes(b):
    """A storage of a plain pickle of torch's, which holds it as a file. Source: torch.storage."""
    return load(io.BytesIO(b), weights_only=False)


storage._load_from_bytes = names.ONLY_READ["torch.storage", "_load_from_bytes"] = load_from_bytes


class _Restricted(weights_only.Unpickler):
    """The unpickler of `weights_only=True`, made and called as pickle's."""

    def __init__(self, stream, *, encoding, **others):
        super().__init__(stream, encoding=encoding)

    persistent_load = property(
        lambda self: self._persistent_load,
        lambda self, function: setattr(self, "_persistent_load", function),
    )


def _unpickler_kind(pickle_module):
    """The unpickler of a module, by which the names of torch's are jtorch's own."""

    class Unpickler(pickle_module.Unpickler):
        def find_class(self, module, name):
            if isinstance(name, str) and "Storage" in name:
                with contextlib.suppress(KeyError):
                    return StorageType(name)
            found = names.find(module, name)
            if module == "torch.return_types":
                return lambda fields, others: found(*fields)  # C's named tuples take one tuple
            return super().find_class(module, name) if found is None else found

    return Unpickler


@contextlib.contextmanager
def opened(f):
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as stream:
            yield stream
    else:
        require_seekable(f)
        yield f
