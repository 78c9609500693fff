"""Scaled dot-product attention: one operation where torch has a kernel, else its parts."""

import functools
import math

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jtorch import _dtypes
from jtorch._device import CPU
from jtorch._dtypes import FLOATING, c_name
from jtorch._ops.along import along
from jtorch._ops.arithmetic import mul
from jtorch._ops.arrange import repeat_interleave
from jtorch._ops.creation import ones, zeros, zeros_like
from jtorch._ops.detailed import detailed
from jtorch._ops.dropout import dropout
from jtorch._ops.edges import tracked
from jtorch._ops.matmul import matmul
from jtorch._ops.offered import offered, require_tensors
from jtorch._ops.parameters import Number
from jtorch._ops.product import wide_product
from jtorch._ops.refusals import FLOAT8_TYPES, HALF_TYPES, unsupported
from jtorch._ops.signatures import Dim
from jtorch._settings import attention_kernels
from jtorch._shapes import pointwise_strides
from jtorch._tensor import Tensor

# Softmax of rows that may have nothing to attend to


def _check_safe_softmax(input, dim, dtype):
    dtype = dtype or input.dtype
    if dtype.category != FLOATING or dtype in FLOAT8_TYPES:
        place = "lastdim_kernel" if dim >= input.ndim - 1 else "kernel"
        raise unsupported(f"softmax_{place}_impl", dtype)


@along(
    variants="f",
    check=_check_safe_softmax,
    shape=lambda input: input.shape,
    dtype=lambda input, dtype: dtype or input.dtype,
)
def _safe_softmax(input: Tensor, dim: Dim, dtype: _dtypes.dtype | None = None):
    """`softmax`, but 0 where all along `dim` is -infinity. Source: torch._safe_softmax."""
    result = input.dtype if dtype is None else dtype.numpy
    wide = input.astype(jnp.float32 if jnp.dtype(result).itemsize < 4 else result)
    parts, total = _exponentials(wide, dim if input.ndim else None)
    return (parts / total).astype(result)


def _exponentials(scores, dim):
    """exp(scores) over a common factor, and their sums; 0 and 1 where all are -infinity."""
    largest = jax.lax.stop_gradient(jnp.max(scores, axis=dim, keepdims=True))
    largest = jnp.where(largest == -jnp.inf, 0, largest)
    parts = jnp.exp(scores - largest)
    total = jnp.sum(parts, axis=dim, keepdims=True)
    return parts, jnp.where(total == 0, 1, total)


# The kernel


def _attended(query, value):
    return (*query.shape[:-1], value.shape[-1])


def _of_query(query, result):
    if query.shape != result:
        return None
    return pointwise_strides(((query.shape, query.stride()),), result)


@detailed(
    name="scaled_dot_product.fused",
    variants="",
    gradient="ScaledDotProductFlashAttentionForCpuBackward0",
    shape=_attended,
    layout=_of_query,
    dtype=lambda query: query.dtype,
)
def _fused(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    scale: Number,
    causal: bool = False,
):
    """Source:  the mask comes late and the sums divide the product with `value`: XLA on CPUs keeps
    fewer matrices of scores that way.
    """
    groups = query.shape[-3] // key.shape[-3] if query.ndim > 2 and key.shape[-3] else 1
    if groups > 1:  # heads of the query that share a key
        key, value = (jnp.repeat(each, groups, axis=-3) for each in (key, value))
    wide = jnp.float32 if query.dtype.itemsize < 4 else query.dtype
    if wide is query.dtype:
        scores = wide_product(query * scale.astype(wide), jnp.swapaxes(key, -2, -1))
    else:  # what is rounded before it is multiplied shows in the exponents
        scores = wide_product(query, jnp.swapaxes(key, -2, -1)) * scale.astype(wide)
    if causal:
        rows, columns = (lax.iota(np.int64, extent) for extent in scores.shape[-2:])
        scores = jnp.where(rows[:, None] >= columns, scores, -jnp.inf)
    if mask is not None:
        scores = scores + mask.astype(wide)
    parts, total = _exponentials(scores, -1)
    return (wide_product(parts.astype(query.dtype), value) / total).astype(query.dtype)


# The parts


def _as_addend(mask, dtype):
    """A mask of bools as what is added to the scores; one of floats as it is."""
    if mask is None or mask.dtype is not _dtypes.bool_:
        return mask
    return zeros_like(mask, dtype=dtype).masked_fill_(mask.logical_not(), -math.inf)


def _in_parts(query, key, value, mask, dropout_p, is_causal, scale):
    """The operations that torch's graph shows."""
    dtype = query.dtype
    if dtype in HALF_TYPES:
        query, key, value = (each.to(_dtypes.float32) for each in (query, key, value))
    root = math.sqrt(abs(scale))
    scaled = query * (-root if scale < 0 else root)
    if is_causal:
        rows, columns = query.shape[-2], key.shape[-2]
        allowed = ones((rows, columns), dtype=_dtypes.bool_, device=query.device).tril()
        mask = _as_addend(allowed, query.dtype)
    scores = matmul(scaled, mul(key.transpose(-2, -1), root))
    if mask is not None:
        scores.add_(mask)
    weights = _safe_softmax(scores, -1)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p, True)
    return matmul(weights, value).to(dtype)


# The choice between them


def _check(query, key, value, mask):
    dtypes = [each.dtype for each in (query, key, value)]
    if len(set(dtypes)) > 1:
        names = [c_name(each) for each in dtypes]
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{names[0]} key.dtype: {names[1]} and value.dtype: {names[2]} instead."
        )
    devices = [each.device for each in (query, key, value)]
    if len(set(devices)) > 1:
        raise RuntimeError(
            "Expected query, key, and value to have the same device type, but got query.device: "
            f"{devices[0]} key.device: {devices[1]} and value.device: {devices[2]} instead."
        )
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{query.ndim} key.dim: {key.ndim} and value.dim: {value.ndim} instead."
        )
    if mask is not None and mask.dtype not in (_dtypes.bool_, query.dtype, _dtypes.float32):
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            f"attn_mask.dtype: {c_name(mask.dtype)} and  query.dtype: {c_name(query.dtype)} instead."
        )


