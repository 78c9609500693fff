"""Attention, as torch.nn.functional has it."""

import math
import warnings

from jtorch._dtypes import FLOATING, bool_
from jtorch._ops.addmm import baddbmm
from jtorch._ops.affine import linear
from jtorch._ops.attention import scaled_dot_product_attention
from jtorch._ops.creation import zeros, zeros_like
from jtorch._ops.dropout import dropout
from jtorch._ops.join import cat
from jtorch._ops.matmul import bmm
from jtorch._override import overridable
from jtorch._tensor import Tensor
from jtorch.nn._padding import pad

__all__ = ["multi_head_attention_forward", "scaled_dot_product_attention"]


# Masks


def canonical_mask(mask, mask_name, other_type, other_name, target_type, check_other=True):
    """A mask as what is added to scores: 0, or -infinity where a mask of bools is True.

    Errors:  AssertionError for a mask of another dtype; a warning where that of another mask
             differs.
    """
    if mask is None:
        return None
    is_float = mask.dtype.category == FLOATING
    if mask.dtype is not bool_ and not is_float:
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype is not other_type:
        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for "
            "both instead.",
            stacklevel=3,
        )
    return mask if is_float else zeros_like(mask, dtype=target_type).masked_fill_(mask, -math.inf)


def dtype_of(input):
    """The dtype of a mask; None if there is none.

    Errors:  RuntimeError for what is no tensor.
    """
    if input is None:
        return None
    if isinstance(input, Tensor):
        return input.dtype
    raise RuntimeError("input to _none_or_dtype() must be None or torch.Tensor")


