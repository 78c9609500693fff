"""torch.nn.attention.bias: causal masks that say where their diagonal ends."""

import enum
import warnings

from jtorch import _dtypes, _override
from jtorch._alias import missing_attribute
from jtorch._ops.creation import ones
from jtorch._tensor import Tensor
from jtorch.nn import functional

__all__ = ["CausalBias", "CausalVariant", "causal_lower_right", "causal_upper_left"]


def __getattr__(name):
    raise missing_attribute(__name__, name)


class CausalVariant(enum.IntEnum):
    """The corner that the diagonal of a causal mask ends in."""

    UPPER_LEFT = 1
    LOWER_RIGHT = 2


class CausalBias(Tensor):
    """A causal mask, made where it is needed; `scaled_dot_product_attention` takes it as one.

    Errors:  AssertionError for what is no CausalVariant; ValueError with `is_causal`.
    Source:  torch.nn.attention.bias.CausalBias.
    """

    def __init__(self, variant, seq_len_q, seq_len_kv):
        if not isinstance(variant, CausalVariant):
            raise AssertionError(f"variant must be a CausalVariant, got {type(variant).__name__}")
        super().__init__()
        _override.state.active = True  # from here on functions have to ask their arguments
        self.variant = variant
        self.seq_len_q = seq_len_q
        self.seq_len_kv = seq_len_kv
        if seq_len_q > seq_len_kv and variant == CausalVariant.LOWER_RIGHT:
            warnings.warn(
                "Lower right causal bias will produce NaNs in the output when seq_len_q > "
                "seq_len_kv!",
                stacklevel=2,
            )

    def _materialize(self, device=None):
        shape = (self.seq_len_q, self.seq_len_kv)
        is_upper = self.variant == CausalVariant.UPPER_LEFT
        offset = 0 if is_upper else self.seq_len_kv - self.seq_len_q
        return ones(shape, dtype=_dtypes.bool_, device=device or "cpu").tril(offset)

    @staticmethod
    def _dispatch(
        query, key, value, attn_mask, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False
    ):
        if is_causal:
            raise ValueError("CausalBias should not be used with causal=True")
        square = attn_mask.seq_len_q == attn_mask.seq_len_kv
        causal = square or attn_mask.variant == CausalVariant.UPPER_LEFT
        return functional.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=None if causal else attn_mask._materialize(query.device),
            dropout_p=dropout_p,
            is_causal=causal,
            scale=scale,
            enable_gqa=enable_gqa,
        )

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func is functional.scaled_dot_product_attention:
            return cls._dispatch(*args, **kwargs)
        return super().__torch_function__(func, types, args, kwargs)

    def __repr__(self):
        return repr(self._materialize())


def _lengths(name, size):
    if len(size) != 2:
        raise AssertionError(f"{name} only supports 2D tensors")
    return size


def causal_upper_left(*size):
    """A mask whose diagonal starts in the upper left corner: row i takes columns up to i.

    Source:  torch.nn.attention.bias.causal_upper_left.
    """
    return CausalBias(CausalVariant.UPPER_LEFT, *_lengths("causal_upper_left", size))


def causal_lower_right(*size):
    """A mask whose diagonal ends in the lower right corner: the last row takes all columns.

    Source:  torch.nn.attention.bias.causal_lower_right.
    """
    return CausalBias(CausalVariant.LOWER_RIGHT, *_lengths("causal_lower_right", size))
