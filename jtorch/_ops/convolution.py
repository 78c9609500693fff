"""Convolutions as torch has them: the row, and the functions that are one, or several, of it."""

from jax import numpy as jnp

from jtorch._autocast import listed
from jtorch._dtypes import COMPLEX, c_name
from jtorch._messages import warn_once
from jtorch._ops.convolution_checks import (
    check_convolution,
    check_same_types,
    expanded,
    uses_onednn,
)
from jtorch._ops.convolution_geometry import Geometry, output_sizes, transposed_sizes
from jtorch._ops.convolution_roles import convolve, convolve_transposed
from jtorch._ops.detailed import detailed
from jtorch._ops.offered import require_tensors
from jtorch._ops.padding import constant_pad_nd
from jtorch._ops.parameters import Ints
from jtorch._ops.product import HALF
from jtorch._ops.signatures import Signatures, bind_both, is_integer, parse, worded
from jtorch._shapes import channels_last_3d_strides, channels_last_strides, suggested_format
from jtorch._tensor import Tensor


def _shape(input, weight, stride, padding, dilation, transposed, output_padding, groups):
    size, kernel = input.shape[2:], weight.shape[2:]
    if transposed:
        sizes = transposed_sizes(size, kernel, stride, padding, dilation, output_padding)
        return (input.shape[0], weight.shape[1] * groups, *sizes)
    channels = weight.shape[0] if input.shape[1] else 0  # so it is in torch
    return (input.shape[0], channels, *output_sizes(size, kernel, stride, padding, dilation))


def _layout(input, weight, stride, dilation, transposed, output_padding, groups, result):
    formats = [suggested_format(each.shape, each.stride()) for each in (input, weight)]
    if "channels_last" in formats:
        return channels_last_strides(result)
    settings = (stride, dilation, transposed, output_padding, groups)
    if "channels_last_3d" in formats and uses_onednn(input, weight, *settings):
        return channels_last_3d_strides(result)
    return None


@detailed(
    name="convolution.expanded",
    variants="",
    gradient="ConvolutionBackward0",
    check=check_convolution,
    shape=_shape,
    dtype=lambda input: input.dtype,
    layout=_layout,
)
def _convolution(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Ints,
    padding: Ints,
    dilation: Ints,
    transposed: bool,
    output_padding: Ints,
    groups: int,
):
    shape = _shape(input, weight, stride, padding, dilation, transposed, output_padding, groups)
    if 0 in shape or not input.shape[1]:
        return _empty(input, weight, bias, shape)
    dtype = jnp.float32 if input.dtype in HALF else input.dtype
    wide, by = input.astype(dtype), weight.astype(dtype)
    large, small = (shape, input.shape) if transposed else (input.shape, shape)
    narrow = input.dtype == jnp.bfloat16
    geometry = Geometry(
        large[2:], weight.shape[2:], small[2:], stride, padding, dilation, groups, narrow
    )
    result = (convolve_transposed if transposed else convolve)(wide, by, geometry)
    if bias is not None:
        result = result + bias.astype(dtype).reshape(-1, *[1] * geometry.dims)
    return result.astype(input.dtype)


def _empty(input, weight, bias, shape):
    """A result without elements, or of no channels, that has gradients as others have."""
    none = input.sum() + weight.sum() + (0 if bias is None else bias.astype(input.dtype).sum())
    return jnp.broadcast_to(none * 0, shape)


def _record(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups):
    """The row, of lists that may have one element for all dims."""
    dims = weight.ndim - 2
    if dims < 1:
        raise RuntimeError("weight should have at least three dimensions")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    lists = {
        "stride": stride, "padding": padding, "dilation": dilation,
        "output_padding": output_padding,
    }  # fmt: skip
    stride, padding, dilation, output_padding = [
        expanded(each, name, dims) for name, each in lists.items()
    ]
    if dims > 3:
        raise RuntimeError("unsupported ConvNd parameters")
    return _convolution(
        input, weight, bias, stride, padding, dilation, transposed, output_padding, groups
    )


def _offered(name, *texts):
    """Declare a function of these overloads; it raises any TypeError where an argument is wrong."""

    def declare(function):
        function = listed(name, function)

        def call(args, kwargs):
            return function(*args, **kwargs)

        signatures = Signatures(name, [parse(text) for text in texts])
        as_function, as_method = worded(call, signatures, documentation=function.__doc__)
        bind_both(name, as_function, as_method, "f")
        return as_function

    return declare


