"""What torch refuses of convolutions, in its order and words; what differs by its kernels too."""

import math

from jtorch._dtypes import COMPLEX
from jtorch._ops.convolution_geometry import transposed_sizes
from jtorch._ops.refusals import BAREBONES, BOOL_TYPES, FLOAT8_TYPES, INTEGER_TYPES, unsupported

_NEVER = (*BOOL_TYPES, *FLOAT8_TYPES, *BAREBONES)
_LONG = "int64"


def check_convolution(
    input, weight, bias, stride, padding, dilation, transposed, output_padding, groups
):
    """Errors of a convolution whose lists are as long as there are dims."""
    _check_numbers(stride, padding, dilation, output_padding)
    _check_weight(input, weight, groups)
    if transposed:
        _check_transposed_channels(input, weight, bias, groups)
    else:
        _check_channels(input, weight, bias, groups)
        _check_kernel_fits(input, weight, padding, dilation)
    if 0 in input.shape[2:] and 0 not in input.shape[:2]:
        shape = _with_height(input.shape, input.shape[:2])
        raise RuntimeError(
            f"Only zero batch or zero channel inputs are supported, but got input shape: {shape}"
        )
    if 0 not in input.shape[:2]:
        _check_kernel_sizes(weight, transposed)
        _check_dilation(weight, dilation, transposed)
    if transposed:
        _check_output_padding(stride, dilation, output_padding)
        _check_size(input, weight, stride, padding, dilation, output_padding)
    _check_dtypes(input, weight, stride, dilation, transposed, output_padding, groups)


def expanded(given, name, dims):
    """A list for each of the dims. Errors: RuntimeError if it is of another length."""
    if len(given) == 1:
        return tuple(given) * dims
    if len(given) != dims:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {dims} values to match the "
            f"convolution dimensions, but got {name}={list(given)}"
        )
    return tuple(given)


def _check_numbers(stride, padding, dilation, output_padding):
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if min(output_padding) < 0:
        raise RuntimeError("negative output_padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) < 0:
        raise RuntimeError("dilation should be greater than zero")


def _check_weight(input, weight, groups):
    if weight.ndim != input.ndim:
        raise RuntimeError(
            f"Expected {weight.ndim}-dimensional input for {weight.ndim}-dimensional weight "
            f"{list(weight.shape)}, but got {input.ndim}-dimensional input of size "
            f"{list(input.shape)} instead"
        )
    given = f"Given groups={groups}, expected weight to be"
    if weight.shape[0] < groups:
        raise RuntimeError(
            f"{given} at least {groups} at dimension 0, but got weight of size "
            f"{list(weight.shape)} instead"
        )
    if weight.shape[0] % groups:
        raise RuntimeError(
            f"{given} divisible by {groups} at dimension 0, but got weight of size "
            f"[{list(weight.shape)}] instead"
        )


def _check_channels(input, weight, bias, groups):
    wanted = weight.shape[1] * groups
    if input.shape[1] != wanted:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {list(weight.shape)}, expected input"
            f"{list(input.shape)} to have {wanted} channels, but got {input.shape[1]} channels "
            "instead"
        )
    _check_bias(bias, weight.shape[0], f"Given weight of size {list(weight.shape)}")


def _check_transposed_channels(input, weight, bias, groups):
    given = f"Given transposed=1, weight of size {list(weight.shape)}"
    if input.shape[1] != weight.shape[0]:
        raise RuntimeError(
            f"{given}, expected input{list(input.shape)} to have {weight.shape[0]} channels, but "
            f"got {input.shape[1]} channels instead"
        )
    _check_bias(bias, weight.shape[1] * groups, given)


def _check_bias(bias, count, given):
    if bias is not None and tuple(bias.shape) != (count,):
        raise RuntimeError(
            f"{given}, expected bias to be 1-dimensional with {count} elements, but got bias of "
            f"size {list(bias.shape)} instead"
        )


def _check_kernel_fits(input, weight, padding, dilation):
    sizes = [size + 2 * pad for size, pad in zip(input.shape[2:], padding, strict=True)]
    kernels = [step * (size - 1) + 1 for size, step in zip(weight.shape[2:], dilation, strict=True)]
    if any(size < kernel for size, kernel in zip(sizes, kernels, strict=True)):
        raise RuntimeError(
            f"Calculated padded input size per channel: ({_times(sizes)}). Kernel size: "
            f"({_times(kernels)}). Kernel size can't be greater than actual input size"
        )


def _times(sizes):
    return " x ".join(map(str, sizes))


def _with_height(values, before=()):
    """torch computes what has one dim as if it had two: the values for these."""
    front, rest = list(before), list(values)[len(before) :]
    return front + ([1, *rest] if len(rest) == 1 else rest)


_AXES = ("depth", "height", "width")


