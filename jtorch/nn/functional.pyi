"""torch.nn.functional. Written by scripts/write_stubs from the table of operations."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, overload
from jtorch._typing import _Ints, _Number, _bool, _dtype, _float, _int, _str
from jtorch.nn._scaled_products import ScalingType as ScalingType
from jtorch.nn._scaled_products import SwizzleType as SwizzleType
from jtorch._tensor import Tensor as Tensor

__all__ = [
    "GRID_SAMPLE_INTERPOLATION_MODES",
    "GRID_SAMPLE_PADDING_MODES",
    "ScalingType",
    "SwizzleType",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
    "affine_grid",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "celu_",
    "channel_shuffle",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_tbc",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "elu_",
    "embedding",
    "embedding_bag",
    "feature_alpha_dropout",
    "fold",
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "grid_sample",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "leaky_relu_",
    "linear",
    "linear_cross_entropy",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "mish",
    "mse_loss",
    "multi_head_attention_forward",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "native_channel_shuffle",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "pdist",
    "pixel_shuffle",
    "pixel_unshuffle",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rms_norm",
    "rrelu",
    "rrelu_",
    "scaled_dot_product_attention",
    "scaled_mm",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
    "unfold",
    "upsample",
    "upsample_bilinear",
    "upsample_nearest",
]

GRID_SAMPLE_PADDING_MODES: dict[_str, _int]
GRID_SAMPLE_INTERPOLATION_MODES: dict[_str, _int]

def adaptive_avg_pool1d(input: Tensor, output_size: _int | _Ints) -> Tensor:
    """The means of `output_size` parts of the last dim."""

def adaptive_avg_pool2d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """The means of `output_size` parts of the last two dims; None: the dim as it is."""

def adaptive_avg_pool3d(input: Tensor, output_size: _int | Sequence[_int | None]) -> Tensor:
    """The means of `output_size` parts of the last three dims; None: the dim as it is."""

@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False
) -> Tensor: ...
@overload
def adaptive_max_pool1d(
    input: Tensor,
    output_size: _int | Sequence[_int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool1d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False
) -> Tensor:
    """The largest elements of parts of the last two dims; with places if `return_indices`."""

@overload
def adaptive_max_pool2d(
    input: Tensor,
    output_size: _int | Sequence[_int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool2d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False
) -> tuple[Tensor, Tensor]:
    """The largest elements of parts of the last two dims; with places if `return_indices`."""

@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[False] = False
) -> Tensor:
    """The largest elements of parts of the last three dims; with places if `return_indices`."""

@overload
def adaptive_max_pool3d(
    input: Tensor,
    output_size: _int | Sequence[_int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def adaptive_max_pool3d(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: Literal[True]
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: _int | Sequence[_int | None], return_indices: _bool = False
) -> tuple[Tensor, Tensor]:
    """The largest elements of parts of the last three dims; with places if `return_indices`."""

def affine_grid(theta: Tensor, size: _Ints, align_corners: _bool | None = None) -> Tensor:
    """The grid for `grid_sample` of affine maps: where each element of a result comes from."""

def alpha_dropout(
    input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False
) -> Tensor:
    """`dropout` to the least value of `selu`, which keeps mean 0 and variance 1."""

def avg_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    ceil_mode: _bool = False,
    count_include_pad: _bool = True,
) -> Tensor:
    """The mean of each window along the last dim."""

def avg_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = (),
    padding: _int | _Ints = (0,),
    ceil_mode: _bool = False,
    count_include_pad: _bool = True,
    divisor_override: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def avg_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = (),
    padding: _int | _Ints = (0,),
    ceil_mode: _bool = False,
    count_include_pad: _bool = True,
    divisor_override: _int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: _bool = False,
    momentum: _float = 0.1,
    eps: _float = 1e-05,
) -> Tensor:
    """Channels with mean 0 and variance 1 over the batch, or by running statistics."""

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input1 @ weight[k] @ input2 + bias[k]` for every k."""

def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """How unlikely the target is if the input is the share of one of two classes."""

def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of the sigmoid, without overflow."""

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below. Source: torch.nn.functional.celu."""

