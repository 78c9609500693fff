"""Meta: all that is known of a tensor before it is computed, but for where in its storage it begins.

A mirrored tensor is torch's lazy conjugate: its elements are the conjugates (of a real dtype: the
negatives) of what its memory holds. Reading and writing through `_storage` see to that.
"""

from jtorch._device import CPU
from jtorch._engine.node import Aval
from jtorch._shapes import contiguous_strides, is_contiguous
from jtorch._size import Size


class Meta:
    """Shape, strides, dtype and device. Interned: equal means identical, so caches hash by identity."""

    __slots__ = (
        "aval", "device", "dtype", "is_contiguous", "mirrored", "ndim", "numel", "shape", "stride",
    )  # fmt: skip
    _known = {}

    def __new__(cls, shape, dtype, device=CPU, stride=None, mirrored=False):
        found = cls._known.get((shape, dtype, device, stride, mirrored))
        if found is not None:
            return found
        if stride is None:
            made = cls(shape, dtype, device, contiguous_strides(shape), mirrored)
        else:
            made = cls._make(shape, stride, dtype, device, mirrored)
        return cls._known.setdefault((tuple(shape), dtype, device, stride, mirrored), made)

    @classmethod
    def _make(cls, shape, stride, dtype, device, mirrored):
        self = object.__new__(cls)
        self.shape = Size(shape)
        self.stride = tuple(stride)
        self.dtype = dtype
        self.device = device
        self.mirrored = mirrored
        self.ndim = len(shape)
        self.aval = Aval(tuple(shape), dtype.numpy)
        self.numel = self.aval.size
        self.is_contiguous = is_contiguous(shape, stride)
        return self

    @property
    def geometry(self):
        """(shape, stride, 0): as `_shapes` counts, from the first element on."""
        return tuple(self.shape), self.stride, 0

    def __repr__(self):
        mirrored = ", mirrored" if self.mirrored else ""
        return f"Meta({self.aval}, stride={self.stride}, {self.device}{mirrored})"

    def replaced(self, shape=None, dtype=None, device=None, stride=None):
        """This meta, not mirrored, with some fields changed; a new shape brings contiguous strides."""
        if stride is None and shape is None:
            stride = self.stride
        return Meta(
            self.shape if shape is None else shape,
            self.dtype if dtype is None else dtype,
            self.device if device is None else device,
            stride,
        )
