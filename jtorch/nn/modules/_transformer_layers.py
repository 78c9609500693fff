"""The layers of the transformer's encoder and decoder; `transformer` offers them, as torch's does."""

from jtorch.nn import functional
from jtorch.nn._attention import canonical_mask, dtype_of
from jtorch.nn.modules._multihead import MultiheadAttention
from jtorch.nn.modules.activation import GELU, ReLU
from jtorch.nn.modules.dropout import Dropout
from jtorch.nn.modules.linear import Linear
from jtorch.nn.modules.module import Module
from jtorch.nn.modules.normalization import LayerNorm

__all__ = ["TransformerDecoderLayer", "TransformerEncoderLayer"]


def _activation_of(name):
    if name not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {name}")
    return getattr(functional, name)


class _Layer(Module):
    """What both layers have in common: `_attentions` and feed-forward, each with a norm and a dropout."""

    __constants__ = ["norm_first"]
    _attentions = ()

    def __init__(
        self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=functional.relu,
        layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None,
        dtype=None,
    ):  # fmt: skip
        options = {"device": device, "dtype": dtype}
        super().__init__()
        for name in self._attentions:
            attention = MultiheadAttention(
                d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, **options
            )
            setattr(self, name, attention)
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **options)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **options)
        self.norm_first = norm_first
        parts = range(1, len(self._attentions) + 2)
        for place in parts:
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
            setattr(self, f"norm{place}", norm)
        for place in parts:
            setattr(self, f"dropout{place}", Dropout(dropout))
        self.activation = _activation_of(activation) if isinstance(activation, str) else activation

    def _run(self, x, blocks):
        """Each block's result added to its input, and a norm before the block or after it."""
        for place, block in enumerate(blocks, 1):
            norm = getattr(self, f"norm{place}")
            x = x + block(norm(x)) if self.norm_first else norm(x + block(x))
        return x

    def _sa_block(self, x, attn_mask, key_padding_mask, is_causal=False):
        x, _ = self.self_attn(
            x, x, x, attn_mask=attn_mask, key_padding_mask=key_padding_mask,
            need_weights=False, is_causal=is_causal,
        )  # fmt: skip
        return self.dropout1(x)

    def _feed_forward(self, x):
        return self.linear2(self.dropout(self.activation(self.linear1(x))))


class TransformerEncoderLayer(_Layer):
    """Attention to itself, then two linear maps, each added to its input and normed.

    Shape:   src (S, N, d_model), (N, S, d_model) with `batch_first`, or (S, d_model) -> the same.
    Source:  torch.nn.TransformerEncoderLayer.
    """

    __module__ = "jtorch.nn.modules.transformer"
    _attentions = ("self_attn",)

    def __init__(
        self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=functional.relu,
        layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None,
        dtype=None,
    ):  # fmt: skip
        super().__init__(
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first,
            norm_first, bias, device, dtype,
        )  # fmt: skip
        self.activation_relu_or_gelu = 0
        if self.activation is functional.relu or isinstance(self.activation, ReLU):
            self.activation_relu_or_gelu = 1
        elif self.activation is functional.gelu or isinstance(self.activation, GELU):
            self.activation_relu_or_gelu = 2

    def __setstate__(self, state):
        super().__setstate__(state)
        if not hasattr(self, "activation"):
            self.activation = functional.relu

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        src_key_padding_mask = canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", dtype_of(src_mask), "src_mask", src.dtype
        )
        src_mask = canonical_mask(src_mask, "src_mask", None, "", src.dtype, check_other=False)
        return self._run(
            src,
            (
                lambda x: self._sa_block(x, src_mask, src_key_padding_mask, is_causal),
                self._ff_block,
            ),
        )

    def _ff_block(self, x):
        return self.dropout2(self._feed_forward(x))


class TransformerDecoderLayer(_Layer):
    """Attention to itself, then to the encoder's result, then two linear maps.

    Shape:   tgt (T, N, d_model) and memory (S, N, d_model) -> that of tgt; N first with
             `batch_first`, or none.
    Source:  torch.nn.TransformerDecoderLayer.
    """

    __module__ = "jtorch.nn.modules.transformer"
    _attentions = ("self_attn", "multihead_attn")

    def __setstate__(self, state):
        state.setdefault("activation", functional.relu)
        super().__setstate__(state)

    def forward(
        self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
        memory_key_padding_mask=None, tgt_is_causal=False, memory_is_causal=False,
    ):  # fmt: skip
        return self._run(
            tgt,
            (
                lambda x: self._sa_block(x, tgt_mask, tgt_key_padding_mask, tgt_is_causal),
                lambda x: self._mha_block(
                    x, memory, memory_mask, memory_key_padding_mask, memory_is_causal
                ),
                self._ff_block,
            ),
        )

    def _mha_block(self, x, mem, attn_mask, key_padding_mask, is_causal=False):
        x, _ = self.multihead_attn(
            x, mem, mem, attn_mask=attn_mask, key_padding_mask=key_padding_mask,
            is_causal=is_causal, need_weights=False,
        )  # fmt: skip
        return self.dropout2(x)

    def _ff_block(self, x):
        return self.dropout3(self._feed_forward(x))