def check_ndims(query, key, value, key_padding_mask, attn_mask, num_heads):
    """Whether there is a batch."""
    if query.dim() not in (2, 3):
        raise AssertionError(
            "query should be unbatched 2D or batched 3D tensor but received "
            f"{query.dim()}-D query tensor"
        )
    batched = query.dim() == 3
    ndim = query.dim()
    given = f"For {'batched (3-D)' if batched else 'unbatched (2-D)'} `query`, expected"
    if key.dim() != ndim or value.dim() != ndim:
        raise AssertionError(
            f"{given} `key` and `value` to be {ndim}-D but found {key.dim()}-D and "
            f"{value.dim()}-D tensors respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != ndim - 1:
        raise AssertionError(
            f"{given} `key_padding_mask` to be `None` or {ndim - 1}-D but found "
            f"{key_padding_mask.dim()}-D tensor instead"
        )
    if attn_mask is not None:
        if attn_mask.dim() not in (2, 3):
            raise AssertionError(
                f"{given} `attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D "
                "tensor instead"
            )
        shape = (num_heads, query.shape[0], key.shape[0])
        if not batched and attn_mask.dim() == 3 and attn_mask.shape != shape:
            raise AssertionError(
                f"Expected `attn_mask` shape to be {shape} but got {attn_mask.shape}"
            )
    return batched


def _with_heads(attn_mask, batch, num_heads, length, source_length):
    """The mask of scores with a first dim for heads: 1, or one for each head of each of the batch."""
    if attn_mask.dim() == 2:
        if attn_mask.shape != (length, source_length):
            raise RuntimeError(
                f"The shape of the 2D attn_mask is {attn_mask.shape}, but should be "
                f"{(length, source_length)}."
            )
        return attn_mask.unsqueeze(0)
    if attn_mask.dim() == 3:
        shape = (batch * num_heads, length, source_length)
        if attn_mask.shape != shape:
            raise RuntimeError(
                f"The shape of the 3D attn_mask is {attn_mask.shape}, but should be {shape}."
            )
        return attn_mask
    raise RuntimeError(f"attn_mask's dimension {attn_mask.dim()} is not supported")


def _merged(attn_mask, key_padding_mask, batch, num_heads, source_length):
    """Both masks as one."""
    if key_padding_mask is None:
        return attn_mask
    for place, extent in enumerate((batch, source_length)):
        if key_padding_mask.shape[place] != extent:
            raise AssertionError(
                f"Expected key_padded_mask.shape[{place}] to be {extent}, but got "
                f"{key_padding_mask.shape[place]}"
            )
    key_padding_mask = (
        key_padding_mask.view(batch, 1, 1, source_length)
        .expand(-1, num_heads, -1, -1)
        .reshape(batch * num_heads, 1, source_length)
    )
    return key_padding_mask if attn_mask is None else attn_mask + key_padding_mask


# Projections


def _parts(projected, count):
    """The parts, one after another, of what one product has made of several weights."""
    width = projected.shape[-1] // count
    parts = projected.unflatten(-1, (count, width)).unsqueeze(0).transpose(0, -2)
    parts = parts.squeeze(-2).contiguous()
    return [parts[place] for place in range(count)]


def project_packed(q, k, v, w, b=None):
    """Query, key and value times the thirds of a weight, with those of a bias."""
    width = q.size(-1)
    if k is v and q is k:
        return _parts(linear(q, w, b), 3)
    if k is v:
        sizes = [width, width * 2]
        weights = w.split(sizes)
        biases = (None, None) if b is None else b.split(sizes)
        return [linear(q, weights[0], biases[0]), *_parts(linear(k, weights[1], biases[1]), 2)]
    biases = (None, None, None) if b is None else b.chunk(3)
    return [linear(*each) for each in zip((q, k, v), w.chunk(3), biases, strict=True)]


def project_apart(q, k, v, w_q, w_k, w_v, b_q=None, b_k=None, b_v=None):
    """Query, key and value times a weight each, with a bias each.

    Errors:  AssertionError for weights and biases of another shape.
    """
    inputs, weights, biases = (q, k, v), (w_q, w_k, w_v), (b_q, b_k, b_v)
    width = q.size(-1)
    names = ("query", "key", "value")
    for name, weight, each in zip(names, weights, inputs, strict=True):
        if weight.shape != (width, each.size(-1)):
            raise AssertionError(
                f"expecting {name} weights shape of {(width, each.size(-1))}, but got "
                f"{weight.shape}"
            )
    for name, each in zip(names, biases, strict=True):
        if each is not None and each.shape != (width,):
            raise AssertionError(f"expecting {name} bias shape of {(width,)}, but got {each.shape}")
    return tuple([linear(*each) for each in zip(inputs, weights, biases, strict=True)])


def _check_widths(query, key, value, embed_dim_to_check, num_heads, apart):
    width = query.shape[2]
    if width != embed_dim_to_check:
        raise AssertionError(
            f"was expecting embedding dimension of {embed_dim_to_check}, but got {width}"
        )
    if width // num_heads * num_heads != width:
        raise AssertionError(f"embed_dim {width} not divisible by num_heads {num_heads}")
    if apart and key.shape[:2] != value.shape[:2]:
        raise AssertionError(
            f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
        )
    if not apart and key.shape != value.shape:
        raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")


def _project(query, key, value, weight, weights, bias, apart):
    """Query, key and value times their weights."""
    if not apart:
        if weight is None:
            raise AssertionError("use_separate_proj_weight is False but in_proj_weight is None")
        return project_packed(query, key, value, weight, bias)
    for name, each in zip("qkv", weights, strict=True):
        if each is None:
            raise AssertionError(f"use_separate_proj_weight is True but {name}_proj_weight is None")
    biases = (None, None, None) if bias is None else bias.chunk(3)
    return project_apart(query, key, value, *weights, *biases)


# Keys and values: heads, and what is added to them


def _check_biases(bias_k, bias_v, static_k, static_v):
    """Whether there are biases of keys and values."""
    if bias_k is not None and bias_v is not None:
        if static_k is not None:
            raise AssertionError("bias cannot be added to static key.")
        if static_v is not None:
            raise AssertionError("bias cannot be added to static value.")
        return True
    if bias_k is not None:
        raise AssertionError("bias_k is set but bias_v is None")
    if bias_v is not None:
        raise AssertionError("bias_v is set but bias_k is None")
    return False


def _split_heads(each, count, width, static=None, name=""):
    """(heads of the batch, length, width of a head); what is static has that shape already."""
    if static is None:
        return each.view(each.shape[0], count, width).transpose(0, 1)
    for place, extent in ((0, count), (2, width)):
        if static.size(place) != extent:
            raise AssertionError(
                f"expecting {name}.size({place}) of {extent}, but got {static.size(place)}"
            )
    return static


def _padded(mask):
    return None if mask is None else pad(mask, (0, 1))


def _with_zero(each, width):
    nothing = zeros((each.shape[0], 1, width), dtype=each.dtype, device=each.device)
    return cat([each, nothing], dim=1)


# The whole


def _weighted(q, k, v, attn_mask, dropout_p, is_causal):
    """(what is attended to, the weights) of each head."""
    scaled = q * math.sqrt(1.0 / float(q.shape[2]))
    if is_causal and attn_mask is None:
        raise AssertionError("FIXME: is_causal not implemented for need_weights")
    turned = k.transpose(-2, -1)
    scores = bmm(scaled, turned) if attn_mask is None else baddbmm(attn_mask, scaled, turned)
    weights = scores.softmax(-1)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p, True)
    return bmm(weights, v), weights