def celu_(input: Tensor, alpha: _Number = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of all groups in turn: the first of each, the second of each, ..."""

@overload
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 1 dim, with zeros around the input."""

@overload
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
@overload
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 2 dims, with zeros around the input."""

@overload
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
@overload
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor:
    """A convolution over 3 dims, with zeros around the input."""

@overload
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _str = "valid",
    dilation: _int | _Ints = 1,
    groups: _int = 1,
) -> Tensor: ...
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A convolution over the first dim. Source: torch.nn.functional.conv_tbc."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 1 dim."""

def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 2 dims."""

def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    output_padding: _int | _Ints = 0,
    groups: _int = 1,
    dilation: _int | _Ints = 1,
) -> Tensor:
    """The transpose of a convolution over 3 dims."""

def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: _float = 0,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """1 - cos of two vectors where the target is 1; cos above the margin where it is -1."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """The cosine of the angle between vectors along `dim`, whose lengths count as `eps` at least."""

def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    ignore_index: _int = -100,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    label_smoothing: _float = 0.0,
) -> Tensor:
    """`nll_loss` of `log_softmax`; the target may be shares of classes, too."""

def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | _Ints,
    target_lengths: Tensor | _Ints,
    blank: _int = 0,
    reduction: _str = "mean",
    zero_infinity: _bool = False,
) -> Tensor:
    """Minus the logarithm of how likely sequences of labels are, wherever in time each of them is."""

def dropout(
    input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False
) -> Tensor:
    """Zeros for elements with probability `p`, the others times 1 / (1 - p), in training."""

def dropout1d(
    input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False
) -> Tensor:
    """`dropout` of whole channels: (C, L) or (N, C, L). Source: torch.nn.functional.dropout1d."""

def dropout2d(
    input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False
) -> Tensor:
    """`dropout` of whole channels: (N, C, H, W), or (N, C, L). Source: torch.nn.functional."""

def dropout3d(
    input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False
) -> Tensor:
    """`dropout` of whole channels: (C, D, H, W) or (N, C, D, H, W). Source: torch.nn.functional."""

def elu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """`x` above 0, `alpha * (exp(x) - 1)` below. Source: torch.nn.functional.elu."""

def elu_(input: Tensor, alpha: _Number = 1, scale: _Number = 1, input_scale: _Number = 1) -> Tensor:
    """`scale * x` above 0, `scale * alpha * (exp(input_scale * x) - 1)` below."""

def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: _int | None = None,
    max_norm: _float | None = None,
    norm_type: _float = 2.0,
    scale_grad_by_freq: _bool = False,
    sparse: _bool = False,
) -> Tensor:
    """The rows of `weight` that `input` names; with `max_norm`, made that short first, in place."""

def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: _float | None = None,
    norm_type: _float = 2,
    scale_grad_by_freq: _bool = False,
    mode: _str = "mean",
    sparse: _bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: _bool = False,
    padding_idx: _int | None = None,
) -> Tensor: ...
def feature_alpha_dropout(
    input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False
) -> Tensor:
    """`alpha_dropout` of whole channels. Source: torch.nn.functional.feature_alpha_dropout."""

def fold(
    input: Tensor,
    output_size: _int | _Ints,
    kernel_size: _int | _Ints,
    dilation: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    stride: _int | _Ints = 1,
) -> Tensor:
    """Images from sliding blocks, which are added where they overlap."""

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """The largest elements of windows at random distances, as many as are asked for."""

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None,
    output_ratio: _float | Sequence[_float] | None,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    return_indices: _bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The largest elements of windows at random distances, as many as are asked for."""

@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """The largest elements of windows at random distances, as many as are asked for."""

@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None,
    output_ratio: _float | Sequence[_float] | None,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    output_size: _int | _Ints | None = None,
    output_ratio: _float | Sequence[_float] | None = None,
    return_indices: _bool = False,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """The largest elements of windows at random distances, as many as are asked for."""

def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | _float,
    full: _bool = False,
    eps: _float = 1e-06,
    reduction: _str = "mean",
) -> Tensor:
    """How unlikely the target is where means and variances are given. This waits for `var`."""

def gelu(input: Tensor, *, approximate: _str = "none") -> Tensor: ...
def glu(input: Tensor, dim: _int = -1) -> Tensor:
    """The first half along `dim` times the sigmoid of the second. Source: torch.nn.functional.glu."""

def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: _str = "bilinear",
    padding_mode: _str = "zeros",
    align_corners: _bool | None = None,
) -> Tensor:
    """`input` at the places of a grid, which are from -1 to 1 over the image, last dim first."""

def group_norm(
    input: Tensor,
    num_groups: _int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
) -> Tensor:
    """Groups of channels with mean 0 and variance 1."""

def gumbel_softmax(
    logits: Tensor, tau: _float = 1, hard: _bool = False, eps: _float = 1e-10, dim: _int = -1
) -> Tensor:
    """A sample of the Gumbel-Softmax distribution along `dim`; `hard`: one 1, and 0 elsewhere."""