@_offered(
    "convolution",
    "(Tensor input, Tensor weight, Tensor? bias, tuple of ints stride, tuple of ints padding, "
    "tuple of ints dilation, bool transposed, tuple of ints output_padding, int groups)",
)
def convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups):
    """Any convolution of one to three dims, transposed or not. Source: torch.convolution."""
    require_tensors(input, weight, *(() if bias is None else (bias,)))
    lists = [_integers(each, None) for each in (stride, padding, dilation, output_padding)]
    if transposed not in (True, False) or not is_integer(groups):
        raise TypeError("torch has words for this")
    return _record(input, weight, bias, *lists[:3], bool(transposed), lists[3], groups.__index__())


def _integers(value, dims):
    """A list of integers, or one integer for each of the dims. Errors: TypeError."""
    if value.__class__ is int and dims:
        return (value,) * dims
    if isinstance(value, (tuple, list)):
        if all(each.__class__ is int for each in value):
            return tuple(value)
        if all(map(is_integer, value)):
            return tuple([each.__index__() for each in value])
    elif dims and is_integer(value):
        return (value.__index__(),) * dims
    raise TypeError("torch has words for this")


# One function for each number of dims


def _batched(input, dims, name):
    """The input with a dim of samples, and whether it had one."""
    given = input.ndim
    if given == dims + 2:
        return input, True
    if given == dims + 1:
        return input.unsqueeze(0), False
    raise RuntimeError(
        f"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {name}, but got input "
        f"of size: {list(input.shape)}"
    )


def _of_complex(convolve, input, weight, bias):
    """torch makes three real convolutions of one of complex numbers."""
    for each in (weight, *(() if bias is None else (bias,))):
        check_same_types(input, each)
    real, imaginary = (None, None) if bias is None else (bias.real, bias.imag)
    both = None if bias is None else real + imaginary
    one = convolve(input.real, weight.real, real)
    other = convolve(input.imag, weight.imag, None)
    sums = convolve(input.real + input.imag, weight.real + weight.imag, both)
    difference = one - other
    return difference + 1j * (sums - one - other)


