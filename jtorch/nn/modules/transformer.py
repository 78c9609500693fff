"""The transformer, its encoder and decoder, and their layers."""

import copy
import math
import warnings

from jtorch._alias import missing_attribute
from jtorch._autograd.modes import is_grad_enabled
from jtorch._messages import warn_once
from jtorch._ops.creation import full
from jtorch._ops.ranges import arange
from jtorch._ops.triangle import triu
from jtorch._override import overloaded, state
from jtorch.backends import mha
from jtorch.nn import functional, init
from jtorch.nn._attention import canonical_mask, dtype_of
from jtorch.nn.modules._transformer_layers import (
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)
from jtorch.nn.modules.container import ModuleList
from jtorch.nn.modules.module import Module
from jtorch.nn.modules.normalization import LayerNorm

__all__ = [
    "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerEncoderLayer",
]  # fmt: skip


def __getattr__(name):
    raise missing_attribute(__name__, name)


def _generate_square_subsequent_mask(sz, device=None, dtype=None):
    """-infinity above the diagonal, 0 elsewhere."""
    return triu(full((sz, sz), -math.inf, dtype=dtype, device=device), 1)


def _get_clones(module, N):
    return ModuleList([copy.deepcopy(module) for _ in range(N)])


_NESTED = (
    "The PyTorch API of nested tensors is in prototype stage and will change in the near future. We "
    "recommend specifying layout=torch.jagged when constructing a nested tensor, as this layout "
    "receives active development, has better operator coverage, and works with torch.compile."
)


def _why_not_nested(layer):
    """Why torch does not drop the padding of inputs of these layers; None if it does."""
    name = "encoder_layer"
    if not isinstance(layer, TransformerEncoderLayer):
        return f"{name} was not TransformerEncoderLayer"
    if layer.norm_first:
        return f"{name}.norm_first was True"
    if not layer.self_attn.batch_first:
        return (
            f"{name}.self_attn.batch_first was not True(use batch_first for better inference "
            "performance)"
        )
    if not layer.self_attn._qkv_same_embed_dim:
        return f"{name}.self_attn._qkv_same_embed_dim was not True"
    if layer.self_attn.in_proj_bias is None:
        return f"{name}.self_attn was passed bias=False"
    if not layer.activation_relu_or_gelu:
        return f"{name}.activation_relu_or_gelu was not True"
    if layer.norm1.eps != layer.norm2.eps:
        return f"{name}.norm1.eps was not equal to {name}.norm2.eps"
    if layer.self_attn.num_heads % 2 == 1:
        return f"{name}.self_attn.num_heads is odd"
    return None


class TransformerEncoder(Module):
    """A stack of copies of a layer, and perhaps a norm.

    Shape:   as the layer.
    Source:  torch.nn.TransformerEncoder.
    """

    __constants__ = ["norm"]

    def __init__(
        self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True
    ):
        super().__init__()
        self.layers = _get_clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.use_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check
        reason = _why_not_nested(encoder_layer)
        if enable_nested_tensor and reason is not None:
            warnings.warn(
                "enable_nested_tensor is True, but self.use_nested_tensor is False because "
                f"{reason}",
                stacklevel=2,
            )
            self.use_nested_tensor = False

    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        src_key_padding_mask = canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", dtype_of(mask), "mask", src.dtype
        )
        mask = canonical_mask(mask, "mask", None, "", src.dtype, check_other=False)
        output = src
        padding = self._padding(src, mask, src_key_padding_mask)
        for layer in self.layers:
            output = layer(
                output, src_mask=mask, is_causal=is_causal is True,
                src_key_padding_mask=src_key_padding_mask if padding is None else padding,
            )  # fmt: skip
        if padding is not None:
            output = output.masked_fill(padding.unsqueeze(-1), 0.0)
        return output if self.norm is None else self.norm(output)

    def _padding(self, src, mask, src_key_padding_mask):
        """Where torch drops what is padding, and gives 0: a mask of bools; else None."""
        first = self.layers[0]
        if (
            not mha.get_fastpath_enabled()
            or not getattr(self, "use_nested_tensor", False)
            or first.training
            or src.dim() != 3
            or src_key_padding_mask is None
            or mask is not None
            or _is_watched(first, src)
        ):
            return None
        here = src_key_padding_mask.logical_not()
        if getattr(self, "mask_check", True) and (here[:, 1:] & ~here[:, :-1]).any().item():
            return None
        warn_once(_NESTED)
        places = arange(src.shape[1], device=src.device)
        return places >= here.sum(1).unsqueeze(1)


