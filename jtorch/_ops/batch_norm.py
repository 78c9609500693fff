"""`batch_norm`: channels with mean 0 and variance 1 over a batch, or by statistics that were kept.

In training the kept statistics move towards the batch's. That is a write like any other, recorded
beside the norm itself: XLA computes the mean and the variance that both have once. torch does not
count it as a change of these tensors, so their versions stay.
"""

import math

import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch._autograd.modes import mode, no_grad
from jtorch._engine.symbolic import current_level
from jtorch._ops.creation import empty
from jtorch._ops.detailed import deliver, detailed
from jtorch._ops.edges import needs_gradient
from jtorch._ops.formats import kept_format
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number
from jtorch._ops.refusals import (
    BOOL_TYPES,
    COMPLEX_TYPES,
    FLOAT8_TYPES,
    HALF_TYPES,
    INTEGER_TYPES,
    refuses,
)
from jtorch._ops.standardized import (
    EPS,
    affine,
    check_dtypes,
    moments,
    standardized,
    variance,
    widened,
)
from jtorch._ops.tangents import carries, tangents
from jtorch._tensor import Tensor, node_of

_refuse_dtype = refuses("batch_norm", BOOL_TYPES, INTEGER_TYPES, COMPLEX_TYPES, FLOAT8_TYPES)


def _others(input):
    """The dims that are not of channels."""
    return (0, *range(2, input.ndim))


def _along_channels(input):
    return (1, input.shape[1], *[1] * (input.ndim - 2))


FIELDS = {
    "variants": "",
    "literals": {"eps": EPS},
    "gradient": "NativeBatchNormBackward0",
    "shape": lambda input: input.shape,
    "dtype": lambda input: input.dtype,
    "layout": lambda input, result: kept_format(input, result),
}


@detailed(name="batch_norm.training", **FIELDS)
def _by_batch(input: Tensor, weight: Tensor | None, bias: Tensor | None, eps: Number, narrow: bool):
    kept = input.dtype if narrow else None
    made = standardized(widened(input), eps, _others(input), kept)
    return affine(made, weight, bias, _along_channels(input)).astype(input.dtype)


@detailed(name="batch_norm.evaluation", **FIELDS)
def _by_statistics(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    eps: Number,
):
    shape, wide = _along_channels(input), widened(input)
    mean, spread = (each.astype(wide.dtype) for each in (running_mean, running_var))
    scale = lax.rsqrt(spread + jnp.asarray(eps, wide.dtype))
    made = (wide - mean.reshape(shape)) * scale.reshape(shape)
    return affine(made, weight, bias, shape).astype(input.dtype)


@detailed(name="batch_norm.statistics", variants="")
def _moved(input: Tensor, running_mean: Tensor, running_var: Tensor, momentum: Number):
    """The statistics, moved towards those of the batch; its variance is the unbiased one."""
    wide, dims = widened(input), _others(input)
    count = math.prod(input.shape[each] for each in dims)
    mean, spread = variance(wide, dims)
    unbiased = spread * (np.array(count, wide.dtype) / np.array(count - 1, wide.dtype))
    share = momentum.astype(wide.dtype)
    found = []
    for kept, new in ((running_mean, mean), (running_var, unbiased)):
        moved = (1 - share) * kept.astype(wide.dtype) + share * new.reshape(kept.shape)
        found.append(moved.astype(kept.dtype))
    return tuple(found)


@detailed(name="batch_norm.moments", variants="", literals={"eps": EPS})
def _moments(input: Tensor, eps: Number):
    found = moments(widened(input), eps, _others(input))
    return tuple(each.reshape(input.shape[1]) for each in found)


def _check_features(input, weight, bias, running_mean, running_var, training):
    channels = input.shape[1] if input.ndim > 1 else 0
    if (running_mean is None) is not (running_var is None) and training:
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    for name, each in (("running_mean", running_mean), ("running_var", running_var)):
        if each is not None:
            _check_length(name, each, channels)
        elif not training:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
    for name, each in (("weight", weight), ("bias", bias)):
        if each is not None:
            _check_length(name, each, channels)


def _check_length(name, tensor, channels):
    if tensor.numel() != channels:
        raise RuntimeError(f"{name} should contain {channels} elements not {tensor.numel()}")


def _check_kinds(input, weight, bias, running_mean, running_var):
    _refuse_dtype(input)
    check_dtypes(input, weight, bias, running_mean, running_var)
    for name, each in (("running_mean", running_mean), ("running_var", running_var)):
        if mode.enabled and each is not None and needs_gradient(each):
            raise RuntimeError(
                "The function 'native_batch_norm' is not differentiable with respect to argument "
                f"'{name}'. This input cannot have requires_grad True."
            )
        if tangents.level and each is not None and carries(each):
            raise RuntimeError(
                "batch_norm is not differentiable wrt running_mean and running_var, they cannot "
                "have forward grad defined"
            )


def _normalized(input, weight, bias, running_mean, running_var, training, momentum, eps, rows=None):
    by_batch, by_statistics = rows or (_by_batch, _by_statistics)
    _check_kinds(input, weight, bias, running_mean, running_var)
    if not training:
        return by_statistics(input, weight, bias, running_mean, running_var, eps)
    if running_mean is not None:
        with no_grad():
            moved = _moved(input.detach(), running_mean, running_var, momentum)
        _refuse_batch((running_mean, running_var), moved)
        for kept, new in zip((running_mean, running_var), moved, strict=True):
            _keep(kept, new)
    return by_batch(input, weight, bias, eps, _keeps_half(input, weight, bias, running_mean))


