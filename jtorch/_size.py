"""torch.Size: the shape of a tensor, a tuple with two extras."""

import math
import typing


class Size(tuple[int, ...]):
    """A shape: `Size([2, 3])`.

    Errors:  TypeError if an element is not an integer.
    Source:  torch.Size.
    """

    __slots__ = ()
    __module__ = "torch"

    def __new__(cls, *iterable):
        if len(iterable) > 1:
            raise TypeError(f"tuple expected at most 1 argument, got {len(iterable)}")
        self = tuple.__new__(cls, *iterable)
        if all(extent.__class__ is int for extent in self):
            return self
        for position, extent in enumerate(self):
            if not hasattr(extent, "__index__"):
                raise TypeError(
                    "torch.Size() takes an iterable of 'int' "
                    f"(item {position} is '{type(extent).__name__}')"
                )
        return tuple.__new__(cls, [extent.__index__() for extent in self])

    def __repr__(self):
        return f"torch.Size([{', '.join(map(str, self))}])"

    @typing.overload
    def __getitem__(self, item: typing.SupportsIndex) -> int: ...

    @typing.overload
    def __getitem__(self, item: slice) -> "Size": ...

    def __getitem__(self, item):
        found = tuple.__getitem__(self, item)
        return Size(found) if item.__class__ is slice else found

    def __add__(self, other) -> "Size":
        if not isinstance(other, tuple):
            if isinstance(other, list):
                raise TypeError("can only concatenate tuple (not list) to torch.Size")
            return NotImplemented
        return Size(tuple.__add__(self, other))

    def __radd__(self, other) -> "Size":
        if not isinstance(other, tuple):
            return NotImplemented
        return Size(tuple.__add__(tuple(other), self))

    def __mul__(self, times) -> "Size":
        return Size(tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self):
        return _unpickled, (tuple(self),)

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return math.prod(self)


def _unpickled(extents) -> Size:
    # found by its own module, where the class says that it is torch's
    return Size(extents)