def _is_watched(layer, src):
    """Whether gradients, or subclasses of Tensor, want to see what the layer does."""
    tensors = (
        src, layer.self_attn.in_proj_weight, layer.self_attn.in_proj_bias,
        layer.self_attn.out_proj.weight, layer.self_attn.out_proj.bias, layer.norm1.weight,
        layer.norm1.bias, layer.norm2.weight, layer.norm2.bias, layer.linear1.weight,
        layer.linear1.bias, layer.linear2.weight, layer.linear2.bias,
    )  # fmt: skip
    if state.active and overloaded(tensors, None):
        return True
    return is_grad_enabled() and any(each.requires_grad for each in tensors)


class TransformerDecoder(Module):
    """A stack of copies of a layer, and perhaps a norm.

    Shape:   as the layer.
    Source:  torch.nn.TransformerDecoder.
    """

    __constants__ = ["norm"]

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
        memory_key_padding_mask=None, tgt_is_causal=None, memory_is_causal=False,
    ):  # fmt: skip
        output = tgt
        _ = self.layers[0]  # torch's error where there is none
        for layer in self.layers:
            output = layer(
                output, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=tgt_is_causal is True, memory_is_causal=memory_is_causal,
            )  # fmt: skip
        return output if self.norm is None else self.norm(output)


class Transformer(Module):
    """An encoder and a decoder that attends to its result.

    Shape:   src (S, N, d_model), tgt (T, N, d_model) -> (T, N, d_model); N first with
             `batch_first`, or none.
    Errors:  RuntimeError where batches differ, or features are not d_model.
    Source:  torch.nn.Transformer. Whether a mask is causal is not looked up in its values: that is a
             hint in torch, too, and changes no result.
    """

    def __init__(
        self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6,
        dim_feedforward=2048, dropout=0.1, activation=functional.relu, custom_encoder=None,
        custom_decoder=None, layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True,
        device=None, dtype=None,
    ):  # fmt: skip
        options = {"device": device, "dtype": dtype}
        super().__init__()
        arguments = (
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first,
            norm_first, bias,
        )  # fmt: skip
        if custom_encoder is not None:
            self.encoder = custom_encoder
        else:
            layer = TransformerEncoderLayer(*arguments, **options)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
            self.encoder = TransformerEncoder(layer, num_encoder_layers, norm)
        if custom_decoder is not None:
            self.decoder = custom_decoder
        else:
            layer = TransformerDecoderLayer(*arguments, **options)
            norm = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **options)
            self.decoder = TransformerDecoder(layer, num_decoder_layers, norm)
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def forward(
        self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None,
        tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None,
        tgt_is_causal=None, memory_is_causal=False,
    ):  # fmt: skip
        batch_dim = 0 if self.batch_first else 1
        if src.dim() == 3 and src.size(batch_dim) != tgt.size(batch_dim):
            raise RuntimeError("the batch number of src and tgt must be equal")
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError("the feature number of src and tgt must be equal to d_model")
        memory = self.encoder(
            src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal
        )
        return self.decoder(
            tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask, tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )  # fmt: skip

    @staticmethod
    def generate_square_subsequent_mask(sz, device=None, dtype=None):
        """-infinity above the diagonal of a square, 0 elsewhere.

        Source:  torch.nn.Transformer.generate_square_subsequent_mask.
        """
        return _generate_square_subsequent_mask(sz, device=device, dtype=dtype)

    def _reset_parameters(self):
        for each in self.parameters():
            if each.dim() > 1:
                init.xavier_uniform_(each)