def _refuse_batch(kept, moved):
    """torch's refusal, inside of `vmap`, to write a batch into statistics that are none."""
    level = current_level()
    if level is None or level.batch_size is None:
        return
    level.settle()
    whole = [level.depends(node_of(each)) for each in moved]
    if any(each and not level.depends(node_of(old)) for each, old in zip(whole, kept, strict=True)):
        raise RuntimeError(
            "Batch norm got a batched tensor as input while the running_mean or running_var, which "
            "will be updated in place, were not batched.\nIf you are using a module and do not need "
            "eval mode, please set `track_running_stats` to be False.If you are using a prebuilt "
            "module and do not need eval mode, please see the functorch website for resources on "
            "how to patch your module to work with vmap"
        )


def _keep(kept, new):
    """Write new statistics into those that are kept, which torch does not count as a change."""
    kept._storage.write(kept._meta, kept._offset, node_of(new))


def _keeps_half(input, *parameters):
    """Whether torch rounds the moments of a batch: it keeps them in the parameters' dtype."""
    kinds = [each.dtype for each in parameters if each is not None]
    return input.dtype in HALF_TYPES and (not kinds or kinds[0] is input.dtype)


def _of_nothing(input, weight, bias):
    """What torch makes of an input without elements."""
    result = input.clone()
    if weight is not None:
        result = result * weight.select(0, 0)
    return result if bias is None else result + bias.select(0, 0)


def _check_types(tensors, training):
    require_tensors(*[each for each in tensors if each is not None])
    if not isinstance(training, (bool, np.bool_)):
        raise TypeError("torch has words for this")


@offered(
    "(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
    "bool training, float momentum, float eps, bool cudnn_enabled)",
    variants="f",
)
def batch_norm(
    input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled
):
    """Channels with mean 0 and variance 1, times `weight`, plus `bias`.

    In training by the batch, and the running statistics move towards its own; else by these.

    Shape:   (N, C, *), four times (C) -> that of `input`.
    Dtype:   all the same; or float32 with an input of half precision.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.batch_norm.
    """
    tensors = (input, weight, bias, running_mean, running_var)
    _check_types(tensors, training)
    if not input.numel():
        return _of_nothing(input, weight, bias)
    _check_features(*tensors, training)
    if input.ndim < 2:
        input.size(1)  # raises torch's IndexError
    return _normalized(*tensors, training, momentum, eps)


@offered(
    "(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
    "bool training, float momentum, float eps, *, tuple of Tensors? out = None)",
    variants="f",
)
def native_batch_norm(
    input, weight, bias, running_mean, running_var, training, momentum, eps, *, out=None
):
    """(`batch_norm`, mean of the batch, 1 / deviation); the latter two empty but in training.

    Source:  torch.native_batch_norm.
    """
    tensors = (input, weight, bias, running_mean, running_var)
    return delivered_with_moments(tensors, training, momentum, eps, out)


def rows_of(node):
    """The rows of batch norms whose nodes have this name: by the batch, and by statistics."""
    fields = {**FIELDS, "gradient": node}
    return tuple(
        detailed(name=f"{each.row.name}.{node}", **fields)(each.row.body)
        for each in (_by_batch, _by_statistics)
    )


def delivered_with_moments(tensors, training, momentum, eps, out=None, rows=None):
    """What `native_batch_norm` gives, by these rows."""
    input = tensors[0]
    _check_types(tensors, training)
    _check_features(*tensors, training)
    if not input.numel():
        raise RuntimeError(
            "input tensor must have at least one element, but got input_sizes = "
            f"{list(input.shape)}"
        )
    made = _normalized(*tensors, training, momentum, eps, rows)
    dtype = next((each.dtype for each in tensors[1:] if each is not None), input.dtype)
    if training:
        moments = [each.to(dtype) for each in _moments(input.detach(), eps)]
    else:
        moments = [empty((0,), dtype=dtype) for _ in range(2)]
    if out is None:
        return made, *moments
    return tuple(map(_delivered, (made, *moments), out))


def _delivered(made, out):
    if out.dtype is not made.dtype:
        raise RuntimeError(
            f"expected scalar type {made.dtype.scalar_name} but found {out.dtype.scalar_name}"
        )
    return deliver(made, out, last="native_batch_norm")


# Statistics of each sample


@offered(
    "(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
    "bool use_input_stats, float momentum, float eps, bool cudnn_enabled)",
    variants="f",
)
def instance_norm(
    input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, cudnn_enabled
):
    """Channels of each sample with mean 0 and variance 1: `batch_norm` of a batch of one.

    Shape:   (N, C, *), four times (C) -> that of `input`.
    Errors:  RuntimeError if shapes or dtypes do not fit.
    Source:  torch.instance_norm.
    """
    tensors = (weight, bias, running_mean, running_var)
    _check_types((input, *tensors), use_input_stats)
    if not use_input_stats and (running_mean is None or running_var is None):
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    shape = input.shape
    batch, channels = input.size(0), input.size(1)
    repeated = [None if each is None else each.repeat(batch) for each in tensors]
    joined = input.contiguous().view(1, batch * channels, *shape[2:])
    made = batch_norm(joined, *repeated, use_input_stats, momentum, eps, cudnn_enabled)
    for kept, each in zip((running_mean, running_var), repeated[2:], strict=True):
        if kept is not None and use_input_stats:
            kept.copy_(each.view(batch, channels).mean(0))
    return made.view(shape)
