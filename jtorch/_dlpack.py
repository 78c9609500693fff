"""DLPack capsules: reading those of others, and naming dtypes in ours that numpy has no names for.

The structures are those of dlpack.h (version 1): a DLManagedTensor, or its versioned form, behind a
PyCapsule. Nothing here knows tensors.
"""

import ctypes
import enum

import ml_dtypes
import numpy as np


class DLDeviceType(enum.IntEnum):
    """The kinds of devices that DLPack has numbers for. Source: torch.utils.dlpack.DLDeviceType."""

    kDLCPU = 1
    kDLCUDA = 2
    kDLCUDAHost = 3
    kDLOpenCL = 4
    kDLVulkan = 7
    kDLMetal = 8
    kDLVPI = 9
    kDLROCM = 10
    kDLROCMHost = 11
    kDLExtDev = 12
    kDLCUDAManaged = 13
    kDLOneAPI = 14
    kDLWebGPU = 15
    kDLHexagon = 16
    kDLMAIA = 17


class _DataType(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16)]


class _Tensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("dtype", _DataType),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


_Deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Managed(ctypes.Structure):
    _fields_ = [("tensor", _Tensor), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


class _Versioned(ctypes.Structure):
    _fields_ = [
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("context", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p),
        ("flags", ctypes.c_uint64),
        ("tensor", _Tensor),
    ]


_FORMS = {b"dltensor": _Managed, b"dltensor_versioned": _Versioned}
_READ_ONLY = 1
_INT, _UINT, _FLOAT, _BFLOAT, _COMPLEX, _BOOL = 0, 1, 2, 4, 5, 6
_SMALL_FLOATS = {
    "float8_e4m3fn": 10, "float8_e4m3fnuz": 11, "float8_e5m2": 12, "float8_e5m2fnuz": 13,
    "float8_e8m0fnu": 14,
}  # fmt: skip
_CODES = {np.dtype(getattr(ml_dtypes, name)): code for name, code in _SMALL_FLOATS.items()}
_CODES[np.dtype(ml_dtypes.bfloat16)] = _BFLOAT
_KINDS = {_INT: "i", _UINT: "u", _FLOAT: "f", _COMPLEX: "c"}

_api = ctypes.pythonapi
_api.PyCapsule_GetPointer.restype = ctypes.c_void_p
_api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
_api.PyCapsule_IsValid.argtypes = [ctypes.py_object, ctypes.c_char_p]
_api.PyCapsule_SetName.argtypes = [ctypes.py_object, ctypes.c_char_p]


def _open(capsule):
    """(name, managed structure) of a capsule that nobody has used yet.

    Errors:  RuntimeError for anything else.
    """
    for name, form in _FORMS.items():
        if _api.PyCapsule_IsValid(capsule, name):
            return name, form.from_address(_api.PyCapsule_GetPointer(capsule, name))
    raise RuntimeError(
        "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only "
        "once, so you might have already constructed a tensor from it once."
    )


# A capsule holds a pointer to its name, so the names must stay.
_USED = {name: ctypes.create_string_buffer(b"used_" + name) for name in _FORMS}


class Taken:
    """A tensor taken over from a capsule: where it lies, and its owner, which frees it at last."""

    def __init__(self, capsule):
        name, managed = _open(capsule)
        tensor = managed.tensor
        self.dtype = _numpy_dtype(tensor.dtype)
        self.shape = tuple(tensor.shape[: tensor.ndim])
        self.stride = tuple(tensor.strides[: tensor.ndim]) if tensor.strides else None
        self.address = (tensor.data or 0) + tensor.byte_offset
        self.device = (tensor.device_type, tensor.device_id)
        self.writeable = not (name == b"dltensor_versioned" and managed.flags & _READ_ONLY)
        _api.PyCapsule_SetName(capsule, _USED[name])
        self.owner = _Owner(managed)


class _Owner:
    """Whoever holds it keeps the producer's memory alive."""

    def __init__(self, managed):
        self._address = ctypes.addressof(managed)
        self._deleter = managed.deleter

    def __del__(self):
        if self._deleter:
            _Deleter(self._deleter)(self._address)


def _numpy_dtype(given):
    """The numpy dtype of a DLPack one, or None where there is none."""
    if given.lanes != 1:
        return None
    if given.code == _BOOL and given.bits == 8:
        return np.dtype(np.bool_)
    for dtype, code in _CODES.items():
        if given.code == code and given.bits == dtype.itemsize * 8:
            return dtype
    kind = _KINDS.get(given.code)
    try:
        return np.dtype(f"{kind}{given.bits // 8}") if kind else None
    except TypeError:  # such as integers of 4 bits
        return None


def device_of(capsule):
    """(device type, device id) of a capsule, which stays unused."""
    _, managed = _open(capsule)
    return managed.tensor.device_type, managed.tensor.device_id


def export(array, max_version=None):
    """A capsule over a numpy array's memory, of a dtype of numpy's or of ml_dtypes."""
    code = _CODES.get(array.dtype)
    if code is None:
        return array.__dlpack__(max_version=max_version)
    unsigned = np.dtype(f"u{array.itemsize}")
    capsule = array.view(unsigned).__dlpack__(max_version=max_version)
    _, managed = _open(capsule)
    managed.tensor.dtype.code = code
    return capsule