def _unweighted(q, k, v, attn_mask, dropout_p, is_causal, batch):
    """What is attended to: (batch, heads, length, width of a head)."""
    heads = q.shape[0] // batch if batch else q.shape[0]
    if attn_mask is not None:
        if attn_mask.size(0) == 1 and attn_mask.dim() == 3:
            attn_mask = attn_mask.unsqueeze(0)
        else:
            attn_mask = attn_mask.view(batch, heads, -1, k.shape[1])
    q, k, v = (each.view(batch, heads, each.shape[1], each.shape[2]) for each in (q, k, v))
    return scaled_dot_product_attention(q, k, v, attn_mask, dropout_p, is_causal)


def _masks_of(query, key_padding_mask, attn_mask, is_causal, need_weights):
    """Both masks as addends, and whether the hint that one is causal is to be taken."""
    key_padding_mask = canonical_mask(
        key_padding_mask, "key_padding_mask", dtype_of(attn_mask), "attn_mask", query.dtype
    )
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module "
            "method `generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        return None, None, True
    attn_mask = canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, check_other=False)
    return key_padding_mask, attn_mask, is_causal and key_padding_mask is None


@overridable
def multi_head_attention_forward(
    query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v,
    add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None,
    need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None,
    k_proj_weight=None, v_proj_weight=None, static_k=None, static_v=None,
    average_attn_weights=True, is_causal=False,
):  # fmt: skip
    """Attention by several heads, each of a projection of query, key and value; all projected again.

    Shape:   query (L, N, E), key (S, N, Ek), value (S, N, Ev), all without N where nothing is
             batched -> (L, N, E), and weights (N, L, S), or (N, heads, L, S) if not averaged;
             masks (N, S) and (L, S) or (N * heads, L, S).
    Errors:  AssertionError and RuntimeError where shapes do not fit.
    Source:  torch.nn.functional.multi_head_attention_forward.
    """
    batched = check_ndims(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        query, key, value = (each.unsqueeze(1) for each in (query, key, value))
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    length, batch, width = query.shape
    key_padding_mask, attn_mask, is_causal = _masks_of(
        query, key_padding_mask, attn_mask, is_causal, need_weights
    )
    _check_widths(query, key, value, embed_dim_to_check, num_heads, use_separate_proj_weight)
    weights = (q_proj_weight, k_proj_weight, v_proj_weight)
    q, k, v = _project(
        query, key, value, in_proj_weight, weights, in_proj_bias, use_separate_proj_weight
    )
    if attn_mask is not None:
        attn_mask = _with_heads(attn_mask, batch, num_heads, length, key.shape[0])
    if _check_biases(bias_k, bias_v, static_k, static_v):
        k, v = (cat([each, bias.repeat(1, batch, 1)]) for each, bias in ((k, bias_k), (v, bias_v)))
        attn_mask, key_padding_mask = _padded(attn_mask), _padded(key_padding_mask)
    heads, head_width = batch * num_heads, width // num_heads
    q = q.view(length, heads, head_width).transpose(0, 1)
    k = _split_heads(k, heads, head_width, static_k, "static_k")
    v = _split_heads(v, heads, head_width, static_v, "static_v")
    if add_zero_attn:
        k, v = (_with_zero(each, head_width) for each in (k, v))
        attn_mask, key_padding_mask = _padded(attn_mask), _padded(key_padding_mask)
    attn_mask = _merged(attn_mask, key_padding_mask, batch, num_heads, k.size(1))
    dropout_p = dropout_p if training else 0.0
    if need_weights:
        found, weights = _weighted(q, k, v, attn_mask, dropout_p, is_causal)
        found = found.transpose(0, 1)
        weights = weights.view(batch, num_heads, length, k.size(1))
        weights = weights.mean(dim=1) if average_attn_weights else weights
    else:
        found = _unweighted(q, k, v, attn_mask, dropout_p, is_causal, batch).permute(2, 0, 1, 3)
        weights = None
    found = linear(found.reshape(length * batch, width), out_proj_weight, out_proj_bias)
    found = found.view(length, batch, found.size(1))
    if not batched:
        found = found.squeeze(1)
        weights = None if weights is None else weights.squeeze(0)
    return found, weights