def handle_torch_function(
    public_api: Callable[..., Any],
    relevant_args: Iterable[Any],
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Let the arguments' classes answer for a function."""

def hardshrink(input: Tensor, lambd: _Number = 0.5, *, out: Tensor | None = None) -> Tensor:
    """The elements, and 0 for those inside [-lambd, lambd]. Source: torch.hardshrink."""

def hardsigmoid(input: Tensor, inplace: _bool = False) -> Tensor:
    """`x / 6 + 1 / 2`, between 0 and 1. Source: torch.nn.functional.hardsigmoid."""

def hardswish(input: Tensor, inplace: _bool = False) -> Tensor:
    """`x * hardsigmoid(x)`. Source: torch.nn.functional.hardswish."""

def hardtanh(
    input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0, inplace: _bool = False
) -> Tensor:
    """The elements inside [min_val, max_val], and the limits for those outside."""

def hardtanh_(input: Tensor, min_val: _Number = -1, max_val: _Number = 1) -> Tensor:
    """The elements inside [min_val, max_val], and the limits for those outside."""

def has_torch_function(relevant_args: Iterable[Any]) -> _bool:
    """Whether any of the arguments overrides functions."""

def has_torch_function_unary(tensor: Any) -> _bool:
    """Whether the argument overrides functions."""

def has_torch_function_variadic(*args: Any) -> _bool:
    """Whether any of the arguments overrides functions."""

def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: _float = 1.0,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """`input` where the target is 1; what `input` lacks to the margin where it is -1."""

def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: _str = "mean",
    delta: _float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Half the square of a small difference; `delta` times the size of a great one, less its half."""

def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: _bool = True,
    momentum: _float = 0.1,
    eps: _float = 1e-05,
) -> Tensor:
    """Channels of each sample with mean 0 and variance 1."""

def interpolate(
    input: Tensor,
    size: _int | _Ints | None = None,
    scale_factor: _float | Sequence[_float] | None = None,
    mode: _str = "nearest",
    align_corners: _bool | None = None,
    recompute_scale_factor: _bool | None = None,
    antialias: _bool = False,
) -> Tensor:
    """`input`, resized to `size` or by `scale_factor`."""

def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    log_target: _bool = False,
) -> Tensor: ...
def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The size of the difference; with weights their weighted mean."""

def layer_norm(
    input: Tensor,
    normalized_shape: _int | _Ints,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: _float = 1e-05,
) -> Tensor:
    """The last dims with mean 0 and variance 1. Source: torch.nn.functional.layer_norm."""

def leaky_relu(input: Tensor, negative_slope: _float = 0.01, inplace: _bool = False) -> Tensor:
    """The elements, those below 0 times `negative_slope`. Source: torch.nn.functional.leaky_relu."""

def leaky_relu_(input: Tensor, negative_slope: _Number = 0.01) -> Tensor:
    """The elements, those below 0 times `negative_slope`."""

def linear(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """`input @ weight.T + bias`, over the last dim of `input`."""

def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: _str = "mean",
    ignore_index: _int | None = None,
    label_smoothing: _float = 0.0,
    options: Any = None,
) -> Tensor:
    """`cross_entropy` of `linear`; with options some rows at a time, to save memory."""

def local_response_norm(
    input: Tensor, size: _int, alpha: _float = 0.0001, beta: _float = 0.75, k: _float = 1.0
) -> Tensor:
    """Each element over a power of the mean square of `size` neighbouring channels."""

def log_softmax(
    input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None
) -> Tensor:
    """log(softmax(input)), without overflow. Source: torch.nn.functional.log_softmax."""

def logsigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """log(sigmoid(x)), without overflow. Source: torch.nn.functional.logsigmoid."""

def lp_pool1d(
    input: Tensor,
    norm_type: _float,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    ceil_mode: _bool = False,
) -> Tensor:
    """(sum of x ** p) ** (1 / p) for each window of the last dim; the largest for infinity."""

def lp_pool2d(
    input: Tensor,
    norm_type: _float,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    ceil_mode: _bool = False,
) -> Tensor:
    """`lp_pool1d` of the last two dims. Source: torch.nn.functional.lp_pool2d."""

def lp_pool3d(
    input: Tensor,
    norm_type: _float,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    ceil_mode: _bool = False,
) -> Tensor:
    """`lp_pool1d` of the last three dims. Source: torch.nn.functional.lp_pool3d."""

def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: _float = 0,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """What the first input lacks to be `margin` above the second; below it where the target is -1."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window along the last dim; with its place if `return_indices`."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool1d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None,
    padding: _int | _Ints,
    dilation: _int | _Ints,
    ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """The largest element of each window along the last dim; with its place if `return_indices`."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """The largest element of each window of the last two dims; with its place if `return_indices`."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool2d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None,
    padding: _int | _Ints,
    dilation: _int | _Ints,
    ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]:
    """The largest element of each window of the last two dims; with its place if `return_indices`."""

