"""torch.save: an object as a pickle, and the storages it refers to, in one file."""

import io
import os
import pickle
import sys

from jtorch._rebuilding import bytes_of_storage
from jtorch._saving import legacy, options
from jtorch._saving.pickling import dump
from jtorch._saving.replacing import replacing
from jtorch._saving.storages import SavedStorages
from jtorch._saving.versions import check_dill_version
from jtorch._saving.zip_writer import ZipWriter

DEFAULT_PROTOCOL = 2


def save(
    obj,
    f,
    pickle_module=pickle,
    pickle_protocol=DEFAULT_PROTOCOL,
    _use_new_zipfile_serialization=True,
    _disable_byteorder_record=False,
):
    """Write an object with the tensors in it to a file, which torch.load of either side reads.

    Given a path, the file appears whole or not at all: what was there before stays if saving fails.

    Errors:  RuntimeError for tensors of two dtypes that share memory, or a folder that is not there;
             AttributeError for an `f` without `write`; PicklingError.
    Source:  torch.save.
    """
    check_dill_version(pickle_module)
    is_path = isinstance(f, (str, os.PathLike))
    if not is_path and not hasattr(f, "write"):
        raise AttributeError(
            "expected 'f' to be string, path, or a file-like object with a 'write' attribute"
        )
    if not _use_new_zipfile_serialization and options.this_thread.skip_data:
        raise RuntimeError("Cannot use skip_data=True with _use_new_zipfile_serialization=False")
    byte_order = not _disable_byteorder_record

    def write(stream, folder):
        if _use_new_zipfile_serialization:
            _write_zip(obj, stream, folder, pickle_module, pickle_protocol, byte_order)
        else:
            legacy.write(obj, stream, pickle_module, pickle_protocol)

    if is_path:
        path = os.fspath(f)
        with replacing(path) as stream:
            write(stream, _folder_of(path))
    else:
        if not callable(f.write):
            raise TypeError(
                f"Buffer of {str(type(f)).strip('<>')} has no callable attribute 'write'"
            )
        write(f, "archive")
        f.flush()


def _folder_of(path):
    """The folder of an archive's records: the file's name without its last extension."""
    path = os.fsdecode(path)
    name = os.path.basename(path)
    if not path.isascii():
        return "archive"
    stem = name.rpartition(".")[0] if "." in name else name
    if not stem:
        raise RuntimeError(f"invalid file name: {path}")
    return stem


def _write_zip(obj, stream, folder, pickle_module, protocol, byte_order):
    storages = SavedStorages()
    content = io.BytesIO()
    dump(obj, pickle_module, content, protocol, storages.persistent_id)
    config = options.save
    archive = ZipWriter(
        stream, folder, with_crc=config.compute_crc32, alignment=config.storage_alignment
    )
    archive.write("data.pkl", content.getbuffer())
    archive.write(".format_version", b"1")
    archive.write(".storage_alignment", str(config.storage_alignment).encode())
    if byte_order:
        archive.write("byteorder", sys.byteorder.encode())
    for key, (storage, _) in storages.by_key.items():
        if options.this_thread.skip_data or storage.device.type == "meta":
            archive.leave_room(f"data/{key}", storage.nbytes())
        else:
            archive.write(f"data/{key}", bytes_of_storage(storage._storage))
    archive.close()