def _make(dims):
    name = f"conv{dims}d"
    zeros = (0,) * dims

    def convolve(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        require_tensors(input, weight, *(() if bias is None else (bias,)))
        stride, dilation = _integers(stride, dims), _integers(dilation, dims)
        by_name = isinstance(padding, str)
        if not by_name:
            padding = _integers(padding, dims)
            _check_type_of_bias(input, bias)
        groups = groups if groups.__class__ is int else _integers(groups, 1)[0]
        input, is_batch = _batched(input, dims, name)
        general = _by_padding_name if by_name else _record_plain
        settings = (stride, padding, dilation, zeros, groups)
        if input.dtype.category == COMPLEX:
            result = _of_complex(lambda *arrays: general(*arrays, *settings), input, weight, bias)
        else:
            result = general(input, weight, bias, *settings)
        return result if is_batch else result.squeeze(0)

    convolve.__doc__ = f"""A convolution over {dims} dim{"s" if dims > 1 else ""}, with zeros around the input.

    Shape:   (N, C, *size) or (C, *size), (O, C / groups, *kernel), (O) -> (N, O, *output).
    Dtype:   all the same; half precision is computed in float32.
    Errors:  RuntimeError if shapes, dtypes or settings do not fit.
    Source:  torch.nn.functional.{name}.
    """
    start = "(Tensor input, Tensor weight, Tensor? bias = None, tuple of ints stride = 1, "
    end = ", tuple of ints dilation = 1, int groups = 1)"
    return _offered(
        name, f"{start}tuple of ints padding = 0{end}", f'{start}str padding = "valid"{end}'
    )(convolve)


def _check_type_of_bias(input, bias):
    if bias is not None and bias.dtype is not input.dtype:
        raise RuntimeError(
            f"Input type ({c_name(input.dtype)}) and bias type ({c_name(bias.dtype)}) should be "
            "the same"
        )


def _record_plain(input, weight, bias, stride, padding, dilation, zeros, groups):
    return _record(input, weight, bias, stride, padding, dilation, False, zeros, groups)


def _by_padding_name(input, weight, bias, stride, padding, dilation, zeros, groups):
    if padding == "valid":
        return _record(input, weight, bias, stride, (0,), dilation, False, zeros, groups)
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    dims = weight.ndim - 2
    _check_same(input, weight, stride, dilation, groups)
    pairs = zip(weight.shape[2:], dilation * dims if len(dilation) == 1 else dilation, strict=True)
    totals = [step * (size - 1) for size, step in pairs]
    padding = tuple([total // 2 for total in totals])
    if any(total % 2 for total in totals):
        warn_once(
            "Using padding='same' with even kernel lengths and odd dilation may require a "
            "zero-padded copy of the input be created (Triggered internally at "
            "/__w/pytorch/pytorch/aten/src/ATen/native/Convolution.cpp:1101.)"
        )
        pads = [each for total in reversed(totals) for each in (0, total % 2)]
        input = constant_pad_nd(input, pads, 0)
    return _record(input, weight, bias, stride, padding, dilation, False, zeros, groups)


def _check_same(input, weight, stride, dilation, groups):
    dims = weight.ndim - 2
    if dims < 1:
        raise RuntimeError("weight should have at least three dimensions")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if weight.ndim != input.ndim:
        raise RuntimeError(
            f"Expected {weight.ndim}-dimensional input for {weight.ndim}-dimensional weight"
            f"{list(weight.shape)}, but got {input.ndim}-dimensional input of size "
            f"{list(input.shape)} instead"
        )
    for name, given in (("stride", stride), ("dilation", dilation)):
        if len(given) not in (1, dims):
            raise RuntimeError(f"{name} cannot broadcast to {dims} dimensions")
    if set(stride) != {1}:
        raise RuntimeError("padding='same' is not supported for strided convolutions")


def _make_transposed(dims):
    name = f"conv_transpose{dims}d"

    def convolve(
        input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
    ):
        require_tensors(input, weight, *(() if bias is None else (bias,)))
        stride, padding, output_padding, dilation = [
            _integers(each, dims) for each in (stride, padding, output_padding, dilation)
        ]
        groups = groups if groups.__class__ is int else _integers(groups, 1)[0]
        input, is_batch = _batched(input, dims, name)

        def general(*arrays):
            return _record(*arrays, stride, padding, dilation, True, output_padding, groups)

        if input.dtype.category == COMPLEX:
            result = _of_complex(general, input, weight, bias)
        else:
            result = general(input, weight, bias)
        return result if is_batch else result.squeeze(0)

    convolve.__doc__ = f"""The transpose of a convolution over {dims} dim{"s" if dims > 1 else ""}.

    Shape:   (N, C, *size) or (C, *size), (C, O / groups, *kernel), (O) -> (N, O, *output).
    Errors:  RuntimeError if shapes, dtypes or settings do not fit.
    Source:  torch.nn.functional.{name}.
    """
    text = (
        "(Tensor input, Tensor weight, Tensor? bias = None, tuple of ints stride = 1, tuple of ints "
        "padding = 0, tuple of ints output_padding = 0, int groups = 1, tuple of ints dilation = 1)"
    )
    return _offered(name, text)(convolve)


conv1d, conv2d, conv3d = map(_make, (1, 2, 3))
conv_transpose1d, conv_transpose2d, conv_transpose3d = map(_make_transposed, (1, 2, 3))


def _check_tbc(input, weight, bias):
    if input.ndim != 3:
        raise RuntimeError("Input must have 3 dims: time, batch, in_channel")
    if weight.ndim != 3:
        raise RuntimeError(
            "Weight tensor must have 3 dims: kernel_width, in_channels, out_channels."
        )
    if bias.ndim != 1:
        raise RuntimeError("Bias must be 1-D")
    if input.shape[2] != weight.shape[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in the weight tensor")
    if bias.shape[0] != weight.shape[2]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor (output channels).")


def _tbc_shape(input, weight, pad):
    length = input.shape[0] + 2 * pad - weight.shape[0] + 1
    return (length, input.shape[1], weight.shape[2])


def _check_tbc_sizes(input, weight, bias, pad):
    _check_tbc(input, weight, bias)
    shape = _tbc_shape(input, weight, pad)
    if shape[0] < 0:
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {shape[0]}: {list(shape)}"
        )
    if input.dtype is not weight.dtype:
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {input.dtype.scalar_name} and "
            f"{weight.dtype.scalar_name}"
        )


@detailed(
    variants="f",
    check=_check_tbc_sizes,
    shape=_tbc_shape,
    dtype=lambda input: input.dtype,
)
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: int = 0):
    """A convolution over the first dim. Source: torch.nn.functional.conv_tbc.

    Shape:   (T, N, C), (kernel, C, O), (O) -> (T + 2 * pad - kernel + 1, N, O).
    """
    shape = _tbc_shape(input, weight, pad)
    if 0 in (*shape, *input.shape, *weight.shape):
        return jnp.broadcast_to(bias.astype(input.dtype), shape)
    dtype = jnp.float32 if input.dtype in HALF else input.dtype
    geometry = Geometry(input.shape[:1], weight.shape[:1], shape[:1], (1,), (pad,), (1,), 1)
    by_channel = input.astype(dtype).transpose(1, 2, 0)
    result = convolve(by_channel, weight.astype(dtype).transpose(2, 1, 0), geometry)
    return (result.transpose(2, 0, 1) + bias.astype(dtype)).astype(input.dtype)