@overload
def max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: Literal[False] = False,
) -> Tensor: ...
@overload
def max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
@overload
def max_pool3d(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None,
    padding: _int | _Ints,
    dilation: _int | _Ints,
    ceil_mode: _bool,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    dilation: _int | _Ints = 1,
    ceil_mode: _bool = False,
    return_indices: _bool = False,
) -> tuple[Tensor, Tensor]: ...
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    output_size: _Ints | None = None,
) -> Tensor:
    """What `max_pool1d` made `input` of, as far as it tells: 0 but at `indices`."""

def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    output_size: _Ints | None = None,
) -> Tensor:
    """What `max_pool2d` made `input` of, as far as it tells: 0 but at `indices`."""

def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: _int | _Ints,
    stride: _int | _Ints | None = None,
    padding: _int | _Ints = 0,
    output_size: _Ints | None = None,
) -> Tensor:
    """What `max_pool3d` made `input` of, as far as it tells: 0 but at `indices`."""

def mish(input: Tensor, inplace: _bool = False) -> Tensor:
    """`x * tanh(softplus(x))`. Source: torch.nn.functional.mish."""

def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The square of the difference; with weights their weighted mean."""

def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: _int,
    num_heads: _int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: _bool,
    dropout_p: _float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: _bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: _bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: _bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: _bool = True,
    is_causal: _bool = False,
) -> tuple[Tensor, Tensor | None]: ...
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: _float = 1,
    margin: _float = 1.0,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """What the class of an input lacks to be `margin` above each other, to the power of `p`."""

def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """What each label lacks to be 1 above each class that is none; labels end before a -1."""

def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """`binary_cross_entropy_with_logits`, the mean over classes along the last dim."""

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """`channel_shuffle`, without gradients. Source: torch.native_channel_shuffle."""

def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: _bool | None = None,
    ignore_index: _int = -100,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """Minus the log-probabilities of classes."""

def normalize(
    input: Tensor, p: _float = 2.0, dim: _int = 1, eps: _float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """The input over its norms along `dim`, which count as `eps` at least."""

def one_hot(input: Tensor, num_classes: _int = -1) -> Tensor:
    """Zeros, and a one at the place of each class, along a new last dim."""

def pad(input: Tensor, pad: _Ints, mode: _str = "constant", value: _float | None = None) -> Tensor:
    """`input` with borders: `pad` is (before, after) of the last dim, of the one before it, ..."""

def pairwise_distance(
    x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False
) -> Tensor:
    """The norm of order `p` of `x1 - x2 + eps` along the last dim."""

def pdist(input: Tensor, p: _float = 2.0) -> Tensor:
    """The distance, in the norm of order `p`, of each row from each later one."""

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """Squares of pixels from channels."""

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """Channels from squares of pixels: what undoes `pixel_shuffle`."""

def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: _bool = True,
    full: _bool = False,
    size_average: _bool | None = None,
    eps: _float = 1e-08,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """How unlikely counts are whose rate, or its logarithm, the input is."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The elements, those below 0 times the weight of their channel, or the one there is."""

def relu(input: Tensor, inplace: _bool = False) -> Tensor:
    """The elements, and 0 for those below it. Source: torch.nn.functional.relu."""

def relu6(input: Tensor, inplace: _bool = False) -> Tensor:
    """The elements inside [0, 6], and the limits for those outside. Source: torch.nn.functional."""

def relu_(input: Tensor) -> Tensor:
    """The elements, and 0 for those below it."""

def rms_norm(
    input: Tensor,
    normalized_shape: _int | _Ints,
    weight: Tensor | None = None,
    eps: _float | None = None,
) -> Tensor:
    """The last dims over the root of their mean square. Source: torch.nn.functional.rms_norm."""

def rrelu(
    input: Tensor,
    lower: _float = 0.125,
    upper: _float = 0.3333333333333333,
    training: _bool = False,
    inplace: _bool = False,
) -> Tensor:
    """The elements, those below 0 times a slope: in training a random one of [lower, upper)."""

