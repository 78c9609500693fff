"""Meta: all that is known of a tensor before it is computed, but for where in its storage it begins."""

from jtorch._device import CPU
from jtorch._engine.node import Aval
from jtorch._shapes import contiguous_strides, is_contiguous
from jtorch._size import Size


class Meta:
    """Shape, strides, dtype and device. Interned: equal means identical, so caches hash by identity."""

    __slots__ = ("aval", "device", "dtype", "is_contiguous", "ndim", "numel", "shape", "stride")
    _known = {}

    def __new__(cls, shape, dtype, device=CPU, stride=None):
        found = cls._known.get((shape, dtype, device, stride))
        if found is not None:
            return found
        if stride is None:
            made = cls(shape, dtype, device, contiguous_strides(shape))
        else:
            made = cls._make(shape, stride, dtype, device)
        return cls._known.setdefault((tuple(shape), dtype, device, stride), made)

    @classmethod
    def _make(cls, shape, stride, dtype, device):
        self = object.__new__(cls)
        self.shape = Size(shape)
        self.stride = tuple(stride)
        self.dtype = dtype
        self.device = device
        self.ndim = len(shape)
        self.aval = Aval(tuple(shape), dtype.numpy)
        self.numel = self.aval.size
        self.is_contiguous = is_contiguous(shape, stride)
        return self

    def __repr__(self):
        return f"Meta({self.aval}, stride={self.stride}, {self.device})"

    def replaced(self, shape=None, dtype=None, device=None, stride=None):
        """This meta with some fields changed; strides are contiguous where the shape is new."""
        if stride is None and shape is None:
            stride = self.stride
        return Meta(
            self.shape if shape is None else shape,
            self.dtype if dtype is None else dtype,
            self.device if device is None else device,
            stride,
        )
