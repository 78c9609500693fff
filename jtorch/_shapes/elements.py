"""Views that change what an element is: complex numbers as pairs, other dtypes over the bytes."""

from jtorch._shapes.views import Geometry


def view_as_real(geometry: Geometry) -> Geometry:
    """Complex elements as pairs of real ones, counted in real elements."""
    shape, stride, offset = geometry
    return (*shape, 2), (*(2 * step for step in stride), 1), 2 * offset


def view_as_complex(geometry: Geometry) -> Geometry:
    """Pairs of real elements as complex ones, counted in complex elements.

    Errors:  RuntimeError unless the last dim holds pairs that lie together and evenly in memory.
    """
    shape, stride, offset = geometry
    if not shape:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if stride[-1] != 1:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if any(step % 2 for size, step in zip(shape[:-1], stride[:-1], strict=True) if size != 1):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    if offset % 2:
        raise RuntimeError("Tensor must have a storage_offset divisible by 2")
    return tuple(shape[:-1]), tuple(step // 2 for step in stride[:-1]), offset // 2


def view_dtype(
    geometry: Geometry, itemsize: int, new_itemsize: int, name: str, new_name: str
) -> Geometry:
    """`tensor.view(dtype)`, counted in the new elements; names are as in "Float", "ComplexDouble".

    Errors:  RuntimeError if the last dim's bytes do not divide into the new elements.
    """
    if itemsize == new_itemsize:
        return geometry
    shape, stride, offset = geometry
    what = f"to view {name} as {new_name} (different element sizes)"
    if not shape:
        raise RuntimeError(f"self.dim() cannot be 0 {what}")

    def check_divides(attribute: str, value: int) -> None:
        if value % ratio:
            raise RuntimeError(
                f"self.{attribute} must be divisible by {ratio} {what}, but got {value}"
            )

    def check_innermost() -> None:
        if stride[-1] != 1:
            raise RuntimeError(f"self.stride(-1) must be 1 {what}, but got {stride[-1]}")

    if itemsize > new_itemsize:
        check_innermost()
        ratio = itemsize // new_itemsize
        return (
            (*shape[:-1], shape[-1] * ratio),
            (*(step * ratio for step in stride[:-1]), 1),
            offset * ratio,
        )
    ratio = new_itemsize // itemsize
    check_divides("size(-1)", shape[-1])
    check_divides("storage_offset()", offset)
    check_innermost()
    for axis, step in enumerate(stride[:-1]):
        check_divides(f"stride({axis})", step)
    return (
        (*shape[:-1], shape[-1] // ratio),
        (*(step // ratio for step in stride[:-1]), 1),
        offset // ratio,
    )
