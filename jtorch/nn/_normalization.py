"""The norms of torch.nn.functional."""

from jtorch._ops import batch_norm as batches
from jtorch._ops import group_norm as groups
from jtorch._ops import layer_norm as layers
from jtorch._ops.arithmetic import div
from jtorch._override import overridable
from jtorch.nn._padding import pad
from jtorch.nn._pooling import avg_pool2d, avg_pool3d

__all__ = [
    "batch_norm", "group_norm", "instance_norm", "layer_norm", "local_response_norm", "normalize",
    "rms_norm",
]  # fmt: skip


def _verify_batch_size(size):
    count = size[0]
    for each in size[2:]:
        count *= each
    if count == 1:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {size}"
        )


@overridable
def batch_norm(
    input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5
):
    """Channels with mean 0 and variance 1 over the batch, or by running statistics.

    Errors:  ValueError for a batch of one value per channel in training, and for eps out of range.
    Source:  torch.nn.functional.batch_norm.
    """
    if training:
        _verify_batch_size(input.size())
    if training and eps <= 0.0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    if eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    return batches.batch_norm(
        input, weight, bias, running_mean, running_var, training, momentum, eps, True
    )


@overridable
def instance_norm(
    input,
    running_mean=None,
    running_var=None,
    weight=None,
    bias=None,
    use_input_stats=True,
    momentum=0.1,
    eps=1e-5,
):
    """Channels of each sample with mean 0 and variance 1.

    Errors:  ValueError where there is one value per channel.
    Source:  torch.nn.functional.instance_norm.
    """
    if use_input_stats:
        size = input.size()
        if size[2:].numel() == 1:
            raise ValueError(
                f"Expected more than 1 spatial element when training, got input size {size}"
            )
    return batches.instance_norm(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, True
    )


@overridable
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """The last dims with mean 0 and variance 1. Source: torch.nn.functional.layer_norm."""
    return layers.layer_norm(input, normalized_shape, weight, bias, eps, True)


@overridable
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dims over the root of their mean square. Source: torch.nn.functional.rms_norm."""
    return layers.rms_norm(input, normalized_shape, weight, eps)


@overridable
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """Groups of channels with mean 0 and variance 1.

    Errors:  ValueError where there is one value per group.
    Source:  torch.nn.functional.group_norm.
    """
    if input.dim() < 2:
        raise RuntimeError(
            f"Expected at least 2 dimensions for input tensor but received {input.dim()}"
        )
    _verify_batch_size(
        [input.size(0) * input.size(1) // num_groups, num_groups, *list(input.size()[2:])]
    )
    return groups.group_norm(input, num_groups, weight, bias, eps, True)


@overridable
def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """Each element over a power of the mean square of `size` neighbouring channels.

    Errors:  ValueError for fewer than 3 dims.
    Source:  torch.nn.functional.local_response_norm.
    """
    ndim = input.dim()
    if ndim < 3:
        raise ValueError(
            "Expected 3D or higher dimensionality                          "
            f"input (got {ndim} dimensions)"
        )
    if input.numel() == 0:
        return input
    squares = input.mul(input)
    around = (size // 2, (size - 1) // 2)
    if ndim == 3:
        padded = pad(squares.unsqueeze(1), (0, 0, *around))
        mean = avg_pool2d(padded, (size, 1), stride=1).squeeze(1)
    else:
        sizes = input.size()
        squares = squares.view(sizes[0], 1, sizes[1], sizes[2], -1)
        padded = pad(squares, (0, 0, 0, 0, *around))
        mean = avg_pool3d(padded, (size, 1, 1), stride=1).squeeze(1).view(sizes)
    return input / mean.mul(alpha).add(k).pow(beta)


@overridable
def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    """The input over its norms along `dim`, which count as `eps` at least.

    Source:  torch.nn.functional.normalize.
    """
    norms = input.norm(p, dim, keepdim=True)
    if out is None:
        return input / norms.clamp_min(eps).expand_as(input)
    return div(input, norms.clamp_min_(eps).expand_as(input), out=out)
