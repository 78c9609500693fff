"""Attention by several heads, as a module; `activation` offers it, as torch's does."""

from jtorch._autograd.modes import is_grad_enabled
from jtorch._dtypes import FLOATING
from jtorch._override import overloaded
from jtorch.backends import mha
from jtorch.nn import functional, init
from jtorch.nn._attention import canonical_mask, dtype_of
from jtorch.nn._creation import empty
from jtorch.nn.modules.linear import NonDynamicallyQuantizableLinear
from jtorch.nn.modules.module import Module
from jtorch.nn.parameter import Parameter

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    """Attention by several heads, each of a projection of query, key and value.

    Shape:   as `torch.nn.functional.multi_head_attention_forward`; with `batch_first` the batch is
             the first dim of inputs and output.
    Attributes: in_proj_weight (3 * embed_dim, embed_dim), or q_proj_weight, k_proj_weight and
             v_proj_weight where `kdim` or `vdim` differ; in_proj_bias (3 * embed_dim); out_proj, a
             Linear; bias_k and bias_v (1, 1, embed_dim) with `add_bias_kv`.
    Errors:  ValueError and AssertionError where the heads do not share embed_dim.
    Source:  torch.nn.MultiheadAttention.
    """

    __module__ = "jtorch.nn.modules.activation"
    __constants__ = ["batch_first"]

    def __init__(
        self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False,
        kdim=None, vdim=None, batch_first=False, device=None, dtype=None,
    ):  # fmt: skip
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                f"embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and "
                f"num_heads={num_heads} instead"
            )
        options = {"device": device, "dtype": dtype}
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != self.embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")
        self._make_weights(options)
        if bias:
            self.in_proj_bias = Parameter(empty(3 * embed_dim, **options))
        else:
            self.register_parameter("in_proj_bias", None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias, **options)
        if add_bias_kv:
            self.bias_k = Parameter(empty((1, 1, embed_dim), **options))
            self.bias_v = Parameter(empty((1, 1, embed_dim), **options))
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _make_weights(self, options):
        width = self.embed_dim
        names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
        if self._qkv_same_embed_dim:
            self.in_proj_weight = Parameter(empty((3 * width, width), **options))
            for name in names:
                self.register_parameter(name, None)
        else:
            for name, features in zip(names, (width, self.kdim, self.vdim), strict=True):
                setattr(self, name, Parameter(empty((width, features), **options)))
            self.register_parameter("in_proj_weight", None)

    def _reset_parameters(self):
        if self._qkv_same_embed_dim:
            init.xavier_uniform_(self.in_proj_weight)
        else:
            init.xavier_uniform_(self.q_proj_weight)
            init.xavier_uniform_(self.k_proj_weight)
            init.xavier_uniform_(self.v_proj_weight)
        if self.in_proj_bias is not None:
            init.constant_(self.in_proj_bias, 0.0)
            init.constant_(self.out_proj.bias, 0.0)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
        if self.bias_v is not None:
            init.xavier_normal_(self.bias_v)

    def __setstate__(self, state):
        state.setdefault("_qkv_same_embed_dim", True)  # pickles of torch 1.1 lack it
        super().__setstate__(state)

    def forward(
        self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None,
        average_attn_weights=True, is_causal=False,
    ):  # fmt: skip
        has_float_mask = any(
            mask is not None and mask.dtype.category == FLOATING
            for mask in (attn_mask, key_padding_mask)
        )
        batched = query.dim() == 3
        key_padding_mask = canonical_mask(
            key_padding_mask, "key_padding_mask", dtype_of(attn_mask), "attn_mask", query.dtype
        )
        attn_mask = canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, check_other=False)
        if not has_float_mask and self._is_fast(query, key, value):
            merged, _ = self.merge_masks(attn_mask, key_padding_mask, query)
            return self._forward_fast(query, merged, need_weights, average_attn_weights)
        if self.batch_first and batched:
            query, key, value = _turned(query, key, value)
        output, weights = functional.multi_head_attention_forward(
            query, key, value, self.embed_dim, self.num_heads, self.in_proj_weight,
            self.in_proj_bias, self.bias_k, self.bias_v, self.add_zero_attn, self.dropout,
            self.out_proj.weight, self.out_proj.bias, training=self.training,
            key_padding_mask=key_padding_mask, need_weights=need_weights, attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight, k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight, average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )  # fmt: skip
        if self.batch_first and batched:
            output = output.transpose(1, 0)
        return output, weights

    def _is_fast(self, query, key, value):
        """Whether torch takes another path here, which says NaN where there is nothing to attend to."""
        if not (mha.get_fastpath_enabled() and query.dim() == 3 and query is key is value):
            return False
        tensors = (
            query, self.in_proj_weight, self.in_proj_bias, self.out_proj.weight, self.out_proj.bias,
        )  # fmt: skip
        if any(each is None for each in tensors):
            return False
        return (
            all(each.dtype is query.dtype for each in tensors[1:3])
            and not self.training
            and self.num_heads % 2 == 0
            and self.batch_first
            and self.bias_k is None
            and self.bias_v is None
            and not self.add_zero_attn
            and not overloaded(tensors, None)
            and not (is_grad_enabled() and any(each.requires_grad for each in tensors))
        )

    def _forward_fast(self, query, mask, need_weights, average_attn_weights):
        length = query.shape[1]
        if mask is not None and mask.dim() == 2:  # of keys alone
            mask = mask.view(query.shape[0], 1, 1, length).expand(-1, self.num_heads, length, -1)
        if mask is not None:
            mask = mask.reshape(query.shape[0] * self.num_heads, length, length)
        turned = query.transpose(1, 0)
        output, weights = functional.multi_head_attention_forward(
            turned, turned, turned, self.embed_dim, self.num_heads, self.in_proj_weight,
            self.in_proj_bias, None, None, False, 0.0, self.out_proj.weight, self.out_proj.bias,
            training=False, attn_mask=mask, average_attn_weights=average_attn_weights,
        )  # fmt: skip
        return output.transpose(1, 0).contiguous(), weights if need_weights else None

    def merge_masks(self, attn_mask, key_padding_mask, query):
        """(both masks as one, its kind): 1 of keys, 2 of all heads' scores, None where there is none.

        Source:  torch.nn.MultiheadAttention.merge_masks.
        """
        if attn_mask is None:
            return key_padding_mask, None if key_padding_mask is None else 1
        batch, length, _ = query.shape
        if attn_mask.dim() == 3:
            merged = attn_mask.view(batch, -1, length, length)
        else:
            merged = attn_mask.view(1, 1, length, length).expand(batch, self.num_heads, -1, -1)
        if key_padding_mask is not None:
            keys = key_padding_mask.view(batch, 1, 1, length).expand(-1, self.num_heads, -1, -1)
            merged = merged + keys
        return merged, 2


def _turned(query, key, value):
    """The three with length before batch; those that are one tensor stay one."""
    first = query.transpose(1, 0)
    if key is value:
        second = first if query is key else key.transpose(1, 0)
        return first, second, second
    return first, key.transpose(1, 0), value.transpose(1, 0)
