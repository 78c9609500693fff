"""Files of the safetensors package: read by its own parser, so that no file is taken on trust.

The package is an optional one. Its module for torch reads the memory of tensors by their addresses;
under the alias `adapt` gives it theirs, as jtorch's tensors have no address before they are asked.
"""

import numpy as np

from jtorch import _dtypes
from jtorch._device import device as Device
from jtorch._rebuilding import _rebuild_tensor, bytes_of_storage, storage_of_bytes
from jtorch._saving.storages import typed
from jtorch._saving.zip_reader import aligned_bytes
from jtorch._shapes import contiguous_strides
from jtorch._untyped_storage import handle

_DTYPES = {
    "F64": _dtypes.float64, "F32": _dtypes.float32, "F16": _dtypes.float16,
    "BF16": _dtypes.bfloat16, "I64": _dtypes.int64, "I32": _dtypes.int32, "I16": _dtypes.int16,
    "I8": _dtypes.int8, "U64": _dtypes.uint64, "U32": _dtypes.uint32, "U16": _dtypes.uint16,
    "U8": _dtypes.uint8, "BOOL": _dtypes.bool_, "C64": _dtypes.complex64,
    "F8_E4M3": _dtypes.float8_e4m3fn, "F8_E5M2": _dtypes.float8_e5m2,
    "F8_E8M0": _dtypes.float8_e8m0fnu, "F8_E4M3FNUZ": _dtypes.float8_e4m3fnuz,
    "F8_E5M2FNUZ": _dtypes.float8_e5m2fnuz,
}  # fmt: skip


def load(path, map_location):
    """The tensors of a file, by their names, on a device.

    Errors:  RuntimeError where the package is missing, or the map_location is a dict or a function.
    """
    try:
        import safetensors
    except ImportError as error:
        raise RuntimeError(
            "Attempting to load a safetensors file but safetensors is not installed. Please "
            "install safetensors with: pip install safetensors"
        ) from error
    if map_location is not None and not isinstance(map_location, (str, bytes, Device)):
        kind = "dict" if isinstance(map_location, dict) else "callable"
        raise RuntimeError(
            f"Loading safetensors file with {kind} map_location is not supported. Use a device "
            "string or torch.device instead."
        )
    with open(path, "rb") as stream:
        content = stream.read()
    return _tensors_of(safetensors.deserialize(content), map_location)


def _tensors_of(records, where):
    where = "cpu" if where is None else str(where)
    return {name: _tensor_of(each, where) for name, each in sorted(records)}


def _tensor_of(record, where):
    dtype = _DTYPES.get(record["dtype"])
    if dtype is None:
        raise NotImplementedError(f"jtorch has no tensors of safetensors' {record['dtype']}")
    content = np.frombuffer(record["data"], np.uint8)
    memory = aligned_bytes(len(content))
    memory[:] = content
    storage = typed(handle(storage_of_bytes(memory)), dtype)
    shape = tuple(record["shape"])
    return _rebuild_tensor(storage, 0, shape, contiguous_strides(shape)).to(device=where)


def adapt(module):
    """Let `safetensors.torch` have the bytes of tensors without their address.

    Its own functions would read, too, but in a program for each tensor.
    """

    def contents(tensor):
        host = tensor.detach().to("cpu")
        if not host.numel():
            return np.empty(0, np.uint8), host
        return bytes_of_storage(host.clone()._storage), host

    def load_file(filename, device="cpu", **options):
        return load(filename, str(device))

    def load_bytes(data):
        return _tensors_of(module.deserialize(data), None)

    module._to_ndarray = contents
    module.load_file, module.load = load_file, load_bytes
