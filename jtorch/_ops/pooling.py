"""What poolings have in common: their windows, and torch's checks of sizes."""

import numpy as np

from jtorch._ops.detailed import DetailedRow
from jtorch._ops.signatures import is_integer
from jtorch._ops.sliding import Window

_NUMBERS = {2: "two", 3: "three"}
_AXES = {2: "HW", 3: "THW"}


def per_dim(sizes, count):
    """Sizes for each of the dims: all as they are, or one for all."""
    return tuple(sizes) * count if len(sizes) == 1 else tuple(sizes)


def several(sizes):
    """What is given as an integer or several, as a tuple.

    Errors:  TypeError, without torch's words, for anything else.
    """
    if sizes is None:
        return ()
    sizes = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    if not all(map(is_integer, sizes)):
        raise TypeError("not integers")
    return tuple([each.__index__() for each in sizes])


class SizesRow(DetailedRow):
    """A row whose sizes are for `dims` dims each; one size stands for all, as torch has it."""

    dims = 1

    def _integers(self, position, value):
        return per_dim(super()._integers(position, value), self.dims)


class PlanesRow(SizesRow):
    dims = 2


class VolumesRow(SizesRow):
    dims = 3


SIZES_ROWS = {2: PlanesRow, 3: VolumesRow}


def list_with_default(out_size, defaults):
    """The sizes, those that are None taken from the last of the defaults. Errors: ValueError."""
    if isinstance(out_size, int):
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(f"Input dimension should be at least {len(out_size) + 1}")
    known = defaults[-len(out_size) :]
    # torch goes on with no sizes, too
    return [old if new is None else new for new, old in zip(out_size, known, strict=False)]


def require_bools(*values):
    """Errors: TypeError, without torch's words, if one of them is no bool."""
    for each in values:
        if not isinstance(each, (bool, np.bool_)):
            raise TypeError("not a bool")


def check_line(name, input, **sizes):
    """torch's check of what is pooled along one dim as if along two."""
    if input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 "
            f"'self' (while checking arguments for {name})"
        )
    for what, given in sizes.items():
        if len(given) != 1 and (given or what != "stride"):
            raise RuntimeError(
                f"{name}() argument '{what}' should contain one int (got {len(given)})"
            )


class Shape:
    """What a pooling's arguments come to: sizes for each dim, of the input and of the result."""

    def __init__(self, input, count, kernel_size, stride, padding, dilation, ceil_mode):
        self.count = count
        self.kernel = per_dim(kernel_size, count)
        self.stride = per_dim(stride, count) if stride else self.kernel
        self.padding = per_dim(padding, count)
        self.dilation = per_dim(dilation, count)
        self.input = tuple(input.shape)
        self.sizes = self.input[-count:]
        rows = zip(self.sizes, self.kernel, self.padding, self.stride, self.dilation, strict=True)
        self.output = tuple([output_size(*each, ceil_mode) for each in rows])

    @property
    def result(self):
        return self.input[: -self.count] + self.output

    def windows(self):
        """Pairs of a dim and its `Window`, from the last dim on."""
        ndim, count = len(self.input), self.count
        rows = zip(
            self.kernel, self.stride, self.padding, self.dilation, self.sizes, self.output,
            strict=True,
        )  # fmt: skip
        found = [(ndim - count + place, Window(*row)) for place, row in enumerate(rows)]
        return tuple(reversed(found))


