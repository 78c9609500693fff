"""Max pooling: the largest element of each window, and where in the plane it is."""

from jtorch import _dtypes
from jtorch._ops.detailed import detailed
from jtorch._ops.edges import tracked
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Ints
from jtorch._ops.pooling import (
    SIZES_ROWS,
    Shape,
    check_counts,
    check_line,
    check_shape,
    output_size,
    require_bools,
    several,
)
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, COMPLEX_TYPES, FLOAT8_TYPES, refuses
from jtorch._ops.sliding import largest, largest_with_places
from jtorch._shapes import channels_last_3d_strides, is_channels_last_3d, is_contiguous
from jtorch._tensor import Tensor

_NAMES = {2: "MaxPool2DWithIndicesBackward0", 3: "MaxPool3DWithIndicesBackward0"}


def _check(count):
    name = f"max_pool{count}d"
    refuse = refuses(name, BOOL_TYPES, COMPLEX_TYPES, BAREBONES, FLOAT8_TYPES)

    def check(input, kernel_size, stride, padding, dilation, ceil_mode):
        check_counts(name, count, kernel_size, stride, padding, dilation)
        if input.ndim not in (count + 1, count + 2):
            raise RuntimeError(
                f"non-empty {count + 1}D or {count + 2}D (batch mode) tensor expected for input"
            )
        shape = Shape(input, count, kernel_size, stride, padding, dilation, ceil_mode)
        check_shape(shape, "max_pool3d_with_indices_out_cpu_template()")
        refuse(input)

    return check


def _layout_of_volumes(input, result):
    """torch looks at the format of an input without a batch as if it had one."""
    if len(result) == 5:
        return kept_format(input, result)
    batched = (1, *input.shape), (0, *input.stride())
    last = is_channels_last_3d(*batched) and not is_contiguous(*batched)
    return channels_last_3d_strides((1, *result))[1:] if last else None


def _result(count):
    def shape(input, kernel_size, stride, padding, dilation, ceil_mode):
        return Shape(input, count, kernel_size, stride, padding, dilation, ceil_mode).result

    return shape


def _body(count, pooled):
    """A row's body: what `pooled` makes of the input and its windows."""

    def body(
        input: Tensor,
        kernel_size: Ints,
        stride: Ints | None = (),
        padding: Ints = (0,),
        dilation: Ints = (1,),
        ceil_mode: bool = False,
    ):
        shape = Shape(input, count, kernel_size, stride, padding, dilation, ceil_mode)
        return pooled(input, shape.windows())

    return body


def _rows(count):
    layout = kept_format if count == 2 else _layout_of_volumes
    known = {"row": SIZES_ROWS[count], "check": _check(count), "gradient": _NAMES[count]}
    name = f"max_pool{count}d"
    values = detailed(
        name=name, variants="f", layout=layout, shape=_result(count),
        dtype=lambda input: input.dtype, **known,
    )(_body(count, largest))  # fmt: skip
    both = detailed(
        name=f"{name}_with_indices", variants="", layout=(layout, layout),
        out_check=None, cast_out=False, **known,
    )(_body(count, largest_with_places))  # fmt: skip
    return values, both


max_pool2d, max_pool2d_with_indices = _rows(2)
max_pool3d, max_pool3d_with_indices = _rows(3)


# Along one dim


def _one(name, what, sizes, optional):
    sizes = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    if len(sizes) == 1 or (optional and not sizes):
        return
    text = "None, an int, list of ints, or" if what == "stride" else "an int, list of ints"
    text += {"padding": ", or", "stride": ""}.get(what, " or")
    raise RuntimeError(
        f"{name}() {what} must be {text} tuple of ints of size 1 but got size {len(sizes)}"
    )


def _check_line(input, kernel_size, stride, padding, dilation, ceil_mode):
    """torch's own check of the operation along one dim."""
    shape = input.shape
    if len(shape) not in (2, 3) or 0 in shape[len(shape) - 2 :]:
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{list(shape)}"
        )
    given = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    for what, sizes in given.items():
        _one("max_pool1d", what, sizes, what == "stride")
    kernel, pad, dilated = kernel_size[0], padding[0], dilation[0]
    step = stride[0] if stride else kernel
    for what, size in (("kernel_size", kernel), ("stride", step)):
        if size <= 0:
            raise RuntimeError(f"max_pool1d() {what} must be greater than zero, but got {size}")
    if pad < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {pad}")
    if pad > kernel // 2:
        raise RuntimeError(
            "max_pool1d() padding should be at most half of kernel size, but got "
            f"padding={pad} and kernel_size={kernel}"
        )
    if dilated <= 0:
        raise RuntimeError(f"max_pool1d() dilation must be greater than zero, but got {dilated}")
    count = output_size(shape[-1], kernel, pad, step, dilated, ceil_mode)
    if count <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {count}")


_refuse_line = refuses(
    "max_pool1d_impl", BOOL_TYPES,
    tuple(each for each in _dtypes.ALL if each.category == _dtypes.INTEGRAL),
    COMPLEX_TYPES, FLOAT8_TYPES,
)  # fmt: skip


def _check_whole_line(input, kernel_size, stride, padding, dilation, ceil_mode):
    _check_line(input, kernel_size, stride, padding, dilation, ceil_mode)
    _refuse_line(input)


_line = detailed(
    name="max_pool1d.values",
    variants="",
    check=_check_whole_line,
    shape=_result(1),
    dtype=lambda input: input.dtype,
)(_body(1, largest))


_ONE_DIM = (
    "(Tensor input, tuple of ints kernel_size, tuple of ints? stride = None, tuple of ints padding "
    "= 0, tuple of ints dilation = 1, bool ceil_mode = False)"
)


@offered(_ONE_DIM, variants="f")
def max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """The largest element of each window along the last dim; NaN is the largest.

    Shape:   (N, C, W) or (C, W) -> with the number of windows for W.
    Errors:  RuntimeError if the sizes do not suit; NotImplementedError for integers.
    Source:  torch.max_pool1d.
    """
    require_tensors(input)
    require_bools(ceil_mode)
    sizes = (*map(several, (kernel_size, stride, padding, dilation)), ceil_mode)
    if not tracked((input,)):
        return _line(input, *sizes)
    _check_line(input, *sizes)
    return max_pool1d_with_indices(input, *sizes)[0]


@offered(_ONE_DIM, variants="f")
def max_pool1d_with_indices(
    input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False
):
    """(the largest element of each window along the last dim, its place there).

    Source:  torch.max_pool1d_with_indices.
    """
    require_tensors(input)
    require_bools(ceil_mode)
    kernel, stride, pad, dilated = map(several, (kernel_size, stride, padding, dilation))
    check_line(
        "max_pool1d", input, kernel_size=kernel, stride=stride, padding=pad, dilation=dilated
    )
    found = max_pool2d_with_indices(
        input.unsqueeze(-2), (1, *kernel), (1, *(stride or kernel)), (0, *pad), (1, *dilated),
        ceil_mode,
    )  # fmt: skip
    return tuple([each.squeeze(-2) for each in found])