def _by_axis(name, values, separator=" "):
    axes = _AXES[3 - len(values) :]
    return separator.join(f"{name}_{axis}: {each}" for axis, each in zip(axes, values, strict=True))


def _check_kernel_sizes(weight, transposed):
    if 0 not in weight.shape[2:]:
        return
    sizes = _with_height(weight.shape[2:])
    if len(sizes) == 2:
        raise RuntimeError(
            f"kernel size should be greater than zero, but got {_by_axis('kernel', sizes)}"
        )
    if transposed:
        raise RuntimeError(
            "non-empty 5D (n_output_plane x n_input_plane x kernel_depth x kernel_height x "
            f"kernel_width) tensor expected for weight, but got: {list(weight.shape)}"
        )
    raise RuntimeError(f"kernel size should be greater than zero, but got: {_times(sizes)} (TxHxW)")


def _check_dilation(weight, dilation, transposed):
    if 0 in dilation:
        steps = [1, *dilation] if len(dilation) == 1 else list(dilation)
        shown = _by_axis("dilation", steps, ", ") if transposed else steps
        raise RuntimeError(f"dilation should be greater than zero, but got {shown}")


def _check_output_padding(stride, dilation, output_padding):
    triples = zip(output_padding, stride, dilation, strict=True)
    if any(extra >= step and extra >= spread for extra, step, spread in triples):
        one = len(stride) == 1
        parts = (
            _by_axis("output_padding", [0, *output_padding] if one else output_padding),
            _by_axis("stride", [1, *stride] if one else stride),
            _by_axis("dilation", [1, *dilation] if one else dilation),
        )
        raise RuntimeError(
            f"output padding must be smaller than either stride or dilation, but got "
            f"{' '.join(parts)}"
        )


def _check_size(input, weight, stride, padding, dilation, output_padding):
    sizes = transposed_sizes(
        input.shape[2:], weight.shape[2:], stride, padding, dilation, output_padding
    )
    if min(sizes) < 1 and 0 not in input.shape:
        raise RuntimeError(
            f"Given input size per channel: ({_times(_with_height(input.shape[2:]))}). Calculated "
            f"output size per channel: ({_times(_with_height(sizes))}). Output size is too small"
        )


def uses_onednn(input, weight, stride, dilation, transposed, output_padding, groups):
    """Whether torch's CPU kernel is oneDNN's, whose errors and layouts are others."""
    if transposed and any(
        extra >= step for extra, step in zip(output_padding, stride, strict=True)
    ):
        return False
    if input.dtype.name == "bfloat16":
        return True
    if input.dtype.name != "float32":
        return False
    kernel = _with_height(weight.shape[2:])
    is_large = kernel[-1] > 3 and kernel[-2] > 3
    count = math.prod(input.shape[:4])
    return groups > 1 or is_large or input.shape[0] > 1 or count > 20480


def _check_dtypes(input, weight, stride, dilation, transposed, output_padding, groups):
    if 0 in input.shape[:2]:
        return
    if input.dtype is not weight.dtype:
        settings = (stride, dilation, transposed, output_padding, groups)
        if uses_onednn(input, weight, *settings):
            raise RuntimeError(
                f"{_types(input, weight)} should be the same or input should be a MKLDNN tensor "
                "and weight is a dense tensor"
            )
        _require_kernel(input, weight, dilation, transposed)
        raise RuntimeError(
            f"expected scalar type {input.dtype.scalar_name} but found {weight.dtype.scalar_name}"
        )
    _require_kernel(input, weight, dilation, transposed)


def _require_kernel(input, weight, dilation, transposed):
    """Errors:  NotImplementedError, with the name of torch's kernel, for a dtype it has none for."""
    dtype, dims = input.dtype, input.ndim - 2
    is_small = dtype in INTEGER_TYPES and dtype.name != _LONG
    if transposed:
        kernel = f"slow_conv_transpose{max(dims, 2)}d_out_cpu"
    elif set(dilation) != {1}:
        kernel = "slow_conv_dilated<>"
    else:
        kernel = "slow_conv2d_cpu" if dims < 3 else "compute_columns3d"
        is_small = dtype.category == COMPLEX and dims < 3
    if is_small or dtype in _NEVER:
        raise unsupported(kernel, dtype)


def check_same_types(input, weight):
    """torch's check where it makes three real convolutions of one of complex numbers."""
    if input.dtype is not weight.dtype:
        raise RuntimeError(f"{_types(input, weight)} should be the same")


def _types(input, weight):
    return f"Input type ({_type(input)}) and weight type ({_type(weight)})"


_OLD_NAMES = ("Float", "Double", "Half", "Byte", "Char", "Short", "Int", "Long")


def _type(tensor):
    name = tensor.dtype.scalar_name
    return f"torch.{name}Tensor" if name in _OLD_NAMES else f"CPU{name}Type"