def output_size(size, kernel, padding, stride, dilation, ceil_mode):
    """How many windows there are along a dim; the last one starts inside, or in the first border.

    Errors:  RuntimeError, in torch's words, for a stride of 0 and for paddings that do not suit.
    """
    if stride == 0:
        raise RuntimeError("stride should not be zero")
    if padding < 0:
        raise RuntimeError(f"pad must be non-negative, but got pad: {padding}")
    if padding > _half((kernel - 1) * dilation + 1):
        raise RuntimeError(
            "pad should be at most half of effective kernel size, but got "
            f"pad={padding}, kernel_size={kernel} and dilation={dilation}"
        )
    left = size + 2 * padding - dilation * (kernel - 1) - 1
    count = (left + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1
    return count


def _half(size):
    return int(size / 2)  # towards 0, as C divides


def check_counts(name, count, kernel_size, stride, padding, dilation=None, either=True):
    """torch's check of how many sizes were given."""
    both = "either " if either else ""
    number = _NUMBERS[count]
    if len(kernel_size) not in (1, count):
        raise RuntimeError(
            f"{name}: kernel_size must {both}be a single int, or a tuple of {number} ints"
        )
    if stride and len(stride) not in (1, count):
        raise RuntimeError(
            f"{name}: stride must {both}be omitted, a single int, or a tuple of {number} ints"
        )
    if len(padding) not in (1, count):
        raise RuntimeError(
            f"{name}: padding must {both}be a single int, or a tuple of {number} ints"
        )
    if dilation is not None and len(dilation) not in (1, count):
        raise RuntimeError(
            f"{name}: dilation must be either a single int, or a tuple of {number} ints"
        )


def check_shape(shape, name=None, fits_kernel=False):
    """torch's check of sizes, once the number of windows is known.

    `name` is that of torch's function, for three dims; `fits_kernel`: the kernel must fit into the
    input.
    """
    count, axes = shape.count, _AXES[shape.count]
    _require_positive("kernel size", "k", shape.kernel, axes)
    _require_positive("stride", "d", shape.stride, axes)
    _require_positive("dilation", "dilation", shape.dilation, axes)
    if count == 2:
        _check_plane(shape)
    else:
        _check_volume(shape, name, fits_kernel)
    if any(_half(kernel) < pad for kernel, pad in zip(shape.kernel, shape.padding, strict=True)):
        _refuse_padding(shape)
    if min(shape.output) < 1:
        planes = shape.input[-count - 1]
        given, found = ("x".join(map(str, (planes, *each))) for each in (shape.sizes, shape.output))
        raise RuntimeError(
            f"Given input size: ({given}). Calculated output size: ({found}). "
            "Output size is too small"
        )


def _require_positive(what, letter, sizes, axes):
    if min(sizes) <= 0:
        texts = [f"{letter}{axis}: {size}" for axis, size in zip(axes, sizes, strict=True)]
        raise RuntimeError(f"{what} should be greater than zero, but got {' '.join(texts)}")


def _check_plane(shape):
    if len(shape.input) not in (3, 4) or 0 in shape.input[len(shape.input) - 3 :]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{list(shape.input)}"
        )


def _check_volume(shape, name, fits_kernel):
    input = shape.input
    if len(input) not in (4, 5):
        raise RuntimeError(f"{name}: Expected 4D or 5D tensor for input, but got: {list(input)}")
    if 0 in input[len(input) - 4 :]:
        raise RuntimeError(
            f"{name}: Expected input's non-batch dimensions to have positive length, but input has "
            f"a shape of {list(input)} and non-batch dimension 0 has length zero!"
        )
    if fits_kernel and any(
        size < kernel for size, kernel in zip(shape.sizes, shape.kernel, strict=True)
    ):
        sizes = " ".join(f"{a}: {n}" for a, n in zip("THW", shape.sizes, strict=True))
        kernel = " ".join(f"k{a}: {n}" for a, n in zip("THW", shape.kernel, strict=True))
        raise RuntimeError(f"input image ({sizes}) smaller than kernel size ({kernel})")


def _refuse_padding(shape):
    """torch names the last two dims the other way round."""
    axes = ("W", "H") if shape.count == 2 else ("T", "W", "H")
    order = (1, 0) if shape.count == 2 else (0, 2, 1)
    pads, kernels = (
        [f"{letter}{axis}{mark}{sizes[place]}" for axis, place in zip(axes, order, strict=True)]
        for letter, mark, sizes in (
            ("pad", " = " if shape.count == 2 else ": ", shape.padding),
            ("k", " = " if shape.count == 2 else ": ", shape.kernel),
        )
    )
    texts = ", ".join(pads + kernels) if shape.count == 2 else " ".join(kernels + pads)
    raise RuntimeError(
        f"pad should be smaller than or equal to half of kernel size, but got {texts}"
    )