def rrelu_(
    input: Tensor,
    lower: _Number = 0.125,
    upper: _Number = 0.3333333333333333,
    training: _bool = False,
    generator: Any = None,
) -> Tensor:
    """`rrelu`, into `input`. Source: torch.rrelu_."""

def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: _float = 0.0,
    is_causal: _bool = False,
    *,
    scale: _float | None = None,
    enable_gqa: _bool = False,
) -> Tensor:
    """`softmax(scale * query @ key.T + attn_mask) @ value`, with dropout of the softmax."""

def scaled_mm(
    mat_a,
    mat_b,
    scale_a,
    scale_recipe_a,
    scale_b,
    scale_recipe_b,
    swizzle_a=None,
    swizzle_b=None,
    bias: Tensor | None = None,
    output_dtype=...,
    contraction_dim=...,
    use_fast_accum=False,
) -> Tensor:
    """The product of two float8 matrices, each multiplied by its scales, and a bias."""

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`elu` with the numbers that keep mean and variance. Source: torch.nn.functional.selu."""

def selu_(input: Tensor) -> Tensor:
    """`selu`, into `input`. Source: torch.selu_."""

def sigmoid(input: Tensor) -> Tensor:
    """Source: torch.nn.functional.sigmoid."""

def silu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`x * sigmoid(x)`. Source: torch.nn.functional.silu."""

def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
    beta: _float = 1.0,
) -> Tensor:
    """Half the square of a small difference over `beta`, the size of a great one less `beta` / 2."""

def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """log(1 + exp(-target * input)). Source: torch.nn.functional.soft_margin_loss."""

def softmax(
    input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None
) -> Tensor:
    """exp(input), scaled so that it sums to 1 along `dim`. Source: torch.nn.functional.softmax."""

def softmin(
    input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None
) -> Tensor:
    """`softmax(-input)`. Source: torch.nn.functional.softmin."""

def softplus(input: Tensor, beta: _Number = 1, threshold: _Number = 20) -> Tensor:
    """`log(1 + exp(beta * x)) / beta`, and `x` itself where `beta * x` is above `threshold`."""

def softshrink(input: Tensor, lambd: _Number = 0.5) -> Tensor:
    """The elements moved towards 0 by `lambd`; 0 for those that are nearer."""

def softsign(input: Tensor) -> Tensor:
    """`x / (1 + |x|)`. Source: torch.nn.functional.softsign."""

def tanh(input: Tensor) -> Tensor:
    """Source: torch.nn.functional.tanh."""

def tanhshrink(input: Tensor) -> Tensor:
    """`x - tanh(x)`. Source: torch.nn.functional.tanhshrink."""

def threshold(
    input: Tensor, threshold: _float, value: _float, inplace: _bool = False
) -> Tensor: ...
def threshold_(input: Tensor, threshold: _Number, value: _Number) -> Tensor:
    """The elements above a threshold; `value` for the others. Source: torch.threshold."""

def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: _float = 1.0,
    p: _float = 2,
    eps: _float = 1e-06,
    swap: _bool = False,
    size_average: _bool | None = None,
    reduce: _bool | None = None,
    reduction: _str = "mean",
) -> Tensor:
    """What the negative lacks to be `margin` farther from the anchor than the positive is."""

def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: _float = 1.0,
    swap: _bool = False,
    reduction: _str = "mean",
) -> Tensor:
    """The same by any distance. Source: torch.nn.functional.triplet_margin_with_distance_loss."""

def unfold(
    input: Tensor,
    kernel_size: _int | _Ints,
    dilation: _int | _Ints = 1,
    padding: _int | _Ints = 0,
    stride: _int | _Ints = 1,
) -> Tensor:
    """The sliding blocks of images, as columns."""

def upsample(
    input: Tensor,
    size: _int | _Ints | None = None,
    scale_factor: _float | Sequence[_float] | None = None,
    mode: _str = "nearest",
    align_corners: _bool | None = None,
) -> Tensor:
    """`interpolate`, with a warning. Source: torch.nn.functional.upsample."""

def upsample_bilinear(
    input: Tensor,
    size: _int | _Ints | None = None,
    scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """`interpolate` with corners aligned, with a warning."""

def upsample_nearest(
    input: Tensor,
    size: _int | _Ints | None = None,
    scale_factor: _float | Sequence[_float] | None = None,
) -> Tensor:
    """`interpolate` to the nearest, with a warning. Source: torch.nn.functional.upsample_nearest."""
