"""torch.layout and torch.memory_format: names of layouts; tensors here have one, strided."""


class _Name:
    """A constant with a name, one object per name; it pickles and copies as itself."""

    __slots__ = ("_name",)

    def __new__(cls, *args, **kwargs):
        raise TypeError(f"cannot create 'torch.{cls.__name__}' instances")

    @classmethod
    def _make(cls, name):
        self = object.__new__(cls)
        self._name = name
        return self

    def __repr__(self):
        return f"torch.{self._name}"

    def __reduce__(self):
        return _by_name, (self._name,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class layout(_Name):
    """How the elements of a tensor lie in memory. Source: torch.layout."""

    __slots__ = ()
    __module__ = "torch"


class memory_format(_Name):
    """An order of dims in memory that operations can be asked for. Source: torch.memory_format."""

    __slots__ = ()
    __module__ = "torch"


LAYOUTS = {
    name: layout._make(name)
    for name in (
        "strided", "sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "jagged",
        "_mkldnn",
    )
}  # fmt: skip
MEMORY_FORMATS = {
    name: memory_format._make(name)
    for name in ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
}
BY_NAME = LAYOUTS | MEMORY_FORMATS


def _by_name(name):
    """The layout or memory format of a pickle."""
    return BY_NAME[name]


strided = LAYOUTS["strided"]
