"""torch.finfo and torch.iinfo: the limits of dtypes."""

import ml_dtypes
import numpy as np

from jtorch import _dtypes
from jtorch._dtypes import BOOL, COMPLEX, FLOATING, INTEGRAL


def _checked(name, type):
    found = _dtypes.as_dtype(type)
    if found is None:
        given = type.__class__.__name__
        raise TypeError(f"{name}(): argument 'type' (position 1) must be torch.dtype, not {given}")
    return found


class _Info:
    __slots__ = ("_dtype", "bits", "max", "min")
    __module__ = "torch"
    bits: int
    dtype = property(lambda self: self._dtype.name, doc="The name of the dtype, without torch.")

    def __eq__(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._dtype is other._dtype

    def __hash__(self):
        raise TypeError(f"unhashable type: 'torch.{self.__class__.__name__}'")

    def __reduce__(self):
        return _unpickled, (self.__class__.__name__, self._dtype)


class finfo(_Info):
    """Limits of a floating-point dtype; of the parts, for a complex one.

    Errors:  TypeError for other dtypes.
    Source:  torch.finfo.
    """

    __slots__ = ("eps", "resolution", "smallest_normal")
    __module__ = "torch"
    eps: float
    max: float
    min: float
    resolution: float
    smallest_normal: float

    def __init__(self, type=None):
        dtype = _dtypes.get_default_dtype() if type is None else _checked("finfo", type)
        if dtype.category < FLOATING:
            raise TypeError(
                "torch.finfo() requires a floating point input type. "
                "Use torch.iinfo to handle 'torch.finfo'"
            )
        dtype = dtype.to_real() if dtype.category == COMPLEX else dtype
        known = ml_dtypes.finfo(dtype.numpy)
        self._dtype = dtype
        self.bits = dtype.itemsize * 8
        self.max = float(known.max)
        self.min = float(known.min)
        # of this one torch reports half the distance from 1 to the next number
        self.eps = 0.125 if dtype is _dtypes.float8_e5m2fnuz else float(known.eps)
        self.smallest_normal = float(known.smallest_normal)
        # decimal digits that survive: those that C++ calls digits10
        digits = int((known.nmant) * np.log10(2.0))
        self.resolution = float(f"1e-{digits}")

    tiny = property(lambda self: self.smallest_normal, doc="The same as `smallest_normal`.")

    def __repr__(self):
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, "
            f"eps={self.eps:g}, smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, "
            f"dtype={self.dtype})"
        )


class iinfo(_Info):
    """Limits of an integer dtype.

    Errors:  TypeError for other dtypes.
    Source:  torch.iinfo.
    """

    __slots__ = ()
    __module__ = "torch"
    max: int
    min: int

    def __init__(self, *args, **kwargs):
        if not args and "type" not in kwargs:
            raise TypeError('iinfo() missing 1 required positional arguments: "type"')
        dtype = _checked("iinfo", *args, **kwargs)
        if dtype.category == BOOL:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        if dtype.category != INTEGRAL:
            raise TypeError(
                "torch.iinfo() requires an integer input type. "
                "Use torch.finfo to handle 'torch.iinfo'"
            )
        known = np.iinfo(dtype.numpy)
        self._dtype = dtype
        self.bits = known.bits
        self.max = int(known.max)
        self.min = int(known.min)

    def __repr__(self):
        # torch formats the limits as doubles, and shows six digits of them
        return f"iinfo(min={float(self.min):g}, max={float(self.max):g}, dtype={self.dtype})"


def _unpickled(name, dtype):
    return {"finfo": finfo, "iinfo": iinfo}[name](dtype)