def _has_kernel(query, key, value, mask, dropout_p, enable_gqa):
    """Whether torch has a kernel for these on the CPU."""
    kinds = (_dtypes.float32, _dtypes.float64, *HALF_TYPES)
    four = query.ndim == key.ndim == value.ndim == 4
    if dropout_p > 0 or not attention_kernels["flash"] or query.dtype not in kinds or not four:
        return False
    shapes = [each.shape for each in (query, key, value)]
    heads = [shape[1] for shape in shapes]
    same_heads = len(set(heads)) == 1 or (
        enable_gqa and heads[1] == heads[2] and heads[1] and not heads[0] % heads[1]
    )
    return (
        same_heads
        and len({shape[0] for shape in shapes}) == 1
        and len({shape[3] for shape in shapes}) == 1
        and all(each.numel() and each.stride(-1) == 1 for each in (query, key, value))
        and _is_mask_of_kernel(mask, query, key)
    )


def _is_mask_of_kernel(mask, query, key):
    if mask is None:
        return True
    batch, heads, rows, _ = query.shape
    if mask.requires_grad or mask.size(-2) not in (1, rows):
        return False
    if mask.size(-1) not in (1, key.shape[2]):
        return False
    if mask.ndim == 4:
        return mask.shape[0] in (1, batch) and mask.shape[1] in (1, heads)
    return mask.ndim == 2


def _grouped(query, key, value):
    """Key and value with a head for each of the query's."""
    heads = [each.size(-3) for each in (query, key, value)]
    if any(not count or heads[0] % count for count in heads[1:]):
        raise RuntimeError("Number of heads in key and value must divide the number of heads in ")
    key, value = (
        repeat_interleave(each, heads[0] // count, -3)
        for each, count in zip((key, value), heads[1:], strict=True)
    )
    return key, value


_NO_KERNEL = "No available kernel.  Aborting execution."
_NO_BACKEND = (
    "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off "
    "both the math kernel and the fused kernels."
)


@functools.cache
def _default_scale(features):
    return 1 / math.sqrt(features) if features else math.inf


@offered(
    "(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = None, float dropout_p = 0.0, "
    "bool is_causal = False, *, float? scale = None, bool enable_gqa = False)"
)
def scaled_dot_product_attention(
    query,
    key,
    value,
    attn_mask=None,
    dropout_p=0.0,
    is_causal=False,
    *,
    scale=None,
    enable_gqa=False,
):
    """`softmax(scale * query @ key.T + attn_mask) @ value`, with dropout of the softmax.

    Shape:   (..., L, E), (..., S, E), (..., S, V) -> (..., L, V); mask (L, S), where ... broadcasts.
             `enable_gqa`: several heads (dim -3) of the query may share a head of key and value.
    Dtype:   all the same; a mask of bools (True: takes part), or floats that are added.
    Errors:  RuntimeError if they do not fit, or there are a mask and `is_causal`.
    Source:  torch.nn.functional.scaled_dot_product_attention.
    """
    masks = () if attn_mask is None else (attn_mask,)
    require_tensors(query, key, value, *masks)
    _check(query, key, value, attn_mask)
    if not key.shape[-2] or 0 in _attended(query, value):
        none = ((query.sum() + key.sum()) + value.sum()) * 0
        return none + zeros(_attended(query, value), dtype=query.dtype, device=query.device)
    scale = _default_scale(query.shape[-1]) if scale is None else float(scale)
    fused = _has_kernel(query, key, value, attn_mask, dropout_p, enable_gqa)
    if fused and dropout_p < 0:
        raise RuntimeError(
            "scaled_dot_product_attention_flash_attention: Currently do not support dropout > 0"
        )
    if not fused and query.device is CPU and not attention_kernels["math"]:
        raise RuntimeError(_NO_KERNEL if attention_kernels["flash"] else _NO_BACKEND)
    if not fused and masks and is_causal:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when "
            "is_causal=True"
        )
    attn_mask = _as_addend(attn_mask, query.dtype)
    if fused:
        return _fused(query, key, value, attn_mask, scale, is_causal)
    if enable_gqa:
        key, value = _grouped(query, key, value)
    if _is_plain(query, key, value, attn_mask) and not (
        dropout_p > 0 or tracked((query, key, value, *masks))
    ):
        return _fused(query, key, value, attn_mask, scale, is_causal).contiguous()
    return _in_parts(query, key, value, attn_mask, dropout_p, is_causal, scale)


def _is_plain(query, key, value, mask):
    """Whether the parts would come to the same as the kernel, which checks nothing."""
    shapes = [each.shape for each in (query, key, value)]
    scores = (*shapes[0][:-1], shapes[1][-2])
    return (
        query.dtype in (_dtypes.float32, _dtypes.float64)
        and len({shape[:-2] for shape in shapes}) == 1
        and shapes[0][-1] == shapes[1][-1]
        and shapes[1][-2] == shapes[2][-2]
        and 0 not in shapes[0] + shapes[1] + shapes[2]
        and (mask is None or (mask.dtype is query.dtype and _broadcasts(mask.shape, scores)))
    )


def _broadcasts(shape, target):
    if len(shape) > len(target):
        return False
    pairs = zip(reversed(shape), reversed(target), strict=False)
    return all(each in (1, extent) for each, extent in pairs)
